"""WebVTT: what browsers read is what we read, whatever the file; what we write is read back as it was meant."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses import captions, webvtt

FILES = Path(__file__).parents[1] / "fixtures" / "webvtt"
STATED = sorted(str(path.relative_to(FILES)) for path in FILES.rglob("*.json"))
NAUGHTY = json.loads((FILES.parent / "naughty-strings" / "blns-half.json").read_text("utf-8"))

# Files that are not taken as captions, each with the reason that its author reads (``captions.SAID``).
REFUSED = {
    "cue-times/fraction-digits.vtt": "times",
    "cue-times/incorrect-delimiter.vtt": "times",
    "cue-times/missing-separator.vtt": "stray",
    "cuetext/format/double-line-break.vtt": "stray",
    "cuetext/lang/no-end-gt.vtt": "open-tag",
    "cuetext/tag-format/end-tag-no-gt.vtt": "open-tag",
    "cuetext/tag-format/no-closing-gt.vtt": "open-tag",
    "cuetext/tag-format/start-tag-missing-gt.vtt": "open-tag",
    "file-layout/blank-file-with-bom.vtt": "signature",
    "file-layout/bom-garbage-data.vtt": "signature",
    "file-layout/newline-before-webvtt.vtt": "signature",
    "file-layout/tab-after-bom-before-header.vtt": "signature",
    "integration/id.vtt": "times",
    "regions/line-break.vtt": "stray",
    # Regions without a single caption.
    "regions/bad-region.vtt": "none",
    "regions/id/bad-delimiter.vtt": "none",
    "regions/id/no-value.vtt": "none",
    "regions/id/space-before-delimiter.vtt": "none",
    "regions/lines/decimal-value.vtt": "none",
    "regions/lines/letter-in-value.vtt": "none",
    "regions/lines/space-before-delimiter.vtt": "none",
    "regions/no-space-after-delimiter.vtt": "none",
    "regions/regionanchor/incorrect-delimiter.vtt": "none",
    "regions/regionanchor/negative-percent.vtt": "none",
    "regions/regionanchor/no-percent.vtt": "none",
    "regions/regionanchor/percent-at-front.vtt": "none",
    "regions/regionanchor/space-after-delimiter.vtt": "none",
    "regions/regionanchor/two-periods.vtt": "none",
    "regions/scroll/correct.vtt": "none",
    "regions/scroll/space-after-delimiter.vtt": "none",
    "regions/space-before-delimiter.vtt": "none",
    "regions/viewportanchor/incorrect-delimiter.vtt": "none",
    "regions/viewportanchor/negative-percent.vtt": "none",
    "regions/viewportanchor/no-percent.vtt": "none",
    "regions/viewportanchor/percent-at-front.vtt": "none",
    "regions/viewportanchor/space-after-delimiter.vtt": "none",
    "regions/viewportanchor/two-periods.vtt": "none",
    "regions/width/incorrect-delimiter.vtt": "none",
    "regions/width/negative-percent.vtt": "none",
    "regions/width/percent-over.vtt": "none",
    "regions/width/space-after-delimiter.vtt": "none",
    "regions/width/two-periods.vtt": "none",
}


def document(name):
    return webvtt.parse((FILES / name).read_bytes().decode("utf-8"))


def as_region(region):
    return {
        "width": region.width,
        "lines": region.lines,
        "regionAnchorX": region.anchor[0],
        "regionAnchorY": region.anchor[1],
        "viewportAnchorX": region.viewport[0],
        "viewportAnchorY": region.viewport[1],
        "scroll": region.scroll,
    }


def as_cue(found, cue):
    """A cue in the words of the expected files, which call the middle ``middle`` and times seconds."""
    placing = found.placing(cue)
    middle = {"center": "middle"}
    return {
        "startTime": cue.start_ms / 1000,
        "endTime": cue.end_ms / 1000,
        "id": cue.id,
        "text": cue.text,
        "pauseOnExit": False,
        "region": as_region(placing.region) if placing.region else "",
        "vertical": placing.vertical,
        "line": "auto" if placing.line is None else placing.line,
        "snapToLines": placing.snap,
        "lineAlign": middle.get(placing.line_align, placing.line_align),
        "position": "auto" if placing.position is None else placing.position,
        "positionAlign": middle.get(placing.position_align, placing.position_align),
        "size": placing.size,
        "align": middle.get(placing.align, placing.align),
    }


@pytest.mark.parametrize("name", STATED)
def test_a_file_gives_the_cues_that_are_stated(name):
    found = document(name.replace(".json", ".vtt"))
    stated = json.loads((FILES / name).read_text("utf-8"))
    assert [as_cue(found, cue) for cue in found.cues] == stated["cues"]
    assert [as_region(region) for region in found.regions] == stated["regions"]


def test_the_files_that_are_refused_are_these_and_for_these_reasons():
    found = {}
    for path in sorted(FILES.rglob("*.vtt")):
        name = str(path.relative_to(FILES))
        grave = [each for each in captions.findings(document(name)) if each.grave]
        if grave:
            found[name] = grave[0].key
            assert all(each.sentence and each.line > 0 for each in grave)
    assert len(STATED) == 73
    assert found == REFUSED


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("WEBVTT\n\n00:02.000 --> 00:01.000\nBack\n", 3, "backwards"),
        ("WEBVTT\n\n00:01.000 --> 00:03.000\nOne\n\n00:02.000 --> 00:04.000\nTwo\n", 6, "overlap"),
        ("WEBVTT\n\n00:05.000 --> 00:06.000\nOne\n\n00:02.000 --> 00:04.000\nTwo\n", 6, "order"),
        ("WEBVTT\n\n00:01.000 --> 00:05.000\n" + "x" * 43, 3, "long-line"),
        ("WEBVTT\n\n00:01.000 --> 00:03.000\na\nb\nc", 3, "many-lines"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nTwenty-one characters", 3, "fast"),
        ("WEBVTT\n\n00:01.000 --> 00:09.000\nLong", 3, "long"),
        ("WEBVTT\n\n00:10.000 --> 00:11.000\nLate", 3, "after-end"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<font red>Red", 3, "tag"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000 colour:red\nRed", 3, "settings"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n", 3, "empty"),
        ("WEBVTT\n\nREGION\nwidth:40%\n\n00:01.000 --> 00:02.000\nHere", 5, "region"),
    ],
)
def test_each_thing_that_is_told_has_its_line(text, line, key):
    found = captions.findings(webvtt.parse(text), duration_ms=10_000)
    assert [(each.line, each.key) for each in found] == [(line, key)]
    assert "%(" not in found[0].sentence


def test_sound_captions_are_told_nothing():
    text = "WEBVTT\n\nNOTE who wrote it\n\n1\n00:01.000 --> 00:02.000 align:start\n<v Rosa>Twenty characters it\n"
    assert captions.findings(webvtt.parse(text), duration_ms=10_000) == []


def test_notes_styles_and_regions_are_kept_word_by_word():
    notes = ("NOTE first", "STYLE\n::cue { color: red }", "REGION\nid:low\nwidth:40%")
    text = webvtt.write([webvtt.Cue(0, 1000, "x", settings="region:low")], others=notes)
    found = webvtt.parse(text)
    assert found.others == notes
    assert found.placing(found.cues[0]).region.width == 40


def test_speakers_stand_in_the_transcript_where_they_change():
    said = ("<v Rosa>One", "<v Rosa>Two", "<v.loud Ben &amp; Co>Three &lt;")
    text = webvtt.write(webvtt.Cue(at * 1000, at * 1000 + 900, words) for at, words in enumerate(said))
    assert captions.transcript(webvtt.parse(text).cues) == "Rosa: One\nTwo\nBen & Co: Three <\n"


# What is written is read back

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(NAUGHTY)
stamps = st.integers(0, webvtt.MAX_MS)


def made(start, lasts, text):
    return webvtt.Cue(start, start + lasts, webvtt.typed(text))


some_cues = st.lists(st.builds(made, stamps, st.integers(1, 20_000), words), max_size=8)


def letters(cues):
    return "".join("".join(cue.plain.split()) for cue in cues)


@given(some_cues)
def test_written_captions_are_read_back(cues):
    found = webvtt.parse(webvtt.write(cues))
    assert list(found.cues) == cues
    assert found.faults == ()


@given(words)
def test_typed_words_are_shown_as_they_were_typed(text):
    kept = webvtt.typed(text)
    assert webvtt.typed(webvtt.editable(kept)) == kept
    if not webvtt.TAG.search(text):
        assert "".join(webvtt.plain(kept).split()) == "".join(text.replace("\0", "\ufffd").split())


@given(
    st.text(max_size=400)
    | st.lists(
        st.sampled_from(["WEBVTT", "", "00:01.000 --> 00:02.000", "-->", "NOTE", "REGION", "<v", "x"]), max_size=20
    ).map("\n".join)
)
def test_no_text_is_an_error(text):
    for each in (text, f"WEBVTT\n\n{text}"):
        for finding in captions.findings(webvtt.parse(captions.from_srt(each)), duration_ms=5000):
            assert finding.sentence
        assert isinstance(captions.trouble(each.encode("utf-8", "surrogatepass")), str)
    captions.typed_time(text)


@given(some_cues, st.integers(-webvtt.MAX_MS, webvtt.MAX_MS), st.integers(0, 7), st.none() | st.integers(0, 70))
def test_changing_times_and_places_keeps_words_and_order(cues, by, place, at):
    moved = captions.shifted(cues, by)
    assert [cue.text for cue in moved] == [cue.text for cue in cues]
    assert [cue.end_ms - cue.start_ms for cue in moved] == [cue.end_ms - cue.start_ms for cue in cues]
    assert all(cue.start_ms >= 0 for cue in moved)
    assert letters(captions.ordered(captions.ordered(cues))) == letters(captions.ordered(cues))
    if place < len(cues):
        assert letters(captions.merged(cues, place)) == letters(cues)
        parted = captions.split(cues, place, at=at)
        assert len(parted) == len(cues) + 1
        assert parted[place].end_ms == parted[place + 1].start_ms
        if not webvtt.TAG.search(cues[place].text):
            assert letters(parted) == letters(cues)
            assert letters(captions.merged(parted, place)) == letters(cues)


@given(stamps)
def test_a_time_that_is_shown_can_be_typed(ms):
    assert captions.typed_time(captions.shown_time(ms)) == ms
    assert webvtt.stamp(webvtt.clock(ms)) == ms


@pytest.mark.parametrize(
    ("text", "ms"),
    [("12", 12_000), ("1:02,5", 62_500), ("0:90", None), ("1:2:3.04", 3_723_040), ("-1", None), ("1.2.3", None)],
)
def test_times_as_people_type_them(text, ms):
    assert captions.typed_time(text) == ms


def test_subrip_becomes_webvtt():
    blocks = [
        "1\r\n00:00:01,000 --> 00:00:02,5\r\n<font color='red'>Hello</font> {\\an8}there\r\n1984",
        "2\r\n00:00:03,000 --> 00:00:04,000\r\nBye\r\n",
    ]
    srt = "\r\n\r\n".join(blocks)
    found = webvtt.parse(captions.from_srt(srt))
    assert [(cue.start_ms, cue.end_ms, cue.text) for cue in found.cues] == [
        (1000, 2500, "Hello there\n1984"),
        (3000, 4000, "Bye"),
    ]
    assert found.faults == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_files_are_decoded(encoding):
    assert captions.decoded("WEBVTT é".encode(encoding)) == "WEBVTT é"


def test_a_file_in_another_encoding_is_told_so():
    with pytest.raises(captions.BadCaptions):
        captions.decoded("WEBVTT é".encode("latin-1"))


def test_a_time_without_end_is_no_time():
    document = webvtt.parse(f"WEBVTT\n\n{'9' * 5000}:00.000 --> 00:02.000\nx\n")
    assert [fault.key for fault in document.faults] == ["times"]
    assert document.cues == ()
