"""The form of a question, drawn from its content: what the template shows, with what is wrong beside its field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.editor import Field, Rows
from quizzes.forms.question import BACK_TO, GENERAL, HINTS, SETTINGS, STEM, fixed_ids, lists_of
from quizzes.registry import Content, Fault, QuestionType

NAME = Field("id", gettext_lazy("Name"), "line", required=True)


@dataclass(frozen=True)
class Control:
    """A field on the page. ``name`` is its path in the content, ``value`` a text (or a truth value, of a flag)."""

    field: Field
    name: str
    value: Any
    choices: Sequence[tuple[str, str]] = ()
    faults: Sequence[str] = ()
    warnings: Sequence[str] = ()

    @property
    def id(self) -> str:
        return control_id(self.name)

    @property
    def short(self) -> bool:
        """A text of a row: one line to begin with, growing with what is written."""
        return "." in self.name


@dataclass(frozen=True)
class Row:
    """A row of a list: ``number`` counts from 1 for readers."""

    place: str
    number: int
    id: str
    label: str
    controls: Sequence[Control]
    lists: Sequence["List"]
    flag: Control | None
    faults: Sequence[str] = ()
    first: bool = False
    last: bool = False

    @property
    def dom(self) -> str:
        return control_id(self.place)


@dataclass(frozen=True)
class List:
    """A list of rows on the page; ``fixed`` ones are neither added, taken away nor moved."""

    rows: Rows
    path: str
    items: Sequence[Row]
    fixed: bool
    faults: Sequence[str] = ()

    @property
    def dom(self) -> str:
        return control_id(self.path)

    @property
    def full(self) -> bool:
        return len(self.items) >= self.rows.most


@dataclass(frozen=True)
class Page:
    """The whole form. ``others`` are faults that belong to no field shown; ``summary`` links each fault to its field."""

    stem: Control
    fields: Sequence[Control]
    lists: Sequence[List]
    settings: Sequence[Control]
    general: Control
    hints: List
    others: Sequence[str] = ()
    summary: Sequence[tuple[str, str, str]] = ()


def control_id(name: str) -> str:
    return f"q-{name.replace('.', '-')}"


@dataclass
class Notes:
    """Faults or warnings by path, and which of them have found their field."""

    by_path: Mapping[str, list[str]]
    placed: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, faults: Sequence[Fault]) -> "Notes":
        by_path: dict[str, list[str]] = {}
        for path, said in faults:
            by_path.setdefault(path, []).append(said)
        return cls(by_path)

    def at(self, path: str) -> list[str]:
        self.placed.add(path)
        return self.by_path.get(path, [])


@dataclass
class Drawing:
    """One drawing of a form: what is wrong where, and the labels of rows by which others name them."""

    content: Content
    faults: Notes
    warnings: Notes
    lessons: Sequence[tuple[str, str]]
    labels: dict[str, str] = field(default_factory=dict)

    def control(self, each: Field, name: str, value: Any) -> Control:
        self.labels[name] = str(each.label)
        return Control(
            each, name, _shown(each, value), self._choices(each, value), self.faults.at(name), self.warnings.at(name)
        )

    def _choices(self, each: Field, value: Any) -> list[tuple[str, str]]:
        if each.kind != "choice":
            return []
        known = list(self.lessons) if each is BACK_TO else [(key, str(label)) for key, label in each.choices]
        if each.of:
            known = [(str(row.get("id")), _row_words(row, number)) for number, row in enumerate(self._rows(each.of), 1)]
        if each.default is None and "" not in dict(known):
            known = [("", _("None") if each is BACK_TO else "–"), *known]
        return known if not value or value in dict(known) else [*known, (str(value), str(value))]

    def _rows(self, name: str) -> Sequence[Content]:
        rows: Sequence[Content] = self.content.get(name, ())
        return rows

    def list(self, rows: Rows, path: str, listed: Sequence[Content], *, fixed: bool = False) -> List:
        items = [self._row(rows, f"{path}.{number}", number, each) for number, each in enumerate(listed)]
        items = [replace(each, first=each.number == 1, last=each.number == len(items)) for each in items]
        self.labels[path] = str(rows.label)
        return List(rows, path, items, fixed, self.faults.at(path))

    def _row(self, rows: Rows, place: str, number: int, row: Content) -> Row:
        label = _row_label(rows, row, number + 1)
        controls = [self.control(each, f"{place}.{each.name}", row.get(each.name)) for each in rows.fields]
        if rows.named:
            named = self.control(NAME, f"{place}.id", row.get("id", ""))
            controls = [named, *controls]
        for each in controls:
            self.labels[each.name] = f"{label}, {each.field.label}"
        flag = next((each for each in controls if each.field.name == "right" and each.field.kind == "flag"), None)
        lists = [self.list(each, f"{place}.{each.name}", row.get(each.name, ())) for each in lists_of(rows)]
        self.labels[place] = label
        said = [*self.faults.at(place), *([] if rows.named else self.faults.at(f"{place}.id"))]
        rest = [each for each in controls if each is not flag]
        return Row(place, number + 1, str(row.get("id", "")), label, rest, lists, flag, said)


def _shown(each: Field, value: Any) -> Any:
    if each.kind == "flag":
        return bool(each.default if value is None else value)
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _row_label(rows: Rows, row: Content, number: int) -> str:
    if rows.named:
        return _("“%(name)s”") % {"name": row.get("id") or "…"}
    return _("%(what)s %(number)d") % {"what": rows.fields[0].label if rows.fields else rows.label, "number": number}


def _row_words(row: Content, number: int) -> str:
    text = str(row.get("text", "")).strip()
    return text[:60] if text else _("No. %(number)d") % {"number": number}


def draw(
    kind: QuestionType,
    content: Content,
    *,
    faults: Sequence[Fault] = (),
    warnings: Sequence[Fault] = (),
    lessons: Sequence[tuple[str, str]] = (),
) -> Page:
    """The form of ``content`` with what is wrong beside its fields; ``lessons`` are those that may explain it."""
    sheet = Drawing(content, Notes.of(faults), Notes.of(warnings), lessons)
    hints = [{"id": str(number), "text": text} for number, text in enumerate(content.get("hints", ()))]
    for number in range(len(hints)):  # a hint is a text, on the page a row with one field
        sheet.faults.by_path = _moved(sheet.faults.by_path, f"hints.{number}", f"hints.{number}.text")
    shown = [sheet.control(each, each.name, content.get(each.name)) for each in (*kind.editor.fields, *SETTINGS)]
    flags = [each for each in shown if each.field.kind == "flag" or each.field in SETTINGS]
    page = Page(
        stem=sheet.control(STEM, STEM.name, content.get(STEM.name)),
        fields=[each for each in shown if each not in flags],
        lists=[
            sheet.list(each, each.name, content.get(each.name, ()), fixed=bool(fixed_ids(kind, each)))
            for each in kind.editor.rows
        ],
        settings=flags,
        general=sheet.control(GENERAL, GENERAL.name, content.get(GENERAL.name)),
        hints=sheet.list(HINTS, HINTS.name, hints),
    )
    summary = [
        (control_id(path), sheet.labels[path], " ".join(said))
        for path, said in sheet.faults.by_path.items()
        if path in sheet.faults.placed and path in sheet.labels
    ]
    others = [f"{path}: {' '.join(said)}" for path, said in sheet.faults.by_path.items() if path not in sheet.labels]
    return replace(page, others=others, summary=summary)


def _moved(by_path: Mapping[str, list[str]], old: str, new: str) -> dict[str, list[str]]:
    return {(new if path == old else path): said for path, said in by_path.items()}


def form_data(page: Page) -> QueryDict:
    """What a browser would send of ``page`` as it was drawn: for tests, and to prove that nothing gets lost."""
    data = QueryDict(mutable=True)

    def add(control: Control) -> None:
        if control.field.kind != "flag":
            data[control.name] = control.value
        elif control.value:
            data[control.name] = "on"

    def add_list(listed: List) -> None:
        for row in listed.items:
            data[f"{row.place}.id"] = data[f"{row.place}.was"] = row.id
            for control in (*row.controls, *([row.flag] if row.flag else [])):
                add(control)
            for each in row.lists:
                add_list(each)

    for control in (page.stem, *page.fields, *page.settings, page.general):
        add(control)
    for each in (*page.lists, page.hints):
        add_list(each)
    return data
