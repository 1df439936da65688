"""Copies in the outline of a draft: of a lesson, of a part with its lessons."""

import re

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from courses.models import Course, Lesson, LessonText, Module, ModuleText
from courses.registry import Content
from courses.services.following import copy_decks
from courses.services.outline_parts import PlacedPart, part_uids, placed_part
from courses.services.outline_places import (
    TITLE_MAX,
    Placed,
    Shelf,
    free_uid,
    lesson_uids,
    locked,
    placed,
    titles_of_part,
)


@transaction.atomic
def duplicate_lesson(*, course: Course, uid: str, actor: User, part: str = "") -> Placed:
    """A copy right after the lesson, or at the end of ``part``: same kind, rule, files, texts and slides, other uid, still a
    draft.

    Check questions within a text get names of their own; quizzes may ask the very same question.
    """
    course = locked(course)
    shelf = Shelf.of(course)
    lesson = shelf.lesson(uid)
    module, index = shelf.place_of(lesson)
    if part:
        module, index = shelf.part(part), len(shelf.lessons[shelf.part(part).pk])
    copy = copy_lesson(course=course, lesson=lesson, part=module, actor=actor)
    shelf.put(copy, module, index + 1)
    shelf.write()
    return placed(shelf, copy)


def copy_lesson(*, course: Course, lesson: Lesson, part: Module, actor: User, named: bool = True) -> Lesson:
    """The row, texts and slides of a copy of ``lesson`` in ``part`` of ``course``, with no place yet. ``named``: its
    titles say that it is one."""
    texts = list(LessonText.objects.filter(lesson=lesson).order_by("pk"))
    titles = {text.language: _("%(title)s (copy)") % {"title": text.title} if named else text.title for text in texts}
    title = next((text.title for text in texts if text.language == course.first_language), lesson.uid)
    copy = Lesson(
        course=course,
        module=part,
        uid=free_uid(title if named else lesson.uid, lesson_uids(course), fallback="lesson"),
        position=0,
        kind=lesson.kind,
        rule=lesson.rule,
        facts=lesson.facts,
        ready=False,
    )
    copy.save()
    names = _names_in(course) if lesson.course_id == course.pk else set()
    LessonText.objects.bulk_create(
        LessonText(
            lesson=copy,
            language=text.language,
            title=titles[text.language][:TITLE_MAX],
            minutes=text.minutes,
            content=_renamed_blocks(text.content, names),
            changed_by=actor,
        )
        for text in texts
    )
    copy_decks(lesson, copy)
    return copy


# In Markdown a line of the block; in HTML the first one stands right after its tag.
BLOCK_UID = re.compile(
    r"(?:^|(?<=\">))(\s*uid:[ \t]*)(['\"]?)([a-z0-9]+(?:-[a-z0-9]+)*)\2(?=[ \t]*(?:$|<))", re.MULTILINE
)


def _names_in(course: Course) -> set[str]:
    """Names of the questions within the texts of the course."""
    bodies = LessonText.objects.filter(lesson__course=course).values_list("content__body", flat=True)
    return {match[3] for body in bodies if isinstance(body, str) for match in BLOCK_UID.finditer(body)}


def _renamed_blocks(content: Content, taken: set[str]) -> Content:
    """``content`` with names of their own for the blocks of its body."""
    body = content.get("body")
    if not isinstance(body, str):
        return content
    given: dict[str, str] = {}

    def other(match: re.Match[str]) -> str:
        name = match[3]
        if name in taken and name not in given:
            given[name] = free_uid(name, {*taken, *given.values()}, fallback="check")
        return f"{match[1]}{match[2]}{given.get(name, name)}{match[2]}"

    return {**content, "body": BLOCK_UID.sub(other, body)}


@transaction.atomic
def duplicate_part(*, course: Course, uid: str, actor: User) -> PlacedPart:
    """A copy of a part with copies of its lessons right after it; every copied lesson is a draft."""
    course = locked(course)
    shelf = Shelf.of(course)
    part = shelf.part(uid)
    title = titles_of_part(part, course.languages)
    copy = Module.objects.create(
        course=course,
        uid=free_uid(title, part_uids(course), fallback="part"),
        position=len(shelf.parts) + 1,
    )
    ModuleText.objects.bulk_create(
        ModuleText(
            module=copy, language=text.language, title=(_("%(title)s (copy)") % {"title": text.title})[:TITLE_MAX]
        )
        for text in ModuleText.objects.filter(module=part).order_by("pk")
    )
    shelf.put_part(copy, shelf.parts.index(part) + 1)
    shelf.lessons[copy.pk] = [
        copy_lesson(course=course, lesson=lesson, part=copy, actor=actor) for lesson in shelf.lessons[part.pk]
    ]
    shelf.write()
    return placed_part(shelf, copy)
