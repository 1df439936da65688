"""What an edition demands of each lesson, in outline order."""

from collections import OrderedDict
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


KEPT = 128
_kept: OrderedDict[tuple[int, str], Rules] = OrderedDict()


def rules_of(edition_id: int, language: str) -> Rules:
    """The rules of an edition, each lesson's title and minutes in ``language`` where it has one.

    Editions never change, so the last few stay in the process; else one query.
    """
    key = (edition_id, language)
    rules = _kept.get(key) or _read_rules(edition_id, language)
    _kept[key] = rules
    _kept.move_to_end(key)
    while len(_kept) > KEPT:
        _kept.popitem(last=False)
    return rules


def forget_rules() -> None:
    """Let go of the rules that this process keeps."""
    _kept.clear()


def _read_rules(edition_id: int, language: str) -> Rules:
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
