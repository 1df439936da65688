"""Assignments for tests, made by the real service."""

import datetime as dt
from typing import Any

from accounts.models import User
from core import clock
from progress.models import Assignment, Completion, Obligation
from progress.services.assigning import assign
from tests.factories.progress import did, opened_enrolment


def in_days(days: int) -> dt.date:
    """The calendar day that many days from today where the library of the personas is.

    In UTC the day is over hours earlier, and a page would say 'in 4 days' where the test said three.
    """
    return clock.today("America/Chicago") + dt.timedelta(days=days)


def assign_course(*, course: Any, actor: User, **kwargs: Any) -> Assignment:
    """An assignment of ``course``, due in ten days unless ``due_on``, ``days`` or ``due_kind`` say otherwise."""
    if "due_kind" not in kwargs:
        kwargs.setdefault("due_on", in_days(10))
    return assign(course=course, actor=actor, **kwargs)


def obligation_of(person: User, assignment: Assignment | None = None) -> Obligation:
    """What ``person`` owes; the only row, or the one of ``assignment``."""
    rows = Obligation.objects.filter(person=person)
    return (rows.filter(assignment=assignment) if assignment else rows).get()


def do_lessons(person: User, course: Any, *uids: str) -> Any:
    """``person`` does these lessons of ``course`` (all of them if none is named), by the real doors. The enrolment."""
    enrolment = opened_enrolment(learner=person, course=course)
    for uid in uids or enrolment.edition.lessons.order_by("position").values_list("uid", flat=True):
        did(enrolment, uid)
    return enrolment


def complete(person: User, course: Any) -> Completion:
    """``person`` finishes ``course`` by the real doors."""
    return do_lessons(person, course).completion
