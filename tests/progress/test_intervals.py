"""Unions of watched stretches."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from progress import intervals

points = st.integers(min_value=-50, max_value=200)
spans = st.lists(st.tuples(points, points), max_size=12)


def covered(given_spans):
    """The slow, obvious way: every millisecond by itself."""
    return {each for start, end in given_spans for each in range(start, end)}


@given(spans)
def test_a_union_covers_what_its_spans_cover_and_is_sorted_and_disjoint(given_spans):
    merged = intervals.union(given_spans)
    assert covered(merged) == covered(given_spans)
    assert all(start < end for start, end in merged)
    assert all(one[1] < other[0] for one, other in itertools.pairwise(merged))


@given(spans)
def test_length_counts_shared_stretches_once(given_spans):
    assert intervals.length(given_spans) == len(covered(given_spans))


@given(spans, spans)
def test_a_union_does_not_depend_on_order_or_repeats(one, other):
    assert intervals.union([*one, *other]) == intervals.union([*other, *one, *one])


@given(spans, spans)
def test_the_difference_is_what_only_the_first_covers(one, other):
    left = intervals.difference(one, other)
    assert covered(left) == covered(one) - covered(other)
    assert left == intervals.union(left)


@given(spans, st.integers(min_value=0, max_value=150))
def test_clamping_leaves_nothing_outside_the_film(given_spans, limit):
    assert covered(intervals.clamp(given_spans, limit)) == covered(given_spans) & set(range(limit))


@given(spans, st.integers(min_value=0, max_value=300))
def test_shortening_keeps_the_first_part_and_no_more(given_spans, allowance):
    kept = intervals.shorten(given_spans, allowance)
    assert intervals.length(kept) == min(allowance, intervals.length(given_spans))
    assert covered(kept) <= covered(given_spans)
