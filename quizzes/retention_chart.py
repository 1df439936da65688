"""Lines of an inline SVG: percent remembered upwards, days to the right, axis from zero. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.charts import Tick

LEFT, RIGHT, TOP, BASE = 56, 676, 24, 264
# A colour and a pattern for each line, so that neither is needed alone.
INKS = ("var(--spruce)", "var(--stamp)", "var(--ink)", "var(--warn)")
DASHES = ("", "9 5", "2 5", "12 4 2 4")


@dataclass(frozen=True)
class Line:
    path: str
    ink: str
    dash: str
    label: str
    end_y: int

    @property
    def text_y(self) -> int:
        return self.end_y + 5


@dataclass(frozen=True)
class Chart:
    lines: tuple[Line, ...]
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]


def chart_of(series: Sequence[tuple[str, Sequence[int]]], days: Sequence[int]) -> Chart:
    """A line for each of ``series`` (name, percents on ``days``)."""
    last = days[-1]

    def x(day: int) -> int:
        return LEFT + round(day * (RIGHT - LEFT) / last)

    def y(percent: int) -> int:
        return BASE - round(percent * (BASE - TOP) / 100)

    lines = []
    for number, (label, percents) in enumerate(series):
        points = [f"{x(day)} {y(percent)}" for day, percent in zip(days, percents, strict=True)]
        ink, dash = INKS[number % len(INKS)], DASHES[(number + number // len(INKS)) % len(DASHES)]
        lines.append(Line("M" + "L".join(points), ink, dash, label, y(percents[-1])))
    rows = tuple(Tick(y(percent), f"{percent}%") for percent in (0, 25, 50, 75, 100))
    return Chart(tuple(lines), rows, tuple(Tick(x(day), str(day)) for day in range(0, last + 1, 30)))
