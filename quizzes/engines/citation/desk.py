"""The desk as its template draws it: the citation, what was found, two records side by side, and the form."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from quizzes.engines.citation.cases import NONE, NOT_VERIFIABLE, given_of
from quizzes.engines.citation.evidence import MENU
from quizzes.engines.citation.grading import VERDICTS
from quizzes.engines.citation.records import (
    FIELDS,
    GENRES,
    HITS_MOST,
    Record,
    line_of,
    record_called,
    records_of,
    rows_of,
    search,
)
from quizzes.engines.fields import FieldKind, FormField, Mark, mark_of, options
from quizzes.engines.registry import Case, Part, State

MONO = ("year", "volume", "issue", "pages", "issn", "isbn", "number", "event_year")
WIDE = ("authors", "title", "container")
SHORT_TITLE = 2  # words


def shown(case: Case, state: State, hits: Sequence[Record], marks: Mapping[str, Part]) -> dict[str, Any]:
    """Before the first move the form holds what the citation says; later what was left in it."""
    answers, over = state["answers"], state["over"]
    values = answers if state["last"] else given_of(case)
    rows = [_field(name, values, marks, over=over) for name in FIELDS]
    said = {key: mark_of(marks.get(key), over=over, reply="") for key in ("record", "genre", "verdict", "evidence")}
    total = len(search(records_of(case), state["query"]))
    return {
        "citation": case["citation"],
        "source": case.get("source", ""),
        "query": state["query"],
        "searched": state["last"] == "search" or bool(state["log"]),
        "total": total,
        "more": total > HITS_MOST,
        "hits": [_hit(each, state) for each in _with_linked(case, hits, answers.get("record"))],
        "none": {"value": NONE, "linked": answers.get("record") == NONE},
        "record": said["record"],
        "beside": _beside(case, state["desk"]),
        "wide": [row for row in rows if row.name in WIDE],
        "short": [row for row in rows if row.name not in WIDE],
        "genre": _choice("choice", "genre", _("Kind of item"), GENRES, answers, said["genre"]),
        "verdict": _choice("radio", "verdict", _("Your verdict"), VERDICTS, answers, said["verdict"]),
        "evidence": _choice("checks", "evidence", _("Your evidence"), MENU, answers, said["evidence"]),
        "doubted": bool(answers.get("evidence") or said["evidence"] or answers.get("verdict") == NOT_VERIFIABLE),
        "note": _note(answers, marks, over=over),
        "over": over,
    }


def _with_linked(case: Case, hits: Sequence[Record], linked: str | None) -> list[Record]:
    """What was found, and the record that is linked already: it stays in sight whatever is searched next."""
    record = record_called(case, linked)
    return [*hits, record] if record and record not in hits else list(hits)


def _hit(record: Record, state: State) -> dict[str, Any]:
    return {
        "id": record["id"],
        "line": line_of(record),
        "rows": [{"label": label, "value": value} for label, value in rows_of(record)],
        "linked": state["answers"].get("record") == record["id"],
        "laid": record["id"] in state["desk"],
    }


def _field(name: str, values: Mapping[str, Any], marks: Mapping[str, Part], *, over: bool) -> FormField:
    kind: FieldKind = "code" if name in MONO else "line"
    mark = mark_of(marks.get(f"field.{name}"), over=over, reply=_("Compare it with the record."))
    return FormField(name, str(FIELDS[name]), kind, values.get(name, ""), mark=mark)


def _choice(
    kind: FieldKind,
    name: str,
    label: str,
    choices: Mapping[str, Any],
    answers: Mapping[str, Any],
    mark: Mark | None,
) -> FormField:
    hint = _("Tick what another desk could check; two are enough.") if name == "evidence" else ""
    given = answers.get(name, "")
    chosen = given if isinstance(given, list) else [given]
    return FormField(name, label, kind, given, groups=options([("", choices)], chosen), help=hint, mark=mark)


def _note(answers: Mapping[str, Any], marks: Mapping[str, Part], *, over: bool) -> FormField:
    """The note with the mark of the first point that it does not make."""
    points = [part for key, part in marks.items() if key.startswith("note.")]
    worst = min(points, key=lambda part: part.fraction, default=None)
    hint = _("Say what is in doubt or what you changed, and what you need to know. It is looked through for key words.")
    note = answers.get("note", "")
    return FormField("note", _("Note to the reader"), "text", note, help=hint, mark=mark_of(worst, over=over))


def _beside(case: Case, ids: Sequence[str]) -> dict[str, Any] | None:
    """The citation and the records on the desk, field by field; None when the desk is empty."""
    found = [record for each in ids if (record := record_called(case, each))]
    if not found:
        return None
    given = given_of(case)
    columns = [(_("The citation"), given), *((_short(each), each) for each in found)]
    names = [name for name in FIELDS if any(values.get(name) for _head, values in columns)]
    return {
        "heads": [head for head, _values in columns],
        "rows": [
            {
                "label": FIELDS[name],
                "cells": [{"head": head, "value": values.get(name, "")} for head, values in columns],
            }
            for name in names
        ],
    }


def _short(record: Record) -> str:
    """Enough of a record to head a column: its first author, or the beginning of its title, and the year."""
    author = record.get("authors", "").split(",")[0]
    title = record["title"].split()
    name = author or " ".join(title[:SHORT_TITLE]) + ("…" if len(title) > SHORT_TITLE else "")
    return f"{name} {record.get('year') or record.get('years', '')}".strip()
