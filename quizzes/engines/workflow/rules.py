"""Why a move is against the protocol, and which legal moves are lapses all the same."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from quizzes.engines.registry import Case, State
from quizzes.engines.workflow.borrowing import OFFSET, SENDING, SILENT_REASONS, WITH_USER
from quizzes.engines.workflow.desk import days_between, plus

IN_LIBRARY = ("LibraryUseOnly", "WatchLibraryUseOnly", "SpecCollSupervReq")
GRACE = 7
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Rule:
    """A rule in words, and where it comes from."""

    text: Any
    facts: Sequence[str] = field(default_factory=tuple)


PLAIN = Rule(lazy("The protocol has no such step in this state."), ("F-83",))
# Why the table has no such row: by side, move and, where that matters, state.
ILLEGAL: Mapping[tuple[str, str], Rule] = {
    ("borrow", "send"): Rule(lazy("First citation, copyright and your own shelves, then the request."), ("F-62",)),
    ("borrow", "received"): Rule(
        lazy("Nothing has been sent yet: an item is received after the supplier has said Loaned."), ("F-84", "F-86")
    ),
    ("borrow", "nextSupplier"): Rule(
        lazy("One supplier at a time: this one has not let you go yet. A Cancel is a request, not a fact."),
        ("F-67", "F-73"),
    ),
    ("borrow", "checkout"): Rule(lazy("It is not here yet; it cannot be lent out before it is received."), ("F-84",)),
    ("borrow", "renew"): Rule(lazy("A renewal belongs to an item in use; after a recall there is none."), ("F-62",)),
    ("lend", "willSupply"): Rule(
        lazy("“Will supply” means found. From a new request, or after a recall or cancel, nobody can say so."),
        ("F-86",),
    ),
    ("lend", "ship"): Rule(
        lazy("Nothing leaves before it was looked for, and before the requester has answered what you asked."),
        ("F-86", "F-91"),
    ),
    ("lend", "renewYes"): Rule(lazy("You have called it back: the recall stands, there is no renewal."), ("F-63",)),
    ("lend", "bill"): Rule(
        lazy("There is no loss yet. Notices, a word with a person, both shelves; then the loss, then the bill."),
        ("F-74",),
    ),
    ("lend", "suspend"): Rule(
        lazy("Suspending comes at the very end, for a library that ignores the Code, and is no step of a request."),
        ("F-63",),
    ),
}
GUARDS: Mapping[str, Rule] = {
    "code": Rule(
        lazy("A copy request needs its copyright code: suppliers answer one without as not acceptable."), ("F-46",)
    ),
    "asked": Rule(lazy("You have asked already. Ask once in a silence, then move on."), ("F-67",)),
    "reason": Rule(lazy("The change must address the reason that the supplier gave."), ("F-88", "F-91")),
    "hold": Rule(
        lazy("The supplier has asked you to hold the item; nothing goes back until it is released."), ("F-85",)
    ),
    "away": Rule(lazy("The item is not at your desk; you can send back what lies there."), ("F-62",)),
    "parcel": Rule(lazy("The parcel is not here. An item is checked in when it is in your hand."), ("F-86",)),
    "found": Rule(lazy("Nobody has found it here: search your shelves first."), ("F-74",)),
    "billed": Rule(lazy("It has been billed already: once, by the published policy."), ("F-74",)),
    "ladder": Rule(lazy("Not before two notices, a word with a person, and a search of your own shelves."), ("F-74",)),
    "hold_received": Rule(lazy("The requester must have the item before you can ask to hold it."), ("F-85",)),
}


def refused(case: Case, state: State, verb: str, values: Values, *, legal: bool) -> Rule | None:
    """The rule that ``verb`` breaks here; None when it may be done."""
    side = case.get("side", "borrow")
    if not legal:
        return ILLEGAL.get((side, verb), PLAIN)
    name = (guard_borrowing if side == "borrow" else guard_lending)(case, state, verb, values)
    return GUARDS[name] if name else None


def guard_borrowing(case: Case, state: State, verb: str, values: Values) -> str:
    """The name of the rule beyond the table that ``verb`` breaks; empty when none."""
    marks = state["marks"]
    if verb in SENDING and lacks_code(case, {**state["request"], **values}):
        return "code"
    if verb == "retry" and not addresses(case, state, values):
        return "reason"
    if verb == "statusRequest" and marks.get("asked"):
        return "asked"
    if verb == "shippedReturn" and marks.get("hold"):
        return "hold"
    if verb == "shippedReturn" and state["status"] in (*WITH_USER, "LOST") and not marks.get("at_desk"):
        return "away"
    return ""


def lacks_code(case: Case, request: Values) -> bool:
    needed = request["service"] != "Loan" and case["policy"].get("require_code", False)
    return bool(needed and request.get("code", "none") == "none")


def addresses(case: Case, state: State, values: Values) -> bool:
    """Whether a Retry changes what the supplier's reason names."""
    offer, request = state["offer"], state["request"]
    reason = offer.get("reasonRetry")
    if reason == "NotFoundAsCited":
        return any(str(values.get(name, request.get(name))) != str(request.get(name)) for name in case.get("mend", ()))
    if reason == "CostExceedsMaxCost":
        return int(values.get("max_cost", request.get("max_cost", 0))) >= int(offer.get("offeredCosts", 0))
    if reason in SILENT_REASONS and "retryAfter" in offer:
        return bool(state["today"] >= offer["retryAfter"])
    return True


def guard_lending(case: Case, state: State, verb: str, values: Values) -> str:
    marks, status = state["marks"], state["status"]
    if verb == "deliver" and lacks_code(case, state["request"]):
        return "code"
    if verb == "checkin" and not (marks.get("here") and status == "RETURNED") and not marks.get("found"):
        return "parcel" if status == "RETURNED" else "found"
    if verb == "bill" and marks.get("billed"):
        return "billed"
    if verb == "declareLost" and not ladder_done(state):
        return "ladder"
    if verb == "holdReturn" and not marks.get("received"):
        return "hold_received"
    return ""


def ladder_done(state: State) -> bool:
    marks = state["marks"]
    return bool(marks.get("overdue", 0) >= 2 and marks.get("contact") and marks.get("shelf"))


# --- lapses: legal by the table, and still a fault

Lapse = Callable[[Case, State, str, Values], bool]


def over_max(case: Case, state: State, verb: str, values: Values) -> bool:
    """Paying more than the request allows, where the user was not asked or does not pay."""
    offered = int(state["offer"].get("offeredCosts", 0))
    approved = state["marks"].get("cost asked") and case["policy"].get("user_pays", False)
    return bool(verb == "retry" and offered > int(case["request"].get("max_cost", 0)) and not approved)


def before_grace(case: Case, state: State, verb: str, values: Values) -> bool:
    late = days_between(state["due"], state["today"]) if state["due"] else 0
    return verb == "overdue" and (late <= case["policy"].get("grace", GRACE) or bool(state["marks"].get("here")))


def own_rest(case: Case, state: State, verb: str, values: Values) -> bool:
    """The user's date leaves no days for the way back."""
    latest = plus(state["due"], -case["policy"].get("user_offset_days", OFFSET)) if state["due"] else ""
    return verb == "checkout" and values.get("user_date", "") > latest


def against_restriction(case: Case, state: State, verb: str, values: Values) -> bool:
    """An item leaves the house against its condition, or without the signature that it asks for."""
    condition = state.get("condition")
    if verb != "checkout" or not condition:
        return False
    if condition in IN_LIBRARY:
        return bool(values["use"] != "library")
    return bool(condition == "SignatureRequired" and values["use"] == "home")


def strap_without(case: Case, state: State, verb: str, values: Values) -> bool:
    special = case["policy"].get("special")
    return verb == "ship" and bool(special) and "condition" not in values.get("strap", ())


def personal(case: Case, state: State, verb: str, values: Values) -> bool:
    return verb == "notification" and values.get("about") == "personal"


def blame(case: Case, state: State, verb: str, values: Values) -> bool:
    said = values.get("message") or values.get("about")
    return verb in ("tellUser", "notification") and said in ("blame_user", "blame_supplier", "damage_blunt")


LAPSES: Mapping[str, tuple[Lapse, Rule]] = {
    "accept_over_max": (
        over_max,
        Rule(lazy("The price is above what may be paid, and nobody has agreed to it."), ("F-88",)),
    ),
    "renew_without_need": (
        lambda case, state, verb, values: verb == "renew" and not state["marks"].get("wants renew"),
        Rule(lazy("Nobody has asked to keep it longer."), ("F-62",)),
    ),
    "renew_late": (
        lambda case, state, verb, values: verb == "renew" and state["status"] == "OVERDUE",
        Rule(lazy("A renewal is asked before the due date."), ("F-62",)),
    ),
    "cancel_without_need": (
        lambda case, state, verb, values: verb == "cancel" and not state["marks"].get("wants cancel"),
        Rule(lazy("Nobody has asked to call it off, and the supplier is at work on it."), ("F-73",)),
    ),
    "lost_before_trace": (
        lambda case, state, verb, values: verb == "lost" and not state["marks"].get("loss confirmed"),
        Rule(lazy("Nobody has traced the parcel yet. Lost is said when the carrier has confirmed it."), ("F-74",)),
    ),
    "blame_user": (blame, Rule(lazy("Blame moves no parcel: give the fact and the next step."), ("F-161",))),
    "promise_unsure": (
        lambda case, state, verb, values: values.get("message") == "promise",
        Rule(lazy("You do not control the other library nor the carrier: promise what you can keep."), ("F-161",)),
    ),
    "user_date_too_late": (
        own_rest,
        Rule(
            lazy("The user's date must leave time for the way: the supplier counts from the day it goes back."),
            ("F-61",),
        ),
    ),
    "close_too_early": (
        lambda case, state, verb, values: verb == "close" and not state["marks"].get("wants cancel"),
        Rule(lazy("Your user still needs it."), ("F-62",)),
    ),
    "repaired_it": (
        lambda case, state, verb, values: values.get("about") == "mended",
        Rule(lazy("What is not yours is not repaired: report, keep the packaging, ask."), ("F-75",)),
    ),
    "overdue_before_grace": (
        before_grace,
        Rule(lazy("Inside the days of grace for the way back no notice goes out."), ("F-61",)),
    ),
    "bill_before_contact": (
        lambda case, state, verb, values: (
            verb == "bill" and not (state["marks"].get("contact") and state["marks"].get("shelf"))
        ),
        Rule(lazy("No bill before you have talked to a person there and searched your own shelves."), ("F-74",)),
    ),
    "refuse_renewal_without_reason": (
        lambda case, state, verb, values: verb == "renewNo" and values.get("reason") == "none",
        Rule(lazy("A renewal is refused for a reason, and promptly."), ("F-63",)),
    ),
    "recall_without_need": (
        lambda case, state, verb, values: verb == "recall" and not state["marks"].get("wants item"),
        Rule(lazy("You may recall at any time, but nobody here waits for it."), ("F-63",)),
    ),
    "cancel_refused_without_cause": (
        lambda case, state, verb, values: (
            verb == "cancelNo" and state["status"] == "CANCEL_ASKED" and not state["marks"].get("parcel left")
        ),
        Rule(lazy("Nothing has left yet: a Cancel in time is agreed to."), ("F-73",)),
    ),
    "wrong_reason": (
        lambda case, state, verb, values: (
            verb in ("unfilled", "retry") and values.get("reason") not in case["key"].get("reasons", ())
        ),
        Rule(lazy("Choose the narrowest true reason: it decides what the requester does next."), ("F-72",)),
    ),
}
# What the table refuses by itself, named so that a case can say that it is planted there.
PLANTED = (
    "received_before_loaned",
    "send_without_code",
    "renew_while_recalled",
    "next_supplier_before_cancel_answer",
    "willSupply_before_search",
    "suspend_at_once",
    "ship_before_accept",
)
CRITICAL: Mapping[str, tuple[Lapse, Rule]] = {
    "item_used_against_restriction": (
        against_restriction,
        Rule(lazy("The item was used against the condition under which it was lent."), ("F-62", "F-89")),
    ),
    "shipped_without_condition_on_strap": (
        strap_without,
        Rule(lazy("The item travels without its condition on the strap: at the other end nobody knows."), ("F-122",)),
    ),
    "personal_data_sent": (
        personal,
        Rule(lazy("A reader's personal data went to another library."), ("F-66",)),
    ),
}
ALL_LAPSES = {**LAPSES, **CRITICAL}


def lapses(case: Case, state: State, verb: str, values: Values) -> list[str]:
    """The names of the lapses that ``verb`` commits: those that the case forbids, and the critical ones always."""
    counted = [name for name in case["key"].get("forbidden", ()) if name in LAPSES]
    return [name for name in (*counted, *CRITICAL) if ALL_LAPSES[name][0](case, state, verb, values)]
