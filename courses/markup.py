"""Markdown to sanitised HTML with tokens, and tokens to addresses and words.

Rendered HTML is kept (and shared by editions and forks) with tokens that only the reader's page can fill in:
``media:<sha256>/<name>``, ``lesson:<uid>`` and ``{{local.<key>}}``. ``resolve`` is the one function that does so.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

import nh3
from django.utils.html import escape, strip_tags
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.footnote import footnote_plugin

from courses.anchors import Headings

RENDER_VERSION = 3  # raise it when the HTML changes, then run `manage.py rerender_editions`

MEDIA_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,149}"
UID = r"[a-z0-9]+(?:-[a-z0-9]+)*"
POINTING = re.compile(r"[\[<{&]")  # without one of these Markdown has no link, no picture, and names no local word
LOCAL = re.compile(r"\{\{\s*local\.([A-Za-z0-9_]+)\s*\}\}")

# Call-outs of the design: tone and icon.
CALLOUTS = {"note": ("info", "info"), "warn": ("warn", "warn"), "try": ("ok", "hand")}
DETAILS = "details"
BRACKETS_DEEP = 10  # a linked picture in a footnote is three

TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "details", "dfn", "div", "dl", "dt",
    "em", "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol",
    "p", "pre", "q", "s", "samp", "section", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "u", "ul", "var",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"id", "lang", "dir"},
    "a": {"href", "class"},
    "abbr": {"title"},
    "details": {"class"},
    "div": {"class", "data-tone", "role", "tabindex", "aria-label"},
    "i": {"data-icon"},
    "img": {"src", "alt", "class"},
    "li": {"class"},
    "ol": {"start", "class"},
    "pre": {"tabindex"},
    "section": {"class"},
    "sup": {"class"},
    "table": {"class"},
    "td": {"colspan", "rowspan", "class"},
    "th": {"colspan", "rowspan", "scope", "class"},
}
CLASSES = {
    "callout", "details", "stack", "scroll-x", "table", "table--keep", "num", "footnotes", "footnotes-list", "footnote-item",
    "footnote-ref", "footnote-backref",
}  # fmt: skip
VALUES = {
    "data-tone": {tone for tone, _icon in CALLOUTS.values()},
    "data-icon": {icon for _tone, icon in CALLOUTS.values()} | {"chev"},
    "role": {"note", "group"},
    "tabindex": {"0"},
}
SRC = re.compile(rf"media:[0-9a-f]{{64}}/{MEDIA_NAME}\Z")
HREF = re.compile(rf"(?:https?://|mailto:|lesson:{UID}(?:#[\w-]+)?\Z|media:[0-9a-f]{{64}}/{MEDIA_NAME}\Z|#[\w:-]+\Z)")
OWN_ID = re.compile(r"(?:s-|fn)[\w:-]+\Z")
ICON = re.compile(r'<i data-icon="([a-z-]+)"></i>')


def _attribute(tag: str, name: str, value: str) -> str | None:
    """The value an attribute may keep; ``None`` drops it."""
    if name == "class":
        return " ".join(each for each in value.split() if each in CLASSES) or None
    if name in VALUES:
        return value if value in VALUES[name] else None
    rule = {"src": SRC, "href": HREF, "id": OWN_ID}.get(name)
    return value if rule is None or rule.match(value) else None


def sanitise(html: str, *, media: Mapping[str, str] | None = None) -> str:
    """``html`` with nothing in it that the allow-list does not name; icons of call-outs put in.

    Addresses ``media/<name>`` become tokens by ``media`` (name to sha256) first; those of other files are dropped.
    """

    def attribute(tag: str, name: str, value: str) -> str | None:
        if name in ("src", "href") and value.strip().startswith("media/"):
            file = value.strip().removeprefix("media/")
            value = f"media:{(media or {}).get(file, '')}/{file}"
        return _attribute(tag, name, value)

    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=attribute,
        url_schemes={"http", "https", "mailto", "media", "lesson"},
        link_rel=None,
        strip_comments=True,
    )
    return ICON.sub(_icon, clean)


def _icon(match: re.Match[str]) -> str:
    turn = " icon--turn" if match[1] == "chev" else ""
    return f'<svg class="icon{turn}" aria-hidden="true"><use href="#i-{match[1]}"></use></svg>'


def _container(name: str) -> Any:
    def render(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        token = tokens[index]
        if token.nesting != 1:
            return callout_close(name)
        return callout_open(name, token.info.strip()[len(name) :].strip())

    return render


def callout_open(name: str, title: str) -> str:
    """The beginning of a call-out, or of what is folded away (``details``), before the sanitiser puts its icon in."""
    words = escape(title)
    if name == DETAILS:
        words = words or escape(_("Go deeper"))
        return f'<details class="details"><summary><i data-icon="chev"></i>{words}</summary><div class="stack">\n'
    tone, icon = CALLOUTS[name]
    strong = f"<strong>{words}</strong>" if words else ""
    return f'<div class="callout" data-tone="{tone}" role="note"><i data-icon="{icon}"></i><div>{strong}\n'


def callout_close(name: str) -> str:
    return "</div></details>\n" if name == DETAILS else "</div></div>\n"


def _words(token: Token) -> str:
    """The words of an inline token, without what marks them."""
    return "".join(child.content for child in token.children or [] if child.type in ("text", "code_inline"))


def _table_open(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    # A table of prose stays a table on a phone and scrolls, which the keyboard must reach under a name.
    heads = tokens[index : next(at for at in range(index, len(tokens)) if tokens[at].type == "thead_close")]
    return table_open([words for token in heads if token.type == "inline" and (words := _words(token))])


def table_open(heads: Sequence[str]) -> str:
    """The beginning of a table whose columns are headed by ``heads``, within the box in which it scrolls."""
    name = escape(", ".join(heads))
    return f'<div class="scroll-x" tabindex="0" role="group" aria-label="{name}"><table class="table table--keep">\n'


def _table_close(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return "</table></div>\n"


def _code(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    # Long lines scroll within the box, which the keyboard must reach.
    return code_box(tokens[index].content)


def code_box(text: str) -> str:
    return f'<pre tabindex="0"><code>{escape(text)}</code></pre>\n'


def _no_deeper(state: StateInline, silent: bool) -> bool:
    """Brackets are looked for within brackets so deep and no deeper, or many that never close cost a hundredfold."""
    if not silent or state.level <= BRACKETS_DEEP:
        return False
    state.pos = state.posMax
    return True


def _parser(*, html: bool = False) -> MarkdownIt:
    parser = MarkdownIt("js-default", {"html": html}).use(footnote_plugin)
    parser.inline.ruler.before("text", "no_deeper", _no_deeper)
    for name in (*CALLOUTS, DETAILS):
        parser.use(container_plugin, name, render=_container(name))
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", _table_close)
    parser.add_render_rule("fence", _code)
    parser.add_render_rule("code_block", _code)
    return parser


MARKDOWN = _parser()
HTML_FINDER = _parser(html=True)


@dataclass(frozen=True)
class Fence:
    """A fenced block that a registered block renders: ``line`` counts from 0 within the body."""

    name: str
    text: str
    line: int
    nested: bool


# What word processors put where a line or a page ends becomes the end of a line; the rest of what no editor shows goes.
# A folder would not be read with it.
CONTROLS = dict.fromkeys([*range(1, 9), *range(14, 32), 127]) | {11: "\n", 12: "\n"}


def normalise(text: str) -> str:
    """Line ends as LF, no blank lines around, one line end at the end, no control characters: what is hashed and written
    to a folder."""
    body = text.replace("\r\n", "\n").replace("\r", "\n").translate(CONTROLS).strip("\n")
    return f"{body}\n" if body.strip() else ""


def fences(text: str, names: Sequence[str]) -> list[Fence]:
    """The fenced blocks of ``text`` whose info string starts with one of ``names``."""
    found = []
    for token in MARKDOWN.parse(text):
        name = fence_name(token, names)
        if name:
            line = token.map[0] if token.map else 0
            found.append(Fence(name=name, text=token.content, line=line, nested=token.level > 0))
    return found


def fence_name(token: Token, names: Sequence[str]) -> str:
    """The one of ``names`` that a fence asks for; empty for any other token."""
    name = token.info.split(maxsplit=1)[0] if token.type == "fence" and token.info.strip() else ""
    return name if name in names else ""


def _walk(tokens: Sequence[Token]) -> Iterator[tuple[Token, int]]:
    """Every token with the line it stands on (from 0); inline children carry their parent's."""
    for token in tokens:
        line = token.map[0] if token.map else 0
        yield token, line
        for child, _line in _walk(token.children or []):
            yield child, line


def references(text: str) -> list[tuple[str, str, int]]:
    """What ``text`` points at: ``(kind, target, line from 0)`` with kind ``media``, ``lesson``, ``local`` or ``other``."""
    found: list[tuple[str, str, int]] = []
    if not POINTING.search(text):  # a practice case is a thousand short texts, and hardly one of them points anywhere
        return found
    for token, line in _walk(MARKDOWN.parse(text)):
        target = str(token.attrGet({"image": "src", "link_open": "href"}.get(token.type, "")) or "")
        if target.startswith("media/"):
            found.append(("media", target.removeprefix("media/"), line))
        elif target.startswith("lesson:"):
            found.append(("lesson", target.removeprefix("lesson:").partition("#")[0], line))
        elif token.type == "image" or (target and not HREF.match(target)):
            found.append(("other", target, line))
        if token.type in ("text", "code_inline", "fence", "code_block"):
            found.extend(("local", key, line) for key in LOCAL.findall(token.content))
    return found


def used_media(*texts: str) -> list[str]:
    """Names (without ``media/``) of the files that Markdown texts show or link, sorted, each once."""
    return sorted({target for text in texts for kind, target, _line in references(text) if kind == "media"})


def images(text: str) -> list[tuple[str, str]]:
    """The pictures that Markdown shows, as ``("img", address)``."""
    return [
        ("img", str(token.attrGet("src") or ""))
        for token, _line in _walk(MARKDOWN.parse(text))
        if token.type == "image"
    ]


def pictures(text: str) -> list[tuple[str, str]]:
    """The pictures that Markdown shows: address and what they show, in words."""
    return [
        (str(token.attrGet("src") or ""), " ".join(token.content.split()))
        for token, _line in _walk(MARKDOWN.parse(text))
        if token.type == "image"
    ]


def html_links(html: str) -> list[tuple[str, str]]:
    """Where HTML points with ``src`` and ``href``: ``(tag, address)`` as the sanitiser reads it, before it judges."""
    found: list[tuple[str, str]] = []

    def note(tag: str, name: str, value: str) -> None:
        found.append((tag, value.strip()))

    schemes = {"http", "https", "data", "blob", "file", "ftp", "cid"}
    nh3.clean(
        html,
        tags={"a", "img"},
        attributes={"a": {"href"}, "img": {"src"}},
        attribute_filter=note,
        url_schemes=schemes,
        link_rel=None,
    )
    return found


def used_media_html(*texts: str) -> list[str]:
    """Names (without ``media/``) of the files that HTML texts show or link, sorted, each once."""
    links = (to for text in texts for _tag, to in html_links(text))
    return sorted({to.removeprefix("media/") for to in links if to.startswith("media/")})


def raw_html(text: str) -> list[tuple[str, int]]:
    """Raw HTML in Markdown, which lessons may not hold: ``(the tag, line from 0)`` each."""
    return [
        (token.content.strip()[:40], line)
        for token, line in _walk(HTML_FINDER.parse(text))
        if token.type in ("html_block", "html_inline")
    ]


def headings(text: str) -> list[tuple[int, int]]:
    """``(level, line from 0)`` of every heading."""
    tokens = _walk(MARKDOWN.parse(text))
    return [(int(token.tag[1:]), line) for token, line in tokens if token.type == "heading_open"]


def _prepare(tokens: Sequence[Token], media: Mapping[str, str], headings: Headings) -> None:
    """Give headings their ids and put media tokens in place of ``media/<name>``."""
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", headings.add(_words(tokens[index + 1])))
    for token, _line in _walk(tokens):
        name = {"image": "src", "link_open": "href"}.get(token.type)
        target = str(token.attrGet(name) or "") if name else ""
        if name and target.startswith("media/"):
            file = target.removeprefix("media/")
            token.attrSet(name, f"media:{media.get(file, '')}/{file}")
        if token.type in ("th_open", "td_open") and "right" in str(token.attrGet("style") or ""):
            token.attrSet("class", "num")


def render(text: str, *, media: Mapping[str, str] | None = None) -> str:
    """Markdown without blocks as sanitised HTML, tokens unresolved. ``media`` maps names to sha256."""
    env: dict[str, Any] = {}
    tokens = MARKDOWN.parse(text, env)
    _prepare(tokens, media or {}, Headings())
    return sanitise(MARKDOWN.renderer.render(tokens, MARKDOWN.options, env))


def render_segments(
    text: str, *, media: Mapping[str, str], names: Sequence[str]
) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """Markdown cut at its blocks: segments ``{"html"}`` or ``{"block", "text"}`` in order, and the headings."""
    env: dict[str, Any] = {}
    headings = Headings()
    tokens = MARKDOWN.parse(text, env)
    _prepare(tokens, media, headings)
    segments: list[dict[str, Any]] = []
    run: list[Token] = []
    for token in tokens:
        name = "" if token.level else fence_name(token, names)
        if name:
            _flush(run, env, segments)
            segments.append({"block": name, "text": token.content})
        else:
            run.append(token)
    _flush(run, env, segments)
    return segments, headings


def _flush(run: list[Token], env: dict[str, Any], segments: list[dict[str, Any]]) -> None:
    html = sanitise(MARKDOWN.renderer.render(run, MARKDOWN.options, env)) if run else ""
    if html.strip():
        segments.append({"html": html})
    run.clear()


_BETWEEN_WORDS = re.compile(
    r"<(?!/?(?:a|abbr|b|bdi|bdo|cite|code|del|dfn|em|i|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup|u|var)\b)"
)


def plain(html: str) -> str:
    """The words of rendered HTML, for search and lists. Emphasis and the like divide no words."""
    return " ".join(unescape(strip_tags(_BETWEEN_WORDS.sub(" <", html))).split())


_MEDIA_TOKEN = re.compile(rf'(^|")media:([0-9a-f]{{64}})/({MEDIA_NAME})')
_LESSON_TOKEN = re.compile(rf'(^|")lesson:({UID})(?=["#]|\Z)')


def resolve(rendered_html: str, *, course_slug: str, words: Mapping[str, str], media_root: str = "") -> str:
    """Put addresses and the reader's local words in place of the tokens; words are escaped.

    ``media_root`` is where files are, without the last slash, when it is not the course's own place. An unknown local
    word shows nothing. A whole string that is one token (the ``src`` of a video) resolves too.
    """
    root = media_root or f"/courses/{course_slug}/media"
    html = _MEDIA_TOKEN.sub(rf"\1{root}/\2/\3", rendered_html)
    html = _LESSON_TOKEN.sub(rf"\1/courses/{course_slug}/\2/", html)
    return LOCAL.sub(lambda match: escape(words.get(match[1], "")), html)
