"""The calendar of upkeep: when a course is looked at again, and which reminder fits a day. No tables here."""

import calendar
import datetime as dt

SOON_DAYS = 30
MONTHS_MAX = 120


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day ``months`` later; the last of the month where that month is shorter."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def step_at(review_by: dt.date, today: dt.date) -> str:
    """The reminder that fits ``today``: ``soon`` from 30 days before, ``day`` from the day on, ``late-1`` from a month
    after it, ``late-2`` from two, and so on; empty while it is too early."""
    if today < review_by - dt.timedelta(days=SOON_DAYS):
        return ""
    if today < review_by:
        return "soon"
    late = (today.year - review_by.year) * 12 + today.month - review_by.month
    while late and months_later(review_by, late) > today:
        late -= 1
    return f"late-{late}" if late else "day"
