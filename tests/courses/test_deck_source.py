"""Decks as Markdown: what is written is read again, and what cannot be read says where."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.decks.source import DeckSource, SlideSource, SourceFault, read_source, tidy_items, tidy_words, write_source
from courses.narration.script import parse_script

NARRATIONS = sorted((Path(__file__).parents[2] / "media" / "courses").glob("*/narration/*.en.md"))
line = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), include_characters="#-*`<[1."), max_size=30)
shas = st.sampled_from(["", "a" * 64])


def tidied(text: str) -> str:
    try:
        return tidy_items(text)
    except SourceFault:
        return ""


slides = st.builds(
    SlideSource,
    heading=line.map(lambda text: " ".join(text.split())),
    items=st.lists(line, max_size=4).map(lambda lines: tidied("\n".join(lines))),
    words=st.lists(line, max_size=3).map(lambda lines: tidy_words("\n\n".join(lines))),
    opens_chapter=st.booleans(),
    sound=st.sampled_from(["words", "recording", "silent"]),
    seconds=st.integers(1, 600),
    picture=shas,
    recording=shas,
    described=line,
)
decks = st.builds(
    DeckSource,
    title=line.map(lambda text: text or "T"),
    slides=st.lists(slides, min_size=1, max_size=4).map(tuple),
    voice=st.sampled_from(["calm", "brisk"]),
    words_a_minute=st.integers(80, 260),
    pause_ms=st.integers(0, 10_000),
    says_voice=st.booleans(),
    language=st.sampled_from(["en", "es"]),
)


@given(decks)
def test_a_deck_that_is_written_is_read_again(deck):
    assert read_source(write_source(deck)) == deck


@given(st.lists(line, max_size=6).map("\n".join))
def test_what_stands_on_a_slide_is_tidy_after_one_pass(text):
    once = tidied(text)
    assert tidied(once) == once


@pytest.mark.parametrize("path", NARRATIONS, ids=lambda path: path.name)
def test_the_narrations_of_the_starter_course_are_decks(path):
    text = path.read_text("utf-8")
    deck, script = read_source(text), parse_script(text)
    assert [slide.heading for slide in deck.slides] == [slide.heading for slide in script.slides]
    assert [tuple(slide.words.split("\n\n")) for slide in deck.slides] == [slide.narration for slide in script.slides]
    assert deck.left == ()
    again = parse_script(text.split("---\n", 2)[0] + "---\ntitle: T\n---\n" + write_source(deck).split("---\n", 2)[2])
    assert [(slide.items, slide.picture, slide.narration, slide.opens_chapter) for slide in again.slides] == [
        (slide.items, slide.picture, slide.narration, slide.opens_chapter) for slide in script.slides
    ]


@pytest.mark.parametrize(
    ("text", "at", "says"),
    [
        ("Words.\n\n## A", 1, "before the first"),
        ("# A", 1, "Only “##”"),
        ("---\ntitle: [\n---\n## A", 2, "no YAML"),
        ("---\n- a\n---\n## A", 2, "name: value"),
        ("## A\n\n> quoted", 3, "Only lists"),
        ("## A\n\n```rows\nrows: [\n```", 3, "no YAML"),
        ("## A\n\n```slide\nvolume: 9\n```", 3, "knows only"),
        ("## A\n\n```slide\nseconds: 0\n```", 3, "from 1 to 600"),
        ("", 1, "no slide"),
        ("## A\n\n" * 121, 0, "more than 120"),
        ("x" * 400_001, 0, "too long"),
    ],
)
def test_what_cannot_be_read_says_where(text, at, says):
    with pytest.raises(SourceFault, match=says) as caught:
        read_source(text)
    assert caught.value.line == at


def test_lines_become_points_and_two_drawings_are_too_many():
    assert tidy_items("One\n# no heading".replace("# ", "")) == "- One\n- no heading"
    assert tidy_items("1. One\n2. Two") == "1. One\n2. Two"
    with pytest.raises(SourceFault, match="one drawing"):
        tidy_items("```rows\na: 1\n```\n\n```rows\na: 1\n```")


def test_what_is_not_used_is_said():
    assert read_source("---\ntitle: T\nmusic: loud\n---\n## A").left == (
        "“music” in the first lines is not used here.",
    )


ALIASES = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    + ["title: *a8"]
)


@pytest.mark.parametrize("head", [ALIASES, "[" * 1000, "title: " + "9" * 5000], ids=["aliases", "deep", "endless"])
def test_yaml_that_unfolds_to_more_than_memory_holds_is_refused(head):
    with pytest.raises(SourceFault, match="are no YAML"):
        read_source(f"---\n{head}\n---\n## A\n\nWords.\n")
    with pytest.raises(SourceFault, match="is no YAML"):
        read_source(f"## A\n\n```slide\n{head}\n```\n\nWords.\n")
    with pytest.raises(SourceFault, match="The drawing is no YAML"):
        tidy_items(f"```rows\n{head}\n```")


def test_a_day_in_a_drawing_is_text():
    """What is drawn goes on as JSON, which knows no days."""
    parsed = parse_script("---\ntitle: T\n---\n## H\n\n```rows\nsince: 2026-03-01\n```\n\nWords.\n")
    assert parsed.slides[0].picture.data == {"since": "2026-03-01"}
