"""Text files line by line, whatever their encoding, with no more of them in memory than a line."""

import codecs
import io
from collections.abc import Generator
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from quizzes.exchange.values import Unreadable

LONGEST = 200_000  # characters in a line; a question has fewer
CHUNK = 1 << 16
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Files of programs that are often taken for text by their name.
OTHER = (b"PK\x03\x04", b"%PDF", b"{\\rtf", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")
FALLBACKS = ("utf-8", "cp1252", "latin-1")


@dataclass(frozen=True)
class Line:
    """A line without its end. ``number`` counts from 1; not ``whole`` = it went on and its rest was left out."""

    number: int
    text: str
    whole: bool = True


@dataclass(frozen=True)
class TextFile:
    """``encoding`` as Python names it, ``guessed`` when nothing in the file said so."""

    file: BinaryIO
    encoding: str
    guessed: bool

    def lines(self) -> Generator[Line, None, None]:
        """Every line from the start. Line ends of all systems are the same."""
        self.file.seek(0)
        opened = io.TextIOWrapper(self.file, self.encoding, errors="replace")
        try:
            number = 0
            while text := opened.readline(LONGEST):
                number += 1
                whole = text.endswith("\n") or len(text) < LONGEST or not _skip(opened)
                yield Line(number, text.removesuffix("\n"), whole)
        finally:
            opened.detach()

    def doubt(self, text: str) -> tuple[str, ...]:
        """The warning that letters of ``text`` may have been misread; empty when there can be no doubt."""
        if not self.guessed or text.isascii():
            return ()
        return (_("The file is not UTF-8 and was read as Western European text; look at letters with accents."),)


def _skip(opened: io.TextIOWrapper) -> bool:
    """Leave out the rest of a line; whether there was any."""
    rest = opened.readline(LONGEST)
    more = bool(rest.strip())
    while rest and not rest.endswith("\n"):
        rest = opened.readline(LONGEST)
        more = True
    return more


def open_text(file: BinaryIO) -> TextFile:
    """``file`` as text: by its mark, as UTF-16 without one, as UTF-8, else as Western European.

    Raises ``Unreadable`` for files of other programs.
    """
    file.seek(0)
    head = file.read(4096)
    if head.startswith(OTHER):
        raise Unreadable(_("This is not a text file. Save it as plain text (UTF-8) and try again."))
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return TextFile(file, encoding, guessed=False)
    if wide := _wide(head):
        return TextFile(file, wide, guessed=False)
    encoding = next(each for each in FALLBACKS if _decodes(file, each))
    return TextFile(file, encoding, guessed=encoding != "utf-8")


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: every other byte of Western text is 0."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 4 < len(head) or min(even, odd) * 4 > len(head):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _decodes(file: BinaryIO, encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := file.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
