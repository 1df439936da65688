"""The difference between two texts in words."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.diffing import ADDED, REMOVED, SAME, Piece, word_diff, words_changed

TEXTS = st.lists(st.sampled_from(["loan", "lends", " ", "\n", "\n\n", ".", "Ä", "\u2028", "x"]), max_size=30).map(
    "".join
)


@given(TEXTS, TEXTS)
def test_the_pieces_make_up_both_texts(before, after):
    pieces = word_diff(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.kind != REMOVED) == after
    assert all(piece.text for piece in pieces)
    assert all(one.kind != two.kind for one, two in pairwise(pieces))


@given(TEXTS)
def test_equal_texts_have_no_difference(text):
    assert word_diff(text, text) == ([Piece(SAME, text)] if text else [])


def test_a_changed_word_is_told_alone():
    pieces = word_diff("Ask the lender.\nThen wait.\n", "Ask the borrower.\nThen wait.\n")
    assert pieces == [
        Piece(SAME, "Ask the"),
        Piece(REMOVED, " lender"),
        Piece(ADDED, " borrower"),
        Piece(SAME, ".\nThen wait.\n"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "counts"), [("", "two words", (2, 0)), ("one two", "one", (0, 1)), ("a b", "a c", (1, 1))]
)
def test_words_are_counted(before, after, counts):
    assert words_changed(word_diff(before, after)) == counts


def test_long_repetitive_texts_are_compared_as_a_whole():
    before, after = "a b " * 30_000, "b c " * 30_000
    pieces = word_diff(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != ADDED) == before
    assert len(pieces) < 5
