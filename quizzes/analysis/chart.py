"""Questions as points of an inline SVG: how hard to the right, how well they tell people apart upwards. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.charts import Tick
from quizzes.analysis.advice import SMALL, Reading, reading_of

LEFT, RIGHT, TOP, BASE = 70, 680, 76, 256
FILL = {"ok": "var(--spruce-tint)", "warn": "var(--warn-tint)", "bad": "var(--bad-tint)"}
STROKE = {"ok": "var(--spruce)", "warn": "var(--warn)", "bad": "var(--bad)"}
CLOSE = 27  # two points nearer than this are drawn beside each other


@dataclass(frozen=True)
class Point:
    x: int
    y: int
    number: int
    reading: Reading

    @property
    def text_y(self) -> int:
        return self.y + 5

    @property
    def fill(self) -> str:
        return FILL[self.reading.tone]

    @property
    def stroke(self) -> str:
        return STROKE[self.reading.tone]

    @property
    def dashed(self) -> bool:
        """A pattern as well as a colour."""
        return self.reading.tone != "ok"


@dataclass(frozen=True)
class Row(Tick):
    """``zero`` is the line that questions should stay above."""

    zero: bool = False


@dataclass(frozen=True)
class Scatter:
    points: tuple[Point, ...]
    rows: tuple[Row, ...]
    columns: tuple[Tick, ...]


def scatter(questions: Sequence[Mapping[str, Any]]) -> Scatter | None:
    """The questions that are judged and tell something; None when there is none. Axes cover them in steps of 0.2 and 10%."""
    shown = [each for each in questions if each["n"] >= SMALL and each["discrimination"] is not None]
    if not shown:
        return None
    low = min(0, *(math.floor(5 * each["discrimination"]) for each in shown), -1)
    high = max(2, *(math.ceil(5 * each["discrimination"]) for each in shown))
    first = min(8, *(math.floor(10 * each["facility"]) for each in shown))
    points: list[Point] = []
    for each in shown:
        x = LEFT + round((10 * each["facility"] - first) * (RIGHT - LEFT) / (10 - first))
        y = BASE - round((5 * each["discrimination"] - low) * (BASE - TOP) / (high - low))
        points.append(_apart(Point(x, y, each["number"], reading_of(each)), points))
    rows = tuple(
        Row(BASE - round((step - low) * (BASE - TOP) / (high - low)), f"{step / 5:.1f}".replace("-", "−"), step == 0)
        for step in range(low, high + 1)
    )
    columns = tuple(
        Tick(LEFT + round((step - first) * (RIGHT - LEFT) / (10 - first)), f"{10 * step}%") for step in range(first, 11)
    )
    return Scatter(tuple(points), rows, columns)


def _apart(point: Point, others: Sequence[Point]) -> Point:
    """``point``, moved to the left until it covers no other."""
    while any(math.hypot(point.x - each.x, point.y - each.y) < CLOSE for each in others):
        point = Point(point.x - CLOSE // 2, point.y, point.number, point.reading)
    return point
