"""The pieces of a made-up lending world: how the request is met, and what becomes of the loan."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from quizzes.engines.workflow.lending_world import LendingWorld

CHECKED = ["pieces", "condition"]
PARCEL = (2, 5)
REFUSALS: Mapping[str, str] = {  # what the shelf says -> the narrowest true reason (F-72, F-87)
    "missing": "NotOnShelf",
    "lacking": "NotHeld",
    "reference": "NonCirculating",
    "fragile": "PoorCondition",
}


# --- how the request is met


def found(world: LendingWorld) -> None:
    """It stands on the shelf and may go."""
    world.walk += [{"verb": "search"}, {"verb": "willSupply"}]
    world.goal(8, id="searched", kind="did", move="willSupply", after="search")
    world.goal(8, id="answered", kind="did", move="willSupply", by=world.answer_by)


def refused(world: LendingWorld) -> None:
    """It cannot go, for a reason that only the shelf tells."""
    world.status = world.dice.choice(list(REFUSALS))
    reason = REFUSALS[world.status]
    if world.status == "lacking":
        world.request["volume"] = str(world.dice.whole(2, 19))
    world.reasons.append(reason)
    world.walk += [{"verb": "search"}, {"verb": "unfilled", "reason": reason}]
    world.goal(12, id="searched", kind="did", move="search")
    world.goal(14, id="answered", kind="did", move="unfilled", by=world.answer_by)
    world.goal(
        24,
        id="reason",
        kind="did",
        move="unfilled",
        after="search",
        **{"with": {"reason": reason}},
        label=_("The narrowest true reason"),
        why=_("The reason decides what the requester does next, and what both libraries count."),
        facts=["F-72", "F-87"],
        hint=_("What does the shelf say that the catalogue does not?"),
    )
    world.told("told_no", "unfilled", _("The requester is told: why it cannot be supplied"), reason=reason)


def copied(world: LendingWorld) -> None:
    """A copy is made and goes out with its notice."""
    world.walk += [{"verb": "search"}, {"verb": "deliver", "how": "link_notice"}]
    world.goal(14, id="searched", kind="did", move="deliver", after="search")
    world.goal(14, id="answered", kind="did", move="deliver", by=world.answer_by)
    world.goal(22, id="delivered", kind="did", move="deliver", **{"with": {"how": "link_notice"}})
    world.told("sent", "deliver", _("The requester is told: the copy is on its way"))


def priced(world: LendingWorld) -> None:
    """Our price is above what the requester pays; who hears the price can decide."""
    charge = _too_dear(world)
    send = {"request": "Retry", "changes": {"max_cost": charge}, "note": _("We pay up to $%d for this one.") % charge}
    when = f"on:RetrySent+{world.dice.whole(1, 3)}"
    world.script.append({"when": when, "if": {"reason": "CostExceedsMaxCost"}, "send": send})
    world.walk.append({"verb": "msg Retry"})
    found(world)


def _too_dear(world: LendingWorld) -> int:
    charge = int(world.request["max_cost"]) + world.dice.choice((5, 10, 15))
    world.policy["charge"] = charge
    world.reasons.append("CostExceedsMaxCost")
    values = {"reason": "CostExceedsMaxCost", "cost": charge}
    world.walk.append({"verb": "retry", **values})
    world.goal(
        14,
        id="price_said",
        kind="did",
        move="retry",
        **{"with": values},
        label=_("Price above the limit, with the price said"),
        why=_("It is no refusal. With your price in the answer the requester can decide at once."),
        facts=["F-88"],
        hint=_("Compare the policy card with what they pay."),
    )
    world.told("price", "retry", _("The requester is told: the price"), cost=charge)
    return charge


def conditioned(world: LendingWorld) -> None:
    """A special collection lends on a condition, and waits for the answer."""
    _offered(world)
    when = f"on:Condition+{world.dice.whole(1, 3)}"
    world.script.append({"when": when, "send": {"action": "Notification", "accepts": True}})
    world.walk.append({"verb": "msg accept"})
    world.goal(
        8,
        id="shipped_after_accept",
        kind="did",
        move="ship",
        after="msg accept",
        label=_("Sent only after the condition was accepted"),
        why=_("An offer with a condition is a question; nothing leaves before its answer."),
        facts=["F-91"],
        hint=_("You have asked something."),
    )


def _offered(world: LendingWorld) -> None:
    condition = world.dice.choice(("LibraryUseOnly", "SpecCollSupervReq", "NoReproduction"))
    world.location = _("special collections")
    world.policy["special"] = condition
    world.walk += [{"verb": "search"}, {"verb": "condition", "condition": condition}]
    world.goal(10, id="condition", kind="did", move="condition", **{"with": {"condition": condition}})
    world.told("condition", "condition", _("The requester is told: the condition"))


def called_off(world: LendingWorld) -> None:
    """What we asked is answered with a wish to cancel, before anything could leave."""
    if world.community:
        _offered(world)
        cause = "Condition"
    else:
        _too_dear(world)
        cause = "RetrySent"
    note = _("Our reader has found a copy here.")
    when = f"on:{cause}+{world.dice.whole(1, 4)}"
    world.script.append({"when": when, "send": {"action": "Cancel", "note": note}})
    world.walk += [{"verb": "msg Cancel"}, {"verb": "cancelYes"}]
    world.goal(
        20,
        id="agreed",
        kind="did",
        move="cancelYes",
        label=_("The cancellation agreed to"),
        why=_("Nothing has left yet, so the answer is yes. Only a parcel that is on its way cannot be called off."),
        facts=["F-73"],
        hint=_("Where is the item at this moment?"),
    )
    world.told("cancelled", "cancelYes", _("The requester is told: cancelled"))


# --- what becomes of the loan


def shipped(world: LendingWorld) -> None:
    """Packed and sent with its date, and received over there."""
    due = (dt.date.fromisoformat(world.played()["today"]) + dt.timedelta(days=world.loan_days)).isoformat()
    strap = ["number", "due", "label", *(["condition"] if "special" in world.policy else [])]
    world.script.append({"when": f"on:Ship+{world.dice.whole(2, 6)}", "send": {"action": "Received"}})
    world.walk += [{"verb": "ship", "due": due, "strap": strap}, {"verb": "msg Received"}]
    world.goal(10, id="due", kind="due", move="ship", days=world.loan_days)
    world.told("shipped", "ship", _("The requester is told: sent, with all that the strap must say"), strap=strap)


def back(world: LendingWorld, *, damaged: bool = False) -> None:
    """The parcel sets out and arrives, and is checked in."""
    arrives: dict[str, Any] = {"when": f"on:ShippedReturn+{world.dice.whole(*PARCEL)}", "parcel": "arrives"}
    if damaged:
        arrives["note"] = _("All leaves are there. The back cover is torn; the parcel had no padding.")
    world.script.append(arrives)
    world.walk += [{"verb": "msg ShippedReturn"}, {"verb": "parcel arrives"}]
    if damaged:
        world.walk.append({"verb": "notification", "about": "damage"})
    world.walk.append({"verb": "checkin", "checked": CHECKED})
    world.goal(8, id="checked_in", kind="did", move="checkin", **{"with": {"checked": CHECKED}})
    world.told("back_here", "checkin", _("The requester is told: it is back"))


def on_time(world: LendingWorld) -> None:
    returns_by_itself(world)
    back(world)


def returns_by_itself(world: LendingWorld) -> None:
    world.script.append({"when": "due-1", "send": {"action": "ShippedReturn"}})


def damaged_back(world: LendingWorld) -> None:
    returns_by_itself(world)
    back(world, damaged=True)
    world.goal(
        12,
        id="reported",
        kind="did",
        move="notification",
        before="checkin",
        **{"with": {"about": "damage"}},
        label=_("Damage reported with a photo, before the check-in"),
        why=_("While the packaging is here and the loan is open, both sides can see what happened."),
        facts=["F-62", "F-75"],
        hint=_("Once it is checked in, the loan is over."),
    )


def renewed(world: LendingWorld) -> None:
    """They ask in time to keep it, and nothing speaks against it."""
    _asks_to_renew(world)
    world.policy |= {"renewals": 1, "renew_days": world.loan_days}
    due = (dt.date.fromisoformat(world.played()["due"]) + dt.timedelta(days=world.loan_days)).isoformat()
    world.walk.append({"verb": "renewYes", "due": due})
    world.goal(8, id="renew_answered", kind="did", move="renewYes", before_due=0)
    half = [{"kind": "due", "move": "renewYes", "counted": "asked", "days": world.loan_days}]
    world.goal(8, id="new_due", kind="due", move="renewYes", counted="due", days=world.loan_days, half=half)
    world.told("renewed", "renewYes", _("The requester is told: renewed, with the new date"))
    back(world)


def _asks_to_renew(world: LendingWorld) -> None:
    note = world.dice.choice((_("Our reader has two chapters left."), _("Our reader would like to keep it longer.")))
    when = f"on:Ship+{world.loan_days - world.dice.whole(4, 8)}"
    world.script.append({"when": when, "send": {"action": "Renew", "note": note}})
    returns_by_itself(world)
    world.walk.append({"verb": "msg Renew"})


def not_renewed(world: LendingWorld) -> None:
    """They ask to keep it, and somebody waits or the policy allows no renewal."""
    _asks_to_renew(world)
    reason = world.dice.choice(("waiting", "limit"))
    world.policy["renewals"] = 0 if reason == "limit" else 1
    if reason == "waiting":
        world.note = _("A reader of yours waits for it, from the due date on.")
    world.walk.append({"verb": "renewNo", "reason": reason})
    world.goal(
        14,
        id="renewal_refused",
        kind="did",
        move="renewNo",
        before_due=0,
        **{"with": {"reason": reason}},
        label=_("Renewal refused promptly, with the reason"),
        why=_("A no with its reason, before the due date: silence would renew it without you."),
        facts=["F-63", "F-64"],
        hint=_("Does anybody wait, and what does the policy card allow?"),
    )
    world.told("not_renewed", "renewNo", _("The requester is told: not renewed, and why"), reason=reason)
    back(world)


def recalled(world: LendingWorld) -> None:
    """A reader of ours needs it before it is due."""
    says = _("I need %(title)s before it is due here. When can I have it?") % {"title": world.title}
    world.user.append({"when": f"on:Ship+{world.dice.whole(7, 9)}", "says": says, "wants": "item"})
    world.script.append({"when": f"on:Recall+{world.dice.whole(2, 4)}", "send": {"action": "ShippedReturn"}})
    returns_by_itself(world)
    world.policy["note"] = _("A recalled item has 7 days to set out")
    world.walk.append({"verb": "user says"})
    by = (dt.date.fromisoformat(world.played()["today"]) + dt.timedelta(days=7)).isoformat()
    world.walk += [{"verb": "recall", "return_by": by}, {"verb": "notification", "about": "recall_reason"}]
    world.goal(
        12,
        id="recalled",
        kind="did",
        move="recall",
        after="user says",
        label=_("Called back for your own reader"),
        why=_("The lender may recall at any time, and your own reader needs it before it is due."),
        facts=["F-63"],
        hint=_("Who needs it, and who has it?"),
    )
    world.goal(
        8,
        id="reason_given",
        kind="did",
        move="notification",
        **{"with": {"about": "recall_reason"}},
        label=_("The reason given, without a name"),
        why=_("A reason makes a recall easier to pass on. Whose need it is stays in your house."),
        facts=["F-63", "F-66"],
        hint=_("What would you write beside the recall, and what would you leave out?"),
    )
    world.told("recall", "recall", _("The requester is told: called back, by when"))
    back(world)


def _ladder(world: LendingWorld) -> None:
    """Silence after the due date: two notices, then a word with a person, each on its day."""
    grace, first, second, contact, lost = world.dice.choice(
        ((7, 8, 15, 30, 45), (5, 6, 13, 25, 40), (3, 4, 11, 21, 35))
    )
    world.policy |= {"grace": grace, "notice": [first, second], "contact": contact, "lost_after": lost}
    due = dt.date.fromisoformat(world.played()["due"])
    for days, verb in ((first, "overdue"), (second, "overdue"), (contact, "contact")):
        day = (due + dt.timedelta(days=days)).isoformat()
        world.walk += [{"verb": "until", "day": day}, {"verb": verb}]
    world.goal(8, id="first_notice", kind="did", move="overdue", nth=1, past_due=first)
    world.goal(6, id="second_notice", kind="did", move="overdue", nth=2, past_due=second)
    world.goal(8, id="contact", kind="did", move="contact", past_due=contact)
    world.told("overdue", "overdue", _("The requester is told: overdue, twice"), times=2)


def chased(world: LendingWorld) -> None:
    """A person there finds it, and it comes back."""
    _ladder(world)
    note = _("It stood on our own shelves, unchecked. With apologies.")
    when = f"on:Contact+{world.dice.whole(2, 4)}"
    world.script.append({"when": when, "send": {"action": "ShippedReturn", "note": note}})
    back(world)


def lost(world: LendingWorld) -> None:
    """It is not found any more: own shelves, the bill with its basis, and the end."""
    world.edition = "2021"
    world.price, fee = world.dice.choice((40, 60, 85, 120)), world.dice.choice((10, 20, 25))
    _ladder(world)
    world.policy["fee"] = fee
    note = _("Searched twice, not found; please bill us.")
    when = f"on:Contact+{world.dice.whole(3, 6)}"
    world.script.append({"when": when, "send": {"action": "Lost", "note": note}})
    amount = world.price + fee
    world.walk += [
        {"verb": "msg Lost"},
        {"verb": "shelfCheck"},
        {"verb": "bill", "amount": amount, "basis": "policy"},
        {"verb": "payment or replacement arrives"},
        {"verb": "closeWithoutReturn"},
    ]
    world.goal(6, id="own_shelf", kind="did", move="shelfCheck", before="bill")
    values = {"price": world.price, "fee": fee, "sum": amount}
    expected = _("List price %(price)d and fee %(fee)d make $%(sum)d.") % values
    billed = {"with": {"amount": amount}, "expected": expected}
    world.goal(8, id="billed", kind="did", move="bill", after="msg Lost", **billed)
    world.told("bill_with_basis", "bill", _("The requester is told: what the bill rests on"), basis="policy")
    world.told("closed", "closeWithoutReturn", _("The requester is told: closed"))


Piece = Callable[[LendingWorld], None]
ENDS: Mapping[str, str] = {"refused": "UNFILLED", "called_off": "CANCELLED", "lost": "CLOSED_NO_RETURN"}
MET: Mapping[str, Piece] = {
    "found": found,
    "refused": refused,
    "copied": copied,
    "priced": priced,
    "conditioned": conditioned,
    "called_off": called_off,
}
AFTER: Mapping[str, Piece] = {
    "on_time": on_time,
    "damaged": damaged_back,
    "renewed": renewed,
    "not_renewed": not_renewed,
    "recalled": recalled,
    "chased": chased,
    "lost": lost,
}
