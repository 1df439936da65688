"""Rows, requests and reasons of a case in sentences that stand alone, with the figures that decide."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from quizzes.engines.copyright import contu
from quizzes.engines.copyright.cases import Key
from quizzes.engines.copyright.contu import Ruling
from quizzes.engines.copyright.words import (
    BASES,
    GATE_TOLD,
    POLICY,
    PORTIONS,
    REASON_WHY,
    ROAD_WHY,
    ROADS,
    SERVICES,
    STATUSES,
    WORK_TYPES,
    published,
    short,
    spoken,
)
from quizzes.engines.registry import Case


def told(labels: Mapping[str, Any], values: Iterable[str]) -> str:
    """The labels of ``values``, side by side."""
    return "; ".join(str(labels[value]) for value in values)


def policy_told(case: Case, lines: Iterable[str] = POLICY) -> list[str]:
    """The lines of policy that the case states, in sentences."""
    return [str(POLICY[line][case[line]]) for line in lines if line in case]


def what(case: Case, row: Case) -> str:
    """``Copy``, ``Loan``; with the basis where one is noted."""
    service = str(SERVICES[row.get("service", "copy")])
    basis = row.get("basis", "none")
    return service if basis == "none" else f"{service}. {BASES[basis]}"


def result(row: Case) -> str:
    filled_on = row.get("filled_on")
    status = str(STATUSES[row["status"]])
    if not filled_on:
        return status
    return _("Filled on %(day)s") % {"day": short(dt.date.fromisoformat(filled_on))}


def row_told(case: Case, row: Case) -> str:
    """A logged request as a sentence, with the lines of policy that bear on it."""
    figures = {
        "what": what(case, row),
        "work": row.get("title", case["work"]),
        "issue": published(row.get("issue", case["issue"])),
        "day": spoken(dt.date.fromisoformat(row["requested"])),
        "result": result(row),
    }
    said = [
        _("%(work)s, published %(issue)s, requested %(day)s. %(what)s. %(result)s.") % figures
        if case["kind"] == "periodical"
        else _("From %(work)s, requested %(day)s. %(what)s. %(result)s.") % figures
    ]
    if row.get("title") and not row.get("other_work"):
        said.append(_("It is the same work under a former title."))
    if row.get("branch"):
        said.append(
            _("Asked by the branch %(branch)s; now %(mine)s asks.") % {"branch": row["branch"], "mine": case["branch"]}
        )
    bears = {
        "count_pending": row["status"] == "pending",
        "year_basis": bool(row.get("filled_on")),
        "entity_scope": bool(row.get("branch")),
    }
    return " ".join([*said, *policy_told(case, [line for line, does in bears.items() if does])])


def card(case: Case) -> list[tuple[str, str]]:
    """The new request as the slip shows it: label and value."""
    gate = [
        (str(label), str(yes if case.get(flag) else no))
        for flag, (label, no, yes) in GATE_TOLD.items()
        if flag != "fair_price_search" or case.get("portion") in contu.LARGE
    ]
    rows = [
        (_("Journal") if case["kind"] == "periodical" else _("Work"), case["work"]),
        (_("Until now called"), case.get("formerly", "")),
        (_("Item"), case.get("item", "")),
        (_("Published"), published(case["issue"])),
        (_("For"), case.get("patron", "")),
        (_("Branch"), case.get("branch", "")),
        (_("Asked as"), str(SERVICES[case.get("service", "copy")])),
        (_("Basis"), str(BASES[case.get("basis", "none")])),
        (_("Kind of work"), str(WORK_TYPES[case.get("work_type", "text")])),
        (_("Portion"), str(PORTIONS[case.get("portion", "one_item")])),
        *gate,
    ]
    if "expected" in case:
        rows.append((_("Expected"), short(dt.date.fromisoformat(case["expected"]))))
    return [(label, value) for label, value in rows if value]


def request_told(case: Case) -> str:
    """The new request in one paragraph: what the slip shows, less what goes without saying, and the policy."""
    day = spoken(dt.date.fromisoformat(case["requested"]))
    usual = {str(BASES["none"]), str(WORK_TYPES["text"]), *(str(no) for _label, no, _yes in GATE_TOLD.values())}
    usual.discard(str(GATE_TOLD["fair_price_search"][1]))  # that nobody searched decides
    said = "; ".join(f"{label}: {value}" for label, value in card(case) if value not in usual)
    return " ".join([_("New request of %(day)s. %(card)s.") % {"day": day, "card": said}, *policy_told(case)])


def row_why(case: Case, row: Case, reasons: Sequence[str]) -> str:
    """The author's own sentence, or that of each true reason; with the window where the age decided."""
    said = [row["why"]] if row.get("why") else [str(REASON_WHY[reason][0]) for reason in reasons]
    if case["kind"] == "periodical" and reasons[0] in ("counted", "place", "too_old"):
        opened = contu.cutoff(dt.date.fromisoformat(row["requested"]))
        last = contu.days_of(row["issue"])[1]
        text = _("Its own window opened on %(opened)s; the issue’s last possible day is %(last)s.")
        said.append(text % {"opened": spoken(opened), "last": spoken(last)})
    return " ".join(said)


def count_why(case: Case, counts: Sequence[bool]) -> str:
    days = [
        short(dt.date.fromisoformat(row["requested"]))
        for row, counted in zip(case["log"], counts, strict=True)
        if counted
    ]
    if not days:
        return _("No row counts.")
    return _("These count: %(days)s.") % {"days": ", ".join(days)}


def codes_why(case: Case, ruling: Ruling) -> str:
    if ruling.decision == "NOT_A_COPY":
        return _("A compliance code goes with a copy; a loan carries none.")
    if ruling.decision.startswith("GATE"):
        return _("As it stands neither code would be true. Royalty, permission or a fair use decision brings CCL.")
    if ruling.decision == "OVER":
        return _("CCG would be untrue. Once royalty, permission or a fair use decision is there, it goes as CCL.")
    if ruling.decision == "SEND" and case["kind"] == "other":
        return _(
            "A part within the five conforms to the guidelines, yet systems differ: the policy of the case decides."
        )
    if ruling.decision == "SEND":
        return _("It is counted and within the five, so it conforms to the guidelines.")
    if case.get("basis") in contu.OWN:
        return _(
            "Which code fits what you own and cannot get at is disputed: policy decides, and without one both hold."
        )
    return _("It rests on the law outside the guideline’s five, so CCL is true and CCG is not needed.")


def roads_why(key: Key, given: Sequence[str]) -> str:
    """Of each road that was chosen and is not one, and of each that was left out."""
    wrong = [road for road in given if road in key.closed_roads]
    left = [road for road in key.open_roads if road not in given]
    said = [f"{ROADS[road]}: {ROAD_WHY[road]}" for road in [*wrong, *left]]
    return " ".join(said) or _("No lawful road is wrong here; which is best depends on cost, time and your policy.")
