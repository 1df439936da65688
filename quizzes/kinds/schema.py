"""JSON Schema of a quiz: its settings, and questions put together from the registered types."""

from typing import Any

from quizzes.asking import REVIEWED
from quizzes.behaviours import behaviours
from quizzes.registry import types
from quizzes.types.base import ID


def question_schema() -> dict[str, Any]:
    """A question of any registered type."""
    return {
        "type": "object",
        "required": ["type"],
        "properties": {"type": {"enum": sorted(types)}},
        "allOf": [{"if": _is_of(name), "then": dict(each.content_schema)} for name, each in sorted(types.items())],
    }


def _is_of(name: str) -> dict[str, Any]:
    return {"type": "object", "required": ["type"], "properties": {"type": {"const": name}}}


PERCENT = {"type": "integer", "minimum": 0, "maximum": 100}
UIDS = {"type": "array", "minItems": 1, "maxItems": 200, "uniqueItems": True, "items": {"type": "string"}}
BANK = {"type": "string", "minLength": 1, "maxLength": 100}
DRAW = {"type": "integer", "minimum": 1, "maximum": 200}
WHEN = {"enum": ["at_once", "closed", "never"]}


def _closed(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": properties,
    }


def _list(items: dict[str, Any], most: int) -> dict[str, Any]:
    return {"type": "array", "maxItems": most, "items": items}


def settings_schema() -> dict[str, Any]:
    """The properties of a quiz that say how it asks; see ``quizzes.asking.Settings``."""
    return {
        "behaviour": {"enum": sorted(behaviours)},
        "tries": _closed({"most": {"type": "integer", "minimum": 2, "maximum": 10}, "penalty": PERCENT}),
        "time_limit": {"type": "integer", "minimum": 1, "maximum": 600},
        "grace": {"type": "integer", "minimum": 0, "maximum": 600},
        "closes_on": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        "review": _closed(dict.fromkeys(REVIEWED, WHEN)),
        "blind": {"type": "boolean"},
        "shuffle": {"type": "boolean"},
        "shuffle_questions": {"type": "boolean"},
    }


def lists_schema() -> dict[str, Any]:
    """The properties of a quiz that say what it asks; ``picks`` and ``draws`` stand in drafts only."""
    draw = {
        "bank": BANK,
        "draw": DRAW,
        "topic": {"type": "string", "maxLength": 100},
        "difficulty": {"enum": ["easy", "medium", "hard"]},
        "tags": _list({"type": "string", "minLength": 1, "maxLength": 60}, 20),
    }
    return {
        "questions": _list(question_schema(), 200),
        "pools": _list(_closed({"draw": DRAW, "of": UIDS}, "draw", "of"), 50),
        "picks": _list(_closed({"bank": BANK, "uid": ID}, "bank", "uid"), 200),
        "draws": _list(_closed(draw, "bank", "draw"), 50),
    }
