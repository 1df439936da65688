"""The lending queue of one desk day: answer every request, look after every open loan, and catch the courier."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.engines.base import FormEngine, day
from quizzes.engines.fields import FormField, mark_of, options
from quizzes.engines.registry import Case, Fault, Part, State
from quizzes.engines.triage import desk
from quizzes.engines.triage.generator import generate
from quizzes.engines.triage.grading import log_of, parts_of, places_of, right_answers
from quizzes.engines.triage.loans import ACTIONS, GROUNDS
from quizzes.engines.triage.reasons import DECISIONS, GROUPS, LISTS, reasons_of
from quizzes.engines.triage.schema import EDITOR, SCHEMA, SERVICES


class LendingTriage(FormEngine):
    """Answers are flat: ``<row>.decision``, ``.reason``, ``.date``, ``.cost``, ``.notes`` and ``.place`` in the order."""

    name = "triage"
    label = gettext_lazy("Sort the lending queue")
    lede = gettext_lazy("Answer each request, look after each open loan, and catch the courier.")
    icon = "list"
    topic = "lending"
    minutes = 10
    case_schema = SCHEMA
    editor = EDITOR
    template = "quizzes/engines/triage.html"
    check_label = gettext_lazy("Check my answers")
    finish_label = gettext_lazy("Close the queue")

    def faults(self, case: Case) -> list[Fault]:
        return [*_id_faults(case), *_order_faults(case), *_request_faults(case), *_loan_faults(case)]

    def generate(self, seed: int, level: str = "working") -> dict[str, Any]:
        return generate(seed, level)

    def right(self, case: Case) -> dict[str, Any]:
        return right_answers(case)

    def read(self, case: Case, data: QueryDict) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for row in desk.rows_of(case):
            for what in ("decision", "reason", "date"):
                found[f"{row['id']}.{what}"] = data.get(f"{row['id']}.{what}", "")
            for what in ("cost", "place"):
                text = data.get(f"{row['id']}.{what}", "").strip()
                found[f"{row['id']}.{what}"] = (
                    int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else None
                )
            found[f"{row['id']}.notes"] = data.getlist(f"{row['id']}.notes")
        return found

    def clean(self, case: Case, answers: Any) -> dict[str, Any]:
        given = answers if isinstance(answers, Mapping) else {}
        found: dict[str, Any] = {}
        for request in case["requests"]:
            found |= _cleaned(given, request["id"], DECISIONS, reasons_of(case["list"]))
            known = [note["id"] for note in request.get("notes", ())]
            chosen = given.get(f"{request['id']}.notes")
            ticked = [each for each in known if each in chosen] if isinstance(chosen, list | tuple) else []
            cost = given.get(f"{request['id']}.cost")
            found |= {f"{request['id']}.notes": ticked} if ticked else {}
            found |= {f"{request['id']}.cost": cost} if type(cost) is int and 0 <= cost < 100_000 else {}
        for loan in case.get("loans", ()):
            found |= _cleaned(given, loan["id"], ACTIONS, GROUNDS)
        rows = desk.rows_of(case)
        for row in rows:
            place = given.get(f"{row['id']}.place")
            found |= {f"{row['id']}.place": place} if type(place) is int and 0 < place <= len(rows) else {}
        return found

    def parts(self, case: Case, answers: Mapping[str, Any], state: State) -> list[Part]:
        return parts_of(case, answers)

    def hints(self, case: Case, state: State) -> Mapping[str, str]:
        return {part.key: f"{part.label}: {part.next_time}" for part in parts_of(case, {})}

    def show(self, case: Case, state: State) -> dict[str, Any]:
        answers, marks = state["answers"], self.marks(case, state)
        drawn = _Drawn(case, answers, marks, over=state["over"])
        return {
            "today": desk.today_of(case),
            "opens": case["opens"],
            "courier_at": case["courier_at"],
            "work": case["work"],
            "list": LISTS[case["list"]],
            "card": desk.card(case),
            "requests": [drawn.request(number, each) for number, each in enumerate(case["requests"], start=1)],
            "loans": [
                drawn.loan(number, each)
                for number, each in enumerate(case.get("loans", ()), start=1 + len(case["requests"]))
            ],
            "order": [
                {"label": marks[key].label, "mark": mark_of(marks[key], over=state["over"], reply="")}
                for key in ("clock", "order")
                if key in marks
            ],
            "day": _day(case, answers) if marks else [],
        }


class _Drawn:
    """The rows of a queue as the page draws them."""

    def __init__(self, case: Case, answers: Mapping[str, Any], marks: Mapping[str, Part], *, over: bool) -> None:
        self.case, self.answers, self.marks, self.over = case, answers, marks, over
        self.total = len(desk.rows_of(case))

    def request(self, number: int, request: Case) -> dict[str, Any]:
        name = request["id"]
        fields = [
            self._choice(name, "decision", _("Decision"), (("", DECISIONS),)),
            self._choice(name, "reason", _("Reason or condition"), GROUPS[self.case["list"]]),
            self._date(
                name,
                _("Due date, or ask again from"),
                _("Where the answer has one. Ask again: from the day after it is back."),
            ),
        ]
        if self.case.get("charge"):
            fields.append(FormField(f"{name}.cost", _("Price offered"), "whole", self.answers.get(f"{name}.cost", "")))
        return {
            "number": number,
            "service": SERVICES[request["service"]],
            "item": request["item"],
            "minutes": request["minutes"],
            "facts": [
                {"name": fact, "value": value, "day": isinstance(value, dt.date)}
                for fact, value in desk.facts_of(self.case, request)
            ],
            "fields": fields,
            "notes": self._notes(request),
            "place": self._place(name),
        }

    def loan(self, number: int, loan: Case) -> dict[str, Any]:
        name = loan["id"]
        return {
            "number": number,
            "item": loan["item"],
            "borrower": loan.get("borrower", ""),
            "minutes": loan["minutes"],
            "due": dt.date.fromisoformat(loan["due"]),
            "log": log_of(loan),
            "fields": [
                self._choice(name, "decision", _("Action"), (("", ACTIONS),)),
                self._choice(name, "reason", _("Ground"), (("", GROUNDS),)),
                self._date(name, _("Return by"), _("Only for a recall.")),
            ],
            "place": self._place(name),
        }

    def _choice(self, row: str, what: str, label: str, groups: Any) -> FormField:
        name = f"{row}.{what}"
        mark = mark_of(self.marks.get(f"{what}.{row}"), over=self.over, reply="")
        return FormField(name, label, "choice", groups=options(groups, [self.answers.get(name, "")]), mark=mark)

    def _date(self, row: str, label: str, text: str) -> FormField:
        return FormField(f"{row}.date", label, "date", self.answers.get(f"{row}.date", ""), help=text)

    def _place(self, row: str) -> FormField:
        places = {str(place): str(place) for place in range(1, self.total + 1)}
        chosen = str(self.answers.get(f"{row}.place", ""))
        return FormField(f"{row}.place", _("Place in today's work"), "choice", groups=options([("", places)], [chosen]))

    def _notes(self, request: Case) -> FormField | None:
        texts = {note["id"]: note["text"] for note in request.get("notes", ())}
        if not texts:
            return None
        name = f"{request['id']}.notes"
        mark = mark_of(self.marks.get(f"note.{request['id']}"), over=self.over, reply="")
        groups = options([("", texts)], self.answers.get(name, ()))
        return FormField(name, _("In the answer, or with it"), "checks", groups=groups, mark=mark)


def _day(case: Case, answers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The simulated day as the learner ordered it, with the courier in between."""
    rows = {row["id"]: row for row in desk.rows_of(case)}
    leaves = desk.minute(case["courier_at"])
    done = desk.done_at(case, places_of(case, answers))
    lines: list[dict[str, Any]] = [
        {
            "minute": at,
            "time": desk.clock(at),
            "text": rows[each]["item"],
            "late": bool(rows[each].get("courier")) and at > leaves,
        }
        for each, at in done.items()
    ]
    if desk.courier_rows(case) and lines:
        lines.append({"minute": leaves, "time": case["courier_at"], "text": _("The courier leaves"), "courier": True})
    return sorted(lines, key=lambda line: line["minute"])


def _cleaned(
    given: Mapping[str, Any], row: str, decisions: Mapping[str, Any], reasons: Mapping[str, Any]
) -> dict[str, Any]:
    found = {}
    for what, known in (("decision", decisions), ("reason", reasons)):
        value = given.get(f"{row}.{what}")
        if isinstance(value, str) and value in known:
            found[f"{row}.{what}"] = value
    date = day(given.get(f"{row}.date"))
    return found | ({f"{row}.date": date.isoformat()} if date else {})


def _id_faults(case: Case) -> list[Fault]:
    counted = Counter(row["id"] for row in desk.rows_of(case))
    return [
        ("requests", _("The id %(id)s is there twice.") % {"id": each}) for each, times in counted.items() if times > 1
    ]


def _order_faults(case: Case) -> list[Fault]:
    """The order must be reachable whatever comes first within a turn, and the clock must be able to decide something."""
    by_turn, wanted = desk.turns(case), desk.courier_rows(case)
    if not wanted:
        return [] if len(by_turn) > 1 else [("requests", _("Every row has the same turn: there is no order to find."))]
    left = desk.minute(case["courier_at"]) - desk.minute(case["opens"])
    last = max(number for number, turn in enumerate(by_turn) if any(row.get("courier") for row in turn))
    if sum(row["minutes"] for turn in by_turn[: last + 1] for row in turn) > left:
        return [("courier_at", _("What must leave with the courier cannot be done in time."))]
    if sum(row["minutes"] for row in desk.rows_of(case)) <= left:
        return [("courier_at", _("Everything is done before the courier leaves: the clock decides nothing."))]
    return []


def _request_faults(case: Case) -> list[Fault]:
    found: list[Fault] = []
    known = [each["resource"] for each in case.get("licences", ())]
    for number, request in enumerate(case["requests"]):
        where, situation = f"requests.{number}", request["situation"]
        notes = request.get("notes", ())
        if request.get("resource") and request["resource"] not in known:
            found.append((f"{where}.resource", _("The licence table does not have this resource.")))
        if situation in ("print-only", "licence-bars") and desk.licence_of(case, request) not in ("paper_only", "no"):
            found.append((f"{where}.resource", _("This situation needs the licence that it is about.")))
        if situation == "cost" and not 0 <= request.get("max_cost", -1) < case.get("charge", 0):
            found.append((f"{where}.max_cost", _("What they pay must be less than what we charge.")))
        if (situation == "no-code") != _lacks_code(case, request):
            found.append((f"{where}.code", _("The code, the policy card and the situation do not agree.")))
        if any(note.get("critical") for note in notes) and not any(note.get("must") for note in notes):
            found.append((f"{where}.notes", _("Where a line must never be said, another must be.")))
        if len({note["id"] for note in notes}) < len(notes):
            found.append((f"{where}.notes", _("Two lines have the same id.")))
    return found


def _lacks_code(case: Case, request: Case) -> bool:
    return bool(request["service"] == "copy" and case.get("require_code") and not request.get("code"))


def _loan_faults(case: Case) -> list[Fault]:
    rules = case.get("overdue")
    if rules:
        first, second = rules["notice"]
        if not rules["grace"] < first < second < rules["contact"] < rules["bill_after"]:
            return [("overdue", _("The rungs must rise: grace, first and second notice, personal word, bill."))]
    return []
