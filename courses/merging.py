"""Two people changed one text: take both changes in, block by block, and name the blocks that both changed.

A *block* is what stands at the top level of a text: a paragraph, a list, a table, a fenced question. Texts are cut by
their own parser's positions, so the blocks together are the text to the character.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from courses.diffing import opcodes
from courses.html_tree import marks
from courses.markup import MARKDOWN

Choice = Literal["mine", "theirs", "both"]
CHOICES: tuple[Choice, ...] = ("mine", "theirs", "both")
PARTED = "\n\n"  # what stands between two blocks of Markdown
LINE_END = re.compile(r"\r\n|\r|\n")
VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass(frozen=True)
class Block:
    """``text`` is what is compared; ``gap`` the white space up to the next block."""

    text: str
    gap: str

    def __str__(self) -> str:
        return self.text + self.gap


@dataclass(frozen=True)
class Clash:
    """Blocks that both changed: as they were, mine and theirs. ``key`` is the same for the same three texts."""

    base: str
    mine: str
    theirs: str

    @property
    def key(self) -> str:
        told = f"{self.base}\0{self.mine}\0{self.theirs}"
        return hashlib.sha256(told.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Merge:
    """``parts`` in order: a text where there is nothing to decide, else a ``Clash``; ``tail`` is the end of the last line.

    ``taken`` counts the blocks in which their change came in (added, changed or left out), a clash not counted.
    """

    parts: tuple[str | Clash, ...]
    taken: int = 0
    tail: str | None = None

    @property
    def clashes(self) -> list[Clash]:
        return [part for part in self.parts if isinstance(part, Clash)]

    def resolved(self, choices: Mapping[str, Choice]) -> "Merge":
        """Clashes that ``choices`` decides by their key are decided; the others stay."""
        parts: list[str | Clash] = []
        for part in self.parts:
            chosen = choices.get(part.key) if isinstance(part, Clash) else None
            parts.append(_chosen(part, chosen) if isinstance(part, Clash) and chosen else part)
        return replace(self, parts=tuple(parts))

    @property
    def text(self) -> str:
        """The merged text. Raises ``ValueError`` while a clash is not decided."""
        if self.clashes:
            raise ValueError("not decided yet")
        whole = "".join(part for part in self.parts if isinstance(part, str))
        return whole if self.tail is None else whole.rstrip() + self.tail


def _chosen(clash: Clash, choice: Choice) -> str:
    if choice != "both":
        return clash.mine if choice == "mine" else clash.theirs
    tight = clash.mine.endswith("\n") and not clash.mine.endswith(PARTED)
    return clash.mine + ("\n" if tight else "") + clash.theirs


def blocks_of(text: str, source_format: str) -> list[Block]:
    """``text`` (``md`` or ``html``) cut into its top-level blocks; together they are ``text`` to the character."""
    starts = sorted(set(_html_starts(text) if source_format == "html" else _markdown_starts(text)) - {0})
    cuts = [0, *starts, len(text)]
    pieces = [text[start:end] for start, end in pairwise(cuts) if end > start]
    blocks = []
    for piece in pieces:
        words = piece.rstrip()
        blocks.append(Block(words, piece[len(words) :]))
    return blocks


def _markdown_starts(text: str) -> list[int]:
    offsets = [0, *(match.end() for match in LINE_END.finditer(text))]
    tokens = MARKDOWN.parse(text)
    return [offsets[token.map[0]] for token in tokens if token.level == 0 and token.map and token.nesting >= 0]


def _html_starts(text: str) -> list[int]:
    """Where elements begin that stand in no other."""
    starts, depth = [], 0
    for mark in marks(text):
        if mark.opens and depth == 0:
            starts.append(mark.at)
        if mark.name not in VOID and not mark.alone:
            depth = depth + 1 if mark.opens else max(0, depth - 1)
    return starts


@dataclass(frozen=True)
class _Change:
    """One side puts ``blocks`` in place of the base's blocks ``start`` to ``end`` (which may be none)."""

    start: int
    end: int
    blocks: tuple[Block, ...]


def merge(base: str, mine: str, theirs: str, *, source_format: str = "md") -> Merge:
    """Both changes of ``base``. Changes of different blocks go in; where both changed the same, the parts hold a clash.

    Equal changes are one. What each side added stands in the result or in a clash: nothing of either is lost.
    """
    if mine == theirs or base == theirs:
        return Merge((mine,))
    old, ours, other = (blocks_of(_padded(each, source_format), source_format) for each in (base, mine, theirs))
    if base == mine:
        return Merge((theirs,), taken=sum(_weight(each) for each in _changes(old, other)))
    woven = _woven(old, _changes(old, ours), _changes(old, other), _gaps(old, ours, other))
    return woven if source_format == "html" else replace(woven, tail=_tail(base, mine, theirs))


def _padded(text: str, source_format: str) -> str:
    """Markdown whose last block may stand in the middle."""
    words = text.rstrip()
    return text if source_format == "html" or not words else words + PARTED


def _tail(base: str, mine: str, theirs: str) -> str:
    ends = [each[len(each.rstrip()) :] for each in (base, mine, theirs)]
    return ends[1] if ends[1] != ends[0] else ends[2]


def _changes(base: list[Block], side: list[Block]) -> list[_Change]:
    """What ``side`` changed, as finely as blocks pair up."""
    found = []
    for name, i1, i2, j1, j2 in opcodes([each.text for each in base], [each.text for each in side]):
        if name == "equal":
            continue
        if i2 - i1 == j2 - j1:
            found += [_Change(i1 + n, i1 + n + 1, (side[j1 + n],)) for n in range(i2 - i1)]
        else:
            found.append(_Change(i1, i2, tuple(side[j1:j2])))
    return found


def _weight(change: _Change) -> int:
    return max(change.end - change.start, len(change.blocks))


def _gaps(base: list[Block], mine: list[Block], theirs: list[Block]) -> list[str]:
    """The white space after each block of the base, as whoever changed it left it."""
    gaps = [each.gap for each in base]
    for side in (theirs, mine):
        for name, i1, i2, j1, _j2 in opcodes([each.text for each in base], [each.text for each in side]):
            if name == "equal":
                for n in range(i2 - i1):
                    if side[j1 + n].gap != base[i1 + n].gap:
                        gaps[i1 + n] = side[j1 + n].gap
    return gaps


def _woven(base: list[Block], mine: list[_Change], theirs: list[_Change], gaps: list[str]) -> Merge:
    """Walk the base; stretches that both changed become one clash, unless both did the same."""
    parts: list[str | Clash] = []
    taken = at = 0

    def stay(upto: int) -> None:
        parts.extend(base[n].text + gaps[n] for n in range(at, upto))

    for start, end, ours, others in _stretches(mine, theirs):
        stay(start)
        at = max(at, end)
        if not others:
            parts.extend(str(block) for change in ours for block in change.blocks)
        elif not ours or _same(ours, others):
            parts.extend(str(block) for change in others for block in change.blocks)
            taken += 0 if ours else sum(_weight(change) for change in others)
        else:
            parts.append(_clash(base[start:end], start, ours, others))
    stay(len(base))
    return Merge(tuple(parts), taken)


def _same(one: list[_Change], other: list[_Change]) -> bool:
    def told(changes: list[_Change]) -> list[tuple[int, int, tuple[str, ...]]]:
        return [(each.start, each.end, tuple(block.text for block in each.blocks)) for each in changes]

    return told(one) == told(other)


def _clash(base: list[Block], start: int, mine: list[_Change], theirs: list[_Change]) -> Clash:
    def side(changes: list[_Change]) -> str:
        shown, at = [], start
        for change in changes:
            shown += base[at - start : change.start - start]
            shown += change.blocks
            at = max(at, change.end)
        shown += base[at - start :]
        return "".join(str(block) for block in shown)

    return Clash("".join(str(block) for block in base), side(mine), side(theirs))


def _stretches(mine: list[_Change], theirs: list[_Change]) -> Iterator[tuple[int, int, list[_Change], list[_Change]]]:
    """Stretches of the base in order, each with the changes of either side in it; two that touch no common block are two."""
    waiting = sorted(
        [(each.start, each.end, 0, each) for each in mine] + [(each.start, each.end, 1, each) for each in theirs],
        key=lambda row: row[:3],
    )
    stretch: tuple[int, int, list[_Change], list[_Change]] | None = None
    for start, end, side, change in waiting:
        if stretch and _meet(stretch, start, end, side):
            stretch = (stretch[0], max(stretch[1], end), stretch[2], stretch[3])
        else:
            if stretch:
                yield stretch
            stretch = (start, end, [], [])
        stretch[2 + side].append(change)
    if stretch:
        yield stretch


def _meet(stretch: tuple[int, int, list[_Change], list[_Change]], start: int, end: int, side: int) -> bool:
    """Do the changes of a stretch and the next change touch the same block, or the same place between two?"""
    first, last, *_sides = stretch
    if start < last:
        return True
    # Two insertions at one place: which comes first is for a person to say.
    inserted_here = any(change.start == change.end == start for change in stretch[2 + (1 - side)])
    return inserted_here and start == end and first <= start


def merge_whole(base: str | None, mine: str, theirs: str) -> Merge:
    """As ``merge`` for a text of one piece, such as a title; without a ``base`` whatever differs is a clash."""
    if mine == theirs or theirs == base:
        return Merge((mine,))
    if mine == base:
        return Merge((theirs,), taken=1)
    return Merge((Clash(base or "", mine, theirs),))


def common(mine: str, theirs: str, *, source_format: str = "md") -> str:
    """The blocks that two texts share, in order: stands in for a base that nobody has kept.

    Against it each side has only added, so a merge keeps what either has.
    """
    one, other = (blocks_of(_padded(each, source_format), source_format) for each in (mine, theirs))
    kept = opcodes([each.text for each in one], [each.text for each in other])
    return "".join(str(block) for name, i1, i2, _j1, _j2 in kept if name == "equal" for block in one[i1:i2])
