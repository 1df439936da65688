"""Made-up worlds of the workflow engine: whatever is done in them, there is a way on, and one that ends well."""

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.errors import Conflict, InvalidInput
from quizzes.engines.registry import Action, State, engines
from quizzes.engines.scoring import percent, play
from quizzes.engines.workflow.desk import days_between
from quizzes.engines.workflow.moves import action, desk_of, shown
from quizzes.engines.workflow.play import act as play_move
from quizzes.engines.workflow.requester_table import REQUESTER

WORKFLOW = engines["workflow"]
LEVELS = ("basic", "working", "advanced")
MARKS = ("at_desk", "hold", "in_time", "delivered")
TIMED = ("SENT", "EXPECTED", "CANCEL_PENDING")
FAR = 40  # days to the due date are counted no further
BESIDE = ("tellUser", "notification", "statusRequest", "wait", "finish")

Filling = Callable[[dict, State, Action], dict[str, Any]]


def filled(case: dict, state: State, offered: Action) -> dict[str, Any]:
    """The move that ``offered`` makes with something in each of its controls."""
    move: dict[str, Any] = {"verb": offered.verb}
    for control in offered.controls:
        if control.kind == "choice":
            move[control.name] = control.choices[-1][0]
        elif control.kind == "date":
            move[control.name] = max(state["due"] or state["today"], state["today"])
        elif control.kind == "whole":
            move[control.name] = 99
    return move


def seen_from_today(state: State) -> tuple:
    """A state as the abstraction has it: without its log, days counted from today, and only what can still matter."""
    status = state["status"]
    if status in REQUESTER.final:
        return (status,)
    ours = status not in ("RETURNED", "LOST")  # after that neither the user nor the due date does anything
    marks = [each for each in state["marks"].items() if each[0] in MARKS]
    waiting = [
        (min(days_between(state["today"], each["day"]), FAR), each["cause"], str(each["line"]))
        for each in state["queue"]
        if each["supplier"] == state["supplier"] and (ours or each["by"] == "them")
    ]
    due = min(max(days_between(state["today"], state["due"]), -1), FAR) if state["due"] and ours else None
    since = days_between(state["since"], state["today"]) if status in TIMED else None
    offered = str(state["offer"]) if status == "RETRY_PENDING" else ""
    return (status, state["previous"], state["supplier"], due, since, str(sorted(waiting)), offered, str(sorted(marks)))


def explored(
    case: dict,
    *,
    seen: Callable[[State], tuple] = seen_from_today,
    fill: Filling = filled,
    beside: Iterable[str] = BESIDE,
) -> tuple[dict[tuple, set[tuple]], dict[tuple, str]]:
    """Every state of the abstraction ``seen``, what leads on from it, and its name."""
    table = desk_of(case).side.table
    start = WORKFLOW.begin(case, seed=0, mode="coach")
    graph: dict[tuple, set[tuple]] = {}
    names: dict[tuple, str] = {}
    waiting = deque([start])
    while waiting:
        state = waiting.popleft()
        node = seen(state)
        if node in graph:
            continue
        graph[node], names[node] = set(), state["status"]
        if desk_of(case).side.final(state):
            continue
        for verb in shown(case, state):
            slip = verb != "waitNext" and table.target(state["status"], f"act:{verb}") is None
            if verb in beside or slip:  # neither leads anywhere
                continue
            offered = action(case, state, verb)
            try:
                after = play_move(case, state, fill(case, state, offered), offered)
            except (Conflict, InvalidInput):
                continue
            after["log"] = []
            graph[node].add(seen(after))
            waiting.append(after)
    return graph, names


def dead_ends(graph: dict[tuple, set[tuple]], ends: set[tuple]) -> set[tuple]:
    """The nodes from which none of ``ends`` can be reached."""
    before: dict[tuple, set[tuple]] = {node: set() for node in graph}
    for node, after in graph.items():
        for each in after:
            before[each].add(node)
    good, waiting = set(ends), list(ends)
    while waiting:
        for node in before[waiting.pop()] - good:
            good.add(node)
            waiting.append(node)
    return set(graph) - good


@pytest.mark.parametrize("level", LEVELS)
def test_no_world_has_a_dead_end_and_all_but_the_end_of_the_list_can_complete(level: str):
    states = 0
    for seed in range(1, 35):
        case = WORKFLOW.generate(seed, level)
        graph, names = explored(case)
        final = {node for node, name in names.items() if name in desk_of(case).side.table.final}
        assert dead_ends(graph, final) == set()
        assert set(case["key"]["ends_in"]) <= set(names.values())  # COMPLETED, but for the end of the list
        states += len(graph)
    assert states > 34 * 15


def test_a_seed_gives_the_same_world_and_levels_differ():
    assert WORKFLOW.generate(7, "working") == WORKFLOW.generate(7, "working")
    assert len({str(WORKFLOW.generate(seed, "working")) for seed in range(30)}) == 30


def test_five_hundred_worlds_are_made_soundly():
    """Their scripts and walks; that the keys earn everything is asked for every engine, of fewer worlds."""
    met = set()
    for seed in range(1, 501):
        case = WORKFLOW.generate(seed, LEVELS[seed % 3])
        assert WORKFLOW.faults(case) == []
        met |= {item["verb"] for item in case["key"]["walks"][0]}
    assert {
        "msg Unfilled",
        "days to respond pass",
        "reject",
        "accept",
        "renew",
        "msg Recalled",
        "deliver",
        "alternative",
    } <= met


def slip_costs(case: dict, place: int, data: st.DataObject, beside: Iterable[str]) -> None:
    """The expert's way with one tempting step in it: the state stays as it was, and the score is no better for it."""
    moves = WORKFLOW.expert(case)
    place = min(place, len(moves) - 1)
    state = play(WORKFLOW, case, moves[:place])
    tempting = [each for each in WORKFLOW.actions(case, state) if each.verb not in (*beside, "waitNext")]
    assume(tempting)
    drawn = data.draw(st.sampled_from(tempting))
    try:
        slipped = WORKFLOW.act(case, state, filled(case, state, drawn))
    except (Conflict, InvalidInput):
        return
    assert 0 <= percent(WORKFLOW.grade(case, slipped)) <= 100
    if slipped["log"][-1].get("legal", True):
        return
    assert slipped["status"] == state["status"]
    ended = slipped
    for move in moves[place:]:
        ended = WORKFLOW.act(case, ended, move)
    assert percent(WORKFLOW.grade(case, ended)) < 100


@given(seed=st.integers(1, 10_000), level=st.sampled_from(LEVELS), place=st.integers(0, 8), data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_slip_fewer_never_scores_lower(seed: int, level: str, place: int, data: st.DataObject):
    slip_costs(WORKFLOW.generate(seed, level), place, data, BESIDE)


@pytest.mark.parametrize("level", LEVELS)
def test_what_is_shown_gives_nothing_of_the_script_or_the_key_away(level: str):
    for seed in range(1, 20):
        case = WORKFLOW.generate(seed, level)
        state = WORKFLOW.begin(case, seed=seed, mode="coach")
        said = str(WORKFLOW.show(case, state)) + str(WORKFLOW.actions(case, state))
        for secret in ("reasonRetry", "reasonUnfilled", "retryAfter", "walks", "LibraryUseOnly", "loanCondition"):
            assert secret not in said
        assert dt.date.fromisoformat(case["start"]) == WORKFLOW.show(case, state)["today"]
