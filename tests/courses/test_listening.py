"""Heard words become captions that can be read: every word once, in order, short, and none at the same time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses import captions, webvtt
from courses.making.listening import Word, cues_of


def said(text, *, start=0.0, each=0.3, pause=0.0):
    """``text`` spoken evenly."""
    return [
        Word(word, round(start + at * (each + pause), 3), round(start + at * (each + pause) + each, 3))
        for at, word in enumerate(text.split())
    ]


def shown(words):
    return [" / ".join(cue.plain.split("\n")) for cue in cues_of(words)]


def test_a_sentence_is_a_caption_of_two_lines_at_most():
    assert shown(said("Every request starts here. Who else has this book, and will they lend it to us this week?")) == [
        "Every request starts here.",
        "Who else has this book, / and will they lend it to us this week?",
    ]


def test_a_long_sentence_breaks_at_its_clauses():
    text = (
        "When the parcel comes you look at the book first, because a torn page that you did not make yourself "
        "has to be reported on the same day, before anybody reads it."
    )
    assert shown(said(text, each=0.2)) == [
        "When the parcel comes you / look at the book first,",
        "because a torn page that you / did not make yourself has",
        "to be reported on the same day, / before anybody reads it.",
    ]


def test_stillness_ends_a_caption_and_short_forms_do_not():
    assert shown(said("Ask Dr. Moreau about vol. 3 of it")) == ["Ask Dr. Moreau about vol. 3 of it"]
    assert shown([*said("Wait for"), *said("the slip", start=5.0)]) == ["Wait for", "the slip"]


def test_a_short_word_stays_as_long_as_it_takes_to_read():
    (cue,) = cues_of([Word("Yes.", 1.0, 1.1)])
    assert (cue.start_ms, cue.end_ms) == (1000, 2000)


spoken = st.lists(
    st.tuples(
        st.text(st.characters(categories=["Lu", "Ll", "Nd", "Po"], exclude_characters="&<>"), min_size=1, max_size=25),
        st.floats(0.01, 3),
        st.floats(0, 3),
    ),
    max_size=40,
)


@given(spoken)
def test_every_word_is_shown_once_in_order_and_never_two_captions_at_once(given_words):
    words, at = [], 0.0
    for text, lasts, rest in given_words:
        words.append(Word(text, round(at, 3), round(at + lasts, 3)))
        at += lasts + rest
    cues = cues_of(words)
    assert " ".join(cue.plain for cue in cues).split() == [word.text for word in words]
    for before, cue in zip([None, *cues], cues, strict=False):
        assert cue.end_ms > cue.start_ms
        assert before is None or cue.start_ms >= before.end_ms
        lines = cue.plain.split("\n")
        assert len(lines) <= captions.LINES
        assert all(len(line) <= captions.LINE for line in lines)
    grave = [each for each in captions.findings(webvtt.Document(tuple(cues))) if each.grave]
    assert grave == [] or not cues


@pytest.mark.parametrize("words", [[], said("")])
def test_nothing_said_is_no_caption(words):
    assert cues_of(words) == []
