"""When a card is due back."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes import scheduling
from tests.factories.review import AT

CHICAGO = "America/Chicago"


def test_a_forgotten_card_is_back_in_ten_minutes():
    after = scheduling.rate(scheduling.fresh(AT), 1, at=AT, zone=CHICAGO)

    assert after.due_at == AT + dt.timedelta(minutes=10)
    assert (after.recall, after.days) == (None, None)


def test_a_known_card_is_back_when_a_later_day_begins_where_the_person_is():
    after = scheduling.rate(scheduling.fresh(AT), 3, at=AT, zone=CHICAGO)

    assert after.due_at == dt.datetime(2026, 11, 26, 6, 0, tzinfo=dt.UTC)  # Thursday, 00:00 in Chicago


@pytest.mark.parametrize(("hours", "days"), [(1, 0), (10, 1), (24, 1), (34, 2)])
def test_days_are_counted_by_the_calendar(hours: int, days: int):
    evening = dt.datetime(2026, 11, 24, 23, 0, tzinfo=dt.UTC)  # 17:00 in Chicago
    first = scheduling.rate(scheduling.fresh(evening), 3, at=evening, zone=CHICAGO)
    later = scheduling.rate(first.state, 3, at=evening + dt.timedelta(hours=hours), zone=CHICAGO)

    assert later.days == days


def test_nine_in_ten_is_expected_when_a_card_falls_due():
    assert scheduling.recall_after(31.0, 31) == pytest.approx(0.9)
    assert scheduling.recall_after(31.0, 0) == 1


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 400)), min_size=1, max_size=12))
def test_whatever_the_ratings_a_card_comes_back_later_and_within_a_year(history: list[tuple[int, int]]):
    state, at = scheduling.fresh(AT), AT
    for rating, wait in history:
        at += dt.timedelta(days=wait, minutes=1)
        after = scheduling.rate(state, rating, at=at, zone=CHICAGO)
        again = scheduling.rate(state, rating, at=at, zone=CHICAGO)
        state = after.state

        assert after == again
        assert at < after.due_at <= at + dt.timedelta(days=366)
        assert after.recall is None or 0 <= after.recall <= 1000


@given(st.lists(st.integers(1, 4), max_size=8))
def test_a_better_rating_never_brings_a_card_back_earlier(history: list[int]):
    state, at = scheduling.fresh(AT), AT
    for rating in history:
        state = scheduling.rate(state, rating, at=at, zone=CHICAGO).state
        at += dt.timedelta(days=3)
    dues = [scheduling.rate(state, rating, at=at, zone=CHICAGO).due_at for rating in (1, 2, 3, 4)]

    assert dues == sorted(dues)
