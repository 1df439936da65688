"""Codes of the protocol in plain words (F-92): people read the words, the code stands small beside them."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

Words = Mapping[str, Any]

REQUESTER_STATES: Words = {
    "NEW": lazy("Not checked yet"),
    "READY": lazy("Checked, ready to send"),
    "SENT": lazy("Sent, no answer yet"),
    "EXPECTED": lazy("The supplier expects to supply"),
    "WILL_SUPPLY": lazy("The supplier has found it"),
    "CONDITION_PENDING": lazy("Offered with a condition"),
    "RETRY_PENDING": lazy("Not as asked; the supplier says how"),
    "UNFILLED": lazy("This supplier cannot; ask the next"),
    "CANCEL_PENDING": lazy("You asked to cancel; no answer yet"),
    "CANCELLED": lazy("Cancelled with this supplier"),
    "END_OF_ROTA": lazy("Nobody left on the list"),
    "SHIPPED": lazy("On its way to you"),
    "RECEIVED": lazy("Here, not lent out yet"),
    "IN_USE": lazy("With your user"),
    "RENEW_PENDING": lazy("Renewal asked, no answer yet"),
    "RECALLED": lazy("Called back by the supplier"),
    "OVERDUE": lazy("Overdue"),
    "RETURNED": lazy("On its way back"),
    "LOST": lazy("Reported lost"),
    "COMPLETED": lazy("Complete"),
    "CLOSED": lazy("Closed"),
    "CLOSED_NO_RETURN": lazy("Closed without the item"),
}
SUPPLIER_STATES: Words = {
    "NEW": lazy("New, not looked at yet"),
    "SEARCHING": lazy("Looked for, not answered yet"),
    "WILL_SUPPLY": lazy("Promised, not sent yet"),
    "CONDITION_SENT": lazy("Offered with a condition, no answer yet"),
    "RETRY_SENT": lazy("Not as asked; you said how"),
    "CANCEL_ASKED": lazy("The requester asks to cancel"),
    "SHIPPED": lazy("Out on loan"),
    "RENEW_ASKED": lazy("The requester asks to renew"),
    "RECALLED": lazy("Called back"),
    "OVERDUE": lazy("Overdue, notice sent"),
    "RETURNED": lazy("On its way back to you"),
    "LOST": lazy("Lost"),
    "COMPLETE": lazy("Complete"),
    "UNFILLED": lazy("Not supplied"),
    "EXPIRED": lazy("Expired without your answer"),
    "CANCELLED": lazy("Cancelled"),
    "CLOSED_NO_RETURN": lazy("Closed without the item"),
}
CONDITIONS: Words = {  # F-89
    "LibraryUseOnly": lazy("use in the library only"),
    "NoReproduction": lazy("no copies of it"),
    "SignatureRequired": lazy("the user signs for it"),
    "SpecCollSupervReq": lazy("supervised reading, as in special collections"),
    "WatchLibraryUseOnly": lazy("watch it in the library only"),
}
RETRY: Words = {  # F-88
    "AtBindery": lazy("it is at the bindery"),
    "CostExceedsMaxCost": lazy("the price is above your maximum"),
    "CourierNotSupp": lazy("that courier is not offered"),
    "MultiVolAvail": lazy("several volumes: say which"),
    "MustMeetLoanCondition": lazy("only with a loan condition"),
    "NotCurrentAvailableForILL": lazy("not available for lending just now"),
    "NotFoundAsCited": lazy("not found as cited"),
    "OnLoan": lazy("it is on loan"),
    "OnOrder": lazy("it is on order"),
    "ReqDelDateNotPossible": lazy("not possible by that date"),
    "ReqDelMethodNotSupp": lazy("cannot be sent that way"),
    "ReqEditionNotPossible": lazy("not in that edition"),
    "ReqFormatNotPossible": lazy("not in that format"),
    "ReqPayMethodNotSupported": lazy("that way to pay is not offered"),
    "ReqServLevelNotSupp": lazy("that service level is not offered"),
    "ReqServTypeNotPossible": lazy("not as this service (loan or copy)"),
}
UNFILLED: Words = {  # F-87
    "NonCirculating": lazy("it does not leave the house"),
    "NotAvailableForILL": lazy("not lent to other libraries"),
    "NotHeld": lazy("not held"),
    "NotOnShelf": lazy("should be on the shelf, but is missing"),
    "PolicyProblem": lazy("our rules exclude it"),
    "PoorCondition": lazy("too fragile to travel"),
}
SHELF: Words = {
    "in": lazy("On the shelf, in good order."),
    "on_loan": lazy("Out on loan to one of your own users."),
    "missing": lazy("Should stand here, but is not on the shelf, nor at the sister locations or the sorting shelf."),
    "bindery": lazy("At the bindery."),
    "reference": lazy("On the shelf, marked for use in the house."),
    "fragile": lazy("On the shelf; the spine is broken and the leaves are loose."),
    "lacking": lazy("The title is held, the volume asked for is not."),
    "not_held": lazy("The library has never held it."),
}
EVENTS: Words = {
    "msg ExpectToSupply": lazy("Expects to supply it, going by the catalogue."),
    "msg WillSupply": lazy("Has found it and will send it."),
    "msg WillSupply+condition": lazy("Will send it, on this condition: %(condition)s."),
    "msg RetryPossible": lazy("Not as asked: %(reason)s."),
    "msg Unfilled": lazy("Cannot supply: %(reason)s."),
    "msg StatusRequestResponse": lazy("Answers: nothing has changed so far."),
    "msg CancelResponse Y": lazy("Agrees to the cancellation."),
    "msg CancelResponse N": lazy("Refuses the cancellation: it has left already."),
    "msg Loaned": lazy("Has sent it. Due back %(due)s."),
    "msg CopyCompleted": lazy("Has sent the copy."),
    "msg Recalled": lazy("Calls the item back."),
    "msg Overdue": lazy("Says the item is overdue."),
    "msg RenewResponse Y": lazy("Renews the loan. New due date %(due)s."),
    "msg RenewResponse N": lazy("Does not renew; the old date stands."),
    "msg LoanCompleted": lazy("Has the item back; the loan is complete."),
    "msg CompletedWithoutReturn": lazy("Closes the loan without the item."),
    "msg HoldReturn": lazy("Asks you to hold the item and send nothing back yet."),
    "msg ReleaseHoldReturn": lazy("The item may come back now."),
    "msg Notification": lazy("Sends a note."),
    "days to respond pass": lazy("The days to respond have passed without an answer."),
    "no answer in policy days": lazy("No answer to the cancellation; it counts as agreed."),
    "due date passes": lazy("The due date has passed."),
    "due date passes unanswered": lazy("The due date has passed, the renewal was not answered: it counts as renewed."),
    "rota empty": lazy("Nobody is left on the list of suppliers."),
    "user returns": lazy("Your user has brought the item back. It lies at your desk."),
    "no answer": lazy("Your user cannot be reached at the moment."),
    "loss confirmed": lazy("The carrier has traced the parcel and confirms that it is lost."),
    "msg accept": lazy("Accepts the condition."),
    "msg Retry": lazy("Sends the request again, changed."),
    "msg Reminder": lazy("Reminds you of the request."),
    "msg Cancel": lazy("Asks to cancel."),
    "msg Received": lazy("Has received the item."),
    "msg Renew": lazy("Asks to renew."),
    "msg ShippedReturn": lazy("Has sent the item back."),
    "msg StatusRequest": lazy("Asks how the request stands."),
    "msg Lost": lazy("Reports the item lost."),
    "parcel arrives": lazy("The parcel is here. You open it."),
    "payment or replacement arrives": lazy("The bill has been paid."),
    "days to answer pass": lazy("The days to answer have passed; the request ends here."),
    "policy days pass": lazy("You did not answer the cancellation; the requester takes it as agreed."),
    "policy days pass, asked late": lazy("You did not answer; a renewal asked late is not given by silence."),
    "shelf found": lazy("You searched your own shelves and found the item there."),
    "shelf empty": lazy("You searched your own shelves, sorting and sister locations: it is not there."),
    "own user waits": lazy("One of your own users has asked for this item."),
}


def on(day: str | None) -> str:
    """A day as people read it: 26 Nov 2026."""
    return date_format(dt.date.fromisoformat(day), "j M Y") if day else _("no date")


def money(amount: Any) -> str:
    """An amount of the case; all are whole dollars."""
    return _("$%(amount)s") % {"amount": amount} if amount else _("free")


def event(what: str, line: Mapping[str, Any], due: str | None = None) -> str:
    """What an entry of the log says, with its figures; ``line`` is what was sent."""
    if what in ("user says", "user answers"):
        return _("“%(words)s”") % {"words": line["says"]}
    if what == "shelf":
        return str(SHELF[line["status"]])
    if what == "unpacked":
        return str(line["note"])
    send = line.get("send", {})
    reason = send.get("reasonRetry") or send.get("reasonUnfilled") or ""
    values = {
        "condition": CONDITIONS.get(send.get("loanCondition", ""), ""),
        "reason": RETRY.get(reason) or UNFILLED.get(reason) or _("no reason given"),
        "due": on(due or send.get("dueDate")),
    }
    said = [str(EVENTS.get(what, what)) % values]
    if "offeredCosts" in send:
        said.append(_("It would cost %(cost)s.") % {"cost": money(send["offeredCosts"])})
    if "retryAfter" in send:
        said.append(_("Possible after %(day)s.") % {"day": on(send["retryAfter"])})
    if "loanCondition" in send and "+condition" not in what:
        said.append(_("Condition: %(condition)s.") % values)
    if send.get("note") or line.get("note"):
        said.append(_("“%(note)s”") % {"note": send.get("note") or line["note"]})
    return " ".join(said)


def code(what: str, line: Mapping[str, Any]) -> str:
    """The code of a message, to stand small beside its words; empty for what is no message."""
    if not what.startswith("msg "):
        return ""
    send = line.get("send", {})
    more = send.get("reasonRetry") or send.get("reasonUnfilled") or send.get("loanCondition") or ""
    return f"{what.removeprefix('msg ').removesuffix('+condition')} {more}".strip()
