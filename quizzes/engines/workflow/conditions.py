"""The declared vocabulary in which a case says what counts: each kind is a question put to the log."""

from collections.abc import Callable, Mapping
from typing import Any

from quizzes.engines.registry import Case, State
from quizzes.engines.workflow.borrowing import SENDING
from quizzes.engines.workflow.desk import ME, days_between, plus

Spec = Mapping[str, Any]
Entry = Mapping[str, Any]


def done(state: State) -> list[tuple[int, Entry]]:
    """The learner's legal moves with their places in the log."""
    return [(n, each) for n, each in enumerate(state["log"]) if each["who"] == ME and each["legal"]]


def holds(case: Case, state: State, spec: Spec) -> bool:
    """Whether ``spec`` is so by now. Without anything done, none is."""
    return KINDS[spec["kind"]](case, state, spec)


def did(case: Case, state: State, spec: Spec) -> bool:
    """A move was made: the ``nth`` of its kind, or any; with these values, in this span, after or before something."""
    found = [(n, each) for n, each in done(state) if each["what"] == spec["move"]]
    if "supplier" in spec:
        found = [(n, each) for n, each in found if each["name"] == spec["supplier"]]
    if "nth" in spec:
        found = found[spec["nth"] - 1 : spec["nth"]]
    right = [each for n, each in found if timely(each, spec) and placed(state, n, spec) and carries(each, spec)]
    return len(right) >= int(spec.get("times", 1))


def timely(entry: Entry, spec: Spec) -> bool:
    day, due = entry["day"], entry.get("due")
    if "by" in spec and day > spec["by"]:
        return False
    if "from" in spec and day < spec["from"]:
        return False
    if "before_due" in spec and not (due and days_between(day, due) >= spec["before_due"]):
        return False
    return "past_due" not in spec or bool(due and days_between(due, day) >= spec["past_due"])


def placed(state: State, number: int, spec: Spec) -> bool:
    """Whether the entry ``number`` comes after what must come first, and before what must come later."""
    earlier = words_before(state, number)
    return ("after" not in spec or spec["after"] in earlier) and spec.get("before") not in earlier


def words_before(state: State, number: int) -> set[str]:
    log = state["log"][:number]
    return {each["what"] for each in log if each["who"] != "dropped" and each.get("legal", True)}


def carries(entry: Entry, spec: Spec) -> bool:
    """Whether the values of the move are those wanted; of a list, all of them."""
    for name, wanted in spec.get("with", {}).items():
        got = entry["values"].get(name)
        if isinstance(wanted, list) and isinstance(got, list):
            if not set(wanted) <= set(got):
                return False
        elif isinstance(wanted, list):
            if got not in wanted:
                return False
        elif got != wanted:
            return False
    return True


def told(case: Case, state: State, spec: Spec) -> bool:
    """The user was told: this message, often enough, by as many channels."""
    found = [each for n, each in done(state) if each["what"] == "tellUser" and placed(state, n, spec)]
    found = [each for each in found if each["values"]["message"] in (spec["message"], *spec.get("messages", ()))]
    if "supplier" in spec:
        found = [each for each in found if each["name"] == spec["supplier"]]
    found = [each for each in found if timely(each, spec)]
    ways = {each["values"]["channel"] for each in found}
    return len(found) >= int(spec.get("times", 1)) and len(ways) >= int(spec.get("channels", 1))


def user_date(case: Case, state: State, spec: Spec) -> bool:
    """The date given to the user leaves the days for the way back."""
    given = [each for _n, each in done(state) if each["what"] == "checkout"]
    if not given:
        return False
    latest = spec.get("by") or plus(given[-1]["due"], -spec["before_due"])
    return bool(given[-1]["day"] <= given[-1]["values"]["user_date"] <= latest)


def due(case: Case, state: State, spec: Spec) -> bool:
    """The due date that we gave: ``days`` after the day of the move, or after the old due date, or the day itself."""
    given = [each for _n, each in done(state) if each["what"] == spec["move"]]
    if not given:
        return False
    base = given[-1]["old_due"] if spec.get("counted") == "due" else given[-1]["day"]
    if spec.get("counted") == "asked":
        base = next((each["day"] for each in reversed(state["log"]) if each["what"] == "msg Renew"), base)
    return bool(given[-1]["values"]["due"] == (spec.get("on") or plus(base, spec["days"])))


def mended(case: Case, state: State, spec: Spec) -> bool:
    """A field of the request begins as it should; ``first``: already when the request first went out."""
    sent = [each for _n, each in done(state) if each["what"] in SENDING]
    if not sent:
        return False
    request = sent[0]["request"] if spec.get("first") else sent[-1]["request"]
    return str(request.get(spec["field"], "")).startswith(spec["begins"])


def coded(case: Case, state: State, spec: Spec) -> bool:
    """Every request that went out carried this copyright code."""
    sent = [each for _n, each in done(state) if each["what"] in SENDING]
    return bool(sent) and all(each["request"].get("code") == spec["code"] for each in sent)


def ended(case: Case, state: State, spec: Spec) -> bool:
    """The request stands in one of the wanted final states."""
    return state["status"] in (spec.get("in") or case["key"]["ends_in"])


def came(case: Case, state: State, spec: Spec) -> bool:
    """Something happened, from the other side or by the clock."""
    return any(each["what"] == spec["event"] for each in state["log"] if each["who"] not in (ME, "dropped"))


def user_pays(case: Case, state: State, spec: Spec) -> bool:
    """The user was asked about the price, pays by policy, and the higher maximum went out."""
    asked = told(case, state, {"message": "cost"})
    sent = did(case, state, {"move": "retry", "after": "tellUser"})
    return bool(case["policy"].get("user_pays")) and asked and sent


KINDS: Mapping[str, Callable[[Case, State, Spec], bool]] = {
    "did": did,
    "told": told,
    "user_date": user_date,
    "due": due,
    "mended": mended,
    "code": coded,
    "ended": ended,
    "came": came,
    "user_pays": user_pays,
}
NEEDED: Mapping[str, tuple[str, ...]] = {
    "did": ("move",),
    "told": ("message",),
    "due": ("move",),
    "mended": ("field", "begins"),
    "code": ("code",),
    "came": ("event",),
}
