"""A lesson's text from Markdown to rich text and back. Words, links, files and blocks stay; what cannot is told."""

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from django.utils.translation import gettext as _
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdownify import MarkdownConverter  # type: ignore[import-untyped]

from courses import bodies, markup, markup_html
from courses.html_tree import Element, closing, opening
from courses.markup import LOCAL, MARKDOWN, fence_name


def to_html(text: str, names: Sequence[str]) -> str:
    """Markdown as the source of a rich text: what it shows is the same. ``names`` are those of the blocks."""
    env: dict[str, Any] = {"names": names}
    tokens = MARKDOWN.parse(text, env)
    notes = _notes(tokens, env)
    env["notes"] = notes
    kept = _without_notes(tokens)
    html: str = _RENDERER.render(kept, MARKDOWN.options, env)
    return laid_out(html)


def laid_out(html: str) -> str:
    """``html`` in the vocabulary of rich text, one block of the top level a line, so that versions compare well.

    It is written as the editor in the browser writes it: opening it there and typing a word changes that word alone.
    """
    root = markup_html.read(html)
    framed(root)
    return markup.normalise("\n".join(write(child) for child in root.children))


TOP = frozenset(
    {"p", "h2", "h3", "h4", "ul", "ol", "dl", "blockquote", "table", "figure", "aside", "pre", "hr", "figcaption"}
)
HOLDERS = frozenset({"", "aside", "blockquote", "dd", *markup_html.TIGHT})
FRAMES = frozenset({"ul", "ol", "dl", "table", "thead", "tbody", "tfoot", "tr", "figure"})
WORDS = frozenset({"p", "h2", "h3", "h4", "dt", "caption", "figcaption"})


def framed(element: Element) -> None:
    """Put loose words below ``element`` into paragraphs, and take out white space that means nothing."""
    if element.tag in HOLDERS:
        element.children = list(_in_paragraphs(element.children))
    elif element.tag in FRAMES:
        element.children = list(element.elements)
    elif element.tag in WORDS:
        element.children = _in_one_line(element.children)
    if element.tag == "table":
        rows: list[Element | str] = [each for each in element.walk() if each.tag == "tr"]
        captions: list[Element | str] = [each for each in element.elements if each.tag == "caption"]
        element.children = [*captions, Element("tbody", {}, rows)]
    for child in element.elements:
        framed(child)


def _in_paragraphs(nodes: Sequence[Element | str]) -> Iterator[Element]:
    run: list[Element | str] = []
    for node in nodes:
        if isinstance(node, Element) and node.tag in TOP:
            yield from _paragraph(run)
            yield node
        else:
            run.append(node)
    yield from _paragraph(run)


def _paragraph(run: list[Element | str]) -> Iterator[Element]:
    if any(not isinstance(each, str) or each.strip() for each in run):
        yield Element("p", {}, list(run))
    run.clear()


def _in_one_line(nodes: Sequence[Element | str]) -> list[Element | str]:
    """Words without line ends, which mean no more than a space, and without a space at either end."""
    spaced = [re.sub(r"[ \t\n]+", " ", each) if isinstance(each, str) else each for each in nodes]
    if spaced and isinstance(spaced[0], str):
        spaced[0] = spaced[0].lstrip(" ")
    if spaced and isinstance(spaced[-1], str):
        spaced[-1] = spaced[-1].rstrip(" ")
    for each in spaced:
        if isinstance(each, Element) and each.tag not in ("code", "br", "img"):
            each.children = [
                re.sub(r"[ \t\n]+", " ", child) if isinstance(child, str) else child for child in each.children
            ]
    return spaced


def write(node: Element | str) -> str:
    """A piece of the tree as its own source."""
    if isinstance(node, str):
        return escape(node, quote=False)
    if node.tag == "pre":
        start = "\n" if node.get("data-block") or node.text.startswith("\n") else ""
        return f"{opening('pre', node.attributes)}{start}{escape(node.text, quote=False)}</pre>"
    return f"{opening(node.tag, node.attributes)}{''.join(map(write, node.children))}{closing(node.tag)}"


# Markdown to rich text


def _notes(tokens: Sequence[Token], env: dict[str, Any]) -> dict[int, str]:
    """The footnotes by number, as HTML without paragraphs."""
    notes: dict[int, str] = {}
    number = None
    for token in tokens:
        if token.type == "footnote_open":
            number = int(token.meta["id"])
        elif token.type == "footnote_close":
            number = None
        elif token.type == "inline" and number is not None:
            said = MARKDOWN.renderer.renderInline(token.children or [], MARKDOWN.options, env)
            notes[number] = f"{notes[number]} {said}" if number in notes else said
    return notes


def _without_notes(tokens: Sequence[Token]) -> list[Token]:
    kept, inside = [], False
    for token in tokens:
        inside = inside or token.type == "footnote_block_open"
        if not inside:
            kept.append(token)
        inside = inside and token.type != "footnote_block_close"
    return kept


class _Renderer(RendererHTML):
    """Writes the vocabulary of ``markup_html`` where Markdown's own renderer writes a page."""

    def footnote_ref(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return f'<span class="footnote">{env["notes"].get(int(tokens[index].meta["id"]), "")}</span>'

    def fence(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        name = fence_name(tokens[index], env["names"])
        attributes = {"data-block": name} if name else {}
        return f"{opening('pre', attributes)}\n{escape(tokens[index].content, quote=False)}</pre>\n"

    def code_block(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return f"<pre>\n{escape(tokens[index].content, quote=False)}</pre>\n"

    def image(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        token = tokens[index]
        alt = self.renderInlineAsText(token.children or [], options, env)
        attributes = {"src": token.attrGet("src"), "alt": alt, "data-decorative": None if alt.strip() else ""}
        return opening("img", attributes)

    def cell(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        right = "right" in str(tokens[index].attrGet("style") or "")
        return opening(tokens[index].tag, {"class": "num" if right else None})


def _container(name: str) -> Any:
    def render(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        if tokens[index].nesting != 1:
            return "</aside>\n"
        title = tokens[index].info.strip()[len(name) :].strip()
        return opening("aside", {"class": f"callout {name}", "data-title": title or None})

    return render


_RENDERER = _Renderer()
_RENDERER.rules |= {f"container_{name}_open": _container(name).__get__(_RENDERER) for name in markup_html.KINDS}
_RENDERER.rules |= {f"container_{name}_close": _container(name).__get__(_RENDERER) for name in markup_html.KINDS}
_RENDERER.rules |= {"th_open": _RENDERER.cell, "td_open": _RENDERER.cell}


# Rich text to Markdown


def to_markdown(html: str, names: Sequence[str]) -> str:
    """A rich text as Markdown that shows the same, but for what ``losses`` tells."""
    writer = _Markdown(names)
    root = markup_html.read(html)
    framed(root)
    for element in root.walk():
        if element.tag in markup_html.TIGHT:
            element.children = markup_html.tightened(element)
    body = writer.convert("".join(map(write, root.children)))
    notes = "".join(f"\n[^{number}]: {note}\n" for number, note in enumerate(writer.notes, start=1))
    return markup.normalise(re.sub(r"\n{3,}", "\n\n", f"{body.strip()}\n{notes}"))


def losses(html: str) -> list[str]:
    """What Markdown cannot say of ``html``, as sentences; the words themselves stay."""
    found = list(markup_html.read(html).walk())
    tags = {each.tag for each in found}
    spans = any({each.get("colspan"), each.get("rowspan")} - {"", "1"} for each in found)
    known = [
        ({"u", "ins"}, _("Underlined words are no longer underlined.")),
        ({"sub", "sup"}, _("Raised and lowered signs stand on the line.")),
        ({"mark", "small", "kbd", "samp", "var", "dfn", "abbr", "cite", "q"}, _("Marked words lose their mark.")),
        ({"figcaption"}, _("Captions of pictures become paragraphs below them.")),
        ({"caption"}, _("Captions of tables become paragraphs above them.")),
        ({"dl"}, _("Lists of terms become paragraphs.")),
    ]
    said = [sentence for lost, sentence in known if lost & tags]
    return said + ([_("Cells that span others are written once.")] if spans else [])


_CLOSING = re.compile(r"(^|\s)(#+\s*)\Z")
_INLINE = re.compile(r"[\\`*_\[\]<]|&(?=#|[a-zA-Z])|~(?=~)|(?<=~)~|!(?=\[)|\||(?<=\w)\^|\^(?=\[)")
_START = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|>|[-+](?=\s|$)|=+\s*$|-{2,}\s*$|:{3,}|~{3,})", re.MULTILINE)
_NUMBERED = re.compile(r"^(\s*\d{1,9})([.)])(?=\s|$)", re.MULTILINE)


def escaped(text: str) -> str:
    """Plain words as Markdown that reads the same; local words stay as they are written."""
    pieces = re.split(r"(\{\{\s*local\.[A-Za-z0-9_]+\s*\}\})", text)
    return "".join(piece if LOCAL.fullmatch(piece) else _INLINE.sub(r"\\\g<0>", piece) for piece in pieces)


def _safe_lines(text: str) -> str:
    """A paragraph none of whose lines begins a block."""
    return _NUMBERED.sub(r"\1\\\2", _START.sub(r"\1\\\2", text))


class _Markdown(MarkdownConverter):  # type: ignore[misc]
    """What ``markdownify`` does, with the words of this site: call-outs, footnotes, blocks, local words."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(heading_style="atx", bullets="-", newline_style="backslash")
        self.names = names
        self.notes: list[str] = []

    def escape(self, text: str, parent_tags: set[str]) -> str:
        return escaped(text)

    def convert_p(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return super().convert_p(el, _safe_lines(text.strip()), parent_tags)  # type: ignore[no-any-return]

    def convert_li(self, el: Any, text: str, parent_tags: set[str]) -> str:
        first = next((each for each in el.children if str(each).strip()), None)
        if getattr(first, "name", None) in TOP:
            return super().convert_li(el, text, parent_tags)  # type: ignore[no-any-return]
        line, end, rest = text.strip().partition("\n")
        return super().convert_li(el, f"{_safe_lines(line)}{end}{rest}", parent_tags)  # type: ignore[no-any-return]

    def convert_hN(self, n: int, el: Any, text: str, parent_tags: set[str]) -> str:  # noqa: N802  (the package's name)
        # A number sign at the end would only close the heading.
        text = _CLOSING.sub(r"\1\\\2", text.strip())
        return super().convert_hN(n, el, text, parent_tags)  # type: ignore[no-any-return]

    def convert_aside(self, el: Any, text: str, parent_tags: set[str]) -> str:
        classes = el.get("class") or []
        kind = next((each for each in markup_html.KINDS if each in classes), "note")
        title = " ".join(str(el.get("data-title") or "").split())
        colons = ":" * (3 + sum(1 for each in el.find_all("aside")))
        return f"\n\n{colons}{kind}{f' {title}' if title else ''}\n{text.strip()}\n{colons}\n\n"

    def convert_span(self, el: Any, text: str, parent_tags: set[str]) -> str:
        if "footnote" not in (el.get("class") or []):
            return text
        self.notes.append(_safe_lines(" ".join(text.split())))
        return f"[^{len(self.notes)}]"

    def convert_pre(self, el: Any, text: str, parent_tags: set[str]) -> str:
        name = str(el.get("data-block") or "")
        content = el.get_text().strip("\n")
        fence = "`" * max(3, 1 + max((len(each) for each in re.findall(r"`+", content)), default=0))
        return f"\n\n{fence}{name if name in self.names else ''}\n{content}\n{fence}\n\n"

    def convert_img(self, el: Any, text: str, parent_tags: set[str]) -> str:
        alt = "" if el.has_attr("data-decorative") else escaped(" ".join(str(el.get("alt") or "").split()))
        return f"![{alt}]({el.get('src') or ''})"

    def convert_figure(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{text.strip()}\n\n"

    def convert_figcaption(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{_safe_lines(text.strip())}\n\n"

    def convert_a(self, el: Any, text: str, parent_tags: set[str]) -> str:
        to = str(el.get("href") or "")
        return f"[{text}]({to})" if to and text.strip() else text

    def convert_td(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f" {' '.join(text.split())} |"

    convert_th = convert_td

    def convert_tr(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """The first row is the head, blank when the table has none: Markdown knows no table without."""
        line = f"|{text}\n"
        table = el.find_parent("table")
        if table is None or table.find("tr") is not el:
            return line
        cells = el.find_all(["td", "th"])
        rows = table.find_all("tr")
        below = rows[1].find_all(["td", "th"]) if len(rows) > 1 else cells
        rule = "".join(" ---: |" if "num" in (each.get("class") or []) else " --- |" for each in (below or cells))
        if all(cell.name == "th" for cell in cells):
            return f"{line}|{rule}\n"
        return f"|{'  |' * len(cells)}\n|{rule}\n{line}"

    def convert_table(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{text.strip()}\n\n"

    def convert_u(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return text


def converted(body: str, form: str, to: str, names: Sequence[str]) -> str:
    """``body`` of format ``form`` in the format ``to``."""
    if form == to:
        return body
    return to_html(body, names) if to == bodies.HTML else to_markdown(body, names)
