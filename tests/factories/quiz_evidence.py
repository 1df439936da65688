"""Gradings by the row, for item analysis: what somebody earned, without anybody answering."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from core import clock
from courses.models import Course, Enrolment
from quizzes.models import Attempt, PartQuestion, QuestionVersion, Result, Slot, SlotMark
from tests.factories.quizzes import QUIZ

Row = Sequence["Cell | None"]


@dataclass(frozen=True)
class Cell:
    """What one answer is worth, as text, what it was, and how long it took; a row has None for a question not asked."""

    fraction: str
    answer: Any = None
    ms: int | None = None


def right(ms: int | None = None) -> Cell:
    return Cell("1", "b", ms)


def wrong(answer: str = "a", ms: int | None = None) -> Cell:
    return Cell("0", answer, ms)


def versions_of(course: Course) -> list[QuestionVersion]:
    """What the newest wording of the quiz asks, in order."""
    parts = course.current_edition.lessons.get(uid=QUIZ).texts.values("part")
    rows = PartQuestion.objects.filter(course=course, part__in=parts).select_related("version__question")
    return [row.version for row in rows.order_by("position")]


def grade_rows(
    course: Course,
    rows: Sequence[Row],
    *,
    learner: User | None = None,
    percents: Mapping[int, int] | None = None,
    at: dt.datetime | None = None,
    first_number: int = 1,
) -> list[Attempt]:
    """A finished attempt for each of ``rows``, each by somebody else, or all of them by ``learner``."""
    versions, moment = versions_of(course), at or clock.now()
    part = course.current_edition.lessons.get(uid=QUIZ).texts.values_list("part_id", flat=True)[0]
    people = [learner] * len(rows) if learner else _people(course, len(rows))
    enrolments: dict[int, Enrolment] = {}
    attempts = []
    for number, (person, row) in enumerate(zip(people, rows, strict=True)):
        enrolment = enrolments.get(person.pk) or _enrolment(person, course)
        enrolments[person.pk] = enrolment
        attempt = Attempt.objects.create(
            learner=person,
            enrolment=enrolment,
            lesson_uid=QUIZ,
            number=first_number + (number if learner else 0),
            part_id=part,
            pass_mark=80,
            started_at=moment,
            finished_at=moment,
        )
        percent = (percents or {}).get(number, 50)
        result = Result.objects.create(attempt=attempt, percent=percent, passed=percent >= 80, graded_at=moment)
        asked = [(version, cell) for version, cell in zip(versions, row, strict=True) if cell]
        slots = Slot.objects.bulk_create(
            [Slot(attempt=attempt, position=place, version=each) for place, (each, _cell) in enumerate(asked, start=1)]
        )
        SlotMark.objects.bulk_create(
            [
                SlotMark(
                    result=result,
                    slot=slot,
                    fraction=cell.fraction,
                    earned=cell.fraction,
                    answer=cell.answer,
                    ms=cell.ms,
                )
                for slot, (_version, cell) in zip(slots, asked, strict=True)
            ]
        )
        attempts.append(attempt)
    return attempts


def _people(course: Course, count: int) -> list[User]:
    start = User.objects.count()
    return User.objects.bulk_create(
        [
            User(email=f"learner{course.pk}-{start + n}@example.org", name=f"Learner {start + n}", password="!")
            for n in range(count)
        ]
    )


def _enrolment(person: User, course: Course) -> Enrolment:
    enrolment, _made = Enrolment.objects.get_or_create(
        learner=person, course=course, defaults={"edition": course.current_edition, "opened_at": clock.now()}
    )
    return enrolment
