"""The instructor's view of learning beside one bare grouped query over the same rows, on a SQLite file of its own.

    python bench/learning.py [--people 10000] [--pairs 5]

Everybody is enrolled in a course of twelve texts and comes some way. Runs the figures of the page (totals, lesson by
lesson, medians, answers) and the bare query in turns and prints the ratio of the medians; then counts a film that
everybody watched, and prints its time and what Python held at most, at a tenth of the people and at all.

The page asks for far more than the bare query does (medians and who came from where need every row), so the ratio is
large: 41 at 4,000 people, 43 at 600. No goal is set for it; what matters is that it does not grow with the people.
Seconds are the processor's in this process, and SQLite works within it; on PostgreSQL nothing was measured.
"""

import argparse
import datetime as dt
import os
import random
import statistics
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

FOLDER = tempfile.mkdtemp(prefix="lendcraft-bench-")
os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "VAR_DIR": FOLDER, "LOG_LEVEL": "ERROR"}
os.environ |= {"DATABASE_URL": f"sqlite:///{FOLDER}/db.sqlite3", "SECRET_KEY": "bench " * 12}

import django

django.setup()

from django.core.management import call_command
from django.db import connection

from accounts.models import User
from courses.models import Course, Enrolment, LessonFeedback
from courses.selectors import outline_of
from progress.models import CourseState, LessonState, VideoSession
from progress.selectors.learning import Which, enrolments_of, figures_of, totals_of
from progress.services.counting_films import compute
from tests.factories.courses import publish_course

LESSONS, CHUNK, LENGTH = 12, 500, 600_000
BARE = """SELECT s.uid, COUNT(*), SUM(s.state = 'done') FROM progress_lessonstate s
JOIN courses_enrolment e ON e.id = s.enrolment_id WHERE e.course_id = %s GROUP BY s.uid"""


def seed(number: int) -> Course:
    course = publish_course(lessons=[("text", f"lesson-{n}", {}) for n in range(LESSONS)])
    edition, chance, moment = course.current_edition, random.Random(5), dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
    people = User.objects.bulk_create(
        [User(email=f"person{course.pk}-{n}@example.org", name=f"Person {n}", password="!") for n in range(number)]
    )
    for start in range(0, number, CHUNK):
        rows = [
            Enrolment(learner=each, course=course, edition=edition, opened_at=moment)
            for each in people[start : start + CHUNK]
        ]
        some = Enrolment.objects.bulk_create(rows)
        CourseState.objects.bulk_create([CourseState(enrolment=each, edition=edition) for each in some])
        states, sessions, said = [], [], []
        for each in some:
            far = chance.randint(1, LESSONS)
            for n in range(far):
                done = moment + dt.timedelta(seconds=chance.randint(30, 3000)) if n < far - 1 else None
                states.append(
                    LessonState(
                        enrolment=each,
                        uid=f"lesson-{n}",
                        state="done" if done else "started",
                        done_at=done,
                        times={"opened": moment.isoformat()},
                    )
                )
            for tab in range(2):
                begin = chance.randint(0, LENGTH // 2)
                sessions.append(
                    VideoSession(
                        enrolment=each,
                        lesson_uid="lesson-0",
                        session=f"tab-{tab}",
                        spans=[[begin, begin + chance.randint(1, LENGTH // 2)]],
                        duration_ms=LENGTH,
                    )
                )
            said.append(
                LessonFeedback(
                    course=course, edition=edition, lesson_uid="lesson-0", learner=each.learner, clear=bool(far % 2)
                )
            )
        LessonState.objects.bulk_create(states)
        VideoSession.objects.bulk_create(sessions)
        LessonFeedback.objects.bulk_create(said)
    return course


def page(course: Course) -> None:
    outline = outline_of(course.current_edition, "en", "en")
    assert outline is not None
    figures_of(course, outline, Which(), totals=totals_of(enrolments_of(course, Which())))


def bare(course: Course) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BARE, [course.pk])
        cursor.fetchall()


def seconds(action, course: Course) -> float:
    start = time.process_time()
    action(course)
    return time.process_time() - start


def film(course: Course) -> tuple[float, int]:
    """Seconds of the processor, then the peak of what Python held, in a second run."""
    took = seconds(lambda each: compute(course=each, lesson_uid="lesson-0"), course)
    tracemalloc.start()
    compute(course=course, lesson_uid="lesson-0")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return took, peak


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    small, large = seed(options.people // 10), seed(options.people)
    pairs = [(seconds(page, large), seconds(bare, large)) for _n in range(options.pairs)]
    ours, theirs = (statistics.median(each) for each in zip(*pairs, strict=True))
    print(f"{options.people} people: page {ours:.3f} s, bare {theirs:.3f} s: {ours / theirs:.2f} times")
    (few_s, few), (many_s, many) = film(small), film(large)
    print(f"film: {few_s:.3f} s and {many_s:.3f} s; peak {few // 1024} KiB at a tenth, {many // 1024} KiB at all")


if __name__ == "__main__":
    main()
