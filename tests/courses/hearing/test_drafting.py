"""A machine drafts captions: it speaks here, is heard by the job, and what a person wrote meanwhile stays."""

import json
import subprocess
import wave

import imageio_ffmpeg
import numpy as np
import pytest
from hibari import SAMPLE_RATE

from courses.jobs_making import folder_of, run_media_job
from courses.making import ears, hearing, speech
from courses.making.listening import Word
from courses.models import LessonText, MediaJob
from courses.narration.voice import hibari_voice
from courses.services.captioning import remove_track, save_track, track_of
from courses.webvtt import parse
from tests.courses.films import film_course
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.bystander]
SENTENCE = "Every borrowing request starts with one question."


def film():
    return LessonText.objects.select_related("lesson__course").get(lesson__uid="film")


@pytest.fixture(scope="module")
def spoken(tmp_path_factory):
    """A film of three seconds in which somebody speaks; its picture is left out, as nobody looks."""
    folder = tmp_path_factory.mktemp("spoken")
    samples = hibari_voice(seed=1)(SENTENCE)
    with wave.open(str(folder / "voice.wav"), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE)
        out.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    target = folder / "film.mp4"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-i", str(folder / "voice.wav")]
    subprocess.run([*command, "-c:a", "aac", "-movflags", "+faststart", str(target)], check=True, timeout=60)
    return target.read_bytes()


@pytest.fixture
def owner():
    return UserFactory()


@pytest.fixture
def job(tmp_path, spoken, owner):
    """A lesson without captions, and the job that is to draft them."""
    film_course(tmp_path / "in", film=spoken, slug="cinema", owner=owner)
    remove_track(text=film(), language="en", base=track_of(film(), "en").sha, actor=owner)
    return hearing.begin_draft(text=film(), actor=owner)


def heard(monkeypatch, *, meanwhile=lambda: None):
    def listen(sound, kept, tell):
        meanwhile()
        tell(50)
        return [Word("Heard.", 0.0, 1.0)]

    monkeypatch.setattr(ears, "listen", listen)


def test_what_is_said_becomes_a_draft_that_nobody_publishes_unread(job):
    assert run_media_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.said, job.progress) == ("done", "", 100)
    track = track_of(film(), "en")
    assert track.draft
    assert " ".join(cue.plain.replace("\n", " ") for cue in track.document.cues) == SENTENCE
    assert track.document.cues[0].start_ms < 700
    assert not folder_of(job).exists()


def test_captions_that_a_person_made_meanwhile_stay(job, owner, monkeypatch):
    document = parse("WEBVTT\n\n00:00.000 --> 00:01.000\nBy hand\n")
    heard(
        monkeypatch,
        meanwhile=lambda: save_track(text=film(), language="en", base="", document=document, actor=owner),
    )
    run_media_job(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "theirs stay" in job.said
    assert track_of(film(), "en").document.cues[0].text == "By hand"


def test_a_worker_that_was_killed_is_not_heard_again_from_the_beginning(job, tmp_path):
    folder = folder_of(job)
    folder.mkdir(parents=True)
    run_sound = folder / "sound.wav"
    with wave.open(str(run_sound), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes(b"\0\0" * 32_000)
    (folder / "words.json").write_text(json.dumps([16_000, [["Kept.", 0.1, 0.9]]]))
    run_media_job(job.pk)
    assert [cue.text for cue in track_of(film(), "en").document.cues] == ["Kept."]


def test_silence_is_told_and_not_written(job, monkeypatch):
    monkeypatch.setattr(ears, "listen", lambda sound, kept, tell: [])
    run_media_job(job.pk)
    assert "Nothing was understood" in MediaJob.objects.get(pk=job.pk).said


def test_a_film_without_sound_is_told(job, monkeypatch):
    def deaf(source, target, tell):
        raise ears.NoSound

    monkeypatch.setattr(ears, "extract", deaf)
    run_media_job(job.pk)
    assert "There is no sound in this video" in MediaJob.objects.get(pk=job.pk).said


def test_the_button_files_one_job_and_the_page_says_how_far_it_is(job, client_of, owner):
    client = client_of(owner)
    url = "/author/courses/cinema/lessons/film/captions/en/"
    client.post(f"{url}draft/")
    assert MediaJob.objects.filter(kind="captions").count() == 1
    assert "The machine is listening: waiting" in client.get(url).content.decode()


@pytest.mark.parametrize(("language", "said"), [("en", ""), ("en-GB", ""), ("es", "understands English only")])
def test_what_the_machine_has_not_learnt_is_said(language, said):
    assert said in speech.why_not(language)
    assert bool(said) == bool(speech.why_not(language))


def test_without_the_media_packages_there_is_a_sentence(monkeypatch):
    monkeypatch.setattr(speech, "find_spec", lambda name: None)
    assert "not installed on this site" in speech.why_not("en")
