"""Plain values written as a course folder: what ``reading`` reads back to the very same values."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from courses import markup
from courses.folder.variants import apart
from courses.registry import kinds
from courses.spec import Content, CourseSpec, Credited, LessonSpec, LessonTextSpec


class _Dumper(yaml.SafeDumper):
    """Plain block style without aliases; long texts as literal blocks, so that they diff by line."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    # A literal block cannot hold every text: not one with odd ends of line or a first line that is indented.
    literal = "\n" in value and not re.search(r"[ \t]\n|\A[ \t\n]|[^\n -~ -퟿-�]", value)
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if literal else None)


_Dumper.add_representer(str, _text)


def dump(value: Any) -> str:
    """``value`` as YAML, keys in the given order."""
    text: str = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return text


def files_of(spec: CourseSpec, credited: Credited | None = None) -> dict[str, str]:
    """The text files of the course folder by their path; ``credited`` is what is known of its media files."""
    files = {"course.yaml": dump(_course(spec) | _credits(credited or {}))}
    for lesson in spec.lessons:
        suffix = kinds[lesson.kind].file_suffix
        for language, text in lesson.texts.items():
            first = language == spec.languages[0]
            middle = "" if first else f".{language}"
            above = lesson.texts.get(spec.languages[0])
            content = text.content if first or above is None else apart(above.content, text.content)
            files[f"lessons/{lesson.uid}{middle}{suffix}"] = _lesson(lesson, text, content, suffix, first=first)
    return files


def write(spec: CourseSpec, into: Path, credited: Credited | None = None) -> None:
    """Write the text files of ``spec`` into the folder ``into``."""
    for name, text in files_of(spec, credited).items():
        path = into / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def _course(spec: CourseSpec) -> dict[str, Any]:
    return {
        "format": 1,
        "slug": spec.slug,
        "code": spec.code,
        "languages": list(spec.languages),
        "audience": spec.audience,
        "topic": spec.topic,
        "level": spec.level,
        "licence": spec.licence,
        "competencies": list(spec.competencies),
        "legal": spec.legal,
        "checked_on": spec.checked_on,
        "certificate_valid_days": spec.certificate_valid_days,
        "texts": {
            language: {
                "title": text.title,
                "summary": text.summary,
                "for_whom": text.for_whom,
                "objectives": list(text.objectives),
            }
            for language, text in _in_order(spec.texts, spec.languages)
        },
        "credits": list(spec.credits),
        "modules": [
            {
                "uid": module.uid,
                "title": dict(_in_order(module.titles, spec.languages)),
                "lessons": [lesson.uid for lesson in spec.lessons if lesson.module == module.uid],
            }
            for module in spec.modules
        ],
    }


def _credits(credited: Credited) -> dict[str, Any]:
    said = {
        name: {key: value for key, value in (("licence", licence), ("source", source)) if value}
        for name, (licence, source) in sorted(credited.items())
    }
    return {"media": said} if said else {}


def _in_order(values: Mapping[str, Any], languages: tuple[str, ...]) -> list[tuple[str, Any]]:
    return [(language, values[language]) for language in languages if language in values]


def _lesson(lesson: LessonSpec, text: LessonTextSpec, given: Content, suffix: str, *, first: bool) -> str:
    head: dict[str, Any] = {"kind": lesson.kind} if first else {}
    head |= {"title": text.title, "minutes": text.minutes}
    if first and lesson.rule:
        head["rule"] = lesson.rule
    if first and lesson.facts:
        head["facts"] = list(lesson.facts)
    content = dict(given)
    if suffix == ".yaml":
        return dump(head | content)
    body = markup.normalise(content.pop("body", "") or "")
    if content.get("source_format") in ("md", None):
        content.pop("source_format", None)
    return f"---\n{dump(head | content)}---\n{body}"
