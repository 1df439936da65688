"""The desk's own day: a clock that only work moves, and what the policy card says."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quizzes.engines.registry import Case
from quizzes.engines.triage.schema import TERMS


def rows_of(case: Case) -> list[Case]:
    """All rows of the queue, requests before loans, as they are numbered."""
    return [*case["requests"], *case.get("loans", ())]


def today_of(case: Case) -> dt.date:
    return dt.date.fromisoformat(case["today"])


def said_day(day: dt.date | str) -> str:
    """``20 November 2026``."""
    return date_format(dt.date.fromisoformat(day) if isinstance(day, str) else day, "j F Y")


def minute(clock: str) -> int:
    """Minutes since midnight of ``09:30``."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def turns(case: Case) -> list[list[Case]]:
    """The rows by turn, first turn first; within a turn any order is right."""
    rows = rows_of(case)
    return [[row for row in rows if row["turn"] == turn] for turn in sorted({row["turn"] for row in rows})]


def done_at(case: Case, places: Mapping[str, int]) -> dict[str, int]:
    """When each row that has a place is done, one after the other from opening time; equal places as in the queue."""
    now, found = minute(case["opens"]), {}
    for row in sorted((row for row in rows_of(case) if row["id"] in places), key=lambda row: places[row["id"]]):
        now += row["minutes"]
        found[row["id"]] = now
    return found


def courier_rows(case: Case) -> list[str]:
    """Ids of what must leave with the courier today."""
    return [row["id"] for row in rows_of(case) if row.get("courier")]


def caught(case: Case, places: Mapping[str, int]) -> list[str]:
    """Which of the ``courier_rows`` are done when the courier leaves."""
    done = done_at(case, places)
    return [each for each in courier_rows(case) if done.get(each, 24 * 60) <= minute(case["courier_at"])]


def licence_of(case: Case, request: Case) -> str:
    """The terms of the licence that covers what is asked for; empty when none does."""
    found = (each["terms"] for each in case.get("licences", ()) if each["resource"] == request.get("resource"))
    return next(found, "")


def card(case: Case) -> list[str]:
    """The policy card, line by line."""
    days = case["loan_days"]
    lines = [ngettext("A loan is for %(days)d day.", "A loan is for %(days)d days.", days) % {"days": days}]
    if case.get("require_code"):
        lines.append(_("Every copy request must carry a compliance code, CCG or CCL."))
    if case.get("charge"):
        lines.append(_("We charge %(amount)d for each loan or copy.") % {"amount": case["charge"]})
    lines += [f"{each['resource']}: {TERMS[each['terms']]}." for each in case.get("licences", ())]
    lines += [each["text"] for each in case.get("card", ())]
    return lines + ladder(case)


def ladder(case: Case) -> list[str]:
    """The rungs for overdue loans in words."""
    if "overdue" not in case:
        return []
    rules = case["overdue"]
    first, second = rules["notice"]
    return [
        _("Overdue: %(grace)d days of grace; notices from day %(first)d and day %(second)d past due.")
        % {"grace": rules["grace"], "first": first, "second": second},
        _("After two notices without an answer, a personal word from day %(contact)d.") % {"contact": rules["contact"]},
        _(
            "A bill from day %(bill)d, after that word and a search on both shelves; a loan reported lost after the search."
        )
        % {"bill": rules["bill_after"]},
        _("A recall gives them %(days)d days, and comes first when a user of ours waits.")
        % {"days": rules["recall_days"]},
    ]


def facts_of(case: Case, request: Case) -> list[tuple[str, Any]]:
    """What stands on a request, as name and value; a day is a date."""
    copy = request["service"] == "copy"
    found = [
        (_("From"), request.get("borrower")),
        (_("Needed before"), dt.date.fromisoformat(request["need_before"]) if "need_before" in request else None),
        (_("Compliance code"), (request.get("code") or _("none")) if copy else None),
        (_("Pays at most"), str(request["max_cost"]) if "max_cost" in request else None),
        (_("Their note"), request.get("note")),
        (_("We find"), request["holding"]),
        (_("Back on"), dt.date.fromisoformat(request["back"]) if "back" in request else None),
    ]
    return [(name, value) for name, value in found if value]
