"""Rules are plug-ins: a function and one registration. A rule never forbids anything and never raises for any content."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from courses.html_tree import Element
from courses.registry import Content

TEXT, MINUTES, FILM, FILES, DETAILS = "text", "minutes", "film", "files", "details"


@dataclass(frozen=True)
class Finding:
    """Something to think about. ``rule`` names who says so, ``place`` where it is mended: one of the names above.

    ``about`` is what it is about, in no language of ours: the words of a link, a length; empty means the whole content.
    ``mark`` stands for all that where the hint was found. Who left a hint left that mark: another text has another one.
    """

    rule: str
    sentence: str
    place: str = TEXT
    about: str = ""
    mark: str = ""


@dataclass(frozen=True)
class View:
    """One text as the rules see it: ``root`` is its body as learners get it, without blocks; ``asks`` counts the
    blocks that ask something. Its shape is right; ``sound``: it has no other fault either."""

    kind: str
    language: str
    content: Content
    root: Element
    asks: int = 0
    sound: bool = True

    @property
    def is_english(self) -> bool:
        return self.language.partition("-")[0].lower() == "en"

    @cached_property
    def passages(self) -> list[str]:
        """Its paragraphs, entries and cells, each as one text with single spaces; headings and code are none."""
        return [words for words in map(_spaced, _passages(self.root)) if words]

    @cached_property
    def words(self) -> int:
        return sum(len(each.split()) for each in self.passages)


def _spaced(words: str) -> str:
    return " ".join(words.split())


BLOCKS = {"p", "div", "section", "blockquote", "pre", "hr", "br", "figure", "figcaption", "details", "summary"}
LISTS = {"ul", "ol", "li", "dl", "dt", "dd"}
TABLES = {"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"}
BREAKING = BLOCKS | LISTS | TABLES
SKIPPED = frozenset({"pre", "h2", "h3", "h4", "h5", "h6", "sup", "svg"})


def _passages(root: Element) -> list[str]:
    found = [""]

    def read(element: Element) -> None:
        for child in element.children:
            if isinstance(child, str):
                found[-1] += child
            elif child.tag in SKIPPED:
                found[-1] += " "
            elif child.tag in BREAKING:
                found.append("")
                read(child)
                found.append("")
            else:
                read(child)

    read(root)
    return found


@dataclass(frozen=True)
class FileFacts:
    """What is known of a file of the draft."""

    licence: str = ""
    source: str = ""
    duration_ms: int | None = None


@dataclass(frozen=True)
class LinkFacts:
    """What became of asking for an outside address: ``ok`` is None while nobody has asked."""

    ok: bool | None = None
    said: str = ""


@dataclass(frozen=True)
class TextRead:
    """What was read of one text by itself; it may be kept by its content. ``links`` are its outside addresses."""

    words: int = 0
    asks: int = 0
    findings: tuple[Finding, ...] = ()
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Around:
    """One text with what surrounds it. ``files`` is None where nobody looked at them: rules about them say nothing."""

    kind: str
    language: str
    minutes: int
    content: Content
    read: TextRead
    rule: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, FileFacts] | None = None
    links: Mapping[str, LinkFacts] = field(default_factory=dict)

    @property
    def film(self) -> Mapping[str, Any]:
        """The files of its video or recording; empty for other lessons."""
        given = self.content.get("video") or self.content.get("audio")
        return given if isinstance(given, dict) else {}

    @property
    def film_ms(self) -> int | None:
        """The length of its video or recording; 0 without one, None when it is not known."""
        name = self.film.get("file", "")
        if not name:
            return 0
        facts = (self.files or {}).get(str(name).removeprefix("media/"))
        return facts.duration_ms if facts else None


TextRule = Callable[[View], Iterable[Finding]]
AroundRule = Callable[[Around], Iterable[Finding]]

text_rules: dict[str, TextRule] = {}
around_rules: dict[str, AroundRule] = {}


def register_text_rule(name: str, rule: TextRule) -> None:
    """``rule`` reads a text by itself. Raises ``ValueError`` when another rule holds the name."""
    _register(text_rules, name, rule)


def register_around_rule(name: str, rule: AroundRule) -> None:
    """``rule`` reads a text with its minutes, files and links. Raises ``ValueError`` as ``register_text_rule``."""
    _register(around_rules, name, rule)


def _register(held: dict[str, Any], name: str, rule: Any) -> None:
    if held.get(name, rule) is not rule:
        raise ValueError(f"advice {name!r} is taken")
    held[name] = rule
