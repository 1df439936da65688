"""What authors see of their courses: lists with their figures, each in a bounded number of queries."""

from django.db.models import CharField, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce

from accounts.models import User
from courses.models import Course, CourseEditor, CourseMedia, CourseText, Edition, Enrolment, LessonReport

SORTS: dict[str, tuple[OrderBy | str, str]] = {
    "code": ("code", "pk"),
    "-code": ("-code", "-pk"),
    "title": ("title", "pk"),
    "-title": ("-title", "-pk"),
    "edition": (F("current_edition__published_at").asc(nulls_first=True), "pk"),
    "-edition": (F("current_edition__published_at").desc(nulls_last=True), "-pk"),
}


def _count(rows: QuerySet[Enrolment] | QuerySet[LessonReport]) -> Coalesce:
    counted = rows.filter(course=OuterRef("pk")).order_by().values("course").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def my_courses(user: User, *, words: str = "", sort: str = "code", language: str = "en") -> QuerySet[Course]:
    """The courses ``user`` works on, with ``title``, ``learners``, ``open_reports`` and ``my_role``."""
    texts = CourseText.objects.filter(course=OuterRef("pk"))
    roles = CourseEditor.objects.filter(course=OuterRef("pk"), person=user)
    rows = Course.objects.authored_by(user).annotate(
        title=Coalesce(
            Subquery(texts.filter(language=language).values("title")[:1]),
            Subquery(texts.order_by("pk").values("title")[:1]),
            "slug",
            output_field=CharField(),
        ),
        learners=_count(Enrolment.objects.live().opened()),
        open_reports=_count(LessonReport.objects.filter(settled_at=None)),
        my_role=Subquery(roles.values("role")[:1]),
    )
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(code__icontains=words) | Q(slug__icontains=words))
    return rows.select_related("current_edition").order_by(*SORTS.get(sort, SORTS["code"]))


def editions_of(course: Course) -> QuerySet[Edition]:
    """Published editions, newest first, with ``learners``: open enrolments that read them."""
    live = Count("enrolments", filter=Q(enrolments__closed_at=None))
    return course.editions.published().select_related("published_by").annotate(learners=live).order_by("-number")


def files_of(course: Course) -> QuerySet[CourseMedia]:
    """The draft's files with what is known of each."""
    return CourseMedia.objects.filter(course=course).select_related("media").order_by("name")


def reports_of(course: Course, *, settled: bool) -> QuerySet[LessonReport]:
    """What readers said is wrong, newest first."""
    rows = course.reports.filter(settled_at__isnull=not settled)
    return rows.select_related("reporter", "settled_by", "edition").order_by("-created_at", "-pk")
