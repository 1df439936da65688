"""What an author fills in for a question, declared by its type; one generic form draws and reads all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

FieldKind = Literal["markdown", "line", "flag", "whole", "decimal", "decimals", "choice", "media", "date"]


@dataclass(frozen=True)
class Field:
    """A value of a question or of one of its rows, stored in its content under ``name``.

    ``choices`` are ``(value, label)`` pairs, for ``choice`` only. ``decimal`` is kept as a string, ``decimals`` as a list
    of them, ``whole`` as a number.
    ``of`` names the rows whose ids are the choices instead (the groups of an item), labelled by their first field.
    """

    name: str
    label: Any
    kind: FieldKind = "line"
    help: Any = ""
    choices: Sequence[tuple[str, Any]] = ()
    required: bool = False
    default: Any = None
    of: str = ""


@dataclass(frozen=True)
class Rows:
    """A list in the content, such as options or pairs: dictionaries with an ``id`` of their own.

    ``inner`` is a list within each row (the levels of a criterion, the options of a gap), ``also`` are further ones.
    ``named``: texts call a row by its id, so the author sees it and may change it.
    """

    name: str
    label: Any
    fields: Sequence[Field]
    least: int
    most: int
    add: Any = ""
    inner: "Rows | None" = None
    also: Sequence["Rows"] = ()
    named: bool = False


@dataclass(frozen=True)
class Editor:
    """The form of a type, besides what all questions have (stem, general feedback, hints, points)."""

    fields: Sequence[Field] = ()
    rows: Sequence[Rows] = ()


class Edited(Protocol):
    """What the generic form writes: questions of a type, cases of an engine. The schema says what must be there."""

    name: str
    editor: Editor
    content_schema: Mapping[str, Any]
