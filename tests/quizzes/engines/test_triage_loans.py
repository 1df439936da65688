"""The overdue ladder: the first rule of the policy card that matches an open loan."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.engines.triage.loans import ACTIONS, GROUNDS, LADDER, Due, due_today, may_be_billed, rungs_apart

TODAY = dt.date(2026, 4, 15)
RULES = {"grace": 7, "notice": [8, 15], "contact": 30, "bill_after": 45, "recall_days": 7}
BOTH_SHELVES = ("shelf_here", "shelf_there")


def loan(days: int, *acts: str, own_hold: bool = False) -> dict:
    """A loan so many days past due, with these acts in its log."""
    due = (TODAY - dt.timedelta(days=days)).isoformat()
    return {"due": due, "own_hold": own_hold, "log": [{"date": due, "act": act} for act in acts]}


def today(days: int, *acts: str, own_hold: bool = False) -> tuple[str, str]:
    found = due_today(loan(days, *acts, own_hold=own_hold), TODAY, RULES)
    return found.action, found.ground


@pytest.mark.parametrize(
    ("days", "acts", "action", "ground"),
    [
        (-20, (), "wait", "within_grace"),
        (3, (), "wait", "within_grace"),
        (7, (), "wait", "within_grace"),
        (8, (), "notice", "notice_due"),
        (10, ("notice",), "wait", "nothing_due"),
        (15, ("notice",), "notice", "notice_due"),
        (40, (), "notice", "notice_due"),
        (29, ("notice", "notice"), "wait", "nothing_due"),
        (30, ("notice", "notice"), "contact", "two_notices_no_answer"),
        (60, ("notice", "notice"), "contact", "two_notices_no_answer"),
        (40, ("notice", "notice", "contact"), "wait", "nothing_due"),
        (45, ("notice", "notice", "contact"), "wait", "nothing_due"),
        (45, ("notice", "notice", "contact", "shelf_here"), "wait", "nothing_due"),
        (44, ("notice", "notice", "contact", *BOTH_SHELVES), "wait", "nothing_due"),
        (45, ("notice", "notice", "contact", *BOTH_SHELVES), "bill", "ladder_done"),
        (20, ("notice", "lost_reported", *BOTH_SHELVES), "bill", "ladder_done"),
        (20, ("notice", "lost_reported", "shelf_here"), "notice", "notice_due"),
        (60, ("notice", "notice", *BOTH_SHELVES), "contact", "two_notices_no_answer"),
    ],
)
def test_the_first_rule_that_matches_decides(days: int, acts: tuple[str, ...], action: str, ground: str):
    assert today(days, *acts) == (action, ground)


def test_a_user_of_ours_who_waits_comes_before_the_ladder_and_gives_a_day_of_return():
    found = due_today(loan(-21, own_hold=True), TODAY, RULES)
    assert found == Due("recall", "own_user_waiting", dt.date(2026, 4, 22))
    assert today(60, "notice", "notice", "contact", *BOTH_SHELVES, own_hold=True) == ("recall", "own_user_waiting")


def test_what_was_recalled_goes_on_up_the_ladder():
    assert today(-5, "recall", own_hold=True) == ("wait", "within_grace")
    assert today(9, "recall", own_hold=True) == ("notice", "notice_due")


def test_a_bill_is_a_rung_from_a_call_and_a_recall_from_nothing():
    assert rungs_apart("bill", "contact") == 1
    assert rungs_apart("wait", "contact") == 2
    assert all(rungs_apart("recall", other) is None for other in LADDER)


LOGS = st.lists(st.sampled_from(["notice", "contact", "recall", "lost_reported", *BOTH_SHELVES]), max_size=6)


@given(days=st.integers(-60, 120), acts=LOGS, own_hold=st.booleans())
def test_there_is_always_one_thing_to_do_and_never_an_unfair_bill(days: int, acts: list[str], own_hold: bool):
    mine = loan(days, *acts, own_hold=own_hold)
    found = due_today(mine, TODAY, RULES)
    assert found.action in ACTIONS
    assert found.ground in GROUNDS
    assert (found.return_by is not None) == (found.action == "recall")
    assert found.action != "bill" or may_be_billed(mine)
