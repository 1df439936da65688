"""The checklist before publishing: what forbids it apart from what may be left, lesson by lesson, each with its place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from courses.advice.registry import DETAILS, FILES, Finding
from courses.models import Course
from courses.registry import WritableKind, kinds
from courses.selectors.drafting import DraftLesson, DraftPart
from courses.services.outline_check import Checked

SHOWN = 40


@dataclass(frozen=True)
class Entry:
    """A lesson (or the course: no ``title``) with sentences about it, and where it is mended."""

    title: str
    url: str
    sentences: Sequence[str]


@dataclass(frozen=True)
class Checklist:
    """``blocking`` forbids publishing, ``advice`` does not; ``more_`` count the lessons that are not shown."""

    blocking: Sequence[Entry] = ()
    advice: Sequence[Entry] = ()
    more_blocking: int = 0
    more_advice: int = 0
    hints: int = field(default=0)

    @property
    def is_clear(self) -> bool:
        return not self.blocking


def lesson_url(course: Course, lesson: DraftLesson) -> str:
    """The page where ``lesson`` is written; empty for kinds without one."""
    kind = kinds.get(lesson.kind)
    if not isinstance(kind, WritableKind) or not lesson.languages:
        return ""
    url = reverse(kind.author_page, args=[course.slug, lesson.uid])
    return url if lesson.languages[0] == course.first_language else f"{url}?language={lesson.languages[0]}"


def checklist_of(course: Course, parts: Iterable[DraftPart], checked: Checked, also: Sequence[str] = ()) -> Checklist:
    """The checklist of a draft that was checked; ``also`` are sentences about the course that forbid publishing, too."""
    lessons = [lesson for part in parts for lesson in part.lessons]
    blocking = [Entry("", "", also)] if also else []
    if checked.course_faults:
        details = reverse("courses:author_details", args=[course.slug])
        blocking.insert(0, Entry(_("The course itself"), details, checked.course_faults))
    advice = [_of_course(course, finding) for finding in checked.advice.of_course]
    for lesson in lessons:
        url = lesson_url(course, lesson)
        said = [*checked.faults.get(lesson.uid, ())]
        if not lesson.ready:
            said.append(_("It is marked as not ready yet."))
        if said:
            blocking.append(Entry(lesson.title, url, said))
        if hints := checked.advice.findings.get(lesson.uid):
            advice.append(Entry(lesson.title, url, [finding.sentence for finding in hints]))
    return Checklist(
        blocking[:SHOWN],
        advice[:SHOWN],
        max(0, len(blocking) - SHOWN),
        max(0, len(advice) - SHOWN),
        sum(len(entry.sentences) for entry in advice),
    )


def _of_course(course: Course, finding: Finding) -> Entry:
    places: Mapping[str, Any] = {
        FILES: (_("Media"), "courses:author_files"),
        DETAILS: (_("Details"), "courses:author_details"),
    }
    title, route = places[finding.place]
    return Entry(title, reverse(route, args=[course.slug]), [finding.sentence])
