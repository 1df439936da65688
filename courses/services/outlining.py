"""Lessons in the outline of a draft: add, rename, move, archive, bring back, mark as ready (D14).

Each verb takes the lock of the course row, is saved at once, and keeps positions without a gap. What is said of a
lesson that is not there any more is ``NotThere`` (404). Nothing here asks whether a lesson is sound: faults block
publishing, never saving.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from core.errors import InvalidInput
from courses import checks
from courses.models import Course, Lesson, LessonText, Module
from courses.registry import Content, kinds
from courses.services import outline_parts
from courses.services.editing import SomebodyWasFaster, store
from courses.services.outline_places import (
    NotThere,
    Placed,
    Shelf,
    free_uid,
    lesson_uids,
    locked,
    placed,
    text_of,
    tidy_title,
)

MINUTES_MOST = 600
FIRST_MINUTES = 5


@transaction.atomic
def add_lesson(*, course: Course, part: str, kind: str, title: str, content: Content, actor: User) -> Placed:
    """A new lesson at the end of the part with the uid ``part``, in the course's first language, still a draft.

    Raises ``InvalidInput`` for a kind that is not registered or a title that is none.
    """
    title = tidy_title(title)
    if kind not in kinds:
        raise InvalidInput(_("There is no such kind of lesson."), fields={"kind": _("Choose a kind.")})
    course = locked(course)
    shelf = Shelf.of(course)
    module = shelf.part(part)
    lesson = Lesson(
        course=course,
        module=module,
        uid=free_uid(title, lesson_uids(course), fallback="lesson"),
        position=0,
        kind=kind,
        ready=False,
    )
    lesson.save()
    LessonText.objects.create(
        lesson=lesson,
        language=course.first_language,
        title=title,
        minutes=FIRST_MINUTES,
        content=content,
        changed_by=actor,
    )
    shelf.put(lesson, module, len(shelf.lessons[module.pk]))
    shelf.write()
    return placed(shelf, lesson)


@dataclass(frozen=True)
class Renamed:
    """A lesson's text as it is now, and what it was."""

    text: LessonText
    was_title: str
    was_minutes: int


@transaction.atomic
def rename_lesson(*, course: Course, uid: str, title: str, minutes: int, version: int, actor: User) -> Renamed:
    """Another title, other minutes; the uid, and with it the address, stays. The same values save nothing.

    Raises ``InvalidInput`` with a message beside the field, ``SomebodyWasFaster`` when the text's version is not
    ``version`` any more.
    """
    title = tidy_title(title)
    if not 1 <= minutes <= MINUTES_MOST:
        sentence = _("Minutes are a whole number from 1 to %(most)d.") % {"most": MINUTES_MOST}
        raise InvalidInput(sentence, fields={"minutes": sentence})
    course = locked(course)
    text = text_of(Shelf.of(course).lesson(uid), course.first_language)
    if text is None:
        raise NotThere(_("This lesson has no text in any language."))
    was = Renamed(text, text.title, text.minutes)
    if text.version != version:
        raise SomebodyWasFaster(text)
    if (text.title, text.minutes) == (title, minutes):
        return was
    store(current=text, title=title, minutes=minutes, content=text.content, actor=actor)
    return was


@transaction.atomic
def place_lesson(*, course: Course, uid: str, part: str, index: int) -> Placed:
    """Put a lesson at ``index`` (from 0; beyond the ends is at the end) of the part with the uid ``part``."""
    shelf = Shelf.of(locked(course))
    lesson, module = shelf.lesson(uid), shelf.part(part)
    was = shelf.place_of(lesson)
    shelf.put(lesson, module, index)
    shelf.write()
    return placed(shelf, lesson, was)


@transaction.atomic
def step_lesson(*, course: Course, uid: str, by: int) -> Placed:
    """One place up (-1) or down (1) within its part; at the end it stays and ``moved`` is False."""
    shelf = Shelf.of(locked(course))
    lesson = shelf.lesson(uid)
    part, index = was = shelf.place_of(lesson)
    shelf.put(lesson, part, max(index + by, 0))
    shelf.write()
    return placed(shelf, lesson, was)


@dataclass(frozen=True)
class Archived:
    """What went into the archive, and what it is called."""

    uid: str
    title: str


@transaction.atomic
def archive_lesson(*, course: Course, uid: str, actor: User) -> Archived:
    """Take a lesson out of the draft; it keeps its uid, its texts and its place until it is restored.

    Learners lose it only when the next edition is published.
    """
    course = locked(course)
    shelf = Shelf.of(course)
    lesson = shelf.lesson(uid)
    text = text_of(lesson, course.first_language)
    shelf.lessons[lesson.module_id].remove(lesson)
    lesson.archived_at, lesson.archived_by = clock.now(), actor
    lesson.save(update_fields=["archived_at", "archived_by"])
    shelf.write()
    return Archived(uid=uid, title=text.title if text else uid)


@transaction.atomic
def restore_lesson(*, course: Course, uid: str) -> Placed:
    """Bring an archived lesson back to where it stood; its part comes back too when it was archived.

    A second call finds the lesson there and changes nothing.
    """
    course = locked(course)
    lesson = Lesson.everything.filter(course=course, uid=uid).first()
    if lesson is None:
        raise NotThere(_("There is no such lesson in the archive."))
    shelf = Shelf.of(course)
    if lesson.archived_at is None:
        return placed(shelf, shelf.lesson(uid))
    module = Module.everything.get(pk=lesson.module_id)
    if module.archived_at is not None:
        outline_parts.bring_back(shelf, module)
    row = shelf.lessons[module.pk]
    index = next((at for at, each in enumerate(row) if each.position >= lesson.position), len(row))
    lesson.archived_at = lesson.archived_by = None
    lesson.save(update_fields=["archived_at", "archived_by"])
    shelf.put(lesson, module, index)
    shelf.write()
    return placed(shelf, lesson)


@transaction.atomic
def mark_lesson(*, course: Course, uid: str, ready: bool) -> Placed:
    """Its author's word that it may be published, or that it is still a draft. A second call changes nothing."""
    shelf = Shelf.of(locked(course))
    lesson = shelf.lesson(uid)
    if lesson.ready != ready:
        lesson.ready = ready
        lesson.save(update_fields=["ready"])
    return placed(shelf, lesson)


@transaction.atomic
def change_waiting(*, course: Course, uid: str, after: Sequence[str]) -> tuple[Placed, tuple[str, ...]]:
    """The lesson opens after the lessons ``after`` (none: at once); gives also after which it did before.

    Raises ``InvalidInput`` when one of them never was in the course or is the lesson itself, and with a message beside
    the field when the lesson would wait for itself by way of others.
    """
    course = locked(course)
    shelf = Shelf.of(course)
    lesson = shelf.lesson(uid)
    was = tuple(lesson.rule.get("opens_after", ()))
    if not set(after) <= lesson_uids(course) - {uid}:
        raise InvalidInput(_("A lesson opens after other lessons of its course."))
    opens = {each.uid: list(each.rule.get("opens_after", ())) for row in shelf.lessons.values() for each in row}
    if circle := checks.never_opens(opens | {uid: list(after)}, uid):
        raise InvalidInput(circle, fields={"after": circle})
    rest = {name: value for name, value in lesson.rule.items() if name != "opens_after"}
    rule = {"opens_after": list(dict.fromkeys(after)), **rest} if after else rest
    if rule != lesson.rule:
        lesson.rule = rule
        lesson.version += 1
        lesson.save(update_fields=["rule", "version"])
    return placed(shelf, lesson), was
