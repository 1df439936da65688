"""A whole course as plain values: the one shape between folder, draft rows and edition."""

from dataclasses import dataclass, field
from typing import Any

Content = dict[str, Any]
# The licence and the source of files by their name; either may be empty.
Credited = dict[str, tuple[str, str]]


@dataclass(frozen=True)
class CourseTextSpec:
    """What a course says about itself in one language."""

    title: str
    summary: str
    for_whom: str = ""
    objectives: tuple[str, ...] = ()


@dataclass(frozen=True)
class ModuleSpec:
    """A part of a course; ``titles`` by language."""

    uid: str
    titles: dict[str, str]


@dataclass(frozen=True)
class LessonTextSpec:
    """A lesson in one language; ``content`` in its kind's own shape."""

    title: str
    minutes: int
    content: Content


@dataclass(frozen=True)
class LessonSpec:
    """A lesson; ``module`` is the uid of its part."""

    uid: str
    module: str
    kind: str
    rule: dict[str, Any]
    facts: tuple[str, ...]
    texts: dict[str, LessonTextSpec]


@dataclass(frozen=True)
class CourseSpec:
    """A course without its media bytes. Lessons stand in reading order.

    ``credited`` is what an edition says of its files; a draft keeps that beside it, and has it here once it is complete.
    """

    slug: str
    code: str
    languages: tuple[str, ...]
    audience: str
    topic: str
    level: str
    licence: str
    competencies: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()
    legal: bool = False
    checked_on: str | None = None
    certificate_valid_days: int | None = None
    texts: dict[str, CourseTextSpec] = field(default_factory=dict)
    modules: tuple[ModuleSpec, ...] = ()
    lessons: tuple[LessonSpec, ...] = ()
    credited: Credited = field(default_factory=dict)
