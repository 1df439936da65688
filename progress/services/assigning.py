"""Assigning a course to people and teams, and taking it back (D17). An assignment never opens an enrolment (D3)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Team, TeamMembership, User
from core import clock
from core.errors import InvalidInput
from courses.models import Course, CourseGrant
from progress import due
from progress.models import Assignment, Completion, DueKind, Obligation
from progress.selectors.assigning import completed_by, courses_to_assign, places_of, trainees_of
from progress.services.telling import tell_assigned

MAX_DAYS = 365


@dataclass(frozen=True)
class Owing:
    """One person shall owe one assignment, chosen by name or as a member of a team."""

    assignment: Assignment
    person_id: int
    through_team: bool


def assign(
    *,
    course: Course,
    actor: User,
    people: Iterable[User] = (),
    teams: Iterable[Team] = (),
    due_kind: str = DueKind.FIXED,
    due_on: dt.date | None = None,
    days: int | None = None,
    note: str = "",
    request_key: str = "",
) -> Assignment:
    """Give ``course`` to ``people`` and to everyone in ``teams``, now and when they join later.

    Whoever completed the course before owes nothing: their obligation is met at once. The same ``request_key`` returns
    the assignment that it made. The number of statements does not depend on the number of people.
    Raises ``PermissionDenied`` for somebody or something out of the actor's sight, ``InvalidInput`` otherwise.
    """
    teams = list(teams)
    if request_key and (known := Assignment.objects.filter(created_by=actor, request_key=request_key).first()):
        return known
    _check_course(course, actor)
    named = _named(actor, list(people), teams)
    check_due(actor, due_kind, due_on, days)
    fixed, counted = (due_on, None) if due_kind == DueKind.FIXED else (None, days if due_kind == DueKind.DAYS else None)
    fields = {"course": course, "due_kind": due_kind, "due_on": fixed, "days": counted, "note": note.strip()[:300]}
    with transaction.atomic():
        if request_key:
            assignment, created = Assignment.objects.get_or_create(
                created_by=actor, request_key=request_key, defaults=fields
            )
            if not created:
                return assignment
        else:
            assignment = Assignment.objects.create(created_by=actor, **fields)
        assignment.teams.set(teams)
        through_team = (trainees_of(teams) if teams else set()) - named
        _oblige(Owing(assignment, pk, pk in through_team) for pk in sorted(named | through_team))
    return assignment


def check_due(actor: User, due_kind: str, due_on: dt.date | None, days: int | None) -> None:
    """Raise ``InvalidInput`` unless the rule makes sense and its date lies after today where the actor is."""
    if due_kind == DueKind.FIXED:
        place = places_of([actor.pk])[actor.pk]
        today = clock.today(place.zone)
        if due_on is None:
            problem = _("Choose a day from tomorrow on.")
        elif due_on == today:
            problem = _("Today is too soon. Choose a day from tomorrow on.")
        elif due_on < today:
            problem = _("%(day)s has passed. Choose a day from tomorrow on.") % {"day": date_format(due_on, "j F")}
        elif due_on > today + dt.timedelta(days=5 * MAX_DAYS):
            problem = _("Choose a day within the next five years.")
        else:
            return
        raise InvalidInput(problem, fields={"due_on": problem})
    if due_kind == DueKind.DAYS and not 1 <= (days or 0) <= MAX_DAYS:
        problem = _("Give a number of working days from 1 to %(most)d.") % {"most": MAX_DAYS}
        raise InvalidInput(problem, fields={"days": problem})


def _check_course(course: Course, actor: User) -> None:
    if not courses_to_assign(actor).filter(pk=course.pk).exists():
        if not Course.objects.visible_to(actor).filter(pk=course.pk).exists():
            raise PermissionDenied
        problem = _("People cannot read this course: it is not published, or it is archived.")
        raise InvalidInput(problem, fields={"course": problem})


def _named(actor: User, people: list[User], teams: list[Team]) -> set[int]:
    """The people chosen by name, once it is clear that the actor may choose them and the teams."""
    if not people and not teams:
        problem = _("Choose at least one person or team.")
        raise InvalidInput(problem, fields={"people": problem})
    named = {person.pk for person in people}
    seen = set(User.objects.active().visible_to(actor).filter(pk__in=named).values_list("pk", flat=True))
    led = set(Team.objects.visible_to(actor).filter(pk__in=[team.pk for team in teams]).values_list("pk", flat=True))
    if named - seen or {team.pk for team in teams} - led:
        raise PermissionDenied
    return named


def _oblige(owing: Iterable[Owing]) -> None:
    """Obligations, grants and notices; who has an obligation of the same assignment already keeps it."""
    owing = list(owing)
    if not owing:
        return
    given = clock.now()
    places = places_of({each.person_id for each in owing})
    done = completed_by({each.assignment.course_id for each in owing}, places)
    rows = [_obligation(each, places[each.person_id], done, given) for each in owing]
    Obligation.objects.bulk_create(rows, ignore_conflicts=True)
    _grant((row.assignment, row.person_id) for row in rows)
    tell_assigned([row for row in rows if row.met_at is None])


def _obligation(
    owing: Owing, place: due.Place, done: Mapping[tuple[int, int], tuple[int, dt.datetime]], given: dt.datetime
) -> Obligation:
    assignment = owing.assignment
    due_on = due_day(assignment, place, given)
    enrolment, met_at = done.get((owing.person_id, assignment.course_id), (None, None))
    return Obligation(
        assignment=assignment,
        person_id=owing.person_id,
        course_id=assignment.course_id,
        through_team=owing.through_team,
        due_on=due_on,
        due_at=due.due_at(due_on, place.zone),
        due_set_at=given,
        remind_at=due.first_reminder(due_on, place.zone, given=given),
        met_at=met_at,
        enrolment_id=enrolment,
    )


def _grant(pairs: Iterable[tuple[Assignment, int]]) -> None:
    grants = [
        CourseGrant(course_id=assignment.course_id, person_id=person, source=grant_source(assignment))
        for assignment, person in pairs
    ]
    CourseGrant.objects.bulk_create(grants, ignore_conflicts=True)


def grant_source(assignment: Assignment) -> str:
    """The name under which an assignment opens its course to people (D15)."""
    return f"assignment:{assignment.pk}"


def due_day(assignment: Assignment, place: due.Place, given: dt.datetime) -> dt.date | None:
    """The day on which a person at ``place`` who is told at ``given`` shall be done; None without a date.

    Whoever joins after the day has passed gets no date: nobody is late on the first day.
    """
    today = clock.today(place.zone, at=given)
    if assignment.due_kind == DueKind.DAYS and assignment.days:
        return due.working_days_after(today, assignment.days, place.working_days)
    return assignment.due_on if assignment.due_on and assignment.due_on >= today else None


def withdraw(*, assignment: Assignment, actor: User) -> Assignment:
    """Take an assignment back: nobody owes it any more, and its grants end. ``restore`` undoes it; twice is harmless."""
    at = clock.now()
    with transaction.atomic():
        if Assignment.objects.live().filter(pk=assignment.pk).update(withdrawn_at=at, withdrawn_by=actor):
            assignment.obligations.live().update(withdrawn_at=at, withdrawn_by=actor)
            CourseGrant.objects.filter(course=assignment.course_id, source=grant_source(assignment)).delete()
    assignment.refresh_from_db()
    return assignment


def restore(*, assignment: Assignment) -> Assignment:
    """Undo ``withdraw``: what it took back is owed again, with the same dates; twice is harmless."""
    with transaction.atomic():
        at = assignment.withdrawn_at
        if at is not None and Assignment.objects.filter(pk=assignment.pk, withdrawn_at=at).update(
            withdrawn_at=None, withdrawn_by=None
        ):
            taken = assignment.obligations.filter(withdrawn_at=at, withdrawn_by=assignment.withdrawn_by_id)
            _grant((assignment, person) for person in taken.values_list("person_id", flat=True))
            taken.update(withdrawn_at=None, withdrawn_by=None)
            known = set(assignment.obligations.values_list("person_id", flat=True))
            joined = trainees_of(assignment.teams.all()) - known
            _oblige(Owing(assignment, pk, through_team=True) for pk in sorted(joined))
    assignment.refresh_from_db()
    return assignment


def excuse(*, obligation: Obligation, actor: User) -> Obligation:
    """One person owes it no longer; joining the team again does not bring it back. Twice is harmless."""
    with transaction.atomic():
        if Obligation.objects.live().filter(pk=obligation.pk).update(withdrawn_at=clock.now(), withdrawn_by=actor):
            CourseGrant.objects.filter(
                course=obligation.course_id,
                person=obligation.person_id,
                source=f"assignment:{obligation.assignment_id}",
            ).delete()
    obligation.refresh_from_db()
    return obligation


def unexcuse(*, obligation: Obligation) -> Obligation:
    """Undo ``excuse``; raises ``InvalidInput`` when the whole assignment was taken back."""
    if obligation.assignment.withdrawn_at is not None:
        raise InvalidInput(_("The assignment itself was taken back."))
    with transaction.atomic():
        _grant([(obligation.assignment, obligation.person_id)])
        Obligation.objects.filter(pk=obligation.pk).update(withdrawn_at=None, withdrawn_by=None)
    obligation.refresh_from_db()
    return obligation


def follow_teams(*, person: User) -> None:
    """After ``person`` joined or left teams: live team assignments reach who joined, and let go of who left.

    What was done stays met, and nothing is deleted; what was still open is withdrawn without a name and comes back
    with the membership.
    """
    joined = Team.objects.filter(memberships__person=person, memberships__role=TeamMembership.Role.TRAINEE)
    reached = Assignment.objects.live().filter(teams__in=joined.values("pk"))
    owed = Obligation.objects.filter(person=person, through_team=True)
    known = Obligation.objects.filter(assignment=OuterRef("pk"), person=person)
    with transaction.atomic():
        if person.is_active:
            fresh = reached.exclude(Exists(known)).select_related("course", "created_by").distinct()
            _oblige(Owing(assignment, person.pk, through_team=True) for assignment in fresh)
            _come_back(owed.filter(withdrawn_by=None, withdrawn_at__isnull=False, assignment__in=reached.values("pk")))
        left = owed.owed().exclude(assignment__in=reached.values("pk"))
        left.update(withdrawn_at=clock.now())


def _come_back(obligations: QuerySet[Obligation]) -> None:
    _grant((each.assignment, each.person_id) for each in obligations.select_related("assignment"))
    obligations.update(withdrawn_at=None)


def meet(*, completion: Completion) -> int:
    """Everything that the learner owes by this course is met; called inside the completing transaction."""
    enrolment = completion.enrolment
    return (
        Obligation.objects.unfinished()
        .filter(person=enrolment.learner_id, course=enrolment.course_id, cycle__lte=enrolment.cycle)
        .update(met_at=completion.at, enrolment=enrolment)
    )
