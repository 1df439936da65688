"""The lists in the form of a question: what their buttons do (``up:options.1``), and the rows that are still blank."""

import re
import string
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from quizzes.editor import Edited, Rows
from quizzes.forms.question import HINTS, ROWS_MOST, fixed_ids, lists_of
from quizzes.registry import Content

FIXED_TEXTS = {"true": gettext_lazy("True"), "false": gettext_lazy("False")}
GIVEN = re.compile(r"[a-z]\Z|r\d+\Z")  # names of new rows, see ``new_row``


# What the buttons do


def act(kind: Edited, content: dict[str, Any], wanted: str) -> str:
    """Do what a button of a list says (``add:options``, ``up:options.2`` …); the path at which the focus belongs.

    Empty when there is no such button: then nothing has changed.
    """
    verb, _colon, path = wanted.partition(":")
    place, _dot, number = (path, "", "") if verb == "add" else path.rpartition(".")
    rows, holder = _find(kind, content, place)
    if rows is None or verb not in ACTS or (verb != "add" and not number.isdecimal()):
        return ""
    listed = holder.setdefault(rows.name, [])
    at = ACTS[verb](rows, listed, int(number or 0))
    return f"{place}.{at}" if at is not None else ""


def _find(kind: Edited, content: dict[str, Any], path: str) -> tuple[Rows | None, dict[str, Any]]:
    """The declaration of the list at ``path``, and the dictionary that holds it."""
    steps = path.split(".")
    known: Sequence[Rows] = (*kind.editor.rows, HINTS)
    holder = content
    while True:
        rows = next((each for each in known if each.name == steps[0]), None)
        if rows is None or len(steps) == 1:
            return rows, holder
        listed = holder.get(rows.name, [])
        if len(steps) < 3 or not steps[1].isdecimal() or int(steps[1]) >= len(listed) or rows is HINTS:
            return None, holder
        holder, known, steps = listed[int(steps[1])], lists_of(rows), steps[2:]


def _add(rows: Rows, listed: list[Any], _number: int) -> int | None:
    if len(listed) >= rows.most:
        return None
    listed.append("" if rows is HINTS else new_row(rows, listed))
    return len(listed) - 1


def _remove(_rows: Rows, listed: list[Any], number: int) -> int | None:
    if number >= len(listed):
        return None
    del listed[number]
    return max(0, number - 1)


def _swap(listed: list[Any], number: int, other: int) -> int | None:
    if not (0 <= number < len(listed) and 0 <= other < len(listed)):
        return None
    listed[number], listed[other] = listed[other], listed[number]
    return other


ACTS: Mapping[str, Any] = {
    "add": _add,
    "remove": _remove,
    "up": lambda _rows, listed, number: _swap(listed, number, number - 1),
    "down": lambda _rows, listed, number: _swap(listed, number, number + 1),
}


# Blank rows, put there and left out again


def new_row(rows: Rows, listed: Sequence[Content]) -> dict[str, Any]:
    """A blank row with an id that is free: a, b, … z, then r27 and on. Lists within it have as few as they may."""
    taken = {str(each.get("id")) for each in listed}
    names = [*string.ascii_lowercase, *(f"r{number}" for number in range(27, 27 + ROWS_MOST + len(taken)))]
    row: dict[str, Any] = {"id": next(name for name in names if name not in taken)}
    row |= {each.name: each.default for each in rows.fields if _says(each.default)}
    return row | {each.name: _least(each) for each in lists_of(rows) if each.least}


def _says(default: Any) -> bool:
    """Is it worth writing down? A flag that is not there stands as it does by default."""
    return default is not None and not isinstance(default, bool)


def _least(rows: Rows) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for _number in range(rows.least):
        made.append(new_row(rows, made))
    return made


def blank(kind: Edited) -> dict[str, Any]:
    """The content of a new question: as many blank rows as the type needs, and one more where there may be several."""
    content: dict[str, Any] = {"type": kind.name}
    content |= {each.name: each.default for each in kind.editor.fields if _says(each.default)}
    for rows in kind.editor.rows:
        fixed = fixed_ids(kind, rows)
        first = rows.fields[0].name if rows.fields else "text"
        content[rows.name] = (
            [{"id": each, first: str(FIXED_TEXTS.get(each, each))} for each in fixed] if fixed else _least(rows)
        )
    return content


def without_blanks(kind: Edited, content: dict[str, Any], *, names_say: bool = False) -> dict[str, Any]:
    """``content`` without the rows in which nobody wrote anything; as many stay as there must be.

    ``names_say``: a row that is called by name says something by its name alone, unless the form gave it that name.
    """
    said = dict(content)
    for rows in kind.editor.rows:
        if not fixed_ids(kind, rows):
            _keep_written(rows, said, names_say)
    if "hints" in said:
        said["hints"] = [each for each in said["hints"] if each]
    return said if said.get("hints", True) else {key: value for key, value in said.items() if key != "hints"}


def _keep_written(rows: Rows, holder: dict[str, Any], names_say: bool) -> None:
    """Take the blank rows out of the list called ``rows.name``, the last first; a list that need not be goes too."""
    kept: list[dict[str, Any]] = []
    listed = [dict(each) for each in holder.get(rows.name, ())]
    spare = len(listed) - rows.least
    for row in reversed(listed):
        for each in lists_of(rows):
            _keep_written(each, row, names_say)
        said = rows.named and names_say and not GIVEN.match(str(row.get("id")))
        if spare > 0 and not said and _is_blank(rows, row):
            spare -= 1
        else:
            kept.insert(0, row)
    if kept or (rows.least and rows.name in holder):
        holder[rows.name] = kept
    else:
        holder.pop(rows.name, None)


def _is_blank(rows: Rows, row: Content) -> bool:
    usual: dict[str, Any] = {each.name: each.default for each in rows.fields}
    inner = {each.name: each for each in lists_of(rows)}
    for key, value in row.items():
        if key in inner:
            if not all(_is_blank(inner[key], each) for each in value):
                return False
        elif key != "id" and value not in ("", False, usual.get(key)):
            return False
    return True
