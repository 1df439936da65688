"""The copyright rules beside a second reading of them, written without them: days are walked one by one, answers stand in
literal tables. Every case of a full grid must come out the same. How many were compared stands at the end of each test.
"""

import datetime as dt
from functools import cache
from itertools import product

import pytest

from quizzes.engines.copyright.contu import Gate, Logged, New, Policy, Ruling, decide

DAY = dt.timedelta(days=1)
BASES = (
    "none", "public_domain", "open_access", "licence", "permission", "royalty_paid", "fair_use", "section_108e",
    "replacement_108c", "own_unavailable", "on_order",
)  # fmt: skip
STATUSES = ("filled", "unfilled", "cancelled", "pending")
BOTH = (True, False)
# basis of a copy that passed the gate -> what is decided, which codes hold ("own": the policy's), when it is purged
BY_BASIS = {
    "public_domain": ("SEND_NOCOUNT", "CCL", "soon"),
    "open_access": ("SEND_NOCOUNT", "CCL", "soon"),
    "licence": ("SEND_NOCOUNT", "CCL", "open"),
    "permission": ("SEND_NOCOUNT", "CCL", "open"),
    "royalty_paid": ("SEND_NOCOUNT", "CCL", "open"),
    "fair_use": ("SEND_NOCOUNT", "CCL", "open"),
    "section_108e": ("SEND_NOCOUNT", "CCL", "soon"),
    "replacement_108c": ("SEND_NOCOUNT", "CCL", "open"),
    "own_unavailable": ("SEND_NOCOUNT", "own", "kept"),
    "on_order": ("SEND_NOCOUNT", "own", "kept"),
}
ON_108 = ("none", "section_108e", "own_unavailable", "on_order")
CODES = {"CCG": {"CCG"}, "CCL": {"CCL"}, "either": {"CCG", "CCL"}}
NOT_SENT = {"CCL_AFTER", "none"}


@cache
def first_day_inside(requested: dt.date) -> dt.date:
    """Walk back day by day until the same day of the month five years ago, or its last February day."""
    wanted = (2, 28) if (requested.month, requested.day) == (2, 29) else (requested.month, requested.day)
    day = requested
    while (day.year, day.month, day.day) != (requested.year - 5, *wanted):
        day -= DAY
    return day


@cache
def days_written(issue: str) -> tuple[dt.date, ...]:
    """Every day of the calendar whose ISO form begins with ``issue``."""
    day, found = dt.date(int(issue[:4]), 1, 1), []
    while day.year == int(issue[:4]):
        if day.isoformat().startswith(issue):
            found.append(day)
        day += DAY
    return tuple(found)


def inside(kind: str, issue: str, requested: dt.date) -> bool:
    if kind == "other":
        return True
    edge = first_day_inside(requested)
    return any(day >= edge for day in days_written(issue))


def row_counts(row: dict, new: dict, policy: dict) -> bool:
    if row["work_key"] != new["work_key"] or row["service"] == "loan" or row["basis"] != "none":
        return False
    if policy["entity_scope"] == "branch" and row["branch"] != new["branch"]:
        return False
    if row["status"] in ("unfilled", "cancelled") or (row["status"] == "pending" and not policy["count_pending"]):
        return False
    if not inside(row["kind"], row["issue"], row["requested"]):
        return False
    if policy["year_basis"] == "fill":
        if row["status"] == "pending":
            return True
        mine = row["filled_on"] if row["filled_on"] else row["requested"]
        other = new["filled_on"] if new["filled_on"] else new["requested"]
        return mine.isoformat()[:4] == other.isoformat()[:4]
    return row["requested"].isoformat()[:4] == new["requested"].isoformat()[:4]


def closed_gate(new: dict, gate: dict) -> str:
    if new["service"] == "loan" or new["basis"] not in ON_108:
        return ""
    if gate["work_type"] not in ("text", "news_av"):
        return "GATE_108I"
    if gate["concerted"]:
        return "GATE_108G"
    if gate["other_use_known"]:
        return "GATE_108D"
    if gate["portion"] not in ("one_item", "small_part"):
        searched = new["basis"] == "section_108e" and gate["fair_price_search"]
        if not searched:
            return "GATE_108E"
    return "GATE_108D" if gate["same_issue_same_user"] else ""


def by_hand(new: dict, gate: dict, log: list[dict], policy: dict) -> tuple:
    """Decision, codes, count, flags and the record as the second reading has them."""
    flags = [row_counts(row, new, policy) for row in log]
    n = flags.count(True)
    shut = closed_gate(new, gate)
    covered_work = inside(new["kind"], new["issue"], new["requested"])
    if shut:
        decision, codes, record = shut, NOT_SENT, "soon"
    elif new["service"] == "loan":
        decision, codes, record = "NOT_A_COPY", {"none"}, "soon"
    elif new["basis"] in BY_BASIS:
        decision, code, record = BY_BASIS[new["basis"]]
        codes = CODES[policy["own_code"]] if code == "own" else {"CCL"}
        if code == "CCL" and not policy["require_code"]:
            codes = {"CCL", "none"}
        small_text = gate["portion"] in ("one_item", "small_part") and gate["work_type"] in ("text", "news_av")
        if record == "open" and not (covered_work and small_text):
            record = "soon"
    elif not covered_work:
        decision, codes, record = "OUTSIDE", {"CCL"} if policy["require_code"] else {"CCL", "none"}, "soon"
    elif n in (0, 1, 2, 3, 4):
        decision, record = "SEND", "kept"
        codes = {"CCG"} if new["kind"] == "periodical" else CODES[policy["chapter_code"]]
    else:
        decision, codes, record = "OVER", NOT_SENT, "kept"
    return decision, codes, n, flags, record


def as_told(ruling: Ruling, requested: dt.date) -> tuple:
    """A ruling in the words of ``by_hand``."""
    kept = dt.date.fromisoformat(f"{int(requested.isoformat()[:4]) + 3}-12-31")
    assert ruling.retain_until in (None, kept)
    record = "open" if ruling.retain_open else "kept" if ruling.retain_until else "soon"
    return ruling.decision, set(ruling.codes), ruling.n, list(ruling.counts), record


NEW = {
    "requested": dt.date(2026, 5, 3), "issue": "2025-01", "service": "copy", "kind": "periodical", "basis": "none",
    "work_key": "w", "branch": "", "filled_on": None,
}  # fmt: skip
ROW = {**NEW, "requested": dt.date(2026, 2, 2), "status": "filled"}
GATE = {
    "work_type": "text", "portion": "one_item", "same_issue_same_user": False, "concerted": False,
    "other_use_known": False, "fair_price_search": False,
}  # fmt: skip
POLICY = {
    "year_basis": "request", "count_pending": True, "own_code": "either", "chapter_code": "CCG",
    "entity_scope": "system", "require_code": True,
}  # fmt: skip


def compare(new: dict, log: list[dict], policy: dict | None = None, gate: dict | None = None) -> None:
    new, policy, gate = NEW | new, POLICY | (policy or {}), GATE | (gate or {})
    rows = [ROW | row for row in log]
    ruling = decide(New(**new, gate=Gate(**gate)), [Logged(**row) for row in rows], Policy(**policy))
    assert as_told(ruling, new["requested"]) == by_hand(new, gate, rows, policy), (new, gate, rows, policy)


REQUEST_DATES = [
    dt.date.fromisoformat(text)
    for text in ("2024-02-29", "2028-02-29", "2026-02-28", "2026-03-01", "2026-01-01", "2026-12-31", "2026-11-21")
]


@pytest.mark.parametrize("requested", REQUEST_DATES, ids=str)
def test_the_five_year_edge_day_by_day_around_it_at_each_precision_for_the_new_request_and_for_a_row(requested):
    edge = first_day_inside(requested)
    days = [edge + DAY * step for step in range(-400, 401)]
    issues = sorted({text[:length] for text in map(dt.date.isoformat, days) for length in (4, 7, 10)})
    later = requested + 20 * DAY
    for issue in issues:
        compare({"requested": requested, "issue": issue}, [])
        compare({"requested": later, "issue": later.isoformat()}, [{"requested": requested, "issue": issue}])
    assert len(issues) >= 801 + 27 + 3  # twice as many compared


def test_one_row_over_the_turn_of_the_year_with_every_status_basis_and_policy():
    dates = [dt.date(2025, 12, 30), dt.date(2025, 12, 31), dt.date(2026, 1, 1), dt.date(2026, 1, 2)]
    fills = [None, dt.date(2025, 12, 31), dt.date(2026, 1, 1)]
    expected = [None, dt.date(2026, 12, 30), dt.date(2027, 1, 8)]
    compared = 0
    for requested, filled_on, due in product(dates, fills, expected):
        for status, basis, year_basis, pending in product(STATUSES, BASES, ("request", "fill"), BOTH):
            row = {"requested": requested, "filled_on": filled_on, "status": status, "basis": basis}
            new = {"requested": dt.date(2026, 12, 30), "filled_on": due}
            compare(new, [row], {"year_basis": year_basis, "count_pending": pending})
            compared += 1
    assert compared == 4 * 3 * 3 * 4 * 11 * 2 * 2


def test_one_row_of_either_kind_and_service_inside_and_outside_the_window_of_this_and_another_work_and_branch():
    compared = 0
    for kind, service, issue, work, branch in product(
        ("periodical", "other"), ("copy", "loan"), ("2021-01", "2021-02", "2020", "1962"), ("w", "x"), ("", "North")
    ):
        for status, basis, scope in product(STATUSES, BASES, ("system", "branch")):
            row = {
                "kind": kind, "service": service, "issue": issue, "work_key": work, "branch": branch,
                "status": status, "basis": basis,
            }  # fmt: skip
            compare({"kind": kind}, [row], {"entity_scope": scope})
            compared += 1
    assert compared == 2 * 2 * 4 * 2 * 2 * 4 * 11 * 2


def test_none_to_seven_filled_and_open_before_a_new_one_on_every_basis():
    compared = 0
    for filled, pending, waiting in product(range(8), range(8), BOTH):
        log = [{}] * filled + [{"status": "pending"}] * pending + [{"status": "unfilled"}]
        for kind, basis, service in product(("periodical", "other"), BASES, ("copy", "loan")):
            rows = [{**row, "kind": kind} for row in log]
            compare({"kind": kind, "basis": basis, "service": service}, rows, {"count_pending": waiting})
            compared += 1
    assert compared == 8 * 8 * 2 * 2 * 11 * 2


def test_every_code_policy_with_every_basis_kind_and_age():
    compared = 0
    for own, chapter, code, filled in product(("CCG", "CCL", "either"), ("CCG", "CCL", "either"), BOTH, (0, 4, 5)):
        policy = {"own_code": own, "chapter_code": chapter, "require_code": code}
        for kind, basis, issue in product(("periodical", "other"), BASES, ("2025-01", "2020-11", "2021")):
            compare({"kind": kind, "basis": basis, "issue": issue}, [{"kind": kind}] * filled, policy)
            compared += 1
    assert compared == 3 * 3 * 2 * 3 * 2 * 11 * 3


@pytest.mark.parametrize("kind", ["periodical", "other"])
@pytest.mark.parametrize("filled", [0, 5])
def test_every_gate_with_every_basis_and_service(kind, filled):
    compared = 0
    work_types = ("text", "music", "graphic", "audiovisual", "news_av")
    portions = ("one_item", "small_part", "substantial", "whole")
    for work_type, portion, same, concerted, use, search in product(work_types, portions, BOTH, BOTH, BOTH, BOTH):
        gate = {
            "work_type": work_type, "portion": portion, "same_issue_same_user": same, "concerted": concerted,
            "other_use_known": use, "fair_price_search": search,
        }  # fmt: skip
        for basis, service in product(BASES, ("copy", "loan")):
            compare({"kind": kind, "basis": basis, "service": service}, [{"kind": kind}] * filled, None, gate)
            compared += 1
    assert compared == 5 * 4 * 16 * 11 * 2


@pytest.mark.parametrize(
    "change", [{"year_basis": "fill"}, {"count_pending": False}, {"own_code": "CCL"}, {"require_code": False}], ids=str
)
def test_a_changed_policy_changes_some_answer_so_the_table_can_fail(change):
    rows = [ROW | {"status": "pending"}] * 4 + [ROW | {"filled_on": dt.date(2025, 12, 31)}]
    for basis, issue in product(("none", "on_order"), ("2025-01", "2020-11")):
        new = NEW | {"basis": basis, "issue": issue}
        told = as_told(decide(New(**new), [Logged(**row) for row in rows], Policy()), new["requested"])
        if told != by_hand(new, GATE, rows, POLICY | change):
            return
    pytest.fail("the second reading does not see this policy")
