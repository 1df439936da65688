"""The workflow engine by example: what each move does at the two desks, what it is worth, and what is refused."""

import copy
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.http import QueryDict

from core.errors import InvalidInput
from quizzes.engines.registry import NotAllowed, Part, State, engines
from quizzes.engines.scoring import percent, play
from quizzes.engines.workflow.walking import expand

LESSONS = Path(__file__).resolve().parents[3] / "media/courses/practice-desk/lessons"
WORKFLOW = engines["workflow"]
HALF = Decimal("0.5")
CASES = {
    case["uid"]: case
    for name in ("run-a-borrowing-day", "answer-as-a-lender")
    for case in yaml.safe_load((LESSONS / f"{name}.yaml").read_text())["cases"]
}


def begun(uid: str, *moves: Any) -> tuple[dict, State]:
    """A case after ``moves``: verbs alone, or with their values."""
    case = CASES[uid]
    return case, play(WORKFLOW, case, [{"verb": each} if isinstance(each, str) else each for each in moves])


def act(case: dict, state: State, verb: str, **values: Any) -> State:
    return WORKFLOW.act(case, state, {"verb": verb, **values})


def verbs(case: dict, state: State) -> list[str]:
    return [action.verb for action in WORKFLOW.actions(case, state)]


def parts(case: dict, state: State) -> dict[str, Part]:
    return {part.key: part for part in WORKFLOW.grade(case, state)}


def after(uid: str, but: dict[str, Any]) -> dict[str, Part]:
    """What a case is worth when the expert's walk is changed at these places."""
    case = CASES[uid]
    return parts(case, play(WORKFLOW, case, WORKFLOW.walk(case, {"but": but})))


# --- moves, slips, forgeries


def test_a_tempting_move_is_a_slip_the_rule_is_said_and_the_state_stays():
    case, state = begun("clean-loan", "verify", "send")
    slipped = act(case, state, "received")
    assert slipped["status"] == state["status"] == "SENT"
    assert slipped["queue"] == state["queue"]
    reply = WORKFLOW.reply(case, slipped)
    assert reply is not None
    assert reply.tone == "bad"
    assert "Loaned" in reply.text
    assert parts(case, slipped)["legality"].did == reply.text


@pytest.mark.parametrize("verb", ["checkout", "finish", "ship", "", None, 7, ["send"], "__class__"])
def test_a_move_that_is_not_offered_changes_nothing_and_costs_nothing(verb: Any):
    case, state = begun("clean-loan", "verify", "send")
    before = copy.deepcopy(state)
    with pytest.raises(NotAllowed):
        WORKFLOW.act(case, state, {"verb": verb})
    assert state == before


@pytest.mark.parametrize("date", ["2026-10-01", "9999-12-31", "soon", 5, None, "2026-02-30"])
def test_a_date_that_makes_no_sense_is_asked_again(date: Any):
    case, state = begun("clean-loan", "verify", "send", "waitNext", "waitNext", "waitNext", "received")
    with pytest.raises(InvalidInput) as refused:
        act(case, state, "checkout", user_date=date, use="home")
    assert "user_date" in refused.value.fields


@pytest.mark.parametrize("days", [0, -3, "4", None, True, 2.5])
def test_waiting_takes_whole_days(days: Any):
    case, state = begun("clean-loan")
    with pytest.raises(InvalidInput):
        act(case, state, "wait", days=days)


def test_a_form_gives_the_move_that_its_controls_hold():
    case, state = begun("clean-loan", "verify", "send", "waitNext", "waitNext", "waitNext", "received")
    form = QueryDict("user_date=2026-11-22&use=home&status=COMPLETED")
    assert WORKFLOW.parse(case, state, "checkout", form) == {
        "verb": "checkout",
        "user_date": "2026-11-22",
        "use": "home",
    }


def test_moves_stand_under_few_headings_and_the_list_stays_short():
    for uid, case in CASES.items():
        state = WORKFLOW.begin(case, seed=0, mode="coach")
        for move in WORKFLOW.expert(case):
            assert len(WORKFLOW.actions(case, state)) <= 14, uid
            assert len({action.group for action in WORKFLOW.actions(case, state)}) <= 4
            state = WORKFLOW.act(case, state, move)


# --- the clock and the scripts


def test_waiting_stops_on_the_day_on_which_something_comes():
    _case, state = begun("clean-loan", "verify", "send", {"verb": "wait", "days": 30})
    assert (state["today"], state["status"]) == ("2026-10-27", "EXPECTED")


def test_the_due_date_is_the_day_of_shipping_plus_the_loan_and_moves_along_when_the_request_goes_out_late():
    _case, state = begun(
        "clean-loan", "verify", {"verb": "wait", "days": 2}, "send", "waitNext", "waitNext", "waitNext"
    )
    assert (state["today"], state["due"]) == ("2026-10-31", "2026-11-28")


def test_of_lines_with_one_occasion_the_first_that_fits_is_sent():
    mended = begun(
        "retry-and-price", {"verb": "verify", "date": "2021-09"}, {"verb": "send", "code": "CCL"}, "waitNext"
    )[1]
    assert mended["offer"]["reasonRetry"] == "OnLoan"
    not_mended = begun("retry-and-price", "verify", {"verb": "send", "code": "CCL"}, "waitNext")[1]
    assert not_mended["offer"]["reasonRetry"] == "NotFoundAsCited"


def test_silence_expires_and_the_next_supplier_may_be_asked():
    case, state = begun("silence", "verify", "send", "waitNext")
    assert (state["today"], state["status"]) == ("2026-02-13", "UNFILLED")
    assert "nextSupplier" in verbs(case, state)


def test_a_message_of_a_supplier_that_was_left_is_dropped_and_held_against_nobody():
    case = copy.deepcopy(CASES["silence"])
    case["rota"][0]["script"].append(
        {"when": "on:New+6", "send": {"reasonForMessage": "RequestResponse", "status": "WillSupply"}}
    )
    state = play(WORKFLOW, case, WORKFLOW.expert(case))
    assert [each["why"] for each in state["log"] if each["who"] == "dropped"] == ["left"]
    assert percent(WORKFLOW.grade(case, state)) == 100


def test_a_supplier_whose_script_is_silent_refuses_a_renewal_and_agrees_to_a_cancel():
    case = copy.deepcopy(CASES["renewal-refused"])
    case["rota"][0]["script"] = []
    state = play(WORKFLOW, case, [{"verb": "waitNext"}, {"verb": "renew"}, {"verb": "waitNext"}])
    assert state["log"][-1]["what"] == "msg RenewResponse N"
    case = copy.deepcopy(CASES["cancel-refused"])
    case["rota"][0]["script"] = []
    state = play(WORKFLOW, case, [{"verb": each} for each in ("verify", "send", "cancel", "waitNext")])
    assert state["status"] == "CANCELLED"


def test_a_renewal_asked_in_time_and_not_answered_runs_for_the_first_length_again():
    """F-64; what is asked late gets nothing by silence."""
    case = copy.deepcopy(CASES["renewal-refused"])
    case["rota"][0]["script"] = [{"when": "on:Renew", "silent": True}]
    state = play(WORKFLOW, case, [{"verb": "waitNext"}, {"verb": "renew"}, *[{"verb": "waitNext"}] * 2])
    assert (state["status"], state["due"]) == ("IN_USE", "2026-07-16")


def test_a_retry_must_change_what_the_reason_names():
    case, state = begun("retry-and-price", "verify", {"verb": "send", "code": "CCL"}, "waitNext")
    assert not act(case, state, "retry", date="2012")["log"][-1]["legal"]
    assert act(case, state, "retry", date="2021-09")["status"] == "SENT"


def test_a_copy_needs_its_code():
    case, state = begun("retry-and-price", "verify")
    assert act(case, state, "send", code="none")["status"] == "READY"
    assert act(case, state, "send", code="CCL")["status"] == "SENT"


def test_what_is_with_the_user_cannot_be_sent_back():
    case, state = begun("recalled", "waitNext")
    assert act(case, state, "shippedReturn", how="tracked")["status"] == "RECALLED"


def test_a_lender_cannot_check_in_what_is_not_there():
    case, state = begun("lend-damaged-return", "waitNext")
    assert state["status"] == "RETURNED"
    assert act(case, state, "checkin", checked=["pieces"])["status"] == "RETURNED"
    assert act(case, act(case, state, "waitNext"), "checkin", checked=["pieces"])["status"] == "COMPLETE"


def test_a_loss_is_declared_at_the_end_of_the_ladder_only():
    case, state = begun("lend-ladder-return", {"verb": "wait", "days": 8}, "overdue")
    assert act(case, state, "declareLost")["status"] == "OVERDUE"
    for verb in ("overdue", "contact", "shelfCheck", "declareLost"):
        state = act(case, state, verb)
    assert state["status"] == "LOST"


# --- worth


def test_goals_weigh_50_legality_15_answers_20_telling_10_economy_5():
    case, state = begun("clean-loan")
    weights: dict[str, Any] = {}
    for key, part in parts(case, state).items():
        weights[key.split(".")[0]] = weights.get(key.split(".")[0], 0) + part.weight
    assert weights == {"goal": 50, "legality": 15, "response": 20, "tell": 10, "economy": 5}


@pytest.mark.parametrize("slips", range(7))
def test_each_slip_costs_three_points_down_to_none(slips: int):
    case = CASES["clean-loan"]
    walk = WORKFLOW.walk(case, {"but": {"3": [{"verb": "received"}] * slips + [{"verb": "msg ExpectToSupply"}]}})
    assert percent(WORKFLOW.grade(case, play(WORKFLOW, case, walk))) == 100 - min(3 * slips, 15)


def test_the_two_ways_of_the_retry_earn_the_same():
    case = CASES["retry-and-price"]
    for walk in case["key"]["walks"]:
        assert percent(WORKFLOW.grade(case, play(WORKFLOW, case, expand(case, walk)))) == 100


def test_asking_the_user_first_makes_the_higher_price_right_where_users_pay():
    case = copy.deepcopy(CASES["retry-and-price"])
    case["policy"]["user_pays"] = True
    ask = {"verb": "tellUser", "message": "cost", "channel": "phone"}
    walk = WORKFLOW.walk(case, {"but": {"9": [ask, {"verb": "retry", "max_cost": 22}], "10": None}})
    earned = parts(case, play(WORKFLOW, case, walk))
    assert earned["goal.declined_over_cost"].fraction == 1
    assert earned["legality"].fraction == 1


@pytest.mark.parametrize(
    ("uid", "but"),
    [
        ("two-conditions", {"13": {"verb": "checkout", "user_date": "2026-10-12", "use": "home"}}),
        (
            "lost-by-user",
            {"5": [{"verb": "notification", "about": "personal"}, {"verb": "notification", "about": "own_copy"}]},
        ),
        ("lend-lost-and-billed", {"5": {"verb": "ship", "due": "2026-02-25", "strap": ["number", "due"]}}),
        ("lend-recall", {"3": {"verb": "notification", "about": "personal"}}),
    ],
)
def test_a_use_against_its_condition_or_personal_data_sent_caps_at_one_half(uid: str, but: dict[str, Any]):
    earned = after(uid, but)
    assert earned["legality"].critical
    assert percent(list(earned.values())) == 50


def test_an_answer_that_comes_late_is_worth_half_of_one():
    for days, worth in ((3, Decimal(1)), (4, HALF)):
        case, state = begun("renewal-refused", "waitNext", {"verb": "wait", "days": days}, "renew")
        assert parts(case, state)["response.1"].fraction == worth
        assert parts(case, state)["goal.renewed"].fraction == 1


def test_a_date_counted_from_the_day_of_asking_is_worth_half():
    asked = after("lend-with-renewal", {"7": {"verb": "renewYes", "due": "2026-10-30"}})
    assert asked["goal.new_due"].fraction == HALF
    assert after("lend-with-renewal", {"7": {"verb": "renewYes", "due": "2026-10-29"}})["goal.new_due"].fraction == 0


def test_lost_before_the_trace_is_a_lapse_although_the_table_allows_it():
    early = after("renew-recall-lost", {"10": [{"verb": "lost"}], "11": None, "12": None, "13": None})
    assert early["goal.lost_after_trace"].fraction == 0
    assert early["legality"].fraction == Decimal("0.8")


def test_a_recall_wants_two_words_by_two_channels():
    again = {"verb": "tellUser", "message": "recalled", "channel": "email"}
    assert after("renew-recall-lost", {"6": again})["goal.contacted"].fraction == 0


def test_a_hint_names_no_answer_and_goes_when_the_goal_is_reached():
    case, state = begun("clean-loan")
    assert "goal.sent" in WORKFLOW.hints(case, state)
    state = act(case, act(case, state, "verify"), "send")
    assert "goal.sent" not in WORKFLOW.hints(case, state)


def test_the_debrief_tells_the_path_by_date():
    case = CASES["clean-loan"]
    moves = WORKFLOW.walk(case, case["paths"][2])
    told = WORKFLOW.told(case, play(WORKFLOW, case, moves), moves)
    assert [line.tone for line in told].count("bad") == 1
    assert all(line.when for line in told)
    assert json.dumps([line.words for line in told])


# --- author check


def broken(uid: str) -> dict:
    return copy.deepcopy(CASES[uid])


def faults(case: dict) -> str:
    return " ".join(text for _where, text in WORKFLOW.faults(case))


def test_a_script_whose_walk_meets_an_illegal_event_is_refused():
    case = broken("clean-loan")
    early = {"when": "on:New+1", "send": {"reasonForMessage": "StatusChange", "status": "LoanCompleted"}}
    case["rota"][0]["script"].insert(1, {**early, "when": "on:New+2"})
    case["rota"][0]["script"].pop(2)
    assert "illegal" in faults(case) or "never comes" in faults(case)


def test_only_the_first_answer_to_a_request_is_a_request_response():
    case = broken("clean-loan")
    case["rota"][0]["script"][1]["send"]["reasonForMessage"] = "RequestResponse"
    assert "first answer" in faults(case)


def test_a_walk_must_keep_to_the_rules_and_end_where_it_should():
    case = broken("clean-loan")
    case["key"]["walks"][0].insert(2, {"verb": "received"})
    assert "breaks a rule" in faults(case)
    case = broken("clean-loan")
    case["key"]["walks"][0].pop()
    assert "ends in RETURNED" in faults(case)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"key": {"goals": [{"id": "sent", "kind": "did", "move": "send", "w": 49}]}}, "50"),
        ({"key": {"goals": [{"id": "sent", "kind": "did", "w": 50}]}}, "needs it"),
        ({"key": {"goals": [{"id": "sent", "kind": "did", "move": "fly", "w": 50}]}}, "no such move"),
        ({"key": {"ends_in": ["RETURNED"]}}, "final state"),
        ({"start": "2026-02-30"}, "no such day"),
        ({"start_state": "NOWHERE", "loan": {"dueDate": "2026-11-01"}}, "no such state"),
        ({"side": "lend"}, "needs it"),
        ({"extra": ["fly"]}, "no such move"),
    ],
)
def test_what_the_schema_cannot_say_is_said(change: dict, said: str):
    case = broken("clean-loan")
    key = {**case["key"], **change.get("key", {})}
    assert said in faults({**case, **change, "key": key})
