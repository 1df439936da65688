"""Upkeep: a published course is looked at again by a day, and its owner is reminded of it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import Membership, Notice, User
from accounts.notice_kinds import NoticeKind
from accounts.services.announcing import Draft, notify_many
from core import clock
from core.errors import InvalidInput
from courses.models import Course, CourseEditor, CourseLook, ReviewPolicy
from courses.upkeep import MONTHS_MAX, SOON_DAYS, months_later, step_at

NOTICE_KIND = "course_upkeep"


def today_of(course: Course) -> dt.date:
    """Today where the course's organisation is; courses of the commons keep UTC."""
    return clock.today(course.organisation.time_zone if course.organisation else "UTC")


def schedule_after_publishing(*, course: Course) -> None:
    """A course whose organisation wants it looked at again gets its day, unless a day to come is set already.

    Call it in the publishing transaction; one statement, two when it has something to do.
    """
    if course.organisation_id is None:
        return
    policy = ReviewPolicy.objects.filter(organisation=course.organisation_id).values_list("review_months").first()
    months = policy[0] if policy else 0
    today = today_of(course)
    if months and (course.review_by is None or course.review_by <= today):
        course.review_by = months_later(today, months)
        course.save(update_fields=["review_by"])


@transaction.atomic
def set_review_by(*, course: Course, day: dt.date | None, actor: User) -> Course:
    """Look at it again by ``day``; None: nobody is reminded. Raises ``InvalidInput`` for a day that is over."""
    course = Course.objects.select_for_update().get(pk=course.pk)
    if day is not None and day < today_of(course):
        message = _("Choose a day to come.")
        raise InvalidInput(message, fields={"review_by": message})
    course.review_by = day
    course.save(update_fields=["review_by"])
    return course


@transaction.atomic
def look_through(*, course: Course, months: int, note: str, actor: User) -> CourseLook:
    """``actor`` has looked at the whole course, which holds; the next look is ``months`` from today (0: none is asked).

    Raises ``InvalidInput`` unless ``months`` is between 0 and ten years.
    """
    if not 0 <= months <= MONTHS_MAX:
        message = _("Choose between 0 and %(most)d months.") % {"most": MONTHS_MAX}
        raise InvalidInput(message, fields={"months": message})
    course = Course.objects.select_for_update().get(pk=course.pk)
    course.review_by = months_later(today_of(course), months) if months else None
    course.save(update_fields=["review_by"])
    return CourseLook.objects.create(course=course, note=note.strip(), looked_by=actor, next_on=course.review_by)


def remind_batch(*, after: int, size: int, at: dt.datetime) -> int | None:
    """Tell the owners of up to ``size`` courses (primary keys above ``after``) what is due at ``at``.

    The key of a notice holds course, day and step, so nothing is said twice however often this runs; steps that nobody
    was there to say are left out. Gives the last primary key, None when no course is left.
    """
    horizon = clock.today("UTC", at=at) + dt.timedelta(days=SOON_DAYS + 1)  # somewhere it is tomorrow already
    courses = list(
        Course.objects.filter(pk__gt=after, archived_at=None, review_by__lte=horizon)
        .select_related("organisation")
        .prefetch_related("texts")
        .order_by("pk")[:size]
    )
    if not courses:
        return None
    told = _told(courses)
    drafts = [
        draft
        for course, people in told.items()
        for person in people
        if (draft := _draft(course, person, at)) is not None
    ]
    known = set(
        Notice.objects.filter(kind=NOTICE_KIND, key__in={draft.key for draft in drafts}).values_list("person_id", "key")
    )
    notify_many([draft for draft in drafts if (draft.person_id, draft.key) not in known])
    return courses[-1].pk


def _told(courses: Sequence[Course]) -> dict[Course, list[User]]:
    """Whom to remind of each course: its owners; where none can sign in any more, the managers of its organisation."""
    owners: dict[int, list[User]] = defaultdict(list)
    rows = CourseEditor.objects.filter(course__in=courses, role=CourseEditor.Role.OWNER, person__is_active=True)
    for row in rows.select_related("person").order_by("pk"):
        owners[row.course_id].append(row.person)
    orphans = {course.organisation_id for course in courses if course.pk not in owners}
    managers: dict[int, list[User]] = defaultdict(list)
    if orphans - {None}:
        members = Membership.objects.filter(organisation__in=orphans - {None}, is_manager=True, person__is_active=True)
        for member in members.select_related("person").order_by("pk"):
            managers[member.organisation_id].append(member.person)
    return {course: owners.get(course.pk) or managers.get(course.organisation_id or 0, []) for course in courses}


def _draft(course: Course, person: User, at: dt.datetime) -> Draft | None:
    """The reminder that fits the day where the course's organisation is; None while it is too early."""
    zone = course.organisation.time_zone if course.organisation else "UTC"
    step = step_at(course.review_by, clock.today(zone, at=at)) if course.review_by else ""
    if not step or course.review_by is None:
        return None
    with override(person.language or "en"):
        titles = {text.language: text.title for text in course.texts.all()}
        words = {
            "course": titles.get(person.language) or titles.get(course.first_language) or course.slug,
            "day": date_format(course.review_by, "j F Y"),
        }
        title = {
            "soon": _("Look at “%(course)s” again by %(day)s"),
            "day": _("It is time to look at “%(course)s” again"),
        }.get(step, _("“%(course)s” was to be looked at by %(day)s"))
        return Draft(
            person_id=person.pk,
            kind=NOTICE_KIND,
            key=f"look:{course.pk}:{course.review_by}:{step}",
            title=title % words,
            body=_(
                "Laws, systems and links change. Read it through; if it holds, say so with one button, and you are not "
                "asked again before the next look."
            ),
            url=reverse("courses:author_people", args=[course.slug]) + "#upkeep",
            action=_("Open the course’s upkeep"),
            zone=person.time_zone,
        )


def still_true(notice: Notice) -> bool:
    """May it still be mailed? The day stands, the step still fits, and the person is still the one to ask."""
    _name, pk, day, step = notice.key.split(":")
    course = Course.objects.select_related("organisation").filter(pk=pk, review_by=day, archived_at=None).first()
    if course is None or course.review_by is None or step_at(course.review_by, today_of(course)) != step:
        return False
    return notice.person_id in {person.pk for person in _told([course])[course]}


NOTICE = NoticeKind(
    NOTICE_KIND,
    gettext_lazy("Time to look at a course again"),
    help=gettext_lazy("For owners: 30 days before, on the day, and once a month after it."),
    icon="renew",
    capped=True,
    still_true=still_true,
)
