"""The team pages: who needs somebody today, each in words, in a fixed number of statements."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from accounts.models import Team, TeamMembership, User
from core import clock
from courses.models import EditionText, Enrolment
from progress.models import Assignment, CourseState, LessonState, Obligation
from progress.selectors.assigning import people_of, titles_of

PAGE_SIZE = 20
SORTS = ("status", "name")
WEEK = dt.timedelta(days=7)

OVERDUE, NOT_STARTED, UNDER_WAY, DONE, NOTHING = "overdue", "not_started", "under_way", "done", "nothing"
# What needs attention first; the order of the table.
STATUSES = (OVERDUE, NOT_STARTED, UNDER_WAY, DONE, NOTHING)


@dataclass(frozen=True)
class PersonRow:
    """A person of the team. ``next`` is the obligation that is due first, ``state`` where they stand in it."""

    person: User
    teams: tuple[str, ...]
    status: str
    overdue: int
    done: int
    total: int
    next: Obligation | None
    next_title: str
    state: CourseState | None
    last_here: dt.datetime | None


@dataclass(frozen=True)
class Figures:
    """The numbers at the head of the team page; ``late`` counts people, ``overdue`` their obligations."""

    overdue: int
    late: int
    due_soon: int
    next_due: dt.date | None
    finished: int
    lessons: int


def people_matching(user: User, *, team: Team | None = None, words: str = "") -> QuerySet[User]:
    """The people whom ``user`` looks after, those of ``team`` only, whose name or address holds ``words``."""
    people = people_of(user)
    if team is not None:
        in_team = TeamMembership.objects.filter(person=OuterRef("pk"), team=team, role=TeamMembership.Role.TRAINEE)
        people = people.filter(Exists(in_team))
    if words:
        people = people.filter(Q(name__icontains=words) | Q(email__icontains=words))
    return people


def people_page(
    user: User, *, team: Team | None = None, words: str = "", sort: str = "status", number: Any = 1
) -> "Page[PersonRow]":
    """A page of people, those who need attention first unless ``sort`` is ``name``: four statements."""
    order = ("name", "pk") if sort == "name" else ("rank", F("next_at").asc(nulls_last=True), "name", "pk")
    people = _with_status(people_matching(user, team=team, words=words), clock.now())
    page: Page[Any] = Paginator(people.order_by(*order), PAGE_SIZE).get_page(number)
    page.object_list = _rows(user, list(page.object_list))
    return page


def _with_status(people: QuerySet[User], at: dt.datetime) -> QuerySet[User]:
    mine = Obligation.objects.live().filter(person=OuterRef("pk")).order_by()
    open_here = Enrolment.objects.live().opened().filter(learner=OuterRef("person"), course=OuterRef("course"))
    first = mine.unfinished().order_by(F("due_at").asc(nulls_last=True), "pk")
    seen = CourseState.objects.filter(enrolment__learner=OuterRef("pk")).order_by()
    counted = people.annotate(
        total=_courses(mine),
        done=_courses(mine.filter(met_at__isnull=False)),
        overdue=_courses(mine.overdue(at)),
        started=Exists(mine.unfinished().filter(Exists(open_here))),
        next_id=Subquery(first.values("pk")[:1]),
        next_at=Subquery(first.values("due_at")[:1]),
        last_step=Subquery(seen.values("enrolment__learner").annotate(last=Max("last_at")).values("last")),
    )
    return counted.annotate(
        rank=Case(
            When(overdue__gt=0, then=0),
            When(total=0, then=4),
            When(next_id=None, then=3),
            When(started=False, then=1),
            default=Value(2),
            output_field=IntegerField(),
        )
    )


def _courses(obligations: QuerySet[Obligation]) -> Coalesce:
    """How many courses, however often each of them was assigned."""
    counted = obligations.values("person").annotate(n=Count("course", distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _rows(user: User, people: list[Any]) -> list[PersonRow]:
    owed = {
        row.pk: row
        for row in Obligation.objects.filter(pk__in=[person.next_id for person in people]).select_related("course")
    }
    states = {
        (state.enrolment.learner_id, state.enrolment.course_id): state
        for state in CourseState.objects.filter(
            enrolment__closed_at=None,
            enrolment__learner__in=[row.person_id for row in owed.values()],
            enrolment__course__in=[row.course_id for row in owed.values()],
        ).select_related("enrolment")
    }
    teams: dict[int, list[str]] = {}
    places = TeamMembership.objects.filter(
        person__in=people, role=TeamMembership.Role.TRAINEE, team__in=Team.objects.visible_to(user).values("pk")
    )
    for person, name in places.order_by("team__name").values_list("person_id", "team__name"):
        teams.setdefault(person, []).append(name)
    titles = titles_of({row.course_id for row in owed.values()}, user.language or "en")
    rows = []
    for person in people:
        row = owed.get(person.next_id)
        rows.append(
            PersonRow(
                person=person,
                teams=tuple(teams.get(person.pk, ())),
                status=STATUSES[person.rank],
                overdue=person.overdue,
                done=person.done,
                total=person.total,
                next=row,
                next_title=titles.get(row.course_id, "") if row else "",
                state=states.get((person.pk, row.course_id)) if row else None,
                last_here=max(filter(None, (person.last_login, person.last_step)), default=None),
            )
        )
    return rows


def figures_of(people: QuerySet[User], *, month_start: dt.datetime) -> Figures:
    """Two statements over the obligations and lessons of ``people``."""
    at = clock.now()
    late = Q(met_at=None, due_at__lt=at)
    soon = Q(met_at=None, due_at__gte=at)
    numbers = (
        Obligation.objects.live()
        .filter(person__in=people.values("pk"))
        .aggregate(
            overdue=Count("pk", filter=late),
            late=Count("person", filter=late, distinct=True),
            due_soon=Count("pk", filter=soon & Q(due_at__lt=at + WEEK)),
            next_due=Min("due_on", filter=soon),
            finished=Count("enrolment", filter=Q(met_at__gte=month_start), distinct=True),
        )
    )
    lessons = LessonState.objects.filter(enrolment__learner__in=people.values("pk"), done_at__gte=month_start).count()
    return Figures(**numbers, lessons=lessons)


@dataclass(frozen=True)
class TeamChoice:
    """A team to choose, with the number of its trainees."""

    team: Team
    size: int


def teams_of(user: User) -> list[TeamChoice]:
    """The teams that ``user`` leads or manages; one statement."""
    trainees = Count(
        "memberships", filter=Q(memberships__role=TeamMembership.Role.TRAINEE, memberships__person__is_active=True)
    )
    teams = Team.objects.visible_to(user).annotate(size=trainees).order_by("name", "pk")
    return [TeamChoice(team=team, size=team.size) for team in teams]


def assignments_of(user: User, *, team: Team | None = None, words: str = "") -> QuerySet[Assignment]:
    """Live assignments that concern ``user``'s people, what needs attention first, with numbers of those people.

    Annotations: ``people``, ``met``, ``late``, ``title``, ``team_names`` is left to ``with_teams``.
    """
    at = clock.now()
    mine = (
        Obligation.objects.live().filter(assignment=OuterRef("pk"), person__in=people_of(user).values("pk")).order_by()
    )
    texts = EditionText.objects.filter(edition=OuterRef("course__current_edition"))
    assignments = Assignment.objects.live().led_by(user)
    if team is not None:
        assignments = assignments.filter(teams=team)
    for word in words.split():
        called = texts.filter(edition=OuterRef("course__current_edition"), title__icontains=word)
        assignments = assignments.filter(Q(course__code__icontains=word) | Q(note__icontains=word) | Exists(called))
    return (
        assignments.select_related("course", "created_by")
        .prefetch_related("teams")
        .annotate(
            people=_count(mine),
            met=_count(mine.filter(met_at__isnull=False)),
            late=_count(mine.overdue(at)),
            title=Coalesce(
                Subquery(texts.filter(language=user.language or "en").values("title")[:1]),
                Subquery(texts.order_by("pk").values("title")[:1]),
                Value(""),
            ),
            manageable=Exists(Assignment.objects.manageable_by(user).filter(pk=OuterRef("pk"))),
        )
        .order_by(
            Case(When(late__gt=0, then=0), When(met__lt=F("people"), then=1), default=2),
            F("due_on").asc(nulls_last=True),
            "-pk",
        )
    )


def _count(obligations: QuerySet[Obligation]) -> Coalesce:
    counted = obligations.values("assignment").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
