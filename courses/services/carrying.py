"""A lesson goes, or is copied, into another course: its files go along, and whoever pointed at it is told."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import InvalidInput
from courses import checks, markup
from courses.models import Course, CourseMedia, Lesson, LessonText
from courses.registry import Content, kinds
from courses.services import following
from courses.services.outline_copies import copy_lesson
from courses.services.outline_places import Placed, Shelf, placed
from courses.services.outlining import archive_lesson
from courses.services.question_names import names_in, other_names, with_names

FILE = re.compile(rf"(?<![A-Za-z0-9._/-])media/({markup.MEDIA_NAME})")
# What a rule says of other lessons of the course it was written for means nothing in another.
OTHERS = ("opens_after", "credits")
LINK = re.compile(rf"(?<![A-Za-z0-9._/-])lesson:({markup.UID})")


@dataclass(frozen=True)
class Carried:
    """The lesson where it is now, its ``files`` under the names they have there, its ``questions`` where their names are
    others there, and the titles of the lessons of its old course that point at it (``pointing``)."""

    placed: Placed
    files: Mapping[str, str] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)
    pointing: tuple[str, ...] = ()


@transaction.atomic
def carry_lesson(*, course: Course, uid: str, target: Course, part: str, copy: bool, actor: User) -> Carried:
    """Copy the lesson ``uid`` of ``course`` to the end of a part of the course ``target``, with its slides.

    Without ``copy`` its history and the notes on it go along, and the original goes into the archive of its course, with
    its own slides and history, from where it can be restored.

    Files go along: under their own name if it is free or holds the same bytes, else under a numbered one, and what the
    lesson says of them is rewritten. Its uid stays if it is free there, and so do the names of its questions; what its
    rule says of other lessons stays behind.
    Locks both courses, the older one first, so that two who carry in opposite directions do not wait for each other.
    """
    if course.pk == target.pk:
        raise InvalidInput(_("Choose another course."))
    locked = {each.pk: each for each in _locked_both(course, target)}
    course, target = locked[course.pk], locked[target.pk]
    lesson = Shelf.of(course).lesson(uid)
    shelf = Shelf.of(target)
    module = shelf.part(part)
    names = _take_files(lesson, target)
    questions = other_names(lesson.kind, [text.content for text in lesson.texts.order_by("pk")], names_in(target))
    row = copy_lesson(course=target, lesson=lesson, part=module, actor=actor, named=False)
    row.rule = {name: value for name, value in row.rule.items() if name not in OTHERS}
    row.save(update_fields=["rule"])

    def there(content: Content) -> Content:
        return with_names(lesson.kind, rewritten(content, names, {uid: row.uid}), questions)

    _rewrite(row, there)
    if not copy:
        following.copy_history(lesson, row, there)
        following.copy_hints(lesson, row)
        following.move_notes(lesson, row)
    shelf.put(row, module, len(shelf.lessons[module.pk]))
    shelf.write()
    pointing: tuple[str, ...] = ()
    if not copy:
        pointing = tuple(pointing_at(course, uid))
        archive_lesson(course=course, uid=uid, actor=actor)
    return Carried(placed(shelf, row), names, questions, pointing)


def _locked_both(*courses: Course) -> list[Course]:
    rows = Course.objects.select_for_update().filter(pk__in=[each.pk for each in courses])
    return list(rows.order_by("pk"))


def pointing_at(course: Course, uid: str) -> Iterator[str]:
    """Titles of the other lessons of the draft that link to the lesson ``uid``, name it, or open after it."""
    texts = LessonText.objects.filter(lesson__course=course, lesson__archived_at=None).exclude(lesson__uid=uid)
    told: set[str] = set()
    for text in texts.select_related("lesson").order_by("lesson__module__position", "lesson__position", "pk"):
        if text.lesson.uid not in told and _points(text, uid):
            told.add(text.lesson.uid)
            yield text.title


def _points(text: LessonText, uid: str) -> bool:
    rule = text.lesson.rule
    if uid in rule.get("opens_after", ()) or uid in rule.get("credits", ()):
        return True
    if any(match[1] == uid for _path, words in checks.texts_in(text.content) for match in LINK.finditer(words)):
        return True
    kind = kinds.get(text.lesson.kind)
    if kind is None or checks.content_faults(text.lesson.kind, text.content):
        return False
    return any(named == uid for _path, named in kind.lessons(text.content))


def _take_files(lesson: Lesson, target: Course) -> dict[str, str]:
    """Files that the lesson uses, now held by ``target`` too: the name there by the name here."""
    texts = [text for row in lesson.texts.all() for _path, text in checks.texts_in(row.content)]
    wanted = {match[1] for text in texts for match in FILE.finditer(text)}
    files = CourseMedia.objects.filter(course_id=lesson.course_id, name__in=wanted)
    held = {row.name: row.media_id for row in CourseMedia.objects.filter(course=target)}
    names: dict[str, str] = {}
    for file in files.order_by("name"):
        same = next((name for name, media in sorted(held.items()) if media == file.media_id), "")
        name = file.name if held.get(file.name) == file.media_id else same or free_name(file.name, held)
        if name not in held:
            CourseMedia.objects.create(
                course=target, media_id=file.media_id, name=name, licence=file.licence, source=file.source
            )
            held[name] = file.media_id
        names[file.name] = name
    return names


def free_name(name: str, held: Mapping[str, int]) -> str:
    path = PurePosixPath(name)
    number, free = 1, name
    while free in held:
        number += 1
        end = f"-{number}{path.suffix}"
        free = f"{path.stem[: 150 - len(end)]}{end}"
    return free


def _rewrite(lesson: Lesson, say: Callable[[Content], Content]) -> None:
    """Say the names that files, questions and the lesson itself have where it is now."""
    for text in LessonText.objects.filter(lesson=lesson):
        content = say(text.content)
        if content != text.content:
            text.content = content
            text.save(update_fields=["content"])


def rewritten(content: Content, names: Mapping[str, str], uids: Mapping[str, str]) -> Content:
    """``content`` with other names of files and of lessons wherever a text points at one."""

    def words(text: str) -> str:
        text = FILE.sub(lambda found: f"media/{_named(found[1], names)}", text)
        return LINK.sub(lambda found: f"lesson:{uids.get(found[1], found[1])}", text)

    def each(value: Any) -> Any:
        if isinstance(value, str):
            return words(value)
        if isinstance(value, dict):
            return {key: each(inner) for key, inner in value.items()}
        return [each(inner) for inner in value] if isinstance(value, list) else value

    made: Content = each(content)
    return made


def _named(name: str, names: Mapping[str, str]) -> str:
    """A full stop or the like after a file's name in a sentence is no part of it."""
    bare = name if name in names else name.rstrip(".-_")
    return names.get(bare, bare) + name[len(bare) :]
