"""JSON Schema faults as sentences that an author understands."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from jsonschema import Draft202012Validator, ValidationError, validators

SCHEMAS = Path(__file__).parent / "folder" / "schema"
Steps = tuple[str | int, ...]

TYPES: dict[str, Promise] = {
    "string": gettext_lazy("text"),
    "integer": gettext_lazy("a whole number"),
    "boolean": gettext_lazy("true or false"),
    "array": gettext_lazy("a list"),
    "object": gettext_lazy("a map of names and values"),
    "null": gettext_lazy("nothing"),
}


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """The whole text must fit: Python's ``$`` would let a line end pass."""
    if isinstance(instance, str) and not re.fullmatch(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _min_length(validator: Any, least: int, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """Nothing but spaces is nothing: texts are tidied before they are kept, and then it would be missing."""
    if isinstance(instance, str) and len(instance.strip()) < least:
        yield ValidationError(f"{instance!r} is too short")


Validator = validators.extend(Draft202012Validator, {"pattern": _pattern, "minLength": _min_length})


@cache
def schema(name: str) -> Mapping[str, Any]:
    """One of the published schemas: ``course``, ``lesson`` or ``lesson-translation``."""
    loaded: Mapping[str, Any] = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def problems(rules: Mapping[str, Any], value: Any) -> list[tuple[Steps, str]]:
    """Every place where ``value`` breaks the schema ``rules``: ``(path, sentence)``."""
    found: list[tuple[Steps, str]] = []
    for error in Validator(rules).iter_errors(value):
        found += _sentences(error)
    return found


def dotted(steps: Steps) -> str:
    return ".".join(str(step) for step in steps)


def _sentences(error: ValidationError) -> list[tuple[Steps, str]]:
    steps: Steps = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        known = sorted(error.schema.get("properties", {}))
        extra = [key for key in error.instance if key not in known]
        sentence = _("“%(name)s” is not known here; known are %(known)s")
        return [((*steps, key), sentence % {"name": key, "known": ", ".join(known)}) for key in extra]
    if error.validator == "required":
        missing = [key for key in error.validator_value if error.message.startswith(repr(key))]
        hints = error.schema.get("properties", {})
        return [(steps, _missing(key, _hint(hints.get(key, {})))) for key in missing]
    if error.validator == "not":  # a property that has no place in this file
        return [(steps, _("“%(name)s” has no place here; take it out") % {"name": _name(steps)})]
    return [(steps, _broken(error, steps))]


def _missing(name: str, hint: str) -> str:
    if hint:
        return _("“%(name)s” is missing; give %(hint)s") % {"name": name, "hint": hint}
    return _("“%(name)s” is missing") % {"name": name}


def _hint(rules: Any) -> str:
    if not isinstance(rules, Mapping):
        return ""
    if rules.get("description"):
        return str(rules["description"])
    if "enum" in rules:
        return _("one of %(known)s") % {"known": ", ".join(str(each) for each in rules["enum"])}
    names = rules.get("type", [])
    return _(" or ").join(str(TYPES[each]) for each in ([names] if isinstance(names, str) else names) if each in TYPES)


def _broken(error: ValidationError, steps: Steps) -> str:
    words = {
        "name": _name(steps),
        "value": _short(error.instance),
        "hint": _hint(error.schema),
        "limit": error.validator_value,
    }
    known = {
        "minLength": _("“%(name)s” is empty; give %(hint)s"),
        "maxLength": _("“%(name)s” is longer than %(limit)s characters; shorten it"),
        "minItems": _("“%(name)s” is empty; give %(hint)s"),
        "minProperties": _("“%(name)s” is empty; give %(hint)s"),
        "maxItems": _("“%(name)s” has more than %(limit)s entries"),
        "minimum": _("“%(name)s” is %(value)s; the least is %(limit)s"),
        "maximum": _("“%(name)s” is %(value)s; the most is %(limit)s"),
        "uniqueItems": _("“%(name)s” names something twice; keep one"),
    }
    if error.validator == "minItems" and error.instance:
        return _("“%(name)s” has fewer than %(limit)s entries") % words
    sentence = known.get(str(error.validator), _("“%(name)s” is %(value)s; it should be %(hint)s"))
    if sentence.endswith("%(hint)s") and not words["hint"]:
        return f"“{words['name']}”: {error.message}"
    return sentence % words


def _name(steps: Steps) -> str:
    return str(steps[-1]) if steps and isinstance(steps[-1], str) else dotted(steps) or _("the file")


def _short(value: Any) -> str:
    if value is None:
        return _("empty")
    if isinstance(value, dict | list):
        return str(TYPES["object" if isinstance(value, dict) else "array"])
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, bool | int) else f"“{value}”"
    return text if len(text) <= 60 else f"{text[:57]}…”"
