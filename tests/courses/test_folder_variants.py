"""What a translation's file leaves unsaid comes from the first language, and what it lacks stays lacking."""

from hypothesis import given
from hypothesis import strategies as st

from courses.folder.variants import apart, over

names = st.sampled_from(["body", "video", "file", "poster", "captions"])
plain = st.one_of(st.text(max_size=3), st.booleans(), st.lists(st.integers(0, 3), max_size=2))
contents = st.dictionaries(names, st.one_of(plain, st.dictionaries(names, plain, max_size=4)), max_size=4)


def test_what_is_not_named_is_taken_over():
    first = {"video": {"file": "a", "captions": "en", "poster": "p"}, "note": "n"}
    assert over(first, {"video": {"captions": "es"}}) == {
        "video": {"file": "a", "captions": "es", "poster": "p"},
        "note": "n",
    }
    assert over(first, {"video": {"captions": "es", "poster": None}, "note": None}) == {
        "video": {"file": "a", "captions": "es"}
    }


@given(contents, contents)
def test_a_translation_that_is_written_is_read_again(first, own):
    assert over(first, apart(first, own)) == own


@given(contents)
def test_nothing_needs_to_be_taken_away_from_what_is_the_same(first):
    assert apart(first, first) == first
