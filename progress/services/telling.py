"""What people are told about their assignments, in words. Sending is ``accounts``' business."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Notice, User
from accounts.services.announcing import Draft, notify_many
from core import clock
from progress.models import Obligation
from progress.selectors.assigning import titles_of

ASSIGNED, DATE_MOVED, NUDGE = "assigned", "date_moved", "nudge"


def spoken_day(day: dt.date) -> str:
    """``Thursday 26 November``."""
    return date_format(day, "l j F")


def tell_assigned(obligations: Collection[Obligation]) -> None:
    """'Marcus chose a course for you', with his own sentence. ``assignment`` and its course must be loaded."""
    titles = titles_of({each.course_id for each in obligations}, "en")
    notify_many(
        [
            Draft(
                person_id=each.person_id,
                kind=ASSIGNED,
                key=f"assigned:{each.assignment_id}",
                title=_("%(name)s chose a course for you: %(course)s")
                % {"name": each.assignment.created_by.get_short_name(), "course": titles.get(each.course_id, "")},
                body="\n\n".join(filter(None, [_quoted(each.assignment.note), _by_when(each.due_on)])),
                url=reverse("courses:course", args=[each.assignment.course.slug]),
                action=_("See the course"),
                reply_to=each.assignment.created_by.email,
            )
            for each in obligations
        ]
    )


def assigned_still_true(notice: Notice) -> bool:
    """Whether 'chose a course for you' may still be mailed: nobody took it back, and it is not done meanwhile."""
    pk = notice.key.partition(":")[2]
    return Obligation.objects.owed().filter(person=notice.person_id, assignment=int(pk)).exists()


def date_still_true(notice: Notice) -> bool:
    """Whether 'new date' may still be mailed: it is owed, and no later date was given since."""
    _date, pk, given = notice.key.split(":")
    row = Obligation.objects.owed().filter(pk=pk).first()
    return row is not None and f"{row.due_set_at.timestamp():.0f}" == given


def tell_date(obligations: Sequence[Obligation], *, actor: User, reason: str = "") -> None:
    """'New date'. One notice for each time a date was given; person, assignment and course must be loaded."""
    titles = titles_of({each.course_id for each in obligations}, "en")
    drafts = []
    for each in obligations:
        words = {"course": titles.get(each.course_id, ""), "name": actor.get_short_name()}
        if each.due_on:
            words["day"] = spoken_day(each.due_on)
            title = _("New date for %(course)s: %(day)s") % words
        else:
            title = _("%(course)s has no date any more") % words
        drafts.append(
            Draft(
                person_id=each.person_id,
                kind=DATE_MOVED,
                key=f"date:{each.pk}:{each.due_set_at.timestamp():.0f}",
                title=title,
                body="\n\n".join(filter(None, [_("%(name)s moved the date.") % words, _quoted(reason)])),
                url=reverse("courses:course", args=[each.assignment.course.slug]),
                action=_("See the course"),
                reply_to=actor.email,
            )
        )
    notify_many(drafts)


def nudge_drafts(people: Sequence[tuple[Obligation, str]], *, actor: User, text: str) -> list[Draft]:
    """A line from the supervisor, at most one a day for each person: the day where the person is makes the key."""
    titles = titles_of({each.course_id for each, _zone in people}, "en")
    return [
        Draft(
            person_id=each.person_id,
            kind=NUDGE,
            key=f"nudge:{clock.today(zone):%Y-%m-%d}",
            title=_("A line from %(name)s about %(course)s")
            % {"name": actor.get_short_name(), "course": titles.get(each.course_id, "")},
            body=_quoted(text),
            url=reverse("courses:course", args=[each.course.slug]),
            action=_("Continue"),
            reply_to=actor.email,
        )
        for each, zone in people
    ]


def _quoted(words: str) -> str:
    return _("“%(words)s”") % {"words": words.strip()} if words.strip() else ""


def _by_when(day: dt.date | None) -> str:
    return _("Please finish it by %(day)s.") % {"day": spoken_day(day)} if day else ""
