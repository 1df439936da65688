"""GIFT, the question format that people write by hand: https://docs.moodle.org/en/GIFT_format.

A blank line ends a question. Where one cannot be taken, reading goes on after the next blank line.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.exchange.gift_answers import Answers, braces
from quizzes.exchange.gift_text import Broken, find, marked, read_as, unescaped
from quizzes.exchange.gift_writing import Composer
from quizzes.exchange.html import TextFormat
from quizzes.exchange.labels import unlabelled
from quizzes.exchange.proving import LONGEST_NAME, Uids, outcome
from quizzes.exchange.registry import Format
from quizzes.exchange.textfile import LONGEST, Line, TextFile, open_text
from quizzes.exchange.values import Exported, Item, Meta, Refusal, Where, topic_of
from quizzes.exchange.writing import write_each

CATEGORY = "$CATEGORY:"
TAG = re.compile(r"\[(id|tag):((?:\\.|[^\]\\]){0,300})\]")
# The line that Moodle puts above each question it exports.
MOODLE = re.compile(r"//\s?question: \d+\s+name: ")
BLANK = " _____ "
LOOKS = re.compile(rb"^\s*(?:::|\$CATEGORY:|//)|\{\s*(?:[=~#}]|T\b|F\b|TRUE|FALSE)", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """What stands between two blank lines: its comments, its other lines, and why it cannot be read at all."""

    first: int
    lines: Sequence[Line]
    comments: Sequence[str]
    fault: str = ""

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    def line_at(self, place: int) -> int:
        """The number of the line in which the character at ``place`` of the text stands."""
        return self.lines[min(self.text.count("\n", 0, max(0, place)), len(self.lines) - 1)].number


def blocks(lines: Iterable[Line]) -> Iterator[Block]:
    """The blocks of a file, each at most ``LONGEST`` characters; of a longer one only its place is kept."""
    kept: list[Line] = []
    size = 0
    for line in lines:
        if not line.text.strip() and line.whole:
            if kept:
                yield _block(kept)
            kept, size = [], 0
            continue
        size += len(line.text) + 1
        kept.append(line)
        if size > LONGEST or not line.whole:
            kept = [Line(kept[0].number, "", whole=False)]
    if kept:
        yield _block(kept)


def _block(lines: Sequence[Line]) -> Block:
    comments = [each.text.strip() for each in lines if each.text.lstrip().startswith("//")]
    others = [each for each in lines if not each.text.lstrip().startswith("//")]
    fault = ""
    if not all(each.whole for each in lines):
        fault = _("It is longer than %(most)d characters.") % {"most": LONGEST}
    elif any("\0" in each.text for each in lines):
        fault = _("There is a NUL character in it.")
    return Block(lines[0].number, others, comments, fault)


def read(file: BinaryIO, *, name: str) -> Iterator[Item | Refusal]:
    """The questions of a GIFT file in their order."""
    source = open_text(file)
    uids, topic, number = Uids(), "", 0
    for block in blocks(source.lines()):
        while block.lines and block.lines[0].text.lstrip().startswith(CATEGORY):
            topic = topic_of(block.lines[0].text.strip().removeprefix(CATEGORY))
            block = Block(block.first, block.lines[1:], block.comments, block.fault)  # noqa: PLW2901
        if block.lines:
            number += 1
            yield _taken(block, number, source, topic, uids)


def _taken(block: Block, number: int, source: TextFile, topic: str, uids: Uids) -> Item | Refusal:
    if block.fault:
        return Refusal(Where(block.first, number=number), "", block.fault)
    where = Where(block.lines[0].number, number=number)
    try:
        title, content, warnings = question_of(block.text, moodle=any(MOODLE.match(each) for each in block.comments))
    except Broken as problem:
        where = Where(block.line_at(problem.at), number=number)
        return Refusal(where, _called(block.text), problem.reason)
    uid, meta, known = _notes(block.comments, Meta(name=title, topic=topic))
    known = {key: value for key, value in known.items() if key in ("facts", "back_to", "keep")} | _shuffle(known)
    content = {**known, **content, "uid": uid}
    return outcome(content, uids=uids, meta=meta, where=where, warnings=[*source.doubt(block.text), *warnings])


def _called(text: str) -> str:
    """The title of a broken question, or its first words."""
    try:
        title, _start = _title(text)
    except Broken:
        title = ""
    return title or " ".join(text.split())[:LONGEST_NAME]


def _notes(comments: Sequence[str], meta: Meta) -> tuple[str, Meta, dict[str, Any]]:
    """What comments say of a question: ``[id:…]`` and ``[tag:…]``."""
    found = [(match[1], re.sub(r"\\(.)", r"\1", match[2])) for each in comments for match in TAG.finditer(each)]
    uid = next((text for kind, text in found if kind == "id"), "")
    meta, known = unlabelled([text for kind, text in found if kind == "tag"], meta)
    return uid, meta, known


def _shuffle(known: dict[str, Any]) -> dict[str, Any]:
    return {"shuffle": False} if known.get("shuffle") == "false" else {}


def question_of(text: str, *, moodle: bool = False) -> tuple[str, dict[str, Any], list[str]]:
    """The title, the content and warnings of one question. ``moodle``: Moodle wrote it. Raises ``Broken``."""
    title, start = _title(text)
    form, body = marked(text[start:], "moodle")
    start = len(text) - len(body)
    try:
        found = braces(body)
        if found is None:
            raise Broken(_("There are no braces with answers in it: a description is no question."))
        opened, closed = found
        answers = Answers(body[opened + 1 : closed], form, opened + 1, moodle)
        content = answers.content()
    except Broken as problem:
        raise Broken(problem.reason, start + problem.at) from problem
    return title, {"stem": read_as(_stem(body[:opened], body[closed + 1 :], form), form), **content}, answers.warnings


def _title(text: str) -> tuple[str, int]:
    """The title between ``::`` and where the rest begins."""
    start = len(text) - len(text.lstrip())
    if not text.startswith("::", start):
        return "", start
    end = find(text, "::", start + 2)
    if end < 0:
        raise Broken(_("The title that “::” begins is not ended by another “::”."), start)
    return " ".join(unescaped(text[start + 2 : end]).split()), end + 2


def _stem(before: str, after: str, form: TextFormat) -> str:
    """What stands around the braces; a blank stands for them when the text goes on."""
    if not after.strip():
        return before
    blank = BLANK.replace("_", "\\_") if form == "markdown" else BLANK
    return f"{before.rstrip()}{blank}{after.lstrip()}"


def write(questions: Iterable[Exported], out: BinaryIO) -> list[Refusal]:
    """The questions as a GIFT file, and those that it cannot hold."""
    composer = Composer()
    return write_each(questions, out, composer.compose, read, composer.written)


FORMAT = Format(
    name="gift",
    label=gettext_lazy("GIFT"),
    suffixes=(".gift", ".txt"),
    content_type="text/plain; charset=utf-8",
    read=read,
    write=write,
    fits=lambda head: bool(LOOKS.search(head)),
)
