"""What the ledger tells the authors of a course: how far people come, lesson by lesson. Nobody's name is in it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, RowNumber
from django.utils import timezone

from courses.models import Course, Enrolment, LessonFeedback
from courses.selectors import Outline, OutlineLesson
from progress.models import LessonState

FILMS = frozenset({"video", "audio"})
FIRST, AGAIN = "first", "again"
CURRENT = "current"
MOMENT = dt.timedelta(seconds=1)


@dataclass(frozen=True)
class Which:
    """Whom the figures are about: in the ``current`` edition or any, taking the course for the ``first`` time, ``again``
    or either, enrolled since a day or ever."""

    edition: str = ""
    people: str = ""
    since: dt.date | None = None

    @property
    def beginning(self) -> dt.datetime | None:
        """The first moment of ``since`` in the reader's zone."""
        if self.since is None:
            return None
        return dt.datetime.combine(self.since, dt.time(), tzinfo=timezone.get_current_timezone())


@dataclass(frozen=True)
class Totals:
    """How many enrolled, how many of them opened the course, how many completed it."""

    enrolled: int
    opened: int
    completed: int


@dataclass(frozen=True)
class LessonFigures:
    """A lesson of the current edition: how many ``opened`` and ``finished`` it; ``came`` of the ``before`` who opened the
    lesson before it (the first lesson: who opened the course) opened this one. ``median_ms``: from opening it to being
    done, of a film how much was watched; None when nobody has. ``clear`` of ``answers`` said that it was clear."""

    lesson: OutlineLesson
    opened: int
    finished: int
    came: int
    before: int
    median_ms: int | None
    clear: int
    answers: int

    @property
    def film(self) -> bool:
        return self.lesson.kind in FILMS

    @property
    def lost(self) -> int:
        """How many opened what stands before it and never this."""
        return self.before - self.came


def enrolments_of(course: Course, which: Which) -> QuerySet[Enrolment]:
    """Everybody whom the figures are about; whoever takes the course again counts again."""
    rows = Enrolment.objects.filter(course=course)
    if which.edition == CURRENT:
        rows = rows.filter(Q(edition=course.current_edition_id) | Q(opened_at=None, closed_at=None))
    if which.people == FIRST:
        rows = rows.filter(cycle=1)
    elif which.people == AGAIN:
        rows = rows.filter(cycle__gt=1)
    return rows if which.beginning is None else rows.filter(created_at__gte=which.beginning)


def totals_of(enrolments: QuerySet[Enrolment]) -> Totals:
    """One statement."""
    found = enrolments.aggregate(
        enrolled=Count("pk"),
        opened=Count("pk", filter=Q(opened_at__isnull=False)),
        completed=Count("pk", filter=Q(completion__isnull=False)),
    )
    return Totals(**found)


def figures_of(course: Course, outline: Outline, which: Which, *, totals: Totals) -> list[LessonFigures]:
    """Every lesson in outline order: three or four statements, whatever the number of learners."""
    enrolments, lessons = enrolments_of(course, which), outline.lessons
    counted, times = _counted(enrolments, lessons), _medians(enrolments, lessons)
    said = {row["lesson_uid"]: row for row in _said(course, which)}
    rows: list[LessonFigures] = []
    before = totals.opened
    for lesson in lessons:
        row, feedback = counted.get(lesson.uid, {}), said.get(lesson.uid, {})
        opened = row.get("opened", 0)
        came = row.get("came", 0) if rows else opened
        rows.append(
            LessonFigures(
                lesson=lesson,
                opened=opened,
                finished=row.get("finished", 0),
                came=came,
                before=before,
                median_ms=times.get(lesson.uid),
                clear=feedback.get("clear", 0),
                answers=feedback.get("answers", 0),
            )
        )
        before = opened
    return rows


def _counted(enrolments: QuerySet[Enrolment], lessons: Sequence[OutlineLesson]) -> dict[str, dict[str, Any]]:
    """Opened, finished, and how many of those who opened the lesson before: one statement."""
    steps = [When(uid=lesson.uid, then=Value(before.uid)) for before, lesson in pairwise(lessons)]
    previous: Any = Case(*steps, default=Value(""), output_field=CharField()) if steps else Value("")
    earlier = LessonState.objects.filter(enrolment=OuterRef("enrolment"), uid=OuterRef("previous"))
    rows = (
        LessonState.objects.filter(enrolment__in=enrolments, uid__in=[lesson.uid for lesson in lessons])
        .annotate(previous=previous)
        .values("uid")
        .annotate(
            opened=Count("pk"),
            finished=Count("pk", filter=Q(state=LessonState.State.DONE)),
            came=Count("pk", filter=Exists(earlier)),
        )
        .order_by()
    )
    return {row["uid"]: dict(row) for row in rows}


def _medians(enrolments: QuerySet[Enrolment], lessons: Sequence[OutlineLesson]) -> dict[str, int]:
    """Milliseconds by lesson: one statement for films, one for all others.

    Lessons that were credited, or done within a second of being first heard of, took no time and are left
    out.
    """
    films = [lesson.uid for lesson in lessons if lesson.kind in FILMS]
    others = [lesson.uid for lesson in lessons if lesson.kind not in FILMS]
    states = LessonState.objects.filter(enrolment__in=enrolments)
    found: dict[str, int] = {}
    if films:
        watched = Cast(KeyTextTransform("watched_ms", "facts"), IntegerField())
        rows = states.filter(uid__in=films).annotate(took=watched).filter(took__gt=0)
        found |= {uid: round(sum(values) / len(values)) for uid, values in _middle(rows).items()}
    if others:
        since = Cast(KeyTextTransform("opened", "times"), DateTimeField())
        took = ExpressionWrapper(F("done_at") - since, output_field=DurationField())
        done = states.filter(uid__in=others, done_at__isnull=False).exclude(times__has_key="credited")
        rows = done.annotate(took=took).filter(took__gte=MOMENT)
        for uid, spans in _middle(rows).items():
            found[uid] = round(sum(spans, dt.timedelta(0)) / dt.timedelta(milliseconds=1) / len(spans))
    return found


def _middle(rows: QuerySet[Any, Any]) -> Mapping[str, list[Any]]:
    """The one or two values of ``took`` in the middle of each lesson's. The database sorts; one statement."""
    place = Window(RowNumber(), partition_by=[F("uid")], order_by=[F("took"), F("pk")])
    number = Window(Count("pk"), partition_by=[F("uid")])
    off = ExpressionWrapper(2 * place - number, output_field=IntegerField())
    middle = rows.annotate(off=off).filter(off__gte=0, off__lte=2).order_by().values_list("uid", "took")
    found: dict[str, list[Any]] = {}
    for uid, took in middle:
        found.setdefault(uid, []).append(took)
    return found


def feedback_of(course: Course, which: Which) -> QuerySet[LessonFeedback]:
    """What was answered to 'Was this clear?'; of ``which``, edition and day count, as of when it was said."""
    rows = LessonFeedback.objects.filter(course=course)
    if which.edition == CURRENT:
        rows = rows.filter(edition=course.current_edition_id)
    return rows if which.beginning is None else rows.filter(given_at__gte=which.beginning)


def _said(course: Course, which: Which) -> QuerySet[LessonFeedback, Any]:
    return (
        feedback_of(course, which)
        .values("lesson_uid")
        .annotate(answers=Count("pk"), clear=Count("pk", filter=Q(clear=True)))
        .order_by()
    )


def words_of(course: Course, which: Which) -> QuerySet[LessonFeedback, Any]:
    """What people wrote, newest first: lesson, day, words and whether it was clear to them. Never who."""
    written = feedback_of(course, which).exclude(words="").order_by("-given_at", "-pk")
    return written.values("lesson_uid", "clear", "words", "given_at", "edition__number")
