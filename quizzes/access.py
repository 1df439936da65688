"""Whose attempts are whose, and which of them belong to the lesson that a player shows."""

from typing import Any

from django.http import Http404

from accounts.models import User
from courses.models import Enrolment
from courses.registry import PlayerLesson
from quizzes.models import Attempt, AttemptQuerySet

PASS_MARK = 80


def subject_of(*, player: PlayerLesson, learner: User, enrolment: Enrolment | None) -> dict[str, Any]:
    """What makes attempts belong together: the values that all of them share. Without an enrolment it is a preview."""
    if enrolment is None:
        purpose, key = Attempt.Purpose.PREVIEW, f"edition:{player.edition.pk}:{player.lesson.uid}"
    else:
        purpose, key = Attempt.Purpose.COURSE, ""
    return {
        "learner": learner,
        "enrolment": enrolment,
        "lesson_uid": player.lesson.uid,
        "purpose": purpose,
        "subject_key": key,
    }


def attempts_of(*, player: PlayerLesson, learner: User) -> AttemptQuerySet:
    """The attempts of ``learner`` at this lesson, in this enrolment or in this preview."""
    if not learner.is_authenticated or (player.enrolment is None and not player.preview):
        return Attempt.objects.none()
    enrolment = None if player.preview else player.enrolment
    return Attempt.objects.visible_to(learner).filter(**subject_of(player=player, learner=learner, enrolment=enrolment))


def attempts_allowed(player: PlayerLesson) -> int | None:
    """How many attempts the rule allows; None = as many as one likes."""
    return None if player.preview else player.lesson.rule.get("attempts")


def pass_mark_of(player: PlayerLesson) -> int:
    return int(player.lesson.rule.get("pass_mark", PASS_MARK))


def attempt_for(user: User, pk: int) -> Attempt:
    """One's own attempt with its quiz and course. Raises ``Http404`` for anybody else's."""
    attempt = (
        Attempt.objects.visible_to(user)
        .select_related("part", "enrolment__course", "enrolment__edition")
        .filter(pk=pk)
        .first()
    )
    if attempt is None:
        raise Http404
    return attempt
