"""Made-up worlds of the lending desk: sound, without dead ends, and worth less for every step out of turn."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from quizzes.engines.registry import Action, State, engines
from quizzes.engines.scoring import key_faults, percent
from quizzes.engines.workflow.desk import days_between, plus
from quizzes.engines.workflow.supplier_table import SUPPLIER
from tests.quizzes.engines.test_workflow_worlds import FAR, LEVELS, dead_ends, explored, filled, slip_costs

WORKFLOW = engines["workflow"]
SEEDS = st.integers(min_value=1, max_value=2**32 - 1)
MARKS = ("here", "found", "contact", "shelf", "billed", "received", "renew_open", "in_time", "cancel_open", "hold")
TIMED = ("NEW", "SEARCHING", "CONDITION_SENT", "RETRY_SENT", "CANCEL_ASKED", "RENEW_ASKED")
OUT = ("SHIPPED", "RENEW_ASKED", "RECALLED", "OVERDUE")
BESIDE = ("notification", "answerStatus", "expectToSupply", "wait", "finish")


def world(seed: int, level: str = "working") -> dict[str, Any]:
    return WORKFLOW.world(seed, level, "lend")


def seen_from_today(state: State) -> tuple:
    """A state as the abstraction has it: days counted from today, and only what can still matter."""
    status, marks = state["status"], state["marks"]
    if status in SUPPLIER.final:
        return (status,)
    known = [(name, bool(marks.get(name))) for name in MARKS]
    waiting = {
        (min(days_between(state["today"], each["day"]), FAR), each["cause"], str(each["line"]))
        for each in state["queue"]
    }
    due = min(max(days_between(state["today"], state["due"]), -1), FAR) if state["due"] and status in OUT else None
    since = days_between(marks.get("asked_on", state["since"]), state["today"]) if status in TIMED else None
    return (status, state["previous"], due, since, min(marks.get("overdue", 0), 2), str(known), str(sorted(waiting)))


def lent_out(case: dict, state: State, offered: Action) -> dict[str, Any]:
    """The move that ``offered`` makes, with the dates that the policy gives."""
    move = filled(case, state, offered)
    for control in offered.controls:
        if control.name == "due":
            move["due"] = plus(state["due"] or state["today"], case["policy"]["loan_days"])
    return move


@pytest.mark.parametrize(
    ("level", "fill", "worlds"),
    [("basic", lent_out, 6), ("working", lent_out, 8), ("advanced", lent_out, 8), ("advanced", filled, 4)],
    ids=[*LEVELS, "advanced, due today"],
)
def test_no_lending_world_has_a_dead_end_and_each_can_end_as_its_key_says(level: str, fill: Any, worlds: int):
    states = 0
    for seed in range(1, worlds + 1):
        case = world(seed, level)
        graph, names = explored(case, seen=seen_from_today, fill=fill, beside=BESIDE)
        final = {node for node, name in names.items() if name in SUPPLIER.final}
        assert dead_ends(graph, final) == set()
        assert fill is filled or set(case["key"]["ends_in"]) <= set(names.values())
        states += len(graph)
    assert states > worlds * 10


def test_a_hundred_lending_worlds_are_sound_and_meet_all_that_lending_brings():
    met, ends = set(), set()
    for seed in range(1, 121):
        case = world(seed, LEVELS[seed % 3])
        wrong = [each.message for each in Draft202012Validator(WORKFLOW.case_schema).iter_errors(case)]
        assert wrong == []
        assert WORKFLOW.faults(case) == []
        met |= {item["verb"] for item in case["key"]["walks"][0]}
        ends |= set(case["key"]["ends_in"])
    wanted = "unfilled retry condition deliver renewYes renewNo recall overdue contact bill cancelYes checkin"
    assert set(wanted.split()) <= met
    assert ends == {"COMPLETE", "UNFILLED", "CANCELLED", "CLOSED_NO_RETURN"}


@given(seed=SEEDS, level=st.sampled_from(LEVELS))
@settings(max_examples=25, deadline=None)
def test_a_seed_gives_one_lending_world_whose_key_earns_everything(seed: int, level: str):
    case = world(seed, level)
    assert json.dumps(case) == json.dumps(world(seed, level))
    assert key_faults(WORKFLOW, case) == []
    assert case["side"] == "lend"
    assert case["uid"] != WORKFLOW.generate(seed, level)["uid"]


@given(seed=SEEDS, level=st.sampled_from(LEVELS), place=st.integers(0, 12), data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_step_out_of_turn_scores_lower_and_changes_nothing(seed: int, level: str, place: int, data: st.DataObject):
    slip_costs(world(seed, level), place, data, BESIDE)


@given(seed=SEEDS, level=st.sampled_from(LEVELS))
@settings(max_examples=25, deadline=None)
def test_more_of_the_way_never_scores_lower(seed: int, level: str):
    """Every further step of the expert's way is worth nothing or something."""
    case = world(seed, level)
    state, last = WORKFLOW.begin(case, seed=seed, mode="coach"), 0
    for move in WORKFLOW.expert(case):
        state = WORKFLOW.act(case, state, move)
        now = percent(WORKFLOW.grade(case, state))
        assert now >= last
        last = now
    assert last == 100


@pytest.mark.parametrize("level", LEVELS)
def test_what_is_shown_gives_nothing_of_script_or_key_away(level: str):
    for seed in range(1, 20):
        case = world(seed, level)
        state = WORKFLOW.begin(case, seed=seed, mode="coach")
        said = str(WORKFLOW.show(case, state)) + str(WORKFLOW.actions(case, state))
        for secret in ("walks", "ShippedReturn", "our reader", "accepts", "not on the shelf, nor", "spine is broken"):
            assert secret.lower() not in said.lower()


def test_without_a_side_the_usual_one_is_made():
    assert WORKFLOW.world(7, "working", "") == WORKFLOW.world(7, "working", "borrow") == WORKFLOW.generate(7, "working")
