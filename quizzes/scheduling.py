"""When a card is due back: the FSRS library's arithmetic, with days counted as people count them.

Nothing is varied at random (``enable_fuzzing=False``): a button says to which day it renews a card, and keeps its word.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fsrs import Card, Rating, Scheduler

from core import clock

RETENTION = 0.9
SOON = dt.timedelta(minutes=10)
MOST_DAYS = 365
SCHEDULER = Scheduler(
    desired_retention=RETENTION,
    learning_steps=(SOON,),
    relearning_steps=(SOON,),
    maximum_interval=MOST_DAYS,
    enable_fuzzing=False,
)
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Scheduled:
    """A card after a rating: its ``state`` to keep, when it is ``due_at``, its ``stability`` in days; ``recall`` in
    thousandths and ``days`` are what was expected before, None for a card that was never turned over."""

    state: dict[str, Any]
    due_at: dt.datetime
    stability: float
    recall: int | None
    days: int | None


def fresh(at: dt.datetime) -> dict[str, Any]:
    """The state of a card that was never turned over."""
    return dict(Card(card_id=0, due=at).to_dict())


def rate(state: Mapping[str, Any], rating: int, *, at: dt.datetime, zone: str) -> Scheduled:
    """The card of ``state`` after ``rating`` (1 to 4) at the moment ``at`` of somebody in ``zone``.

    Days are calendar days: a card of yesterday afternoon is a day old in the morning. An interval of whole days ends
    when that day begins, so that whoever reviews in the morning finds it.
    """
    card = Card.from_dict(dict(state))  # type: ignore[arg-type]
    at = at.astimezone(dt.UTC)
    days = recall = None
    if card.last_review is not None:
        days = days_between(card.last_review, at, zone)
        recall = round(_recall(card, days) * 1000)
        if days:
            card.last_review = at - days * DAY
    card, _log = SCHEDULER.review_card(card, Rating(rating), at)
    if card.due - at >= DAY:
        card.due = clock.start_of_day(clock.today(zone, at=card.due), zone)
    return Scheduled(dict(card.to_dict()), card.due, card.stability or 0.0, recall, days)


def recall_after(stability: float, days: float) -> float:
    """The expected recall (0 to 1) of a card of ``stability``, ``days`` after it was turned over."""
    card = Card(card_id=0, stability=stability, last_review=dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
    return _recall(card, round(days))


def days_between(before: dt.datetime, after: dt.datetime, zone: str) -> int:
    """Calendar days from one moment to a later one, in ``zone``."""
    return max(0, (clock.today(zone, at=after) - clock.today(zone, at=before)).days)


def _recall(card: Card, days: int) -> float:
    if card.last_review is None:
        return 0.0
    return float(SCHEDULER.get_card_retrievability(card, card.last_review + days * DAY))
