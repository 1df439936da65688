"""Reports out of a seed, each with exactly one anomaly that stands well out of the noise."""

from typing import Any

from quizzes.engines.dice import Dice
from quizzes.engines.report.faults import faults_of
from quizzes.engines.report.planting import ANOMALIES, Planted

TIMES = 3  # the least by which an anomaly exceeds the noise around it
TRIES = 40
BY_LEVEL = {"basic": ("spike", "axis"), "working": ("spike", "expired", "axis", "delay"), "advanced": tuple(ANOMALIES)}


def plant(seed: int, level: str) -> tuple[str, Planted]:
    """The anomaly and the report around it: the first draw in which it stands out and every answer is unique."""
    kind = Dice("report", 1, level, seed).choice(BY_LEVEL[level])
    for number in range(TRIES):
        found = ANOMALIES[kind](Dice("report", 1, level, seed, number))
        if found.size >= TIMES * found.noise and not faults_of(found.case):
            return kind, found
    raise ValueError(f"no sound report comes of {kind}, {level}, {seed}")


def generate(seed: int, level: str) -> dict[str, Any]:
    _kind, found = plant(seed, level)
    return {"uid": f"report-{level}-{seed}", "level": level, **found.case}
