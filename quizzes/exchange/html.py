"""Texts of other systems as texts of ours.

A question here is Markdown (``format: "md"``) or HTML (``format: "html"``), all its texts alike. Plain text becomes
Markdown that reads the same; Markdown stays; HTML anywhere in a question makes all of it HTML. HTML is kept as it was
given and sanitised whenever it is shown (``quizzes.rendering``).
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Literal
from urllib.parse import unquote

from django.utils.translation import gettext as _

from courses import markup
from quizzes.registry import types

TextFormat = Literal["plain", "moodle", "markdown", "html"]

# Moodle's auto-format is plain text whose tags are live: these say that there are some.
_LIVE = sorted(
    {*markup.TAGS, "center", "font", "h1", "iframe", "video", "audio", "script", "svg", "object", "strike", "big"}
)
_TAG = re.compile(rf"</?(?:{'|'.join(_LIVE)})(?:\s{{0,20}}/?>|\s[^<>]{{0,2000}}=[^<>]{{0,2000}}>)|<!--", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_INLINE = re.compile(r"[\\`*_\[\]<]|&(?=#|[a-zA-Z])|~(?=~)|(?<=~)~")
# What makes a block when it stands first in a line: headings, quotes, lists, rules, tables, containers, fences.
_BLOCK = re.compile(r"#{1,6}(?=\s|\Z)|>|[-+](?=\s|\Z)|=+\Z|[-:|][-:|\s]*\Z|:{3,}|~{3,}")
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|\Z)")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
_PLUGIN_FILE = re.compile(r"@@PLUGINFILE@@/([^\s\"'<>()?#]{1,500})(?:\?[^\s\"'<>()]{0,500})?")
# What a sanitised page cannot show; its loss is told.
_LOST = re.compile(
    r"<(script|iframe|object|embed|video|audio|svg|math|form|input|canvas|applet|meta|link)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Text:
    """A text as a file gave it: readers put it wherever the content of a question has a text."""

    text: str
    format: TextFormat = "plain"

    @property
    def is_html(self) -> bool:
        if self.format == "moodle":
            return bool(_TAG.search(self.text) or _ENTITY.search(self.text))
        return self.format == "html" and bool(self.text.strip())


def settle(content: Mapping[str, Any]) -> dict[str, Any]:
    """``content`` with strings in place of every ``Text``, and the ``format`` that holds for all of them."""
    as_html = content.get("format") == "html" or any(each.is_html for each in _texts(content))
    settled: dict[str, Any] = _settled(content, as_html)
    return settled | ({"format": "html"} if as_html else {})


def _texts(value: Any) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def _settled(value: Any, as_html: bool) -> Any:
    if isinstance(value, Text):
        return to_html(value) if as_html else to_markdown(value)
    if isinstance(value, Mapping):
        return {key: _settled(each, as_html) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_settled(each, as_html) for each in value]
    return value


def to_markdown(text: Text) -> str:
    """A text that is not HTML as Markdown which reads the same."""
    return text.text if text.format == "markdown" else escaped(text.text)


def to_html(text: Text) -> str:
    """A text of any format as HTML, not sanitised."""
    if text.format == "html":
        return text.text
    if text.format == "markdown":
        rendered: str = markup.MARKDOWN.render(text.text)
        return rendered.strip()
    if text.is_html:
        return _broken(text.text)
    return _broken(escape(text.text, quote=False))


def _broken(html: str) -> str:
    return html.strip().replace("\n", "<br>\n")


def escaped(plain: str) -> str:
    """Plain text as Markdown that reads the same: signs escaped, line ends kept."""
    paragraphs = _PARAGRAPHS.split(plain.replace("\r\n", "\n").replace("\r", "\n").strip())
    lines = ([_line(each.strip(" \t")) for each in paragraph.split("\n")] for paragraph in paragraphs)
    return "\n\n".join("\\\n".join(each) for each in lines)


def _line(text: str) -> str:
    safe = _INLINE.sub(r"\\\g<0>", text)
    if _BLOCK.match(text) and not safe.startswith("\\"):
        return f"\\{safe}"
    return _NUMBERED.sub(r"\1\\\2", safe, count=1) if _NUMBERED.match(text) else safe


def losses(content: Mapping[str, Any]) -> list[str]:
    """What a page will not show of a canonical question: scripts, players, pictures from elsewhere. As sentences."""
    texts = [each for each in types[content["type"]].texts(content).values() if each]
    as_html = content.get("format") == "html"
    found = sorted({match.lower() for text in texts for match in _LOST.findall(text)}) if as_html else []
    said = [_("“<%(tag)s>” is not shown here.") % {"tag": tag} for tag in found]
    return said + [
        _("The picture “%(address)s” lies elsewhere and is not shown; put the file itself in.") % {"address": each[:80]}
        for each in _elsewhere(texts, as_html)
    ]


def _elsewhere(texts: list[str], as_html: bool) -> list[str]:
    if as_html:
        links = [link for text in texts for link in markup.html_links(text)]
        return sorted({to for tag, to in links if tag == "img" and not to.startswith("media/")})
    return sorted({to for text in texts for tag, to in markup.images(text) if not to.startswith("media/")})


def own_files(text: str) -> str:
    """``text`` with Moodle's addresses of its own files as ours: ``media/<name>``."""
    return _PLUGIN_FILE.sub(lambda found: f"media/{media_name(unquote(found[1]))}", text)


def media_name(name: str) -> str:
    """A name under which a file may lie in ``media/``: letters of ASCII, digits, ``.``, ``_`` and ``-``."""
    plain = unicodedata.normalize("NFKD", name.replace("\\", "/").rpartition("/")[2])
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", plain.encode("ascii", "ignore").decode()).lstrip("._-")
    stem, dot, suffix = safe.rpartition(".")
    return f"{stem[: 149 - len(suffix)]}.{suffix}" if dot and stem and len(suffix) < 12 else safe[:150] or "file"
