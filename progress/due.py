"""When a day ends for whom, and which reminder comes next (D17). Pure: no rows, no clock."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from core import clock

SOON_DAYS = 7
WEEK = (1, 2, 3, 4, 5, 6, 7)


class Step(StrEnum):
    """What a reminder says; part of its send-once key."""

    WEEK = "7d"
    DAY = "1d"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Place:
    """Where a person's days end, and on which ISO weekdays their library works."""

    zone: str = "UTC"
    working_days: tuple[int, ...] = (1, 2, 3, 4, 5)


def place_of(person_zone: str, organisation_zone: str, working_days: Collection[int]) -> Place:
    """The person's own zone, else their organisation's, else UTC. A calendar without any working day counts every day."""
    days = tuple(day for day in WEEK if day in working_days)
    return Place(zone=person_zone or organisation_zone or "UTC", working_days=days or WEEK)


def due_at(due_on: dt.date | None, zone: str) -> dt.datetime | None:
    """The UTC moment at which ``due_on`` ends where the person is; None for no date."""
    return clock.end_of_day(due_on, zone) if due_on else None


def working_days_after(start: dt.date, days: int, working_days: Collection[int]) -> dt.date:
    """The day that is ``days`` working days after ``start``; the start itself never counts."""
    weeks, rest = divmod(days, len(working_days))
    if rest == 0 and weeks:
        weeks, rest = weeks - 1, len(working_days)
    day = start + dt.timedelta(weeks=weeks)
    while rest:
        day += dt.timedelta(days=1)
        rest -= day.isoweekday() in working_days
    return day


def is_overdue(ends: dt.datetime | None, *, met: bool, at: dt.datetime) -> bool:
    """A date that has passed with the work not done."""
    return ends is not None and not met and at > ends


def step_at(due_on: dt.date, zone: str, *, at: dt.datetime) -> Step | None:
    """The reminder that fits at the moment ``at``: seven days or fewer, one day or none left, overdue; None if too early."""
    if at > clock.end_of_day(due_on, zone):
        return Step.OVERDUE
    left = (due_on - clock.today(zone, at=at)).days
    if left <= 1:
        return Step.DAY
    return Step.WEEK if left <= SOON_DAYS else None


def next_reminder(due_on: dt.date | None, zone: str, *, after: dt.datetime) -> dt.datetime | None:
    """The next moment after ``after`` at which a reminder begins to fit; None without a date or when all have begun.

    A step begins with its calendar day where the person is, overdue with the second after the due day.
    """
    if due_on is None:
        return None
    begins = (
        _start_of_day(due_on - dt.timedelta(days=SOON_DAYS), zone),
        _start_of_day(due_on - dt.timedelta(days=1), zone),
        clock.end_of_day(due_on, zone) + dt.timedelta(seconds=1),
    )
    return min((moment for moment in begins if moment > after), default=None)


def first_reminder(due_on: dt.date | None, zone: str, *, given: dt.datetime) -> dt.datetime | None:
    """The first reminder of a date that the person was given at ``given``; it may lie in the past.

    Whoever is told of a date when it is a week off, or less, needs no 'due soon' on top; a date of tomorrow is said
    at once. Sending is keyed by obligation, step and date, so starting over from here never repeats a reminder.
    """
    if due_on is not None and step_at(due_on, zone, at=given) in (Step.DAY, Step.OVERDUE):
        return given
    return next_reminder(due_on, zone, after=given)


def _start_of_day(day: dt.date, zone: str) -> dt.datetime:
    return clock.end_of_day(day - dt.timedelta(days=1), zone) + dt.timedelta(seconds=1)
