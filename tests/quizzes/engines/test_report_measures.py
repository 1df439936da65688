"""Measures of resource sharing, with the figures that were worked out for them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.engines.report.measures import RATES, averaged, mean, median, nearest_rank, percentage, pooled, rounded

DAYS = [1, 1, 2, 2, 3, 3, 4, 5, 9, 30]  # F-154
QUARTER = {"submitted": 480, "filled": 352, "unfilled": 58, "cancelled": 22, "local": 18, "open": 30}  # F-152
LENT = {"received": 620, "filled": 402, "no": 176, "expired": 30, "withdrawn": 12}  # F-153
COUNTS = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=12).map(
    lambda rows: [(filled, filled + rest + 1) for filled, rest in rows]
)


def rate(name: str, counts: dict[str, int]) -> str:
    top, base = (sum(counts[each] for each in part) for part in (RATES[name].top, RATES[name].base))
    return str(rounded(percentage(top, base)))


@pytest.mark.parametrize(
    ("name", "counts", "worked"),
    [("borrowing", QUARTER, "85.9"), ("service", QUARTER, "86.4"), ("raw", QUARTER, "73.3"), ("lending", LENT, "66.1")],
)
def test_a_rate_is_what_was_worked_out_for_it(name: str, counts: dict, worked: str):
    assert rate(name, counts) == worked


def test_dropping_what_expired_flatters_the_lending_rate():
    assert str(rounded(percentage(402, 402 + 176))) == "69.6"


def test_mean_median_and_ninetieth_percentile_of_ten_loans_are_as_worked_out():
    assert (rounded(mean(DAYS)), rounded(median(DAYS)), nearest_rank(DAYS)) == (Decimal("6.0"), Decimal("3.0"), 9)


def test_a_rate_over_several_months_is_pooled_and_not_the_average_of_the_rates():
    half_year = [(120, 140), (118, 140), (126, 147), (96, 148), (122, 145), (90, 105)]
    assert rounded(pooled(half_year)) == Decimal("81.5")
    assert rounded(averaged(half_year)) == Decimal("81.7")


def test_halves_are_rounded_up():
    assert rounded(Decimal("10.875")) == Decimal("10.9")
    assert rounded(Decimal("9.75")) == Decimal("9.8")
    assert rounded(Decimal("9.25")) == Decimal("9.3")


@given(COUNTS)
def test_a_pooled_rate_lies_between_the_lowest_and_the_highest(counts: list[tuple[int, int]]):
    rates = [percentage(top, base) for top, base in counts]
    assert min(rates) - Decimal("1e-9") <= pooled(counts) <= max(rates) + Decimal("1e-9")


@given(st.lists(st.integers(0, 60), min_size=1, max_size=30))
def test_nine_tenths_lie_at_or_under_the_percentile_and_half_at_or_under_the_median(days: list[int]):
    p90 = nearest_rank(days)
    assert p90 in days
    assert sum(each <= p90 for each in days) * 10 >= 9 * len(days)
    assert sum(each < p90 for each in days) * 10 < 9 * len(days)
    assert sum(each <= median(days) for each in days) * 2 >= len(days)
    assert median(days) == median(days[::-1])
