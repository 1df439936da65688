"""The pieces of a made-up borrowing world: suppliers that fail, the one that supplies, and what comes after."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from quizzes.engines.workflow.made_up import Send, World
from quizzes.engines.workflow.walking import Walker

UNFILLED = ("NotHeld", "NotOnShelf", "NonCirculating", "NotAvailableForILL", "PoorCondition")
TRANSIT = (3, 9)


def first(status: str, **more: Any) -> Send:
    return {"reasonForMessage": "RequestResponse", "status": status, **more}


def later(status: str, **more: Any) -> Send:
    return {"reasonForMessage": "StatusChange", "status": status, **more}


# --- suppliers that fail


def unfilled(world: World) -> None:
    world.supplier(
        [
            {
                "when": f"on:New+{world.dice.whole(1, 3)}",
                "send": first("Unfilled", reasonUnfilled=world.dice.choice(UNFILLED)),
            }
        ]
    )
    world.ask()
    world.walk.append({"verb": "msg Unfilled"})


def silence(world: World) -> None:
    world.supplier([])
    world.ask()
    world.walk.append({"verb": "days to respond pass"})


def too_late(world: World) -> None:
    """On loan until after the need-by date."""
    after = (world.need + dt.timedelta(days=world.dice.whole(2, 20))).isoformat()
    world.supplier([{"when": "on:New", "send": first("RetryPossible", reasonRetry="OnLoan", retryAfter=after)}])
    world.ask()
    world.walk += [{"verb": "msg RetryPossible"}, {"verb": "decline"}]
    world.goal(
        8,
        id="declined_late_retry",
        kind="did",
        move="decline",
        **{"with": {"asked_reason": "OnLoan"}},
        label=_("The late retry let go"),
        why=_("It comes free after the day on which your user needs it."),
        facts=["F-88"],
        hint=_("Two dates are to be compared."),
    )


def too_dear(world: World) -> None:
    cost = world.limit + world.dice.whole(3, 15)
    world.supplier(
        [
            {"when": "on:New", "send": first("RetryPossible", reasonRetry="CostExceedsMaxCost", offeredCosts=cost)},
            {"when": "on:Retry+2", "send": first("CopyCompleted" if world.copy else "Loaned")},
        ],
        cost=cost,
    )
    world.ask()
    world.walk += [{"verb": "msg RetryPossible"}, {"verb": "decline"}]
    world.goal(
        8,
        id="declined_over_cost",
        kind="did",
        move="decline",
        **{"with": {"asked_reason": "CostExceedsMaxCost"}},
        label=_("The offer above the limit let go"),
        why=_("It is above the limit, nobody pays the rest, and others remain on the list."),
        facts=["F-67", "F-88"],
        hint=_("Who is still on the list?"),
    )


def library_use(world: World) -> None:
    """A condition that this user cannot live with."""
    name = world.supplier(
        [
            {"when": "on:New", "send": first("WillSupply", loanCondition="LibraryUseOnly")},
            {"when": "on:Accept+2", "send": later("Loaned")},
        ]
    )
    world.user |= {
        "note": _("I have to read it at home; I can sign for it."),
        "replies": {"condition": _("I have to read it at home. I can sign for it.")},
    }
    world.ask()
    world.walk += [
        {"verb": "msg WillSupply+condition"},
        {"verb": "tellUser", "message": "condition", "channel": "phone"},
        {"verb": "reject"},
        {"verb": "msg CancelResponse Y"},
    ]
    world.goal(8, id="asked_user", kind="told", message="condition", supplier=name)
    world.goal(
        8,
        id="rejected",
        kind="did",
        move="reject",
        **{"with": {"asked_condition": "LibraryUseOnly"}},
        label=_("Use in the library only rejected"),
        why=_("This user has to read at home; the next supplier may lend without that limit."),
        facts=["F-89", "F-91"],
        hint=_("Read the user's note once more."),
    )
    world.tell.append({"id": "condition", "kind": "told", "message": "condition", "supplier": name})


FAILURES: Mapping[str, Callable[[World], None]] = {
    "unfilled": unfilled,
    "silence": silence,
    "too_late": too_late,
    "too_dear": too_dear,
    "library_use": library_use,
}


# --- the one that supplies


def copy_supplied(world: World) -> None:
    """A copy comes, and goes to the user with its notice."""
    days = world.dice.whole(1, 3)
    world.supplier([{"when": f"on:New+{days}", "send": first("CopyCompleted")}])
    world.ask()
    world.walk += [
        {"verb": "msg CopyCompleted"},
        {"verb": "deliver", "how": "link_notice"},
        {"verb": "tellUser", "message": "delivered", "channel": "email"},
    ]
    world.goal(10, id="delivered", kind="did", move="deliver", **{"with": {"how": "link_notice"}})
    world.goal(8, id="code", kind="code", code=world.code)
    world.tell.append({"id": "delivered", "kind": "told", "message": "delivered"})


def loan_supplied(world: World, after: Callable[[World, list[Send]], None] | None) -> None:
    """A loan comes, with a signature to be given where the network negotiates so; ``after`` is what happens to it."""
    signed = world.community and world.dice.chance(1, 2)
    sent = world.dice.whole(2, 4)
    if signed:
        script = [
            {"when": "on:New", "send": first("WillSupply", loanCondition="SignatureRequired")},
            {"when": f"on:Accept+{sent}", "send": later("Loaned")},
        ]
    else:
        script = [
            {"when": "on:New", "send": first("ExpectToSupply")},
            {"when": f"on:New+{sent}", "send": later("WillSupply")},
            {"when": f"on:New+{sent + 1}", "send": later("Loaned")},
        ]
    script.append({"when": f"on:ShippedReturn+{world.dice.whole(*TRANSIT)}", "send": later("LoanCompleted")})
    name = world.supplier(script)
    world.ask()
    if signed:
        accept(world, name)
    else:
        world.walk += [{"verb": "msg ExpectToSupply"}, {"verb": "msg WillSupply"}]
    world.walk += [{"verb": "msg Loaned"}, {"verb": "received"}]
    lend_out(world, "signature" if signed else "home")
    if after:
        after(world, script)
    world.walk += [
        {"verb": "user returns"},
        {"verb": "shippedReturn", "how": "tracked"},
        {"verb": "msg LoanCompleted"},
    ]
    world.goal(8, id="returned", kind="did", move="shippedReturn", before_due=0)
    world.goal(8, id="completed", kind="ended")


def accept(world: World, name: str) -> None:
    world.walk += [
        {"verb": "msg WillSupply+condition"},
        {"verb": "tellUser", "message": "condition", "channel": "phone"},
        {"verb": "accept"},
    ]
    world.user.setdefault("note", _("I can sign for it, if that helps."))
    world.user.setdefault("replies", {"condition": _("Gladly, I can sign for it.")})
    world.tell.append({"id": "signature", "kind": "told", "message": "condition", "supplier": name})
    world.goal(
        8,
        id="accepted",
        kind="did",
        move="accept",
        **{"with": {"asked_condition": "SignatureRequired"}},
        label=_("The signature accepted"),
        why=_("The user has said that a signature is no trouble, so the condition costs nothing."),
        facts=["F-89", "F-91"],
        hint=_("Which limit can this user live with?"),
    )


def lend_out(world: World, use: str) -> None:
    """Lend it to the user with a date that leaves time for the way back; the date follows from the walk so far."""
    due = dt.date.fromisoformat(played(world).state["due"])
    date = (due - dt.timedelta(days=world.offset)).isoformat()
    world.walk += [
        {"verb": "checkout", "user_date": date, "use": use},
        {"verb": "tellUser", "message": "ready_with_date", "channel": "email"},
    ]
    world.goal(6, id="received", kind="did", move="received")
    world.goal(12, id="user_date", kind="user_date", before_due=world.offset)
    world.tell.append({"id": "ready_with_date", "kind": "told", "message": "ready_with_date"})


def played(world: World) -> Walker:
    """The world after the walk so far."""
    walker = Walker(world.case(0, "working", "COMPLETED"))
    for item in world.walk:
        walker.go(item)
    return walker


# --- what comes after


def renewal(world: World, script: list[Send]) -> None:
    """The user wants to keep it; the supplier agrees, or does not."""
    agreed = world.dice.chance(2, 3)
    says = _("I need it a little longer. Can I keep it?")
    world.user["script"] = [{"when": f"on:Loaned+{world.loan_days - 7}", "says": says, "wants": "renew"}]
    answer = {"reasonForMessage": "RenewResponse", "answerYesNo": "Y" if agreed else "N"}
    script.append({"when": "on:Renew", "once": True, "send": answer})
    told = "renewed" if agreed else "renew_refused"
    world.walk += [
        {"verb": "user says"},
        {"verb": "renew"},
        {"verb": f"msg RenewResponse {answer['answerYesNo']}"},
        {"verb": "tellUser", "message": told, "channel": "email"},
    ]
    world.goal(8, id="renewed", kind="did", move="renew", before_due=0)
    world.tell.append({"id": told, "kind": "told", "message": told})


def recall(world: World, script: list[Send]) -> None:
    """The supplier calls it back while it is in use."""
    script.append({"when": f"on:Loaned+{world.dice.whole(6, 12)}", "send": later("Recalled")})
    world.walk += [{"verb": "msg Recalled"}, {"verb": "tellUser", "message": "recalled", "channel": "phone"}]
    world.goal(
        10,
        id="recall_passed_on",
        kind="told",
        message="recalled",
        label=_("The recall passed on to the user"),
        why=_("A recall is answered at once; the user has the item, so the user must hear it."),
        facts=["F-62"],
        hint=_("Who has the item?"),
    )
    world.tell.append({"id": "recalled", "kind": "told", "message": "recalled"})


def end_of_list(world: World) -> None:
    """Nobody supplies: another way is found, and the user hears it."""
    world.walk += [
        {"verb": "rota empty"},
        {"verb": "alternative", "way": "chapter" if not world.copy else "purchase"},
        {"verb": "tellUser", "message": "alternative", "channel": "email"},
    ]
    world.goal(
        16,
        id="other_way",
        kind="did",
        move="alternative",
        **{"with": {"way": ["chapter", "purchase"]}},
        label=_("Another way offered"),
        why=_("The list has an end, the need has not: a part as a copy, or buying it, may do."),
        facts=["F-161"],
        hint=_("What could your library do itself?"),
    )
    world.tell.append({"id": "alternative", "kind": "told", "message": "alternative"})


AFTER: Mapping[str, Callable[[World, list[Send]], None] | None] = {"": None, "renewal": renewal, "recall": recall}
