"""The completion report: the trend, the courses, and every row to take away."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Avg,
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncMonth, TruncWeek
from django.utils import timezone

from accounts.models import TeamMembership, User
from core import clock
from courses.models import EditionText, Enrolment
from progress.models import Completion, CourseState, LessonState, Obligation

WEEKS_MOST = 14
CHUNK = 1000


@dataclass(frozen=True)
class Period:
    """From the first to the last day, both included, in the reader's zone; shown by week, or by month when it is long."""

    first: dt.date
    last: dt.date

    @property
    def monthly(self) -> bool:
        return (self.last - self.first).days >= 7 * WEEKS_MOST

    @property
    def starts(self) -> list[dt.date]:
        """The first days of its weeks (Mondays) or months."""
        if not self.monthly:
            monday = self.first - dt.timedelta(days=self.first.weekday())
            return [monday + dt.timedelta(days=n) for n in range(0, (self.last - monday).days + 1, 7)]
        months, month = [], self.first.replace(day=1)
        while month <= self.last:
            months.append(month)
            month = (month + dt.timedelta(days=32)).replace(day=1)
        return months

    @property
    def moments(self) -> tuple[dt.datetime, dt.datetime]:
        """Its beginning, and the moment just after it."""
        zone = timezone.get_current_timezone()
        after = self.last + dt.timedelta(days=1)
        return tuple(dt.datetime.combine(day, dt.time(), tzinfo=zone) for day in (self.first, after))  # type: ignore[return-value]  # two in, two out


@dataclass(frozen=True)
class Bucket:
    """Lessons finished in one week or month."""

    start: dt.date
    on_time: int
    late: int


def lessons_finished(people: QuerySet[User], period: Period) -> list[Bucket]:
    """Lessons that ``people`` finished, by week or month, on time or late; one statement.

    A lesson is late when it was done after the first date that its course was due by; without a date it is on time.
    """
    first, after = period.moments
    due = (
        Obligation.objects.live()
        .filter(person=OuterRef("enrolment__learner"), course=OuterRef("enrolment__course"))
        .order_by()
        .values("person")
        .annotate(first=Min("due_at"))
        .values("first")
    )
    zone = timezone.get_current_timezone()
    truncated = (TruncMonth if period.monthly else TruncWeek)("done_at", tzinfo=zone)
    rows = (
        LessonState.objects.filter(enrolment__learner__in=people.values("pk"), done_at__gte=first, done_at__lt=after)
        .annotate(due_at=Subquery(due), start=truncated)
        .annotate(
            late=Case(When(done_at__gt=F("due_at"), then=Value(1)), default=Value(0), output_field=IntegerField())
        )
        .values("start", "late")
        .annotate(n=Count("pk"))
        .order_by()
    )
    found = {(timezone.localtime(row["start"], zone).date(), row["late"]): row["n"] for row in rows}
    return [Bucket(start, found.get((start, 0), 0), found.get((start, 1), 0)) for start in period.starts]


def by_course(people: QuerySet[User], language: str) -> QuerySet[Any]:
    """One row a course that is assigned to some of ``people``: how many of them stand where; overdue courses first."""
    opened = Enrolment.objects.live().opened().filter(learner=OuterRef("person"), course=OuterRef("course"))
    score = (
        Completion.objects.filter(enrolment__course=OuterRef("course"), enrolment__learner__in=people.values("pk"))
        .order_by()
        .values("enrolment__course")
        .annotate(mean=Avg("score"))
        .values("mean")
    )
    open_ = Q(met_at=None)
    late = open_ & Q(due_at__lt=clock.now())
    return (
        Obligation.objects.live()
        .filter(person__in=people.values("pk"))
        .annotate(opened=Exists(opened))
        .order_by()
        .values("course", "course__code", "course__slug")
        .annotate(
            title=_title(language),
            assigned=Count("person", distinct=True),
            finished=Count("person", filter=~open_, distinct=True),
            overdue=Count("person", filter=late, distinct=True),
            under_way=Count("person", filter=open_ & Q(opened=True), distinct=True),
            not_started=Count("person", filter=open_ & Q(opened=False), distinct=True),
            score=Subquery(score),
        )
        .order_by("-overdue", "course__code", "course")
    )


def _title(language: str) -> Coalesce:
    texts = EditionText.objects.filter(edition=OuterRef("course__current_edition"))
    return Coalesce(
        Subquery(texts.filter(language=language).values("title")[:1]),
        Subquery(texts.order_by("pk").values("title")[:1]),
        Value(""),
    )


def export_rows(people: QuerySet[User], language: str) -> Iterator[Obligation]:
    """Every live obligation of ``people`` with what a line of the export says; a cursor, never all rows at once."""
    state = CourseState.objects.filter(
        enrolment__learner=OuterRef("person"), enrolment__course=OuterRef("course"), enrolment__closed_at=None
    )
    team = TeamMembership.objects.filter(person=OuterRef("person"), role=TeamMembership.Role.TRAINEE)
    opened = Enrolment.objects.live().opened().filter(learner=OuterRef("person"), course=OuterRef("course"))
    return (
        Obligation.objects.live()
        .filter(person__in=people.values("pk"))
        .select_related("person", "course", "assignment__created_by", "enrolment__completion__certificate")
        .annotate(
            title=_title(language),
            team_name=Subquery(team.order_by("team__name").values("team__name")[:1]),
            opened=Exists(opened),
            done_lessons=Subquery(state.values("done_count")[:1]),
            all_lessons=Subquery(state.values("lesson_count")[:1]),
        )
        .order_by("person__name", "person", "due_at", "pk")
        .iterator(chunk_size=CHUNK)
    )
