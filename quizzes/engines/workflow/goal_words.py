"""What is said of goals, moments and answers: usual words by their id, which a case may replace by its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from quizzes.engines.registry import Case
from quizzes.engines.workflow.words import on

Spec = Mapping[str, Any]


@dataclass(frozen=True)
class Saying:
    label: Any
    why: Any
    facts: Sequence[str] = ()
    expected: Any = ""
    hint: Any = ""
    next_time: Any = ""
    asked: Any = ""


GOALS: Mapping[str, Saying] = {
    "sent": Saying(
        lazy("The request went out"),
        lazy("Checked first, then sent: a supplier can only answer a request that describes the item correctly."),
        ("F-62",),
        hint=lazy("Before anything is sent, three things are looked at."),
    ),
    "received": Saying(
        lazy("Received and unpacked"),
        lazy("Item, strap and restrictions are checked on arrival, and the supplier learns that it came."),
        ("F-84",),
        hint=lazy("What do you do first with a parcel that has arrived?"),
    ),
    "user_date": Saying(
        lazy("A date for the user that leaves time for the way back"),
        lazy("The due date is the day on which it is checked in here for return: the user's date lies days before it."),
        ("F-61", "F-62"),
        hint=lazy("Count back from the lender's due date by the days that your policy keeps for yourself."),
        next_time=lazy("Lender's date minus your own days: write that one on the slip."),
    ),
    "returned": Saying(
        lazy("Sent back in time"),
        lazy("The borrowing library answers for the item until it is back, and honours the date."),
        ("F-62",),
        hint=lazy("What lies at your desk goes back the same day."),
    ),
    "completed": Saying(
        lazy("The request came to its proper end"),
        lazy("A request is over when the last message says so, and not before."),
        ("F-86",),
        hint=lazy("After sending back, wait for the lender's word."),
    ),
    "renewed": Saying(
        lazy("Renewal asked before the due date"),
        lazy("A renewal is asked before the due date; only then may silence be read as a yes."),
        ("F-62", "F-64"),
        hint=lazy("Your user has asked for something that has a last day."),
    ),
    "code": Saying(
        lazy("The right copyright code"),
        lazy("Inside the five years and the count it is CCG; on another lawful basis, such as an older issue, CCL."),
        ("F-32", "F-47"),
        hint=lazy("Compare the date of the issue with the day of the request: five years."),
    ),
    "delivered": Saying(
        lazy("Copy delivered with its notice"),
        lazy("One user, an expiring link, and the notice of copyright with the copy."),
        ("F-12", "F-55"),
        hint=lazy("A copy does not travel alone."),
    ),
    "asked_user": Saying(
        lazy("The user was asked about the condition"),
        lazy("A condition that changes the deal is the user's to judge, before you accept or reject it."),
        ("F-91",),
        hint=lazy("Whose evening reading is it?"),
    ),
    "searched": Saying(
        lazy("Searched before a yes"),
        lazy("“Will supply” means found. The catalogue alone allows no more than “expect to supply”."),
        ("F-86",),
        hint=lazy("Look before you answer."),
    ),
    "answered": Saying(
        lazy("Answered within the days to respond"),
        lazy(
            "A request that expires unanswered stays in the base of your fill rate, and a reader has waited for nothing."
        ),
        ("F-63", "F-153"),
        hint=lazy("The policy card says how many days you have."),
    ),
    "due": Saying(
        lazy("The due date"),
        lazy("Day of shipping plus the days of the loan."),
        ("F-61",),
        hint=lazy("Count from the day it leaves."),
    ),
    "new_due": Saying(
        lazy("The new due date"),
        lazy("A renewal runs on from the old due date, not from the day of asking."),
        ("F-64",),
        hint=lazy("From which day does a renewal count?"),
    ),
    "renew_answered": Saying(
        lazy("Renewal answered before the due date"),
        lazy("Silence renews it without you."),
        ("F-63", "F-64"),
        hint=lazy("A question is open, and it has a last day."),
    ),
    "checked_in": Saying(
        lazy("Checked in with pieces and condition"),
        lazy("Pieces and condition first, then the message that it is back."),
        ("F-75", "F-86"),
        hint=lazy("Two looks before the last message."),
    ),
    "condition": Saying(
        lazy("Offered with the condition that the policy asks"),
        lazy("The policy card says how such an item is lent; the condition is a code that the other system reads."),
        ("F-89",),
        hint=lazy("Read the policy card: how is this kind of item lent?"),
    ),
    "first_notice": Saying(
        lazy("First notice after the days of grace"),
        lazy("The item is due there for return on the due date; it still has its way to make."),
        ("F-61",),
        hint=lazy("Due date plus grace, then the next day."),
    ),
    "second_notice": Saying(
        lazy("Second notice when it is due"),
        lazy("One step of the ladder after the other, each on its day."),
        ("F-61",),
        hint=lazy("The policy card has a second number for notices."),
    ),
    "contact": Saying(
        lazy("A word with a person before any bill"),
        lazy("After two notices a person is asked; most lost items are found then."),
        ("F-74",),
        hint=lazy("Notices go to a system. Who reads them?"),
    ),
    "own_shelf": Saying(
        lazy("Own shelves searched before any bill"),
        lazy("A good part of what is missing abroad stands at home."),
        ("F-74",),
        hint=lazy("Where else could it be?"),
    ),
    "billed": Saying(
        lazy("Billed by the published policy"),
        lazy("Replacement and fee as published, once, with the basis said."),
        ("F-62", "F-74"),
        hint=lazy("Two figures on the policy card make one."),
    ),
    "reason": Saying(
        lazy("The narrowest true reason"),
        lazy("The reason decides what the requester does next, and what the figures say afterwards."),
        ("F-72",),
        hint=lazy("Which word says exactly what the shelf has shown?"),
    ),
}


def answer(why: Any, *facts: str) -> Saying:
    """Why a move is the answer to an event."""
    return Saying("", why, facts)


ANSWERS: Mapping[tuple[str, str], Saying] = {
    ("msg ExpectToSupply", "wait"): answer(
        lazy("It is likely, from the catalogue; there is nothing to do yet."), "F-86"
    ),
    ("msg WillSupply", "wait"): answer(lazy("It was found and comes next; there is nothing to do yet."), "F-86"),
    ("msg Loaned", "received"): answer(lazy("It is on its way; on arrival it is received and checked."), "F-84"),
    ("msg Received", "wait"): answer(lazy("It is on loan from now on; the next date is the due date."), "F-61"),
    ("user returns", "shippedReturn"): answer(lazy("What lies at your desk goes back the same day."), "F-62"),
}
BY_EVENT: Mapping[str, Saying] = {
    "msg WillSupply+condition": answer(
        lazy("A condition waits for your answer: accept it if the user can live with it, else ask to cancel."),
        "F-89",
        "F-91",
    ),
    "msg RetryPossible": answer(
        lazy("Nothing is refused yet: mend what the reason names and ask again, or let this supplier go."),
        "F-88",
        "F-91",
    ),
    "msg Unfilled": answer(lazy("This supplier is out; the next on the list is asked."), "F-67", "F-87"),
    "msg CopyCompleted": answer(lazy("The copy is here: it goes to the user with its notice."), "F-12", "F-55"),
    "msg CancelResponse Y": answer(lazy("Now the cancellation is a fact; the next supplier may be asked."), "F-73"),
    "msg CancelResponse N": answer(
        lazy("A Cancel is a request: this one comes too late, the item still arrives."), "F-73"
    ),
    "msg RenewResponse Y": answer(
        lazy("The user needs the new date, with the days for the way back taken off."), "F-61"
    ),
    "msg RenewResponse N": answer(lazy("The old date stands, and the user must know it."), "F-63"),
    "msg Recalled": answer(
        lazy("A recall is answered at once: the user is called, the lender hears how it stands."), "F-62"
    ),
    "msg Overdue": answer(lazy("An overdue notice wants an answer: where the item is, and what you do."), "F-62"),
    "msg LoanCompleted": answer(lazy("The loan is over; put the request away."), "F-86"),
    "msg CompletedWithoutReturn": answer(
        lazy("The matter is settled; the user hears it, the request is put away."), "F-74"
    ),
    "days to respond pass": answer(lazy("Silence has run out: do not wait on, ask the next."), "F-67"),
    "rota empty": answer(lazy("Nobody is left: look for another way, and tell the user."), "F-161"),
    "loss confirmed": answer(lazy("Now it is known: report the loss and ask what the lender prefers."), "F-74"),
    "msg accept": answer(lazy("The condition is agreed: now it may be sent."), "F-91"),
    "msg Retry": answer(lazy("A Retry is a new request: read it again from the top."), "F-82"),
    "msg Renew": answer(
        lazy("A renewal is answered promptly: yes, unless somebody waits or the policy ends it."), "F-63"
    ),
    "msg Cancel": answer(lazy("A Cancel is a question: yes before it has left, no after."), "F-73"),
    "msg ShippedReturn": answer(lazy("It is on its way: nothing to do before the parcel is here."), "F-61"),
    "msg Lost": answer(lazy("Your own shelves first, then the bill with its basis."), "F-74"),
    "parcel arrives": answer(lazy("Pieces and condition, then the check-in."), "F-75"),
    "payment or replacement arrives": answer(lazy("Settled: close it without the item, and say so."), "F-74"),
    "own user waits": answer(lazy("You may recall at any time; your own reader waits."), "F-63"),
}


def why_answer(event: str, verb: str) -> tuple[str, tuple[str, ...]]:
    """Why ``verb`` is the answer to ``event``, and the facts that say so."""
    said = ANSWERS.get((event, verb)) or BY_EVENT.get(event) or Saying("", _("That is what the state asks for next."))
    return str(said.why), tuple(said.facts)


def of_goal(case: Case, spec: Spec) -> Saying:
    """The words of a goal: those of the case, else the usual ones of its id."""
    usual = GOALS.get(spec["id"], Saying(spec["id"].replace("_", " "), ""))
    return spoken(case, spec, usual)


def of_moment(case: Case, spec: Spec) -> Saying:
    """The words of a moment at which somebody has to be told."""
    lending = case.get("side") == "lend"
    label = _("The requester is told: %(what)s") if lending else _("The user is told: %(what)s")
    why = (
        _("The requester needs what your message carries, at the moment it is true.")
        if lending
        else _("Who waits wants to know where it stands, what is next and by when.")
    )
    usual = Saying(label % {"what": spec["id"].replace("_", " ")}, why, ("F-63",) if lending else ("F-161",))
    return spoken(case, spec, usual)


def spoken(case: Case, spec: Spec, usual: Saying) -> Saying:
    own = {
        name: spec[name] for name in ("label", "why", "facts", "expected", "hint", "next_time", "asked") if name in spec
    }
    said = replace(usual, **own)
    texts = {name: str(getattr(said, name)) for name in ("label", "why", "hint", "next_time")}
    expected = str(said.expected) or expected_of(spec) or texts["label"]
    return replace(said, **texts, expected=expected, asked=str(said.asked) or asked_of(case, spec))


def expected_of(spec: Spec) -> str:
    """The figures of a condition, where it has any."""
    if "before_due" in spec and spec["kind"] == "user_date":
        return _("At least %(days)d days before the lender's due date.") % {"days": spec["before_due"]}
    if "past_due" in spec:
        return _("Not before day %(days)d after the due date.") % {"days": spec["past_due"]}
    if "days" in spec and spec.get("counted") == "due":
        return _("%(days)d days after the old due date.") % {"days": spec["days"]}
    if "days" in spec:
        return _("%(days)d days after the day it was sent.") % {"days": spec["days"]}
    if "by" in spec:
        return _("By %(day)s.") % {"day": on(spec["by"])}
    return ""


def asked_of(case: Case, spec: Spec) -> str:
    """A decision with figures as a question that stands alone; empty where it would not."""
    if spec["kind"] == "user_date":
        question = _(
            "You know the lender's due date; your policy keeps %(days)d days for the way back. "
            "Which date do you give your user?"
        )
        return question % {"days": case["policy"].get("user_offset_days", 4)}
    if spec["kind"] == "due" and spec.get("counted") == "due":
        return _("A loan is renewed for %(days)d days. From which day do you count the new due date?") % {
            "days": spec["days"]
        }
    if spec["kind"] == "due":
        return _("You lend for %(days)d days. From which day do you count the due date?") % {"days": spec["days"]}
    if spec["kind"] == "did" and "past_due" in spec:
        return _("Grace is %(grace)d days. On which day after the due date does a notice go out at the earliest?") % {
            "grace": case["policy"].get("grace", 7)
        }
    return ""


def request_line(case: Case) -> str:
    """The request in one line, as a card needs it."""
    request = case["request"]
    service = {"Loan": _("loan"), "Copy": _("copy"), "CopyOrLoan": _("loan or copy")}[request["service"]]
    said = [f"“{request['title']}” ({service})"]
    if request.get("need_before"):
        said.append(_("needed before %(day)s") % {"day": on(request["need_before"])})
    if "max_cost" in request:
        said.append(_("at most %(cost)s") % {"cost": f"${request['max_cost']}"})
    return ", ".join(said)
