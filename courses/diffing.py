"""What changed between two texts, in words."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, ADDED, REMOVED = "same", "added", "removed"
WORDS = re.compile(r"\s*\w+|\s*[^\w\s]|\s+")
# What repeats itself costs: above so many pairs of equal elements a stretch counts as replaced as a whole.
PAIRS_MAX = 100_000

Opcode = tuple[str, int, int, int, int]


@dataclass(frozen=True)
class Piece:
    """A stretch of text: ``same``, ``added`` or ``removed``."""

    kind: str
    text: str


def word_diff(before: str, after: str) -> list[Piece]:
    """What to leave out of ``before`` and what to put in to get ``after``; no two neighbours are of one kind.

    The pieces that are not ``added`` make up ``before``, those that are not ``removed`` make up ``after``.
    """
    return list(_joined(_by(before, after, _lines, lambda old, new: _by(old, new, WORDS.findall, _replaced))))


def words_changed(pieces: Sequence[Piece]) -> tuple[int, int]:
    """How many words were added and how many removed."""
    counts = {ADDED: 0, REMOVED: 0, SAME: 0}
    for piece in pieces:
        counts[piece.kind] += len(re.findall(r"\w+", piece.text))
    return counts[ADDED], counts[REMOVED]


def opcodes(before: Sequence[str], after: Sequence[str]) -> Iterator[Opcode]:
    """``difflib``'s opcodes, at a cost that long and repetitive sequences do not drive up."""
    start = _common(zip(before, after, strict=False))
    rest = min(len(before), len(after)) - start
    end = min(rest, _common(zip(reversed(before), reversed(after), strict=False)))
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    if start:
        yield "equal", 0, start, 0, start
    if old and new and _pairs(old, new) <= PAIRS_MAX:
        for name, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            yield name, i1 + start, i2 + start, j1 + start, j2 + start
    elif old or new:
        name = "replace" if old and new else "delete" if old else "insert"
        yield name, start, start + len(old), start, start + len(new)
    if end:
        yield "equal", len(before) - end, len(before), len(after) - end, len(after)


def _pairs(old: Sequence[str], new: Sequence[str]) -> int:
    counts = Counter(old)
    return sum(counts[each] for each in new)


def _common(pairs: Iterator[tuple[str, str]]) -> int:
    count = 0
    for old, new in pairs:
        if old != new:
            break
        count += 1
    return count


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _by(
    before: str, after: str, cut: Callable[[str], list[str]], finer: Callable[[str, str], Iterator[Piece]]
) -> Iterator[Piece]:
    """Compare what ``cut`` makes of both; what was replaced is left to ``finer``."""
    old, new = cut(before), cut(after)
    for name, i1, i2, j1, j2 in opcodes(old, new):
        if name == "equal":
            yield Piece(SAME, "".join(old[i1:i2]))
        else:
            yield from finer("".join(old[i1:i2]), "".join(new[j1:j2]))


def _replaced(before: str, after: str) -> Iterator[Piece]:
    yield Piece(REMOVED, before)
    yield Piece(ADDED, after)


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Removed before added, each once, between stretches that stay."""
    waiting = {REMOVED: "", ADDED: ""}
    same = ""
    for piece in pieces:
        if not piece.text:
            continue
        if piece.kind == SAME:
            yield from _flushed(waiting)
            same += piece.text
        else:
            if same:
                yield Piece(SAME, same)
                same = ""
            waiting[piece.kind] += piece.text
    yield from _flushed(waiting)
    if same:
        yield Piece(SAME, same)


def _flushed(waiting: dict[str, str]) -> Iterator[Piece]:
    for kind in (REMOVED, ADDED):
        if waiting[kind]:
            yield Piece(kind, waiting[kind])
            waiting[kind] = ""
