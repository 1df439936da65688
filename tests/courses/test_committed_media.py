"""The videos in the repository: whole, current, captioned, heard back and small."""

from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import call_command

from courses import captions, media_probe
from courses.narration.lock import digest, input_digest, read_lock
from courses.narration.pronounce import load_pronunciations
from courses.narration.script import parse_script

COURSES = Path(__file__).parents[2] / "media" / "courses"
SOURCES = sorted(COURSES.glob("*/narration/*.en.md"))
MEGABYTE = 1_000_000


@pytest.fixture(params=SOURCES, ids=lambda path: path.name)
def source(request):
    return request.param


def files_of(source):
    return source.parents[1] / "media" / source.name.removesuffix(".en.md")


def cues_of(source, ending):
    return captions.cues(files_of(source).with_suffix(ending).read_text("utf-8"))


def length_of(source):
    film = files_of(source).with_suffix(".mp4").read_bytes()
    found = media_probe.probe(BytesIO(film), type="video/mp4")
    assert found.fault == ""
    return found.duration_ms


def test_there_are_four_videos_and_they_are_small():
    assert len(SOURCES) >= 4
    assert sum(path.stat().st_size for path in COURSES.rglob("*") if path.is_file()) < 15 * MEGABYTE


def test_files_are_what_the_lock_says_and_were_made_from_this_source(source):
    made = read_lock(source.parents[1])[source.name.removesuffix(".en.md")]
    assert made.input == input_digest(source.read_text("utf-8"), load_pronunciations())
    assert {
        files_of(source).with_suffix(ending).name for ending in (".mp4", ".jpg", ".en.vtt", ".chapters.vtt")
    } == set(made.outputs)
    for name, sha in made.outputs.items():
        assert digest((source.parents[1] / "media" / name).read_bytes()) == sha


def test_it_was_heard_back_and_understood(source):
    heard = read_lock(source.parents[1])[source.name.removesuffix(".en.md")].heard
    assert heard is not None, "run make media-check and commit media.lock"
    assert heard.wrong_per_mille < 80
    assert heard.offset_ms <= 300


def test_it_is_short_and_so_are_its_slides(source):
    script = parse_script(source.read_text("utf-8"))
    assert 120_000 <= length_of(source) <= 240_000
    assert 280 <= script.words <= 560
    for slide in script.slides:
        shown = [slide.heading, *("".join(run.text for run in item) for item in slide.items)]
        assert len(" ".join(shown).split()) <= 25, slide.heading


def test_captions_say_the_narration_in_order_two_short_lines_at_a_time(source):
    shown = cues_of(source, ".en.vtt")
    script = parse_script(source.read_text("utf-8"))
    assert " ".join(cue.text for cue in shown) == " ".join(each for slide in script.slides for each in slide.narration)
    assert all(before.end_ms <= after.start_ms for before, after in pairwise(shown))
    assert shown[-1].end_ms <= length_of(source)
    text = files_of(source).with_suffix(".en.vtt").read_text("utf-8")
    blocks = [block.split("\n")[2:] for block in text.strip().split("\n\n")[1:]]
    assert all(len(lines) <= 2 and max(map(len, lines)) <= 42 for lines in blocks)


def test_chapters_cover_the_video(source):
    marks = cues_of(source, ".chapters.vtt")
    assert marks[0].start_ms == 0
    assert all(before.end_ms == after.start_ms for before, after in pairwise(marks))
    assert abs(marks[-1].end_ms - length_of(source)) <= 200
    assert [mark.text for mark in marks] == [each.heading for each in parse_script(source.read_text("utf-8")).slides]


@pytest.mark.parametrize("folder", sorted({path.parents[1] for path in SOURCES}), ids=lambda path: path.name)
def test_the_command_has_nothing_to_do(folder, capsys):
    call_command("make_media", str(folder))
    assert capsys.readouterr().out == "Nothing has changed.\n"
