"""Whose attempts are whose, and which of them belong to the lesson that a player shows."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BigAutoField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from accounts.models import User
from core.compiled import Compiled
from courses.access import course_for, preview_at
from courses.models import Course, Edition, EditionLessonText, EditionText, Enrolment
from courses.registry import PlayerLesson
from courses.standing import standing
from quizzes.models import Attempt, AttemptQuerySet, ExtraAttempt, PracticeRun, ReviewCard, Slot

PASS_MARK = 80


class NoAttempt(Exception):
    """The person may see the course and has no attempt at this lesson yet."""


def subject_of(*, learner: User, lesson_uid: str, enrolment: Enrolment | None, edition: Edition) -> dict[str, Any]:
    """What makes attempts belong together: the values that all of them share. Without an enrolment it is a preview."""
    preview = enrolment is None
    return {
        "learner": learner,
        "enrolment": enrolment,
        "lesson_uid": lesson_uid,
        "purpose": Attempt.Purpose.PREVIEW if preview else Attempt.Purpose.COURSE,
        "subject_key": f"edition:{edition.pk}:{lesson_uid}" if preview else "",
    }


def attempts_of(*, player: PlayerLesson, learner: User) -> AttemptQuerySet:
    """The attempts of ``learner`` at this lesson, in this enrolment or in this preview."""
    if not learner.is_authenticated or (player.enrolment is None and not player.preview):
        return Attempt.objects.none()
    subject = subject_of(
        learner=learner,
        lesson_uid=player.lesson.uid,
        enrolment=None if player.preview else player.enrolment,
        edition=player.edition,
    )
    return Attempt.objects.visible_to(learner).filter(**subject)


def in_force(attempts: Sequence[Attempt], player: PlayerLesson) -> list[Attempt]:
    """Those of ``attempts`` at this lesson that use up attempts: at what it asks now, and since its learner began anew.

    One query, none without attempts or in a preview.
    """
    if player.preview or not attempts:
        return list(attempts)
    [enrolment] = {each.enrolment_id for each in attempts if each.enrolment_id}
    since = standing().begun_anew([enrolment]).get(enrolment)
    return [each for each in attempts if counts_still(each, rev=player.lesson.rev, since=since)]


def counts_still(attempt: Attempt | ExtraAttempt, *, rev: int, since: dt.datetime | None) -> bool:
    """Was ``attempt`` made (or given) at revision ``rev`` of its lesson or later, and since its learner began anew?"""
    made = attempt.given_at if isinstance(attempt, ExtraAttempt) else attempt.started_at
    return attempt.lesson_rev >= rev and (since is None or made >= since)


def attempts_allowed(player: PlayerLesson) -> int | None:
    """How many attempts the person has: those of the rule, and those given to them besides; None = any number.

    One query where the rule has a limit, one more for whoever was given some.
    """
    allowed: int | None = None if player.preview else player.lesson.rule.get("attempts")
    if allowed is None or player.enrolment is None:
        return allowed
    given = ExtraAttempt.objects.filter(
        enrolment=player.enrolment, lesson_uid=player.lesson.uid, taken_back_at=None, lesson_rev__gte=player.lesson.rev
    )
    extra = list(given)
    since = standing().begun_anew([player.enrolment.pk]).get(player.enrolment.pk) if extra else None
    return allowed + sum(counts_still(each, rev=player.lesson.rev, since=since) for each in extra)


def pass_mark_of(player: PlayerLesson) -> int:
    return int(player.lesson.rule.get("pass_mark", PASS_MARK))


@dataclass(frozen=True)
class Title:
    """What a lesson and its course are called."""

    title: str
    language: str
    course_title: str


def _title_query(*, course: int, part: str, uid: str) -> QuerySet[EditionLessonText, Any]:
    said = EditionText.objects.filter(edition=OuterRef("edition_lesson__edition"))
    own, other = said.filter(language=OuterRef("language")), said.order_by("pk")
    rows = EditionLessonText.objects.filter(part=part, edition_lesson__uid=uid, edition_lesson__edition__course=course)
    course_title = Coalesce(Subquery(own.values("title")[:1]), Subquery(other.values("title")[:1]))
    return rows.order_by("-edition_lesson__edition_id").values_list("title", "language", course_title)[:1]


TITLES = Compiled(_title_query, "course", texts=("part", "uid"))  # asked by each page of an attempt


@dataclass(frozen=True)
class Sitting:
    """One person's newest attempt at a lesson, and what its pages say above it."""

    attempt: Attempt
    course: Course
    token: str = ""

    @property
    def query(self) -> str:
        """What keeps a preview's token on an address."""
        return f"?preview={self.token}" if self.token else ""

    @cached_property
    def title(self) -> Title:
        """What the lesson is called, in which language, in the newest edition with this quiz: one query."""
        attempt = self.attempt
        [row] = TITLES.rows(course=self.course.pk, part=attempt.part_id, uid=attempt.lesson_uid)
        return Title(*row)


def _sitting_query(*, person: int, slug: str, uid: str) -> AttemptQuerySet:
    mine = Attempt.objects.visible_to(User(pk=person)).select_related("enrolment__course")
    here = mine.filter(enrolment__course__slug=slug, lesson_uid=uid, purpose=Attempt.Purpose.COURSE)
    return here.order_by("-enrolment__cycle", "-number")[:1]


SITTINGS = Compiled(_sitting_query, "person", texts=("slug", "uid"))  # asked by each page of an attempt


def sitting_for(user: User, slug: str, uid: str, *, token: str = "") -> Sitting:
    """The newest attempt of ``user``, who is signed in, at the lesson ``uid``: one query, two in a preview.

    Raises ``NoAttempt`` when there is none, ``Http404`` when the course is hidden, ``CourseMoved`` for an old slug.
    """
    if token:
        course, edition = preview_at(slug, token)
        subject = subject_of(learner=user, lesson_uid=uid, enrolment=None, edition=edition)
        attempt = Attempt.objects.visible_to(user).filter(**subject).order_by("-number").first()
    else:
        attempt = SITTINGS.first(person=user.pk, slug=slug, uid=uid)
        course = attempt.enrolment.course if attempt else course_for(user, slug)
    if attempt is None:
        raise NoAttempt
    attempt.learner = user
    return Sitting(attempt, course, token)


def _slot_query(*, person: int, attempt: int, position: int) -> QuerySet[Slot, Any]:
    mine = Attempt.objects.visible_to(User(pk=person))
    slots = Slot.objects.select_related("attempt", "version")
    return slots.filter(attempt__in=mine, attempt=attempt, position=position)


SLOTS = Compiled(_slot_query, "person", "attempt", "position")  # asked at each save


def slot_for(user: User, attempt: int, position: int) -> Slot:
    """A question of one's own attempt, with the attempt and its version: one query. ``Http404`` for anybody else's."""
    slot: Slot | None = None
    if max(attempt, position) <= BigAutoField.MAX_BIGINT:  # SQLite takes no greater number
        slot = SLOTS.first(person=user.pk, attempt=attempt, position=position)
    if slot is None:
        raise Http404
    return slot


def run_for(user: User, pk: int) -> PracticeRun:
    """One's own practice run with its course: one query. ``Http404`` for anybody else's."""
    runs = PracticeRun.objects.visible_to(user).select_related("course")
    run: PracticeRun = get_object_or_404(runs, pk=pk)
    run.learner = user
    return run


def card_for(user: User, pk: int) -> ReviewCard:
    """The review card of ``user`` with what it asks. Raises ``Http404`` for anybody else's."""
    cards = ReviewCard.objects.visible_to(user).select_related("item__course", "item__version", "learner")
    return get_object_or_404(cards, pk=pk)
