"""What the schema of a case cannot say: tables without dead ends, scripts that stay within them, walks that can be walked."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError
from quizzes.engines.base import day
from quizzes.engines.registry import Case, Fault
from quizzes.engines.workflow.conditions import NEEDED
from quizzes.engines.workflow.desk import cause_of
from quizzes.engines.workflow.moves import desk_of
from quizzes.engines.workflow.walking import Walker

CLOCK_AND_USER = ("days", "due date", "no answer", "policy days", "rota", "user", "parcel", "payment")
ANSWERED_FIRST = ("New", "Retry")
NEW_IN_2021 = ("HoldReturn", "ReleaseHoldReturn")


def faults(case: Case) -> list[Fault]:
    found = [*shape(case), *dates(case)]
    if found:
        return found
    return [*states(case), *weights(case), *needed(case), *scripts(case), *closed(case)] or list(walked(case))


def shape(case: Case) -> Iterator[Fault]:
    """A case has the other side that its own side needs."""
    lending = case.get("side") == "lend"
    for name in ("holdings", "requester") if lending else ("rota",):
        if name not in case:
            yield name, _("This side of the desk needs it.")
    for number, supplier in enumerate(case.get("rota", ())):
        if "cost" not in supplier.get("terms", {"cost": 0}) and "later" in supplier:
            yield f"rota.{number}.terms", _("Say what it costs.")
    if case.get("start_state", "NEW") != "NEW" and "loan" not in case:
        yield "loan", _("A case that begins with an item on loan says when it is due.")


def dates(case: Case, where: str = "") -> Iterator[Fault]:
    """Whatever looks like a day is one."""
    items: Any = case.items() if isinstance(case, Mapping) else enumerate(case)
    for name, value in items:
        path = f"{where}.{name}" if where else str(name)
        if isinstance(value, Mapping | list):
            yield from dates(value, path)  # type: ignore[arg-type]
        elif isinstance(value, str) and len(value) == 10 and value[4:5] == value[7:8] == "-" and day(value) is None:
            yield path, _("There is no such day.")


def states(case: Case) -> Iterator[Fault]:
    table = desk_of(case).side.table
    if case.get("start_state", table.start) not in table.states:
        yield "start_state", _("The table has no such state.")
    for number, state in enumerate(case["key"]["ends_in"]):
        if state not in table.final:
            yield (
                f"key.ends_in.{number}",
                _("A request ends in a final state: %(states)s.") % {"states": ", ".join(table.final)},
            )
    for number, verb in enumerate(case.get("extra", ())):
        if verb not in desk_of(case).verbs:
            yield f"extra.{number}", _("There is no such move.")
    for state in stuck(table):
        yield "side", _("The state %(state)s has no exit.") % {"state": state}


def stuck(table: Any) -> list[str]:
    """States, not final, from which neither the learner nor the clock leads on. LOST alone waits for the other side."""
    own = ("act:", *CLOCK_AND_USER)
    return [
        state
        for state in table.states
        if state not in table.final
        and not any(
            each.startswith(own) and table.target(state, each) not in ("same", state) for each in table.triggers(state)
        )
    ]


def weights(case: Case) -> Iterator[Fault]:
    goals = case["key"]["goals"]
    if sum(goal["w"] for goal in goals) != 50:
        yield "key.goals", _("The weights of the goals make 50 together.")
    for name in ("goals", "tell"):
        ids = [each["id"] for each in case["key"].get(name, ())]
        for number, each in enumerate(ids):
            if each in ids[:number]:
                yield f"key.{name}.{number}.id", _("The id “%(id)s” is taken.") % {"id": each}


def needed(case: Case) -> Iterator[Fault]:
    """Each kind of condition has what it asks about, and speaks of moves that there are."""
    verbs = desk_of(case).verbs
    for name in ("goals", "tell"):
        for number, spec in enumerate(case["key"].get(name, ())):
            for place, each in enumerate([spec, *spec.get("or", ()), *spec.get("half", ())]):
                where = f"key.{name}.{number}" + (f".{place}" if place else "")
                for field in NEEDED.get(each["kind"], ()):
                    if field not in each:
                        yield f"{where}.{field}", _("The kind “%(kind)s” needs it.") % {"kind": each["kind"]}
                if each.get("move", "finish") not in (*verbs, "finish"):
                    yield f"{where}.move", _("There is no such move.")


def scripts(case: Case) -> Iterator[Fault]:
    """The first answer to a request is a RequestResponse, and only that one (F-83); the codes fit the edition (F-85)."""
    for place, supplier in enumerate(case.get("rota", ())):
        first: dict[str, int] = {}
        for line in supplier["script"]:
            cause = cause_of(line["when"])
            if cause and cause[0] in ANSWERED_FIRST and "send" in line:
                first[cause[0]] = min(first.get(cause[0], cause[1]), cause[1])
        for number, line in enumerate(supplier["script"]):
            where, send, cause = f"rota.{place}.script.{number}", line.get("send", {}), cause_of(line["when"])
            opens = bool(cause and cause[0] in first and first[cause[0]] == cause[1])
            if send and opens != (send["reasonForMessage"] == "RequestResponse"):
                yield (
                    where,
                    _("RequestResponse is the reason of a supplier's first answer to a request, and of no other."),
                )
            yield from (fault for fault in codes(case, where, send))


def closed(case: Case) -> Iterator[Fault]:
    """Who answers a loss also closes it some day: a lost item waits for the supplier alone."""
    for place, supplier in enumerate(case.get("rota", ())):
        answers = [line for line in supplier["script"] if (cause_of(line["when"]) or ("", 0))[0] == "Lost"]
        if answers and not any(line.get("send", {}).get("status") == "CompletedWithoutReturn" for line in answers):
            yield f"rota.{place}.script", _("A script that answers Lost also sends CompletedWithoutReturn after it.")


def codes(case: Case, where: str, send: Mapping[str, Any]) -> Iterator[Fault]:
    status, reason = send.get("status"), send.get("reasonForMessage")
    if status in NEW_IN_2021 and case.get("edition") != "2021":
        yield f"{where}.send.status", _("This status came with the edition of 2021.")
    if (reason in ("RenewResponse", "CancelResponse")) != ("answerYesNo" in send) and send:
        yield f"{where}.send.answerYesNo", _("Yes or no is the answer to Renew and Cancel, and to nothing else.")
    if status == "RetryPossible" and "reasonRetry" not in send:
        yield f"{where}.send.reasonRetry", _("A retry names its reason.")
    if status == "Unfilled" and "reasonUnfilled" not in send:
        yield f"{where}.send.reasonUnfilled", _("Say why it is not supplied.")
    if reason in ("RequestResponse", "StatusChange") and status is None:
        yield f"{where}.send.status", _("This message carries a status.")
    if "loanCondition" in send and status == "WillSupply" and case["profile"] == "standard":
        yield (
            f"{where}.send.loanCondition",
            _("The standard negotiates by Retry; a condition belongs to the community profile."),
        )


def walked(case: Case) -> Iterator[Fault]:
    """Every equal best walk can be walked, meets nothing illegal, commits no slip and ends where it should."""
    for number, walk in enumerate(case["key"]["walks"]):
        walker, where = Walker(case), f"key.walks.{number}"
        try:
            for item in walk:
                walker.go(item)
        except DomainError as problem:
            yield where, _("This walk cannot be walked: %(why)s") % {"why": problem}
            continue
        log = walker.state["log"]
        dropped = [each["what"] for each in log if each["who"] == "dropped" and each["why"] == "illegal"]
        slips = [each["what"] for each in log if not each.get("legal", True) or each.get("lapses")]
        if dropped:
            yield where, _("The script sends what is illegal then: %(what)s.") % {"what": ", ".join(dropped)}
        if slips:
            yield where, _("This walk breaks a rule: %(what)s.") % {"what": ", ".join(slips)}
        if walker.state["status"] not in case["key"]["ends_in"]:
            yield where, _("This walk ends in %(state)s.") % {"state": walker.state["status"]}
