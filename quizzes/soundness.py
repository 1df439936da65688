"""What is wrong with a question, each fault with the dotted path of the field it belongs to."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from jsonschema import ValidationError

from courses.shapes import Validator
from quizzes.registry import Content, Fault, types
from quizzes.rendering import used_media
from quizzes.types.base import DECIMAL_PATTERN, SHARE_PATTERN, UID_PATTERN


def shape_faults(content: Content) -> list[Fault]:
    """Where ``content`` breaks the schema of its type. Nothing else may be asked of it as long as there is one."""
    kind = types.get(str(content.get("type", "")))
    if kind is None:
        return [("type", _("Choose a kind of question."))]
    return schema_faults(kind.content_schema, content)


def schema_faults(rules: Mapping[str, Any], value: Content) -> list[Fault]:
    """Where ``value`` breaks the schema ``rules``, each at the field that is missing or wrong."""
    found: list[Fault] = []
    for error in Validator(rules).iter_errors(value):
        found += _said(error)
    return list(dict.fromkeys(found))


def faults_of(content: Content, files: Sequence[str] | set[str]) -> list[Fault]:
    """Everything that keeps a question from being ready; ``files`` are the names that are there, without ``media/``."""
    broken = shape_faults(content)
    if broken:
        return broken
    kind = types[content["type"]]
    shown = {str(content.get(each.name)): each.name for each in kind.editor.fields if each.kind == "media"}
    said = _("The file “%(name)s” is not there; add it to this question.")
    missing = [name for name in used_media(content) if name not in files]
    return [*kind.faults(content), *((shown.get(f"media/{name}", "stem"), said % {"name": name}) for name in missing)]


def warnings_of(content: Content) -> list[Fault]:
    """What an author should know and may leave as it is; empty while the shape is broken."""
    return [] if shape_faults(content) else types[content["type"]].warnings(content)


def _said(error: ValidationError) -> Iterator[Fault]:
    path = [str(step) for step in error.absolute_path]
    if error.validator == "required":
        yield from ((".".join([*path, key]), _("Fill this in.")) for key in _missing(error))
    elif error.validator == "oneOf":
        for each in _nearest(error):
            yield from _said(each)
    elif error.validator == "additionalProperties":
        known = error.schema.get("properties", {}) if isinstance(error.schema, Mapping) else {}
        extra = [key for key in error.instance if key not in known]
        yield from ((".".join([*path, key]), _("This has no place here.")) for key in extra)
    else:
        yield ".".join(path), _sentence(error)


def _nearest(error: ValidationError) -> list[ValidationError]:
    """What keeps the value from the one of several shapes that it resembles most: the one whose names it has most of."""
    branches = list(error.validator_value)

    def likeness(number: int) -> tuple[int, int]:
        names = branches[number].get("required", ())
        return sum(name in error.instance for name in names), len(names)

    best = max(range(len(branches)), key=likeness)
    return [each for each in error.context or () if next(iter(each.schema_path), None) == best]


def _missing(error: ValidationError) -> list[str]:
    return [key for key in error.validator_value if key not in error.instance]


PATTERNS: Mapping[str, Any] = {
    DECIMAL_PATTERN: lambda: _("Write a number such as 12.5 or -3."),
    SHARE_PATTERN: lambda: _("Write a percentage such as 50 or 33.33333."),
    UID_PATTERN: lambda: _("Use small letters, digits and single hyphens."),
}


def _sentence(error: ValidationError) -> str:
    limit = error.validator_value
    if error.validator == "minItems":
        return ngettext("At least %(n)d is needed.", "At least %(n)d are needed.", limit) % {"n": limit}
    if error.validator == "pattern":
        return PATTERNS[limit]() if limit in PATTERNS else _("Use letters, digits and hyphens.")
    if error.validator == "type":
        return _("Write a whole number.") if limit == "integer" else _("This cannot be read here.")
    known = {
        "minLength": _("Fill this in."),
        "maxLength": _("This is longer than %(limit)s characters; shorten it."),
        "maxItems": _("There are more than %(limit)s; take some away."),
        "minimum": _("The least is %(limit)s."),
        "maximum": _("The most is %(limit)s."),
        "enum": _("Choose one of the list."),
        "uniqueItems": _("Something is there twice; keep one."),
    }
    return known.get(str(error.validator), _("This cannot be read here.")) % {"limit": limit}
