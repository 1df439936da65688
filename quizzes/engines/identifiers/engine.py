"""Drills in numbers and links: a table to work out, a verdict, what was meant; the arithmetic is shown afterwards."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.editor import Editor, Field, Rows
from quizzes.engines.base import LINE, FormEngine, case_schema
from quizzes.engines.fields import FieldKind, FormField, mark_of, options
from quizzes.engines.identifiers import digits, generator
from quizzes.engines.identifiers.asks import (
    ASKS_OF,
    CHOICES,
    FAULTS,
    KINDS,
    LABELS,
    NUMBER_KINDS,
    TABLE,
    UNSEEN_FAULTS,
    Item,
    asks,
    name_of,
    right_answers,
    table_of,
    told_faults,
)
from quizzes.engines.identifiers.grading import advice, parts_of
from quizzes.engines.registry import Case, Fault, Part, State
from quizzes.types.base import TEXT, rows_schema

MONO = (*TABLE, "converted", "intended", "issn", "isbn", "isbn13", "doi", "date", "spage", "epage")
ROW = {"type": "string", "minLength": 1, "maxLength": LINE}
ITEMS = rows_schema(
    {
        "kind": {"enum": list(KINDS)},
        "intro": {"type": "string", "maxLength": TEXT},
        "given": {"type": "string", "minLength": 1, "maxLength": TEXT},
        "record": ROW,
        "number": ROW,
        "faults": ROW,
        "ask": {
            "type": "array",
            "minItems": 1,
            "maxItems": len(LABELS),
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["id"],
                "properties": {
                    "id": {"enum": list(LABELS)},
                    "key": {"type": "string", "minLength": 1, "maxLength": LINE},
                    "feedback": {"type": "string", "maxLength": LINE},
                },
            },
        },
    },
    required=["kind", "given", "ask"],
    least=1,
    most=8,
)
ROWS = Rows(
    name="items",
    label=gettext_lazy("Numbers and links"),
    fields=(
        Field("kind", gettext_lazy("What is done with it"), "choice", choices=tuple(KINDS.items()), required=True),
        Field("given", gettext_lazy("Number or link, as it was given"), required=True),
        Field("intro", gettext_lazy("Where it comes from")),
        Field("record", gettext_lazy("Record beside it")),
        Field("number", gettext_lazy("Number of that record")),
        Field(
            "faults",
            gettext_lazy("Faults that the link alone does not show"),
            help=gettext_lazy("wrong_title, download_date or author_reversed; semicolons between several."),
        ),
    ),
    least=1,
    most=8,
    add=gettext_lazy("Add a number or link"),
    inner=Rows(
        name="ask",
        label=gettext_lazy("What is asked"),
        fields=(
            Field("key", gettext_lazy("Right answer"), help=gettext_lazy("Empty: worked out from what was given.")),
            Field("feedback", gettext_lazy("What to add to the reason")),
        ),
        least=1,
        most=len(LABELS),
        named=True,
    ),
)


class Identifiers(FormEngine):
    """Answers are texts by ``item.ask``; those to ``faults`` are lists of codes."""

    name = "identifiers"
    label = gettext_lazy("Check numbers by hand")
    lede = gettext_lazy("Test an ISBN or ISSN by hand, and read what a link says about the item it asks for.")
    icon = "tool"
    topic = "citations"
    minutes = 8
    case_schema = case_schema({"items": ITEMS}, required=["items"])
    editor = Editor(rows=(ROWS,))
    template = "quizzes/engines/identifiers.html"
    check_label = gettext_lazy("Check my figures")

    def faults(self, case: Case) -> list[Fault]:
        found: list[Fault] = []
        ids = [item["id"] for item in case["items"]]
        for number, item in enumerate(case["items"]):
            if ids.index(item["id"]) != number:
                found.append((f"items.{number}.id", _("This id is taken; give each item its own.")))
            found += [(f"items.{number}.{where}", text) for where, text in item_faults(item)]
        return found

    def generate(self, seed: int, level: str = "working") -> dict[str, Any]:
        return generator.generate(self.version, seed, level)

    def right(self, case: Case) -> dict[str, Any]:
        return {name_of(item, ask): right for item in case["items"] for ask, right in right_answers(item).items()}

    def read(self, case: Case, data: QueryDict) -> dict[str, Any]:
        names = _names(case)
        return {name: data.getlist(name) if ask == "faults" else data.get(name, "") for name, ask in names.items()}

    def clean(self, case: Case, answers: Any) -> dict[str, Any]:
        if not isinstance(answers, Mapping):
            return {}
        read = {name: _clean(ask, answers.get(name)) for name, ask in _names(case).items()}
        return {name: value for name, value in read.items() if value}

    def parts(self, case: Case, answers: Mapping[str, Any], state: State) -> list[Part]:
        return [part for at, item in enumerate(case["items"], 1) for part in parts_of(item, at, answers)]

    def hints(self, case: Case, state: State) -> Mapping[str, str]:
        return {name_of(item, each["id"]): advice(item, each["id"]) for item in case["items"] for each in asks(item)}

    def show(self, case: Case, state: State) -> dict[str, Any]:
        marks = self.marks(case, state)
        return {"items": [_shown(item, at, state, marks) for at, item in enumerate(case["items"], 1)]}


def _names(case: Case) -> dict[str, str]:
    """What is asked, by the name of its answer."""
    return {name_of(item, each["id"]): each["id"] for item in case["items"] for each in asks(item)}


def _clean(ask: str, value: Any) -> Any:
    if ask == "faults":
        chosen = value if isinstance(value, list) else []
        return [code for code in FAULTS if code in chosen]
    text = value.strip()[:LINE] if isinstance(value, str) else ""
    known = dict(CHOICES[ask]) if ask in CHOICES else {text: ""}
    return text if text in known else ""


def _shown(item: Item, number: int, state: State, marks: Mapping[str, Part]) -> dict[str, Any]:
    over = state["over"]
    rows = [_field(item, each["id"], state, marks) for each in asks(item)]
    table = table_of(item)
    return {
        "number": number,
        "title": KINDS[item["kind"]],
        "intro": item.get("intro", ""),
        "given": item["given"],
        "is_link": item["kind"] == "openurl_parse",
        "record": item.get("record", ""),
        "table": [row for row in rows if row.name.partition(".")[2] in TABLE],
        "fields": [row for row in rows if row.name.partition(".")[2] not in TABLE],
        "working": _working(table) if over and table and any(each["id"] in TABLE for each in asks(item)) else None,
    }


def _field(item: Item, ask: str, state: State, marks: Mapping[str, Part]) -> FormField:
    name = name_of(item, ask)
    given = state["answers"].get(name, "")
    return FormField(
        name,
        str(LABELS[ask]),
        _kind(ask),
        given,
        groups=options([("", dict(CHOICES.get(ask, ())))], given if isinstance(given, list) else [given]),
        help=_("Write “none” if there is none.") if ask == "converted" else "",
        mark=mark_of(marks.get(name), over=state["over"], reply=""),
    )


def _kind(ask: str) -> FieldKind:
    if ask in CHOICES:
        return "checks" if ask == "faults" else "radio" if ask == "valid" else "choice"
    return "code" if ask in MONO else "line"


def _working(table: digits.Working) -> dict[str, Any]:
    """The table as the debrief draws it."""
    rows = zip(table.digits, table.scheme.weights, table.products, strict=True)
    return {
        "label": table.scheme.label,
        "rows": [{"digit": digit, "weight": weight, "product": product} for digit, weight, product in rows],
        "total": table.total,
        "modulus": table.scheme.modulus,
        "remainder": table.remainder,
        "check": table.check,
    }


def item_faults(item: Item) -> list[Fault]:
    """Why ``item`` cannot be asked as it is written: only what has one right answer may be."""
    offered, right = ASKS_OF[item["kind"]], right_answers(item)
    found: list[Fault] = []
    names = [each["id"] for each in asks(item)]
    for at, ask in enumerate(names):
        if ask not in offered:
            found.append((f"ask.{at}", _("“%(what)s” is not asked of this kind.") % {"what": LABELS[ask]}))
        elif names.index(ask) != at:
            found.append((f"ask.{at}", _("“%(what)s” is asked twice.") % {"what": LABELS[ask]}))
        elif not right.get(ask):
            text = _("“%(what)s” has no right answer here: what is given does not say it.")
            found.append((f"ask.{at}", text % {"what": LABELS[ask]}))
        elif ask in CHOICES and ask != "faults" and right[ask] not in dict(CHOICES[ask]):
            found.append((f"ask.{at}.key", _("This is none of the answers that are offered.")))
    if unknown := [each for each in told_faults(item) if each not in UNSEEN_FAULTS]:
        found.append(("faults", _("Unknown: %(codes)s.") % {"codes": ", ".join(unknown)}))
    return found + _record_faults(item, names)


def _record_faults(item: Item, names: list[str]) -> list[Fault]:
    """A wrong number has many valid neighbours: what was meant may be asked beside a record only (F-104)."""
    scheme = NUMBER_KINDS.get(item["kind"]) or digits.scheme_of(item["given"])
    number = item.get("number", "")
    if not {"intended", "diagnosis"} & set(names):
        return []
    if not item.get("record"):
        return [("record", _("What was meant can be asked only beside a record."))]
    record = digits.scheme_of(number)
    if record is None or not digits.is_valid(record, number):
        return [("number", _("What was meant can be asked only beside a record with a valid number."))]
    if "intended" in names and record is not scheme:
        return [("number", _("The record’s number is of another kind."))]
    if "intended" in names and digits.clean(number) == digits.clean(item["given"]):
        return [("given", _("This is the record’s number already; nothing else was meant."))]
    return []
