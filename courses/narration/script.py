"""The source of a narrated video: Markdown in, slides out.

A ``##`` heading opens a slide and a chapter; ``---`` opens a further slide under the same heading. Lists are shown on
the slide, a fenced block draws a picture (its info string names the kind, its body is YAML), and paragraphs are spoken.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from courses.yaml_lines import plain_yaml

FENCE = "---"


class ScriptError(ValueError):
    """The source cannot be read. ``line`` counts from 1; the message says what is wrong and what would be right."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of slide text in one style."""

    text: str
    strong: bool = False
    mono: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing: ``kind`` names a function of the slide template, ``data`` is handed to it."""

    kind: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Slide:
    """What is seen (heading, items, picture) and what is said meanwhile (narration, one string for each paragraph)."""

    heading: str
    line: int
    opens_chapter: bool = True
    items: tuple[tuple[Run, ...], ...] = ()
    ordered: bool = False
    picture: Picture | None = None
    narration: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """A whole video: its title, the cloth colour of its band, the seed of its voice, and its slides."""

    title: str
    slides: tuple[Slide, ...]
    cloth: str = "borrow"
    label: str = ""
    seed: int = 1

    @property
    def words(self) -> int:
        """How many words are spoken."""
        return sum(len(paragraph.split()) for slide in self.slides for paragraph in slide.narration)


@dataclass(slots=True)
class _Draft:
    heading: str
    line: int
    opens_chapter: bool
    items: list[tuple[Run, ...]] = field(default_factory=list)
    ordered: bool = False
    picture: Picture | None = None
    narration: list[str] = field(default_factory=list)

    def finish(self) -> Slide:
        if not self.narration:
            raise ScriptError(self.line, f"the slide '{self.heading}' is silent; write a paragraph to be spoken")
        return Slide(
            self.heading,
            self.line,
            self.opens_chapter,
            tuple(self.items),
            self.ordered,
            self.picture,
            tuple(self.narration),
        )


def parse_script(source: str) -> Script:
    """Read a narration source.

    Raises ScriptError when the front matter is missing or unknown, a slide has no narration, text stands before the
    first heading, or a picture is not YAML.
    """
    meta, body, first_line = _front_matter(source)
    tokens = MarkdownIt("commonmark").parse(body)
    slides = tuple(draft.finish() for draft in _drafts(tokens, first_line))
    if not slides:
        raise ScriptError(first_line, "there is no slide; begin one with '## Heading'")
    return Script(slides=slides, **meta)


def _front_matter(source: str) -> tuple[dict[str, Any], str, int]:
    lines = source.splitlines()
    if not lines or lines[0] != FENCE or FENCE not in lines[1:]:
        raise ScriptError(1, "the front matter is missing; begin with '---', 'title: …', '---'")
    end = lines.index(FENCE, 1)
    try:
        meta = plain_yaml("\n".join(lines[1:end])) or {}
    except yaml.YAMLError as problem:
        raise ScriptError(2, f"the front matter is not YAML: {problem}") from problem
    allowed = {"title", "cloth", "label", "seed"}
    if not isinstance(meta, dict) or "title" not in meta or not set(meta) <= allowed:
        raise ScriptError(2, "the front matter needs 'title' and knows besides it only 'cloth', 'label' and 'seed'")
    return meta, "\n".join(lines[end + 1 :]), end + 2


def _drafts(tokens: Sequence[Token], first_line: int) -> Iterator[_Draft]:
    draft: _Draft | None = None
    for block in _blocks(tokens):
        token = block[0]
        line = first_line + (token.map[0] if token.map else 0)
        if token.type == "heading_open":
            if token.tag != "h2":
                raise ScriptError(line, "only '##' headings open a slide")
            if draft:
                yield draft
            draft = _Draft(block[1].content, line, opens_chapter=True)
        elif draft is None:
            raise ScriptError(line, "text stands before the first '## Heading'")
        elif token.type == "hr":
            yield draft
            draft = _Draft(draft.heading, line, opens_chapter=False)
        else:
            _add(draft, block, line)
    if draft:
        yield draft


def _add(draft: _Draft, block: Sequence[Token], line: int) -> None:
    kind = block[0].type
    if kind in {"bullet_list_open", "ordered_list_open"}:
        draft.ordered = kind == "ordered_list_open"
        draft.items += [_runs(token) for token in block if token.type == "inline"]
    elif kind == "fence":
        draft.picture = _picture(block[0], line)
    elif kind == "paragraph_open":
        draft.narration.append(" ".join(block[1].content.split()))
    else:
        raise ScriptError(line, f"'{kind}' has no place here; use headings, lists, pictures and paragraphs")


def _blocks(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    start = depth = 0
    for position, token in enumerate(tokens, 1):
        depth += token.nesting
        if depth == 0:
            yield tokens[start:position]
            start = position


def _runs(token: Token) -> tuple[Run, ...]:
    runs: list[Run] = []
    strong = False
    for child in token.children or []:
        if child.type in {"strong_open", "strong_close"}:
            strong = child.type == "strong_open"
        elif child.type == "softbreak":
            runs.append(Run(" "))
        elif child.content:
            runs.append(Run(child.content, strong=strong, mono=child.type == "code_inline"))
    return tuple(runs)


def _picture(token: Token, line: int) -> Picture:
    try:
        data = plain_yaml(token.content) or {}
    except yaml.YAMLError as problem:
        raise ScriptError(line, f"the picture is not YAML: {problem}") from problem
    if not token.info.strip() or not isinstance(data, dict):
        raise ScriptError(line, "a picture is a block like ```rows with 'name: value' lines inside")
    return Picture(token.info.strip(), data)
