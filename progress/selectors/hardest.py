"""What is hardest in a course: questions, from the analyses that were made of its quizzes, and practice cases."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, Max
from django.db.models.fields.json import KeyTextTransform

from courses.models import Course
from courses.selectors import Outline
from quizzes.analysis.scope import Which
from quizzes.models import Analysis, PracticeRun

LEAST = 10  # fewer answers do not say how hard a question is
SHOWN = 8


@dataclass(frozen=True)
class HardQuestion:
    """``facility``: the average result, 0 to 1, of ``answers`` first attempts."""

    lesson_uid: str
    title: str
    number: int
    name: str
    facility: float
    answers: int


@dataclass(frozen=True)
class HardCase:
    """``percent``: the average result of ``runs`` finished runs in the course."""

    lesson_uid: str
    title: str
    name: str
    percent: float
    runs: int


def hard_questions(course: Course, outline: Outline) -> list[HardQuestion]:
    """Every question of the course that enough people answered, hardest first. One statement."""
    quizzes = {lesson.uid: lesson.title for lesson in outline.lessons if lesson.kind == "quiz"}
    keys = [Which().key(course.pk, uid) for uid in quizzes]
    if not keys:
        return []
    found = [
        HardQuestion(row.lesson_uid, quizzes[row.lesson_uid], each["number"], each["name"], each["facility"], each["n"])
        for row in Analysis.objects.filter(key__in=keys, figures__isnull=False)
        for each in _answered(row.figures)
    ]
    return sorted(found, key=lambda each: (each.facility, each.lesson_uid, each.number))


def _answered(figures: Any) -> Iterator[Any]:
    return (each for each in figures["questions"] if each["n"] >= LEAST and each["facility"] is not None)


def hard_cases(course: Course, outline: Outline) -> Sequence[HardCase]:
    """Every practice case of the course that was played often enough, hardest first. One statement."""
    titles = {lesson.uid: lesson.title for lesson in outline.lessons if lesson.kind == "practice"}
    if not titles:
        return []
    rows = (
        PracticeRun.objects.filter(
            enrolment__course=course,
            purpose=PracticeRun.Purpose.COURSE,
            lesson_uid__in=list(titles),
            finished_at__isnull=False,
            generated=False,
        )
        .values("lesson_uid", "case_uid")
        .annotate(runs=Count("pk"), mean=Avg("percent"), name=Max(KeyTextTransform("title", "case")))
        .filter(runs__gte=LEAST, mean__isnull=False)
        .order_by("mean", "lesson_uid", "case_uid")
    )
    return [
        HardCase(row["lesson_uid"], titles[row["lesson_uid"]], row["name"] or row["case_uid"], row["mean"], row["runs"])
        for row in rows
    ]
