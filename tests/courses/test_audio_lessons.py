"""A recording is a lesson of its own kind: played, counted and read as a video is."""

import pytest
from django.urls import reverse

from courses.media_probe import examine, probe
from courses.models import EditionPart
from courses.registry import LessonFacts, kinds
from courses.services.exporting import export_archive
from courses.services.importing import import_folder
from courses.services.media import store_all
from tests.courses.films import CAPTIONS
from tests.courses.real_films import make
from tests.factories.courses import publish_course

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="session")
def recordings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recordings")
    return {sort: make(folder / f"call.{sort}", size="", seconds=3) for sort in ("m4a", "mp3")}


@pytest.fixture
def course(tmp_path, recordings):
    captions = tmp_path / "call.vtt"
    captions.write_text(CAPTIONS)
    files = {path.name: examine(path) for path in (recordings["m4a"], captions)}
    content = {"audio": {"file": "media/call.m4a", "captions": "media/call.vtt"}, "body": "Mind the tone.\n"}
    return publish_course(
        slug="calls", lessons=[("audio", "call", {**content, "title": "A call"})], media=store_all(files, owner=None)
    )


@pytest.mark.parametrize("sort", ["m4a", "mp3"])
def test_the_length_of_a_recording_is_read_from_its_bytes(recordings, sort):
    found = examine(recordings[sort]).probe
    assert found.fault in ("", "slow-start")
    assert abs(found.duration_ms - 3000) < 120


def test_an_mp3_of_another_rate_has_its_length_too(tmp_path):
    path = make(tmp_path / "low.mp3", size="", seconds=4, more=["-ar", "22050", "-b:a", "32k"])
    with path.open("rb") as file:
        assert abs(probe(file, type="audio/mpeg").duration_ms - 4000) < 150


def test_the_page_plays_it_and_shows_its_transcript(client, course):
    page = client.get(reverse("courses:lesson", args=["calls", "call"])).content.decode()
    assert "<audio controls" in page
    assert "<video" not in page
    assert "Then the parcel." in page
    assert 'kind="captions"' in page
    assert "data-full" not in page


def test_listening_and_reading_count_as_watching_does(course):
    kind = kinds["audio"]
    assert kind.verdict({}, LessonFacts(watched_ms=2800, duration_ms=3000)).done
    assert kind.verdict({}, LessonFacts(transcript_read=True)).done
    (unmet,) = kind.verdict({}, LessonFacts(watched_ms=1500, duration_ms=3000)).unmet
    assert "50 %" in unmet
    part = EditionPart.objects.get(source__contains="call.m4a")
    assert abs(part.rendered["video"]["duration_ms"] - 3000) < 120


def test_without_a_transcript_it_is_not_published():
    kind = kinds["audio"]
    assert "no recording" in kind.unready({})[0][1]
    assert "no transcript" in kind.unready({"audio": {"file": "media/a.m4a"}})[0][1]
    whole = {"file": "media/a.m4a", "captions": "media/a.vtt"}
    assert kind.unready({"audio": whole}) == []
    assert kind.unready({"audio": {**whole, "captions_draft": True}})[0][0] == "audio.captions_draft"


def test_it_goes_into_a_folder_and_comes_back_the_same(tmp_path, course):
    archive = tmp_path / "calls.zip"
    with export_archive(course=course, draft=True) as packed:
        archive.write_bytes(packed.read())
    assert not import_folder(path=archive, actor=None).changed
