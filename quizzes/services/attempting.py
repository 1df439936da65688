"""Starting an attempt: the questions are taken as they stand in the edition, once."""

import secrets
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, DomainError
from courses.models import Enrolment
from courses.registry import PlayerLesson
from courses.services.enrolling import open_enrolment
from quizzes.access import attempts_allowed, pass_mark_of, subject_of
from quizzes.models import Attempt, PartQuestion, Slot
from quizzes.services.grading import finish

MOST_SEEDS = 2**31 - 1


class NoAttemptsLeft(DomainError):
    """Every attempt that the rule allows is used."""


def start(*, player: PlayerLesson, learner: User) -> Attempt:
    """Resume the open attempt of ``learner`` at this lesson, or begin the next one.

    Opens the enrolment if need be. An open attempt at an older demand of the lesson (``rev``) is handed in first, as it
    stands. Unique constraints decide between two calls at once: both get the same attempt. Raises ``NoAttemptsLeft``
    when the rule allows no more, ``Conflict`` when the quiz asks nothing.
    """
    enrolment = None if player.preview else _opened(player, learner)
    mine = subject_of(learner=learner, lesson_uid=player.lesson.uid, enrolment=enrolment, edition=player.edition)
    past = list(Attempt.objects.filter(**mine).order_by("number").select_related("enrolment"))
    current = next((each for each in past if each.finished_at is None), None)
    if current is not None and (current.lesson_rev >= player.lesson.rev or player.preview):
        return current
    if current is not None:
        finish(attempt=current)
    allowed = attempts_allowed(player)
    if allowed is not None and sum(each.lesson_rev >= player.lesson.rev for each in past) >= allowed:
        raise NoAttemptsLeft(_("You have used all your attempts at this quiz."))
    number = past[-1].number + 1 if past else 1
    return _create(player, mine, number)


def _opened(player: PlayerLesson, learner: User) -> Enrolment:
    if player.enrolment is not None and player.enrolment.opened_at is not None:
        opened: Enrolment = player.enrolment
        return opened
    return open_enrolment(learner=learner, course=player.course)


def _create(player: PlayerLesson, mine: dict[str, object], number: int) -> Attempt:
    asked = list(
        PartQuestion.objects.filter(part=player.part, course=player.course)
        .order_by("position")
        .values_list("version_id", flat=True)
    )
    if not asked:
        raise Conflict(_("This quiz has no questions yet."))
    shuffled = player.source.get("shuffle", True)
    try:
        with transaction.atomic():
            attempt = Attempt.objects.create(
                **mine,
                number=number,
                part=player.part,
                lesson_rev=player.lesson.rev,
                pass_mark=pass_mark_of(player),
            )
            Slot.objects.bulk_create(_slots(attempt, asked, shuffled=shuffled))
    except IntegrityError:
        return _begun_meanwhile(mine, number)
    return attempt


def _slots(attempt: Attempt, versions: Sequence[int], *, shuffled: bool) -> list[Slot]:
    return [
        Slot(
            attempt=attempt,
            position=position,
            version_id=version,
            seed=1 + secrets.randbelow(MOST_SEEDS - 1) if shuffled else 0,
        )
        for position, version in enumerate(versions, start=1)
    ]


def _begun_meanwhile(mine: dict[str, object], number: int) -> Attempt:
    """The attempt that another request began at the same moment."""
    other = Attempt.objects.filter(**mine, number__gte=number).order_by("-number").first()
    if other is None:
        raise Conflict(_("The quiz was started at the same moment. Try again."))
    return other
