"""HTML as a small tree, read as the sanitiser reads it.

``nh3`` parses what was given by the rules of HTML5 and writes it anew, so that only well-formed HTML is read here:
whatever this tree holds is what the sanitiser saw, too.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape, unescape
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


@dataclass(frozen=True)
class Mark:
    """A tag as it is written at the character ``at``: one that ``opens`` or one that closes; ``alone`` as ``<br/>``."""

    name: str
    at: int
    opens: bool = True
    alone: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)


_NAME = re.compile(r"[a-zA-Z][^\s/>]*")
_BETWEEN = re.compile(r"[\s/]*")
_SPACE = re.compile(r"\s*")
_SAID = re.compile(r"=?[^\s/>=]*")
_BARE = re.compile(r"[^\s>]*")
_WORDS_ONLY = frozenset({"script", "style", "textarea", "title"})  # no tag begins in one of these


def marks(html: str) -> Iterator[Mark]:
    """Every tag that is written, in order, whether it may stand or not; comments and the like are passed over.

    Whatever is never closed swallows the rest, as browsers read it. Each character is looked at a few times at most,
    whatever is written: the library's parser takes minutes for some texts, and stops at others.
    """
    at = html.find("<")
    while at >= 0:
        after = html[at + 1 : at + 2]
        if html.startswith("<!--", at):
            end = _behind(html, "-->", at + 2)
        elif after in ("!", "?", "/"):
            end = _behind(html, ">", at + 1)
            name = _NAME.match(html, at + 2) if after == "/" else None
            if name and end:
                yield Mark(name[0].lower(), at, opens=False)
        elif name := _NAME.match(html, at + 1):
            attributes, end = _attributes(html, name.end())
            if end:
                tag = name[0].lower()
                yield Mark(tag, at, alone=html[end - 2] == "/", attributes=attributes)
                end = _behind_words(html, tag, end) if tag in _WORDS_ONLY else end
        else:
            end = at + 1
        if not end:
            return
        at = html.find("<", end)


def _behind(html: str, ending: str, at: int) -> int:
    """The place behind the next ``ending``; 0 when there is none."""
    found = html.find(ending, at)
    return found + len(ending) if found >= 0 else 0


def _behind_words(html: str, tag: str, at: int) -> int:
    found = re.compile(f"</{tag}", re.IGNORECASE).search(html, at)
    return found.start() if found else 0


def _attributes(html: str, at: int) -> tuple[dict[str, str], int]:
    """The attributes of the tag whose name ends at ``at``, and the place behind the tag; 0 when it never ends."""
    found: dict[str, str] = {}
    while True:
        at = _end(_BETWEEN, html, at)
        if html[at : at + 1] in ("", ">"):
            return found, at + 1 if at < len(html) else 0
        start, at = at, _end(_SAID, html, at)
        name, value = html[start:at].lower(), ""
        equals = _end(_SPACE, html, at)
        if html[equals : equals + 1] == "=":
            start = _end(_SPACE, html, equals + 1)
            quote = html[start : start + 1]
            if quote in ("'", '"'):
                at = _behind(html, quote, start + 1)
                if not at:
                    return found, 0
                value = html[start + 1 : at - 1]
            else:
                at = _end(_BARE, html, start)
                value = html[start:at]
        found.setdefault(name, unescape(value))


def _end(pattern: re.Pattern[str], html: str, at: int) -> int:
    match = pattern.match(html, at)
    return match.end() if match else at


def written(html: str) -> Iterator[tuple[str, Mapping[str, str], int]]:
    """The tags that are opened, whether they may stand or not, as ``(name, attributes, line from 0)``."""
    line = at = 0
    for mark in marks(html):
        line, at = line + html.count("\n", at, mark.at), mark.at
        if mark.opens:
            yield mark.name, mark.attributes, line


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
    lines_of: dict[str, list[int]] = {}
    for tag, _said, line in written(html):
        lines_of.setdefault(tag, []).append(line)
    kept: dict[str, list[Element]] = {}
    for element in root.walk():
        kept.setdefault(element.tag, []).append(element)
    for tag, elements in kept.items():
        lines = lines_of.get(tag, [])
        if len(lines) == len(elements):
            for element, line in zip(elements, lines, strict=True):
                element.line = line


def opening(tag: str, attributes: Mapping[str, Any] | None = None) -> str:
    """A start tag; attributes that are None are left out, empty ones are written as ``alt=""``."""
    said = "".join(f' {name}="{escape(str(value))}"' for name, value in (attributes or {}).items() if value is not None)
    return f"<{tag}{said}>"


def closing(tag: str) -> str:
    return "" if tag in VOID else f"</{tag}>"
