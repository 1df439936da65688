"""What the page offers: the moves of either desk with their controls, legal ones and those that only look it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from quizzes.engines.registry import Action, Case, Control, State
from quizzes.engines.workflow import lines, words
from quizzes.engines.workflow.borrowing import SENDING, Borrowing
from quizzes.engines.workflow.desk import LONGEST_WAIT, Side
from quizzes.engines.workflow.lending import Lending

REQUEST, SUPPLIER, USER, CLOCK = lazy("Request"), lazy("Supplier"), lazy("Your user"), lazy("Clock")
REQUESTER, SHELF = lazy("Requester"), lazy("Shelf and parcel")
WAITS = ("waitNext", "wait")


@dataclass(frozen=True)
class Verb:
    """A move: its label, and the heading it stands under."""

    label: Any
    group: Any


BORROWING: Mapping[str, Verb] = {
    "verify": Verb(lazy("Check citation, copyright and your own shelves"), REQUEST),
    "send": Verb(lazy("Send the request to %(next)s"), SUPPLIER),
    "accept": Verb(lazy("Accept the condition"), SUPPLIER),
    "reject": Verb(lazy("Reject the condition: ask to cancel"), SUPPLIER),
    "retry": Verb(lazy("Send it again, changed"), SUPPLIER),
    "decline": Verb(lazy("Let this supplier go"), SUPPLIER),
    "nextSupplier": Verb(lazy("Send the request to the next supplier"), SUPPLIER),
    "received": Verb(lazy("Mark as received: unpack, check item and strap"), REQUEST),
    "checkout": Verb(lazy("Lend it to your user"), USER),
    "renew": Verb(lazy("Ask to renew"), SUPPLIER),
    "shippedReturn": Verb(lazy("Send the item back"), SUPPLIER),
    "deliver": Verb(lazy("Deliver the copy"), USER),
    "statusRequest": Verb(lazy("Ask how it stands"), SUPPLIER),
    "cancel": Verb(lazy("Ask to cancel"), SUPPLIER),
    "lost": Verb(lazy("Report the item lost"), SUPPLIER),
    "notification": Verb(lazy("Send the supplier a note"), SUPPLIER),
    "newSuppliers": Verb(lazy("Look for further suppliers"), SUPPLIER),
    "alternative": Verb(lazy("Offer your user another way"), USER),
    "closeUnfilled": Verb(lazy("Close as not filled"), REQUEST),
    "close": Verb(lazy("Close: no longer needed"), REQUEST),
    "tellUser": Verb(lazy("Write or speak to your user"), USER),
}
LENDING: Mapping[str, Verb] = {
    "search": Verb(lazy("Print the pull slip and search"), SHELF),
    "expectToSupply": Verb(lazy("Answer: we expect to supply"), REQUESTER),
    "willSupply": Verb(lazy("Answer: found, we will send it"), REQUESTER),
    "condition": Verb(lazy("Offer it with a condition"), REQUESTER),
    "retry": Verb(lazy("Answer: not as asked, but so"), REQUESTER),
    "unfilled": Verb(lazy("Answer: we cannot supply"), REQUESTER),
    "ship": Verb(lazy("Pack and send it on loan"), SHELF),
    "deliver": Verb(lazy("Send the copy"), SHELF),
    "cancelYes": Verb(lazy("Agree to the cancellation"), REQUESTER),
    "cancelNo": Verb(lazy("Refuse the cancellation: it has left"), REQUESTER),
    "renewYes": Verb(lazy("Renew"), REQUESTER),
    "renewNo": Verb(lazy("Refuse to renew"), REQUESTER),
    "recall": Verb(lazy("Call it back"), REQUESTER),
    "overdue": Verb(lazy("Send an overdue notice"), REQUESTER),
    "contact": Verb(lazy("Talk to a person there"), REQUESTER),
    "holdReturn": Verb(lazy("Ask to hold the item"), REQUESTER),
    "releaseHoldReturn": Verb(lazy("Let the item come back"), REQUESTER),
    "shelfCheck": Verb(lazy("Search your own shelves"), SHELF),
    "checkin": Verb(lazy("Check the item in"), SHELF),
    "declareLost": Verb(lazy("Declare the item lost"), REQUEST),
    "bill": Verb(lazy("Send the bill"), REQUESTER),
    "closeWithoutReturn": Verb(lazy("Close without the item"), REQUEST),
    "answerStatus": Verb(lazy("Say how it stands"), REQUESTER),
    "notification": Verb(lazy("Send the requester a note"), REQUESTER),
    "suspend": Verb(lazy("Suspend lending to this library"), REQUESTER),
}
# Moves that look right and are against the protocol in this state: offered beside the legal ones.
TEMPTING_BORROWING: Mapping[str, Sequence[str]] = {
    "NEW": ("send",),
    "SENT": ("received",),
    "EXPECTED": ("received",),
    "WILL_SUPPLY": ("received",),
    "CONDITION_PENDING": ("nextSupplier", "received"),
    "RETRY_PENDING": ("nextSupplier",),
    "CANCEL_PENDING": ("nextSupplier",),
    "SHIPPED": ("checkout",),
    "RECEIVED": ("renew",),
    "RECALLED": ("renew",),
    "RETURNED": ("renew",),
    "LOST": ("renew",),
}
TEMPTING_LENDING: Mapping[str, Sequence[str]] = {
    "NEW": ("willSupply", "ship"),
    "CONDITION_SENT": ("ship",),
    "RETRY_SENT": ("ship",),
    "CANCEL_ASKED": ("ship",),
    "SHIPPED": ("bill",),
    "RECALLED": ("renewYes",),
    "OVERDUE": ("bill", "suspend"),
    "LOST": ("suspend",),
}


@dataclass(frozen=True)
class Desk:
    """One side with everything that the page needs of it."""

    side: Side
    verbs: Mapping[str, Verb]
    tempting: Mapping[str, Sequence[str]]
    states: words.Words


DESKS: Mapping[str, Desk] = {
    "borrow": Desk(Borrowing(), BORROWING, TEMPTING_BORROWING, words.REQUESTER_STATES),
    "lend": Desk(Lending(), LENDING, TEMPTING_LENDING, words.SUPPLIER_STATES),
}


def desk_of(case: Case) -> Desk:
    return DESKS[case.get("side", "borrow")]


def offers(case: Case, state: State) -> list[Action]:
    """What the page offers now, legal moves and tempting ones alike, in the order of the desk."""
    return [action(case, state, verb) for verb in shown(case, state)]


def offer(case: Case, state: State, verb: Any) -> Action | None:
    """The move ``verb`` as the page offers it; None when it does not."""
    return action(case, state, verb) if verb in shown(case, state) else None


def shown(case: Case, state: State) -> list[str]:
    """The moves on the page: the clock is always there, and once the request has ended, the one way out."""
    if state["over"]:
        return []
    desk, final = desk_of(case), desk_of(case).side.final(state)
    legal = [verb for verb in desk.side.table.acts(state["status"]) if sensible(case, state, verb)]
    wanted = {*legal, *desk.tempting.get(state["status"], ()), *(() if final else case.get("extra", ()))}
    return [verb for verb in desk.verbs if verb in wanted] + (["finish"] if final else [*WAITS])


def sensible(case: Case, state: State, verb: str) -> bool:
    """Whether a legal move has anything to work on: what does not is left out, to keep the list short."""
    marks, copy = state["marks"], state["request"]["service"] == "Copy"
    if case.get("side") == "lend":
        return sensible_lending(case, state, verb, copy)
    if verb == "deliver":
        return copy and not marks.get("delivered")
    if verb == "notification":
        return lines.some(lines.TO_SUPPLIER, case, state)
    if verb == "tellUser":
        return lines.some(lines.TO_USER, case, state)
    return True


def sensible_lending(case: Case, state: State, verb: str, copy: bool) -> bool:
    marks = state["marks"]
    asked = {
        "deliver": copy,
        "ship": not copy,
        "notification": verb == "notification" and lines.some(lines.TO_REQUESTER, case, state),
        "answerStatus": marks.get("status_open"),
        "expectToSupply": not marks.get("answered"),
        "condition": case["profile"] == "community",
        "renewNo": state["status"] == "RENEW_ASKED" or marks.get("renew_open"),
        "cancelNo": state["status"] == "CANCEL_ASKED" or marks.get("cancel_open"),
        "holdReturn": "holdReturn" in case.get("extra", ()),
        "releaseHoldReturn": marks.get("hold"),
    }
    return bool(asked.get(verb, True))


def notes(case: Case, state: State) -> list[tuple[str, str]]:
    said = lines.TO_REQUESTER if case.get("side") == "lend" else lines.TO_SUPPLIER
    return lines.offered(said, case, state, desk_of(case).side.name(case, state))


def sayings(case: Case, state: State) -> list[tuple[str, str]]:
    return lines.offered(lines.TO_USER, case, state, desk_of(case).side.name(case, state))


def action(case: Case, state: State, verb: str) -> Action:
    if verb == "finish":
        return Action(verb, _("Put the request away"), group=str(REQUEST), primary=True)
    if verb == "wait":
        days = Control(
            "days", _("Days"), "whole", value=1, required=True, help=_("Waiting stops when something comes.")
        )
        return Action(verb, _("Wait some days"), [days], group=str(CLOCK))
    if verb == "waitNext":
        return Action(verb, _("Wait until something comes"), group=str(CLOCK))
    desk = desk_of(case)
    label = str(desk.verbs[verb].label) % {"next": next_name(case, state)}
    return Action(verb, label, controls(case, state, verb), group=str(desk.verbs[verb].group))


def next_name(case: Case, state: State) -> str:
    """The supplier whose turn comes next."""
    if case.get("side") == "lend":
        return str(case["requester"]["name"])
    number = state["supplier"] + 1 if state["turn"] else 0
    return str(case["rota"][min(number, len(case["rota"]) - 1)]["supplier"])


def controls(case: Case, state: State, verb: str) -> list[Control]:
    """What is filled in for ``verb``; the values that stand there before are those of the request."""
    if case.get("side") == "lend":
        return lending_controls(case, state, verb)
    if verb == "verify" or (verb == "retry" and state["offer"].get("reasonRetry") == "NotFoundAsCited"):
        return mending(case, state) + (code_control(state) if verb == "retry" else [])
    if verb in SENDING:
        return code_control(state) + (price_control(state) if verb == "retry" else [])
    makers: Mapping[str, Any] = {
        "checkout": lambda: checkout_controls(state),
        "tellUser": lambda: [choice("message", _("What you say"), sayings(case, state)), channel_control()],
        "notification": lambda: [choice("about", _("Your note"), notes(case, state))],
        "shippedReturn": lambda: [choice("how", _("How it travels"), list(PARCELS.items()))],
        "deliver": lambda: [choice("how", _("How it reaches the user"), list(DELIVERIES.items()))],
        "alternative": lambda: [choice("way", _("What you offer"), alternatives(case))],
    }
    return makers[verb]() if verb in makers else []


PARCELS: Mapping[str, Any] = {
    "tracked": lazy("Tracked, with the return slip, old labels removed"),
    "plain": lazy("By plain post, without a number"),
}
DELIVERIES: Mapping[str, Any] = {
    "link_notice": lazy("By an expiring link for this one user, with the notice page"),
    "link": lazy("By an expiring link for this one user, the file alone"),
    "folder": lazy("In the shared folder of the department"),
}
WAYS: Mapping[str, Any] = {
    "chapter": lazy("A scan of the part that is needed, asked for as a new copy request"),
    "purchase": lazy("Buying it for your library"),
    "illegal_copy": lazy("A complete scan of the book from a private person"),
}
USES: Mapping[str, Any] = {
    "home": lazy("To take home"),
    "signature": lazy("To take home, against signature"),
    "library": lazy("To use in your library only"),
}
STRAP: Mapping[str, Any] = {
    "number": lazy("Request number"),
    "due": lazy("Due date"),
    "label": lazy("Return label"),
    "condition": lazy("The condition of the loan"),
}
CHECKS: Mapping[str, Any] = {"pieces": lazy("All pieces are there"), "condition": lazy("Its condition")}
BASES: Mapping[str, Any] = {
    "policy": lazy("List price plus fee, as the published policy says"),
    "none": lazy("The sum alone"),
}
REFUSALS: Mapping[str, Any] = {
    "waiting": lazy("Another reader waits for it"),
    "limit": lazy("Our policy allows no further renewal"),
    "recalled": lazy("It has been called back"),
    "none": lazy("No reason"),
}


def choice(name: str, label: str, choices: Sequence[tuple[str, Any]], value: Any = None) -> Control:
    return Control(name, label, "choice", [(key, str(text)) for key, text in choices], value=value, required=True)


def alternatives(case: Case) -> list[tuple[str, str]]:
    own = [(each["id"], each["text"]) for each in case.get("alternatives", ())]
    return own or [(key, str(text)) for key, text in WAYS.items()]


def mending(case: Case, state: State) -> list[Control]:
    """The fields of the request that may be mended, as they stand."""
    labels = {"date": _("Date"), "volume": _("Volume"), "issue": _("Issue"), "title": _("Title"), "pages": _("Pages")}
    names = case.get("mend", ())
    return [Control(name, str(labels[name]), "line", value=str(state["request"].get(name, ""))) for name in names]


def code_control(state: State) -> list[Control]:
    if state["request"]["service"] == "Loan":
        return []
    codes = [("none", _("No code")), ("CCG", _("CCG: within the guidelines")), ("CCL", _("CCL: other lawful basis"))]
    return [choice("code", _("Copyright code"), codes, state["request"].get("code", "none"))]


def price_control(state: State) -> list[Control]:
    if "offeredCosts" not in state["offer"]:
        return []
    return [Control("max_cost", _("Most you pay"), "whole", value=state["request"].get("max_cost", 0), required=True)]


def channel_control() -> Control:
    ways = [("email", _("E-mail")), ("phone", _("Telephone")), ("text", _("Text message"))]
    return choice("channel", _("How"), ways, "email")


def checkout_controls(state: State) -> list[Control]:
    back = Control("user_date", _("Your user brings it back by"), "date", required=True)
    return [back, choice("use", _("How it may be used"), list(USES.items()), "home")]


def lending_controls(case: Case, state: State, verb: str) -> list[Control]:
    codes = [(key, f"{text} ({key})") for key, text in words.CONDITIONS.items()]
    due = Control("due", _("Due date"), "date", required=True)
    makers: Mapping[str, Any] = {
        "condition": lambda: [choice("condition", _("Condition"), codes)],
        "retry": retry_controls,
        "unfilled": lambda: [choice("reason", _("Reason"), coded(words.UNFILLED)), Control("note", _("Note"))],
        "ship": lambda: [due, Control("strap", _("On the strap"), "checks", listed(STRAP))],
        "deliver": lambda: [choice("how", _("How it travels"), list(DELIVERIES.items()))],
        "renewYes": lambda: [due],
        "renewNo": lambda: [choice("reason", _("Reason"), list(REFUSALS.items()))],
        "recall": lambda: [Control("return_by", _("Back by"), "date", required=True)],
        "checkin": lambda: [Control("checked", _("What you look at"), "checks", listed(CHECKS))],
        "bill": bill_controls,
        "notification": lambda: [choice("about", _("Your note"), notes(case, state))],
    }
    return makers[verb]() if verb in makers else []


def coded(texts: words.Words) -> list[tuple[str, str]]:
    return [(key, f"{text} ({key})") for key, text in texts.items()]


def listed(texts: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(key, str(text)) for key, text in texts.items()]


def retry_controls() -> list[Control]:
    return [
        choice("reason", _("Reason"), coded(words.RETRY)),
        Control("cost", _("Your price, if that is the reason"), "whole"),
        Control("retry_after", _("Possible after, if that is the reason"), "date"),
    ]


def bill_controls() -> list[Control]:
    amount = Control("amount", _("Amount in dollars"), "whole", required=True)
    return [amount, choice("basis", _("What it says"), list(BASES.items()))]


def longest(days: int) -> int:
    return max(1, min(days, LONGEST_WAIT))
