"""Video beats: only film really watched counts, nothing is lost between tabs, and a claim cannot outrun the clock."""

import contextlib
import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection, transaction
from django.urls import reverse

from core.errors import InvalidInput
from courses.models import EditionLesson
from progress.models import Event, EventKind, LessonState, VideoSession
from progress.services.projecting import locked_state
from progress.services.rebuilding import rebuild, shown_of
from progress.services.recording import record_activity
from tests.factories.progress import beat, did, lesson_of, opened_enrolment
from tests.progress import processes
from tests.support import statements_of

pytestmark = pytest.mark.django_db

START = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def clock_at():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def film(clock_at):
    """An open enrolment in a course with one film of 100 seconds and a text."""
    enrolment = opened_enrolment(lessons=[("text", "film", {}), ("text", "reading", {})])
    EditionLesson.objects.filter(uid="film").update(kind="video")
    return enrolment


def watch(clock_at, enrolment, start, end, **given):
    """Watch a stretch in seconds, at its own speed, with a beat every ten."""
    if not VideoSession.objects.filter(session=given.get("session", "tab-one")).exists():
        beat(enrolment, "film", **given)
    for at in range(start, end, 10):
        clock_at.shift(10)
        beat(enrolment, "film", (at * 1000, min(at + 10, end) * 1000), **given)


def state_of(enrolment):
    return LessonState.objects.get(enrolment=enrolment, uid="film")


def test_ninety_percent_watched_completes(film, clock_at):
    watch(clock_at, film, 0, 80)
    assert state_of(film).state == "started"
    watch(clock_at, film, 80, 90)
    row = state_of(film)
    assert (row.state, row.done_at) == ("done", START + dt.timedelta(seconds=90))
    assert Event.objects.get(kind=EventKind.WATCHED).occurred_at == row.done_at


def test_seeking_to_the_end_does_not_complete(film, clock_at):
    watch(clock_at, film, 0, 10)
    watch(clock_at, film, 90, 100)
    row = state_of(film)
    assert (row.state, row.facts["watched_ms"]) == ("started", 20_000)


def test_a_forged_beat_that_claims_the_whole_film_does_not_complete(film, clock_at):
    for session in ("one", "two", "three", "four", "five", "six", "seven"):
        beat(film, "film", (0, 100_000), session=session)
        beat(film, "film", (0, 100_000), session=session)
    assert state_of(film).state == "started"
    assert state_of(film).facts["watched_ms"] < 20_000


def test_a_forger_waits_as_long_as_a_viewer_in_a_hurry(film, clock_at):
    beat(film, "film", (0, 100_000))
    clock_at.shift(20)
    beat(film, "film", (0, 100_000))
    assert state_of(film).state == "started"
    clock_at.shift(20)
    beat(film, "film", (0, 100_000))
    assert state_of(film).state == "done"


def test_film_watched_without_a_connection_counts_when_it_comes_back(film, clock_at):
    did(film, "film", "opened")
    clock_at.shift(100)
    beat(film, "film", (0, 60_000), (60_000, 98_000))
    assert state_of(film).state == "done"


def test_two_tabs_lose_nothing(film, clock_at):
    beat(film, "film", session="tab-one")
    beat(film, "film", session="tab-two")
    for step in range(5):
        clock_at.shift(10)
        beat(film, "film", (step * 10_000, step * 10_000 + 10_000), session="tab-one")
        beat(film, "film", (50_000 + step * 10_000, 60_000 + step * 10_000), session="tab-two")
    assert state_of(film).state == "done"
    assert {row.session: row.spans for row in VideoSession.objects.all()} == {
        "tab-one": [[0, 50_000]],
        "tab-two": [[50_000, 100_000]],
    }


def test_a_beat_that_comes_twice_changes_nothing(film, clock_at):
    watch(clock_at, film, 0, 30)
    before = list(VideoSession.objects.values("spans")), state_of(film).facts
    beat(film, "film", (20_000, 30_000))
    assert (list(VideoSession.objects.values("spans")), state_of(film).facts) == before


def test_reading_the_transcript_completes_too(film, clock_at):
    did(film, "film", "transcript")
    assert state_of(film).state == "done"


def test_the_form_for_browsers_without_scripts_is_taken_at_its_word_and_logged_as_such(film, clock_at):
    beat(film, "film", (0, 100_000), session="form-1", declared=True)
    assert state_of(film).state == "done"
    assert Event.objects.get(kind=EventKind.WATCHED).payload == {"declared": True}


def test_stretches_beyond_the_film_do_not_count(film, clock_at):
    did(film, "film", "opened")
    clock_at.shift(600)
    beat(film, "film", (50_000, 900_000))
    assert VideoSession.objects.get().spans == [[50_000, 100_000]]


@pytest.mark.parametrize(
    "given",
    [
        {"spans": [[-5, 10]]},
        {"spans": [[10, 5]]},
        {"spans": [[0, 1.5]]},
        {"spans": [[0]]},
        {"spans": [[n, n + 1] for n in range(501)]},
        {"spans": "all of it"},
        {"duration_ms": 0},
        {"duration_ms": True},
        {"position_ms": "end"},
        {"session": ""},
        {"session": "x" * 65},
    ],
)
def test_nonsense_is_refused_and_nothing_is_kept(film, given):
    with pytest.raises(InvalidInput):
        beat(film, "film", **given)
    assert not VideoSession.objects.exists()


def test_a_plain_beat_takes_two_statements(film, clock_at):
    watch(clock_at, film, 0, 12)
    lesson = lesson_of(film, "film")
    clock_at.shift(5)
    statements = statements_of(
        lambda: record_activity(
            enrolment=film,
            lesson=lesson,
            kind="watched",
            payload={"session": "tab-one", "spans": [[12_000, 15_000]], "position_ms": 15_000, "duration_ms": 100_000},
            key="beat",
            occurred_at=START,
            actor=film.learner,
        )
    )
    assert len(statements) == 2, statements


def test_a_beat_takes_five_statements_session_and_person_included(film, clock_at, client_of, monkeypatch):
    monkeypatch.setattr("courses.kinds.actions.duration_of", lambda player: 100_000)
    client = client_of(film.learner)
    address = reverse("courses:do", args=[film.course.slug, "film", "beat"])

    def send(second):
        body = {"session": "one-tab-only", "spans": [[0, second * 1000]], "position_ms": second * 1000}
        return client.post(address, body, content_type="application/json")

    assert send(1).status_code == 204
    clock_at.shift(5)
    statements = statements_of(lambda: send(4))
    assert len(statements) <= 5, statements
    assert VideoSession.objects.get().spans == [[0, 4_000]]


TAB = """
from courses.models import Enrolment
from tests.factories.progress import beat
enrolment = Enrolment.objects.get(pk=int(sys.argv[1]))
start = int(sys.argv[2])
sys.stdin.readline()
for second in range(start, start + 25):
    beat(enrolment, "film", (second * 1000, second * 1000 + 1000), session=f"tab-{start}", declared=True)
"""


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_four_tabs_at_once_lose_nothing_and_show_what_a_rebuild_shows():
    enrolment = opened_enrolment(lessons=[("text", "film", {}), ("text", "reading", {})])
    EditionLesson.objects.filter(uid="film").update(kind="video")
    with contextlib.ExitStack() as stack:
        tabs = [stack.enter_context(processes.start(TAB, enrolment.pk, start)) for start in (0, 25, 50, 75)]
        for tab in tabs:
            tab.stdin.write("go\n")
            tab.stdin.flush()
        assert [(tab.communicate(timeout=120)[1][-500:], tab.returncode) for tab in tabs] == [("", 0)] * 4
    assert {row.session: row.spans for row in VideoSession.objects.all()} == {
        f"tab-{start}": [[start * 1000, start * 1000 + 25_000]] for start in (0, 25, 50, 75)
    }
    assert state_of(enrolment).facts["watched_ms"] == 100_000
    live = shown_of(enrolment)
    rebuild(enrolment=enrolment)
    assert shown_of(enrolment) == live


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_beat_that_waits_for_the_state_holds_no_session_that_another_needs():
    enrolment = opened_enrolment(lessons=[("text", "film", {}), ("text", "reading", {})])
    EditionLesson.objects.filter(uid="film").update(kind="video")
    beat(enrolment, "film", (0, 1000), declared=True)

    def next_beat():
        with contextlib.closing(connection):
            beat(enrolment, "film", (1000, 2000), declared=True)

    with ThreadPoolExecutor(max_workers=1) as threads:
        with transaction.atomic():
            locked_state(enrolment)
            waiting = threads.submit(next_beat)
            while not someone_waits():
                assert not waiting.done()
            VideoSession.objects.update(position_ms=500)
        waiting.result(timeout=60)
    assert VideoSession.objects.get().spans == [[0, 2000]]


def someone_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0
