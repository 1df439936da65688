"""The one form of all question types: its fields, beside those that an ``Editor`` declares, and how it is read.

The name of a control is the dotted path of its value in the content (``options.0.text``), so that a fault finds its
field. ``question_drawing`` draws the form from a content, ``question_rows`` does what the buttons of its lists say.
Everything is pure: nothing is saved.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy

from quizzes.editor import Edited, Field, Rows
from quizzes.registry import Content, QuestionType
from quizzes.types.base import tidy

WHOLE = re.compile(r"[+-]?\d{1,9}\Z")
SEPARATORS = re.compile(r"[\s,;]+")
ROWS_MOST = 100
STEM = Field("stem", gettext_lazy("Question"), "markdown", required=True)
HINTS = Rows(
    name="hints",
    label=gettext_lazy("Hints"),
    fields=(Field("text", gettext_lazy("Hint"), "markdown", required=True),),
    least=0,
    most=5,
    add=gettext_lazy("Add a hint"),
)
GENERAL = Field(
    "general_feedback",
    gettext_lazy("What everybody reads afterwards"),
    "markdown",
    help=gettext_lazy("Shown to all who answered, whatever they answered."),
)
POINTS = Field("points", gettext_lazy("Points"), "whole", default=1)
BACK_TO = Field(
    "back_to", gettext_lazy("Lesson that explains it"), "choice", help=gettext_lazy("Offered to whoever got it wrong.")
)
KEEP = Field(
    "keep",
    gettext_lazy("Worth keeping"),
    "flag",
    default=False,
    help=gettext_lazy("Everybody who is asked it gets a review card of it, not only those who got it wrong."),
)
SETTINGS = (POINTS, BACK_TO, KEEP)
# What no field shows and an author keeps unknowingly.
UNSHOWN = ("uid", "format", "facts")


# From form data to a content


def read(kind: QuestionType, data: QueryDict, base: Content) -> dict[str, Any]:
    """The content that ``data`` says; what no field shows is kept from ``base``. It may have faults."""
    rules = (kind.content_schema,)
    content = {key: base[key] for key in UNSHOWN if key in base} | {"type": kind.name}
    for each in (STEM, *kind.editor.fields, GENERAL, *SETTINGS):
        put(content, each, value_of(each, data, each.name), each.name in required_of(rules))
    for each in kind.editor.rows:
        put_rows(content, each, data, each.name, base, schemas_of(rules, each.name, "items"))
    hints = _read_rows(HINTS, data, HINTS.name, (), ())
    if hints:
        content["hints"] = [each.get("text", "") for each in hints]
    return content


def value_of(each: Field, data: QueryDict, name: str) -> Any:
    """What a control says: text, a list of texts, True or False, a whole number; its text as it stands when it is none."""
    if each.kind == "flag":
        return name in data
    text = tidy(data.get(name, "").replace("\x00", ""))
    if each.kind == "whole" and WHOLE.match(text):
        return int(text)
    if each.kind == "decimals":
        return [part for part in SEPARATORS.split(text) if part]
    return text


def put(said: dict[str, Any], each: Field, value: Any, required: bool) -> None:
    """Keep a value that says something: what is empty or goes without saying is left out, unless the type wants it."""
    default = False if each.kind == "flag" and each.default is None else each.default
    if value in ("", []) or (value == default and not required):
        return
    said[each.name] = value


def put_rows(
    said: dict[str, Any], rows: Rows, data: QueryDict, path: str, base: Content, rules: Sequence[Content]
) -> None:
    found = _read_rows(rows, data, path, base.get(rows.name, ()), rules)
    if found or rows.least:
        said[rows.name] = found


def _read_rows(
    rows: Rows, data: QueryDict, path: str, base: Sequence[Content], rules: Sequence[Content]
) -> list[dict[str, Any]]:
    known = {str(each.get("id")): each for each in base}
    found = []
    for number in _numbers(data, path):
        place = f"{path}.{number}"
        row_id = tidy(data.get(f"{place}.id", "").replace("\x00", ""))[:60]
        before = known.get(tidy(data.get(f"{place}.was", row_id)), {})
        found.append(_read_row(rows, data, place, row_id, before, rules))
    return found


def _read_row(
    rows: Rows, data: QueryDict, place: str, row_id: str, before: Content, rules: Sequence[Content]
) -> dict[str, Any]:
    inner = lists_of(rows)
    shown = {"id", *(each.name for each in rows.fields), *(each.name for each in inner)}
    said: dict[str, Any] = {"id": row_id} | {key: value for key, value in before.items() if key not in shown}
    required = required_of(rules)
    for each in rows.fields:
        put(said, each, value_of(each, data, f"{place}.{each.name}"), each.name in required or each.name in before)
    for each in inner:
        put_rows(said, each, data, f"{place}.{each.name}", before, schemas_of(rules, each.name, "items"))
    return said


def _numbers(data: QueryDict, path: str) -> list[int]:
    """The numbers of the rows at ``path``, in order; gaps between them are what a script took away."""
    pattern = re.compile(rf"{re.escape(path)}\.(\d{{1,4}})\.id\Z")
    return sorted({int(found[1]) for found in map(pattern.match, data) if found})[:ROWS_MOST]


# What a type declares of its lists


def lists_of(rows: Rows) -> list[Rows]:
    return [*([rows.inner] if rows.inner else []), *rows.also]


def fixed_ids(kind: Edited, rows: Rows) -> list[str]:
    """The ids of rows that are always the same, as for true and false; empty when an author makes their own."""
    found = schemas_of((kind.content_schema,), rows.name, "items", "id")
    named = [each["enum"] for each in found if "enum" in each]
    return [each for each in named[0] if isinstance(each, str)] if named else []


def _branches(rules: Sequence[Content]) -> Iterator[Content]:
    """``rules`` and every schema that may hold as well: each of ``allOf``, ``oneOf``, and what follows an ``if``."""
    for each in rules:
        yield each
        also = [*each.get("allOf", ()), *each.get("oneOf", ()), *([each["then"]] if "then" in each else [])]
        yield from _branches(also)


def schemas_of(rules: Sequence[Content], *steps: str) -> list[Content]:
    """The schemas of what lies below: a property by name, then the ``items`` of its list."""
    found = list(_branches(rules))
    for step in steps:
        below = [_below(each, step) for each in found]
        found = list(_branches([each for each in below if isinstance(each, Mapping)]))
    return found


def _below(rules: Content, step: str) -> Any:
    """What ``rules`` say of a step further down; ``items`` may be a property as well, as in a list called so."""
    return rules.get("items") if step == "items" and "items" in rules else rules.get("properties", {}).get(step)


def required_of(rules: Sequence[Content]) -> set[str]:
    return {name for each in _branches(rules) for name in each.get("required", ())}
