"""What the outline says of a draft's content: what is wrong, and a few words on each lesson.

What a text says by itself does not change while its content stays, so it is kept in the cache by the digest of that:
after a change only the changed texts are parsed again. Publishing never relies on it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.cache import cache
from django.utils.translation import get_language

from courses import checks
from courses.advice import reading
from courses.advice.registry import TextRead
from courses.canonical import digest
from courses.checks import TextFacts
from courses.models import Course
from courses.registry import Content, kinds
from courses.services import advising, drafts
from courses.services.advising import Advice
from courses.spec import CourseSpec, LessonSpec

KEPT_SECONDS = 7 * 24 * 3600
PREFIX = "draft-text-3:"  # another number when the checks change


@dataclass(frozen=True)
class Checked:
    """``faults`` by lesson uid (empty uid: the course itself), ``summaries`` of sound lessons by uid, and advice."""

    faults: Mapping[str, list[str]]
    summaries: Mapping[str, str]
    advice: Advice = field(default_factory=Advice)

    @property
    def course_faults(self) -> list[str]:
        return self.faults.get("", [])

    @property
    def lessons_with_faults(self) -> int:
        return sum(1 for uid in self.faults if uid)


@dataclass
class KnownTexts:
    """Facts of texts from the cache, in one request to it; ``keep`` puts back what was new, in another."""

    spec: CourseSpec
    fresh: dict[str, Any] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)

    @cached_property
    def known(self) -> dict[str, Any]:
        keys = [self.key(each.kind, text.content) for each in self.spec.lessons for text in each.texts.values()]
        return cache.get_many(keys)

    def key(self, kind: str, content: Content) -> str:
        """Sentences are in the reader's language, so that is part of it. The content lives as long as the spec."""
        if id(content) not in self.keys:
            said = json.dumps([kind, get_language(), content], sort_keys=True, default=str)
            self.keys[id(content)] = f"{PREFIX}{digest(said)}"
        return self.keys[id(content)]

    def read(self, kind: str, content: Content) -> TextFacts:
        """As ``checks.read_text``."""
        facts: TextFacts = self._got("facts", kind, content, lambda: checks.read_text(kind, content))
        return facts

    def words(self, lesson: LessonSpec, media: Mapping[str, str]) -> str:
        """The few words on a sound lesson."""
        kind = kinds[lesson.kind]
        content = lesson.texts[self.spec.languages[0]].content
        said: str = self._got("words", lesson.kind, content, lambda: kind.summary(kind.snapshot(content, media)))
        return said

    def advice(self, kind: str, language: str, content: Content) -> TextRead:
        """As ``courses.advice.reading.read_text``."""

        def make() -> TextRead:
            return reading.read_text(kind, language, content, sound=not self.read(kind, content).faults)

        said: TextRead = self._got(f"advice-{language}", kind, content, make)
        return said

    def _got(self, what: str, kind: str, content: Content, make: Any) -> Any:
        key = self.key(kind, content)
        held = self.fresh.get(key) or self.known.get(key) or {}
        if what not in held:
            made = make()  # this may add to what is held
            held = {**(self.fresh.get(key) or held), what: made}
            self.fresh[key] = held
        return held[what]

    def keep(self) -> None:
        if self.fresh:
            cache.set_many(self.fresh, KEPT_SECONDS)


def check_draft(course: Course) -> Checked:
    """Everything that is wrong with the draft as it stands. Reads every lesson, parses those that nobody asked about."""
    held: list[KnownTexts] = []

    def reader(spec: CourseSpec) -> checks.Read:
        held.append(KnownTexts(spec))
        return held[0].read

    whole = drafts.complete(course, reader=reader)
    faults: dict[str, list[str]] = {}
    for fault in whole.faults:
        sentences = faults.setdefault(fault.place.uid, [])
        if fault.sentence not in sentences:
            sentences.append(fault.sentence)
    (texts,) = held
    sound = [lesson for lesson in whole.spec.lessons if lesson.uid not in faults]
    summaries = {lesson.uid: texts.words(lesson, whole.media) for lesson in sound}
    checked = Checked(faults, summaries, advising.advise(course, whole.spec, read=texts.advice))
    texts.keep()
    return checked


def check_known(course: Course, spec: CourseSpec, faults: Mapping[str, list[str]]) -> Checked:
    """The same of a draft whose ``faults`` are known, as of a page that has just read it; no summaries."""
    texts = KnownTexts(spec)
    checked = Checked(faults, {}, advising.advise(course, spec, read=texts.advice))
    texts.keep()
    return checked
