"""The shelf as authors see it: what is on it, where it is used, and what is newer than a course has."""

from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from courses.models import Course, CourseMedia, EditionLesson, EditionMedia, Lesson, LibraryItem, LibraryUse
from courses.selectors.authoring import name_lessons

SORTS: dict[str, tuple[str, ...]] = {
    "title": ("title", "pk"),
    "-title": ("-title", "-pk"),
    "-changed": ("-changed_at", "-pk"),
    "-courses": ("-courses", "title", "pk"),
}


def shelf(
    user: User,
    *,
    words: str = "",
    kind: str = "",
    topic: str = "",
    licence: str = "",
    sort: str = "title",
    withdrawn: bool = False,
) -> QuerySet[LibraryItem]:
    """What stands on the shelves of ``user``'s organisations, with ``courses``: how many use it."""
    uses = LibraryUse.objects.filter(item=OuterRef("pk")).order_by().values("item")
    counted = uses.annotate(n=Count("course", distinct=True)).values("n")
    rows = LibraryItem.objects.visible_to(user).filter(withdrawn_at__isnull=not withdrawn)
    for name, value in (("kind", kind), ("topic", topic), ("licence", licence)):
        if value:
            rows = rows.filter(**{name: value})
    if words:
        rows = rows.filter(
            Q(title__icontains=words)
            | Q(description__icontains=words)
            | Q(source__icontains=words)
            | Q(pk__in=LibraryItem.objects.filter(files__name__icontains=words).values("pk"))
        )
    rows = rows.annotate(courses=Coalesce(Subquery(counted), 0))
    return rows.select_related("organisation", "author").defer("lesson").order_by(*SORTS.get(sort, SORTS["title"]))


def licences_on(user: User) -> list[str]:
    """Every licence that an item on one's shelves has."""
    rows = LibraryItem.objects.visible_to(user).order_by("licence")
    return list(rows.values_list("licence", flat=True).distinct()[:50])


@dataclass
class Use:
    """A course that uses an item: as which lesson or under which names, in the draft and in which editions."""

    course: Course
    lesson_uid: str = ""
    names: list[str] = field(default_factory=list)
    version: int = 0
    in_draft: bool = False
    editions: list[int] = field(default_factory=list)
    lesson_title: str = ""

    @property
    def course_id(self) -> int:
        return self.course.pk


@dataclass(frozen=True)
class WhereUsed:
    """``uses`` are those in courses that the reader may see; ``hidden`` counts the other courses."""

    uses: list[Use]
    hidden: int


def where_used(item: LibraryItem, user: User) -> WhereUsed:
    """Courses that took the item, and (for a file) those that hold the very file. Six queries at most."""
    taken = list(LibraryUse.objects.filter(item=item).select_related("course").order_by("course__code", "pk"))
    uses = _lessons(taken) if item.kind == LibraryItem.Kind.LESSON else _files(item, taken)
    seen = set(
        Course.objects.visible_to(user).filter(pk__in={use.course.pk for use in uses}).values_list("pk", flat=True)
    )
    shown = [use for use in uses if use.course.pk in seen]
    name_lessons(shown)
    return WhereUsed(shown, len({use.course.pk for use in uses} - seen))


def _lessons(taken: list[LibraryUse]) -> list[Use]:
    asked = Q(pk__in=[])
    edited = Q(pk__in=[])
    for use in taken:
        asked |= Q(course=use.course_id, uid=use.lesson_uid)
        edited |= Q(edition__course=use.course_id, uid=use.lesson_uid)
    drafts = set(Lesson.objects.filter(asked).values_list("course", "uid"))
    editions: dict[tuple[int, str], list[int]] = {}
    rows = EditionLesson.objects.filter(edited, edition__number__isnull=False).order_by("edition__number")
    for course, uid, number in rows.values_list("edition__course", "uid", "edition__number"):
        editions.setdefault((course, uid), []).append(number or 0)
    return [
        Use(
            course=use.course,
            lesson_uid=use.lesson_uid,
            version=use.item_version,
            in_draft=(use.course_id, use.lesson_uid) in drafts,
            editions=editions.get((use.course_id, use.lesson_uid), []),
        )
        for use in taken
    ]


def _files(item: LibraryItem, taken: list[LibraryUse]) -> list[Use]:
    media = list(item.files.values_list("media", flat=True))
    found = {use.course_id: Use(use.course, version=use.item_version) for use in taken}
    rows = CourseMedia.objects.filter(media__in=media).select_related("course").order_by("course__code", "name")
    for row in rows:
        use = found.setdefault(row.course_id, Use(row.course))
        use.names.append(row.name)
        use.in_draft = True
    held = EditionMedia.objects.filter(media__in=media, edition__number__isnull=False).order_by("edition__number")
    for edition in (each.edition for each in held.select_related("edition__course")):
        use = found.setdefault(edition.course_id, Use(edition.course))
        if edition.number and edition.number not in use.editions:
            use.editions.append(edition.number)
    return list(found.values())


def taken_by(course: Course, user: User) -> QuerySet[LibraryUse]:
    """What the course took from the shelf and still holds in its draft, first what has a newer version on a shelf of
    ``user``'s own."""
    lessons = Lesson.objects.filter(course=course).values("uid")
    files = CourseMedia.objects.filter(course=course).values("name")
    rows = LibraryUse.objects.filter(course=course).filter(
        Q(item__kind=LibraryItem.Kind.LESSON, lesson_uid__in=lessons)
        | Q(item__kind=LibraryItem.Kind.MEDIA, name__in=files)
    )
    newer = Q(item_version__lt=F("item__version"), item__in=LibraryItem.objects.offered().visible_to(user).values("pk"))
    return rows.annotate(is_newer=newer).select_related("item").order_by("-is_newer", "item__title", "pk")


def courses_with_newer(courses: QuerySet[Course], user: User) -> list[Course]:
    """Those of ``courses`` that hold something of which a newer version is on a shelf of ``user``'s own. One query."""
    offered = LibraryItem.objects.offered().visible_to(user).values("pk")
    uses = LibraryUse.objects.filter(
        course=OuterRef("pk"), item__in=offered, item_version__lt=F("item__version")
    ).filter(
        Exists(Lesson.objects.filter(course=OuterRef("course"), uid=OuterRef("lesson_uid")))
        | Exists(CourseMedia.objects.filter(course=OuterRef("course"), name=OuterRef("name")))
    )
    return list(courses.filter(Exists(uses)).order_by("code", "pk")[:20])


def items_put_from(course: Course, *, lesson_uid: str = "", name: str = "") -> QuerySet[LibraryItem]:
    """Items that this lesson or file came from or went to: what it may be the next version of."""
    rows = LibraryItem.objects.offered().filter(uses__course=course, uses__lesson_uid=lesson_uid, uses__name=name)
    return rows.select_related("organisation").order_by("title", "pk")
