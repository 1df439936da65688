"""Reads that assigning and reminding share: where people's days end, what a course is called, who already has it."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.models import Membership, Team, TeamMembership, User
from courses.models import Course, EditionText
from progress.due import Place, place_of
from progress.models import Completion


def people_of(user: User) -> QuerySet[User]:
    """The people whom ``user`` looks after: trainees of the teams they lead, members of libraries they manage."""
    if not user.is_authenticated:  # who reads the API's schema need not be signed in
        return User.objects.none()
    people = User.objects.active().exclude(pk=user.pk)
    if user.is_superuser:
        return people
    managed = Membership.objects.filter(person=user, is_manager=True).values("organisation")
    trainees = TeamMembership.objects.filter(
        person=OuterRef("pk"), role=TeamMembership.Role.TRAINEE, team__in=Team.objects.led_by(user).values("pk")
    )
    members = Membership.objects.filter(person=OuterRef("pk"), organisation__in=managed)
    return people.filter(Q(Exists(trainees)) | Q(Exists(members)))


def courses_to_assign(user: User) -> QuerySet[Course]:
    """Courses that ``user`` can see and that people can read."""
    return Course.objects.visible_to(user).published().filter(archived_at=None)


def trainees_of(teams: Iterable[Team]) -> set[int]:
    """The active trainees of ``teams``, by primary key."""
    rows = TeamMembership.objects.filter(team__in=list(teams), role=TeamMembership.Role.TRAINEE, person__is_active=True)
    return set(rows.values_list("person_id", flat=True))


def places_of(people: QuerySet[User] | Collection[int]) -> dict[int, Place]:
    """Where each person's days end and when their library works; one query. ``people``: a queryset or primary keys."""
    chosen: Any = people.values("pk") if isinstance(people, QuerySet) else list(people)
    rows = User.objects.filter(pk__in=chosen).values_list("pk", "time_zone")
    primary = Membership.objects.filter(person__in=chosen, is_primary=True)
    homes = {
        person: (zone, days)
        for person, zone, days in primary.values_list(
            "person_id", "organisation__time_zone", "organisation__working_days"
        )
    }
    nowhere = Place()
    return {pk: place_of(zone, *homes.get(pk, (nowhere.zone, nowhere.working_days))) for pk, zone in rows}


def completed_by(courses: Collection[int], people: Collection[int]) -> dict[tuple[int, int], tuple[int, dt.datetime]]:
    """``{(person, course): (enrolment, moment)}`` of first completions; one query."""
    rows = (
        Completion.objects.filter(enrolment__course__in=list(courses), enrolment__learner__in=list(people))
        .order_by("-at")
        .values_list("enrolment__learner_id", "enrolment__course_id", "enrolment_id", "at")
    )
    return {(person, course): (enrolment, at) for person, course, enrolment, at in rows}


def titles_of(course_ids: Collection[int], language: str) -> dict[int, str]:
    """Titles of current editions by course, in ``language`` where there is one, else in the course's first; one query."""
    rows = EditionText.objects.filter(
        edition__course__in=list(course_ids), edition=F("edition__course__current_edition")
    ).values_list("edition__course_id", "edition__course__languages", "language", "title")
    titles: dict[int, tuple[int, str]] = {}
    for course, languages, spoken, title in rows:
        rank = 0 if spoken == language else 1 if languages[:1] == [spoken] else 2
        if course not in titles or rank < titles[course][0]:
            titles[course] = (rank, title)
    return {course: title for course, (_, title) in titles.items()}
