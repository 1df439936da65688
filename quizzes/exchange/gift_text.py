"""The signs of GIFT: where they stand, and how a text says that one is only a letter.

A backslash takes the meaning from ``~ = # { } :`` and itself; ``\\n`` is the end of a line. Before any other letter a
backslash is a backslash.
"""

import re
from collections.abc import Iterator
from functools import cache

from quizzes.exchange.html import Text, TextFormat, own_files

FORMATS: dict[str, TextFormat] = {"html": "html", "markdown": "markdown", "moodle": "moodle", "plain": "plain"}
_ESCAPED = re.compile(r"\\([~=#{}:\\n])")
_SPECIAL = re.compile(r"[~=#{}:\\]")
_MARK = re.compile(r"\s*\[(html|markdown|moodle|plain)\]", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n]+")


class Broken(Exception):
    """A block that is no question: ``reason`` for people, ``at`` = the place in the block, in characters."""

    def __init__(self, reason: str, at: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.at = at


def unescaped(text: str) -> str:
    """``text`` as it reads."""
    return _ESCAPED.sub(lambda match: "\n" if match[1] == "n" else match[1], text)


def escape(text: str) -> str:
    """``text`` on one line in which no sign means anything: the inverse of ``unescaped``."""
    return _SPECIAL.sub(r"\\\g<0>", text).replace("\n", "\\n")


@cache
def _finder(*signs: str) -> re.Pattern[str]:
    return re.compile(rf"\\.|({'|'.join(re.escape(each) for each in signs)})", re.DOTALL)


def marks(text: str, *signs: str) -> Iterator[tuple[int, str]]:
    """Every one of ``signs`` in ``text`` that no backslash takes the meaning from, as ``(place, sign)``."""
    for match in _finder(*signs).finditer(text):
        if match[1] is not None:
            yield match.start(), match[1]


def find(text: str, sign: str, start: int = 0) -> int:
    """The place of the first ``sign`` from ``start`` that means something; -1 when there is none."""
    return next((start + at for at, _sign in marks(text[start:], sign)), -1)


def split(text: str, sign: str, most: int = 0) -> list[str]:
    """``text`` cut at each ``sign`` that means something, at most ``most`` times (0: always)."""
    places = [at for at, _sign in marks(text, sign)][: most or None]
    starts = [0, *(at + len(sign) for at in places)]
    return [text[start:end] for start, end in zip(starts, [*places, len(text)], strict=True)]


def marked(raw: str, default: TextFormat) -> tuple[TextFormat, str]:
    """The format that stands before a text, or ``default``, and the text behind it."""
    found = _MARK.match(raw)
    return (FORMATS[found[1].lower()], raw[found.end() :]) if found else (default, raw)


def text_of(raw: str, default: TextFormat) -> Text:
    """A raw piece of a question as a text, in the format that it says or in ``default``."""
    form, body = marked(raw, default)
    return read_as(body, form)


def read_as(raw: str, form: TextFormat) -> Text:
    """A raw piece as a text of ``form``. In Moodle's own format a line end is a space, as words wrap in a file."""
    body = (_SPACES.sub(" ", raw) if form == "moodle" else raw).strip()
    return Text(own_files(unescaped(body).strip()), form)
