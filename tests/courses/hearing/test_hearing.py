"""Narration heard: joined as written, drawn as asked, understood when heard back."""

from pathlib import Path

import numpy as np
import pytest

from courses.narration.captions import PAUSE_SENTENCE, Cue
from courses.narration.check import HeardWord, check_folder, check_video, plain
from courses.narration.pronounce import load_pronunciations
from courses.narration.script import parse_script
from courses.narration.slides import render_slides
from courses.narration.sound import beginning_of
from courses.narration.voice import LEAD, narrate

pytestmark = pytest.mark.media

ROOT = Path(__file__).parents[3]
COURSES = sorted(path.parent for path in (ROOT / "media" / "courses").glob("*/narration"))
SCRIPT = "---\ntitle: T\n---\n## A\n\n- shown\n\nOne. Two.\n\n## B\n\nThree.\n"


@pytest.mark.parametrize("folder", COURSES, ids=lambda path: path.name)
def test_every_committed_video_is_understood(folder):
    reports = check_folder(folder, pronunciations=load_pronunciations())
    assert len(reports) == len(list((folder / "narration").glob("*.en.md")))
    for report in reports:
        assert report.passed, str(report)
        assert report.timed > 20


def test_phrases_are_joined_with_silences_of_known_length():
    narration = narrate(parse_script(SCRIPT), speak=lambda text: np.full(1000, 0.5), pronunciations={}, rate=1000)
    starts = [cue.start for cue in narration.cues]
    assert [cue.text for cue in narration.cues] == ["One.", "Two.", "Three."]
    assert starts == pytest.approx([LEAD, LEAD + 1.0 + PAUSE_SENTENCE, narration.slides[0] + LEAD])
    for place in (round(start * 1000) for start in starts):
        assert (narration.samples[place - 1], narration.samples[place]) == (0, 0.5)
    assert sum(narration.slides) * 1000 == pytest.approx(len(narration.samples))


def test_a_slide_is_a_png_of_1280_by_720():
    pages = render_slides(parse_script(SCRIPT), font_folder=ROOT / "static" / "fonts")
    assert [page[:8] for page in pages] == [b"\x89PNG\r\n\x1a\n"] * 2
    assert [int.from_bytes(page[16:20]) for page in pages] == [1280] * 2
    assert [int.from_bytes(page[20:24]) for page in pages] == [720] * 2


def heard(text, *, late=0.0):
    return lambda film: [HeardWord(word, 1.0 + late + place) for place, word in enumerate(text.split())]


def report_of(listen):
    captions = [Cue(1.0, 4.0, "Twenty-five ISSN catalogues"), Cue(4.0, 6.0, "Then stop.")]
    return check_video("x", Path("x.mp4"), captions, listen=listen, pronunciations=load_pronunciations())


def test_the_same_words_in_another_spelling_are_no_error():
    report = report_of(heard("25 ISSN catalogs then stop"))
    assert (report.error_rate, report.offset, report.passed) == (0, 0, True)
    assert plain("The I.S.S.N. costs $15 on the twenty-second", load_pronunciations()) == (
        ["the", "issn", "costs", "15", "dollars", "on", "the", "22nd"]
    )


def test_a_wrong_word_and_a_late_caption_are_told():
    wrong = report_of(heard("25 ISSN catalogs then hop"))
    assert (wrong.error_rate, wrong.differences, wrong.passed) == (0.2, ("stop -> hop",), False)
    late = report_of(heard("25 ISSN catalogs then stop", late=0.4))
    assert (late.offset, late.passed) == (0.4, False)


def test_a_word_begins_where_sound_begins_near_it():
    assert beginning_of(1.3, 1.6, [0.2, 1.0, 1.7]) == 1.0
    assert beginning_of(5.0, 5.2, [1.0]) == 5.0
