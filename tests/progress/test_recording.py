"""What a learner does is recorded once and shown at once."""

import time

import pytest
from django.db import connection, transaction
from django.urls import reverse

from core.errors import InvalidInput
from progress.models import CourseState, Event, LessonState
from tests.factories.progress import did, lesson_of, opened_enrolment
from tests.progress import processes
from tests.support import statements_of

pytestmark = pytest.mark.django_db


def test_a_lesson_that_is_done_counts_by_its_minutes():
    enrolment = opened_enrolment()
    did(enrolment, "checking")
    state = CourseState.objects.get(enrolment=enrolment)
    assert (state.percent, state.done_count, state.lesson_count, state.minutes_left) == (30, 1, 3, 14)
    assert [entry["uid"] for entry in state.unmet] == ["reading", "sending"]
    assert state.unmet[0]["title"] == "Reading"
    assert state.unmet[0]["why"]
    assert state.last_uid == "checking"


def test_the_same_key_counts_once():
    enrolment = opened_enrolment()
    did(enrolment, "reading", key="once")
    did(enrolment, "reading", key="once")
    assert Event.objects.count() == 1
    assert LessonState.objects.get().state == "done"


def test_opening_a_lesson_starts_it_and_is_where_the_learner_stopped():
    enrolment = opened_enrolment()
    did(enrolment, "sending", "opened")
    assert LessonState.objects.get().state == "started"
    state = CourseState.objects.get(enrolment=enrolment)
    assert (state.percent, state.last_uid) == (0, "sending")
    assert [entry["state"] for entry in state.unmet] == ["new", "new", "started"]


@pytest.mark.parametrize(("kind", "payload"), [("teleported", {}), ("done", {str(n): n for n in range(30)})])
def test_nonsense_is_refused_and_nothing_is_kept(kind, payload):
    enrolment = opened_enrolment()
    with pytest.raises(InvalidInput):
        did(enrolment, "reading", kind, payload=payload)
    assert not Event.objects.exists()


def test_recording_costs_the_same_whatever_the_length_of_the_course():
    def statements(length):
        enrolment = opened_enrolment(lessons=[("text", f"lesson-{number}", {}) for number in range(length)])
        did(enrolment, "lesson-0")
        lesson = lesson_of(enrolment, "lesson-1")
        return statements_of(lambda: did(enrolment, "lesson-1", lesson=lesson))

    assert len(statements(3)) == len(statements(40)) == 4


def test_a_done_lesson_is_recorded_in_nine_statements_session_and_person_included(trainee, client_of):
    enrolment = opened_enrolment(learner=trainee)
    client = client_of(trainee)
    for uid in ("reading", "checking"):
        address = reverse("courses:do", args=[enrolment.course.slug, uid, "done"])
        statements = statements_of(lambda address=address: client.post(address))
        assert len(statements) <= 9, statements
    assert CourseState.objects.get().done_count == 2


REPEAT = """
from courses.models import Enrolment
from tests.factories.progress import did
did(Enrolment.objects.get(pk=int(sys.argv[1])), "checking", "done", key="same")
"""


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND pid IN"
            " (SELECT pid FROM pg_locks JOIN pg_database ON oid = database WHERE datname = current_database()))"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_key_that_came_while_waiting_for_the_lock_counts_once():
    enrolment = opened_enrolment()
    did(enrolment, "reading")
    with transaction.atomic():
        did(enrolment, "checking", "opened", key="same")
        waiting = processes.start(REPEAT, enrolment.pk)
        deadline = time.monotonic() + 60
        while not somebody_waits() and waiting.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        assert waiting.poll() is None
    assert (waiting.communicate(timeout=120)[1][-500:], waiting.returncode) == ("", 0)
    assert Event.objects.filter(key="same").get().kind == "opened"
    assert LessonState.objects.get(uid="checking").state == "started"
    assert CourseState.objects.get().done_count == 1
