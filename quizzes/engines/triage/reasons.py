"""What a lender may answer: the decisions, the two lists of reasons, and which answer a situation calls for.

The lists are those of F-71 (older systems), F-87, F-88 and F-89 (ISO 18626:2021); ``SITUATIONS`` is the table of facts 8.2.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.engines.registry import Case

Labels = Mapping[str, Any]

ISO, LEGACY = "iso2021", "legacy"
LISTS: Labels = {ISO: _("ISO 18626, edition 2021"), LEGACY: _("Reasons for no of older systems")}
AS_ASKED = "none"
DECISIONS: Labels = {
    "supply": _("Supply"),
    "conditional": _("Offer it on a condition"),
    "retry": _("Say they may ask again"),
    "unfilled": _("Say no"),
}
ISO_UNFILLED: Labels = {
    "NonCirculating": _("Does not circulate"),
    "NotAvailableForILL": _("Not available for interlibrary loan"),
    "NotHeld": _("Not held"),
    "NotOnShelf": _("Not on shelf"),
    "PolicyProblem": _("Our policy excludes it"),
    "PoorCondition": _("Poor condition"),
}
ISO_RETRY: Labels = {
    "AtBindery": _("At the bindery"),
    "CostExceedsMaxCost": _("Costs more than the maximum named"),
    "CourierNotSupp": _("Courier not supported"),
    "MultiVolAvail": _("Several volumes: say which"),
    "MustMeetLoanCondition": _("A loan condition must be met"),
    "NotCurrentAvailableForILL": _("Not available for interlibrary loan at present"),
    "NotFoundAsCited": _("Not found as cited"),
    "OnLoan": _("On loan"),
    "OnOrder": _("On order"),
    "ReqDelDateNotPossible": _("Delivery by that date not possible"),
    "ReqDelMethodNotSupp": _("Delivery in that way not supported"),
    "ReqEditionNotPossible": _("That edition not possible"),
    "ReqFormatNotPossible": _("That format not possible"),
    "ReqPayMethodNotSupported": _("That way of paying not supported"),
    "ReqServLevelNotSupp": _("That level of service not supported"),
    "ReqServTypeNotPossible": _("That kind of service not possible"),
}
CONDITIONS: Labels = {
    "LibraryUseOnly": _("Use in the library only"),
    "NoReproduction": _("No reproduction"),
    "SignatureRequired": _("Signature required"),
    "SpecCollSupervReq": _("Supervised use in special collections"),
    "WatchLibraryUseOnly": _("Use in the library only, watched"),
}
LOCAL: Labels = {"LacksCopyrightCompliance": _("Local code: lacks copyright compliance")}
LEGACY_NO: Labels = {
    "in-use": _("In use, on loan"),
    "in-process": _("In process"),
    "lost": _("Lost"),
    "non-circulating": _("Non-circulating"),
    "not-owned": _("Not owned"),
    "on-order": _("On order"),
    "not-yet-available": _("Volume or issue not yet available"),
    "at-bindery": _("At bindery"),
    "lacking": _("Lacking"),
    "not-on-shelf": _("Not on shelf"),
    "on-reserve": _("On reserve"),
    "poor-condition": _("Poor condition"),
    "cost-exceeds-limit": _("Cost exceeds limit"),
    "charges": _("Charges"),
    "prepayment-required": _("Prepayment required"),
    "lacks-copyright-compliance": _("Lacks copyright compliance"),
    "not-found-as-cited": _("Not found as cited"),
    "locations-not-found": _("Locations not found"),
    "on-hold": _("On hold"),
    "policy-problem": _("Policy problem"),
    "delivery-not-possible": _("Delivery service or time not possible"),
    "other": _("Other"),
}
_NOTHING: Labels = {AS_ASKED: _("No reason needed: it goes as asked")}
GROUPS: Mapping[str, Sequence[tuple[Any, Labels]]] = {
    ISO: (
        (_("As asked"), _NOTHING),
        (_("Unfilled"), ISO_UNFILLED),
        (_("They may ask again"), ISO_RETRY),
        (_("Conditions"), CONDITIONS),
        (_("Codes of this network"), LOCAL),
    ),
    LEGACY: ((_("As asked"), _NOTHING), (_("Reasons for no"), LEGACY_NO), (_("Conditions"), CONDITIONS)),
}


def reasons_of(name: str) -> Labels:
    """Every reason and condition of the list ``name`` by its code."""
    return {code: label for _heading, codes in GROUPS[name] for code, label in codes.items()}


@dataclass(frozen=True)
class Answer:
    """What holds in a list: any of ``decisions``; any of ``reasons`` is as narrow as it gets, ``broad`` are true, too."""

    decisions: tuple[str, ...]
    reasons: tuple[str, ...]
    broad: tuple[str, ...] = ()


@dataclass(frozen=True)
class Situation:
    """What the desk finds, and the right answer in each list; ``why`` and ``hint`` are for those who learn."""

    label: Any
    iso: Answer
    legacy: Answer
    why: Any
    hint: Any
    facts: Sequence[str] = field(default=("F-72",))

    def answer(self, name: str) -> Answer:
        return self.iso if name == ISO else self.legacy


def _no(reason: str, *broad: str) -> Answer:
    return Answer(("unfilled",), (reason,), broad)


def _again(reason: str, *broad: str) -> Answer:
    return Answer(("retry",), (reason,), broad)


_SUPPLY = Answer(("supply",), (AS_ASKED,))
_NOW = "NotCurrentAvailableForILL"
WAITING = ("on-loan", "at-bindery", "on-order")  # situations that end on a day

SITUATIONS: Mapping[str, Situation] = {
    "supply": Situation(
        _("It is here and may go"), _SUPPLY, _SUPPLY,
        _("It is here, nothing in the policy stands against it, and the request is complete: supply it."),
        _("Look for something that stands against it: holding, policy, code, price. Is there anything?"),
        ("F-63",),
    ),
    "print-only": Situation(
        _("Only an e-copy; the licence allows a copy from print"), _SUPPLY, _SUPPLY,
        _("The licence allows interlibrary loan from a printed copy: print it, then scan or post the print."),
        _("Read what the licence says about the file and about a print from it."),
        ("F-50",),
    ),
    "on-loan": Situation(
        _("On loan, back soon"), _again("OnLoan", _NOW), _no("in-use"),
        _("It is on loan. ISO 18626 says “ask again” for this, with a day; older lists have it among their reasons for no."),
        _("It comes back. Which list do you answer in, and what does it say for this?"),
        ("F-88", "F-72"),
    ),
    "at-bindery": Situation(
        _("At the bindery"), _again("AtBindery", _NOW), _no("at-bindery"),
        _("It is ours and will be back: at the bindery says so, and says more than “not available”."),
        _("Where is it now, and is there a reason that says just that?"),
        ("F-88", "F-72"),
    ),
    "on-order": Situation(
        _("On order"), _again("OnOrder", _NOW), _no("on-order", "not-yet-available"),
        _("It was ordered and is not here yet: on order tells the other library that waiting makes sense."),
        _("Will it be here one day? Then there is a narrower reason than “not held”."),
        ("F-88", "F-72"),
    ),
    "not-owned": Situation(
        _("The title was never held"), _no("NotHeld"), _no("not-owned"),
        _("There is no holding of this title at all: not owned, in ISO 18626 not held."),
        _("Do we have any part of the title?"),
        ("F-72", "F-87"),
    ),
    "lacking": Situation(
        _("The title is held, this volume is not"), _no("NotHeld"), _no("lacking"),
        _("We own the title but not this volume: lacking. ISO 18626 has no code for it: not held, and the note says which."),
        _("Compare the volume asked for with the run that we hold."),
        ("F-72", "F-87"),
    ),
    "not-on-shelf": Situation(
        _("It should be here and cannot be found"), _no("NotOnShelf", "NotAvailableForILL"), _no("not-on-shelf", "lost"),
        _("It should be here but is missing: not on shelf. Nobody has declared it lost."),
        _("The catalogue says it is ours. What did the search at the shelf say?"),
    ),
    "reference": Situation(
        _("Reference or in-house only"),
        _no("NonCirculating", "NotAvailableForILL", "PolicyProblem"),
        _no("non-circulating", "policy-problem"),
        _("It never leaves the house: non-circulating is the narrowest reason that is true."),
        _("May this copy leave the house for anybody?"),
        ("F-72", "F-87"),
    ),
    "fragile": Situation(
        _("Too fragile to travel"), _no("PoorCondition", "NotAvailableForILL"), _no("poor-condition"),
        _("The copy would not survive the journey: poor condition says why, and that another copy may do."),
        _("What is it about this copy that stands against sending it?"),
        ("F-72", "F-87"),
    ),
    "policy": Situation(
        _("Our rules exclude this borrower or type"),
        Answer(("unfilled",), ("PolicyProblem", "NotAvailableForILL")),
        _no("policy-problem"),
        _("The thing is here, but our policy does not send this kind to this borrower: that is a matter of policy."),
        _("Lay the policy card beside the borrower and the kind of material."),
        ("F-71", "F-87"),
    ),
    "licence-bars": Situation(
        _("The licence allows no interlibrary loan"),
        Answer(("unfilled",), ("PolicyProblem", "NotAvailableForILL")),
        _no("policy-problem"),
        _("The only copy is electronic and its licence bars interlibrary loan. A contract may take away what law allows."),
        _("Which copy would you use, and what does its licence say?"),
        ("F-50", "F-87"),
    ),
    "not-as-cited": Situation(
        _("The citation does not match"),
        _again("NotFoundAsCited"),
        Answer(("unfilled", "retry"), ("not-found-as-cited",)),
        _("The issue is here, but what was asked for is not in it. Say what is really there, so that they can ask again."),
        _("You have the volume in your hand. Does the page agree with the request?"),
        ("F-72", "F-88"),
    ),
    "cost": Situation(
        _("The price is above their limit"), _again("CostExceedsMaxCost"), _no("cost-exceeds-limit", "charges"),
        _("We charge more than they said they would pay: name the price, and let them decide."),
        _("Compare the most they pay with what we charge."),
        ("F-71", "F-88"),
    ),
    "no-code": Situation(
        _("A copy without a compliance code"),
        Answer(("unfilled", "retry"), ("LacksCopyrightCompliance", "PolicyProblem")),
        Answer(("unfilled", "retry"), ("lacks-copyright-compliance",), ("policy-problem",)),
        _("The policy card asks for a code on every copy request, and this one has none. The default list of ISO 18626 "
          "has no code for that: a local code, or policy problem, and the note says what is missing."),
        _("A copy request carries one thing that a loan does not. Is it there?"),
        ("F-46", "F-71"),
    ),
    "library-use": Situation(
        _("We lend it with limits"),
        Answer(("conditional", "retry"), ("LibraryUseOnly", "MustMeetLoanCondition")),
        Answer(("conditional",), ("LibraryUseOnly",)),
        _("The policy lets it go if it is used in the library: offer that, and let them accept it or not."),
        _("Between yes and no there is an offer. Does the policy card name a limit?"),
        ("F-89", "F-91"),
    ),
    "supervised": Situation(
        _("We lend it to a supervised reading room"),
        Answer(("conditional", "retry"), ("SpecCollSupervReq", "MustMeetLoanCondition"), ("LibraryUseOnly",)),
        Answer(("conditional",), ("SpecCollSupervReq",), ("LibraryUseOnly",)),
        _("Special collections travel to a supervised reading room only: that is the condition, and it is narrower than "
          "library use."),
        _("Between yes and no there is an offer. Where must somebody sit beside it?"),
        ("F-89", "F-91"),
    ),
    "delivery": Situation(
        _("It cannot be sent in that way"), _again("ReqDelMethodNotSupp"), _no("delivery-not-possible"),
        _("We can supply it, but not in the way they ask for: say so, and name the way that works."),
        _("What stands against it: the thing, or the way it should travel?"),
        ("F-71", "F-88"),
    ),
    "format": Situation(
        _("It cannot be supplied in that form"), _again("ReqFormatNotPossible"), _no("delivery-not-possible"),
        _("We can supply it, but not in the form they ask for: say so, and name the form that works."),
        _("What stands against it: the thing, or the form they want it in?"),
        ("F-71", "F-88"),
    ),
    "too-much": Situation(
        _("A copy of nearly the whole work"),
        Answer(("retry", "unfilled"), ("ReqServTypeNotPossible", "PolicyProblem")),
        Answer(("retry", "unfilled"), ("policy-problem",)),
        _("This is not a small part but nearly the whole work, and more pages than we copy. A copy is the wrong service; "
          "a loan, or the statement for a whole work, opens a road."),
        _("Count the pages asked for, and the pages there are."),
        ("F-16", "F-88"),
    ),
}  # fmt: skip


def answer_of(case: Case, request: Case) -> Answer:
    """What holds for ``request`` in the list of ``case``."""
    return SITUATIONS[request["situation"]].answer(case["list"])
