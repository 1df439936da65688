"""Assignments for tests, made by the real service."""

import datetime as dt
from typing import Any

from accounts.models import User
from core import clock
from progress.models import Assignment, Obligation
from progress.services.assigning import assign


def in_days(days: int) -> dt.date:
    """The calendar day that many days from today, in UTC."""
    return clock.today("UTC") + dt.timedelta(days=days)


def assign_course(*, course: Any, actor: User, **kwargs: Any) -> Assignment:
    """An assignment of ``course``, due in ten days unless ``due_on``, ``days`` or ``due_kind`` say otherwise."""
    if "due_kind" not in kwargs:
        kwargs.setdefault("due_on", in_days(10))
    return assign(course=course, actor=actor, **kwargs)


def obligation_of(person: User, assignment: Assignment | None = None) -> Obligation:
    """What ``person`` owes; the only row, or the one of ``assignment``."""
    rows = Obligation.objects.filter(person=person)
    return (rows.filter(assignment=assignment) if assignment else rows).get()
