"""Written answers that wait for a person: which ones, in whose courses, in what order."""

from dataclasses import dataclass

from django.db.models import Case, CharField, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from accounts.models import User
from courses.models import Course, CourseText, EditionLessonText
from quizzes.models import Attempt, Marking, Slot, Step
from quizzes.registry import types


def written(user: User) -> QuerySet[Slot]:
    """Questions that people mark, of handed-in attempts in the courses that ``user`` changes; previews are no work."""
    manual = [name for name, kind in types.items() if kind.manual]
    answers = Step.objects.filter(slot=OuterRef("pk"), late=False).order_by("-seq", "-client_id")
    titles = EditionLessonText.objects.filter(
        part=OuterRef("attempt__part_id"), edition_lesson__uid=OuterRef("attempt__lesson_uid")
    )
    return (
        Slot.objects.filter(
            attempt__enrolment__course__in=Course.objects.editable_by(user),
            attempt__finished_at__isnull=False,
            version__type__in=manual,
        )
        .annotate(
            given=Subquery(answers.values("answer")[:1]),
            blind=Case(When(attempt__part__rendered__settings__blind=True, then=True), default=False),
            lesson_title=Coalesce(
                Subquery(titles.values("title")[:1]), "attempt__lesson_uid", output_field=CharField()
            ),
        )
        .filter(given__isnull=False)
        .select_related("attempt__enrolment__course", "attempt__learner", "version")
    )


def waiting(user: User, *, course: str = "") -> QuerySet[Slot]:
    """Those of ``written`` that nobody has marked, or that were reopened; oldest first. ``course`` is a slug."""
    standing = Marking.objects.filter(slot=OuterRef("pk"), reopened_at=None)
    rows = written(user).filter(~Exists(standing), attempt__marking=Attempt.Marks.WAITING)
    if course:
        rows = rows.filter(attempt__enrolment__course__slug=course)
    return rows.order_by("attempt__finished_at", "pk")


def courses_waiting(user: User, language: str) -> QuerySet[Course]:
    """The courses with something to mark, each with ``title`` and the number ``waiting``."""
    texts = CourseText.objects.filter(course=OuterRef("pk"))
    counted = (
        waiting(user)
        .filter(attempt__enrolment__course=OuterRef("pk"))
        .order_by()
        .values("attempt__enrolment__course")
        .annotate(n=Count("pk"))
        .values("n")
    )
    rows = Course.objects.editable_by(user).annotate(
        title=Coalesce(
            Subquery(texts.filter(language=language).values("title")[:1]),
            Subquery(texts.order_by("pk").values("title")[:1]),
            "slug",
            output_field=CharField(),
        ),
        waiting=Subquery(counted, output_field=IntegerField()),
    )
    return rows.filter(waiting__gt=0).order_by("code", "pk")


def slot_to_mark(user: User, pk: int) -> Slot:
    """A written answer with its attempt, course, learner and version. ``Http404`` for those of others' courses."""
    return get_object_or_404(written(user).select_related("attempt__part"), pk=pk)


def next_after(user: User, slot: Slot, *, course: str = "") -> Slot | None:
    """What comes after ``slot`` in the queue, or its beginning again; None when nothing else waits."""
    others = waiting(user, course=course).exclude(pk=slot.pk)
    at = slot.attempt.finished_at
    later = Q(attempt__finished_at__gt=at) | Q(attempt__finished_at=at, pk__gt=slot.pk)
    return others.filter(later).first() or others.first()


@dataclass(frozen=True)
class Marks:
    """What people gave an answer: the one that ``stands``, if one does, and those ``before`` it, newest first."""

    stands: Marking | None
    before: list[Marking]


def marks_for(slot: Slot) -> Marks:
    """Every marking of ``slot``. One query."""
    rows = list(slot.markings.select_related("marker", "reopened_by").order_by("-number"))
    standing = rows[0] if rows and rows[0].reopened_at is None else None
    return Marks(standing, rows[1:] if standing else rows)
