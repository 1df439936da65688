"""Rich text: lessons whose source is HTML. They say no more than Markdown can, and become the same pages.

The vocabulary of the source is small: paragraphs, headings h2 to h4, lists, quotes, tables, figures, code, links, and
what HTML has no tag for: ``<aside class="callout warn" data-title="…">`` (kinds as ``:::warn`` in Markdown),
``<span class="footnote">…</span>`` where the note belongs, and ``<pre data-block="check">`` with YAML in it.
"""

from collections.abc import Sequence
from html import escape
from typing import Any

from courses import markup
from courses.anchors import Headings
from courses.html_tree import Element, closing, opening, tree, written
from courses.markup import CALLOUTS, DETAILS, LOCAL, Fence

KINDS = (*CALLOUTS, DETAILS)
TAGS = (markup.TAGS - {"div", "section", "details", "summary", "h5", "h6"}) | {"aside"}
ATTRIBUTES: dict[str, set[str]] = {
    "*": {"lang", "dir"},
    "a": {"href"},
    "abbr": {"title"},
    "aside": {"class", "data-title"},
    "img": {"src", "alt", "data-decorative"},
    "ol": {"start"},
    "pre": {"data-block"},
    "span": {"class"},
    "td": {"colspan", "rowspan", "class"},
    "th": {"colspan", "rowspan", "scope", "class"},
}
SCHEMES = {"http", "https", "mailto", "lesson"}
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
CELLS = frozenset({"td", "th"})
# Around one of these nobody needs a paragraph: Markdown writes none either.
TIGHT = frozenset({"li", *CELLS})


def read(html: str) -> Element:
    """``html`` as a tree of the vocabulary, and nothing else."""
    return tree(html, tags=TAGS, attributes=ATTRIBUTES, schemes=SCHEMES)


def callout_kind(element: Element) -> str:
    """The kind of a call-out; empty for every other element."""
    classes = element.classes() if element.tag == "aside" else []
    return next((kind for kind in KINDS if kind in classes), "note") if "callout" in classes else ""


def is_footnote(element: Element) -> bool:
    return element.tag == "span" and "footnote" in element.classes()


def is_decorative(element: Element) -> bool:
    return "data-decorative" in element.attributes


def tightened(element: Element) -> list[Element | str]:
    """What is in an entry or a cell, without the frame of its only paragraph, as Markdown has none there."""
    first = next((each for each in element.children if not isinstance(each, str) or each.strip()), None)
    if isinstance(first, Element) and first.tag == "p" and sum(each.tag == "p" for each in element.elements) == 1:
        return [*first.children, *element.children[element.children.index(first) + 1 :]]
    return element.children


# What is in it


def fences(html: str, names: Sequence[str]) -> list[Fence]:
    """The blocks of ``html`` that one of ``names`` renders; ``line`` as ``markup.fences`` counts it."""
    root = read(html)
    top = {id(each) for each in root.elements}
    return [
        Fence(name=name, text=block_text(each), line=each.line, nested=id(each) not in top)
        for each in root.walk()
        if each.tag == "pre" and (name := each.get("data-block")) in names
    ]


def block_text(element: Element) -> str:
    text = element.text.lstrip("\n")
    return text if text.endswith("\n") or not text else f"{text}\n"


def references(html: str) -> list[tuple[str, str, int]]:
    """What ``html`` points at, as ``markup.references`` tells it."""
    found: list[tuple[str, str, int]] = []
    for tag, attributes, line in written(html):
        target = attributes.get({"img": "src", "a": "href"}.get(tag, ""), "").strip()
        if target.startswith("media/"):
            found.append(("media", target.removeprefix("media/"), line))
        elif target.startswith("lesson:"):
            found.append(("lesson", target.removeprefix("lesson:").partition("#")[0], line))
        elif tag == "img" or (target and not markup.HREF.match(target)):
            found.append(("other", target, line))
    for line, text in enumerate(html.split("\n")):
        found.extend(("local", key, line) for key in LOCAL.findall(text))
    return sorted(found, key=lambda each: each[2])


def headings(html: str) -> list[tuple[int, int]]:
    """``(level, line from 0)`` of every heading that is written, also of those that may not stand."""
    return [(HEADINGS[tag], line) for tag, _attributes, line in written(html) if tag in HEADINGS]


def pictures(html: str) -> list[tuple[str, str]]:
    """The pictures of rich text: address and what they show, in words."""
    return [(each.get("src"), " ".join(each.get("alt").split())) for each in read(html).walk() if each.tag == "img"]


def undescribed(html: str) -> list[int]:
    """Lines of pictures that say neither what they show nor that they only adorn."""
    return [each.line for each in _silent(html)]


def silent_pictures(html: str) -> list[str]:
    """Addresses of the same."""
    return [each.get("src") for each in _silent(html)]


def _silent(html: str) -> list[Element]:
    pictures = (each for each in read(html).walk() if each.tag == "img")
    return [each for each in pictures if not each.get("alt").strip() and not is_decorative(each)]


def lost(html: str) -> list[tuple[str, int]]:
    """What of ``html`` no page shows: ``("<script>" or "style=", line from 0)``, each name once."""
    found: dict[str, int] = {}
    for tag, attributes, line in written(html):
        if tag not in TAGS and tag not in HEADINGS:
            found.setdefault(f"<{tag}>", line)
            continue
        known = ATTRIBUTES["*"] | ATTRIBUTES.get(tag, set())
        for name in attributes:
            if name not in known:
                found.setdefault(f"{name}=", line)
    return list(found.items())


# What readers get


class _Writer:
    """Writes the tree as the HTML that Markdown's renderer gives, for the sanitiser to look at."""

    def __init__(self) -> None:
        self.headings = Headings()
        self.notes: list[str] = []

    def write(self, node: Element | str) -> str:
        if isinstance(node, str):
            return escape(node, quote=False)
        special = _SPECIAL.get(node.tag)
        return special(self, node) if special else self.plain(node)

    def inner(self, element: Element) -> str:
        return "".join(map(self.write, element.children))

    def plain(self, element: Element, attributes: dict[str, str] | None = None) -> str:
        said = element.attributes if attributes is None else attributes
        return f"{opening(element.tag, said)}{self.inner(element)}{closing(element.tag)}"

    def heading(self, element: Element) -> str:
        words = " ".join(element.text.split())
        return self.plain(element, {**element.attributes, "id": self.headings.add(words)})

    def callout(self, element: Element) -> str:
        kind = callout_kind(element)
        if not kind:
            return self.inner(element)
        return f"{markup.callout_open(kind, element.get('data-title').strip())}{self.inner(element)}" + (
            markup.callout_close(kind).rstrip()
        )

    def span(self, element: Element) -> str:
        if not is_footnote(element):
            return self.plain(element)
        self.notes.append("")  # a note within a note comes after it
        number = len(self.notes)
        self.notes[number - 1] = self.inner(element)
        return f'<sup class="footnote-ref"><a href="#fn{number}" id="fnref{number}">[{number}]</a></sup>'

    def footnotes(self) -> str:
        if not self.notes:
            return ""
        items = "".join(
            f'<li id="fn{number}" class="footnote-item"><p>{note} '
            f'<a href="#fnref{number}" class="footnote-backref">↩︎</a></p>\n</li>\n'
            for number, note in enumerate(self.notes, start=1)
        )
        return f'<hr>\n<section class="footnotes">\n<ol class="footnotes-list">\n{items}</ol>\n</section>\n'

    def code(self, element: Element) -> str:
        return markup.code_box(block_text(element)).rstrip()

    def image(self, element: Element) -> str:
        return opening("img", {"src": element.get("src"), "alt": element.get("alt")})

    def tight(self, element: Element) -> str:
        element = Element(element.tag, dict(element.attributes), tightened(element))
        if element.tag in CELLS:
            element.attributes = {
                name: value for name, value in element.attributes.items() if name != "class" or value == "num"
            }
        return self.plain(element)

    def table(self, element: Element) -> str:
        """The first row is the head when all its cells are; else the table has none."""
        rows = [each for each in element.walk() if each.tag == "tr"]
        captions = "".join(self.write(each) for each in element.elements if each.tag == "caption")
        head = rows[:1] if rows and rows[0].elements and all(each.tag == "th" for each in rows[0].elements) else []
        names = [" ".join(cell.text.split()) for row in head for cell in row.elements]
        before = "".join(f"<thead>\n{self._row(row)}</thead>\n" for row in head)
        body = "".join(map(self._row, rows[len(head) :]))
        return f"{markup.table_open([each for each in names if each])}{captions}{before}<tbody>\n{body}</tbody>\n</table></div>"

    def _row(self, row: Element) -> str:
        return "<tr>\n" + "".join(f"{self.write(cell)}\n" for cell in row.elements) + "</tr>\n"


_SPECIAL = {
    **dict.fromkeys(("h2", "h3", "h4"), _Writer.heading),
    **dict.fromkeys(TIGHT, _Writer.tight),
    "aside": _Writer.callout,
    "span": _Writer.span,
    "pre": _Writer.code,
    "img": _Writer.image,
    "table": _Writer.table,
}


def render_segments(
    html: str, *, media: dict[str, str], names: Sequence[str]
) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """Rich text cut at its blocks, as ``markup.render_segments`` does it with Markdown."""
    writer = _Writer()
    segments: list[dict[str, Any]] = []
    run: list[str] = []
    for child in read(html).children:
        name = child.get("data-block") if isinstance(child, Element) and child.tag == "pre" else ""
        if isinstance(child, Element) and name in names:
            _flush(run, media, segments)
            segments.append({"block": name, "text": block_text(child)})
        else:
            run.append(writer.write(child))
    run.append(writer.footnotes())
    _flush(run, media, segments)
    return segments, writer.headings


def _flush(run: list[str], media: dict[str, str], segments: list[dict[str, Any]]) -> None:
    html = markup.sanitise("".join(run), media=media)
    if html.strip():
        segments.append({"html": html.lstrip("\n")})
    run.clear()
