"""Fill the database of ``bench/analysis.py`` and measure: the analysis of a quiz beside one bare grouped query.

    python bench/analysis_inside.py ATTEMPTS QUESTIONS PAIRS      (DATABASE_URL, VAR_DIR and so on from the environment)

Prints one JSON line.
"""

import datetime as dt
import json
import random
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import django

django.setup()

from django.db import connection

from accounts.models import User
from courses.models import Course, Enrolment
from quizzes.analysis.scope import Which, results_of
from quizzes.models import Attempt, PartQuestion, Result, Slot, SlotMark
from quizzes.services.analysing import compute
from tests.factories.courses import publish_course
from tests.factories.quizzes import single

LESSON = "the-quiz"
CHUNK = 200


def seed(attempts: int, questions: int) -> Course:
    """A published quiz; everybody has ability, every question difficulty, some answers are missing."""

    course = publish_course(
        lessons=[("quiz", LESSON, {"questions": [single(f"Q-{n}") for n in range(1, questions + 1)]})]
    )
    asked = list(PartQuestion.objects.filter(course=course).order_by("position").values_list("version_id", "part_id"))
    chance, edition = random.Random(4), course.current_edition
    moment = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
    people = User.objects.bulk_create(
        [User(email=f"person{course.pk}-{n}@example.org", name=f"Person {n}", password="!") for n in range(attempts)]
    )
    for start in range(0, attempts, CHUNK):
        some = people[start : start + CHUNK]
        enrolments = Enrolment.objects.bulk_create(
            [Enrolment(learner=each, course=course, edition=edition, opened_at=moment) for each in some]
        )
        tries = Attempt.objects.bulk_create(
            [
                Attempt(
                    learner=each.learner,
                    enrolment=each,
                    lesson_uid=LESSON,
                    number=1,
                    part_id=asked[0][1],
                    pass_mark=80,
                    started_at=moment,
                    finished_at=moment,
                )
                for each in enrolments
            ]
        )
        answers = [[answer(chance, n, questions) for n in range(questions)] for _try in tries]
        rights = [sum(each == "b" for each in given) for given in answers]
        results = Result.objects.bulk_create(
            [
                Result(attempt=each, percent=100 * right // questions, passed=right > 0.8 * questions)
                for each, right in zip(tries, rights, strict=True)
            ]
        )
        slots = Slot.objects.bulk_create(
            [
                Slot(attempt=each, position=position, version_id=version)
                for each in tries
                for position, (version, _part) in enumerate(asked, start=1)
            ]
        )
        SlotMark.objects.bulk_create(
            [
                SlotMark(
                    result=result,
                    slot=slots[row * questions + column],
                    fraction=int(given[column] == "b"),
                    earned=int(given[column] == "b"),
                    answer=given[column],
                    ms=chance.randrange(2_000, 90_000),
                )
                for row, (result, given) in enumerate(zip(results, answers, strict=True))
                for column in range(questions)
            ]
        )
    return course


def answer(chance: random.Random, question: int, questions: int) -> str | None:
    if chance.random() < 0.03:
        return None
    return "b" if chance.gauss(0.7, 0.3) > question / questions else chance.choice("acd")


def bare(course: Course) -> None:
    """What the database needs at least: the same marks, grouped by question."""

    scope, parameters = results_of(course, LESSON, Which(), []).values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT slot.version_id, COUNT(*), AVG(mark.fraction) FROM quizzes_slotmark mark "
            f"JOIN quizzes_slot slot ON slot.id = mark.slot_id WHERE mark.result_id IN ({scope}) "
            f"GROUP BY slot.version_id",
            parameters,
        )
        cursor.fetchall()


def ours(course: Course) -> dict[str, Any]:

    return compute(course=course, lesson_uid=LESSON, which=Which())


def seconds(act: Callable[[], Any]) -> float:
    """How long ``act`` takes: processor time on SQLite, which works in this process, else by the clock."""
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    begun = clock()
    act()
    return clock() - begun


def peak(act: Callable[[], Any]) -> int:
    """The most bytes that Python holds at once during ``act``."""
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def measure(course: Course, pairs: int) -> tuple[float, float]:
    """Median seconds of the bare query and of the analysis, in turns."""
    ours(course)
    bare(course)
    both = [(seconds(lambda: bare(course)), seconds(lambda: ours(course))) for _pair in range(pairs)]
    return statistics.median(each[0] for each in both), statistics.median(each[1] for each in both)


def main() -> None:
    attempts, questions, pairs = (int(word) for word in sys.argv[1:4])
    few = seed(attempts // 10, questions)
    course = seed(attempts, questions)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    bare_s, ours_s = measure(course, pairs)
    small, large = peak(lambda: ours(few)), peak(lambda: ours(course))
    print(json.dumps({"bare_s": bare_s, "ours_s": ours_s, "small": small, "large": large}))


if __name__ == "__main__":
    main()
