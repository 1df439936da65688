"""An author's quizzes, those that want a look first."""

from django.db.models import CharField, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import OrderBy
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Concat

from accounts.models import User
from courses.models import Course, EditionLesson, EditionLessonText
from quizzes.analysis.scope import COUNTED
from quizzes.models import Analysis, Attempt

SORTS: dict[str, tuple[OrderBy | str, ...]] = {
    "attention": (F("attention").desc(nulls_last=True), "-taken", "edition__course__code", "position"),
    "attempts": ("-taken", "edition__course__code", "position"),
    "title": ("title", "pk"),
    "course": ("edition__course__code", "position"),
}


def quizzes_of(user: User, *, words: str, sort: str, language: str) -> QuerySet[EditionLesson]:
    """The quizzes in the current editions of the courses that ``user`` works on.

    Each with ``title``, ``taken`` (finished attempts) and ``attention`` (None: not analysed yet).
    """
    texts = EditionLessonText.objects.filter(edition_lesson=OuterRef("pk"))
    standard = Analysis.objects.filter(key=OuterRef("standard_key"))
    attempts = Attempt.objects.filter(
        enrolment__course=OuterRef("edition__course"),
        lesson_uid=OuterRef("uid"),
        purpose__in=COUNTED,
        finished_at__isnull=False,
    )
    counted = attempts.order_by().values("lesson_uid").annotate(n=Count("pk")).values("n")
    rows = EditionLesson.objects.filter(
        kind="quiz", edition__course__current_edition=F("edition"), edition__course__in=Course.objects.authored_by(user)
    ).annotate(
        title=Coalesce(
            Subquery(texts.filter(language=language).values("title")[:1]),
            Subquery(texts.order_by("pk").values("title")[:1]),
            "uid",
            output_field=CharField(),
        ),
        standard_key=Concat(
            Cast("edition__course", CharField()), Value(":"), "uid", Value(":first::"), output_field=CharField()
        ),
        taken=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
        attention=Subquery(
            standard.values(found=Cast(KeyTextTransform("attention", "figures"), IntegerField()))[:1],
            output_field=IntegerField(),
        ),
    )
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(edition__course__code__icontains=words))
    return rows.select_related("edition__course").order_by(*SORTS.get(sort, SORTS["attention"]))
