"""A course as an edition would hold it: parts, their hashes, and the one hash over all. Pure but for reading captions.

The outline part of each language lists every lesson with the hash of its part, and the edition's hash is over the
outline hashes: a change anywhere changes it, and nothing else does (D2).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation

from courses import crediting
from courses.canonical import canonical, digest
from courses.registry import kinds
from courses.spec import CourseSpec, Credited, LessonSpec, LessonTextSpec

OUTLINE = "outline"


@dataclass(frozen=True)
class Part:
    """A content-addressed piece before it is stored."""

    hash: str
    source: dict[str, Any]

    @property
    def text(self) -> str:
        return canonical(self.source)


@dataclass(frozen=True)
class ComposedLesson:
    """A lesson and its part in each language it has."""

    spec: LessonSpec
    parts: dict[str, Part]


@dataclass(frozen=True)
class Composition:
    """What an edition of the course would be. ``media`` maps the names that lessons use to sha256, ``credited`` says whose
    they are."""

    hash: str
    outlines: dict[str, Part]
    lessons: tuple[ComposedLesson, ...]
    media: dict[str, str]
    credited: Credited = field(default_factory=dict)


def part_of(source: dict[str, Any]) -> Part:
    return Part(hash=digest(canonical(source)), source=source)


def compose(spec: CourseSpec, *, media: Mapping[str, str]) -> Composition:
    """The composition of ``spec``. Raises ``KeyError`` for a kind that is not registered: check for faults first."""
    lessons = tuple(ComposedLesson(spec=lesson, parts=_lesson_parts(lesson, media)) for lesson in spec.lessons)
    outlines = {language: part_of(_outline(spec, lessons, language)) for language in spec.languages}
    used: dict[str, str] = {}
    for lesson in lessons:
        for part in lesson.parts.values():
            used.update(part.source.get("media", {}))
    whole = {"format": 1, "outlines": {language: part.hash for language, part in outlines.items()}}
    return Composition(
        hash=digest(canonical(whole)),
        outlines=outlines,
        lessons=lessons,
        media=used,
        credited=crediting.credited_in([part.source for part in outlines.values()]),
    )


def _lesson_parts(lesson: LessonSpec, media: Mapping[str, str]) -> dict[str, Part]:
    kind = kinds[lesson.kind]
    return {
        language: part_of({**kind.snapshot(text.content, media), "kind": lesson.kind, "language": language})
        for language, text in sorted(lesson.texts.items())
    }


def _outline(spec: CourseSpec, lessons: tuple[ComposedLesson, ...], language: str) -> dict[str, Any]:
    text = spec.texts[language]
    return {
        "kind": OUTLINE,
        "language": language,
        "languages": list(spec.languages),
        "title": text.title,
        "summary": text.summary,
        "for_whom": text.for_whom,
        "objectives": list(text.objectives),
        "code": spec.code,
        "topic": spec.topic,
        "level": spec.level,
        "licence": spec.licence,
        "competencies": list(spec.competencies),
        "credits": list(spec.credits),
        "legal": spec.legal,
        "checked_on": spec.checked_on,
        "certificate_valid_days": spec.certificate_valid_days,
        "modules": [{"uid": module.uid, "title": module.titles.get(language, "")} for module in spec.modules],
        "lessons": [_outline_lesson(spec, lesson, language) for lesson in lessons],
    }


def _outline_lesson(spec: CourseSpec, lesson: ComposedLesson, language: str) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "uid": lesson.spec.uid,
        "module": lesson.spec.module,
        "kind": lesson.spec.kind,
        "rule": lesson.spec.rule,
        "facts": list(lesson.spec.facts),
    }
    if language in lesson.parts:
        text: LessonTextSpec = lesson.spec.texts[language]
        entry |= {"title": text.title, "minutes": text.minutes, "part": lesson.parts[language].hash}
    # Where the language is missing its readers get the first one's text, with the files of that.
    shown = lesson.parts.get(language) or lesson.parts.get(spec.languages[0])
    said = crediting.said_of(shown.source.get("media", {}), spec.credited) if shown else {}
    return entry | {"media": said} if said else entry


def render_lesson(source: Mapping[str, Any]) -> dict[str, Any]:
    """The rendering of a lesson's part, in its own language where words of ours are part of it."""
    with translation.override(source["language"]):
        return kinds[source["kind"]].render(source)


def render_outline(source: Mapping[str, Any], lesson_sources: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The outline's plain facts and a few words on each lesson. ``lesson_sources`` by part hash."""
    with translation.override(source["language"]):
        summaries = {
            entry["uid"]: kinds[entry["kind"]].summary(lesson_sources[entry["part"]])
            for entry in source["lessons"]
            if "part" in entry
        }
    plain = {key: value for key, value in source.items() if key not in ("kind", "language", "lessons")}
    credited = {
        entry["uid"]: crediting.rows_of(entry["media"], lesson_sources.get(entry.get("part", ""), {}))
        for entry in source["lessons"]
        if "media" in entry
    }
    return {**plain, "summaries": summaries} | ({"file_credits": credited} if credited else {})


def decode(source: str) -> dict[str, Any]:
    """A part's source from its stored text."""
    value: dict[str, Any] = json.loads(source)
    return value
