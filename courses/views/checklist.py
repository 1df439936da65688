"""The checklist before publishing: what forbids it apart from what may be left, lesson by lesson, each with its place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
    """A lesson (or the course: no ``title``) with sentences about it, and where it is mended.

    ``words`` name them to whoever leaves one or shows it again; faults have none.
    """

    title: str
    url: str
    sentences: Sequence[str]
    words: Sequence[str] = ()

    @property
    def hints(self) -> list[tuple[str, str]]:
        return list(zip(self.sentences, self.words, strict=True))


@dataclass(frozen=True)
class Checklist:
    """``blocking`` forbids publishing, ``advice`` does not, ``left`` is advice that somebody left.

    ``more_`` count the lessons that are not shown.
    """

    blocking: Sequence[Entry] = ()
    advice: Sequence[Entry] = ()
    more_blocking: int = 0
    more_advice: int = 0
    hints: int = 0
    left: Sequence[Entry] = ()
    hints_left: int = 0

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
    advice, left = _hints(course, lessons, checked.advice.findings), _hints(course, lessons, checked.advice.left)
    for lesson in lessons:
        url = lesson_url(course, lesson)
        said = [*checked.faults.get(lesson.uid, ())]
        if not lesson.ready:
            said.append(_("It is marked as not ready yet."))
        if said:
            blocking.append(Entry(lesson.title, url, said))
    return Checklist(
        blocking[:SHOWN],
        advice[:SHOWN],
        max(0, len(blocking) - SHOWN),
        max(0, len(advice) - SHOWN),
        sum(len(entry.sentences) for entry in advice),
        left[:SHOWN],
        sum(len(entry.sentences) for entry in left),
    )


def _hints(
    course: Course, lessons: Sequence[DraftLesson], findings: Mapping[str, Sequence[Finding]]
) -> Sequence[Entry]:
    """The course's own, then those of each lesson."""
    found = [_of_course(course, finding) for finding in findings.get("", ())]
    for lesson in lessons:
        if hints := findings.get(lesson.uid):
            words = [f"{lesson.uid}:{finding.mark}" for finding in hints]
            found.append(Entry(lesson.title, lesson_url(course, lesson), [each.sentence for each in hints], words))
    return found


def _of_course(course: Course, finding: Finding) -> Entry:
    places: Mapping[str, Any] = {
        FILES: (_("Media"), "courses:author_files"),
        DETAILS: (_("Details"), "courses:author_details"),
    }
    title, route = places[finding.place]
    return Entry(title, reverse(route, args=[course.slug]), [finding.sentence], [f":{finding.mark}"])
