"""What a lesson's text says to somebody who is not in its course: sanitised as everywhere, with nothing that leads there."""

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Any

from django.utils.translation import gettext as _

from courses import bodies
from courses.registry import TellingBlock, Told, blocks
from courses.yaml_lines import load_yaml

PICTURE = re.compile(r'<img((?:\s+[\w-]+="[^"]*")*)\s*/?>')
WORDS = re.compile(r'\balt="([^"]*)"')
INNER_LINK = re.compile(r'<a href="lesson:[^"]*">')


def pieces_of(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The body of ``content`` in order: ``html`` of its text, or what a block says (``told``).

    Pictures are named by what they show, since their files are those of another course; links between its lessons and
    to its files are only words.
    """
    segments, _headings = bodies.render_segments(
        str(content.get("body", "")), bodies.format_of(content), media={}, names=list(blocks)
    )
    return [_block(each) if "block" in each else {"html": _outside(each["html"])} for each in segments]


def _block(segment: Mapping[str, Any]) -> dict[str, Any]:
    block, document = blocks[segment["block"]], load_yaml(segment["text"])
    if document.faults or not isinstance(block, TellingBlock):
        return {"told": Told("", segment["text"].strip(), {})}
    return {"told": block.tell(block.snapshot(document.value))}


def _outside(html: str) -> str:
    return PICTURE.sub(_picture, INNER_LINK.sub("<a>", html))


def _picture(found: re.Match[str]) -> str:
    """An attribute may hold what text must not: it is escaped anew."""
    said = WORDS.search(found[1])
    words = unescape(said[1]).strip() if said else ""
    return f'<span class="muted">[{escape(_("Picture: %(words)s") % {"words": words})}]</span>' if words else ""
