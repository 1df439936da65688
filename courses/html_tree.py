"""HTML as a small tree, read as the sanitiser reads it.

``nh3`` parses what was given by the rules of HTML5 and writes it anew, so that only well-formed HTML is read here:
whatever this tree holds is what the sanitiser saw, too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import Any

import nh3

VOID = frozenset({"br", "hr", "img"})
DEEPEST = 100  # elements in each other; no person writes so deep, and whoever walks the tree must come to its end


@dataclass
class Element:
    """A tag with what is in it; ``line`` counts from 0 in the text that was given, as near as can be said."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Element | str]" = field(default_factory=list)
    line: int = 0

    def walk(self) -> "Iterator[Element]":
        """Every element below, in the order of the text."""
        for child in self.elements:
            yield child
            yield from child.walk()

    @property
    def elements(self) -> "list[Element]":
        return [child for child in self.children if isinstance(child, Element)]

    @property
    def text(self) -> str:
        """All words below, as they stand."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    def classes(self) -> list[str]:
        return self.get("class").split()

    def is_blank(self) -> bool:
        """Nothing but white space, and no picture or line below either."""
        return not self.text.strip() and not any(each.tag in ("img", "hr") for each in self.walk())


class _Builder(HTMLParser):
    """Of elements that lie too deep only what is in them stays."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self.open = [self.root]
        self.too_deep = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if len(self.open) > DEEPEST and tag not in VOID:
            self.too_deep += 1
            return
        element = Element(tag, {name: value or "" for name, value in attrs}, line=self.getpos()[0] - 1)
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self.too_deep:
            self.too_deep -= 1
        elif len(self.open) > 1 and self.open[-1].tag == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


class Seen(HTMLParser):
    """What is written, whether it may stand or not: ``tags`` as ``(name, attributes, line from 0)``."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str], int]] = []
        self.feed(html)
        self.close()

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """``<![`` begins a comment of sorts, as HTML5 reads it; the library would stop at it."""
        return self.parse_bogus_comment(i, 0)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}, self.getpos()[0] - 1))


# Of these nothing stays, not even the words.
DROPPED = {"script", "style"}


def tree(
    html: str,
    *,
    tags: set[str],
    attributes: Mapping[str, set[str]],
    schemes: set[str],
    dropped: set[str] = DROPPED,
) -> Element:
    """``html`` as a tree of ``tags`` and ``attributes``; other tags are gone, their words stay but those of ``dropped``."""
    clean = nh3.clean(
        html,
        tags=tags,
        clean_content_tags=dropped,
        attributes=dict(attributes),
        url_schemes=schemes,
        link_rel=None,
        strip_comments=True,
    )
    builder = _Builder()
    builder.feed(clean)
    builder.close()
    _lines(builder.root, html)
    return builder.root


def _lines(root: Element, html: str) -> None:
    """Lines of what was given, where as many tags of a name were written as have stayed."""
    written: dict[str, list[int]] = {}
    for tag, _attributes, line in Seen(html).tags:
        written.setdefault(tag, []).append(line)
    kept: dict[str, list[Element]] = {}
    for element in root.walk():
        kept.setdefault(element.tag, []).append(element)
    for tag, elements in kept.items():
        lines = written.get(tag, [])
        if len(lines) == len(elements):
            for element, line in zip(elements, lines, strict=True):
                element.line = line


def opening(tag: str, attributes: Mapping[str, Any] | None = None) -> str:
    """A start tag; attributes that are None are left out, empty ones are written as ``alt=""``."""
    said = "".join(f' {name}="{escape(str(value))}"' for name, value in (attributes or {}).items() if value is not None)
    return f"<{tag}{said}>"


def closing(tag: str) -> str:
    return "" if tag in VOID else f"</{tag}>"
