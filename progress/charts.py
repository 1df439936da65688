"""Bars as numbers for an inline SVG: no library, no style, axis from zero. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

LEFT, STEP, BASE, HEIGHT = 48, 82, 260, 216
WIDE, NARROW = 30, 22
FEWEST = 8  # so wide is a chart of fewer: stretched over the page, its letters would be giants


@dataclass(frozen=True)
class Bar:
    x: int
    y: int
    height: int
    width: int
    value: int

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def above(self) -> int:
        """Where the number stands."""
        return self.y - 8


@dataclass(frozen=True)
class Group:
    """The bars of one week or month; ``middle`` is where its name stands."""

    bars: tuple[Bar | None, Bar | None]
    middle: int


@dataclass(frozen=True)
class Line:
    """A line of the grid and its number; ``text_y`` sets the number in the middle of the line."""

    y: int
    value: int

    @property
    def text_y(self) -> int:
        return self.y + 5


@dataclass(frozen=True)
class Chart:
    width: int
    groups: tuple[Group, ...]
    lines: tuple[Line, ...]

    @property
    def right(self) -> int:
        return self.width - 8


def bars(pairs: Sequence[tuple[int, int]]) -> Chart:
    """Two bars for each pair, scaled to the greatest value; a value of zero has no bar."""
    step = max(1, math.ceil(max((value for pair in pairs for value in pair), default=0) / 3))
    top = 3 * step

    def bar(x: int, width: int, value: int) -> Bar | None:
        height = round(value * HEIGHT / top)
        return Bar(x, BASE - height, height, width, value) if value else None

    groups = []
    for number, (first, second) in enumerate(pairs):
        x = LEFT + 16 + number * STEP
        groups.append(Group((bar(x, WIDE, first), bar(x + WIDE + 5, NARROW, second)), x + 26))
    lines = tuple(Line(BASE - round(n * step * HEIGHT / top), n * step) for n in range(4))
    return Chart(LEFT + 20 + max(len(pairs), FEWEST) * STEP, tuple(groups), lines)
