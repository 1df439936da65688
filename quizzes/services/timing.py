"""When an attempt ends: the server's clock decides, with the grace, the extra time and the last day of the quiz."""

import datetime as dt
from dataclasses import dataclass

from accounts.models import User
from core import clock
from courses.models import Course
from quizzes.asking import Settings
from quizzes.models import Attempt, AttemptQuerySet, ExtraTime
from quizzes.services.grading import hand_in


@dataclass(frozen=True)
class Limits:
    """``due_at`` is when the time is up that pages show, ``closes_at`` when answers stop counting; None = never."""

    due_at: dt.datetime | None = None
    closes_at: dt.datetime | None = None


def limits(settings: Settings, *, started: dt.datetime, closing: dt.datetime | None, percent: int = 0) -> Limits:
    """The end of an attempt begun at ``started`` by somebody with ``percent`` more time; never after ``closing``."""
    if settings.time_limit is None:
        return Limits(closing, closing)
    due = started + dt.timedelta(minutes=settings.time_limit) * (100 + percent) / 100
    closes = due + dt.timedelta(seconds=settings.grace)
    return Limits(min(due, closing or due), min(closes, closing or closes))


def extra_percent(course: Course, learner: User) -> int:
    """How much more time ``learner`` has in this course, in percent. One query."""
    return ExtraTime.objects.filter(course=course, learner=learner).values_list("percent", flat=True).first() or 0


def overdue(now: dt.datetime) -> AttemptQuerySet:
    """Attempts whose time was up before ``now`` and that nobody has handed in yet."""
    return Attempt.objects.open().filter(closes_at__lt=now)


def settle(attempt: Attempt) -> Attempt:
    """Hand ``attempt`` in if its time is up; whoever opens a page of it sees it as the clock says."""
    now = clock.now()
    if attempt.finished_at is None and attempt.closes_at is not None and attempt.closes_at < now:
        hand_in(attempt, among=overdue(now))
    return attempt
