"""What people paste: from a word processor, a shared document, a web page, or as Markdown.

Kept are words, headings, lists, tables, links, bold and italic, and notes at the foot. Fonts, colours, comments and
tracked changes go. Pictures cannot come along: a sentence stands where each was, and the author is told their number.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext as _

from courses import bodies, converting, markup_html
from courses.html_tree import Element, tree

LONGEST = 1_000_000
OLD_TAGS = {"center", "font", "strike", "tt"}
PAGE_TAGS = {"address", "article", "div", "footer", "header", "main", "nav", "section"}
TAGS = (markup_html.TAGS - {"aside"}) | OLD_TAGS | PAGE_TAGS | {"h1", "h5", "h6"}
ATTRIBUTES = {
    "*": {"style", "class", "id"},
    "a": {"href"},
    "img": {"alt"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
SCHEMES = {"http", "https", "mailto", "file", "lesson"}
DROPPED = {"script", "style", "title", "noscript", "template", "iframe", "object", "svg", "math", "textarea", "select"}
BOXES = frozenset({"center", *PAGE_TAGS})
BLOCKS = frozenset({*markup_html.HEADINGS, "p", "ul", "ol", "dl", "table", "blockquote", "pre", "figure", "hr"})
SAME = ("strong", "em", "code", "sub", "sup", "br")
INLINE = {**{each: each for each in SAME}, "b": "strong", "i": "em", "tt": "code"}
LEVEL = re.compile(r"mso-list:\s*\w+\s+level(\d)")
NUMBER = re.compile(r"\(?(?:\d+|[a-zA-Z]|[ivxIVX]+)[.)]")
BOLD = re.compile(r"font-weight:\s*(?:bold|[6-9]00)")
NOT_BOLD = re.compile(r"font-weight:\s*(?:normal|[1-5]00)")
ITALIC = re.compile(r"font-style:\s*italic")
COMMENT = re.compile(r"mso-element:\s*comment|mso-comment")
NOTE = re.compile(r"#_(?:ftn|edn)(\d+)\Z")
MARKS = re.compile(
    r"^#{1,6} \S|^:::\w|^```|^\|?\s*:?-{3,}:?\s*\||^(?:[-*+] |\d+\. )\S.*\n(?:[-*+] |\d+\. )\S|"
    r"\*\*[^*\n]+\*\*|\[[^\[\]\n]+\]\([^)\s]+\)|^> \S",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Pasted:
    """What goes into the lesson, in its format; ``pictures`` could not come along."""

    text: str
    pictures: int = 0


def is_markdown(text: str) -> bool:
    """Does plain text look as if somebody had written Markdown?"""
    return bool(MARKS.search(text[:LONGEST]))


def pasted(*, html: str, text: str, to: str, names: Sequence[str]) -> Pasted:
    """What was on the clipboard as text of format ``to``. ``names`` are those of the blocks."""
    if not html.strip():
        words = text[:LONGEST].replace("\r\n", "\n")
        rich = converting.to_html(words, names) if is_markdown(words) else _paragraphs(words)
        return Pasted(words if to == bodies.MARKDOWN else rich)
    cleaner = _Cleaner()
    rich = converting.laid_out("".join(map(converting.write, cleaner.clean(html[:LONGEST]))))
    return Pasted(converting.converted(rich, bodies.HTML, to, names), cleaner.pictures)


def _paragraphs(text: str) -> str:
    pieces = [each.strip() for each in re.split(r"\n\s*\n", text) if each.strip()]
    lines = (Element("p", {}, _broken(piece)) for piece in pieces)
    return converting.laid_out("".join(map(converting.write, lines)))


def _broken(piece: str) -> list[Element | str]:
    found: list[Element | str] = []
    for line in piece.split("\n"):
        found += [Element("br"), line] if found else [line]
    return found


@dataclass
class _Item:
    """A paragraph that a word processor shows as an entry of a list."""

    level: int
    ordered: bool
    children: list[Element | str]


@dataclass
class _Cleaner:
    pictures: int = 0
    shift: int = 0
    notes: dict[str, list[Element | str]] = field(default_factory=dict)

    def clean(self, html: str) -> list[Element]:
        """The blocks of ``html`` in the vocabulary of rich text."""
        root = tree(html, tags=set(TAGS), attributes=ATTRIBUTES, schemes=SCHEMES, dropped=DROPPED)
        self.shift = 1 if any(each.tag == "h1" or "MsoTitle" in each.classes() for each in root.walk()) else 0
        self._take_notes(root)
        return list(self._blocks(root.children))

    def _take_notes(self, root: Element) -> None:
        """Notes at the foot are taken from there; they go where they are named."""
        for element in (root, *root.walk()):
            for child in element.elements:
                name = re.fullmatch(r"(?:ftn|edn)(\d+)", child.get("id"))
                if name:
                    words = [part for part in child.walk() if part.tag == "p"] or [child]
                    inline = [piece for part in words for piece in self._inline(part.children)]
                    self.notes[name[1]] = [each for each in inline if not self._is_number(each)]
                    element.children.remove(child)

    @staticmethod
    def _is_number(node: Element | str) -> bool:
        return bool(re.fullmatch(r"\s*\[?\d+\]?\s*", node if isinstance(node, str) else node.text))

    # Blocks

    def _blocks(self, nodes: Sequence[Element | str]) -> Iterator[Element]:
        run: list[Element | str] = []
        items: list[_Item] = []
        for node in nodes:
            if not isinstance(node, Element) or not self._is_block(node):
                run.append(node)
                continue
            if not items or any(not isinstance(each, str) or each.strip() for each in run):
                yield from self._ended(items, run)
            item = self._item(node) if node.tag == "p" else None
            if item:
                items.append(item)
            else:
                yield from self._ended(items, run)
                yield from self._block(node)
        yield from self._ended(items, run)

    def _ended(self, items: list[_Item], run: list[Element | str]) -> Iterator[Element]:
        """What was gathered, a list or loose words, is whole."""
        yield from _lists(items)
        yield from self._paragraph("p", run)
        items.clear()
        run.clear()

    def _is_block(self, node: Element) -> bool:
        inner = node.tag in BOXES or (
            node.tag in ("b", "strong", "font", "span") and any(each.tag in BLOCKS for each in node.walk())
        )
        return inner or node.tag in BLOCKS

    def _block(self, node: Element) -> Iterator[Element]:
        if _is_comment(node):
            return
        if node.tag in ("ul", "ol"):
            yield from self._list(node)
        elif node.tag == "table":
            yield from self._table(node)
        elif node.tag == "blockquote":
            yield Element("blockquote", {}, list(self._blocks(node.children)))
        elif node.tag == "pre":
            yield Element("pre", {}, [node.text])
        elif node.tag == "hr":
            yield Element("hr")
        elif node.tag in ("figure", "dl"):
            yield from self._blocks(
                [
                    Element("div", {}, list(each.children)) if each.tag in ("dt", "dd", "figcaption") else each
                    for each in node.elements
                ]
            )
        elif node.tag in markup_html.HEADINGS or "MsoTitle" in node.classes():
            level = markup_html.HEADINGS.get(node.tag, 1) + self.shift
            yield from self._paragraph(f"h{min(4, max(2, level))}", [_plain_weight(node)])
        elif node.tag == "p":
            yield from self._paragraph("p", node.children)
        else:
            yield from self._blocks(node.children)

    def _paragraph(self, tag: str, nodes: Sequence[Element | str]) -> Iterator[Element]:
        children = _trimmed(list(self._inline(nodes)))
        if children:
            yield Element(tag, {}, children)

    def _item(self, node: Element) -> _Item | None:
        level = LEVEL.search(node.get("style"))
        if not level:
            return None
        marks = [each for each in node.walk() if "mso-list:Ignore" in each.get("style").replace(" ", "")]
        marker = marks[0].text.strip() if marks else ""
        for each in (node, *node.walk()):
            each.children = [child for child in each.children if not any(child is mark for mark in marks)]
        return _Item(int(level[1]), bool(NUMBER.match(marker)), _trimmed(list(self._inline(node.children))))

    def _list(self, node: Element) -> Iterator[Element]:
        entries: list[Element] = []
        for child in node.elements:
            if child.tag in ("ul", "ol") and entries:
                entries[-1].children += list(self._list(child))
            elif child.tag in ("ul", "ol"):
                entries += [each for inner in self._list(child) for each in inner.elements]
            else:
                blocks: list[Element | str] = list(self._blocks(child.children))
                if blocks:
                    entries.append(Element("li", {}, blocks))
        if entries:
            start = node.get("start")
            yield Element(node.tag, {"start": start} if start.isdecimal() and start != "1" else {}, list(entries))

    def _table(self, node: Element) -> Iterator[Element]:
        rows = [each for each in node.walk() if each.tag == "tr"]
        made = []
        for number, row in enumerate(rows):
            cells = [each for each in row.elements if each.tag in ("td", "th")]
            head = number == 0 and all(each.tag == "th" or _is_bold(each) for each in cells)
            made.append(Element("tr", {}, [self._cell(each, head) for each in cells]))
        made = [each for each in made if each.children]
        if len(made) == 1 and len(made[0].children) == 1:  # a frame around something
            yield from made[0].elements[0].elements
        elif made:
            yield Element("table", {}, [Element("tbody", {}, list(made))])

    def _cell(self, node: Element, head: bool) -> Element:
        spans = {name: node.get(name) for name in ("colspan", "rowspan") if node.get(name) not in ("", "1")}
        inner = [_plain_weight(node)] if head else node.children
        blocks: list[Element | str] = list(self._blocks(inner))
        return Element("th" if head or node.tag == "th" else "td", spans, blocks or [Element("p")])

    # Words

    def _inline(self, nodes: Sequence[Element | str]) -> Iterator[Element | str]:
        for node in nodes:
            if isinstance(node, str):
                yield re.sub(r"[\s\xa0]+", " ", node)
            elif not _is_comment(node):
                yield from self._mark(node)

    def _mark(self, node: Element) -> Iterator[Element | str]:
        if node.tag == "img":
            self.pictures += 1
            alt = " ".join(node.get("alt").split())
            words = _("[Picture: %(alt)s]") % {"alt": alt[:200]} if alt else _("[Picture]")
            yield Element("em", {}, [words])
            return
        note = NOTE.search(node.get("href"))
        if note and note[1] in self.notes:
            yield Element("span", {"class": "footnote"}, _trimmed(self.notes[note[1]]))
            return
        inner = list(self._inline(node.children))
        style = node.get("style")
        tag = INLINE.get(node.tag, "")
        if tag == "strong" and NOT_BOLD.search(style):
            tag = ""
        wanted = [tag] if tag else []
        wanted += ["strong"] if BOLD.search(style) and tag != "strong" else []
        wanted += ["em"] if ITALIC.search(style) and tag != "em" else []
        address = _address(node.get("href")) if node.tag == "a" else ""
        if tag == "br":
            yield Element("br")
        elif not any(not isinstance(each, str) or each.strip() for each in inner):
            yield from inner
        else:
            for each in wanted:
                inner = [Element(each, {}, inner)]
            yield from [Element("a", {"href": address}, inner)] if address else inner


def _is_comment(node: Element) -> bool:
    """A remark of a reviewer, or words that a tracked change took out."""
    classes = " ".join(node.classes())
    return bool(COMMENT.search(node.get("style")) or "MsoComment" in classes or node.tag == "del")


def _is_bold(cell: Element) -> bool:
    """All words of the cell stand in bold type."""
    words = cell.text.strip()
    bold = "".join(each.text for each in cell.walk() if each.tag in ("b", "strong") or BOLD.search(each.get("style")))
    return bool(words) and "".join(words.split()) in "".join(bold.split())


def _plain_weight(node: Element) -> Element:
    """The words of a heading, which is bold by itself."""
    strip = ("b", "strong")
    children = [_plain_weight(each) if isinstance(each, Element) else each for each in node.children]
    keep = {name: value for name, value in node.attributes.items() if name != "style"}
    return Element(
        "span" if node.tag in (*strip, *markup_html.HEADINGS, "td", "th") else node.tag, keep, list(children)
    )


def _address(href: str) -> str:
    """Where a link goes; empty for places within the document that was copied, and for files of that computer."""
    parts = urlsplit(href.strip()) if href.strip().startswith(("http://", "https://")) else None
    if parts and parts.hostname in ("www.google.com", "google.com") and parts.path == "/url":
        return (parse_qs(parts.query).get("q") or [""])[0]
    return href.strip() if href.strip().startswith(("http://", "https://", "mailto:", "lesson:")) else ""


def _trimmed(nodes: list[Element | str]) -> list[Element | str]:
    """``nodes`` without white space and line breaks around them; empty when there are no words."""

    def blank(node: Element | str) -> bool:
        return not node.strip() if isinstance(node, str) else node.tag == "br"

    start, end = 0, len(nodes)
    while start < end and blank(nodes[start]):
        start += 1
    while end > start and blank(nodes[end - 1]):
        end -= 1
    kept = nodes[start:end]
    if kept and isinstance(kept[0], str):
        kept[0] = kept[0].lstrip()
    if kept and isinstance(kept[-1], str):
        kept[-1] = kept[-1].rstrip()
    return kept if any(isinstance(each, Element) or each.strip() for each in kept) else []


def _lists(items: Sequence[_Item]) -> Iterator[Element]:
    """Lists in each other, made of paragraphs that only look like entries."""
    roots: list[Element] = []
    open_lists: list[tuple[int, Element]] = []
    for item in items:
        while open_lists and open_lists[-1][0] > item.level:
            open_lists.pop()
        tag = "ol" if item.ordered else "ul"
        if open_lists and open_lists[-1][0] == item.level and open_lists[-1][1].tag != tag:
            open_lists.pop()
        if not open_lists or open_lists[-1][0] < item.level:
            made = Element(tag)
            holder = open_lists[-1][1].elements[-1] if open_lists else None
            (holder.children if holder else roots).append(made)  # type: ignore[attr-defined]
            open_lists.append((item.level, made))
        entry = Element("li", {}, [Element("p", {}, item.children)])
        open_lists[-1][1].children.append(entry)
    yield from roots
