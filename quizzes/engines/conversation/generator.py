"""New conversations by seed: a world from ``worlds/*.yaml`` with a person, an item, a day, a mood and an opening drawn.

A world is a case whose texts hold places such as ``{person}``; ``slots`` says what may stand there, ``moods`` lists three
moods to begin in, and ``openings`` two ways to say the same first thing. A world more or less gives the same seed another
conversation: the engine's version rises.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from quizzes.engines.dice import Dice

FOLDER = Path(__file__).parent / "worlds"
OWN = ("slots", "moods", "openings")


@cache
def worlds() -> tuple[dict[str, Any], ...]:
    """The worlds in the order of their files; nobody may change them."""
    return tuple(yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml")))


def generate(dice: Dice, seed: int, level: str) -> dict[str, Any]:
    """The conversation that ``dice`` draw among the worlds of ``level``."""
    world = dice.choice([each for each in worlds() if each["level"] == level])
    drawn = {name: dice.choice(values) for name, values in world["slots"].items()}
    case: dict[str, Any] = {key: value for key, value in world.items() if key not in OWN}
    case |= {"uid": f"{world['uid']}-{seed}", "mood": dice.choice(world["moods"])}
    opening = dice.choice(world["openings"])
    nodes = [{**node, "choices": dice.shuffled(node["choices"])} for node in world["nodes"]]
    case["nodes"] = [{**nodes[0], "says": opening}, *nodes[1:]]
    filled: dict[str, Any] = _filled(case, drawn)
    return filled


def _filled(value: Any, drawn: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for name, word in drawn.items():
            value = value.replace(f"{{{name}}}", word)
        return value
    if isinstance(value, list):
        return [_filled(each, drawn) for each in value]
    if isinstance(value, dict):
        return {key: _filled(each, drawn) for key, each in value.items()}
    return value
