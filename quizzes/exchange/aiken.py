"""Aiken: single choice in plain lines, https://docs.moodle.org/en/Aiken_format.

A question, its options as ``A) …`` or ``A. …``, each on a line, then ``ANSWER: A``. Blank lines say nothing.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.exchange.html import Text
from quizzes.exchange.numbers import part_id
from quizzes.exchange.proving import LONGEST_NAME, Uids, outcome
from quizzes.exchange.registry import Format
from quizzes.exchange.textfile import Line, TextFile, open_text
from quizzes.exchange.values import Exported, Item, Refusal, Where
from quizzes.exchange.writing import Cannot, no_files, no_type, only, plain_of, write_each

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
OPTION = re.compile(r"\s*([A-Z])[).](.*)", re.DOTALL)
ANSWER = re.compile(r"\s*ANSWER:(.*)", re.DOTALL | re.IGNORECASE)
LOOKS = re.compile(rb"^\s*ANSWER:\s*[A-Z]\s*$", re.MULTILINE)
MOST_LINES = 100  # of one stem


@dataclass
class Draft:
    """A question whose ANSWER line has not come yet. ``fault``: why it will be refused when it ends."""

    line: int
    stem: list[str]
    options: list[tuple[str, str]] = field(default_factory=list)
    open: bool = True
    fault: str = ""

    @property
    def name(self) -> str:
        return " ".join(self.stem)[:LONGEST_NAME]


class Reader:
    """The states: no question, within a stem, within options. Each line moves from one to another."""

    def __init__(self, source: TextFile) -> None:
        self._source = source
        self._draft: Draft | None = None
        self._uids = Uids()
        self._number = 0

    def items(self) -> Iterator[Item | Refusal]:
        for line in self._source.lines():
            yield from self._line(line)
        yield from self._drop(_("The file ends before its ANSWER line."))

    def _line(self, line: Line) -> Iterator[Item | Refusal]:
        if not line.text.strip() and line.whole:
            if self._draft and not self._draft.options:
                self._draft.open = False
            return
        if found := ANSWER.match(line.text):
            yield from self._answer(line, found[1].strip())
        elif found := OPTION.match(line.text):
            yield from self._option(line, found[1], found[2].strip())
        else:
            yield from self._stem(line)

    def _stem(self, line: Line) -> Iterator[Item | Refusal]:
        draft = self._draft
        if draft and draft.open and not draft.options:
            draft.stem.append(line.text.strip())
            self._mind(draft, line)
            return
        yield from self._drop(_("The next question begins before its ANSWER line."))
        self._draft = Draft(line.number, [line.text.strip()])
        self._mind(self._draft, line)

    def _mind(self, draft: Draft, line: Line) -> None:
        """Remember what makes a draft no question; keep little of what is too long."""
        if "\0" in line.text:
            draft.fault = _("There is a NUL character in it.")
        elif not line.whole or len(draft.stem) > MOST_LINES:
            draft.fault = _("It is too long.")
        if draft.fault:
            draft.stem = [draft.stem[0][:LONGEST_NAME]]

    def _option(self, line: Line, letter: str, text: str) -> Iterator[Item | Refusal]:
        draft = self._draft
        if draft is None:
            yield self._refusal(line.number, line.text, _("An option without a question above it."))
            return
        self._mind(draft, line)
        due = LETTERS[len(draft.options) % len(LETTERS)]
        if draft.fault:
            return
        if letter == due:
            draft.options.append((letter, text))
        else:
            draft.fault = _("Option %(letter)s stands where option %(due)s should.") % {"letter": letter, "due": due}

    def _answer(self, line: Line, said: str) -> Iterator[Item | Refusal]:
        draft, self._draft = self._draft, None
        if draft is None:
            yield self._refusal(line.number, line.text, _("An ANSWER line without a question above it."))
            return
        letter = said.upper().rstrip(".)")
        fault = draft.fault or _answer_fault(letter, draft)
        if fault:
            yield self._refusal(draft.line, draft.name, fault)
            return
        self._number += 1
        options = [
            {"id": part_id(at), "text": Text(text), "right": name == letter}
            for at, (name, text) in enumerate(draft.options)
        ]
        content = {"type": "single", "stem": Text("\n".join(draft.stem)), "options": options}
        doubt = self._source.doubt("".join([*draft.stem, *(text for _name, text in draft.options)]))
        yield outcome(content, uids=self._uids, where=Where(draft.line, number=self._number), warnings=doubt)

    def _drop(self, reason: str) -> Iterator[Refusal]:
        draft, self._draft = self._draft, None
        if draft:
            yield self._refusal(draft.line, draft.name, draft.fault or reason)

    def _refusal(self, line: int, name: str, reason: str) -> Refusal:
        self._number += 1
        return Refusal(Where(line, number=self._number), name.strip()[:LONGEST_NAME], reason)


def _answer_fault(letter: str, draft: Draft) -> str:
    if len(draft.options) < 2:
        return _("It has fewer than two options.")
    if letter not in dict(draft.options):
        return _("ANSWER says “%(letter)s”, which is none of its options.") % {"letter": letter[:20]}
    return ""


def read(file: BinaryIO, *, name: str) -> Iterator[Item | Refusal]:
    """The questions of an Aiken file in their order."""
    yield from Reader(open_text(file)).items()


def compose(exported: Exported) -> str:
    """One question with the blank line that ends it. Raises ``Cannot``."""
    content = exported.content
    if content["type"] != "single":
        raise no_type(content)
    no_files(content)
    only(content, "options")
    form = content.get("format", "md")
    said = [plain_of(each["text"], form) for each in content["options"]]
    lines = [f"{letter}) {text}" for letter, text in zip(LETTERS, said, strict=False)]
    right = next(at for at, each in enumerate(content["options"]) if each["right"])
    if any(each.get("feedback") for each in content["options"]):
        raise Cannot(_("The format has no place for: %(names)s.") % {"names": _("replies")})
    return "\n".join([plain_of(content["stem"], form), *lines, f"ANSWER: {LETTERS[right]}", "", ""])


def write(questions: Iterable[Exported], out: BinaryIO) -> list[Refusal]:
    """The questions as an Aiken file, and those that it cannot hold."""
    return write_each(questions, out, compose, read)


FORMAT = Format(
    name="aiken",
    label=gettext_lazy("Aiken"),
    suffixes=(".txt",),
    content_type="text/plain; charset=utf-8",
    read=read,
    write=write,
    fits=lambda head: bool(LOOKS.search(head)),
)
