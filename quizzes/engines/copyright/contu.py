"""The decision on one new request, after §108 of Title 17 and the CONTU guidelines ("rule of five").

The CONTU Guidelines on Photocopying and Interlibrary Arrangements (as reprinted in US Copyright Office Circular 21) are
negotiated guidance, not law (F-30). The steps are those of the project's domain reference, section 3.1: the gate of §108
before any counting (F-15, F-16, F-18, F-20, F-37), what makes no copy or rests on another basis (F-42, F-43), own but
not available (F-36), the five-year window of periodicals (F-31, F-32), other works (F-33), the count (F-34), and how
long the request is kept (F-39). Codes follow F-46 to F-49.

This is training, not legal advice.

Pure: nothing here knows of cases, pages or people. ``decide`` is the whole of it.
"""

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Basis = Literal[
    "none", "public_domain", "open_access", "licence", "permission", "royalty_paid", "fair_use", "section_108e",
    "replacement_108c", "own_unavailable", "on_order",
]  # fmt: skip
Decision = Literal[
    "SEND", "SEND_NOCOUNT", "OUTSIDE", "OVER", "NOT_A_COPY", "GATE_108D", "GATE_108E", "GATE_108G", "GATE_108I"
]
Standing = Literal["no_copy", "other_basis", "own", "outside", "counted"]

FIVE = 5
YEARS = 5
KEPT_YEARS = 3
FREE = ("public_domain", "open_access")
OWN = ("own_unavailable", "on_order")
PAST_GATE = (*FREE, "licence", "permission", "royalty_paid", "fair_use", "replacement_108c")  # rest on no §108(d), (e)
OTHER_BASIS = (*PAST_GATE, "section_108e")
BARRED = ("music", "graphic", "audiovisual")  # F-20; text with its illustrations and audiovisual news pass
LARGE = ("substantial", "whole")
CCG, CCL, CCL_AFTER, NO_CODE = "CCG", "CCL", "CCL_AFTER", "none"  # CCL_AFTER: CCL, once another basis is found


@dataclass(frozen=True)
class Gate:
    """What is known of the new request before anything is counted."""

    work_type: str = "text"
    portion: str = "one_item"
    same_issue_same_user: bool = False
    concerted: bool = False
    other_use_known: bool = False
    fair_price_search: bool = False


@dataclass(frozen=True)
class Asked:
    """What a new request and a logged one have in common.

    ``issue`` is when it was published, as exactly as known: ``2021``, ``2021-11`` or ``2021-11-20``. ``work_key`` is the
    same before and after a change of title. ``filled_on`` of a new request is when it is expected to be filled.
    """

    requested: dt.date
    issue: str = ""
    service: Literal["copy", "loan"] = "copy"
    kind: Literal["periodical", "other"] = "periodical"
    basis: Basis = "none"
    work_key: str = ""
    branch: str = ""
    filled_on: dt.date | None = None


@dataclass(frozen=True)
class New(Asked):
    gate: Gate = Gate()


@dataclass(frozen=True)
class Logged(Asked):
    status: Literal["filled", "unfilled", "cancelled", "pending"] = "filled"


@dataclass(frozen=True)
class Policy:
    """What the library decided where the guidelines leave it open, or where practice differs.

    ``partial_date`` conservative takes the last possible day of an issue (the only reading taught); ``entity_scope``
    says whether all branches count as one library (F-44).
    """

    year_basis: Literal["request", "fill"] = "request"
    count_pending: bool = True
    partial_date: Literal["conservative", "earliest"] = "conservative"
    own_code: Literal["CCG", "CCL", "either"] = "either"
    chapter_code: Literal["CCG", "CCL", "either"] = "CCG"
    entity_scope: Literal["system", "branch"] = "system"
    require_code: bool = True


@dataclass(frozen=True)
class Ruling:
    """What the rules say. ``counts`` has a truth value a row of the log, ``filled`` how many of the ``n`` are filled.

    ``codes`` are all that are right. ``retain_until`` is None where local policy alone decides; ``retain_open`` where the
    sources leave open whether the duty reaches it, so that both answers hold.
    """

    decision: Decision
    counts: tuple[bool, ...]
    n: int
    filled: int
    codes: frozenset[str]
    retain_until: dt.date | None
    retain_open: bool = False


def decide(new: New, log: Sequence[Logged], policy: Policy) -> Ruling:
    """The ruling on ``new`` beside ``log``, the requests before it."""
    counts = tuple(is_counted(row, new, policy) for row in log)
    n = sum(counts)
    filled = sum(counted and row.status == "filled" for counted, row in zip(counts, log, strict=True))
    decision = _decision(new, n, policy)
    return Ruling(
        decision=decision,
        counts=counts,
        n=n,
        filled=filled,
        codes=_codes(decision, new, policy),
        retain_until=_kept_until(decision, new, policy),
        retain_open=_kept_is_open(decision, new, policy),
    )


def _decision(new: New, n: int, policy: Policy) -> Decision:
    closed = gates(new)
    if closed:
        return closed[0]
    standing = standing_of(new, policy)
    if standing == "counted":
        return "SEND" if n < FIVE else "OVER"
    alone: dict[Standing, Decision] = {
        "no_copy": "NOT_A_COPY", "other_basis": "SEND_NOCOUNT", "own": "SEND_NOCOUNT", "outside": "OUTSIDE",
    }  # fmt: skip
    return alone[standing]


def gates(new: New) -> list[Decision]:
    """Step 0: which conditions of §108 the request fails, the first to be named first; none, and it may go on."""
    gate = new.gate
    if new.service == "loan" or new.basis in PAST_GATE:
        return []
    found: list[Decision] = []
    if gate.work_type in BARRED:
        found.append("GATE_108I")
    if gate.concerted:
        found.append("GATE_108G")
    if gate.other_use_known:
        found.append("GATE_108D")
    if gate.portion in LARGE and not (new.basis == "section_108e" and gate.fair_price_search):
        found.append("GATE_108E")
    if gate.same_issue_same_user:
        found.append("GATE_108D")
    return found


def standing_of(request: Asked, policy: Policy) -> Standing:
    """Steps 1 to 4, by the request's own date: whether it is one that counts."""
    if request.service == "loan":
        return "no_copy"
    if request.basis in OTHER_BASIS:
        return "other_basis"
    if request.basis in OWN:
        return "own"
    return "outside" if is_too_old(request, policy) else "counted"


def is_too_old(request: Asked, policy: Policy) -> bool:
    """Whether a periodical's issue came out more than five years before its request; exactly five years is inside."""
    if request.kind != "periodical":
        return False
    first, last = days_of(request.issue)
    day = last if policy.partial_date == "conservative" else first
    return day < cutoff(request.requested)


def cutoff(requested: dt.date) -> dt.date:
    """The first day inside the window: five years before, 29 February becoming 28 February."""
    last = calendar.monthrange(requested.year - YEARS, requested.month)[1]
    return requested.replace(year=requested.year - YEARS, day=min(requested.day, last))


def days_of(issue: str) -> tuple[dt.date, dt.date]:
    """The first and the last possible day of a date written 2021, 2021-11 or 2021-11-20."""
    year, month, day, *_rest = [*map(int, issue.split("-")), 0, 0]
    first = dt.date(year, month or 1, day or 1)
    if day:
        return first, first
    month = month or 12
    return first, dt.date(year, month, calendar.monthrange(year, month)[1])


def is_counted(row: Logged, new: New, policy: Policy) -> bool:
    """Step 5: whether ``row`` takes one of the five places that ``new`` asks for."""
    return (
        row.work_key == new.work_key
        and not is_other_branch(row, new, policy)
        and standing_of(row, policy) == "counted"
        and holds(row, policy)
        and is_same_year(row, new, policy)
    )


def is_other_branch(row: Logged, new: New, policy: Policy) -> bool:
    return policy.entity_scope == "branch" and row.branch != new.branch


def holds(row: Logged, policy: Policy) -> bool:
    """Filled, or still open where an open request holds a place until it ends (F-34)."""
    return row.status == "filled" or (row.status == "pending" and policy.count_pending)


def is_same_year(row: Logged, new: New, policy: Policy) -> bool:
    """By the year of the request, or of the fill. By fill, an open request stands in the year of the new one."""
    if policy.year_basis == "request":
        return row.requested.year == new.requested.year
    if row.status == "pending":
        return True
    return (row.filled_on or row.requested).year == (new.filled_on or new.requested).year


def _codes(decision: Decision, new: New, policy: Policy) -> frozenset[str]:
    if decision == "NOT_A_COPY":
        return frozenset({NO_CODE})
    if decision == "OVER" or decision.startswith("GATE"):
        return frozenset({CCL_AFTER, NO_CODE})
    if decision == "SEND":
        return _either(policy.chapter_code) if new.kind == "other" else frozenset({CCG})
    if new.basis in OWN:
        return _either(policy.own_code)
    return frozenset({CCL}) if policy.require_code else frozenset({CCL, NO_CODE})


def _either(code: str) -> frozenset[str]:
    return frozenset({CCG, CCL} if code == "either" else {code})


def _kept_until(decision: Decision, new: New, policy: Policy) -> dt.date | None:
    """Step 7: the end of the third complete year after the request's, for what the guidelines cover (F-39)."""
    covered = decision in ("SEND", "OVER") or (decision == "SEND_NOCOUNT" and new.basis in OWN)
    if not (covered or _kept_is_open(decision, new, policy)):
        return None
    return dt.date(new.requested.year + KEPT_YEARS, 12, 31)


def _kept_is_open(decision: Decision, new: New, policy: Policy) -> bool:
    """Whether it would be covered, had no other basis been found: the sources leave open if the duty reaches it."""
    if decision != "SEND_NOCOUNT" or new.basis in (*OWN, *FREE, "section_108e"):
        return False
    return not (is_too_old(new, policy) or new.gate.portion in LARGE or new.gate.work_type in BARRED)
