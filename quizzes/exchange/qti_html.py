"""HTML as XML and back, in one spelling: what QTI holds is XHTML."""

import io
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

import nh3

from courses import markup
from quizzes.exchange.html import Text, settle
from quizzes.exchange.writing import plain_of
from quizzes.exchange.xml import EMPTY, element, inner_html, text, tree

# A rubric only goes out when it is the usual one, whose words are plain.
# Where each type has texts besides those of all questions: names of keys, or of lists with keys.
ALL = ("stem", "general_feedback", "other_feedback", "notes")
LISTS: Mapping[str, tuple[str, ...]] = {
    "options": ("text", "feedback"),
    "pairs": ("left", "right", "feedback"),
    "extras": ("text",),
    "items": ("text", "feedback"),
    "groups": ("text",),
    "answers": ("feedback",),
    "gaps": ("feedback",),
    "areas": ("feedback",),
}
ATTRIBUTES = {**markup.ATTRIBUTES, "img": {"src", "alt", "class", "width", "height"}}
SCHEMES = {"http", "https", "mailto"}


class _Xml(HTMLParser):
    """Writes balanced HTML as XML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        whole = element(tag, **{f"{name}_": value for name, value in said.items()})
        self.parts.append(whole if tag in EMPTY else f"{whole[:-2]}>")

    def handle_endtag(self, tag: str) -> None:
        if tag not in EMPTY:
            self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.parts.append(text(data))


def xhtml(html: str) -> str:
    """``html`` as XML, with what a page here would show and no more."""
    clean = nh3.clean(html, tags=markup.TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)
    writer = _Xml()
    writer.feed(clean)
    writer.close()
    return "".join(writer.parts)


def one_spelling(html: str) -> str:
    """``html`` as it comes back from a file."""
    whole = f"<div>{xhtml(html)}</div>".encode()
    return inner_html(tree(io.BytesIO(whole), root={"div"})).strip()


def as_html(content: Mapping[str, Any]) -> dict[str, Any]:
    """A question with all its texts as HTML in one spelling: it reads the same."""
    form = "html" if content.get("format") == "html" else "markdown"
    marked = _marked(content, form)
    if "areas" in marked:
        # The words of an area are a label, which is plain.
        marked["areas"] = [{**each, "text": _label(each["text"], form)} for each in marked["areas"]]
    said = settle({**marked, "format": "html"})
    return _spelled(said)


def _label(words: str, form: str) -> Text:
    return Text(plain_of(words, "html" if form == "html" else "md"))


def _marked(content: Mapping[str, Any], form: Any) -> dict[str, Any]:
    return _each(content, lambda words: Text(words, form))


def _spelled(content: Mapping[str, Any]) -> dict[str, Any]:
    return _each(content, one_spelling)


def _each(content: Mapping[str, Any], change: Any, keys: tuple[str, ...] = ALL) -> dict[str, Any]:
    """``content`` with every text of ``keys``, of hints and of its lists changed."""
    said = dict(content)
    for key, value in content.items():
        if key in keys and isinstance(value, str):
            said[key] = change(value)
        elif key == "hints":
            said[key] = [change(each) for each in value]
        elif key in LISTS and isinstance(value, list):
            said[key] = [_each(row, change, LISTS[key]) for row in value]
    return said
