"""'Due soon' and 'overdue' once each, and a line from the supervisor (D17)."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Notice, User
from accounts.selectors import zone_of
from accounts.services.announcing import Draft, Preferences, notify_many
from core import clock
from core.errors import Conflict, InvalidInput
from progress import due
from progress.models import Obligation
from progress.selectors.assigning import places_of
from progress.selectors.reminding import reminders_due
from progress.services.telling import nudge_drafts, spoken_day

DUE_SOON, OVERDUE = "due_soon", "overdue"
# An obligation with what reminders_due() reads beside it: attributes that the model does not declare.
Row = Any
MAX_LINE = 500


@dataclass(frozen=True)
class Nudged:
    """``told`` got the line; ``already`` are the names of those who got one today before."""

    told: list[str] = field(default_factory=list)
    already: list[str] = field(default_factory=list)


def remind(*, obligations: Sequence[Obligation], actor: User, text: str) -> Nudged:
    """Send ``text`` to everyone who still owes one of ``obligations``, once a day to each person.

    Raises ``InvalidInput`` without a text, ``Conflict`` when nothing of it is owed any more.
    """
    if not text.strip() or len(text) > MAX_LINE:
        problem = _("Write a line, at most %(most)d characters.") % {"most": MAX_LINE}
        raise InvalidInput(problem, fields={"text": problem})
    owed = Obligation.objects.owed().filter(pk__in=[each.pk for each in obligations])
    first: dict[int, Obligation] = {}
    for each in owed.select_related("person", "course").order_by("due_at", "pk"):
        first.setdefault(each.person_id, each)
    if not first:
        raise Conflict(_("Nothing is open here any more."))
    places = places_of(first)
    drafts = nudge_drafts([(each, places[each.person_id].zone) for each in first.values()], actor=actor, text=text)
    sent = Notice.objects.filter(person__in=first, key__in={draft.key for draft in drafts}).values_list(
        "person_id", "key"
    )
    known = set(sent)
    fresh = [draft for draft in drafts if (draft.person_id, draft.key) not in known]
    notify_many(fresh)
    told = {draft.person_id for draft in fresh}
    names = {pk: each.person.get_full_name() for pk, each in first.items()}
    return Nudged(
        told=[name for pk, name in names.items() if pk in told],
        already=[name for pk, name in names.items() if pk not in told],
    )


@transaction.atomic
def remind_batch(*, at: dt.datetime, size: int, preferences: Preferences) -> Counter[str] | None:
    """Say the reminders that are due at ``at``, ``size`` at most, and set the next one: three statements.

    The notice's key holds obligation, step and date, so whatever happens in between, nothing is said twice.
    Returns how many of each kind; None when nothing is left.
    """
    rows = list(reminders_due(at)[:size])
    if not rows:
        return None
    # A course that somebody owes twice by the same day is one thing to say.
    drafts = {
        (row.person_id, row.course_id, row.due_on): draft for row in rows if (draft := _draft(row, at)) is not None
    }
    notify_many(list(drafts.values()), preferences=preferences)
    for row in rows:
        row.remind_at = due.next_reminder(row.due_on, _zone(row), after=at)
    Obligation.objects.bulk_update(rows, ["remind_at"])
    return Counter(draft.kind for draft in drafts.values())


def still_true(notice: Notice) -> bool:
    """Whether a reminder may still be mailed: the work is owed, by the same date, and its words fit the present day."""
    _due, pk, step, day = notice.key.split(":")
    row = Obligation.objects.owed().filter(pk=pk, due_on=day).select_related("person").first()
    if row is None or row.due_on is None:
        return False
    zone = zone_of(row.person)
    if due.step_at(row.due_on, zone, at=clock.now()) != step:
        return False
    return step != due.Step.DAY or clock.today(zone, at=notice.created_at) == clock.today(zone)


def _zone(row: Row) -> str:
    return row.person.time_zone or row.home_zone or "UTC"


def _draft(row: Row, at: dt.datetime) -> Draft | None:
    """The reminder that fits now; None when it is too early after all (the zone has changed)."""
    zone = _zone(row)
    step = due.step_at(row.due_on, zone, at=at) if row.due_on else None
    if step is None or not row.person.is_active:
        return None
    started = row.done_lessons is not None
    unmet = (row.unmet or [])[:1]
    slug = row.course.slug
    writer = row.assignment.created_by
    return Draft(
        person_id=row.person_id,
        kind=OVERDUE if step == due.Step.OVERDUE else DUE_SOON,
        key=f"due:{row.pk}:{step}:{row.due_on}",
        title=_title(row, step, clock.today(zone, at=at)),
        body="\n\n".join(filter(None, [_where(row, step), _next(unmet), _way_out(step, writer.get_short_name())])),
        url=reverse("courses:lesson", args=[slug, unmet[0]["uid"]])
        if unmet
        else reverse("courses:course", args=[slug]),
        action=_("Continue the lesson") if started else _("Start the course"),
        reply_to=writer.email,
        zone=zone,
    )


def _title(row: Row, step: due.Step, today: dt.date) -> str:
    words = {"course": row.course_title or row.course.code}
    if step == due.Step.OVERDUE:
        return _("Still open: %(course)s") % words
    left = (row.due_on - today).days
    if left <= 1:
        return (_("Due tomorrow: %(course)s") if left == 1 else _("Due today: %(course)s")) % words
    words["day"] = date_format(row.due_on, "l" if left < due.SOON_DAYS else "l j F")
    return _("Due %(day)s: %(course)s") % words


def _where(row: Row, step: due.Step) -> str:
    lessons, minutes = row.all_lessons or 0, row.minutes_left or 0
    left = ngettext("about %(n)d minute is left", "about %(n)d minutes are left", minutes) % {"n": minutes}
    if step == due.Step.OVERDUE:
        return _("It was due on %(day)s. %(left)s.") % {
            "day": spoken_day(row.due_on),
            "left": left[:1].upper() + left[1:],
        }
    when = _("It is due on %(day)s.") % {"day": spoken_day(row.due_on)}
    if row.done_lessons is None:
        return when + " " + _("You have not started yet; it takes about %(n)d minutes.") % {"n": minutes}
    on = _("You are on lesson %(n)d of %(all)d, and %(left)s.")
    return when + " " + on % {"n": min(row.done_lessons + 1, lessons), "all": lessons, "left": left}


def _next(unmet: list[dict[str, str]]) -> str:
    return _("Next lesson: %(title)s") % {"title": unmet[0]["title"]} if unmet else ""


def _way_out(step: due.Step, name: str) -> str:
    """The mail itself says that a reply reaches the supervisor."""
    if step == due.Step.OVERDUE:
        return _("Need another date? %(name)s can move it.") % {"name": name}
    return _("No time this week? %(name)s can move the date.") % {"name": name}
