"""The outline of an edition, and how it looks to one reader."""

import datetime as dt
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.templatetags.shell import clock_time
from courses.models import Edition, EditionLessonText, EditionText
from courses.registry import LeadingBlock, blocks
from courses.standing import CourseStanding, LessonStanding


@dataclass(frozen=True, slots=True)
class OutlineLesson:
    """A lesson as the outline knows it. ``pk`` is that of the ``EditionLesson``; ``number`` counts from 1."""

    pk: int
    uid: str
    module: str
    number: int
    kind: str
    rule: Mapping[str, Any]
    rev: int
    language: str
    title: str
    minutes: int
    part_id: str
    summary: str = ""


@dataclass(frozen=True, slots=True)
class OutlineModule:
    """A part of the course with its lessons; ``number`` counts from 1."""

    uid: str
    title: str
    number: int
    lessons: tuple[OutlineLesson, ...]


@dataclass(frozen=True)
class Outline:
    """An edition in one language: what it says of itself (``about``) and its lessons in order."""

    edition_id: int
    language: str
    title: str
    summary: str
    minutes: int
    about: Mapping[str, Any]
    lessons: tuple[OutlineLesson, ...]

    @cached_property
    def by_uid(self) -> dict[str, OutlineLesson]:
        return {lesson.uid: lesson for lesson in self.lessons}

    @cached_property
    def modules(self) -> tuple[OutlineModule, ...]:
        """The parts in order; a lesson of a part that the outline does not name still has its place."""
        titles = {module["uid"]: module["title"] for module in self.about.get("modules", ())}
        grouped: dict[str, list[OutlineLesson]] = {uid: [] for uid in titles}
        for lesson in self.lessons:
            grouped.setdefault(lesson.module, []).append(lesson)
        filled = [(uid, lessons) for uid, lessons in grouped.items() if lessons]
        return tuple(
            OutlineModule(uid, titles.get(uid, ""), number, tuple(lessons))
            for number, (uid, lessons) in enumerate(filled, start=1)
        )

    def around(self, uid: str) -> tuple[OutlineLesson | None, OutlineLesson | None]:
        """The lessons before and after ``uid``."""
        at = self.by_uid[uid].number - 1
        before = self.lessons[at - 1] if at > 0 else None
        after = self.lessons[at + 1] if at + 1 < len(self.lessons) else None
        return before, after

    def missing(self, uid: str, done: set[str]) -> tuple[OutlineLesson, ...]:
        """The lessons that must be done before ``uid`` opens and are not in ``done``."""
        wanted = self.by_uid[uid].rule.get("opens_after") or ()
        return tuple(self.by_uid[each] for each in wanted if each in self.by_uid and each not in done)


KEPT = 128
_kept: OrderedDict[tuple[object, ...], Outline] = OrderedDict()


def outline_of(edition: Edition, language: str, fallback: str) -> Outline | None:
    """The outline of ``edition`` in ``language``, lesson by lesson in ``fallback`` where a text is missing.

    Editions never change, so the last few outlines stay in the process; else two queries whatever the size of the
    course. None when the edition has no text in either language.
    """
    key = (edition.pk, edition.hash, edition.published_at, language, fallback)
    outline = _kept.get(key) or _read_outline(edition, language, fallback)
    if outline is not None:
        _kept[key] = outline
        _kept.move_to_end(key)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return outline


def forget_outlines() -> None:
    """Let go of the outlines that this process keeps."""
    _kept.clear()


def _read_outline(edition: Edition, language: str, fallback: str) -> Outline | None:
    languages = (language, fallback)
    texts = {text.language: text for text in edition.texts.filter(language__in=languages).select_related("part")}
    text: EditionText | None = texts.get(language) or texts.get(fallback)
    if text is None:
        return None
    summaries = text.part.rendered.get("summaries", {})
    rows: dict[str, OutlineLesson] = {}
    for pk, uid, module, kind, rule, rev, spoken, title, minutes, part_id in (
        EditionLessonText.objects.filter(edition_lesson__edition=edition, language__in=languages)
        .order_by("edition_lesson__position", "edition_lesson_id")
        .values_list(
            "edition_lesson_id",
            "edition_lesson__uid",
            "edition_lesson__module",
            "edition_lesson__kind",
            "edition_lesson__rule",
            "edition_lesson__rev",
            "language",
            "title",
            "minutes",
            "part_id",
        )
    ):
        kept = rows.get(uid)
        if kept is not None and spoken != language:
            continue
        number = kept.number if kept else len(rows) + 1
        rows[uid] = OutlineLesson(
            pk, uid, module, number, kind, rule, rev, spoken, title, minutes, part_id, summaries.get(uid, "")
        )
    return Outline(
        edition.pk, text.language, text.title, text.summary, text.minutes, text.part.rendered, tuple(rows.values())
    )


LOOK = {
    "done": ("check-circle", "ok", _("Done:")),
    "started": ("half", "", _("In progress:")),
    "locked": ("lock", "", _("Locked:")),
    "new": ("circle", "", _("Not started:")),
}


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """A line of the outline as one reader sees it. ``state`` is ``done``, ``started``, ``new`` or ``locked``.

    ``icon``, ``tone`` and ``word`` show the state; ``sub`` says what the lesson is and what the state means here.
    """

    lesson: OutlineLesson
    state: str
    current: bool
    done_at: dt.datetime | None
    icon: str
    tone: str
    word: str
    sub: str


@dataclass(frozen=True, slots=True)
class OutlineGroup:
    """A part of the course with its lines."""

    number: int
    title: str
    rows: tuple[OutlineRow, ...]


def done_uids(where: CourseStanding) -> set[str]:
    return {uid for uid, state in where.lessons.items() if state.state == "done"}


def outline_rows(outline: Outline, where: CourseStanding, *, current: str = "") -> tuple[OutlineGroup, ...]:
    """The outline with the reader's states; ``current`` marks the lesson being read or next. No query."""
    done = done_uids(where)
    nothing = LessonStanding("")
    words = {state: str(word) for state, (_icon, _tone, word) in LOOK.items()}

    def row(lesson: OutlineLesson) -> OutlineRow:
        own = where.lessons.get(lesson.uid, nothing)
        after = outline.missing(lesson.uid, done) if lesson.rule and own.state == "new" else ()
        state = "locked" if after else own.state
        icon, tone, _word = LOOK[state]
        sub = lesson.summary
        if after:
            sub = _join(sub, _opens_after(after))
        elif state == "started" and own.position_ms:
            sub = _join(sub, gettext("stopped at %(time)s") % {"time": clock_time(own.position_ms)})
        return OutlineRow(lesson, state, lesson.uid == current, own.done_at, icon, tone, words[state], sub)

    return tuple(
        OutlineGroup(module.number, module.title, tuple(row(lesson) for lesson in module.lessons))
        for module in outline.modules
    )


def _join(first: str, second: str) -> str:
    return f"{first}; {second}" if first else second


def _opens_after(lessons: tuple[OutlineLesson, ...]) -> str:
    numbers = ", ".join(str(lesson.number) for lesson in lessons)
    return ngettext("opens after lesson %(numbers)s", "opens after lessons %(numbers)s", len(lessons)) % {
        "numbers": numbers
    }


def next_lesson(outline: Outline, where: CourseStanding) -> OutlineLesson | None:
    """Where to go on: the lesson last read if it is not done, else the first open one after it, else the first open one."""
    done = done_uids(where)
    free = [each for each in outline.lessons if each.uid not in done and not outline.missing(each.uid, done)]
    if not free:
        return None
    last = outline.by_uid.get(where.last_uid)
    onwards = [each for each in free if last is not None and each.number >= last.number]
    return (onwards or free)[0]


def minutes_left(outline: Outline, where: CourseStanding) -> int:
    """The minutes of all lessons that are not done."""
    done = done_uids(where)
    return sum(lesson.minutes for lesson in outline.lessons if lesson.uid not in done)


TRIED_LESSONS = 3
TOKEN = re.compile(r"\{\{\s*local\.|media:[0-9a-f]{64}/|lesson:[a-z0-9]")


def first_check(editions: Sequence[int], language: str) -> tuple[int, str, dict[str, Any]] | None:
    """The first block without tokens in the first lessons that anybody may open: edition, uid, segment. One query."""
    rows = EditionLessonText.objects.filter(
        edition_lesson__edition__in=editions,
        edition_lesson__kind__in=("text", "video", "audio"),
        edition_lesson__position__lte=TRIED_LESSONS,
        language=language,
    )
    found = sorted(
        rows.select_related("part", "edition_lesson"),
        key=lambda row: (editions.index(row.edition_lesson.edition_id), row.edition_lesson.position),
    )
    for row in found:
        if row.edition_lesson.rule.get("opens_after"):
            continue
        for segment in row.part.rendered.get("segments", ()):
            asks = "block" in segment and not isinstance(blocks.get(segment["block"]), LeadingBlock)
            if asks and not TOKEN.search(str(segment)):
                return row.edition_lesson.edition_id, row.edition_lesson.uid, segment
    return None
