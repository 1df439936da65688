"""A lesson's text in either of its formats, Markdown (``md``) or rich text (``html``): one door to both."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from courses import markup, markup_html
from courses.markup import Fence

FORMATS = MARKDOWN, HTML = "md", "html"


def format_of(content: Mapping[str, Any]) -> str:
    """The format of a lesson's content; Markdown goes without saying."""
    return HTML if content.get("source_format") == HTML else MARKDOWN


def fences(body: str, form: str, names: Sequence[str]) -> list[Fence]:
    return (markup_html if form == HTML else markup).fences(body, names)


def references(body: str, form: str) -> list[tuple[str, str, int]]:
    """What ``body`` points at: see ``markup.references``."""
    return (markup_html if form == HTML else markup).references(body)


def used_media(body: str, form: str) -> list[str]:
    """Names (without ``media/``) of the files that ``body`` shows or links, sorted, each once."""
    return markup.used_media_html(body) if form == HTML else markup.used_media(body)


def pictures(body: str, form: str) -> list[tuple[str, str]]:
    """The pictures among the files that ``body`` shows: name (without ``media/``) and what they show, in words."""
    shown = markup_html.pictures(body) if form == HTML else markup.pictures(body)
    return [(address.removeprefix("media/"), words) for address, words in shown if address.startswith("media/")]


def render_segments(
    body: str, form: str, *, media: Mapping[str, str], names: Sequence[str]
) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """``body`` cut at its blocks, and its headings; tokens unresolved."""
    return (markup_html if form == HTML else markup).render_segments(body, media=dict(media), names=names)


def headings(body: str, form: str) -> list[tuple[int, int]]:
    """``(level, line from 0)`` of every heading."""
    return (markup_html if form == HTML else markup).headings(body)


def faults(body: str, form: str) -> list[tuple[int, str]]:
    """What is wrong in ``body`` but for its blocks: ``(line from 0, sentence)`` each."""
    if form == HTML:
        top = [
            (line, _("h1 is the page’s own heading; start at h2")) for level, line in headings(body, form) if level < 2
        ]
        sentence = _("a picture has no alternative text; say what it shows, or mark it as decorative")
        return top + [(line, sentence) for line in markup_html.undescribed(body)]
    found = [
        (line, _("raw HTML “%(tag)s” is not allowed; write it in Markdown") % {"tag": tag})
        for tag, line in markup.raw_html(body)
    ]
    return found + [
        (line, _("“#” is the page’s own heading; start at “##”")) for level, line in headings(body, form) if level < 2
    ]


def warnings(body: str, form: str) -> list[tuple[int, str]]:
    """What an author should know of ``body``: ``(line from 0, sentence)`` each."""
    found, before = [], 1
    for level, line in headings(body, form):
        if level > before + 1:
            words = {"level": level, "before": before}
            sentence = _("a heading of level %(level)d follows one of level %(before)d; leave no level out")
            found.append((line, sentence % words))
        before = level
    if form == HTML:
        sentence = _("“%(name)s” is left out when the lesson is shown")
        found += [(line, sentence % {"name": name}) for name, line in markup_html.lost(body)]
    return sorted(found)
