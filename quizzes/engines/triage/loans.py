"""What to do today with an open loan: the overdue ladder as a pure rule (facts of the policy card, F-61, F-62)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.engines.registry import Case

ACTIONS: Mapping[str, Any] = {
    "wait": _("Wait"),
    "notice": _("Send a notice"),
    "contact": _("Call or write in person"),
    "bill": _("Bill it as lost"),
    "recall": _("Recall it"),
}
LADDER = ("wait", "notice", "contact", "bill")  # one rung beside the right one is half right; a recall stands apart
GROUNDS: Mapping[str, Any] = {
    "within_grace": _("Not due, or within the days of grace"),
    "notice_due": _("The next notice is due"),
    "two_notices_no_answer": _("Two notices and no answer"),
    "ladder_done": _("Every step is done, and it was on neither shelf"),
    "own_user_waiting": _("A user of ours is waiting for it"),
    "nothing_due": _("The last step is done, the next is not due yet"),
}
ACTS: Mapping[str, Any] = {
    "notice": _("Notice sent"),
    "contact": _("Called or written to in person"),
    "recall": _("Recalled"),
    "lost_reported": _("They report it lost"),
    "shelf_here": _("Searched on our shelf"),
    "shelf_there": _("Searched on their shelf"),
}
WHY: Mapping[str, Any] = {
    "within_grace": _("The days of grace allow for the journey; a notice now would be early."),
    "notice_due": _("The days of grace are over and the day of the next notice has come."),
    "two_notices_no_answer": _("Two notices went unanswered and the day for a personal word has come."),
    "ladder_done": _("Both shelves were searched, and either they report it lost or the last step brought nothing: now a "
                     "bill is fair, and the supplier says how it is settled."),
    "own_user_waiting": _("A supplier may recall at any time, and a user of ours needs it: that comes before the ladder."),
    "nothing_due": _("The last step was taken and the day of the next has not come."),
}  # fmt: skip


@dataclass(frozen=True)
class Due:
    """What is right today: an action of ``ACTIONS``, its ground, and for a recall the day by which it should return."""

    action: str
    ground: str
    return_by: dt.date | None = None


def past_due(loan: Case, today: dt.date) -> int:
    """Days past due; negative while it is not."""
    return (today - dt.date.fromisoformat(loan["due"])).days


def may_be_billed(loan: Case) -> bool:
    """Whether a bill is fair at all: both shelves were searched, and somebody was asked in person or reports it lost."""
    done = _done(loan)
    return {"shelf_here", "shelf_there"} <= set(done) and ("contact" in done or "lost_reported" in done)


def due_today(loan: Case, today: dt.date, rules: Case) -> Due:
    """The first rule that matches. What the log holds is done; ``rules`` are the rungs of the policy card."""
    done, days = _done(loan), past_due(loan, today)
    if loan.get("own_hold") and "recall" not in done:
        return Due("recall", "own_user_waiting", today + dt.timedelta(days=rules["recall_days"]))
    if may_be_billed(loan) and ("lost_reported" in done or days >= rules["bill_after"]):
        return Due("bill", "ladder_done")
    if days <= rules["grace"]:
        return Due("wait", "within_grace")
    notices = done.count("notice")
    if notices < len(rules["notice"]) and days >= rules["notice"][notices]:
        return Due("notice", "notice_due")
    if notices >= len(rules["notice"]) and "contact" not in done and days >= rules["contact"]:
        return Due("contact", "two_notices_no_answer")
    return Due("wait", "nothing_due")


def rungs_apart(one: str, other: str) -> int | None:
    """How far two actions are from each other on the ladder; None when one of them does not stand on it."""
    if one not in LADDER or other not in LADDER:
        return None
    return abs(LADDER.index(one) - LADDER.index(other))


def _done(loan: Case) -> list[str]:
    return [each["act"] for each in loan.get("log", ())]
