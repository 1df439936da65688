"""Jobs on media, for lists: a bounded number of queries however many there are."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import User
from courses.models import Course, CourseMedia, LessonText, MediaJob
from courses.selectors.authoring import lesson_says

State = MediaJob.State
SHOWN = {
    "going": [State.WAITING, State.RUNNING],
    "failed": [State.FAILED, State.CANCELLED],
    "done": [State.DONE],
}


def jobs_for(user: User, *, course: Course | None = None, shown: str = "", words: str = "") -> QuerySet[MediaJob]:
    """The jobs of the courses that ``user`` works on, newest first; ``shown`` is a key of ``SHOWN`` or nothing."""
    rows = MediaJob.objects.visible_to(user).select_related("course", "created_by")
    if course is not None:
        rows = rows.filter(course=course)
    if shown in SHOWN:
        rows = rows.filter(state__in=SHOWN[shown])
    if words:
        rows = rows.filter(
            Q(title__icontains=words)
            | Q(course__code__icontains=words)
            | Q(lesson_uid__icontains=words)
            | Q(lesson_says(words))
        )
    return rows.order_by("-created_at", "-pk")


def job_of_lesson(course: Course, uid: str, language: str) -> MediaJob | None:
    """The newest job on a lesson's film or sound in ``language``."""
    rows = MediaJob.objects.filter(course=course, lesson_uid=uid, language__in=["", language])
    return rows.filter(kind__in=["transcode", "poster", "slides"]).order_by("-created_at", "-pk").first()


@dataclass(frozen=True)
class Film:
    """The files of a lesson's film or recording, each a row of the draft; None where there is none."""

    file: CourseMedia | None = None
    small: CourseMedia | None = None
    poster: CourseMedia | None = None
    captions: CourseMedia | None = None
    is_draft: bool = False


FILM_FILES = ("file", "small", "poster", "captions")


def film_of(course: Course, text: LessonText) -> Film:
    """What stands in the content of ``text``. One query."""
    given = text.content.get("video") or text.content.get("audio") or {}
    names = {part: str(given[part]).removeprefix("media/") for part in FILM_FILES if given.get(part)}
    rows = CourseMedia.objects.filter(course=course, name__in=names.values()).select_related("media")
    found = {row.name: row for row in rows}
    return Film(**{part: found.get(name) for part, name in names.items()}, is_draft=bool(given.get("captions_draft")))
