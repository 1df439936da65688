"""The shape of a queue, and what an author fills in."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.editor import Editor, Field, Rows
from quizzes.engines.base import LINE, TEXT, case_schema
from quizzes.engines.triage.loans import ACTS
from quizzes.engines.triage.reasons import LISTS, SITUATIONS
from quizzes.types.base import ID

SERVICES: Mapping[str, Any] = {"loan": _("Loan"), "copy": _("Copy")}
CODES: Mapping[str, Any] = {"": _("none"), "CCG": "CCG", "CCL": "CCL"}
TERMS: Mapping[str, Any] = {
    "ill_yes": _("interlibrary loan allowed, also as a file"),
    "paper_only": _("interlibrary loan from a printed copy only"),
    "no": _("no interlibrary loan"),
    "silent": _("says nothing about interlibrary loan; our policy then goes by the law"),
}
# A day that exists; 29 February is left out, which no case needs.
DAY = {
    "type": "string",
    "pattern": r"^[12]\d{3}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))$",
}
CLOCK = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"}
WORDS = {"type": "string", "minLength": 1, "maxLength": LINE}
WHOLE = {"type": "integer", "minimum": 0, "maximum": 10_000}
FLAG = {"type": "boolean"}
MOST = 8


def _rows(own: Mapping[str, Any], *required: str, least: int = 0, most: int = MOST) -> dict[str, Any]:
    item = {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": {"id": ID, **own},
    }
    return {"type": "array", "minItems": least, "maxItems": most, "items": item}


WORK = {"minutes": {**WHOLE, "minimum": 1, "maximum": 240}, "turn": {**WHOLE, "minimum": 1}, "courier": FLAG}
NOTES = _rows({"text": WORDS, "must": FLAG, "critical": FLAG}, "id", "text")
REQUESTS = _rows(
    {
        "service": {"enum": list(SERVICES)},
        "item": WORDS,
        "borrower": WORDS,
        "holding": WORDS,
        "situation": {"enum": list(SITUATIONS)},
        "code": {"enum": list(CODES)},
        "resource": WORDS,
        "need_before": DAY,
        "max_cost": WHOLE,
        "back": DAY,
        "note": {"type": "string", "maxLength": TEXT},
        "why": {"type": "string", "maxLength": TEXT},
        "notes": NOTES,
        **WORK,
    },
    "id", "service", "item", "holding", "situation", "minutes", "turn",
)  # fmt: skip
LOANS = _rows(
    {
        "item": WORDS,
        "borrower": WORDS,
        "due": DAY,
        "own_hold": FLAG,
        "log": _rows({"date": DAY, "act": {"enum": list(ACTS)}}, "date", "act"),
        **WORK,
    },
    "id", "item", "due", "minutes", "turn",
)  # fmt: skip
RUNG = {**WHOLE, "minimum": 1, "maximum": 400}
OVERDUE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["grace", "notice", "contact", "bill_after", "recall_days"],
    "properties": {
        **dict.fromkeys(("grace", "contact", "bill_after", "recall_days"), RUNG),
        "notice": {"type": "array", "minItems": 2, "maxItems": 2, "items": RUNG},
    },
}
SCHEMA = case_schema(
    {
        "list": {"enum": list(LISTS)},
        "today": DAY,
        "opens": CLOCK,
        "courier_at": CLOCK,
        "loan_days": {**WHOLE, "minimum": 1},
        "charge": WHOLE,
        "require_code": FLAG,
        "work": WORDS,
        "card": _rows({"text": WORDS}, "text"),
        "licences": _rows({"resource": WORDS, "terms": {"enum": list(TERMS)}}, "resource", "terms"),
        "overdue": OVERDUE,
        "requests": {**REQUESTS, "minItems": 1},
        "loans": LOANS,
    },
    required=["list", "today", "opens", "courier_at", "work", "loan_days", "requests"],
) | {"dependentRequired": {"loans": ["overdue"]}}

_WORK = (
    Field("minutes", _("Minutes of work"), "whole", required=True, default=10),
    Field("turn", _("Turn: what has the same number may be done in any order"), "whole", required=True, default=1),
    Field("courier", _("Must leave with the courier today"), "flag"),
)
EDITOR = Editor(
    fields=(
        Field("list", _("List of reasons"), "choice", choices=tuple(LISTS.items()), required=True),
        Field("today", _("Today"), "date", required=True),
        Field("opens", _("The desk opens at"), required=True, default="09:00"),
        Field("courier_at", _("The courier leaves at"), required=True, default="11:00"),
        Field("work", _("What comes before what in a day's work"), required=True),
        Field("loan_days", _("Days of a loan"), "whole", required=True, default=28),
        Field("charge", _("What a loan or copy costs"), "whole"),
        Field("require_code", _("A copy needs a compliance code"), "flag"),
    ),
    rows=(
        Rows("card", _("Policy card"), (Field("text", _("Rule"), required=True),), 0, MOST, add=_("Add a rule")),
        Rows(
            "licences",
            _("Licences"),
            (
                Field("resource", _("Resource"), required=True),
                Field("terms", _("What it says"), "choice", choices=tuple(TERMS.items()), required=True),
            ),
            0,
            MOST,
            add=_("Add a licence"),
        ),
        Rows(
            "requests",
            _("Requests"),
            (
                Field("item", _("What is asked for"), required=True),
                Field("service", _("Service"), "choice", choices=tuple(SERVICES.items()), required=True),
                Field("borrower", _("Who asks")),
                Field("holding", _("What the catalogue and the shelf say"), required=True),
                Field(
                    "situation",
                    _("What is the case"),
                    "choice",
                    choices=tuple((name, each.label) for name, each in SITUATIONS.items()),
                    required=True,
                ),
                Field("code", _("Compliance code"), "choice", choices=tuple(CODES.items())),
                Field("resource", _("The licence that covers it")),
                Field("need_before", _("Needed before"), "date"),
                Field("max_cost", _("The most they pay"), "whole"),
                Field("back", _("Back on"), "date", help=_("When it is on loan, at the bindery or on order.")),
                Field("note", _("Their note")),
                Field("why", _("Why the answer is right"), "markdown"),
                *_WORK,
            ),
            1,
            MOST,
            add=_("Add a request"),
            inner=Rows(
                "notes",
                _("What the answer may say or do"),
                (
                    Field("text", _("Text"), required=True),
                    Field("must", _("It must"), "flag"),
                    Field("critical", _("It must never"), "flag"),
                ),
                0,
                MOST,
                add=_("Add a line"),
            ),
        ),
        Rows(
            "loans",
            _("Open loans"),
            (
                Field("item", _("What is on loan"), required=True),
                Field("borrower", _("To whom")),
                Field("due", _("Due"), "date", required=True),
                Field("own_hold", _("A user of ours is waiting for it"), "flag"),
                *_WORK,
            ),
            0,
            MOST,
            add=_("Add a loan"),
            inner=Rows(
                "log",
                _("What was done"),
                (
                    Field("date", _("Day"), "date", required=True),
                    Field("act", _("What"), "choice", choices=tuple(ACTS.items()), required=True),
                ),
                0,
                MOST,
                add=_("Add an entry"),
            ),
        ),
    ),
)
