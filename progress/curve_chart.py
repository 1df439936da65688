"""A film's curve as numbers for an inline SVG: people upwards from zero, the film to the right. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.charts import Tick
from core.templatetags.shell import clock_time
from progress.film_counts import BUCKETS

LEFT, RIGHT, TOP, BASE = 56, 676, 24, 244
STEPS_S = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
MARKS = 8


@dataclass(frozen=True)
class Curve:
    """``seen`` and ``again`` are paths; ``chapters`` stand where each begins, by number."""

    seen: str
    again: str
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    chapters: tuple[Tick, ...]


def curve_of(figures: Mapping[str, Any], chapters: Sequence[int]) -> Curve:
    """``chapters``: where each begins, in milliseconds."""
    length = max(figures["length_ms"], 1)
    step = max(1, math.ceil(max(figures["people"], 1) / 4))

    def x(at_ms: float) -> int:
        return LEFT + round(at_ms * (RIGHT - LEFT) / length)

    def y(people: int) -> int:
        return BASE - round(people * (BASE - TOP) / (4 * step))

    def path(counts: Sequence[int]) -> str:
        points = (f"{x((number + 0.5) * length / BUCKETS)} {y(count)}" for number, count in enumerate(counts))
        return "M" + "L".join(points)

    every = 1000 * next((each for each in STEPS_S if length <= 1000 * each * MARKS), math.ceil(length / 1000 / MARKS))
    return Curve(
        seen=path(figures["seen"]),
        again=path(figures["again"]),
        rows=tuple(Tick(y(n * step), str(n * step)) for n in range(5)),
        columns=tuple(Tick(x(at), clock_time(at)) for at in range(0, length + 1, every)),
        chapters=tuple(Tick(x(at), str(number)) for number, at in enumerate(chapters, 1) if at < length),
    )
