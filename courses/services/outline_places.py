"""Where parts and lessons of a draft stand, what they are called, and how they are written anew.

Positions are counted from 1 without a gap: those of parts within the course, those of lessons through all parts in
reading order, as ``services.drafts`` writes them. Every function here expects the caller to hold the course's row.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from core.naming import is_blank
from courses.folder.reading import MAX_UID, RESERVED
from courses.models import Course, Lesson, LessonText, Module, ModuleText

TITLE_MAX = 200


class NotThere(InvalidInput):
    """The part or lesson is not in the draft any more: somebody archived it, or it never was."""

    status = 404


def locked(course: Course) -> Course:
    """The row of ``course``, held until the transaction ends: whoever changes its structure waits here."""
    return Course.objects.select_for_update().get(pk=course.pk)


def free_uid(title: str, taken: Collection[str], *, fallback: str) -> str:
    """A uid made of ``title`` that nobody has: small letters, digits, hyphens, at most 60 characters.

    Reserved and taken ones get a number; a title without any Latin letter or digit gives ``fallback``.
    """
    base = re.sub(r"[^a-z0-9]+", "-", slugify(title))[:MAX_UID].strip("-") or fallback
    number, uid = 1, base
    while uid in taken or uid in RESERVED:
        number += 1
        end = f"-{number}"
        uid = base[: MAX_UID - len(end)].rstrip("-") + end
    return uid


def lesson_uids(course: Course) -> set[str]:
    """Every uid that a lesson of the course has or had: archived ones may come back."""
    return set(Lesson.everything.filter(course=course).values_list("uid", flat=True))


def tidy_title(title: str) -> str:
    """``title`` in one line. Raises ``InvalidInput`` when it is empty or too long."""
    title = " ".join(title.split())
    if is_blank(title):
        raise InvalidInput(_("Give it a title."), fields={"title": _("Give it a title.")})
    if len(title) > TITLE_MAX:
        sentence = _("The title is longer than %(most)d characters.") % {"most": TITLE_MAX}
        raise InvalidInput(sentence, fields={"title": sentence})
    return title


@dataclass
class Shelf:
    """The parts of a draft with their lessons, in order, to be rearranged and then written."""

    course: Course
    parts: list[Module]
    lessons: dict[int, list[Lesson]]

    @classmethod
    def of(cls, course: Course) -> "Shelf":
        """Two queries."""
        parts = list(Module.objects.filter(course=course))
        lessons: dict[int, list[Lesson]] = {part.pk: [] for part in parts}
        for lesson in Lesson.objects.filter(course=course).order_by("module__position", "position", "pk"):
            lessons.setdefault(lesson.module_id, []).append(lesson)
        return cls(course=course, parts=parts, lessons=lessons)

    def part(self, uid: str) -> Module:
        """Raises ``NotThere``."""
        for part in self.parts:
            if part.uid == uid:
                return part
        raise NotThere(_("This part is not in the outline any more."))

    def lesson(self, uid: str) -> Lesson:
        """Raises ``NotThere``."""
        for lesson in (each for row in self.lessons.values() for each in row):
            if lesson.uid == uid:
                return lesson
        raise NotThere(_("This lesson is not in the outline any more."))

    def place_of(self, lesson: Lesson) -> tuple[Module, int]:
        """Its part, and its index there from 0."""
        part = next(each for each in self.parts if each.pk == lesson.module_id)
        return part, self.lessons[part.pk].index(lesson)

    def put(self, lesson: Lesson, part: Module, index: int) -> None:
        """Take ``lesson`` from where it stands and put it at ``index`` of ``part``; beyond the ends is at the end."""
        for row in self.lessons.values():
            if lesson in row:
                row.remove(lesson)
        row = self.lessons[part.pk]
        row.insert(min(max(index, 0), len(row)), lesson)

    def put_part(self, part: Module, index: int) -> None:
        if part in self.parts:
            self.parts.remove(part)
        self.parts.insert(min(max(index, 0), len(self.parts)), part)
        self.lessons.setdefault(part.pk, [])

    def write(self) -> None:
        """Number everything anew and write what changed: at most two statements, however long the course is."""
        moved_parts = []
        for position, part in enumerate(self.parts, start=1):
            if part.position != position:
                part.position = position
                moved_parts.append(part)
        Module.everything.bulk_update(moved_parts, ["position"])
        moved, position = [], 0
        for part in self.parts:
            for lesson in self.lessons[part.pk]:
                position += 1
                if (lesson.position, lesson.module_id) != (position, part.pk):
                    lesson.position, lesson.module_id = position, part.pk
                    moved.append(lesson)
        Lesson.everything.bulk_update(moved, ["position", "module"], batch_size=500)


def titles_of_part(part: Module, languages: Sequence[str]) -> str:
    """What the part is called: in the first of ``languages`` that has a title, else in any, else its uid."""
    titles = dict(ModuleText.objects.filter(module=part).order_by("pk").values_list("language", "title"))
    return next((titles[each] for each in languages if titles.get(each)), next(iter(titles.values()), part.uid))


def text_of(lesson: Lesson, language: str) -> LessonText | None:
    """The lesson's text in ``language``, or in the first one it has."""
    texts = list(LessonText.objects.filter(lesson=lesson).order_by("pk"))
    return next((each for each in texts if each.language == language), texts[0] if texts else None)


@dataclass(frozen=True)
class Placed:
    """Where a lesson stands now (``part_number`` and ``position`` from 1, ``total`` lessons there), and where it stood.

    ``was_part`` is the uid of the part, ``was_index`` counts from 0: what puts it back.
    """

    lesson: Lesson
    title: str
    part: Module
    part_number: int
    position: int
    total: int
    was_part: str = ""
    was_index: int = 0
    moved: bool = True


def placed(shelf: Shelf, lesson: Lesson, was: tuple[Module, int] | None = None) -> Placed:
    """Where ``lesson`` stands on the ``shelf``; ``was`` is where it stood before."""
    part, index = shelf.place_of(lesson)
    text = text_of(lesson, shelf.course.first_language)
    return Placed(
        lesson=lesson,
        title=text.title if text else lesson.uid,
        part=part,
        part_number=shelf.parts.index(part) + 1,
        position=index + 1,
        total=len(shelf.lessons[part.pk]),
        was_part=was[0].uid if was else part.uid,
        was_index=was[1] if was else index,
        moved=was is None or was != (part, index),
    )
