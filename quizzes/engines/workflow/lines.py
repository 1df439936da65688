"""What can be said to the user and to the other library: wise lines and tempting ones, each where it makes sense."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from quizzes.engines.registry import Case, State
from quizzes.engines.workflow.desk import plus
from quizzes.engines.workflow.words import CONDITIONS, money, on

WAITING = ("SENT", "EXPECTED", "WILL_SUPPLY")
HELD = ("IN_USE", "RENEW_PENDING", "RECALLED", "OVERDUE")


@dataclass(frozen=True)
class Said:
    """A line, the states in which it is offered, and what must be so besides (a key of the state, or of its offer)."""

    id: str
    text: Any
    states: Sequence[str]
    needs: str = ""


TO_USER = (
    Said("asked", lazy("We have asked %(name)s for it and write as soon as they answer."), WAITING),
    Said("promise", lazy("It will certainly be here by Thursday."), (*WAITING, "SHIPPED")),
    Said("blame_supplier", lazy("%(name)s is slow again; there is nothing we can do."), (*WAITING, "RECALLED")),
    Said(
        "condition",
        lazy("%(name)s would lend it with a condition: %(condition)s. Would that do for you?"),
        ("CONDITION_PENDING", "RETRY_PENDING"),
        "condition",
    ),
    Said("cost", lazy("%(name)s asks %(cost)s for it. Would you pay that?"), ("RETRY_PENDING",), "offeredCosts"),
    Said(
        "next",
        lazy("The first library cannot supply it; we ask the next one. That takes some days more."),
        ("UNFILLED", "CANCELLED", "SENT", "EXPECTED"),
        "passed_on",
    ),
    Said("cancelling", lazy("We have asked to call it off; it may still arrive."), ("CANCEL_PENDING",)),
    Said("ready", lazy("It is here for you."), ("RECEIVED", "IN_USE"), "fresh"),
    Said(
        "ready_with_due", lazy("It is here for you. Please bring it back by %(due)s."), ("RECEIVED", "IN_USE"), "fresh"
    ),
    Said("ready_with_date", lazy("It is here for you. Please bring it back by %(user_due)s."), ("IN_USE",), "user_due"),
    Said(
        "wrong_item",
        lazy("Another item came than the one you asked for. It goes back, and we see to the right one."),
        ("RECEIVED", "RETURNED"),
        "wrong",
    ),
    Said("damaged", lazy("It came damaged; we have told the lender and ask what to do."), ("RECEIVED",), "damaged"),
    Said("delivered", lazy("Your copy is ready. The link works for you alone, for 30 days."), ("COMPLETED",), "copy"),
    Said("renewed", lazy("You may keep it longer: please bring it back by %(new_date)s."), ("IN_USE",), "renewed"),
    Said(
        "renew_refused",
        lazy("It could not be renewed. Please bring it back by %(new_date)s; we can ask for it again later."),
        ("IN_USE", "OVERDUE"),
        "refused",
    ),
    Said(
        "recalled",
        lazy("The library that owns it needs it back. Please bring it today or tomorrow; we can ask for it again."),
        ("RECALLED",),
    ),
    Said("overdue", lazy("The item was due back on %(due)s. Please bring it today; can we help?"), ("OVERDUE",), "due"),
    Said("blame_user", lazy("You have kept it far too long, and now we are in trouble."), ("RECALLED", "OVERDUE")),
    Said(
        "unfilled",
        lazy("No library that we could ask can supply it. We are sorry; the request is closed."),
        ("END_OF_ROTA", "CLOSED"),
    ),
    Said(
        "alternative",
        lazy("No library that we could ask can supply it. This is what we can offer you instead."),
        ("END_OF_ROTA", "CLOSED"),
    ),
    Said(
        "lost",
        lazy("We have reported the loss and ask the lender what it prefers. We will tell you what it means for you."),
        ("LOST",),
    ),
    Said("settled", lazy("The matter of the lost item is settled; nothing is open any more."), ("CLOSED_NO_RETURN",)),
    Said("finished", lazy("Thank you; the item is back with its library."), ("COMPLETED",), "loan"),
)
TO_SUPPLIER = (
    Said("thanks", lazy("Thank you."), (*WAITING, "SHIPPED", "RETURNED")),
    Said("not_here", lazy("The parcel has not come yet. We send it back as soon as it does."), ("SHIPPED",)),
    Said(
        "wrong_item",
        lazy("You sent another item than the one asked for. It comes back today; could you send the right one?"),
        ("RECEIVED",),
        "wrong",
    ),
    Said(
        "damage",
        lazy("It came damaged. Photo attached, packaging kept, nothing repaired. What would you like us to do?"),
        ("RECEIVED",),
        "damaged",
    ),
    Said("mended", lazy("It came damaged; we have mended it with tape."), ("RECEIVED",), "damaged"),
    Said(
        "honest",
        lazy("We are calling our reader by two channels and have no answer yet. It comes back as soon as we have it."),
        ("RECALLED", "OVERDUE"),
    ),
    Said("on_its_way", lazy("It is on its way to you already."), ("RECALLED", "OVERDUE")),
    Said(
        "tracking",
        lazy("It was sent back; here are the date and the tracking number. The carrier traces it. Please look there."),
        ("RETURNED",),
    ),
    Said("yours_to_find", lazy("We have sent it back; it is for you to find it."), ("RETURNED",)),
    Said(
        "list_price",
        lazy("We pay the list price and your fee, as your policy asks. Please send the bill."),
        ("LOST",),
    ),
    Said("own_copy", lazy("We send you a copy of it that we have bought, as you prefer."), ("LOST",)),
    Said("no_fault", lazy("The carrier lost it, so there is nothing for us to pay."), ("LOST",)),
    Said(
        "personal",
        lazy("Our reader has it. Here are name, address and telephone; please write to the reader yourselves."),
        ("RECEIVED", "RECALLED", "OVERDUE", "RETURNED", "LOST", "CONDITION_PENDING"),
    ),
)
TO_REQUESTER = (
    Said("thanks", lazy("Thank you."), ("WILL_SUPPLY", "SHIPPED", "RECALLED", "RETURNED")),
    Said(
        "recall_reason",
        lazy("One of our own readers needs it. We can lend it to you again afterwards."),
        ("RECALLED",),
    ),
    Said(
        "personal",
        lazy("Our reader needs it at once; here are name and telephone. Please talk to each other."),
        ("RECALLED", "SHIPPED", "OVERDUE"),
    ),
    Said(
        "damage",
        lazy("It came back damaged. Photo attached; packaging kept. Here is what our policy asks in such a case."),
        ("RETURNED",),
        "here",
    ),
    Said("damage_blunt", lazy("You ruined our book. We will not lend to you again."), ("RETURNED",), "here"),
    Said("ask_tracking", lazy("Could you give us ship date and tracking number? We look here too."), ("RETURNED",)),
    Said("settled", lazy("Payment received with thanks; the matter is settled."), ("LOST",), "paid"),
)
OFFSET = 4


def needs(case: Case, state: State, what: str) -> bool:
    """Whether ``what`` a line needs is so."""
    if not what:
        return True
    arrived = {each["what"] for each in state["log"]}
    known: Mapping[str, Any] = {
        "condition": state.get("condition"),
        "offeredCosts": state["offer"].get("offeredCosts"),
        "passed_on": state["supplier"] or state["status"] in ("UNFILLED", "CANCELLED"),
        "fresh": "received" in arrived,
        "user_due": state.get("user_due") and "checkout" in arrived,
        "wrong": state["marks"].get("parcel") == "wrong",
        "damaged": state["marks"].get("parcel") == "damaged",
        "copy": state["request"]["service"] == "Copy",
        "loan": state["request"]["service"] != "Copy",
        "renewed": arrived & {"msg RenewResponse Y", "due date passes unanswered"},
        "refused": "msg RenewResponse N" in arrived,
        "due": state["due"],
        "here": state["marks"].get("here"),
        "paid": state["marks"].get("payment or replacement arrives"),
    }
    return bool(known[what])


def values(case: Case, state: State, name: str) -> dict[str, str]:
    """The figures that lines speak of."""
    offset = case["policy"].get("user_offset_days", OFFSET)
    return {
        "name": name,
        "condition": str(CONDITIONS.get(state.get("condition") or "", "")),
        "cost": money(state["offer"].get("offeredCosts")),
        "due": on(state["due"]),
        "user_due": on(state.get("user_due")),
        "new_date": on(plus(state["due"], -offset) if state["due"] else None),
    }


def fitting(said: Sequence[Said], case: Case, state: State) -> Iterator[tuple[str, Any]]:
    """Id and text of the lines that make sense now, those of the case among them; figures still to be filled in."""
    for each in said:
        if state["status"] in each.states and needs(case, state, each.needs):
            yield each.id, each.text
    for own in case.get("messages", ()):
        if (own.get("to", "user") == "user") == (said is TO_USER) and state["status"] in own["states"]:
            yield own["id"], own["text"].replace("%", "%%")


def some(said: Sequence[Said], case: Case, state: State) -> bool:
    """Whether there is anything to say now."""
    return next(fitting(said, case, state), None) is not None


def offered(said: Sequence[Said], case: Case, state: State, name: str) -> list[tuple[str, str]]:
    """Id and text of what may be said to ``name``, or to the user about them."""
    figures = values(case, state, name)
    return [(each, str(text) % figures) for each, text in fitting(said, case, state)]
