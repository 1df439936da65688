"""Video lessons: what the page offers, what counts as watched."""

import json

import pytest
from django.core.cache import cache

from courses.models import CourseEditor, EditionMedia, Enrolment
from courses.services import recording
from courses.standing import standing
from tests.courses.films import film_course, mp4
from tests.factories.accounts import UserFactory
from tests.support import count_statements

pytestmark = pytest.mark.django_db
BEAT = "/courses/cinema/film/do/beat/"
SESSION = "session-0001"


@pytest.fixture
def cinema(tmp_path):
    return film_course(tmp_path / "in", slug="cinema")


def lesson(learner):
    return standing().for_enrolment(learner.enrolments.get()).lessons["film"]


def beat(client, spans, *, session=SESSION, position=0, seq=1, url=BEAT):
    body = {"session": session, "seq": seq, "spans": spans, "position_ms": position}
    return client.post(url, json.dumps(body), content_type="application/json")


def test_the_page_works_without_script_and_is_ready_for_ours(client, cinema):
    page = client.get("/courses/cinema/film/").content.decode()
    sha = EditionMedia.objects.get(name="film.mp4").media.sha256
    assert f'<video controls playsinline preload="metadata" src="/courses/cinema/media/{sha}/film.mp4"' in page
    assert '<track kind="captions"' in page
    assert "data-bar hidden" in page
    assert 'data-duration="10000"' in page
    assert page.count("data-chapter=") == 2
    assert "First the click." in page
    assert "Mind the parcel." in page
    assert "data-video-failed hidden" in page


def test_the_transcript_can_be_taken_along(client, cinema):
    answer = client.get("/courses/cinema/film/transcript.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode() == "The film\n\nFirst the click.\nThen the parcel.\n"
    assert client.get("/courses/cinema/after/transcript.txt").status_code == 404


def test_what_was_really_watched_adds_up_over_sessions_and_repeats(client_of, cinema):
    learner = UserFactory()
    client = client_of(learner)
    client.post("/courses/cinema/film/do/opened/")
    for _ in range(3):
        assert beat(client, [[0, 2000]], position=2000).status_code == 204
    assert beat(client, [[1500, 2500]], session="session-0002", position=2500).status_code == 204
    assert lesson(learner).state == "started"
    assert lesson(learner).position_ms == 2500


def test_jumping_to_the_end_is_not_watching(client_of, cinema):
    learner = UserFactory()
    client = client_of(learner)
    beat(client, [[9500, 10000]], position=10000)
    assert lesson(learner).state == "started"
    beat(client, [[0, 10000]], position=10000, session="session-0003")
    assert lesson(learner).state == "started", "ten seconds cannot have passed yet"


def test_the_form_without_script_counts(client_of, cinema):
    learner = UserFactory()
    client = client_of(learner)
    assert "I have watched it" in client.get("/courses/cinema/film/").content.decode()
    answer = client.post("/courses/cinema/film/do/watched/", {"key": "a-form-key"})
    assert answer["Location"] == "/courses/cinema/film/"
    assert lesson(learner).state == "done"
    assert "I have watched it" not in client.get("/courses/cinema/film/").content.decode()


def test_reading_the_transcript_counts_as_much_as_watching(client_of, cinema):
    learner = UserFactory()
    client_of(learner).post("/courses/cinema/film/do/transcript/", {"key": "a-form-key"})
    assert lesson(learner).state == "done"


def test_a_video_goes_on_where_it_stopped_on_any_device(client_of, cinema):
    learner = UserFactory()
    beat(client_of(learner), [[0, 3000]], position=4200)
    page = client_of(learner).get("/courses/cinema/film/").content.decode()
    assert 'data-start="4200"' in page
    assert "stopped at 0:04" in page


def test_whoever_saw_the_end_starts_again(client_of, cinema):
    learner = UserFactory()
    beat(client_of(learner), [[8000, 9900]], position=9900)
    assert 'data-start="0"' in client_of(learner).get("/courses/cinema/film/").content.decode()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "nonsense",
        '{"session": "x", "spans": [], "position_ms": 0}',
        '{"session": "session-0001", "spans": "all", "position_ms": 0}',
        '{"session": "session-0001", "spans": [[1]], "position_ms": 0}',
        '{"session": "session-0001", "spans": [["a", "b"]], "position_ms": 0}',
        '{"session": "session-0001", "spans": [[0, NaN]], "position_ms": 0}',
        '{"session": "session-0001", "spans": [[0, true]], "position_ms": 0}',
        '{"session": "session-0001", "spans": [], "position_ms": null}',
        json.dumps({"session": "session-0001", "spans": [[0, 1]] * 501, "position_ms": 0}),
    ],
)
def test_a_beat_that_makes_no_sense_is_refused_and_opens_nothing(client_of, cinema, body):
    learner = UserFactory()
    answer = client_of(learner).post(BEAT, body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["title"]
    assert not learner.enrolments.exists()


def test_spans_are_kept_within_the_video_sorted_and_joined():
    spans = [[5000, 4000], [3000, 4000], [-5, 1000], [900.4, 99999], [10**30, 10**31]]
    payload = recording.watched_payload(session=SESSION, spans=spans, position_ms=1e9, duration_ms=10_000)
    assert payload["spans"] == [[0, 10_000]]
    assert payload["position_ms"] == 10_000


def test_a_beacon_at_the_end_of_a_page_comes_as_a_form(client_of, cinema):
    learner = UserFactory()
    body = json.dumps({"session": SESSION, "seq": 1, "spans": [[0, 1000]], "position_ms": 1000})
    assert client_of(learner).post(BEAT, {"beat": body}).status_code == 204
    assert lesson(learner).position_ms == 1000


def test_nothing_is_kept_of_a_visitor(client, cinema):
    assert beat(client, [[0, 1000]]).status_code == 204
    assert client.post("/courses/cinema/film/do/watched/").status_code == 302
    assert not Enrolment.objects.exists()


def test_a_broken_file_is_said_to_its_authors_only(client, client_of, tmp_path):
    course = film_course(tmp_path / "broken", film=mp4()[:-100], slug="broken")
    editor = UserFactory()
    CourseEditor.objects.create(course=course, person=editor)
    page = client.get("/courses/broken/film/").content.decode()
    assert "The video cannot be shown" in page
    assert "<video" not in page
    assert "First the click." in page
    assert "For you as an author" not in page
    assert "For you as an author" in client_of(editor).get("/courses/broken/film/").content.decode()


def test_a_beat_is_cheap(client_of, cinema, settings):
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
    cache.clear()
    client = client_of(UserFactory())
    client.post("/courses/cinema/film/do/opened/")
    beat(client, [[0, 500]], position=500)
    assert count_statements(lambda: beat(client, [[0, 700]], position=700)) <= 5
