"""What a card says about the date on which it comes is true of the date that it has."""

import datetime as dt

import pytest
import time_machine

from accounts.models import User
from quizzes.models import ReviewCard
from quizzes.selectors.review_showing import why_of
from quizzes.services import reviewing
from quizzes.services.remembering import remember
from tests.factories.review import AT, card_of, miss

pytestmark = pytest.mark.django_db
MINUTES = dt.timedelta(minutes=20)
DAY = dt.timedelta(days=1)


def last_word(card: ReviewCard, at: dt.datetime) -> str:
    card.refresh_from_db()
    return why_of(card, at=at, zone="UTC")[-1]


def test_a_forgotten_card_comes_back_after_minutes_and_a_known_one_when_recall_has_fallen(trainee: User):
    card = card_of(trainee)
    with time_machine.travel(AT, tick=False) as traveller:
        reviewing.rate(card=card, rating=1, step=0)
        assert "after some minutes" in last_word(card, AT)
        traveller.shift(MINUTES)
        reviewing.rate(card=card, rating=3, step=1)
        assert "falls to about 90" in last_word(card, AT + MINUTES)


def test_a_card_that_was_missed_since_says_so_whoever_set_its_date(trainee: User):
    card = card_of(trainee)
    with time_machine.travel(AT, tick=False):
        reviewing.rate(card=card, rating=4, step=0)
        reviewing.set_interval(card=card, days=30)
    assert "You chose its date yourself" in last_word(card, AT)
    remember(learner=trainee, misses=[miss()], at=AT + 2 * DAY)

    assert last_word(card, AT + 2 * DAY) == "It is due because you have missed it since."
