"""Narration sources, captions, pronunciations and the lock: all that needs no voice."""

import json
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from courses import captions as reader
from courses.management.commands import make_media
from courses.narration import captions
from courses.narration.captions import Cue
from courses.narration.lock import NAME, Heard, read_lock, record_hearing, refresh
from courses.narration.pronounce import Pronunciation, for_voice, load_pronunciations
from courses.narration.script import ScriptError, parse_script

SOURCE = """---
title: Two stops
cloth: lend
---

## The first stop

```rows
rows:
  - {text: Mesa Ridge College}
```

- A **strong** word
- And `code`

We begin here.
It goes on.

A second paragraph.

---

Still the first stop.

## The second stop

1. Only this

We end here.
"""


def test_a_source_becomes_slides():
    script = parse_script(SOURCE)
    first, further, last = script.slides
    assert (script.title, script.cloth, script.words) == ("Two stops", "lend", 16)
    assert (first.heading, first.ordered, first.opens_chapter) == ("The first stop", False, True)
    assert first.narration == ("We begin here. It goes on.", "A second paragraph.")
    assert first.picture is not None
    assert (first.picture.kind, first.picture.data) == ("rows", {"rows": [{"text": "Mesa Ridge College"}]})
    assert [[(run.text, run.strong, run.mono) for run in item] for item in first.items] == [
        [("A ", False, False), ("strong", True, False), (" word", False, False)],
        [("And ", False, False), ("code", False, True)],
    ]
    assert (further.heading, further.opens_chapter) == ("The first stop", False)
    assert (last.ordered, last.narration) == (True, ("We end here.",))


HEAD = "---\ntitle: T\n---\n"


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("## No head\n\nWords.\n", 1, "front matter is missing"),
        ("---\ncloth: lend\n---\n## A\n\nWords.\n", 2, "needs 'title'"),
        ("---\ntitle: T\nvoice: emma\n---\n## A\n\nWords.\n", 2, "knows besides it only"),
        ("---\ntitle: [\n---\n## A\n\nWords.\n", 2, "not YAML"),
        (HEAD + "\nWords.\n\n## A\n\nWords.\n", 5, "before the first"),
        (HEAD + "## Silent\n\n- shown\n\n## B\n\nWords.\n", 4, "'Silent' is silent"),
        (HEAD + "## A\n\n### B\n\nWords.\n", 6, "only '##'"),
        (HEAD + "## A\n\n> quoted\n\nWords.\n", 6, "has no place here"),
        (HEAD + "## A\n\n```rows\nrows: [\n```\n\nWords.\n", 6, "picture is not YAML"),
        (HEAD + "## A\n\n```\na: 1\n```\n\nWords.\n", 6, "a picture is a block like"),
        (HEAD, 4, "there is no slide"),
    ],
)
def test_a_source_that_cannot_be_read_says_where_and_why(source, line, message):
    with pytest.raises(ScriptError, match=message) as caught:
        parse_script(source)
    assert caught.value.line == line
    assert str(caught.value).startswith(f"line {line}: ")


def test_sentences_end_where_a_reader_would_stop():
    text = "Dr. Ito paid 15.00 to J. Lind. “Is it ours?” Yes! See vol. 12 and p. 3. Then stop."
    assert captions.sentences(text) == [
        "Dr. Ito paid 15.00 to J. Lind.",
        "“Is it ours?”",
        "Yes!",
        "See vol. 12 and p. 3.",
        "Then stop.",
    ]


def test_a_long_sentence_is_spoken_in_clauses_and_pauses_grow_with_the_break():
    clause = "A clause that is as long as one line is, "
    spoken = captions.phrases([f"Short. {clause * 3}and it ends.", "Next."])
    assert [phrase.text for phrase in spoken] == ["Short.", (clause * 2).strip(), f"{clause}and it ends.", "Next."]
    assert [phrase.pause for phrase in spoken] == [
        captions.PAUSE_SENTENCE,
        captions.PAUSE_CLAUSE,
        captions.PAUSE_PARAGRAPH,
        captions.PAUSE_PARAGRAPH,
    ]


words = st.lists(st.text("abcdefgh-’", min_size=1, max_size=14), min_size=1, max_size=60)


@given(words)
def test_cues_fit_two_lines_keep_every_word_and_fill_the_time(pieces):
    text = " ".join(pieces)
    made = list(captions.cues(text, 2.0, 12.0))
    assert " ".join(cue.text for cue in made) == text
    assert (made[0].start, made[-1].end) == (2.0, 12.0)
    assert all(before.end == after.start for before, after in pairwise(made))
    lines = [captions.wrap(cue.text).split("\n") for cue in made]
    assert all(len(shown) <= 2 and max(map(len, shown)) <= 42 for shown in lines)


def test_a_caption_stays_over_a_short_silence_only():
    shown = captions.bridged([Cue(0, 1, "a"), Cue(1.4, 2, "b"), Cue(4, 5, "c")])
    assert [(cue.start, cue.end) for cue in shown] == [(0, 1.4), (1.4, 2), (4, 5)]


def test_what_is_written_as_webvtt_is_read_again():
    text = "A long line that has to be broken in two, since it is longer than that"
    written = captions.webvtt([Cue(0.42, 3.1, "Q & A"), Cue(3661.5, 3662.25, text)])
    assert "00:00:00.420 --> 00:00:03.100\nQ &amp; A" in written
    assert [(cue.start_ms, cue.end_ms) for cue in reader.cues(written)] == [(420, 3100), (3661500, 3662250)]
    assert reader.cues(written)[1].text == text


def test_each_heading_is_a_chapter():
    marks = captions.chapters(parse_script(SOURCE), [1.5, 2.0, 4.0])
    assert marks == [Cue(0.0, 3.5, "The first stop"), Cue(3.5, 7.5, "The second stop")]


LISTED = {"ILL": Pronunciation(phonemes="ˌIˌɛlˈɛl"), "WillSupply": Pronunciation(spoken="will supply")}


def test_listed_words_are_said_as_the_list_says():
    assert for_voice("“ILL” is not ILLNESS, and WillSupply isn’t SKILL.", LISTED) == (
        "[ILL](/ˌIˌɛlˈɛl/) is not ILLNESS, and will supply isn’t SKILL."
    )


def test_the_list_names_the_acronyms_of_the_field():
    assert {"ILL", "ISSN", "ISBN", "OCLC", "DOI", "CONTU", "RUSA", "CCG", "CCL"} <= set(load_pronunciations())


@pytest.mark.parametrize(
    ("entry", "message"), [("no: {spoken: no}", "quotation marks"), ("ILL: {heard: [ill]}", "needs")]
)
def test_a_pronunciation_that_says_nothing_is_refused(tmp_path, entry, message):
    (tmp_path / "list.yaml").write_text(entry)
    with pytest.raises(ValueError, match=message):
        load_pronunciations(tmp_path / "list.yaml")


@pytest.fixture
def course(tmp_path):
    (tmp_path / "narration").mkdir()
    for uid in ("one", "two"):
        (tmp_path / "narration" / f"{uid}.en.md").write_text(SOURCE.replace("We end here", f"We end in {uid} with ILL"))
    return tmp_path


def made_by(course, *, pronunciations=LISTED, force=False):
    return refresh(
        course,
        pronunciations=pronunciations,
        render=lambda uid, source: {".mp4": f"{uid} film of {source}".encode(), ".en.vtt": b"WEBVTT"},
        force=force,
    )


def test_only_what_changed_is_rendered(course):
    assert made_by(course) == ["one", "two"]
    assert (course / "media" / "one.en.vtt").read_bytes() == b"WEBVTT"
    assert made_by(course) == []
    source = course / "narration" / "two.en.md"
    source.write_text(source.read_text() + "\nOne sentence more.\n")
    assert made_by(course) == ["two"]
    assert made_by(course) == []
    assert made_by(course, force=True) == ["one", "two"]


def test_a_file_that_was_touched_or_lost_is_made_again(course):
    made_by(course)
    (course / "media" / "one.mp4").write_bytes(b"cut off")
    (course / "media" / "two.en.vtt").unlink()
    assert made_by(course) == ["one", "two"]
    assert b"film" in (course / "media" / "one.mp4").read_bytes()


def test_a_pronunciation_counts_only_where_it_is_used(course):
    made_by(course)
    assert made_by(course, pronunciations=LISTED | {"OCLC": Pronunciation(spoken="o c l c")}) == []
    heard = Pronunciation(phonemes=LISTED["ILL"].phonemes, heard=("ill",))
    assert made_by(course, pronunciations=LISTED | {"ILL": heard}) == [], "what a listener may write changes no sound"
    assert made_by(course, pronunciations=LISTED | {"ILL": Pronunciation(spoken="i l l")}) == ["one", "two"]


def test_a_source_that_is_gone_leaves_the_lock(course):
    made_by(course)
    (course / "narration" / "one.en.md").unlink()
    assert made_by(course) == []
    assert set(json.loads((course / NAME).read_text())) == {"two"}


def test_a_hearing_is_noted_until_the_video_is_made_again(course):
    made_by(course)
    record_hearing(course, {"one": Heard(12, 80), "gone": Heard(0, 0)})
    assert {uid: row.heard for uid, row in read_lock(course).items()} == {"one": Heard(12, 80), "two": None}
    assert made_by(course) == []
    assert read_lock(course)["one"].heard == Heard(12, 80)
    made_by(course, force=True)
    assert read_lock(course)["one"].heard is None


def test_a_run_that_is_stopped_keeps_what_it_made(course):
    def render(uid, source):
        if uid == "two":
            raise KeyboardInterrupt
        return {".mp4": b"film"}

    with pytest.raises(KeyboardInterrupt):
        refresh(course, pronunciations=LISTED, render=render)
    assert set(read_lock(course)) == {"one"}


def test_the_command_says_how_to_get_what_it_needs(course, monkeypatch):
    def missing(name):
        raise ModuleNotFoundError("No module named 'hibari'", name="hibari")

    monkeypatch.setattr(make_media, "import_module", missing)
    with pytest.raises(CommandError, match=r"hibari is missing.*make media"):
        call_command("make_media", str(course))


def test_the_command_names_file_and_line(course, monkeypatch):
    class Engine:
        @staticmethod
        def make_video(source, **_):
            parse_script(source)

    monkeypatch.setattr(make_media, "import_module", lambda name: Engine)
    (course / "narration" / "one.en.md").write_text(HEAD + "## Silent\n")
    with pytest.raises(CommandError, match=r"narration/one\.en\.md: line 4: the slide 'Silent' is silent"):
        call_command("make_media", str(course))


def test_the_command_refuses_a_folder_without_narration(tmp_path):
    with pytest.raises(CommandError, match="no folder 'narration'"):
        call_command("make_media", str(tmp_path))
