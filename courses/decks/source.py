"""A deck as Markdown, in the format of ``docs/media.md``, and back: the same deck comes out of what it wrote.

What that format has no word for (silence, an own recording, a picture of one's own) stands in a block ```` ```slide ````.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import yaml
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from courses.yaml_lines import plain_yaml

FENCE = "---"
SLIDES_MAX = 120
SOURCE_MAX = 400_000
BLOCK = "slide"
STARTS_A_BLOCK = re.compile(r"[\\#>\-+*_\[<`~=|&]|\d")
HEAD = ("title", "voice", "pace", "pause", "says_voice", "language")
KNOWN = {"heading": str, "chapter": bool, "sound": str, "seconds": int, "picture": str, "recording": str, "says": str}
SOUNDS = ("words", "recording", "silent")


class SourceFault(ValueError):
    """It cannot be read; ``line`` counts from 1 (0: the whole)."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(_("Line %(line)d: %(fault)s") % {"line": line, "fault": sentence} if line else sentence)
        self.line = line


@dataclass(frozen=True)
class SlideSource:
    """One slide. ``picture`` and ``recording`` are SHA-256 of files; ``words`` are paragraphs parted by empty lines."""

    heading: str = ""
    items: str = ""
    words: str = ""
    opens_chapter: bool = True
    sound: str = "words"
    seconds: int = 5
    picture: str = ""
    recording: str = ""
    described: str = ""


@dataclass(frozen=True)
class DeckSource:
    """A whole deck; ``left`` are sentences on what of the file was not taken."""

    title: str
    slides: tuple[SlideSource, ...]
    voice: str = "calm"
    words_a_minute: int = 150
    pause_ms: int = 0
    says_voice: bool = True
    language: str = "en"
    left: tuple[str, ...] = field(default=(), compare=False)


# ---- writing


def write_source(deck: DeckSource, *, cloth: str = "", label: str = "") -> str:
    """The deck as Markdown; ``cloth`` and ``label`` are the course's, for whoever makes the video by hand."""
    head: dict[str, Any] = {"title": deck.title}
    head |= {"cloth": cloth} if cloth else {}
    head |= {"label": label} if label else {}
    head |= {"voice": deck.voice, "pace": deck.words_a_minute, "pause": deck.pause_ms}
    head |= {"says_voice": deck.says_voice, "language": deck.language}
    parts = [f"{FENCE}\n{yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=10**6)}{FENCE}"]
    before: SlideSource | None = None
    for slide in deck.slides:
        parts += _written(slide, before)
        before = slide
    return "\n\n".join(parts) + "\n"


def _written(slide: SlideSource, before: SlideSource | None) -> list[str]:
    further = before is not None and not slide.opens_chapter and slide.heading == before.heading
    parts = [FENCE if further else f"## {_escaped_heading(slide.heading)}".rstrip()]
    if block := _block(slide, further=further):
        parts.append(f"```{BLOCK}\n{yaml.safe_dump(block, allow_unicode=True, sort_keys=False, width=10**6)}```")
    if slide.items:
        parts.append(slide.items)
    return [*parts, *map(_escaped, paragraphs(slide.words))]


def _block(slide: SlideSource, *, further: bool) -> dict[str, Any]:
    block: dict[str, Any] = {}
    if not slide.opens_chapter and not further:
        block["chapter"] = False
    if slide.heading != " ".join(slide.heading.split()):
        block["heading"] = slide.heading
    if slide.sound != "words":
        block["sound"] = slide.sound
    if slide.seconds != SlideSource.seconds:
        block["seconds"] = slide.seconds
    named = {"picture": slide.picture, "recording": slide.recording, "says": slide.described}
    return block | {name: value for name, value in named.items() if value}


def paragraphs(words: str) -> list[str]:
    """Paragraphs, each on one line."""
    return [" ".join(each.split()) for each in re.split(r"\n\s*\n", words.strip()) if each.strip()]


def tidy_words(words: str) -> str:
    """What is kept of what was typed as narration."""
    return "\n\n".join(paragraphs(words))


def _escaped(paragraph: str) -> str:
    return f"\\{paragraph}" if STARTS_A_BLOCK.match(paragraph) else paragraph


def _escaped_heading(heading: str) -> str:
    plain = " ".join(heading.split())
    return f"{plain} #" if plain.endswith("#") or set(plain) == {"#"} else plain


# ---- reading


def tidy_items(text: str) -> str:
    """What stands on a slide, as lists and one drawing: a line that is no list becomes a point of its own.

    Raises ``SourceFault`` for headings, quotes, tables and more than one drawing.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip()
    lines = text.split("\n")
    parts: list[str] = []
    drawings = 0
    for block in _blocks(_parse(text)):
        first, last = block[0].map or [0, 0]
        kind = block[0].type
        if kind == "paragraph_open":
            parts.append("\n".join(f"- {_point(line)}" for line in lines[first:last] if line.strip()))
        elif kind in ("bullet_list_open", "ordered_list_open"):
            parts.append("\n".join(lines[first:last]).rstrip())
        elif kind == "fence":
            drawings += 1
            _drawing(block[0], first + 1)
            parts.append("\n".join(lines[first:last]))
        else:
            raise SourceFault(first + 1, _("Only lists and one drawing can stand on a slide."))
    if drawings > 1:
        raise SourceFault(0, _("A slide holds one drawing."))
    tidied = "\n\n".join(parts)
    return tidied if tidied == text else tidy_items(tidied)


def _point(line: str) -> str:
    plain = line.strip()
    return f"\\{plain}" if re.match(r"[#>\-+*<`~]|\d+[.)]", plain) else plain


def _drawing(token: Token, line: int) -> None:
    try:
        data = plain_yaml(token.content)
    except yaml.YAMLError as problem:
        raise SourceFault(line, _("The drawing is no YAML.")) from problem
    if not token.info.strip() or token.info.strip() == BLOCK or not isinstance(data or {}, dict):
        raise SourceFault(line, _("A drawing is a block like ```rows with “name: value” lines inside."))


def read_source(text: str) -> DeckSource:
    """The deck that Markdown describes; slides may be silent still. Raises ``SourceFault`` with its line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").lstrip("\ufeff")
    if len(text) > SOURCE_MAX:
        raise SourceFault(0, _("The text is too long. Make two decks of it."))
    meta, body, above = _head(text)
    lines = body.split("\n")
    slides = [_slide(each, lines, above) for each in _sections(_parse(body), above)]
    if not slides:
        raise SourceFault(above + 1, _("There is no slide. Begin one with “## Heading”."))
    if len(slides) > SLIDES_MAX:
        raise SourceFault(0, _("There are more than %(n)d slides. Make two decks of them.") % {"n": SLIDES_MAX})
    left = [
        _("“%(name)s” in the first lines is not used here.") % {"name": name}
        for name in sorted(set(meta) - set(HEAD) - {"cloth", "label", "seed"})
    ]
    return DeckSource(slides=tuple(slides), left=tuple(left), **_settings(meta))


def _settings(meta: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"title": str(meta.get("title") or _("Slides"))[:200]}
    for name, to, kind in (
        ("voice", "voice", str),
        ("pace", "words_a_minute", int),
        ("pause", "pause_ms", int),
        ("says_voice", "says_voice", bool),
        ("language", "language", str),
    ):
        if type(meta.get(name)) is kind:
            found[to] = meta[name]
    found["words_a_minute"] = min(max(found.get("words_a_minute", 150), 80), 260)
    found["pause_ms"] = min(max(found.get("pause_ms", 0), 0), 10_000)
    return found


def _head(text: str) -> tuple[dict[str, Any], str, int]:
    lines = text.split("\n")
    if lines[0].strip() != FENCE or FENCE not in (line.strip() for line in lines[1:]):
        return {}, text, 0
    end = next(place for place, line in enumerate(lines[1:], 1) if line.strip() == FENCE)
    try:
        meta = plain_yaml("\n".join(lines[1:end])) or {}
    except yaml.YAMLError as problem:
        raise SourceFault(2, _("The first lines, between “---”, are no YAML.")) from problem
    if not isinstance(meta, dict):
        raise SourceFault(2, _("The first lines, between “---”, are “name: value” each."))
    return {str(key): value for key, value in meta.items()}, "\n".join(lines[end + 1 :]), end + 1


def _parse(text: str) -> list[Token]:
    return MarkdownIt("commonmark").parse(text)


def _blocks(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    start = depth = 0
    for position, token in enumerate(tokens, 1):
        depth += token.nesting
        if depth == 0:
            yield tokens[start:position]
            start = position


@dataclass
class _Section:
    heading: str
    opens_chapter: bool
    blocks: list[Sequence[Token]] = field(default_factory=list)


def _sections(tokens: Sequence[Token], above: int) -> Iterator[_Section]:
    section: _Section | None = None
    for block in _blocks(tokens):
        token = block[0]
        line = above + (token.map[0] if token.map else 0) + 1
        if token.type == "heading_open":
            if token.tag != "h2":
                raise SourceFault(line, _("Only “##” headings open a slide."))
            if section:
                yield section
            section = _Section(_heading(block[1].content), opens_chapter=True)
        elif section is None:
            raise SourceFault(line, _("Text stands before the first “## Heading”."))
        elif token.type == "hr":
            yield section
            section = _Section(section.heading, opens_chapter=False)
        else:
            section.blocks.append(block)
    if section:
        yield section


def _heading(content: str) -> str:
    return " ".join(content.split())[:200]


def _slide(section: _Section, lines: list[str], above: int) -> SlideSource:
    items: list[str] = []
    words: list[str] = []
    more: dict[str, Any] = {}
    for block in section.blocks:
        token = block[0]
        first, last = token.map or [0, 0]
        if token.type == "fence" and token.info.strip() == BLOCK:
            more |= _more(token, above + first + 1)
        elif token.type == "paragraph_open":
            said = " ".join(block[1].content.split())
            words.append(said[1:] if said.startswith("\\") else said)
        else:
            items.append("\n".join(lines[first:last]).rstrip())
    try:
        tidied = tidy_items("\n\n".join(items))
    except SourceFault as problem:
        line = section.blocks[0][0].map
        raise SourceFault(above + (line[0] if line else 0) + 1, str(problem)) from problem
    slide = SlideSource(section.heading, tidied, "\n\n".join(words)[:8000], section.opens_chapter)
    return replace(slide, **more)


def _more(token: Token, line: int) -> dict[str, Any]:
    try:
        data = plain_yaml(token.content) or {}
    except yaml.YAMLError as problem:
        raise SourceFault(line, _("The block “slide” is no YAML.")) from problem
    if not isinstance(data, dict) or any(type(value) is not KNOWN.get(name) for name, value in data.items()):
        known = ", ".join(KNOWN)
        raise SourceFault(line, _("The block “slide” knows only %(known)s.") % {"known": known})
    if data.get("sound", "words") not in SOUNDS or not 1 <= data.get("seconds", 5) <= 600:
        raise SourceFault(line, _("“sound” is words, recording or silent; “seconds” from 1 to 600."))
    renamed = {"chapter": "opens_chapter", "says": "described"}
    return {renamed.get(name, name): value[:1000] if isinstance(value, str) else value for name, value in data.items()}
