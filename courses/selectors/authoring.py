"""What authors see of their courses: lists with their figures, each in a bounded number of queries."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, Count, Exists, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from accounts.models import Organisation, User
from core import clock
from courses.models import (
    Course,
    CourseEditor,
    CourseMedia,
    CourseText,
    Edition,
    Enrolment,
    Lesson,
    LessonReport,
    LessonText,
    PublishPlan,
    Remark,
)
from courses.models.course import CourseQuerySet

SORTS: dict[str, tuple[OrderBy | str, str]] = {
    "code": ("code", "pk"),
    "-code": ("-code", "-pk"),
    "title": ("title", "pk"),
    "-title": ("-title", "-pk"),
    "edition": (F("current_edition__published_at").asc(nulls_first=True), "pk"),
    "look": (F("review_by").asc(nulls_last=True), "pk"),
    "-look": (F("review_by").desc(nulls_last=True), "-pk"),
    "-edition": (F("current_edition__published_at").desc(nulls_last=True), "-pk"),
}


def _count(rows: QuerySet[Enrolment] | QuerySet[LessonReport] | QuerySet[Remark]) -> Coalesce:
    counted = rows.filter(course=OuterRef("pk")).order_by().values("course").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


SHOWN = ("", *CourseEditor.Role.values, "stale", "changed", "archived")


def my_courses(
    user: User,
    *,
    words: str = "",
    sort: str = "code",
    language: str = "en",
    show: str = "",
    today: dt.date | None = None,
) -> QuerySet[Course]:
    """The courses ``user`` works on, with ``title``, ``learners``, ``open_reports``, ``my_role`` and ``is_late``.

    ``show`` is one of ``SHOWN``: a role of theirs, courses that are late to be looked at by ``today``, those whose draft
    was written on since its edition, or the archived ones, which no other choice shows.
    """
    today = today or clock.today("UTC")
    roles = CourseEditor.objects.filter(course=OuterRef("pk"), person=user)
    rows = _titled(Course.objects.authored_by(user), language).annotate(
        learners=_count(Enrolment.objects.live().opened()),
        open_reports=_count(LessonReport.objects.filter(settled_at=None)),
        my_role=Subquery(roles.values("role")[:1]),
        is_late=_is_late(today),
    )
    rows = rows.filter(archived_at__isnull=show != "archived")
    if show in CourseEditor.Role.values:
        rows = rows.filter(my_role=show)
    elif show == "stale":
        rows = rows.filter(is_late=True)
    elif show == "changed":
        texts = LessonText.objects.filter(lesson__course=OuterRef("pk"), lesson__archived_at=None)
        newer = texts.filter(changed_at__gt=OuterRef("current_edition__published_at"))
        put_away = Lesson.everything.filter(
            course=OuterRef("pk"), archived_at__gt=OuterRef("current_edition__published_at")
        )
        rows = rows.filter(Q(current_edition=None) | Exists(newer) | Exists(put_away))
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(code__icontains=words) | Q(slug__icontains=words))
    return rows.select_related("current_edition").order_by(*SORTS.get(sort, SORTS["code"]))


def courses_of(
    organisation: Organisation, *, today: dt.date, words: str = "", stale: bool = False, language: str = "en"
) -> QuerySet[Course]:
    """What ``organisation`` owns, with ``title``, ``is_late`` and ``owners`` (rows with the person): two queries."""
    owners = CourseEditor.objects.filter(role=CourseEditor.Role.OWNER).select_related("person")
    rows = _titled(Course.objects.filter(organisation=organisation), language)
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(code__icontains=words) | Q(slug__icontains=words))
    if stale:
        rows = rows.stale(today)
    return (
        rows.annotate(is_late=_is_late(today))
        .prefetch_related(Prefetch("editors", queryset=owners.order_by("pk"), to_attr="owners"))
        .order_by("code", "pk")
    )


def _is_late(today: dt.date) -> Exists:
    return Exists(Course.objects.stale(today).filter(pk=OuterRef("pk")))


def _titled(rows: CourseQuerySet, language: str) -> CourseQuerySet:
    """With ``title``: in ``language``, else the first one there is, else the address."""
    texts = CourseText.objects.filter(course=OuterRef("pk"))
    return rows.annotate(
        title=Coalesce(
            Subquery(texts.filter(language=language).values("title")[:1]),
            Subquery(texts.order_by("pk").values("title")[:1]),
            "slug",
            output_field=CharField(),
        )
    )


def title_of(course: Course) -> str:
    """The draft's title in the language of whoever reads it, else in its first one; its address without any."""
    titles = dict(CourseText.objects.filter(course=course).values_list("language", "title"))
    return titles.get(get_language() or "") or titles.get(course.first_language) or course.slug


def open_counts(course: Course) -> dict[str, int]:
    """How many reports of readers and notes of authors wait: ``open_reports``, ``open_remarks``. One statement."""
    counts = {
        "open_reports": _count(LessonReport.objects.filter(settled_at=None)),
        "open_remarks": _count(Remark.objects.open().filter(answers=None)),
    }
    found: dict[str, int] = Course.objects.filter(pk=course.pk).annotate(**counts).values(*counts).get()
    return found


def editions_of(course: Course) -> QuerySet[Edition]:
    """Published editions, newest first, with ``learners``: open enrolments that read them."""
    live = Count("enrolments", filter=Q(enrolments__closed_at=None))
    return course.editions.published().select_related("published_by").annotate(learners=live).order_by("-number")


def waiting_plan(course: Course) -> PublishPlan | None:
    """The edition of ``course`` that is planned and has not gone live."""
    waiting = course.plans.filter(state=PublishPlan.State.PLANNED)
    return waiting.select_related("planned_by", "frozen").first()


def past_plans(course: Course) -> QuerySet[PublishPlan]:
    """What was planned and no longer waits, newest first."""
    rows = course.plans.exclude(state=PublishPlan.State.PLANNED).select_related("edition")
    return rows.order_by("-due_at", "-pk")


def unready_lessons(course: Course) -> list[tuple[str, str]]:
    """Uid and title of each lesson of the draft that its author has marked as not ready yet. Two queries at most."""
    rows = course.lessons.filter(ready=False).prefetch_related("texts")
    return [(lesson.uid, _title(lesson, course)) for lesson in rows]


def titles_of_lessons(course: Course, uids: Iterable[str]) -> list[str]:
    """What the lessons ``uids`` of the draft are called, in its order. Two queries."""
    rows = course.lessons.filter(uid__in=list(uids)).prefetch_related("texts")
    return [_title(lesson, course) for lesson in rows]


def name_lessons(rows: Iterable[Any]) -> None:
    """Give each of ``rows`` (of any model with ``course`` and ``lesson_uid``) a ``lesson_title``. One query.

    What is gone is called by its uid; only ``still_there`` may be linked to, so nothing in the archive is.
    """
    rows = [row for row in rows if row.lesson_uid]
    texts = LessonText.objects.filter(
        lesson__course__in={row.course_id for row in rows}, lesson__uid__in={row.lesson_uid for row in rows}
    )
    found: dict[tuple[int, str], LessonText] = {}
    for text in texts.select_related("lesson__course").defer("content"):
        place = (text.lesson.course_id, text.lesson.uid)
        if place not in found or text.language == text.lesson.course.first_language:
            found[place] = text
    for row in rows:
        known = found.get((row.course_id, row.lesson_uid))
        row.lesson_title = (known and known.title) or row.lesson_uid
        row.still_there = known is not None and known.lesson.archived_at is None


def lesson_says(words: str) -> Exists:
    """Of a row with ``course`` and ``lesson_uid``: the title of its lesson holds ``words``."""
    here = LessonText.objects.filter(lesson__course=OuterRef("course"), lesson__uid=OuterRef("lesson_uid"))
    return Exists(here.filter(title__icontains=words))


def _title(lesson: Any, course: Course) -> str:
    titles = {text.language: text.title for text in lesson.texts.all()}
    return titles.get(course.first_language) or next(iter(titles.values()), "") or str(lesson.uid)


def files_of(course: Course) -> QuerySet[CourseMedia]:
    """The draft's files with what is known of each."""
    return CourseMedia.objects.filter(course=course).select_related("media").order_by("name")


def reports_of(course: Course, *, settled: bool) -> QuerySet[LessonReport]:
    """What readers said is wrong, newest first."""
    rows = course.reports.filter(settled_at__isnull=not settled)
    return rows.select_related("reporter", "settled_by", "edition").order_by("-created_at", "-pk")
