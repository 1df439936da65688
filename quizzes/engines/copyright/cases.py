"""A case of the copyright desk: its schema, its key by the rules of ``contu``, and what makes it unsound.

A line of policy that a case writes is shown to the learner; a line that it leaves out has its usual value and is not
shown. So a case whose key would change with a line left out has no single answer, and is refused.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any, get_args

from django.utils.translation import gettext as _

from quizzes.engines.base import LINE, TEXT, case_schema, day
from quizzes.engines.copyright import contu
from quizzes.engines.copyright.contu import FREE, OWN, Gate, Logged, New, Policy, Ruling
from quizzes.engines.copyright.words import GATE_FLAGS, POLICY, PORTIONS, STATUSES, WORK_TYPES
from quizzes.engines.registry import Case, Fault
from quizzes.types.base import ID

ROWS_MOST = 30
THIS, ANOTHER = "this", "another"  # the work keys of a case: former titles resolve to the first
DAY = {"type": "string", "pattern": r"^[12]\d{3}-\d{2}-\d{2}$"}
ISSUE = {"type": "string", "pattern": r"^[12]\d{3}(-(0[1-9]|1[0-2])(-\d{2})?)?$"}
TITLE = {"type": "string", "minLength": 1, "maxLength": LINE}
WORDS = {"type": "string", "maxLength": TEXT}
BASIS = {"enum": list(get_args(contu.Basis))}
SERVICE = {"enum": ["copy", "loan"]}
ROW: Mapping[str, Any] = {
    "id": ID,
    "requested": DAY,
    "issue": ISSUE,
    "service": SERVICE,
    "status": {"enum": list(STATUSES)},
    "basis": BASIS,
    "filled_on": DAY,
    "title": TITLE,  # under which it was asked for, where that differs
    "other_work": {"type": "boolean"},  # that title is no former name of this work
    "branch": TITLE,
    "why": WORDS,
}
KEY: Mapping[str, Any] = {  # what the author expects; the rules must say the same
    "counts": {"type": "array", "items": ID},
    "n": {"type": "integer"},
    "decision": {"enum": list(get_args(contu.Decision))},
}
SCHEMA = case_schema(
    {
        "kind": {"enum": ["periodical", "other"]},
        "work": TITLE,
        "formerly": TITLE,
        "item": TITLE,
        "patron": TITLE,
        "requested": DAY,
        "issue": ISSUE,
        "service": SERVICE,
        "basis": BASIS,
        "expected": DAY,
        "branch": TITLE,
        "work_type": {"enum": list(WORK_TYPES)},
        "portion": {"enum": list(PORTIONS)},
        **{flag: {"type": "boolean"} for flag in GATE_FLAGS},
        **{line: {"enum": list(values)} for line, values in POLICY.items()},
        "log": {
            "type": "array",
            "minItems": 1,
            "maxItems": ROWS_MOST,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["id", "requested", "status"],
                "properties": ROW,
            },
        },
        "why_n": WORDS,
        "why_decision": WORDS,
        "why_code": WORDS,
        "key": {"type": "object", "additionalProperties": False, "properties": KEY},
    },
    required=["kind", "work", "requested", "issue", "log"],
)


# From a case to the rules


def new_of(case: Case) -> New:
    gate = Gate(**{each.name: case[each.name] for each in fields(Gate) if each.name in case})
    return New(
        requested=dt.date.fromisoformat(case["requested"]),
        issue=case["issue"],
        service=case.get("service", "copy"),
        kind=case["kind"],
        basis=case.get("basis", "none"),
        work_key=THIS,
        branch=case.get("branch", ""),
        filled_on=day(case.get("expected")),
        gate=gate,
    )


def log_of(case: Case) -> list[Logged]:
    return [
        Logged(
            requested=dt.date.fromisoformat(row["requested"]),
            issue=row.get("issue", case["issue"]),
            service=row.get("service", "copy"),
            kind=case["kind"],
            basis=row.get("basis", "none"),
            work_key=ANOTHER if row.get("other_work") else THIS,
            branch=row.get("branch", ""),
            filled_on=day(row.get("filled_on")),
            status=row["status"],
        )
        for row in case["log"]
    ]


def policy_of(case: Case) -> Policy:
    said = {line: case[line] for line in POLICY if line in case}
    return replace(
        Policy(), **{line: value == "yes" if value in ("yes", "no") else value for line, value in said.items()}
    )


# The key


@dataclass(frozen=True)
class Key:
    """The right answers: the ruling, every true reason of each row, and the roads open and closed (none when it goes)."""

    ruling: Ruling
    reasons: tuple[tuple[str, ...], ...]
    open_roads: tuple[str, ...]
    closed_roads: tuple[str, ...]


def key_of(case: Case) -> Key:
    return _key(new_of(case), tuple(log_of(case)), policy_of(case))


@lru_cache(maxsize=256)
def _key(new: New, log: Sequence[Logged], policy: Policy) -> Key:
    ruling = contu.decide(new, log, policy)
    reasons = tuple(reasons_of(row, counted, new, policy) for row, counted in zip(log, ruling.counts, strict=True))
    return Key(ruling, reasons, *roads_of(ruling))


def reasons_of(row: Logged, counted: bool, new: New, policy: Policy) -> tuple[str, ...]:
    """Why a row counts, or all that is true of it and keeps it from counting; each of these is a right answer."""
    if counted:
        return ("counted",) if row.status == "filled" else ("place",)
    against = {
        "other_work": row.work_key != new.work_key,
        "other_branch": contu.is_other_branch(row, new, policy),
        "loan": row.service == "loan",
        "not_filled": not contu.holds(row, policy),
        "other_year": not contu.is_same_year(row, new, policy),
        "paid": row.basis in ("royalty_paid", "permission"),
        "free": row.basis in (*FREE, "licence"),
        "fair_use": row.basis == "fair_use",
        "section_108e": row.basis == "section_108e",
        "replacement": row.basis == "replacement_108c",
        "own": row.basis in OWN,
        "too_old": contu.is_too_old(row, policy),
    }
    return tuple(reason for reason, holds in against.items() if holds)


def roads_of(ruling: Ruling) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The roads that are open and those that are not; what is in neither leaves room, and is not judged.

    Over: section 3.1 step 6, and holding only while an open request may give its place back. Stopped at the gate: step
    0, where no new year and no place helps.
    """
    never: tuple[str, ...] = ("send_ccg", "plain_ccl", "split", "mark_as_loan")
    if ruling.decision == "OVER":
        over: tuple[str, ...] = ("borrow", "royalty", "doc_supplier", "subscribe", "fair_use", "wait", "decline")
        return ((*over, "hold"), never) if ruling.filled < contu.FIVE else (over, (*never, "hold"))
    if ruling.decision.startswith("GATE"):
        stopped = ("borrow", "royalty", "licence", "fair_use", "decline")
        shut = (*never, "hold", "wait")
        if ruling.decision == "GATE_108E":
            return (*stopped, "search"), shut
        return stopped, (*shut, "search") if ruling.decision == "GATE_108I" else shut
    return (), ()


# What makes a case unsound


def faults(case: Case) -> list[Fault]:
    found = list(_wrong_dates(case))
    if found:  # nothing else can be asked of it
        return found
    return [*_wrong_rows(case), *_two_answers(case), *_other_key(case)]


def _wrong_dates(case: Case) -> Iterator[Fault]:
    sentence = _("This is no day of the calendar.")
    places: list[tuple[str, Case]] = [("", case), *((f"log.{at}.", row) for at, row in enumerate(case["log"]))]
    for place, holder in places:
        for name in ("requested", "expected", "filled_on", "issue"):
            text = holder.get(name)
            if text is not None and not (day(text) or (name == "issue" and len(text) < len("2026-01-01"))):
                yield f"{place}{name}", sentence


def _wrong_rows(case: Case) -> Iterator[Fault]:
    seen: set[str] = set()
    by_fill = case.get("year_basis") == "fill"
    for at, row in enumerate(case["log"]):
        place = f"log.{at}"
        if row["id"] in seen:
            yield f"{place}.id", _("The id “%(id)s” is taken; give each row its own.") % {"id": row["id"]}
        seen.add(row["id"])
        if row["requested"] > case["requested"]:
            yield f"{place}.requested", _("A logged request cannot be later than the new one.")
        if case["kind"] == "periodical" and "issue" not in row:
            yield f"{place}.issue", _("Say when the issue came out; its age decides.")
        if row.get("branch") and "branch" not in case:
            yield "branch", _("A row names a branch, so say which branch asks now.")
        if row.get("other_work") and not row.get("title"):
            yield f"{place}.title", _("Name the other work, or nobody can see that it is another.")
        filled_on = row.get("filled_on")
        if filled_on and not (row["status"] == "filled" and row["requested"] <= filled_on <= case["requested"]):
            yield (
                f"{place}.filled_on",
                _("Only a filled request has this day, between its own and that of the new one."),
            )
        if by_fill and row["status"] == "filled" and not filled_on:
            yield f"{place}.filled_on", _("The year of the fill decides here, so say when it was filled.")
    yield from _lost_subscription(case)


def _lost_subscription(case: Case) -> Iterator[Fault]:
    """A subscription holds for the title: after one row says so, a later copy without it would contradict it (F-36)."""
    if case["kind"] != "periodical":
        return
    own = [row["requested"] for row in case["log"] if row.get("basis") in OWN]
    if not own:
        return
    text = _("An earlier row says that you have or ordered this journal; say so here too, or take it away there.")
    for at, row in enumerate(case["log"]):
        plain = row.get("service", "copy") == "copy" and row.get("basis", "none") == "none"
        if plain and not row.get("other_work") and row["requested"] > min(own):
            yield f"log.{at}.basis", text
    if case.get("service", "copy") == "copy" and case.get("basis", "none") == "none":
        yield "basis", text


OTHERWISE: Mapping[str, Any] = {  # the line of policy as another library might have it
    "year_basis": "fill",
    "count_pending": False,
    "partial_date": "earliest",
    "chapter_code": "CCL",
    "entity_scope": "branch",
    "require_code": False,
}


def _two_answers(case: Case) -> Iterator[Fault]:
    """Where more than one answer could be argued from what the learner sees."""
    new, policy = new_of(case), policy_of(case)
    mine = key_of(case)
    for line, value in OTHERWISE.items():
        if line not in case and not _agrees(mine, _key(new, tuple(log_of(case)), replace(policy, **{line: value}))):
            yield line, _("The answer changes with this line of policy, so the case must state it.")
    closed = contu.gates(new)
    if len(set(closed)) > 1 and closed[0] != "GATE_108I":
        yield "portion", _("More than one condition of §108 stops it; leave one, so that one answer is right.")
    if new.basis != "none" and (new.service == "loan" or contu.is_too_old(new, policy)):
        yield (
            "basis",
            _("Without this basis it would need no place either; leave one reason, so that one answer is right."),
        )


def _agrees(mine: Key, other: Key) -> bool:
    """Whether whoever answers by ``other`` is right by ``mine`` too."""
    return (
        (mine.ruling.counts, mine.ruling.decision, mine.ruling.retain_until)
        == (other.ruling.counts, other.ruling.decision, other.ruling.retain_until)
        and other.ruling.codes <= mine.ruling.codes
        and all(set(theirs) <= set(ours) for ours, theirs in zip(mine.reasons, other.reasons, strict=True))
    )


def _other_key(case: Case) -> Iterator[Fault]:
    ruling = key_of(case).ruling
    counts = [row["id"] for row, counted in zip(case["log"], ruling.counts, strict=True) if counted]
    for name, value in {"counts": counts, "n": ruling.n, "decision": ruling.decision}.items():
        if name in case.get("key", {}) and case["key"][name] != value:
            yield f"key.{name}", _("By the rules this is %(value)s.") % {"value": value}
