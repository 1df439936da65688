"""JSON Schema of questions, put together from the registered types."""

from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator

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


def schema_faults(schema: Mapping[str, Any], content: Any) -> list[tuple[str, str]]:
    """Where ``content`` departs from ``schema``, as ``(dotted path, sentence)``."""
    errors = Draft202012Validator(schema).iter_errors(content)
    return [(".".join(map(str, error.absolute_path)), error.message) for error in errors]
