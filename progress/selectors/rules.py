"""What an edition demands of each lesson, in outline order."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from courses.models import EditionLessonText


@dataclass(frozen=True)
class LessonRule:
    """What an edition demands of one lesson. ``number`` counts from 1 in outline order."""

    uid: str
    number: int
    kind: str
    rule: Mapping[str, Any]
    rev: int
    title: str
    minutes: int


@dataclass(frozen=True)
class Rules:
    """What an edition demands, in outline order."""

    lessons: tuple[LessonRule, ...]

    @cached_property
    def by_uid(self) -> dict[str, LessonRule]:
        return {lesson.uid: lesson for lesson in self.lessons}


def rules_of(edition_id: int, language: str) -> Rules:
    """The rules of an edition, each lesson's title and minutes in ``language`` where it has one. One query."""
    rows = (
        EditionLessonText.objects.filter(edition_lesson__edition=edition_id)
        .order_by("edition_lesson__position", "edition_lesson_id", "id")
        .values_list(
            "language",
            "edition_lesson__uid",
            "edition_lesson__kind",
            "edition_lesson__rule",
            "edition_lesson__rev",
            "title",
            "minutes",
        )
    )
    lessons: dict[str, LessonRule] = {}
    for spoken, uid, kind, rule, rev, title, minutes in rows:
        kept = lessons.get(uid)
        if kept is None or spoken == language:
            number = kept.number if kept else len(lessons) + 1
            lessons[uid] = LessonRule(uid, number, kind, rule, rev, title, minutes)
    return Rules(tuple(lessons.values()))
