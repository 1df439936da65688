"""The files of all courses that somebody works on, and what uses each."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from accounts.models import User
from courses import checks, describing
from courses.models import Course, CourseMedia, EditionMedia, LessonText
from courses.spec import LessonSpec, LessonTextSpec

SORTS = {
    "name": ("name", "pk"),
    "-name": ("-name", "-pk"),
    "-size": ("-media__size", "name", "pk"),
    "-added": ("-added_at", "-pk"),
}
SHOWN = ("", "used", "unused", "unlicensed", "unsourced", "undescribed")
Where = Mapping[tuple[int, str], Mapping[str, str]]


@dataclass
class File:
    """A file of a draft. ``lessons`` are titles by uid, ``editions`` numbers of those that hold the same bytes."""

    row: CourseMedia
    lessons: Mapping[str, str]
    editions: list[int] = field(default_factory=list)


def used_in(courses: Collection[int], *, undescribed: bool = False, archived: bool = False) -> Where:
    """The lessons of the drafts ``courses`` that show, play or link each file: titles by uid. One query.

    ``undescribed``: only those in which the file has neither a description nor captions. That stands in the lessons'
    texts, which are read here anyway; no column would be as true. ``archived``: lessons and texts in the archive instead,
    which come back with their files.
    """
    texts = LessonText.everything.filter(lesson__course__in=courses)
    live = Q(lesson__archived_at=None, archived_at=None)
    return _files_of(texts.filter(~live if archived else live), undescribed=undescribed)


def files_at_rest(course: Course) -> set[str]:
    """Names of the files that texts use which are not in the draft as it stands: in the archive, or in a language that
    it does not speak. One query."""
    live = Q(lesson__archived_at=None, archived_at=None, language__in=course.languages)
    texts: QuerySet[LessonText] = LessonText.everything.filter(~live, lesson__course=course)
    return {name for _course, name in _files_of(texts)}


def _files_of(texts: QuerySet[LessonText], *, undescribed: bool = False) -> Where:
    texts = texts.order_by("lesson", "pk")
    rows = texts.values_list("lesson__course", "lesson__uid", "lesson__kind", "title", "minutes", "content", "language")
    found: dict[tuple[int, str], dict[str, str]] = {}
    for course, uid, kind, title, minutes, content, language in rows.iterator():
        spec = LessonSpec(uid, "", kind, {}, (), {language: LessonTextSpec(title, minutes, content)})
        for name in describing.undescribed(content) if undescribed else checks.media_in(spec):
            found.setdefault((course, name), {}).setdefault(uid, title)
    return found


def my_files(user: User, *, words: str = "", show: str = "", sort: str = "name") -> list[File]:
    """Files of the drafts that ``user`` works on; ``show`` is one of ``SHOWN``. Two queries, three for the unused.

    What only a lesson in the archive uses is neither used nor unused: nobody tidies it away before it comes back.
    """
    courses = Course.objects.authored_by(user).filter(archived_at=None)
    rows: QuerySet[CourseMedia] = CourseMedia.objects.filter(course__in=courses).select_related("course", "media")
    if words:
        said = Q(name__icontains=words) | Q(source__icontains=words) | Q(course__code__icontains=words)
        rows = rows.filter(said | Q(media__type__icontains=words))
    if show == "unlicensed":
        rows = rows.filter(licence="")
    elif show == "unsourced":
        rows = rows.filter(source="")
    listed = list(rows.order_by(*SORTS.get(sort, SORTS["name"])))
    where = used_in({row.course_id for row in listed}, undescribed=show == "undescribed")
    files = [File(row, where.get((row.course_id, row.name), {})) for row in listed]
    if show in ("used", "undescribed"):
        return [file for file in files if file.lessons]
    if show == "unused":
        kept = used_in({row.course_id for row in listed}, archived=True)
        return [file for file in files if not file.lessons and (file.row.course_id, file.row.name) not in kept]
    return files


def with_editions(files: list[File]) -> list[File]:
    """``files`` with the editions of their own course that hold them. One query."""
    rows = EditionMedia.objects.filter(
        media__in=[file.row.media_id for file in files],
        edition__course__in=[file.row.course_id for file in files],
        edition__number__isnull=False,
    ).order_by("edition__number")
    held: dict[tuple[int, int], list[int]] = {}
    for course, media, number in rows.values_list("edition__course", "media", "edition__number"):
        held.setdefault((course, media), []).append(number or 0)
    for file in files:
        file.editions = held.get((file.row.course_id, file.row.media_id), [])
    return files
