"""How progress is shown from below (D4): ``progress`` registers the implementation, the default says 'nothing yet'."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from courses.registry import LessonFacts


@dataclass(frozen=True)
class LessonStanding:
    """``state`` is ``new``, ``started`` or ``done``; ``position_ms`` is where a video stopped."""

    uid: str
    state: str = "new"
    done_at: dt.datetime | None = None
    position_ms: int = 0
    unmet: tuple[str, ...] = ()
    facts: LessonFacts = field(default_factory=LessonFacts)


@dataclass(frozen=True)
class CourseStanding:
    """Where one person stands in one course.

    ``due_on``/``due_at`` and ``assigned_by``/``note`` come from the obligation that is due first, if any.
    """

    course_id: int
    enrolment_id: int | None = None
    opened: bool = False
    percent: int = 0
    done_count: int = 0
    lesson_count: int = 0
    last_uid: str = ""
    completed_at: dt.datetime | None = None
    score: int | None = None
    certificate_code: str = ""
    due_on: dt.date | None = None
    overdue: bool = False
    assigned_by: str = ""
    note: str = ""
    lessons: Mapping[str, LessonStanding] = field(default_factory=dict)


@dataclass(frozen=True)
class Demand:
    """What an edition asks for one lesson. ``rev``: number of the edition that demands it; what was done under an earlier
    ``rev`` no longer counts."""

    uid: str
    kind: str
    rule: Mapping[str, Any]
    rev: int


@dataclass(frozen=True)
class Outlook:
    """What an edition that demands this does to the people under way, in numbers of people.

    ``finished`` keep what they have. Of ``moving``, ``untouched`` lose nothing; ``repeats`` says by lesson how many had done
    it and must do it again, ``restarts`` how many had begun it and begin anew; ``completing`` will have finished by the
    move alone. ``staying`` are all others.
    """

    finished: int = 0
    moving: int = 0
    staying: int = 0
    untouched: int = 0
    repeating: int = 0
    completing: int = 0
    repeats: Mapping[str, int] = field(default_factory=dict)
    restarts: Mapping[str, int] = field(default_factory=dict)


class Standing(Protocol):
    def for_courses(self, user: Any, course_ids: Iterable[int]) -> dict[int, CourseStanding]:
        """Standing by course id, without ``lessons``; at most 3 queries. Courses without any are left out."""

    def for_enrolment(self, enrolment: Any) -> CourseStanding:
        """Standing with ``lessons`` by uid; at most 3 queries."""

    def completed_among(self, enrolment_ids: Iterable[int]) -> set[int]:
        """Those of these enrolments that are completed, in one query: a new edition leaves them where they are."""

    def begun_anew(self, enrolment_ids: Iterable[int]) -> dict[int, dt.datetime]:
        """When each of these enrolments was set back last, in one query; those that never were are left out."""

    def outlook(self, *, people: Any, moving: Any, demands: Sequence[Demand]) -> Outlook:
        """What ``demands`` mean for ``people``, of whom ``moving`` are taken along (both querysets of enrolments).

        Exactly what the move will do to them as they stand now, in at most 10 queries whatever their number.
        """


class NothingYet:
    """The default: nobody has done anything."""

    def for_courses(self, user: Any, course_ids: Iterable[int]) -> dict[int, CourseStanding]:
        return {}

    def for_enrolment(self, enrolment: Any) -> CourseStanding:
        return CourseStanding(
            course_id=enrolment.course_id, enrolment_id=enrolment.pk, opened=bool(enrolment.opened_at)
        )

    def completed_among(self, enrolment_ids: Iterable[int]) -> set[int]:
        return set()

    def begun_anew(self, enrolment_ids: Iterable[int]) -> dict[int, dt.datetime]:
        return {}

    def outlook(self, *, people: Any, moving: Any, demands: Sequence[Demand]) -> Outlook:
        count = moving.count()
        return Outlook(moving=count, untouched=count, staying=people.count() - count)


_provider: Standing = NothingYet()


def register(provider: Standing) -> None:
    """Make ``provider`` answer from now on."""
    global _provider  # noqa: PLW0603  (one provider a process, set once at start)
    _provider = provider


def standing() -> Standing:
    """The registered provider."""
    return _provider
