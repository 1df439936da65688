"""The shape of a case: the request, the other side's script, and the key."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from quizzes.editor import Editor, Field
from quizzes.engines.base import LINE, TEXT, case_schema
from quizzes.engines.workflow import conditions, rules, words
from quizzes.engines.workflow.desk import WHEN_PATTERN

DAY = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
WORD = {"type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9_]{0,39}$"}
TEXT_LINE = {"type": "string", "minLength": 1, "maxLength": LINE}
NUMBER = {"type": "integer", "minimum": 0, "maximum": 100000}
DAYS = {"type": "integer", "minimum": 1, "maximum": 400}
FACTS = {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True}
REASONS = [
    "RequestResponse",
    "StatusRequestResponse",
    "RenewResponse",
    "CancelResponse",
    "StatusChange",
    "Notification",
]
STATUSES = [
    "ExpectToSupply",
    "WillSupply",
    "Loaned",
    "Overdue",
    "Recalled",
    "RetryPossible",
    "Unfilled",
    "CopyCompleted",
    "LoanCompleted",
    "CompletedWithoutReturn",
    "Cancelled",
    "HoldReturn",
    "ReleaseHoldReturn",
]  # F-85


def thing(own: Mapping[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": dict(own)}


def listing(item: Mapping[str, Any], *, least: int = 0, most: int = 40) -> dict[str, Any]:
    return {"type": "array", "items": dict(item), "minItems": least, "maxItems": most}


WHEN = {"type": "string", "pattern": WHEN_PATTERN}
LINE_OF_SCRIPT = {
    "when": WHEN,
    "if": {"type": "object", "additionalProperties": {"type": "string"}},
    "once": {"type": "boolean"},
    "silent": {"type": "boolean"},  # says nothing, where the desk would answer by itself
    "note": TEXT_LINE,
}
SEND = thing(
    {
        "reasonForMessage": {"enum": REASONS},
        "status": {"enum": STATUSES},
        "answerYesNo": {"enum": ["Y", "N"]},
        "dueDate": DAY,
        "reasonRetry": {"enum": list(words.RETRY)},
        "reasonUnfilled": {"enum": list(words.UNFILLED)},
        "loanCondition": {"enum": list(words.CONDITIONS)},
        "offeredCosts": NUMBER,
        "retryAfter": DAY,
        "note": TEXT_LINE,
    },
    "reasonForMessage",
)
SUPPLIER_LINE = thing({**LINE_OF_SCRIPT, "send": SEND}, "when")
ASKED = thing(
    {
        "action": {
            "enum": ["StatusRequest", "Received", "Cancel", "Renew", "ShippedReturn", "Notification", "Lost"]
        },  # F-84
        "request": {"enum": ["Retry", "Reminder"]},
        "accepts": {"type": "boolean"},
        "changes": {"type": "object", "additionalProperties": {"type": ["string", "integer"]}},
        "note": TEXT_LINE,
    }
)
REQUESTER_LINE = thing({**LINE_OF_SCRIPT, "send": ASKED, "parcel": {"const": "arrives"}, "pays": NUMBER}, "when")
USER_LINE = thing({**LINE_OF_SCRIPT, "says": TEXT_LINE, "wants": WORD, "news": TEXT_LINE}, "when")

CONDITION = {
    "kind": {"enum": list(conditions.KINDS)},
    "move": WORD,
    "event": TEXT_LINE,
    "message": WORD,
    "messages": listing(WORD),
    "supplier": TEXT_LINE,
    "nth": DAYS,
    "times": DAYS,
    "channels": DAYS,
    "by": DAY,
    "from": DAY,
    "on": DAY,
    "days": DAYS,
    "counted": {"enum": ["due", "asked"]},
    "before_due": {"type": "integer", "minimum": 0, "maximum": 60},
    "past_due": DAYS,
    "after": TEXT_LINE,
    "before": TEXT_LINE,
    "with": {"type": "object"},
    "field": WORD,
    "begins": TEXT_LINE,
    "first": {"type": "boolean"},
    "code": {"enum": ["CCG", "CCL"]},
    "in": listing(WORD, least=1),
}
OTHER = listing(thing(CONDITION, "kind"), least=1, most=5)
SAYING = {
    name: {"type": "string", "maxLength": TEXT} for name in ("label", "why", "expected", "hint", "next_time", "asked")
}
JUDGED = {**CONDITION, **SAYING, "id": WORD, "facts": FACTS, "or": OTHER, "half": OTHER}
GOAL = thing({**JUDGED, "w": {"type": "integer", "minimum": 1, "maximum": 50}}, "id", "kind", "w")
MOMENT = thing(JUDGED, "id", "kind")
ITEM = {"type": "object", "required": ["verb"], "properties": {"verb": TEXT_LINE}}
KEY = thing(
    {
        "goals": listing(GOAL, least=1, most=12),
        "tell": listing(MOMENT, most=8),
        "forbidden": {**listing({"enum": [*rules.LAPSES, *rules.PLANTED]}), "uniqueItems": True},
        "reasons": listing({"enum": [*words.RETRY, *words.UNFILLED]}),
        "replies": listing(
            thing({"n": DAYS, "why": {"type": "string", "maxLength": TEXT}, "facts": FACTS, "or": OTHER}, "n")
        ),
        "walks": listing(listing(ITEM, least=1, most=60), least=1, most=4),
        "best_path_cost": NUMBER,
        "ends_in": listing(WORD, least=1, most=5),
    },
    "goals",
    "walks",
    "ends_in",
)
REQUEST = thing(
    {
        "service": {"enum": ["Loan", "Copy", "CopyOrLoan"]},  # F-82
        "title": TEXT_LINE,
        "container": TEXT_LINE,
        "number": TEXT_LINE,
        "volume": TEXT_LINE,
        "issue": TEXT_LINE,
        "pages": TEXT_LINE,
        "date": TEXT_LINE,
        "need_before": DAY,
        "max_cost": NUMBER,
        "any_edition": {"enum": ["MostRecentEdition", "ThisEdition", "AnyEdition"]},
        "code": {"enum": ["CCG", "CCL"]},
    },
    "service",
    "title",
)
SUPPLIER = thing(
    {
        "supplier": TEXT_LINE,
        "later": {"type": "boolean"},  # found only when further suppliers are looked for
        "terms": thing(
            {
                "cost": NUMBER,
                "loan_days": DAYS,
                "reply": TEXT_LINE,
                "replacement": {"enum": ["pays_list_price", "own_copy"]},
                "parcel": thing({"is": {"enum": ["wrong", "damaged", "sound"]}, "note": TEXT_LINE}, "is", "note"),
            }
        ),
        "script": listing(SUPPLIER_LINE),
    },
    "supplier",
    "script",
)
POLICY = thing(
    {
        **dict.fromkeys(("respond_days", "answer_days", "cancel_days", "loan_days", "renew_days"), DAYS),
        **dict.fromkeys(("renewals", "grace", "contact", "lost_after", "fee", "charge", "user_offset_days"), NUMBER),
        "notice": listing(DAYS, least=2, most=2),
        "special": {"enum": list(words.CONDITIONS)},
        "require_code": {"type": "boolean"},
        "user_pays": {"type": "boolean"},
        "note": TEXT_LINE,
    }
)
USER = thing(
    {
        "note": TEXT_LINE,
        "away_from": DAY,
        "reachable_from": DAY,
        "returns": DAY,
        "keeps": {"type": "boolean"},
        "replies": {"type": "object", "additionalProperties": TEXT_LINE},
        "script": listing(USER_LINE),
    }
)
HOLDINGS = thing(
    {
        "location": TEXT_LINE,
        "status": {"enum": list(words.SHELF)},
        "holds": NUMBER,
        "list_price": NUMBER,
        "back_on": DAY,
        "found_from": DAY,
        "note": TEXT_LINE,
    },
    "location",
    "status",
)
MESSAGE = thing(
    {"id": WORD, "to": {"enum": ["user", "library"]}, "text": TEXT_LINE, "states": listing(WORD, least=1)},
    "id",
    "text",
    "states",
)
CASE = case_schema(
    {
        "side": {"enum": ["borrow", "lend"]},
        "profile": {"enum": ["standard", "community"]},
        "edition": {"enum": ["1.2", "2021"]},
        "start": DAY,
        "start_state": WORD,
        "request": REQUEST,
        "mend": listing({"enum": ["date", "volume", "issue", "title", "pages"]}, most=5),
        "loan": thing({"dueDate": DAY, "loan_days": DAYS, "user_date": DAY}, "dueDate"),
        "user": USER,
        "policy": POLICY,
        "rota": listing(SUPPLIER, least=1, most=8),
        "holdings": HOLDINGS,
        "requester": thing({"name": TEXT_LINE, "script": listing(REQUESTER_LINE)}, "name", "script"),
        "carrier": thing({"loss_confirmed": DAY}, "loss_confirmed"),
        "messages": listing(MESSAGE),
        "alternatives": listing(thing({"id": WORD, "text": TEXT_LINE}, "id", "text"), least=2, most=6),
        "extra": listing(WORD),
        "key": KEY,
    },
    required=("profile", "start", "request", "policy", "key"),
)
EDITOR = Editor(
    fields=(
        Field(
            "side",
            lazy("Side of the desk"),
            "choice",
            choices=(("borrow", lazy("Borrowing")), ("lend", lazy("Lending"))),
            default="borrow",
        ),
        Field(
            "profile",
            lazy("How conditions are negotiated"),
            "choice",
            choices=(
                ("standard", lazy("By Retry, as the standard has it")),
                ("community", lazy("By condition and answer")),
            ),
            required=True,
        ),
        Field(
            "edition",
            lazy("Edition of the standard"),
            "choice",
            choices=(("1.2", lazy("Schema 1.2")), ("2021", lazy("2021, with the action Lost"))),
        ),
        Field("start", lazy("First day"), "date", required=True),
        Field(
            "start_state", lazy("State in which it begins"), help=lazy("A state of the table, such as NEW or IN_USE.")
        ),
    )
)
