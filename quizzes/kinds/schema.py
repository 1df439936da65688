"""JSON Schema of questions, put together from the registered types."""

from typing import Any

from quizzes.registry import types


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
