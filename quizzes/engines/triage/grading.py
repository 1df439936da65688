"""What each decision at the lending desk is worth: decisions 50, reasons 30, notes 10, order of work 10."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from quizzes.engines.registry import Case, Part
from quizzes.engines.triage import desk
from quizzes.engines.triage.loans import ACTIONS, ACTS, GROUNDS, WHY, due_today, may_be_billed, past_due, rungs_apart
from quizzes.engines.triage.reasons import DECISIONS, ISO, SITUATIONS, WAITING, answer_of, reasons_of
from quizzes.engines.triage.schema import SERVICES

DECISION, REASON, NOTE, ORDER = Decimal(50), Decimal(30), Decimal(10), Decimal(10)
HALF, ALL, NONE = Decimal("0.5"), Decimal(1), Decimal(0)
Answers = Mapping[str, Any]


def date_of(case: Case, request: Case) -> dt.date | None:
    """The day that belongs to the answer: when a loan is due, or from when they may ask again (ISO 18626 only)."""
    if request["situation"] == "supply" and request["service"] == "loan":
        return desk.today_of(case) + dt.timedelta(days=case["loan_days"])
    if request["situation"] in WAITING and case["list"] == ISO and "back" in request:
        return dt.date.fromisoformat(request["back"]) + dt.timedelta(days=1)
    return None


def cost_of(case: Case, request: Case) -> int | None:
    """The price that belongs to the answer: what we charge, when that is above their limit (ISO 18626 only)."""
    return case.get("charge") if request["situation"] == "cost" and case["list"] == ISO else None


def places_of(case: Case, answers: Answers) -> dict[str, int]:
    """The place of each row that was given one."""
    return {row["id"]: answers[f"{row['id']}.place"] for row in desk.rows_of(case) if f"{row['id']}.place" in answers}


def right_answers(case: Case) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for request in case["requests"]:
        answer, name = answer_of(case, request), request["id"]
        found |= {f"{name}.decision": answer.decisions[0], f"{name}.reason": answer.reasons[0]}
        if day := date_of(case, request):
            found[f"{name}.date"] = day.isoformat()
        if cost := cost_of(case, request):
            found[f"{name}.cost"] = cost
        if musts := _musts(request):
            found[f"{name}.notes"] = musts
    for loan in case.get("loans", ()):
        due, name = due_today(loan, desk.today_of(case), case["overdue"]), loan["id"]
        found |= {f"{name}.decision": due.action, f"{name}.reason": due.ground}
        if due.return_by:
            found[f"{name}.date"] = due.return_by.isoformat()
    in_order = [row for turn in desk.turns(case) for row in turn]
    return found | {f"{row['id']}.place": place for place, row in enumerate(in_order, start=1)}


def parts_of(case: Case, answers: Answers) -> list[Part]:
    """Requests and loans share the decisions and the reasons equally, row by row."""
    each = Decimal(len(desk.rows_of(case)))
    noted = Decimal(sum(bool(_musts(request)) for request in case["requests"])) or ALL
    parts: list[Part] = []
    for request in case["requests"]:
        parts += [_decision(case, request, answers, DECISION / each), _reason(case, request, answers, REASON / each)]
        if _musts(request):
            parts.append(_note(request, answers, NOTE / noted))
    for loan in case.get("loans", ()):
        parts += [_action(case, loan, answers, DECISION / each), _ground(case, loan, answers, REASON / each)]
    return parts + _order(case, answers)


def _musts(request: Case) -> list[str]:
    return [note["id"] for note in request.get("notes", ()) if note.get("must")]


def _why(request: Case) -> str:
    return str(request.get("why") or SITUATIONS[request["situation"]].why)


def _decision(case: Case, request: Case, answers: Answers, weight: Decimal) -> Part:
    chosen, answer = answers.get(f"{request['id']}.decision", ""), answer_of(case, request)
    never = _never(case, request) if chosen == "supply" else ""
    situation = SITUATIONS[request["situation"]]
    return Part(
        key=f"decision.{request['id']}",
        label=_("%(item)s: decision") % {"item": request["item"]},
        weight=weight,
        fraction=ALL if chosen in answer.decisions else NONE,
        did=str(DECISIONS.get(chosen, "")),
        expected=_either(DECISIONS, answer.decisions),
        why=f"{never} {_why(request)}".strip(),
        next_time=str(situation.hint),
        facts=situation.facts,
        critical=bool(never),
        asked=_("%(request)s What do you answer?") % {"request": _told(case, request)},
    )


def _never(case: Case, request: Case) -> str:
    """Why ``request`` must not simply be supplied; empty when it may (F-46, F-50)."""
    if request["service"] != "copy":
        return ""
    if case.get("require_code") and not request.get("code"):
        return _("A copy without a code must not leave where the policy card asks for one.")
    if desk.licence_of(case, request) == "no":
        return _("A copy must not be supplied against its licence.")
    return ""


def _reason(case: Case, request: Case, answers: Answers, weight: Decimal) -> Part:
    name, answer, codes = request["id"], answer_of(case, request), reasons_of(case["list"])
    chosen = answers.get(f"{name}.reason", "")
    earned = [ALL if chosen in answer.reasons else HALF if chosen in answer.broad else NONE]
    did, expected = [str(codes[chosen])] if chosen in codes else [], [_either(codes, answer.reasons)]
    if day := date_of(case, request):
        given = answers.get(f"{name}.date")
        earned.append(ALL if given == day.isoformat() else NONE)
        did += [desk.said_day(given)] if given else []
        expected.append(desk.said_day(day))
    if cost := cost_of(case, request):
        offered = answers.get(f"{name}.cost")
        earned.append(ALL if offered == cost else NONE)
        did += [str(offered)] if offered is not None else []
        expected.append(str(cost))
    situation = SITUATIONS[request["situation"]]
    return Part(
        key=f"reason.{name}",
        label=_("%(item)s: reason") % {"item": request["item"]},
        weight=weight,
        fraction=sum(earned, NONE) / len(earned),
        did=", ".join(did),
        expected=", ".join(expected),
        why=_why(request),
        next_time=_("Choose the narrowest reason that is true, and give the day or the price that belongs to it."),
        facts=(*situation.facts, "F-92"),
        asked=_("%(request)s Which reason, condition, day or price goes with the answer?")
        % {"request": _told(case, request)},
    )


def _note(request: Case, answers: Answers, weight: Decimal) -> Part:
    """The share of what must be said; each line that does harm takes one away again."""
    notes = {note["id"]: note for note in request["notes"]}
    chosen = [notes[each] for each in answers.get(f"{request['id']}.notes", ()) if each in notes]
    right = sum(bool(note.get("must")) for note in chosen)
    musts = _musts(request)
    critical = [note for note in chosen if note.get("critical")]
    return Part(
        key=f"note.{request['id']}",
        label=_("%(item)s: note") % {"item": request["item"]},
        weight=weight,
        fraction=max(NONE, Decimal(2 * right - len(chosen))) / len(musts),
        did="; ".join(note["text"] for note in chosen),
        expected="; ".join(notes[each]["text"] for each in musts),
        why=_("This must never happen: %(what)s.") % {"what": critical[0]["text"]} if critical else _why(request),
        next_time=_("Tick what helps the other library to take its next step, or what the licence asks for; no more."),
        facts=SITUATIONS[request["situation"]].facts,
        critical=bool(critical),
    )


def _action(case: Case, loan: Case, answers: Answers, weight: Decimal) -> Part:
    chosen, due = answers.get(f"{loan['id']}.decision", ""), due_today(loan, desk.today_of(case), case["overdue"])
    never = chosen == "bill" and not may_be_billed(loan)
    apart = rungs_apart(chosen, due.action)
    why = _("No bill before a personal word and a search on both shelves.") if never else str(WHY[due.ground])
    return Part(
        key=f"decision.{loan['id']}",
        label=_("%(item)s: action") % {"item": loan["item"]},
        weight=weight,
        fraction=ALL if chosen == due.action else HALF if apart == 1 else NONE,
        did=str(ACTIONS.get(chosen, "")),
        expected=str(ACTIONS[due.action]),
        why=why,
        next_time=_("Count the days past due, strike what the log shows as done, and take the first rule that fits."),
        facts=("F-61", "F-63"),
        critical=never,
        asked=_("%(loan)s What is to be done today?") % {"loan": _told_loan(case, loan)},
    )


def _ground(case: Case, loan: Case, answers: Answers, weight: Decimal) -> Part:
    name, due = loan["id"], due_today(loan, desk.today_of(case), case["overdue"])
    chosen, given = answers.get(f"{name}.reason", ""), answers.get(f"{name}.date")
    earned = [ALL if chosen == due.ground else NONE]
    did, expected = [str(GROUNDS[chosen])] if chosen in GROUNDS else [], [str(GROUNDS[due.ground])]
    if due.return_by:
        earned.append(ALL if given == due.return_by.isoformat() else NONE)
        did += [desk.said_day(given)] if given else []
        expected.append(desk.said_day(due.return_by))
    return Part(
        key=f"reason.{name}",
        label=_("%(item)s: ground") % {"item": loan["item"]},
        weight=weight,
        fraction=sum(earned, NONE) / len(earned),
        did=", ".join(did),
        expected=", ".join(expected),
        why=str(WHY[due.ground]),
        next_time=_("Name the rule of the card that decides; a recall carries the day by which it should be back."),
        facts=("F-61", "F-63"),
        asked=_("%(loan)s Which rule of the card decides what is done today?") % {"loan": _told_loan(case, loan)},
    )


def _order(case: Case, answers: Answers) -> list[Part]:
    """What makes the courier, and who comes before whom; each half of the order where a case has both."""
    places, wanted = places_of(case, answers), desk.courier_rows(case)
    pairs = _pairs(case)
    share = ORDER / (bool(wanted) + bool(pairs) or 1)
    titles = {row["id"]: row["item"] for row in desk.rows_of(case)}
    did = ", ".join(titles[each] for each in desk.done_at(case, places))
    parts = []
    if wanted:
        made = desk.caught(case, places)
        parts.append(
            Part(
                key="clock",
                label=_("Order of work: the courier"),
                weight=share,
                fraction=Decimal(len(made)) / len(wanted),
                did=_("with the courier: %(rows)s") % {"rows": ", ".join(titles[each] for each in made) or _("nothing")}
                if did
                else "",
                expected=_("Done by %(time)s: %(rows)s")
                % {"time": case["courier_at"], "rows": ", ".join(titles[each] for each in wanted)},
                why=_(
                    "Count the minutes from opening time: what must leave today has to be done when the courier leaves."
                ),
                next_time=_("Which rows are needed so soon that tomorrow's courier is too late? Add up their minutes."),
                facts=("F-63",),
            )
        )
    if pairs:
        kept = sum(one in places and other in places and places[one] < places[other] for one, other in pairs)
        parts.append(
            Part(
                key="order",
                label=_("Order of work: what comes before what"),
                weight=share,
                fraction=Decimal(kept) / len(pairs),
                did=did,
                expected="; ".join(_(" or ").join(row["item"] for row in turn) for turn in desk.turns(case)),
                why=_(
                    "What others wait for comes first; what only waits comes last. Within a turn any order is right."
                ),
                next_time=_("Who is waiting, until when, and which row needs nothing but time?"),
                facts=("F-63",),
            )
        )
    return parts


def _pairs(case: Case) -> list[tuple[str, str]]:
    """Each two rows of different turns, the earlier first."""
    by_turn = desk.turns(case)
    return [
        (one["id"], other["id"])
        for number, turn in enumerate(by_turn)
        for one in turn
        for later in by_turn[number + 1 :]
        for other in later
    ]


def _either(labels: Mapping[str, Any], codes: Sequence[str]) -> str:
    return _(" or ").join(str(labels[code]) for code in codes)


def _told(case: Case, request: Case) -> str:
    """A request as it is asked again alone, with those lines of the card that bear on it."""
    facts = [f"{name}: {desk.said_day(value) if isinstance(value, dt.date) else value}" for name, value in
             desk.facts_of(case, request)]  # fmt: skip
    return _("%(service)s, %(item)s. %(facts)s. Today is %(today)s; the policy card: %(card)s") % {
        "service": SERVICES[request["service"]],
        "item": request["item"],
        "facts": "; ".join(each.rstrip(".") for each in facts),
        "today": desk.said_day(case["today"]),
        "card": " ".join(line for line in desk.card(case) if line not in desk.ladder(case)),
    }


def _told_loan(case: Case, loan: Case) -> str:
    days = past_due(loan, desk.today_of(case))
    return _("%(item)s is on loan, due %(due)s; today is %(today)s (days past due: %(days)d). %(log)s %(ladder)s") % {
        "item": loan["item"],
        "due": desk.said_day(loan["due"]),
        "today": desk.said_day(case["today"]),
        "days": days,
        "log": " ".join(f"{line}." for line in log_of(loan)),
        "ladder": " ".join(desk.ladder(case)),
    }


def log_of(loan: Case) -> list[str]:
    """What was done about a loan, line by line."""
    lines = [f"{desk.said_day(each['date'])}: {ACTS[each['act']]}" for each in loan.get("log", ())]
    if loan.get("own_hold"):
        lines.append(_("A user of ours is waiting for it"))
    return lines or [_("Nothing was done so far")]
