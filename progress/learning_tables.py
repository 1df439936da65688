"""The figures of a course's learning as tables for a spreadsheet. Counts throughout; nobody's name."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from courses.models import Course
from courses.selectors import Outline
from progress.film_counts import BUCKETS
from progress.models import FilmCurve
from progress.selectors.hardest import hard_cases, hard_questions
from progress.selectors.learning import Which, enrolments_of, figures_of, totals_of, words_of

Row = Sequence[Any]
CHUNK = 1000


def lesson_rows(course: Course, outline: Outline, which: Which) -> Iterator[Row]:
    yield [
        "number",
        "lesson",
        "title",
        "kind",
        "opened_before",
        "of_those_opened",
        "opened",
        "finished",
        "median_seconds",
        "clear",
        "answers",
    ]
    totals = totals_of(enrolments_of(course, which))
    for row in figures_of(course, outline, which, totals=totals):
        lesson, median = row.lesson, None if row.median_ms is None else round(row.median_ms / 1000, 1)
        start = [lesson.number, lesson.uid, lesson.title, lesson.kind, row.before, row.came]
        yield [*start, row.opened, row.finished, median, row.clear, row.answers]


def word_rows(course: Course, outline: Outline, which: Which) -> Iterator[Row]:
    yield ["lesson", "title", "edition", "day", "clear", "words"]
    titles = {lesson.uid: lesson.title for lesson in outline.lessons}
    for row in words_of(course, which).iterator(chunk_size=CHUNK):
        day, clear = f"{row['given_at']:%Y-%m-%d}", "yes" if row["clear"] else "no"
        yield [row["lesson_uid"], titles.get(row["lesson_uid"]), row["edition__number"], day, clear, row["words"]]


def film_rows(course: Course, outline: Outline, which: Which) -> Iterator[Row]:
    """The curve of every film of the course, over everybody."""
    yield ["lesson", "title", "from_seconds", "to_seconds", "people", "watched", "watched_again"]
    titles = {lesson.uid: lesson.title for lesson in outline.lessons}
    for curve in FilmCurve.objects.filter(course=course, lesson_uid__in=list(titles), figures__isnull=False):
        found = curve.figures or {}
        length = found["length_ms"] / 1000 / BUCKETS
        for number, (seen, again) in enumerate(zip(found["seen"], found["again"], strict=True)):
            places = [round(number * length, 1), round((number + 1) * length, 1)]
            yield [curve.lesson_uid, titles[curve.lesson_uid], *places, found["people"], seen, again]


def question_rows(course: Course, outline: Outline, which: Which) -> Iterator[Row]:
    yield ["lesson", "title", "number", "question", "first_attempts", "average"]
    for each in hard_questions(course, outline):
        yield [each.lesson_uid, each.title, each.number, each.name, each.answers, round(each.facility, 4)]


def case_rows(course: Course, outline: Outline, which: Which) -> Iterator[Row]:
    yield ["lesson", "title", "case", "runs", "average_percent"]
    for each in hard_cases(course, outline):
        yield [each.lesson_uid, each.title, each.name, each.runs, round(each.percent, 1)]


TABLES: Mapping[str, Callable[[Course, Outline, Which], Iterator[Row]]] = {
    "lessons": lesson_rows,
    "words": word_rows,
    "films": film_rows,
    "questions": question_rows,
    "cases": case_rows,
}
