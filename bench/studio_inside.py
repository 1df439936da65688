"""The part of bench/studio.py that runs on the database of its own; prints one JSON line."""

import json
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import django

django.setup()

from django.conf import settings
from django.test import Client

from accounts.models import User
from bench.studio_readers import readers
from courses.models import Course, EditionLesson, EditionLessonText, EditionPart, Enrolment, LessonText
from courses.services.comparing import side_of_draft, side_of_edition
from courses.services.differing import compare
from courses.services.effects import effects_of
from courses.services.publishing import composition_of, publish
from tests.courses.films import film_course
from tests.courses.real_films import make
from tests.factories.accounts import MembershipFactory
from tests.factories.courses import draft_course
from tests.factories.quizzes import multi, single
from tests.support import count_statements

settings.ALLOWED_HOSTS = ["testserver", "127.0.0.1"]
BACKEND = "accounts.backends.PasswordBackend"
WORDS = "Words that a reader reads in a minute or so. " * 20


def spent(act: Callable[[], object]) -> float:
    """Processor time of this process, in milliseconds."""
    began = time.process_time()
    act()
    return (time.process_time() - began) * 1000


def lessons_of(count: int, changed: int = 0) -> list[tuple[str, str, dict[str, Any]]]:
    """One lesson in ten is a quiz with two questions; the first ``changed`` lessons say something new."""
    made: list[tuple[str, str, dict[str, Any]]] = []
    for number in range(count):
        if number % 10 == 9:
            made.append(("quiz", f"l-{number}", {"questions": [single(f"Q-{number}"), multi(f"Q-{number}-b")]}))
        else:
            body = f"{'New. ' if number < changed else ''}Lesson {number}. {WORDS}\n"
            made.append(("text", f"l-{number}", {"body": body}))
    return made


def inside(lessons: int, people: int, rounds: int) -> dict[str, Any]:
    owner = MembershipFactory(instructor=True).person
    client = Client()
    client.force_login(owner, backend=BACKEND)
    course = draft_course(slug="long", owner=owner, lessons=lessons_of(lessons))
    found: dict[str, Any] = {}
    found["first: statements"] = count_statements(lambda: publish(course=course, kind="minor", note="", actor=owner))
    found |= pages(client, course, rounds)
    found |= next_edition(course, owner, lessons, people)
    return found


def pages(client: Client, course: Course, rounds: int) -> dict[str, Any]:
    """The outline and a save, beside the site's smallest page in the same process."""
    outline, save = f"/author/courses/{course.slug}/", f"/author/courses/{course.slug}/lessons/l-0/save/"
    text = LessonText.objects.get(lesson__course=course, lesson__uid="l-0")
    numbers = iter(range(10**6))

    def saved() -> None:
        version = LessonText.objects.values_list("version", flat=True).get(pk=text.pk)
        form = {"title": text.title, "minutes": text.minutes, "body": f"Typed {next(numbers)}. {WORDS}"}
        answer = client.post(save, form | {"version": version, "client": "tab"})
        assert answer.status_code == 200, (answer.status_code, answer.content[:300])

    assert client.get(outline).status_code == 200
    saved()
    found: dict[str, Any] = {
        "outline: statements": count_statements(lambda: client.get(outline)),
        "autosave: statements": count_statements(saved) - 1,  # the version is read by this script
    }
    times: dict[str, list[float]] = {"outline": [], "autosave": [], "bare": []}
    for _round in range(rounds):
        times["bare"].append(spent(lambda: client.get("/health/live")))
        times["outline"].append(spent(lambda: client.get(outline)))
        times["autosave"].append(spent(saved))
    bare = statistics.median(times["bare"])
    for name in ("outline", "autosave"):
        middle = statistics.median(times[name])
        found |= {f"{name}: ms": round(middle, 1), f"{name}: times a bare page": round(middle / bare, 1)}
    return found


def next_edition(course: Course, owner: User, lessons: int, people: int) -> dict[str, Any]:
    """Three lessons say something new; ``people`` are enrolled."""
    names = [User(email=f"reader{n}@example.org", name=f"Reader {n}") for n in range(people)]
    crowd = User.objects.bulk_create(names, batch_size=2_000)
    course.refresh_from_db()
    edition = course.current_edition
    Enrolment.objects.bulk_create(
        [
            Enrolment(learner=each, course=course, edition=edition, language="en", opened_at=edition.published_at)
            for each in crowd
        ],
        batch_size=2_000,
    )
    draft_course(slug=course.slug, owner=owner, lessons=lessons_of(lessons, changed=3))
    composition = composition_of(course)
    found: dict[str, Any] = {
        "effects: statements": count_statements(lambda: effects_of(course, composition)),
        "effects: ms": round(spent(lambda: effects_of(course, composition))),
        "comparing: statements": count_statements(lambda: compare(side_of_edition(edition), side_of_draft(course))),
        "comparing: ms": round(spent(lambda: compare(side_of_edition(edition), side_of_draft(course)))),
    }
    before, began = EditionPart.objects.count(), time.process_time()
    found["next: statements"] = count_statements(lambda: publish(course=course, kind="refresh", note="", actor=owner))
    took = (time.process_time() - began) * 1000
    found["next: parts written"] = EditionPart.objects.count() - before
    bare = spent(lambda: same_rows(course))
    return found | {"next: ms": round(took), "next: times its rows in bulk": round(took / bare, 1)}


def same_rows(course: Course) -> None:
    """The rows of the newest edition once more, each table at once and nothing else; what they point at stays."""
    course.refresh_from_db()
    edition = course.current_edition
    rows = list(edition.lessons.order_by("position"))
    texts = {each.edition_lesson_id: each for each in EditionLessonText.objects.filter(edition_lesson__in=rows)}
    old = [row.pk for row in rows]
    edition.pk, edition.number, edition._state.adding = None, edition.number + 1, True
    edition.hash = "0" * len(edition.hash)
    edition.save(force_insert=True)
    for row in rows:
        row.pk, row.edition = None, edition
    made = EditionLesson.objects.bulk_create(rows)
    copies = []
    for before, row in zip(old, made, strict=True):
        text = texts[before]
        text.pk, text.edition_lesson = None, row
        copies.append(text)
    EditionLessonText.objects.bulk_create(copies)


def films() -> dict[str, Any]:
    """The peak of this process' memory after a film of a minute and after one of ten."""
    from courses import jobs_making
    from tests.courses.test_transcoding import filed

    owner = MembershipFactory(instructor=True).person
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="lendcraft-bench-") as folder:
        settings.UPLOAD_DIR, settings.WORK_DIR = f"{folder}/uploads", f"{folder}/work"
        course = film_course(Path(folder) / "course", owner=owner, slug="films")
        for seconds in (10, 60, 600):  # the first loads what is loaded once
            job = filed(
                course, owner, make(Path(folder) / f"in{seconds}.mp4", seconds=seconds, size="160x90", rate="5")
            )
            jobs_making.run_media_job(job.pk)
            job.refresh_from_db()
            if job.state != "done":
                sys.exit(job.said)
            found[f"a film of {seconds} s: peak in MiB"] = round(peak(), 1)
    return found


def peak() -> float:
    match = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert match
    return int(match[1]) / 1024


def main() -> None:
    part, (lessons, people, rounds, blocks) = sys.argv[1], map(int, sys.argv[2:6])
    if part == "inside":
        found = inside(lessons, people, rounds)
    elif part == "films":
        found = films()
    else:
        owner = MembershipFactory(instructor=True).person
        course = draft_course(slug="long", owner=owner, lessons=lessons_of(40))
        publish(course=course, kind="minor", note="", actor=owner)
        found = readers(course, owner, blocks=blocks)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
