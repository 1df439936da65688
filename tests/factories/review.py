"""Review cards for tests."""

import datetime as dt
from typing import Any

from accounts.models import User
from quizzes.models import ReviewCard
from quizzes.services.remembering import Miss, remember

AT = dt.datetime(2026, 11, 24, 15, 0, tzinfo=dt.UTC)  # a Tuesday morning in Chicago


def miss(key: str = "decision:five", **more: Any) -> Miss:
    """A decision that somebody got wrong."""
    said: dict[str, Any] = {
        "kind": "decision",
        "source": "wrong",
        "topic": "copyright",
        "course_id": None,
        "lesson_uid": "",
        "front": f"What about {key}?",
        "back": f"The answer of {key}.",
        "why": f"The reason of {key}.",
        "facts": ("F-31",),
    }
    return Miss(key=key, **{**said, **more})


def card_of(person: User, key: str = "decision:five", *, at: dt.datetime = AT, **more: Any) -> ReviewCard:
    """The card that ``person`` got for a miss."""
    remember(learner=person, misses=[miss(key, **more)], at=at)
    return ReviewCard.objects.select_related("item").get(learner=person, item__key=key)


def cards_of(person: User, count: int, *, at: dt.datetime = AT, **more: Any) -> list[ReviewCard]:
    """``count`` cards for misses at the same moment."""
    remember(learner=person, misses=[miss(f"decision:{number}", **more) for number in range(count)], at=at)
    return list(ReviewCard.objects.filter(learner=person).select_related("item").order_by("pk"))
