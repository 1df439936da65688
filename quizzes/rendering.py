"""Questions as sanitised HTML, tokens unresolved (D2)."""

import re
from collections.abc import Mapping
from typing import Any

from courses import markup
from quizzes.registry import types

# Sanitised HTML holds a < only where a tag begins, but a quoted value may hold what looks like the end of a paragraph.
_VALUE = r'[^"<>]*(?:"[^"]*"[^"<>]*)*'
FIRST_PARAGRAPH = re.compile(rf"<p(\s{_VALUE})?>((?:[^<]|<(?!/p>){_VALUE}>)*)</p>\s*(.*)\Z", re.DOTALL)


def question_html(question: Mapping[str, Any], media: Mapping[str, str]) -> dict[str, str]:
    """The HTML of each text of ``question`` by key. A single paragraph loses its frame, so it fits a label or heading;
    ``stem`` is the first paragraph, ``stem_more`` what follows. ``media`` maps names of files to sha256."""
    texts = types[question["type"]].texts(question)
    html = {key: _unframed(rendered(question, text, media)) for key, text in texts.items() if text}
    html["stem"], html["stem_more"] = _split(rendered(question, question["stem"], media))
    return html


def rendered(question: Mapping[str, Any], text: str, media: Mapping[str, str]) -> str:
    """A text of ``question``, Markdown or HTML as its ``format`` says, as sanitised HTML."""
    if question.get("format") == "html":
        return markup.sanitise(text, media=media)
    return markup.render(text, media=media)


def used_media(question: Mapping[str, Any]) -> list[str]:
    """Names (without ``media/``) of the files that ``question`` shows or links, sorted, each once."""
    kind = types[question["type"]]
    find = markup.used_media_html if question.get("format") == "html" else markup.used_media
    return sorted({*find(*kind.texts(question).values()), *kind.files(question)})


def _unframed(html: str) -> str:
    first, more = _split(html)
    return html.strip() if more else first


def _split(html: str) -> tuple[str, str]:
    found = FIRST_PARAGRAPH.match(html.strip())
    if not found:
        return html.strip(), ""
    # Its language and direction go with the words.
    return (f"<span{found[1]}>{found[2]}</span>" if found[1] else found[2]), found[3]
