"""The outline of a draft as its authors see it: plain rows, without the lessons' contents."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from courses.models import Course, CourseText, Lesson, LessonText, Module, ModuleText


@dataclass(frozen=True)
class DraftLesson:
    """A row of the outline. ``version`` is that of the text whose title and minutes stand here; ``after`` are the uids of
    the lessons after which it opens."""

    uid: str
    kind: str
    ready: bool
    title: str
    minutes: int
    version: int
    languages: tuple[str, ...]
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class DraftPart:
    """``number`` counts from 1; ``version`` guards its title."""

    uid: str
    number: int
    title: str
    version: int
    lessons: list[DraftLesson] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        return sum(lesson.minutes for lesson in self.lessons)


def draft_outline(course: Course) -> list[DraftPart]:
    """Parts with their lessons, in two queries however many there are. No content is read."""
    lessons = _lessons(course)
    rows = Module.objects.filter(course=course).order_by("position", "pk", "texts__pk")
    titles: dict[int, dict[str, str]] = {}
    parts: dict[int, tuple[str, int]] = {}
    for pk, uid, version, language, title in rows.values_list(
        "pk", "uid", "version", "texts__language", "texts__title"
    ):
        parts[pk] = (uid, version)
        titles.setdefault(pk, {})[language] = title
    return [
        DraftPart(
            uid=uid,
            number=number,
            title=_of(titles[pk], course.first_language) or uid,
            version=version,
            lessons=lessons.get(pk, []),
        )
        for number, (pk, (uid, version)) in enumerate(parts.items(), start=1)
    ]


def _of(values: dict[str, Any], language: str) -> Any:
    """The value in ``language``, else the first one."""
    return values.get(language) or next((each for each in values.values() if each), None)


def _lessons(course: Course) -> dict[int, list[DraftLesson]]:
    own = ("module_id", "uid", "kind", "ready", "rule")
    of_texts = ("live__language", "live__title", "live__minutes", "live__version")
    live = FilteredRelation("texts", condition=Q(texts__archived_at=None))
    rows = Lesson.objects.filter(course=course, module__archived_at=None).annotate(live=live)
    texts: dict[str, dict[str, tuple[str, int, int]]] = {}
    heads: dict[str, tuple[int, str, bool, tuple[str, ...]]] = {}
    for module, uid, kind, ready, rule, language, *text in rows.order_by(
        "module__position", "module_id", "position", "pk", "live__pk"
    ).values_list(*own, *of_texts):
        heads[uid] = (module, kind, ready, tuple(rule.get("opens_after", ())))
        texts.setdefault(uid, {})
        if language is not None:
            texts[uid][language] = (text[0], text[1], text[2])
    found: dict[int, list[DraftLesson]] = {}
    for uid, (module, kind, ready, after) in heads.items():
        title, minutes, version = _of(texts[uid], course.first_language) or (uid, 0, 0)
        languages = tuple(each for each in course.languages if each in texts[uid])
        lesson = DraftLesson(uid, kind, ready, title, minutes, version, languages, after)
        found.setdefault(module, []).append(lesson)
    return found


@dataclass(frozen=True)
class Resting:
    """Something in the archive of a draft: a part, or a lesson of the part ``part``. ``by`` may be nobody."""

    uid: str
    title: str
    at: dt.datetime
    by: str
    part: str = ""
    kind: str = ""
    lessons: int = 0


def archived_lessons(course: Course, *, words: str = "") -> QuerySet[Lesson, Any]:
    """Archived lessons, last first, with ``title`` and ``part_title``; those of ``words`` in their title, if given."""
    texts = LessonText.objects.filter(lesson=OuterRef("pk"))
    parts = ModuleText.objects.filter(module=OuterRef("module"))
    rows = Lesson.everything.filter(course=course, archived_at__isnull=False).annotate(
        title=_title(texts, course.first_language, "uid"),
        part_title=_title(parts, course.first_language, "module__uid"),
    )
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(uid__icontains=words))
    return rows.select_related("archived_by").order_by("-archived_at", "pk")


def archived_parts(course: Course, *, words: str = "") -> QuerySet[Module, Any]:
    """Archived parts, last first, with ``title`` and who took their lessons out (``by_name``)."""
    together = Lesson.everything.filter(module=OuterRef("pk"), archived_at=OuterRef("archived_at"))
    rows = Module.everything.filter(course=course, archived_at__isnull=False).annotate(
        title=_title(ModuleText.objects.filter(module=OuterRef("pk")), course.first_language, "uid"),
        by_name=Subquery(together.values("archived_by__name")[:1]),
    )
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(uid__icontains=words))
    return rows.order_by("-archived_at", "pk")


def _title(texts: QuerySet[Any, Any], language: str, fallback: str) -> Coalesce:
    return Coalesce(
        Subquery(texts.filter(language=language).values("title")[:1]),
        Subquery(texts.order_by("pk").values("title")[:1]),
        F(fallback),
        output_field=CharField(),
    )


PLACES_MOST = 500


def places_for(user: User, *, language: str) -> list[tuple[Course, str, list[tuple[str, str]]]]:
    """Where ``user`` may put a lesson: courses they may change, each with its title and its parts ``(uid, title)``."""
    texts = CourseText.objects.filter(course=OuterRef("pk"))
    courses = (
        Course.objects.editable_by(user)
        .filter(archived_at=None)
        .annotate(title=_title(texts, language, "slug"))
        .order_by("code", "pk")[:PLACES_MOST]
    )
    found: dict[int, tuple[Course, str, list[tuple[str, str]]]] = {
        course.pk: (course, course.title, []) for course in courses
    }
    titles = ModuleText.objects.filter(module=OuterRef("pk"))
    parts = Module.objects.filter(course__in=list(found)).annotate(title=_title(titles, language, "uid"))
    for course, uid, title in parts.order_by("course_id", "position", "pk").values_list("course_id", "uid", "title"):
        found[course][2].append((uid, title))
    return list(found.values())
