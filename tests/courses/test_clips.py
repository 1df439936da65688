"""Decks slide by slide: which clips are made, how they are joined, and that captions and chapters fit."""

import os
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from courses import captions, media_probe
from courses.decks.kept import Kept
from courses.decks.pages import page_of
from courses.decks.source import SlideSource
from courses.narration.clips import ClipPlan, Studio, join, write_wave
from courses.narration.pronounce import load_pronunciations
from courses.narration.voices import Voice, speed_of, voices


@pytest.fixture(scope="session")
def work(tmp_path_factory) -> Path:
    """Pages and fonts are made once for all tests; what is kept under its digest cannot be wrong."""
    return tmp_path_factory.mktemp("work")


@pytest.fixture(autouse=True)
def own_folder(settings, work):
    settings.WORK_DIR = str(work)


def page(heading: str, **more) -> Path:
    slide = SlideSource(heading=heading, items="- A point", **more)
    return page_of(slide, first=False, title="T", cloth="lend", label="BOR 101", picture=None)


def hum(text: str) -> np.ndarray:
    """A voice that hums for as long as the text is."""
    return (np.sin(np.arange(len(text) * 400) / 9) * 0.3).astype(np.float32)


HUM = Voice("hum", "Hum", "en", 24_000, lambda pace: hum)


@pytest.fixture
def studio(tmp_path) -> Studio:
    return Studio(Kept(tmp_path / "clips", limit=1 << 30), HUM, 150, {})


def plans(count: int = 3) -> list[ClipPlan]:
    heads = [f"Slide {number}" for number in range(count)]
    return [ClipPlan(page(head), (f"What is said about {head}.",), heading=head, pause_ms=300) for head in heads]


def made(studio: Studio) -> set[str]:
    return {path.name for path in studio.kept.root.iterdir()} if studio.kept.root.exists() else set()


def test_changing_one_slide_makes_one_clip(studio):
    deck = plans()
    for plan in deck:
        studio.clip(plan)
    before = made(studio)
    assert len(before) == 3
    for change in (
        {"paragraphs": ("Something else is said.",)},
        {"page": page("Another look")},
        {"pause_ms": 900},
        {"paragraphs": (), "seconds": 4},
    ):
        changed = [deck[0], replace(deck[1], **change), deck[2]]
        for plan in changed:
            studio.clip(plan)
        assert len(made(studio) - before) == 1, change
        before = made(studio)
    for plan in reversed(deck):
        studio.clip(plan)
    assert made(studio) == before


def test_another_pace_or_pronunciation_makes_only_what_it_touches(studio):
    words = ClipPlan(page("A"), ("An ILL request.",))
    silent = ClipPlan(page("B"), seconds=3)
    keys = studio.key(words), studio.key(silent)
    quick = replace(studio, words_a_minute=190)
    assert quick.key(words) != keys[0]
    assert quick.key(silent) == keys[1]
    listed = replace(studio, pronunciations=load_pronunciations())
    assert listed.key(words) != keys[0]
    assert listed.key(replace(words, paragraphs=("Plain.",))) == studio.key(replace(words, paragraphs=("Plain.",)))


def test_joined_clips_are_as_long_as_they_are_and_captions_rise(studio, tmp_path):
    deck = [*plans(), ClipPlan(page("Silent"), seconds=2.5, heading="Silent", opens_chapter=False)]
    clips = [studio.clip(plan) for plan in deck]
    film = join(clips, deck, tmp_path, beat=lambda: None)
    assert film.seconds == pytest.approx(sum(clip.seconds for clip in clips))
    frames, seconds = imageio_ffmpeg.count_frames_and_secs(str(film.path))
    assert (frames, round(seconds, 2)) == (round(film.seconds * 10), round(film.seconds, 2))
    with film.path.open("rb") as file:
        found = media_probe.probe(file, type="video/mp4")
    assert found.fault == ""
    assert abs(found.duration_ms - film.seconds * 1000) <= 50
    shown = captions.cues(film.captions)
    assert [cue.text for cue in shown] == [plan.paragraphs[0] for plan in deck[:3]]
    assert all(this.end_ms <= following.start_ms for this, following in pairwise(shown))
    starts = [0.0, clips[0].seconds, clips[0].seconds + clips[1].seconds]
    assert [cue.start_ms for cue in shown] == [round((start + 0.4) * 1000) for start in starts]
    marks = captions.cues(film.chapters)
    assert [mark.text for mark in marks] == ["Slide 0", "Slide 1", "Slide 2"]
    assert (marks[0].start_ms, marks[-1].end_ms) == (0, round(film.seconds * 1000))


def test_an_own_recording_is_heard_with_its_words_over_it(studio, tmp_path):
    sound = tmp_path / "mine.wav"
    write_wave(sound, hum("x" * 120), 24_000)
    plan = ClipPlan(page("Mine"), ("One sentence. And another.",), recording=sound, recording_sha="a" * 64)
    clip = studio.clip(plan)
    assert clip.seconds == pytest.approx(2.0)
    assert [cue.text for cue in clip.cues] == ["One sentence.", "And another."]
    assert clip.cues[-1].end == pytest.approx(2.0)
    assert studio.key(replace(plan, recording_sha="b" * 64)) != studio.key(plan)


def test_the_least_recently_used_goes_first(tmp_path):
    kept = Kept(tmp_path / "kept", limit=250)
    for age, name in enumerate(["a", "b"]):
        folder = kept.make(name, lambda into: (into / "f").write_bytes(bytes(100)))
        os.utime(folder, (age, age))
    assert kept.get("a") is not None  # used now
    kept.make("c", lambda into: (into / "f").write_bytes(bytes(100)))
    assert (kept.get("a") is None, kept.get("b"), kept.get("c") is None) == (False, None, False)


def test_a_clip_that_fails_leaves_nothing(studio, tmp_path):
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"no sound")
    with pytest.raises(RuntimeError):
        studio.clip(ClipPlan(page("A"), recording=broken, recording_sha="a"))
    assert made(studio) == set()


def test_a_faster_pace_is_a_higher_speed():
    speeds = [speed_of(pace) for pace in range(80, 260, 5)]
    assert speeds == sorted(speeds)
    assert {voice.language for voice in voices().values()} >= {"en"}


def test_the_bundled_voice_speaks_two_short_slides(tmp_path):
    voice = voices()["calm"]
    studio = Studio(Kept(tmp_path / "clips", limit=1 << 30), voice, 150, load_pronunciations())
    deck = [ClipPlan(page("One"), ("Ask the school.",)), ClipPlan(page("Two"), ("Wait.",), heading="Two")]
    film = join([studio.clip(plan) for plan in deck], deck, tmp_path, beat=lambda: None)
    assert [cue.text for cue in captions.cues(film.captions)] == ["Ask the school.", "Wait."]
    assert 2 < film.seconds < 8
