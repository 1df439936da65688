"""The form of a practice case, made of what its engine declares; deeper structures are written as YAML beside it.

It reads, draws and changes lists as the form of a question does. Everything is pure: nothing is saved.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.folder.writing import dump
from courses.models import Level
from courses.yaml_lines import Document, load_yaml
from quizzes.editor import Editor, Field, Rows
from quizzes.engines.registry import Case, Engine, Fault
from quizzes.forms.question import lists_of, put, put_rows, required_of, schemas_of, value_of
from quizzes.forms.question_drawing import Control, Drawing, List, Notes, control_id
from quizzes.forms.question_rows import act, blank, without_blanks
from quizzes.types.base import tidy

REST = "rest"  # the control for what no field shows
TEXT_MAX = 100_000
LENT = "-"  # begins the ids of rows that have none of their own
KEPT = ("uid", "forked_from")  # a case keeps these whatever its form says
HEAD = (
    Field("title", gettext_lazy("Title"), required=True),
    Field(
        "brief",
        gettext_lazy("The situation"),
        "markdown",
        help=gettext_lazy("Markdown. What is read before the first move."),
    ),
    Field("level", gettext_lazy("Level"), "choice", choices=Level.choices, default="working"),
    Field(
        "minutes", gettext_lazy("Minutes"), "whole", help=gettext_lazy("Empty: as long as the engine usually takes.")
    ),
    Field("credit", gettext_lazy("Credit"), help=gettext_lazy("Who is to be named beside the case.")),
)
HEAD_NAMES = {each.name for each in HEAD}


@dataclass
class CaseShape:
    """A case of one engine as the generic form knows it."""

    name: str
    editor: Editor
    content_schema: Mapping[str, Any]

    @classmethod
    def of(cls, engine: Engine) -> "CaseShape":
        own = tuple(each for each in engine.editor.fields if each.name not in HEAD_NAMES)
        return cls(engine.name, Editor((*HEAD, *own), engine.editor.rows), engine.case_schema)

    @property
    def shown(self) -> set[str]:
        return {each.name for each in (*self.editor.fields, *self.editor.rows)}

    @property
    def rest(self) -> list[str]:
        """The properties that are written as YAML."""
        return [name for name in self.content_schema["properties"] if name not in self.shown and name not in KEPT]


@dataclass
class Written:
    """What a form says: the case, the YAML of its rest as it was typed, and what could not be read."""

    case: dict[str, Any]
    rest: Document
    text: str
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class CasePage:
    """The whole form. ``key`` says why the key cannot be reached, ``others`` are faults that belong to no field."""

    fields: Sequence[Control]
    flags: Sequence[Control]
    lists: Sequence[List]
    rest: str
    rest_names: Sequence[str]
    rest_faults: Sequence[str]
    key: Sequence[str]
    others: Sequence[str]
    summary: Sequence[tuple[str, str, str]]


def new_case(shape: CaseShape) -> dict[str, Any]:
    """A blank case: as many rows as there must be."""
    return {key: value for key, value in blank(shape).items() if key != "type"}


def with_ids(shape: CaseShape, case: Case) -> dict[str, Any]:
    """``case`` whose rows all have an id, by which its form knows them; some engines' rows have none of their own."""
    return _each_row(shape.editor.rows, dict(case), lambda row, at: {"id": f"{LENT}{at}", **row})


def without_ids(shape: CaseShape, case: Case) -> dict[str, Any]:
    """``case`` without the ids that only its form needs."""

    def plain(row: Case, _at: int) -> dict[str, Any]:
        return {name: value for name, value in row.items() if name != "id" or not str(value).startswith(LENT)}

    return _each_row(shape.editor.rows, dict(case), plain)


def _each_row(
    lists: Sequence[Rows], holder: dict[str, Any], change: Callable[[Case, int], dict[str, Any]]
) -> dict[str, Any]:
    """``holder`` with ``change`` made to each row, also in the lists within rows; what is no row stays."""
    for rows in lists:
        if isinstance(holder.get(rows.name), list):
            holder[rows.name] = [
                _each_row(lists_of(rows), change(row, at), change) if isinstance(row, dict) else row
                for at, row in enumerate(holder[rows.name])
            ]
    return holder


def rest_of_case(shape: CaseShape, case: Case) -> str:
    """The YAML of what no field shows; empty when there is nothing."""
    rest = {name: case[name] for name in case if name not in shape.shown and name not in KEPT}
    return dump(rest) if rest else ""


def read_case(shape: CaseShape, data: QueryDict, base: Case) -> Written:
    """The case that ``data`` says; ``base`` is what it was: what it said stays said, and what no field shows is kept."""
    rules, base = (shape.content_schema,), with_ids(shape, base)
    case: dict[str, Any] = {key: base[key] for key in KEPT if key in base}
    for each in shape.editor.fields:
        put(case, each, value_of(each, data, each.name), each.name in required_of(rules) or each.name in base)
    for rows in shape.editor.rows:
        put_rows(case, rows, data, rows.name, base, schemas_of(rules, rows.name, "items"))
    text = tidy(data.get(REST, "").replace("\x00", ""))
    rest = load_yaml(text[:TEXT_MAX])
    written = Written(case, rest, text, [(REST, _at_line(line, said)) for line, said in rest.faults])
    written.faults += [(REST, said) for said in _too_long(text)]
    if isinstance(rest.value, dict):
        written.faults += [(REST, _elsewhere(rest, name)) for name in rest.value if name in shape.shown | {*KEPT}]
        case |= {name: value for name, value in rest.value.items() if name not in shape.shown | {*KEPT}}
    elif rest.value is not None:
        written.faults.append((REST, _("Write names and values, such as “facts: [F-61]”.")))
    return written


def _too_long(text: str) -> list[str]:
    """What is longer is refused whole: cut off, it might still be a case, without its end."""
    if len(text) <= TEXT_MAX:
        return []
    return [_("This is too long: a case has %(most)d characters at most.") % {"most": TEXT_MAX}]


def _at_line(line: int, said: str) -> str:
    return _("Line %(line)d: %(fault)s") % {"line": line, "fault": said}


def _elsewhere(rest: Document, name: str) -> str:
    return _at_line(rest.line_of(name), _("“%(name)s” has a field of its own.") % {"name": name})


def change_lists(shape: CaseShape, case: dict[str, Any], wanted: str) -> str:
    """Do what a button of a list says; the id of what is to be focused, empty when nothing has changed."""
    place = act(shape, case, wanted)
    return control_id(place) if place else ""


def tidied_lists(shape: CaseShape, case: dict[str, Any]) -> dict[str, Any]:
    """``case`` without the rows in which nobody wrote anything."""
    return without_blanks(shape, case, names_say=True)


def draw_case(shape: CaseShape, written: Written, faults: Sequence[Fault] = ()) -> CasePage:
    """The form of a case with what is wrong beside its fields."""
    said = [*written.faults, *faults]
    notes = Notes.of([(path, sentence) for path, sentence in said if path != "key"])
    sheet = Drawing(written.case, notes, Notes.of(()), ())
    controls = [sheet.control(each, each.name, written.case.get(each.name)) for each in shape.editor.fields]
    lists = [sheet.list(each, each.name, written.case.get(each.name, ())) for each in shape.editor.rows]
    rest_faults = list(notes.at(REST))
    others, summary = [], []
    for path, sentences in notes.by_path.items():
        words = " ".join(sentences)
        if path in sheet.labels:
            summary.append((control_id(path), sheet.labels[path], words))
        elif path.partition(".")[0] in shape.rest:
            rest_faults.append(_at_line(written.rest.line_of(path), f"{path}: {words}"))
        elif path != REST:
            others.append(f"{path}: {words}" if path else words)
    if rest_faults:
        summary.append((control_id(REST), _("Everything else"), " ".join(rest_faults)))
    return CasePage(
        fields=[each for each in controls if each.field.kind != "flag"],
        flags=[each for each in controls if each.field.kind == "flag"],
        lists=lists,
        rest=written.text,
        rest_names=shape.rest,
        rest_faults=rest_faults,
        key=[sentence for path, sentence in said if path == "key"],
        others=others,
        summary=summary,
    )


def kept_case(shape: CaseShape, case: Case) -> Written:
    """A saved case as its form shows it."""
    text = rest_of_case(shape, case)
    return Written(with_ids(shape, case), load_yaml(text), text)


# As text


def case_text(case: Case) -> str:
    """The whole case as YAML, its uid first."""
    return dump({"uid": case.get("uid", ""), **case})


def read_text(text: str, *, uid: str) -> tuple[dict[str, Any], Document, list[str]]:
    """The case in ``text``, where its lines are, and what cannot be read; without a uid it is called ``uid``."""
    document = load_yaml(text[:TEXT_MAX])
    said = _too_long(text) or [_at_line(line, sentence) for line, sentence in document.faults]
    if not isinstance(document.value, dict):
        said = said or [_("Write a case as names and values, beginning with “title:”.")]
        return {}, document, said
    case = dict(document.value)
    if uid and not case.get("uid"):
        case["uid"] = uid
    return case, document, said


def said_by_line(document: Document, faults: Sequence[Fault]) -> list[str]:
    """Faults of a case that was written as text, each with its line; the key has none."""
    return [
        sentence if path in ("key", "") else _at_line(document.line_of(path), f"{path}: {sentence}")
        for path, sentence in faults
    ]
