"""What the copyright desk says: labels of every choice, the reason behind each, and dates in words."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from quizzes.engines.copyright.contu import CCG, CCL, CCL_AFTER, NO_CODE

Labels = Mapping[str, Any]

NOTICE = lazy("This is training, not legal advice. Your library’s own policy comes first.")

KINDS: Labels = {"periodical": lazy("Journal"), "other": lazy("Book or other work")}
SERVICES: Labels = {"copy": lazy("Copy"), "loan": lazy("Loan")}
STATUSES: Labels = {
    "filled": lazy("Filled"),
    "unfilled": lazy("Not filled"),
    "cancelled": lazy("Cancelled"),
    "pending": lazy("Still open"),
}
STATUS_SIGNS: Mapping[str, tuple[str, str]] = {  # icon and tone
    "filled": ("check-circle", "ok"),
    "unfilled": ("x-circle", ""),
    "cancelled": ("x-circle", ""),
    "pending": ("clock", "warn"),
}
BASES: Labels = {
    "none": lazy("Nothing noted"),
    "public_domain": lazy("Public domain"),
    "open_access": lazy("Open access"),
    "licence": lazy("Our licence allows it"),
    "permission": lazy("Permission of the owner on file"),
    "royalty_paid": lazy("Royalty paid"),
    "fair_use": lazy("Fair use decision on file"),
    "section_108e": lazy("Whole work under §108(e)"),
    "replacement_108c": lazy("Replacement under §108(c)"),
    "own_unavailable": lazy("We have it, but cannot get at it now"),
    "on_order": lazy("We ordered it, and it is not here yet"),
}
WORK_TYPES: Labels = {
    "text": lazy("Text"),
    "music": lazy("Musical work"),
    "graphic": lazy("Picture, graphic work or sculpture"),
    "audiovisual": lazy("Film or other audiovisual work"),
    "news_av": lazy("Audiovisual news"),
}
PORTIONS: Labels = {
    "one_item": lazy("One article or contribution"),
    "small_part": lazy("A small part"),
    "substantial": lazy("A substantial part"),
    "whole": lazy("The whole work"),
}

REASONS: Labels = {
    "counted": lazy("Filled, in the window"),
    "place": lazy("Still open, holds a place"),
    "not_filled": lazy("Not filled"),
    "other_year": lazy("Another year"),
    "too_old": lazy("Older than five years then"),
    "loan": lazy("A loan, no copy"),
    "paid": lazy("Royalty or permission"),
    "free": lazy("Open, free or licensed"),
    "fair_use": lazy("Fair use on file"),
    "section_108e": lazy("Whole work, §108(e)"),
    "own": lazy("Own or ordered, not here"),
    "replacement": lazy("Replacement, §108(c)"),
    "other_work": lazy("Another work"),
    "other_branch": lazy("Another branch"),
}
REASON_WHY: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "counted": (
        lazy("A filled copy of this year, from inside the window, on no other basis: it takes a place."),
        ("F-31", "F-34"),
    ),
    "place": (
        lazy("It may still be filled, so by this policy it holds a place until it ends unfilled or cancelled."),
        ("F-34",),
    ),
    "not_filled": (lazy("Only filled requests count. What ended without a copy took nothing."), ("F-34",)),
    "other_year": (lazy("The five are for one calendar year; it belongs to another."), ("F-31", "F-33")),
    "too_old": (
        lazy("More than five years lay between the issue and its own request: outside the guideline."),
        ("F-32",),
    ),
    "loan": (lazy("A loan makes no copy, so there is nothing to count."), ("F-43",)),
    "paid": (
        lazy("It was paid for or permitted, so it was not made in reliance on the guideline."),
        ("F-42",),
    ),
    "free": (
        lazy("It was free to copy or allowed by licence, so it was not made in reliance on the guideline."),
        ("F-42",),
    ),
    "fair_use": (
        lazy("It rests on a documented fair use decision, not on the guideline."),
        ("F-42",),
    ),
    "section_108e": (lazy("A whole work under §108(e) is not what the guideline counts."), ("F-33",)),
    "own": (
        lazy("You have or ordered it and could not get at it: it is treated as a copy from your own collection."),
        ("F-36",),
    ),
    "replacement": (lazy("A replacement copy rests on §108(c), not on the guideline."), ("F-14", "F-47")),
    "other_work": (lazy("It is from another work, and each work has five places of its own."), ("F-31",)),
    "other_branch": (lazy("By this policy each branch counts for itself."), ("F-44",)),
}

DECISIONS: Labels = {
    "SEND": lazy("Send it: within the guideline, and it takes a place"),
    "SEND_NOCOUNT": lazy("Send it: another basis carries it, and it takes no place"),
    "OUTSIDE": lazy("Send it: too old for the guideline, and it takes no place"),
    "NOT_A_COPY": lazy("Send it: a loan, no copy is made"),
    "OVER": lazy("Do not send it as it stands: the five places are taken"),
    "GATE_108D": lazy("Stop before counting: not what §108(d) allows for one user"),
    "GATE_108E": lazy("Stop before counting: so much needs the search of §108(e) first"),
    "GATE_108G": lazy("Stop before counting: concerted copying, §108(g)"),
    "GATE_108I": lazy("Stop before counting: a kind of work that §108(i) excludes"),
}
DECISION_WHY: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "SEND": (lazy("It passes §108, stands in the window, and a place is free."), ("F-31", "F-37")),
    "SEND_NOCOUNT": (lazy("It does not rely on one of the five places."), ("F-36", "F-42")),
    "OUTSIDE": (
        lazy("The last day of the issue’s date lies more than five years before the request: no number is set."),
        ("F-32",),
    ),
    "NOT_A_COPY": (lazy("Lending the thing itself makes no copy, so neither count nor code applies."), ("F-43",)),
    "OVER": (lazy("Five are inside the guideline; this would be one more."), ("F-31", "F-33")),
    "GATE_108D": (
        lazy("§108(d) is for one item of an issue for one user’s private study, and is tested before any count."),
        ("F-15", "F-37", "F-41"),
    ),
    "GATE_108E": (
        lazy("A whole work or a substantial part needs a search for a copy at a fair price before anything is sent."),
        ("F-16", "F-37"),
    ),
    "GATE_108G": (
        lazy("Many copies of the same thing by one plan are not isolated and unrelated, however few are used."),
        ("F-18", "F-37"),
    ),
    "GATE_108I": (
        lazy("§108(d) and (e) do not reach musical, pictorial and audiovisual works, except news."),
        ("F-20", "F-37"),
    ),
}

CODES: Labels = {
    CCG: lazy("CCG: conforms to the guidelines"),
    CCL: lazy("CCL: conforms to the law on another basis"),
    CCL_AFTER: lazy("CCL, but only once royalty, permission or a fair use decision is there"),
    NO_CODE: lazy("No code"),
}

ROADS: Labels = {
    "borrow": lazy("Borrow the thing itself, as a loan"),
    "send_ccg": lazy("Send it marked CCG"),
    "royalty": lazy("Pay the royalty or get permission, then send it marked CCL"),
    "doc_supplier": lazy("Order from a supplier whose price includes the royalty"),
    "plain_ccl": lazy("Send it marked CCL, and leave all else as it is"),
    "subscribe": lazy("Buy it or subscribe"),
    "licence": lazy("Use a licence that allows it"),
    "fair_use": lazy("Make a fair use decision under your policy, write it down, and send it marked CCL"),
    "split": lazy("Have a colleague ask for it in their own name"),
    "search": lazy("First search for a copy at a fair price, and note the search"),
    "hold": lazy("Hold it until an open request ends unfilled, then test again"),
    "wait": lazy("Wait until next year, if the user agrees"),
    "mark_as_loan": lazy("Call it a loan, and ask for a scan"),
    "decline": lazy("Decline, and explain why"),
}
ROAD_WHY: Labels = {
    "borrow": lazy("Nothing is copied, so nothing is counted."),
    "send_ccg": lazy("CCG would state something untrue."),
    "royalty": lazy("Then it rests on payment or permission. Keep the proof as your policy says."),
    "doc_supplier": lazy("The royalty is paid with the price."),
    "plain_ccl": lazy("CCL states a lawful basis; without one it states something untrue."),
    "subscribe": lazy("What you own or have on order, and cannot get at yet, is treated as your own."),
    "licence": lazy("What a licence allows does not rest on §108."),
    "fair_use": lazy("The law weighs four factors; the record of the decision is what makes it hold."),
    "split": lazy("A plan to divide a request among people is concerted copying."),
    "search": lazy("After a search that finds none, §108(e) may carry the whole work."),
    "hold": lazy("A place comes back only when an open request ends without a copy."),
    "wait": lazy("A new calendar year brings new places, and nothing else."),
    "mark_as_loan": lazy("A scan is a copy, whatever the form says."),
    "decline": lazy("Always lawful; say why and what else is possible."),
}

POLICY: Mapping[str, Labels] = {
    "year_basis": {
        "request": lazy("A copy counts in the year of its request."),
        "fill": lazy("A copy counts in the year in which it was filled."),
    },
    "count_pending": {
        "yes": lazy("A request that is still open holds a place until it ends."),
        "no": lazy("A request that is still open holds no place."),
    },
    "partial_date": {"conservative": lazy("A date without day or month is read as its last possible day.")},
    "own_code": {
        "CCG": lazy("What we own and cannot get at goes out as CCG."),
        "CCL": lazy("What we own and cannot get at goes out as CCL."),
        "either": lazy("What we own and cannot get at goes out as CCG or CCL, as the desk prefers."),
    },
    "chapter_code": {
        "CCG": lazy("Chapters within the five go out as CCG."),
        "CCL": lazy("Chapters within the five go out as CCL."),
        "either": lazy("Chapters within the five go out as CCG or CCL, as the desk prefers."),
    },
    "entity_scope": {
        "system": lazy("All our branches count together, as one library."),
        "branch": lazy("Each of our branches counts for itself."),
    },
    "require_code": {
        "yes": lazy("Every copy request carries a code."),
        "no": lazy("Copies outside the guideline need no code."),
    },
}
GATE_FLAGS: Labels = {
    "same_issue_same_user": lazy("A second item from this issue for the same user"),
    "concerted": lazy("One of many copies of the same thing, by one plan"),
    "other_use_known": lazy("You know of a use beyond private study, scholarship or research"),
    "fair_price_search": lazy("Search for a copy at a fair price on file"),
}
GATE_TOLD: Mapping[str, tuple[Any, Any, Any]] = {  # on the slip: its label, what it says of no, and of yes
    "same_issue_same_user": (
        lazy("This user"),
        lazy("No other item from this issue"),
        lazy("Has had an item from this issue"),
    ),
    "concerted": (lazy("Others"), lazy("Nobody asks for the same by one plan"), lazy("One of many, by one plan")),
    "other_use_known": (
        lazy("Use"),
        lazy("Private study or research, as far as you know"),
        lazy("Another use, and you know of it"),
    ),
    "fair_price_search": (lazy("Fair price"), lazy("Nobody has searched"), lazy("Searched, notes on file")),
}
SOON = "none"


def short(day: dt.date) -> str:
    """``12 Jan 2026``: the year always, for years decide here."""
    return date_format(day, "j M Y")


def spoken(day: dt.date) -> str:
    return date_format(day, "j F Y")


def published(issue: str) -> str:
    """The date of an issue as exactly as it is known: ``2021``, ``Nov 2021``, ``20 Nov 2021``."""
    if len(issue) < len("2021-11"):
        return issue or "–"
    day = dt.date.fromisoformat(f"{issue}-01"[:10])
    return short(day) if len(issue) == len("2021-11-20") else date_format(day, "M Y")


def kept(choice: str) -> str:
    """How long the request is kept, in words: a day, or by local policy."""
    if choice == SOON:
        return _("No date of the guideline: purge by local policy, soon")
    return _("Until %(day)s") % {"day": spoken(dt.date.fromisoformat(choice))}
