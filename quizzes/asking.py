"""How a quiz asks: its settings as typed values, read from its content (or from the copy in the rendered part)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from core import clock
from courses.access import part_of

if TYPE_CHECKING:
    from courses.models import Course, EditionPart
    from quizzes.models import Attempt

When = Literal["at_once", "closed", "never"]
SCORE, ANSWERS, RIGHT, FEEDBACK = "score", "answers", "right", "feedback"
REVIEWED = (SCORE, ANSWERS, RIGHT, FEEDBACK)
ALWAYS: When = "at_once"
TRIES_MOST, PENALTY, GRACE = 3, 33, 30
# What a quiz may say of how it asks, besides its questions; a rendered part repeats it.
NAMES = (
    "behaviour",
    "tries",
    "time_limit",
    "grace",
    "closes_on",
    "review",
    "blind",
    "shuffle",
    "shuffle_questions",
)


@dataclass(frozen=True)
class Settings:
    """What an author chose for a quiz; everything has a default.

    ``penalty`` is percent of a question's mark for each wrong try, ``time_limit`` minutes, ``grace`` seconds after it,
    ``closes_on`` the last day on which the quiz may be taken. ``review`` says when each of ``REVIEWED`` is shown:
    ``at_once`` after handing in, once the quiz is ``closed`` for the learner, or ``never``.
    """

    behaviour: str = "deferred"
    tries: int = TRIES_MOST
    penalty: int = PENALTY
    time_limit: int | None = None
    grace: int = GRACE
    closes_on: dt.date | None = None
    review: Mapping[str, When] = field(default_factory=dict)
    blind: bool = False
    shuffle: bool = True
    shuffle_questions: bool = False

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "Settings":
        """The settings in sound quiz ``content`` (see ``quizzes.kinds.schema``)."""
        tries = content.get("tries", {})
        closes = content.get("closes_on")
        return cls(
            behaviour=content.get("behaviour", "deferred"),
            tries=tries.get("most", TRIES_MOST),
            penalty=tries.get("penalty", PENALTY),
            time_limit=content.get("time_limit"),
            grace=content.get("grace", GRACE),
            closes_on=dt.date.fromisoformat(closes) if closes else None,
            review=content.get("review", {}),
            blind=content.get("blind", False),
            shuffle=content.get("shuffle", True),
            shuffle_questions=content.get("shuffle_questions", False),
        )

    def when(self, what: str) -> When:
        """When ``what`` of ``REVIEWED`` is shown; in an exam nothing is before the quiz is closed."""
        said = self.review.get(what, "at_once")
        return "closed" if self.behaviour == "exam" and said == "at_once" else said

    def closing(self, course: "Course") -> dt.datetime | None:
        """The end of the last day, in the zone of the library that owns the course (the commons: UTC)."""
        if self.closes_on is None:
            return None
        return clock.end_of_day(self.closes_on, course.organisation.time_zone if course.organisation else "UTC")


def part_in(attempt: "Attempt") -> "EditionPart":
    """The quiz that ``attempt`` took: loaded with it, or from the process's memory or one query."""
    return attempt.part if "part" in attempt._state.fields_cache else part_of(attempt.part_id)


def settings_of(attempt: "Attempt") -> Settings:
    """How the quiz asks that ``attempt`` took."""
    return Settings.read(part_in(attempt).rendered.get("settings", {}))
