"""Moving due dates: of an assignment, of one person, and with the zone in which a person's days end (D17)."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from core.errors import Conflict
from progress import due
from progress.models import Assignment, DueKind, Obligation
from progress.selectors.assigning import places_of
from progress.services.assigning import check_due
from progress.services.telling import tell_date

DATED = ["due_on", "due_at", "due_set_at", "remind_at"]


def change_due(*, assignment: Assignment, due_on: dt.date | None, actor: User) -> Assignment:
    """Give an assignment another date (None: no date) and tell everyone who still owes it.

    Whoever holds an extension keeps it. The same date again changes nothing. Raises ``InvalidInput`` for a day that
    has passed, ``Conflict`` when the assignment was taken back.
    """
    kind = DueKind.FIXED if due_on else DueKind.NONE
    if assignment.due_kind == kind and assignment.due_on == due_on:
        return assignment
    check_due(actor, kind, due_on, None)
    with transaction.atomic():
        if not Assignment.objects.live().filter(pk=assignment.pk).update(due_kind=kind, due_on=due_on, days=None):
            raise Conflict(_("This assignment was taken back."))
        follow = assignment.obligations.unfinished().filter(due_source=Obligation.DueSource.ASSIGNMENT)
        changed = _date(follow, due_on)
        tell_date([each for each in changed if each.withdrawn_at is None], actor=actor)
    assignment.refresh_from_db()
    return assignment


def extend(*, obligation: Obligation, due_on: dt.date, actor: User, reason: str = "") -> Obligation:
    """Give one person a date of their own, which later changes of the assignment leave alone; they are told.

    Raises ``InvalidInput`` for a day that has passed, ``Conflict`` when nothing is owed any more.
    """
    check_due(actor, DueKind.FIXED, due_on, None)
    mine = Obligation.objects.owed().filter(pk=obligation.pk)
    with transaction.atomic():
        if not mine.update(due_source=Obligation.DueSource.EXTENSION, due_note=reason.strip()[:300]):
            raise Conflict(_("This is finished or was taken back."))
        if obligation.due_on != due_on:
            tell_date(_date(mine, due_on), actor=actor, reason=reason)
    obligation.refresh_from_db()
    return obligation


def _date(obligations: QuerySet[Obligation], due_on: dt.date | None) -> list[Obligation]:
    given, rows = clock.now(), list(obligations.select_related("assignment__course"))
    places = places_of({row.person_id for row in rows})
    for row in rows:
        row.due_on, row.due_set_at = due_on, given
        _end_days(row, places[row.person_id])
    Obligation.objects.bulk_update(rows, DATED, batch_size=1000)
    return rows


def _end_days(row: Obligation, place: due.Place) -> None:
    row.due_at = due.due_at(row.due_on, place.zone)
    row.remind_at = due.first_reminder(row.due_on, place.zone, given=row.due_set_at)


def follow_zones(*, people: QuerySet[User] | Collection[int]) -> int:
    """The same calendar days end elsewhere now: recompute what is still owed by ``people``. Returns how many moved.

    The day itself never moves, extension or not; a reminder that was sent for it is not sent again.
    """
    chosen: Any = people.values("pk") if isinstance(people, QuerySet) else list(people)
    rows = list(Obligation.objects.unfinished().filter(person__in=chosen, due_on__isnull=False))
    places = places_of({row.person_id for row in rows})
    moved = []
    for row in rows:
        before = row.due_at
        _end_days(row, places[row.person_id])
        if row.due_at != before:
            moved.append(row)
    Obligation.objects.bulk_update(moved, ["due_at", "remind_at"], batch_size=1000)
    return len(moved)
