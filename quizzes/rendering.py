"""Questions as sanitised HTML, tokens unresolved (D2)."""

import re
from collections.abc import Mapping
from typing import Any

from courses import markup
from quizzes.registry import types

FIRST_PARAGRAPH = re.compile(r"<p>(.*?)</p>\s*(.*)\Z", re.DOTALL)


def question_html(question: Mapping[str, Any], media: Mapping[str, str]) -> dict[str, str]:
    """The HTML of each text of ``question`` by key. A single paragraph loses its frame, so it fits a label or heading;
    ``stem`` is the first paragraph, ``stem_more`` what follows."""
    html = {key: _unframed(text, media) for key, text in types[question["type"]].texts(question).items() if text}
    html["stem"], html["stem_more"] = _split(markup.render(question["stem"], media=media))
    return html


def _unframed(text: str, media: Mapping[str, str]) -> str:
    html = markup.render(text, media=media).strip()
    first, more = _split(html)
    return html if more else first


def _split(html: str) -> tuple[str, str]:
    found = FIRST_PARAGRAPH.match(html.strip())
    return (found[1], found[2]) if found else (html.strip(), "")
