"""The jobs of decks: a video out of slides, what a killed worker left, what is put into the lesson."""

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from core.errors import Conflict, InvalidInput
from courses import captions
from courses.jobs_making import run_media_job
from courses.making import decks as making
from courses.models import CourseMedia, LessonText, MediaFile, MediaJob
from courses.narration import clips
from courses.narration.voices import Voice
from courses.selectors import decks as shown
from courses.services import deck_videos
from courses.services.making import cancel
from tests.courses.office import PIXEL
from tests.factories.accounts import UserFactory
from tests.factories.courses import draft_course
from tests.factories.decks import SlideFactory, deck_of

pytestmark = [pytest.mark.django_db, pytest.mark.bystander]


def hum(text: str) -> np.ndarray:
    return (np.sin(np.arange(len(text) * 400) / 9) * 0.3).astype(np.float32)


@pytest.fixture(autouse=True)
def voice(monkeypatch, settings, tmp_path_factory):
    """A voice that hums, and pages that were drawn once for all tests."""
    found = {"calm": Voice("calm", "Calm", "en", 24_000, lambda pace: hum)}
    monkeypatch.setattr(shown, "voices", lambda: found)
    monkeypatch.setattr(making, "voices", lambda: found)
    settings.WORK_DIR = str(tmp_path_factory.getbasetemp() / "deck-jobs")


@pytest.fixture
def actor():
    return UserFactory()


@pytest.fixture
def course(actor):
    return draft_course(
        owner=actor, lessons=[("video", "theses", {"body": "", "video": {}}), ("text", "words", {"title": "Words"})]
    )


@pytest.fixture
def deck(course):
    return deck_of("Ask the school.", "Then wait a little.", course=course, lesson_uid="theses", says_voice=False)


def made(deck, actor, *, use=False) -> MediaJob:
    job = deck_videos.begin_video(deck=deck, use=use, actor=actor)
    run_media_job(job.pk)
    job.refresh_from_db()
    return job


@pytest.fixture
def counted(monkeypatch):
    """How many clips were really made."""
    found = []
    make = clips.Studio._make

    def count(self, plan, folder):
        found.append(plan.heading)
        make(self, plan, folder)

    monkeypatch.setattr(clips.Studio, "_make", count)
    return found


def test_a_deck_becomes_a_video_and_goes_into_its_lesson_when_the_author_says(deck, actor):
    job = made(deck, actor)
    assert (job.state, job.said) == ("done", "")
    files = job.made["files"]
    assert {key: name for key, (name, _sha) in files.items()} == {
        "file": "theses.mp4",
        "small": "theses.small.mp4",
        "poster": "theses.jpg",
        "captions": "theses.en.vtt",
        "chapters": "theses.chapters.vtt",
    }
    rows = {key: MediaFile.objects.get(sha256=sha) for key, (_name, sha) in files.items()}
    assert {row.fault for row in rows.values()} == {""}
    assert abs(rows["file"].duration_ms - job.made["seconds"] * 1000) < 100
    with default_storage.open(rows["captions"].path) as file:
        assert [cue.text for cue in captions.cues(file.read().decode())] == ["Ask the school.", "Then wait a little."]
    text = LessonText.objects.get(lesson__uid="theses")
    assert text.content["video"] == {}
    assert not CourseMedia.objects.filter(course=deck.course).exists()
    text = deck_videos.use_video(deck=deck, made=job.made, actor=actor)
    assert text.content["video"] == {key: f"media/{name}" for key, (name, _sha) in files.items()}
    assert CourseMedia.objects.filter(course=deck.course).count() == 5


def test_another_video_leaves_the_files_of_the_last_one(deck, actor):
    first = made(deck, actor, use=True)
    assert first.made["used"]
    deck.slides.filter(heading="B").update(words="Something else.")
    second = made(deck, actor, use=True)
    text = LessonText.objects.get(lesson__uid="theses")
    assert text.content["video"]["file"] == "media/theses-2.mp4"
    names = dict(CourseMedia.objects.filter(course=deck.course).values_list("name", "media__sha256"))
    assert names["theses.mp4"] == first.made["files"]["file"][1]
    assert names["theses-2.mp4"] == second.made["files"]["file"][1]


def test_only_the_slide_that_changed_is_made_again(deck, actor, counted):
    made(deck, actor)
    counted.clear()
    made(deck, actor)
    assert counted == []
    deck.slides.filter(heading="B").update(words="Something that was never said before.")
    made(deck, actor)
    assert counted == ["B"]


def test_a_killed_worker_goes_on_with_the_clips_it_has(deck, actor, counted, monkeypatch):
    class Killed(BaseException):
        pass

    deck.slides.filter(heading="A").update(words="Before the worker was killed.")
    deck.slides.filter(heading="B").update(words="And after it was killed.")
    job = deck_videos.begin_video(deck=deck, use=False, actor=actor)
    count = clips.Studio._make

    def die(self, plan, folder):
        if plan.heading == "B":
            raise Killed
        count(self, plan, folder)

    with monkeypatch.context() as patch:
        patch.setattr(clips.Studio, "_make", die)
        with pytest.raises(Killed):
            run_media_job(job.pk)
    MediaJob.objects.filter(pk=job.pk).update(claimed_at="2020-01-01T00:00Z")
    assert run_media_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts, counted) == ("done", 2, ["A", "B"])


def test_what_stands_in_the_way_is_said_and_nothing_is_made(deck, actor, counted):
    deck.slides.filter(heading="B").update(words="")
    job = made(deck, actor)
    assert (job.state, job.said) == ("failed", "Slide 2 has no narration. Write it, or show it silently")
    assert counted == []


def test_it_stops_when_the_author_says_so(deck, actor, monkeypatch):
    deck.slides.update(words="Nobody ever hears this one to its end.")
    job = deck_videos.begin_video(deck=deck, use=False, actor=actor)
    speak = clips.Studio._make

    def stopped(self, plan, folder):
        speak(self, plan, folder)
        MediaJob.objects.filter(pk=job.pk).update(cancel_asked_at="2026-01-01T00:00Z")

    monkeypatch.setattr(clips.Studio, "_make", stopped)
    monkeypatch.setattr(making, "beating", lambda report, do, percent, step: (report(percent, step), do())[1])
    run_media_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.made) == ("cancelled", {})
    with pytest.raises(Conflict):
        cancel(job=job)


def test_one_video_is_made_at_a_time(deck, actor):
    first = deck_videos.begin_video(deck=deck, use=False, actor=actor)
    assert deck_videos.begin_video(deck=deck, use=False, actor=actor) == first


def test_the_voice_says_that_it_is_a_computer(deck, actor):
    deck.says_voice = True
    deck.save()
    job = made(deck, actor)
    row = MediaFile.objects.get(sha256=job.made["files"]["captions"][1])
    with default_storage.open(row.path) as file:
        shown_cues = captions.cues(file.read().decode())
    assert shown_cues[-1].text == "The voice in this video is made by a computer."
    assert shown_cues[-1].end_ms <= job.made["seconds"] * 1000


def test_a_slide_can_be_heard_and_its_clip_is_used_by_the_video(deck, actor, counted):
    deck.slides.filter(heading="B").update(words="This is heard first.")
    row = deck.slides.get(heading="B")
    job = deck_videos.begin_listening(slide=row, actor=actor)
    assert deck_videos.begin_listening(slide=row, actor=actor) == job
    run_media_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.made["version"]) == ("done", row.version)
    assert (making.kept_clips().get(job.made["key"]) / "sound.pcm").stat().st_size > 10_000
    made(deck, actor)
    assert counted.count("B") == 1


def test_silent_slides_make_a_film_without_captions_and_what_they_show_stands_below(deck, actor):
    name = default_storage.save("aa/" + "a" * 64, ContentFile(PIXEL))
    file = MediaFile.objects.create(sha256="a" * 64, size=len(PIXEL), type="image/png")
    assert name == file.path
    deck.slides.all().delete()
    SlideFactory(
        deck=deck,
        heading="Shelf",
        items="",
        words="",
        sound="silent",
        seconds=2,
        picture=file,
        described="A *red* shelf",
    )
    job = made(deck, actor, use=True)
    assert (job.state, job.made.get("used"), "captions" in job.made["files"]) == ("done", True, False), job.said
    text = LessonText.objects.get(lesson__uid="theses")
    assert text.content["body"] == "::: details What the slides show\n- **Shelf.** A \\*red\\* shelf\n:::\n"


def test_a_video_needs_a_video_lesson(deck, actor):
    job = made(deck, actor)
    deck.lesson_uid = "words"
    with pytest.raises(InvalidInput):
        deck_videos.use_video(deck=deck, made=job.made, actor=actor)
    deck.lesson_uid = ""
    with pytest.raises(InvalidInput):
        deck_videos.begin_video(deck=deck, use=True, actor=actor)
    MediaFile.objects.filter(sha256=job.made["files"]["poster"][1]).delete()
    deck.lesson_uid = "theses"
    with pytest.raises(Conflict):
        deck_videos.use_video(deck=deck, made=job.made, actor=actor)
    assert LessonText.objects.get(lesson__uid="theses").content["video"] == {}
