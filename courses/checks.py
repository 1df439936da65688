"""Checks over a whole course that no single file can answer, for folders and drafts alike."""

import re
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from courses import bodies, markup, shapes
from courses.local_words import LOCAL_WORDS
from courses.registry import RulingKind, UnreadyKind, kinds
from courses.spec import Content, CourseSpec, LessonSpec, LessonTextSpec

FILE = re.compile(rf"media/{markup.MEDIA_NAME}\Z")


@dataclass(frozen=True)
class Place:
    """Where in a course: a lesson's text in one language, or the course itself when ``uid`` is empty.

    ``path`` is dotted, as the kinds give it; ``body:<line>`` is a line of the body.
    """

    uid: str = ""
    language: str = ""
    path: str = ""

    def __str__(self) -> str:
        return " ".join(each for each in (self.uid, self.language, self.path) if each) or "course"


@dataclass(frozen=True)
class CourseFault:
    place: Place
    sentence: str


@dataclass(frozen=True)
class TextFacts:
    """What one lesson's text says by itself, whatever else the course holds: it may be kept by its content.

    ``faults`` and ``names`` are ``(dotted path, text)``; ``names`` and ``lessons`` are asked of sound content only.
    ``files`` are ``(path, name)``, ``references`` ``(path, sort, target)`` as ``markup.references`` gives them.
    """

    faults: tuple[tuple[str, str], ...]
    names: tuple[tuple[str, str], ...] = ()
    lessons: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    references: tuple[tuple[str, str, str], ...] = ()


Read = Callable[[str, Content], TextFacts]


def read_text(kind: str, content: Content) -> TextFacts:
    """The facts of ``content`` as a text of ``kind``; this parses its Markdown or HTML."""
    broken = tuple(content_faults(kind, content))
    files, references = [], []
    for path, words in texts_in(content):
        if FILE.match(words):
            files.append((path, words.removeprefix("media/")))
        form = bodies.format_of(content) if path == "body" else bodies.MARKDOWN
        for sort, target, line in bodies.references(words, form):
            references.append((f"body:{line + 1}" if path == "body" else path, sort, target))
    return TextFacts(
        faults=broken,
        names=() if broken else tuple(kinds[kind].uids(content)),
        lessons=() if broken else tuple(kinds[kind].lessons(content)),
        files=tuple(files),
        references=tuple(references),
    )


def faults(
    spec: CourseSpec, media: Set[str], *, also: Set[str] = frozenset(), read: Read = read_text
) -> list[CourseFault]:
    """Every fault of ``spec``; ``media`` are the names of its files.

    ``also`` are uids of lessons that exist but could not be read, so that links to them are no second fault.
    ``read`` may know the facts of a text from before.
    """
    uids = {lesson.uid for lesson in spec.lessons} | also
    found = [*_modules(spec, uids), *_rules(spec, uids)]
    facts: dict[tuple[str, str], TextFacts] = {}
    for lesson in spec.lessons:
        if lesson.kind not in kinds:
            sentence = _("unknown kind “%(kind)s”; known are %(known)s")
            words = {"kind": lesson.kind, "known": ", ".join(sorted(kinds))}
            found.append(CourseFault(Place(lesson.uid, spec.languages[0], "kind"), sentence % words))
            continue
        for steps, sentence in shapes.problems(kinds[lesson.kind].rule_schema, lesson.rule):
            place = Place(lesson.uid, spec.languages[0], shapes.dotted(("rule", *steps)))
            found.append(CourseFault(place, sentence))
        if spec.languages[0] not in lesson.texts:
            place = Place(lesson.uid, spec.languages[0])
            found.append(CourseFault(place, _("the lesson is missing in the course’s first language")))
        for language, text in lesson.texts.items():
            known = facts[lesson.uid, language] = read(lesson.kind, text.content)
            found += _text(lesson, language, text, uids, media, known)
    unsound = {(fault.place.uid, fault.place.language) for fault in found}
    return [*found, *_names(spec, {place: known for place, known in facts.items() if place not in unsound})]


def _names(spec: CourseSpec, sound: Mapping[tuple[str, str], TextFacts]) -> Iterator[CourseFault]:
    """Questions and their like that share a name within the course; ``sound`` are the facts of texts without a fault.

    The very same question may stand in two lessons, as one that both draw from a bank does.
    """
    seen: dict[tuple[str, str], tuple[str, object]] = {}
    for lesson in spec.lessons:
        for language, text in lesson.texts.items():
            known = sound.get((lesson.uid, language))
            for path, name in known.names if known else ():
                said = holder_of(text.content, path)
                other, says = seen.setdefault((language, name), (lesson.uid, said))
                if other != lesson.uid and (said is None or said != says):
                    sentence = _("the uid “%(uid)s” is taken by one in the lesson “%(lesson)s”; choose another")
                    yield CourseFault(Place(lesson.uid, language, path), sentence % {"uid": name, "lesson": other})


def holder_of(content: Content, path: str) -> object:
    """What holds the value at the dotted ``path``; None where the path is none into the content."""
    value: Any = content
    for step in path.split(".")[:-1]:
        if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            return None
    return value if isinstance(value, dict) and value is not content else None


def warnings(spec: CourseSpec) -> Iterator[CourseFault]:
    """What the kinds say of a sound course that forbids nothing."""
    for lesson in spec.lessons:
        for language, text in lesson.texts.items():
            for path, sentence in kinds[lesson.kind].warnings(text.content):
                yield CourseFault(Place(lesson.uid, language, path), sentence)


def unready(spec: CourseSpec) -> Iterator[CourseFault]:
    """What sound lessons of ``spec`` still lack before they can be published."""
    for lesson in spec.lessons:
        for language, text in lesson.texts.items():
            for path, sentence in lacking(lesson.kind, text.content):
                yield CourseFault(Place(lesson.uid, language, path), sentence)


def lacking(kind: str, content: Content) -> list[tuple[str, str]]:
    """What one lesson's text lacks before it can be published; nothing while its shape is wrong, which is told first."""
    ruling = kinds.get(kind)
    if not isinstance(ruling, UnreadyKind) or shapes.problems(ruling.content_schema, content):
        return []
    return ruling.unready(content)


def content_faults(kind: str, content: Content) -> list[tuple[str, str]]:
    """What is wrong in the content of one lesson text: ``(dotted path, sentence)`` each."""
    broken = shapes.problems(kinds[kind].content_schema, content)
    if broken:
        return [(shapes.dotted(steps), sentence) for steps, sentence in broken]
    return kinds[kind].faults(content)


def _modules(spec: CourseSpec, uids: Set[str]) -> Iterator[CourseFault]:
    if not uids:
        yield CourseFault(Place(path="modules"), _("the course has no lesson; name at least one"))
    for index, module in enumerate(spec.modules):
        for language in spec.languages:
            if not module.titles.get(language):
                sentence = _("the part “%(uid)s” has no title in “%(language)s”")
                place = Place(path=f"modules.{index}.title")
                yield CourseFault(place, sentence % {"uid": module.uid, "language": language})


def _rules(spec: CourseSpec, uids: Set[str]) -> Iterator[CourseFault]:
    opens = {lesson.uid: list(lesson.rule.get("opens_after", [])) for lesson in spec.lessons}
    for uid, before in opens.items():
        place = Place(uid, spec.languages[0], "rule.opens_after")
        for other in before:
            if other not in uids:
                yield CourseFault(place, _("opens_after names “%(uid)s”, and no lesson has that uid") % {"uid": other})
        if sentence := never_opens(opens, uid):
            yield CourseFault(place, sentence)


def never_opens(opens: Mapping[str, list[str]], uid: str) -> str:
    """Why nobody could ever open the lesson ``uid``, when each opens after those that ``opens`` names; else empty."""
    return _("the lesson opens after itself, so nobody could ever open it") if _reaches(opens, uid) else ""


def _reaches(opens: Mapping[str, list[str]], uid: str) -> bool:
    seen: set[str] = set()
    waiting = list(opens[uid])
    while waiting:
        each = waiting.pop()
        if each == uid:
            return True
        if each not in seen:
            seen.add(each)
            waiting += opens.get(each, [])
    return False


def _text(
    lesson: LessonSpec, language: str, text: LessonTextSpec, uids: Set[str], media: Set[str], facts: TextFacts
) -> Iterator[CourseFault]:
    for path, sentence in text_faults(lesson.kind, text.content, uids=uids, media=media, rule=lesson.rule, facts=facts):
        yield CourseFault(Place(lesson.uid, language, path), sentence)


def text_faults(
    kind: str,
    content: Content,
    *,
    uids: Set[str],
    media: Set[str],
    rule: Mapping[str, object] | None = None,
    facts: TextFacts | None = None,
) -> list[tuple[str, str]]:
    """What is wrong in one lesson text, with what it points at, and with the ``rule`` if one is given:
    ``(dotted path, sentence)`` each. ``facts`` are those of ``content``, if they are known."""
    facts = facts or read_text(kind, content)
    found = list(facts.faults)
    if not found:
        found = _named_lessons(facts, uids) + _with_rule(kind, rule, content, uids)
    known = {word.key for word in LOCAL_WORDS}
    pointing = [*((path, "media", name) for path, name in facts.files), *facts.references]
    for path, sort, target in pointing:
        sentence = _reference(sort, target, uids, media, known)
        if sentence:
            found.append((path, sentence))
    return found


def _named_lessons(facts: TextFacts, uids: Set[str]) -> list[tuple[str, str]]:
    return [
        (path, _("no lesson of this course has the uid “%(uid)s”") % {"uid": uid})
        for path, uid in facts.lessons
        if uid not in uids
    ]


def _with_rule(kind: str, rule: Mapping[str, object] | None, content: Content, uids: Set[str]) -> list[tuple[str, str]]:
    ruling = kinds[kind]
    if rule is None or not isinstance(ruling, RulingKind) or shapes.problems(ruling.rule_schema, rule):
        return []
    return ruling.rule_faults(rule, content, uids)


def _reference(sort: str, target: str, uids: Set[str], media: Set[str], words: Set[str]) -> str:
    if sort == "media" and target not in media:
        return _("“media/%(name)s” is not there; put the file into media/") % {"name": target}
    if sort == "lesson" and target not in uids:
        return _("the link goes to the lesson “%(uid)s”, which is not in this course") % {"uid": target}
    if sort == "local" and target not in words:
        sentence = _("unknown local word “%(key)s”; known are %(known)s")
        return sentence % {"key": target, "known": ", ".join(sorted(words))}
    if sort == "other":
        sentence = _("“%(target)s” leads nowhere here; use media/…, lesson:…, https://… or mailto:…")
        return sentence % {"target": target}
    return ""


def texts_in(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text within a lesson's content with its dotted path; a file name is no text to read."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from texts_in(each, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from texts_in(each, f"{path}.{index}" if path else str(index))


def used_media(spec: CourseSpec) -> set[str]:
    """Names of the files that any lesson shows, links or plays."""
    return {name for lesson in spec.lessons for name in media_in(lesson)}


def media_in(lesson: LessonSpec) -> set[str]:
    """Names of the files that one lesson shows, links or plays, in any language."""
    used: set[str] = set()
    for text in lesson.texts.values():
        rich = bodies.format_of(text.content) == bodies.HTML
        for path, words in texts_in(text.content):
            if not (rich and path == "body"):
                used.update(markup.used_media(words))
            if "media/" in words:  # a question may be HTML, as a body may
                used.update(markup.used_media_html(words))
            if FILE.match(words):
                used.add(words.removeprefix("media/"))
    return used
