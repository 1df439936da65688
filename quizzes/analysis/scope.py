"""Which attempts an analysis is about: a quiz of a course, first attempts or all, one wording of it or every one."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Exists, Min, OuterRef, QuerySet

from core import clock
from courses.models import Course, EditionLessonText
from quizzes.models import Attempt, PartQuestion, QuestionVersion, Regrade, Result

COUNTED = (Attempt.Purpose.COURSE, Attempt.Purpose.PRETEST)


@dataclass(frozen=True)
class Which:
    """``edition`` is the number of one that holds the quiz (None: all), ``since`` the first day on which it was handed
    in. ``first``: of everybody only the first attempt they ever made at the quiz."""

    attempts: Literal["first", "all"] = "first"
    edition: int | None = None
    since: dt.date | None = None

    @classmethod
    def read(cls, params: Mapping[str, Any]) -> "Which":
        """The inverse of ``params``."""
        since = params.get("since")
        return cls(params["attempts"], params["edition"], dt.date.fromisoformat(since) if since else None)

    @property
    def params(self) -> dict[str, Any]:
        since = self.since.isoformat() if self.since else None
        return {"attempts": self.attempts, "edition": self.edition, "since": since}

    def key(self, course: int, lesson_uid: str) -> str:
        """The name of this analysis of a quiz."""
        return f"{course}:{lesson_uid}:{self.attempts}:{self.edition or ''}:{self.since or ''}"


@dataclass(frozen=True)
class Wording:
    """Editions in which a quiz says the same, newest first, and the parts that say it."""

    editions: tuple[int, ...]
    parts: frozenset[str]

    @property
    def edition(self) -> int:
        """The number by which it is chosen: the newest."""
        return self.editions[0]


def wordings_of(course: Course, lesson_uid: str) -> list[Wording]:
    """Every wording of a quiz, newest first; empty when no edition has a quiz of this uid. One query."""
    rows = EditionLessonText.objects.filter(
        edition_lesson__edition__course=course,
        edition_lesson__edition__number__isnull=False,
        edition_lesson__uid=lesson_uid,
        edition_lesson__kind="quiz",
    ).values_list("edition_lesson__edition__number", "part_id")
    parts: dict[int, set[str]] = {}
    for number, part in rows.order_by("-edition_lesson__edition__number"):
        parts.setdefault(number, set()).add(part)
    same: dict[frozenset[str], list[int]] = {}
    for number, each in parts.items():
        same.setdefault(frozenset(each), []).append(number)
    return [Wording(tuple(editions), each) for each, editions in same.items()]


def attempts_of(course: Course, lesson_uid: str) -> QuerySet[Attempt]:
    """Everybody's finished attempts at a quiz, also at what it asked in earlier editions."""
    return Attempt.objects.filter(
        enrolment__course=course, lesson_uid=lesson_uid, purpose__in=COUNTED, finished_at__isnull=False
    )


def results_of(course: Course, lesson_uid: str, which: Which, wordings: Sequence[Wording]) -> QuerySet[Result]:
    """The gradings that stand of the attempts that ``which`` chooses."""
    attempts = attempts_of(course, lesson_uid)
    if which.attempts == "first":
        firsts = attempts.order_by().values("learner").annotate(first=Min("pk"))
        attempts = Attempt.objects.filter(pk__in=firsts.values("first"))
    if which.edition is not None:
        parts = next((each.parts for each in wordings if which.edition in each.editions), frozenset())
        attempts = attempts.filter(part__in=parts)
    if which.since is not None:
        attempts = attempts.filter(finished_at__gte=_beginning(which.since, course))
    newer = Result.objects.filter(attempt=OuterRef("attempt"), number__gt=OuterRef("number"))
    return Result.objects.filter(~Exists(newer), attempt__in=attempts.order_by().values("pk"))


def _beginning(day: dt.date, course: Course) -> dt.datetime:
    zone = clock.zone(course.organisation.time_zone if course.organisation else "")
    return dt.datetime.combine(day, dt.time.min, tzinfo=zone)


@dataclass(frozen=True)
class Asked:
    """A question version of a quiz; ``number`` is its place in the newest edition that asks the question. ``key`` is the
    version that says what is right: another one where a correction was applied."""

    version: QuestionVersion
    number: int
    key: QuestionVersion


def asked_in(course: Course, wordings: Sequence[Wording]) -> dict[int, Asked]:
    """Every version that the quiz asks or asked, by key. Three queries, as many rows as versions and editions."""
    newest = {part: wording.edition for wording in wordings for part in wording.parts}
    rows = PartQuestion.objects.filter(course=course, part__in=list(newest)).values_list(
        "version_id", "position", "part_id"
    )
    places: dict[int, tuple[int, int]] = {}
    for version, position, part in rows:
        places[version] = max(places.get(version, (0, 0)), (newest[part], position))
    versions = QuestionVersion.objects.filter(pk__in=list(places)).select_related("question")
    by_question: dict[int, tuple[int, int]] = {}
    for each in versions:
        by_question[each.question_id] = max(by_question.get(each.question_id, (0, 0)), places[each.pk])
    applied = Regrade.objects.filter(course=course, question__in=list(by_question), state=Regrade.State.APPLIED)
    corrections = {each.question_id: each for each in applied.select_related("version").order_by("pk")}
    return {
        each.pk: Asked(each, by_question[each.question_id][1], _key(each, corrections.get(each.question_id)))
        for each in versions
    }


def _key(asked: QuestionVersion, correction: Regrade | None) -> QuestionVersion:
    """Whose key says what is right in ``asked``: that of the newest correction, if it was there when that was applied."""
    if correction is None or correction.applied_at is None or asked.created_at > correction.applied_at:
        return asked
    new = correction.version
    return new if (new.type, new.language) == (asked.type, asked.language) else asked
