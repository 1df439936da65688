"""Reviewing: what comes first, how much, what a rating does and how it is taken back."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from core.errors import Conflict, InvalidInput
from quizzes.models import ReviewCard, ReviewLog, ReviewPlan, ReviewSitting
from quizzes.selectors import reviewing as selectors
from quizzes.selectors.reviewing import (
    Standing,
    days_ahead,
    days_reviewed,
    next_due,
    progress_of,
    queue_of,
    standing_of,
)
from quizzes.services import review_planning, reviewing
from quizzes.services.remembering import remember
from tests.factories.review import AT, card_of, cards_of, miss
from tests.support import count_statements

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
DAY = 24 * HOUR


@pytest.fixture(autouse=True)
def clock_() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(AT + HOUR, tick=False) as traveller:
        yield traveller


def plan(person: User, **chosen: object) -> None:
    said = {"minutes": 5, "per_day": 20, "per_week": 100, "holiday_from": None, "holiday_to": None, "remind": False}
    review_planning.choose(learner=person, **{**said, **chosen})


# --- what comes first, and how much


def test_sure_and_wrong_comes_first_among_equals(trainee: User):
    sources = ["hinted", "wrong", "confident"]
    remember(learner=trainee, misses=[miss(source, source=source) for source in sources], at=AT)
    early = card_of(trainee, "early", at=AT - DAY, source="hinted")

    cards = ReviewCard.objects.in_bulk()
    order = [cards[pk] for pk in queue_of(trainee, at=AT + HOUR, most=9)]
    assert order[0] == early
    assert [card.source for card in order[1:]] == ["confident", "wrong", "hinted"]


def test_a_sitting_takes_as_many_cards_as_its_minutes_hold(trainee: User):
    cards_of(trainee, 15)
    plan(trainee, minutes=2)
    sitting = reviewing.begin(learner=trainee)

    assert sitting is not None
    assert len(sitting.cards) == 4  # 25 seconds each
    plan(trainee, minutes=5)
    assert standing_of(trainee).sitting == 12


def test_the_day_and_the_week_have_a_cap(trainee: User, clock_: time_machine.Traveller):
    cards_of(trainee, 9)
    plan(trainee, per_day=3, per_week=4)
    for card in ReviewCard.objects.all()[:3]:
        reviewing.rate(card=card, rating=3, step=0)
    assert (standing_of(trainee).due, standing_of(trainee).open) == (6, 0)
    assert reviewing.begin(learner=trainee) is None

    clock_.move_to(AT + DAY)
    assert standing_of(trainee).open == 1
    clock_.move_to(AT + 6 * DAY)  # Monday
    assert standing_of(trainee).open == 3


def test_where_somebody_stands_is_one_statement(trainee: User):
    cards_of(trainee, 15)
    plan(trainee)
    standing_of(trainee)  # the roles of a person are asked once

    assert count_statements(lambda: standing_of(trainee)) == 1


def test_a_sitting_is_gone_on_with_on_the_same_day_only(trainee: User, clock_: time_machine.Traveller):
    cards_of(trainee, 3)
    first = reviewing.begin(learner=trainee)
    clock_.move_to(AT + 3 * HOUR)
    assert reviewing.begin(learner=trainee) == first
    clock_.move_to(AT + DAY)
    second = reviewing.begin(learner=trainee)

    assert second != first
    assert ReviewSitting.objects.filter(ended_at=None).count() == 1


# --- rating


def test_a_rating_renews_the_card_and_says_what_was_expected(trainee: User, clock_: time_machine.Traveller):
    card = card_of(trainee)
    reviewing.rate(card=card, rating=3, step=0, ms=4000)
    clock_.move_to(AT + 4 * DAY)
    reviewing.rate(card=card, rating=1, step=1)

    first, second = ReviewLog.objects.all()
    assert (first.rating, first.days, first.recall, first.ms) == (3, None, None, 4000)
    assert (second.rating, second.days, second.number) == (1, 4, 2)
    assert 700 < second.recall < 900
    card.refresh_from_db()
    assert (card.renewed, card.forgotten, card.steps) == (1, 1, 2)
    assert card.due_at == AT + 4 * DAY + dt.timedelta(minutes=10)


def test_a_second_click_counts_once(trainee: User):
    card = card_of(trainee)
    reviewing.rate(card=card, rating=3, step=0)
    again = reviewing.rate(card=card, rating=1, step=0)

    assert (again.steps, ReviewLog.objects.count(), again.forgotten) == (1, 1, 0)


@pytest.mark.parametrize("rating", [0, 5, -1])
def test_there_are_four_ratings(trainee: User, rating: int):
    card = card_of(trainee)
    with pytest.raises(InvalidInput):
        reviewing.rate(card=card, rating=rating, step=0)
    assert not ReviewLog.objects.exists()


def test_a_card_that_was_put_away_is_not_rated(trainee: User):
    card = reviewing.suspend(card=card_of(trainee))
    with pytest.raises(Conflict):
        reviewing.rate(card=card, rating=3, step=0)


def test_an_absurd_time_is_cut(trainee: User):
    reviewing.rate(card=card_of(trainee), rating=3, step=0, ms=10**9)

    assert ReviewLog.objects.get().ms == reviewing.MS_MOST


# --- taking back


def test_the_last_rating_is_taken_back_and_both_stand_in_the_log(trainee: User):
    cards_of(trainee, 2)
    sitting = reviewing.begin(learner=trainee)
    assert sitting is not None
    first, second = (ReviewCard.objects.get(pk=pk) for pk in sitting.cards)
    before = ReviewCard.objects.filter(pk=second.pk).values(*reviewing.RESTORED).get()
    reviewing.rate(card=first, rating=3, step=0)
    reviewing.rate(card=second, rating=1, step=0)
    assert progress_of(sitting, at=AT + HOUR).card is None

    assert reviewing.undo(learner=trainee) == second
    assert ReviewCard.objects.filter(pk=second.pk).values(*reviewing.RESTORED).get() == before
    assert [log.kind for log in ReviewLog.objects.filter(card=second)] == ["rated", "undone"]
    assert progress_of(sitting, at=AT + HOUR).card == second
    assert reviewing.undo(learner=trainee) == first
    with pytest.raises(Conflict):
        reviewing.undo(learner=trainee)


def test_who_never_reviewed_has_nothing_to_take_back(trainee: User):
    with pytest.raises(Conflict):
        reviewing.undo(learner=trainee)


def test_a_date_set_after_a_rating_is_not_taken_back_with_it(trainee: User):
    card = card_of(trainee)
    reviewing.begin(learner=trainee)
    reviewing.rate(card=card, rating=3, step=0)
    reviewing.set_interval(card=card, days=30)

    with pytest.raises(Conflict):
        reviewing.undo(learner=trainee)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(ratings=st.lists(st.integers(1, 4), min_size=1, max_size=5))
def test_what_is_all_taken_back_is_as_it_was(trainee: User, ratings: list[int]):
    ReviewSitting.objects.all().delete()
    ReviewCard.objects.all().delete()
    cards = cards_of(trainee, len(ratings))
    before = list(ReviewCard.objects.order_by("pk").values(*reviewing.RESTORED))
    reviewing.begin(learner=trainee)
    for card, rating in zip(cards, ratings, strict=True):
        reviewing.rate(card=card, rating=rating, step=0)
    for _rating in ratings:
        reviewing.undo(learner=trainee)

    assert list(ReviewCard.objects.order_by("pk").values(*reviewing.RESTORED)) == before
    assert not ReviewLog.objects.standing().exists()


# --- putting away, and dates by hand


def test_a_buried_card_is_back_tomorrow(trainee: User, clock_: time_machine.Traveller):
    reviewing.bury(card=card_of(trainee))
    assert standing_of(trainee).due == 0

    clock_.move_to(dt.datetime(2026, 11, 25, 6, 0, tzinfo=dt.UTC))  # midnight in Chicago
    assert standing_of(trainee).due == 1


def test_a_card_that_is_put_away_comes_back_when_it_is_taken_back(trainee: User, clock_: time_machine.Traveller):
    card = reviewing.suspend(card=card_of(trainee))
    clock_.move_to(AT + 90 * DAY)
    assert (standing_of(trainee).due, next_due(trainee)) == (0, None)

    reviewing.take_back(card=card)
    assert (standing_of(trainee).due, next_due(trainee)) == (1, AT)


def test_a_card_that_is_put_away_in_a_sitting_is_passed_over(trainee: User):
    cards_of(trainee, 2)
    sitting = reviewing.begin(learner=trainee)
    assert sitting is not None
    first = ReviewCard.objects.get(pk=sitting.cards[0])
    reviewing.suspend(card=first)

    left = progress_of(sitting, at=AT + HOUR)
    assert (left.card.pk, left.number, left.states) == (sitting.cards[1], 1, ["now"])


def test_a_date_by_hand_leaves_what_the_scheduler_knows(trainee: User):
    card = reviewing.rate(card=card_of(trainee), rating=3, step=0)
    state, stability = card.state, card.stability
    card = reviewing.set_interval(card=card, days=30)

    assert (card.state, card.stability) == (state, stability)
    assert card.due_at == dt.datetime(2026, 12, 24, 6, 0, tzinfo=dt.UTC)
    assert card.set_by_hand_at == AT + HOUR
    assert ReviewLog.objects.get(number=2).kind == "interval"
    card = reviewing.rate(card=card, rating=3, step=2)
    assert card.set_by_hand_at is None


@pytest.mark.parametrize("days", [0, -3, 366])
def test_a_date_by_hand_is_within_a_year(trainee: User, days: int):
    with pytest.raises(InvalidInput):
        reviewing.set_interval(card=card_of(trainee), days=days)


# --- rest


def test_nothing_is_counted_while_somebody_rests(trainee: User, clock_: time_machine.Traveller):
    cards_of(trainee, 3)
    assert standing_of(trainee).shown == 3
    review_planning.pause(learner=trainee)
    assert (standing_of(trainee).shown, standing_of(trainee).open) == (0, 3)
    review_planning.go_on(learner=trainee)
    plan(trainee, holiday_from=dt.date(2026, 11, 25), holiday_to=dt.date(2026, 11, 27))
    assert standing_of(trainee).shown == 3
    clock_.move_to(AT + DAY)
    assert (standing_of(trainee).away, standing_of(trainee).shown) == (True, 0)
    clock_.move_to(AT + 4 * DAY)
    assert standing_of(trainee).shown == 3


@pytest.mark.parametrize(
    "chosen",
    [
        {"holiday_from": dt.date(2026, 11, 25)},
        {"holiday_to": dt.date(2026, 11, 25)},
        {"holiday_from": dt.date(2026, 11, 25), "holiday_to": dt.date(2026, 11, 24)},
        {"per_day": 20, "per_week": 19},
    ],
)
def test_a_plan_makes_sense(trainee: User, chosen: dict):
    with pytest.raises(InvalidInput):
        plan(trainee, **chosen)
    assert not ReviewPlan.objects.exists()


@given(due=st.integers(0, 500), today=st.integers(0, 300), week=st.integers(0, 900), per_day=st.integers(1, 200))
def test_what_is_open_is_due_and_under_both_caps(due: int, today: int, week: int, per_day: int):
    where = Standing(due, today, week, ReviewPlan(per_day=per_day, per_week=per_day * 5), dt.date(2026, 11, 24))

    assert 0 <= where.sitting <= where.open <= due
    assert where.open == 0 or today + where.open <= per_day
    assert where.open == 0 or week + where.open <= per_day * 5


# --- what others and the next days may know


def test_days_of_review_are_counted_where_the_person_is(trainee: User, clock_: time_machine.Traveller):
    card = card_of(trainee)
    reviewing.rate(card=card, rating=3, step=0)
    reviewing.rate(card=card, rating=3, step=1)
    clock_.move_to(dt.datetime(2026, 11, 26, 3, 0, tzinfo=dt.UTC))  # still the 25th in Chicago
    reviewing.rate(card=card, rating=3, step=2)

    assert days_reviewed(trainee, at=AT + 2 * DAY) == 2
    assert days_reviewed(trainee, at=AT + 28 * DAY) == 1
    assert days_reviewed(trainee, at=AT + 40 * DAY) == 0


def test_the_next_days_say_how_many_cards_come_back(trainee: User):
    for card in cards_of(trainee, 3):
        reviewing.rate(card=card, rating=3, step=0)

    assert days_ahead(trainee, at=AT + HOUR) == [(dt.date(2026, 11, 26), 3)]


def test_what_rests_today_comes_back_tomorrow(trainee: User):
    tomorrow = dt.datetime(2026, 11, 25, 6, 0, tzinfo=dt.UTC)  # midnight in Chicago
    card = card_of(trainee, at=AT - 3 * DAY)
    reviewing.bury(card=card)
    card_of(trainee, "decision:six", at=AT + 5 * DAY)

    assert next_due(trainee) == tomorrow
    assert days_ahead(trainee, at=AT + HOUR) == [(dt.date(2026, 11, 25), 1), (dt.date(2026, 11, 29), 1)]


def test_cards_are_sorted_by_the_recall_that_is_expected_now(trainee: User, clock_: time_machine.Traveller):
    firm, fresh, _new = cards_of(trainee, 3)
    for step in range(3):
        reviewing.rate(card=firm, rating=4, step=step)
    clock_.shift(60 * DAY)
    reviewing.rate(card=fresh, rating=2, step=0)
    now = AT + HOUR + 60 * DAY
    firm.refresh_from_db()
    fresh.refresh_from_db()
    assert firm.stability > fresh.stability

    def order(sort: str) -> list[str]:
        return [card.item.key[-1] for card in selectors.cards_of(trainee, at=now, sort=sort)]

    assert order("recall") == ["2", "0", "1"]
    assert order("-recall") == ["1", "0", "2"]
