"""Numbers that the frame of every page shows, such as the one beside the bell: one statement for all of them.

An app registers its columns in ``AppConfig.ready()``; each is an expression about the person ``OuterRef("pk")``.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from accounts.models import Notice, User
from accounts.selectors import zone_of
from core import clock
from core.compiled import Compiled


@dataclass(frozen=True)
class When:
    """Now, and when the day and the week (Monday) began where the person is."""

    now: dt.datetime
    day: dt.datetime
    week: dt.datetime


Column = Callable[[When], Any]
_columns: dict[str, Column] = {}


def register(name: str, column: Column) -> None:
    """Ask ``column`` along with the rest; a second registration under the same name takes the first one's place."""
    _columns[name] = column


def count_of(rows: QuerySet[Any], owner: str, counted: Any = "pk") -> Any:
    """How many ``rows`` there are of the person; ``owner`` is the name of their foreign key."""
    mine = rows.filter(**{owner: OuterRef("pk")}).order_by().values(owner)
    number = counted if isinstance(counted, Count) else Count(counted)
    return Coalesce(Subquery(mine.annotate(n=number).values("n")), 0)


def _query(_asked: tuple[str, ...], *, person: int, now: Any, day: Any, week: Any) -> QuerySet[User, Any]:
    when = When(now, day, week)
    columns = {f"column_{name}": column(when) for name, column in _columns.items()}
    unread = count_of(Notice.objects.filter(in_inbox=True).unread(), "person")
    return User.objects.filter(pk=person).annotate(unread=unread, **columns).values_list("unread", *columns)


BADGES = Compiled(_query, "person", moments=("now", "day", "week"))


def badges_of(person: User) -> Mapping[str, Any]:
    """``unread`` and every registered column for ``person``. One statement, beside the roles of the person."""
    now, zone = clock.now(), zone_of(person)
    today = clock.today(zone, at=now)
    monday = today - dt.timedelta(days=today.weekday())
    day, week = clock.start_of_day(today, zone), clock.start_of_day(monday, zone)
    [row] = BADGES.rows(tuple(_columns), person=person.pk, now=now, day=day, week=week)
    return dict(zip(("unread", *_columns), row, strict=True))


def badges_for(request: HttpRequest) -> Mapping[str, Any]:
    """The badges of who is signed in, read once a request however many ask."""
    if not hasattr(request, "known_badges"):
        request.known_badges = badges_of(request.user)  # type: ignore[attr-defined,arg-type]
    found: Mapping[str, Any] = request.known_badges  # type: ignore[attr-defined]
    return found
