"""The lending queue: what a decision, a reason, a note and the order of work are worth, and what must never leave."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.engines.registry import NotAllowed, Part
from quizzes.engines.scoring import percent, play
from quizzes.engines.triage import desk
from quizzes.engines.triage.engine import LendingTriage
from quizzes.engines.triage.generator import LOANS
from quizzes.engines.triage.loans import due_today, past_due
from quizzes.engines.triage.reasons import ISO, LEGACY, SITUATIONS, answer_of, reasons_of

ROOT = Path(__file__).resolve().parents[3]
LESSON = yaml.safe_load((ROOT / "media/courses/practice-desk/lessons/sort-the-lending-queue.yaml").read_text())
CASES = {case["uid"]: case for case in LESSON["cases"]}
WEIRS, STORMS, DISCS = CASES["weirs-and-kelp"], CASES["storms-and-ice"], CASES["discs-and-gates"]
COURIER = CASES["catch-the-courier"]
ENGINE = LendingTriage()
SEEDS = st.integers(1, 2**32 - 1)
LEVELS = st.sampled_from(["basic", "working", "advanced"])
PLAYED = settings(max_examples=30, deadline=None)


def parts(case: dict, **but: object) -> dict[str, Part]:
    """The parts of ``case`` when its right answers differ in ``but``; ``row__what`` for ``row.what``, None for left out."""
    named = {name.replace("__", "."): value for name, value in but.items()}
    state = play(ENGINE, case, ENGINE.walk(case, {"but": named}))
    return {part.key: part for part in ENGINE.grade(case, state)}


def earned(case: dict, **but: object) -> int:
    return percent(list(parts(case, **but).values()))


# --- the worked instances


def test_weirs_and_kelp_is_answered_as_worked_out():
    right = ENGINE.right(WEIRS)
    assert {name: right[f"{name}.decision"] for name in ("weirs", "kelp", "plains", "bridges")} == {
        "weirs": "unfilled", "kelp": "supply", "plains": "retry", "bridges": "supply",
    }  # fmt: skip
    assert right["weirs.reason"] == "NonCirculating"
    assert (right["plains.reason"], right["plains.date"]) == ("OnLoan", "2026-11-21")
    assert right["bridges.date"] == "2026-12-14"
    assert [[row["id"] for row in turn] for turn in desk.turns(WEIRS)] == [
        ["kelp", "bridges"],
        ["weirs", "plains", "delta"],
    ]


@pytest.mark.parametrize("decision", ["unfilled", "retry"])
@pytest.mark.parametrize("reason", ["PolicyProblem", "LacksCopyrightCompliance"])
def test_a_missing_code_may_be_answered_in_either_way_with_either_code(decision: str, reason: str):
    assert earned(WEIRS, delta__decision=decision, delta__reason=reason) == 100


def test_storms_and_ice_is_answered_as_worked_out():
    right = ENGINE.right(STORMS)
    assert [right[f"{name}.reason"] for name in ("harbor", "alloy", "page")] == [
        "lacking",
        "not-on-shelf",
        "not-found-as-cited",
    ]
    assert [right[f"{name}.decision"] for name in ("storms", "ice")] == ["conditional", "conditional"]
    assert parts(STORMS, alloy__reason="lost")["reason.alloy"].fraction == Decimal("0.5")
    assert earned(STORMS, page__decision="retry") == 100


def test_discs_and_gates_is_answered_as_worked_out():
    right = ENGINE.right(DISCS)
    assert (right["songs.decision"], right["songs.reason"]) == ("unfilled", "PolicyProblem")
    assert (right["millstones.decision"], right["millstones.reason"]) == ("retry", "ReqServTypeNotPossible")
    assert (right["ferry.reason"], right["ferry.cost"]) == ("CostExceedsMaxCost", 10)
    assert [(right[f"{name}.decision"], right[f"{name}.reason"]) for name in ("lamps", "gates", "tides")] == [
        ("wait", "within_grace"), ("contact", "two_notices_no_answer"), ("recall", "own_user_waiting"),
    ]  # fmt: skip
    assert right["tides.date"] == "2026-04-22"
    assert [[row["id"] for row in turn] for turn in desk.turns(DISCS)] == [
        ["tides"], ["ferry"], ["songs"], ["millstones"], ["gates"], ["lamps"],
    ]  # fmt: skip


# --- what is worth what


def test_decisions_are_worth_half_reasons_thirty_notes_and_order_ten_each():
    weights = {"decision": Decimal(0), "reason": Decimal(0), "note": Decimal(0), "order": Decimal(0)}
    for key, part in parts(WEIRS).items():
        weights["order" if key in ("clock", "order") else key.split(".")[0]] += part.weight
    assert weights == {"decision": 50, "reason": 30, "note": 10, "order": 10}


def test_requests_and_loans_share_decisions_and_reasons_equally():
    found = parts(DISCS)
    assert len({found[f"decision.{name}"].weight for name in ("songs", "millstones", "ferry", "lamps", "tides")}) == 1
    assert len({found[f"reason.{name}"].weight for name in ("songs", "millstones", "ferry", "lamps", "tides")}) == 1


def test_the_narrowest_true_reason_counts_whole_a_broad_one_half_and_a_false_one_nothing():
    assert parts(WEIRS)["reason.weirs"].fraction == 1
    assert parts(WEIRS, weirs__reason="PolicyProblem")["reason.weirs"].fraction == Decimal("0.5")
    assert parts(WEIRS, weirs__reason="NotHeld")["reason.weirs"].fraction == 0


@pytest.mark.parametrize(
    ("case", "part", "but"),
    [
        (WEIRS, "reason.plains", {"plains__date": "2026-11-20"}),
        (WEIRS, "reason.bridges", {"bridges__date": None}),
        (DISCS, "reason.ferry", {"ferry__cost": 5}),
        (DISCS, "reason.tides", {"tides__date": "2026-04-29"}),
        (DISCS, "reason.tides", {"tides__reason": "notice_due"}),
    ],
)
def test_a_day_or_a_price_shares_what_the_reason_is_worth(case: dict, part: str, but: dict):
    assert parts(case, **but)[part].fraction == Decimal("0.5")


def test_one_rung_off_is_half_right_and_two_are_nothing():
    assert parts(DISCS, gates__decision="notice")["decision.gates"].fraction == Decimal("0.5")
    assert parts(DISCS, gates__decision="wait")["decision.gates"].fraction == 0
    assert parts(DISCS, gates__decision="recall")["decision.gates"].fraction == 0
    assert parts(DISCS, tides__decision="wait")["decision.tides"].fraction == 0


def test_a_note_counts_what_it_must_say_less_what_does_harm():
    assert parts(WEIRS, kelp__notes=["print"])["note.kelp"].fraction == Decimal("0.5")
    assert parts(DISCS, millstones__notes=["part", "road", "halves"])["note.millstones"].fraction == Decimal("0.5")
    assert parts(WEIRS, delta__notes=["direct"])["note.delta"].fraction == 0


@pytest.mark.parametrize(
    ("case", "part", "but"),
    [
        (WEIRS, "decision.delta", {"delta__decision": "supply"}),
        (WEIRS, "note.kelp", {"kelp__notes": ["print", "notice", "file"]}),
        (CASES["codes-and-licences"], "decision.alloy", {"alloy__decision": "supply"}),
        (DISCS, "decision.gates", {"gates__decision": "bill"}),
        (CASES["reported-lost"], "decision.lamps", {"lamps__decision": "bill"}),
    ],
)
def test_what_must_never_leave_caps_the_whole_at_one_half(case: dict, part: str, but: dict):
    assert [key for key, each in parts(case, **but).items() if each.critical] == [part]
    assert earned(case, **but) == 50


def test_without_the_rule_on_the_policy_card_a_copy_without_a_code_is_no_critical_error():
    loose = {**WEIRS, "require_code": False}
    assert not parts(loose, delta__decision="supply")["decision.delta"].critical


# --- the clock of the desk day


def test_the_clock_moves_by_the_work_that_is_placed():
    done = desk.done_at(COURIER, {"quiet": 1, "bells": 2, "houses": 3})
    assert [(each, desk.clock(at)) for each, at in done.items()] == [
        ("quiet", "09:25"), ("bells", "09:55"), ("houses", "10:20"),
    ]  # fmt: skip


def test_what_is_done_too_late_or_not_placed_misses_the_courier():
    from_the_top = {"houses.place": 1, "bells.place": 2, "winter.place": 3, "quiet.place": 4}
    found = ENGINE.parts(COURIER, from_the_top, {})
    assert next(part for part in found if part.key == "clock").fraction == Decimal(
        "0.5"
    )  # bells at 9:55, quiet at 10:30
    assert desk.caught(COURIER, {"bells": 1}) == ["bells"]
    assert desk.caught(COURIER, {}) == []


def test_within_a_turn_any_order_is_right():
    assert earned(WEIRS, bridges__place=1, kelp__place=2, delta__place=3, weirs__place=4, plains__place=5) == 100


def test_two_rows_of_different_turns_at_one_place_are_in_no_order():
    assert parts(DISCS, ferry__place=1)["order"].fraction == Decimal(14) / 15


# --- the table of reasons


@pytest.mark.parametrize("name", [ISO, LEGACY])
def test_every_answer_of_a_situation_is_in_the_list_it_is_given_for(name: str):
    codes = reasons_of(name)
    for situation in SITUATIONS.values():
        answer = situation.answer(name)
        assert set(answer.reasons) | set(answer.broad) <= set(codes)
        assert not set(answer.reasons) & set(answer.broad)


def test_on_loan_and_not_found_as_cited_are_invitations_in_iso_18626_and_reasons_for_no_before():
    for situation in ("on-loan", "not-as-cited"):
        assert SITUATIONS[situation].iso.decisions == ("retry",)
        assert "unfilled" in SITUATIONS[situation].legacy.decisions


# --- what holds for all queues


@given(seed=SEEDS, level=LEVELS)
@PLAYED
def test_a_queue_asks_for_each_decision_and_repeats_no_situation(seed: int, level: str):
    case = ENGINE.generate(seed, level)
    answers = [answer_of(case, request) for request in case["requests"]]
    assert {each for answer in answers for each in answer.decisions} >= {"supply", "conditional", "retry", "unfilled"}
    situations = [request["situation"] for request in case["requests"]]
    assert len(set(situations)) == len(situations)
    if level != "basic":
        assert "no-code" in situations
        assert case["licences"]


@given(seed=SEEDS)
@PLAYED
def test_no_loan_lies_within_a_day_of_a_rung(seed: int):
    case = ENGINE.generate(seed, "advanced")
    rules = case["overdue"]
    rungs = [rules["grace"], *rules["notice"], rules["contact"], rules["bill_after"]]
    for loan in case["loans"]:
        days = past_due(loan, desk.today_of(case))
        assert min(abs(days - rung) for rung in rungs) > 1
        assert all(each["date"] <= case["today"] for each in loan["log"])


def test_loans_of_generated_queues_stand_on_every_rung():
    found = {}
    for seed in range(200):
        case = ENGINE.generate(seed, "advanced")
        for loan in case["loans"]:
            due = due_today(loan, desk.today_of(case), case["overdue"])
            found[(due.action, due.ground)] = seed
    assert {action for action, _ground in found} == {"wait", "notice", "contact", "bill", "recall"}
    assert len(found) < len(LOANS)  # several worlds lead to the same answer


def test_five_hundred_seeds_give_sound_queues():
    for seed in range(500):
        assert ENGINE.faults(ENGINE.generate(seed, ("basic", "working", "advanced")[seed % 3])) == []


@given(seed=SEEDS, level=LEVELS, data=st.data())
@PLAYED
def test_correcting_any_one_answer_never_lowers_the_score(seed: int, level: str, data: st.DataObject):
    case = ENGINE.generate(seed, level)
    right = ENGINE.right(case)
    answers = {name: value for name, value in right.items() if data.draw(st.booleans())}
    for request in case["requests"]:
        answers[f"{request['id']}.decision"] = data.draw(
            st.sampled_from(["supply", "conditional", "retry", "unfilled"])
        )
        answers[f"{request['id']}.reason"] = data.draw(st.sampled_from(list(reasons_of(case["list"]))))
        if "notes" in request:
            answers[f"{request['id']}.notes"] = [note["id"] for note in request["notes"] if data.draw(st.booleans())]
    before = percent(ENGINE.parts(case, answers, {}))
    name = data.draw(st.sampled_from([each for each in right if not each.endswith(".place")]))
    assert before <= percent(ENGINE.parts(case, {**answers, name: right[name]}, {})) <= 100


# --- what a client may send, and what it may see


@given(
    junk=st.dictionaries(
        st.sampled_from(
            ["delta.decision", "delta.notes", "delta.date", "delta.cost", "delta.place", "bridges.reason", "x"]
        ),
        st.none()
        | st.integers()
        | st.text(max_size=5)
        | st.lists(st.integers(), max_size=2)
        | st.dictionaries(st.text(), st.text()),
    )
    | st.integers()
    | st.lists(st.text())
)
@PLAYED
def test_nonsense_counts_as_not_answered(junk: object):
    clean = ENGINE.clean(WEIRS, junk)
    json.dumps(clean)
    assert set(clean) <= {
        f"{row}.{what}" for row in ("delta", "bridges") for what in ("date", "cost", "place", "decision")
    }
    state = play(ENGINE, WEIRS, [{"verb": "keep", "answers": junk}])
    assert percent(ENGINE.grade(WEIRS, state)) <= 10


def test_a_form_gives_the_answers_it_shows():
    data = QueryDict(mutable=True)
    for name, value in ENGINE.right(DISCS).items():
        data.setlist(name, value if isinstance(value, list) else [str(value)])
    assert ENGINE.parse(DISCS, ENGINE.begin(DISCS, seed=1, mode="coach"), "finish", data)["answers"] == ENGINE.right(
        DISCS
    )


def test_a_closed_queue_takes_no_further_answer():
    over = play(ENGINE, WEIRS, ENGINE.expert(WEIRS))
    with pytest.raises(NotAllowed):
        ENGINE.act(WEIRS, over, {"verb": "keep", "answers": {}})


def drawn(case: dict, state: dict) -> str:
    scene = ENGINE.show(case, state)
    return render_to_string("quizzes/engines/triage.html", {"scene": scene, "state_over": state["over"]})


def test_the_page_of_a_new_queue_does_not_depend_on_its_key():
    """Another situation, other musts and another turn: the same page."""
    other = json.loads(json.dumps(WEIRS))
    for row in other["requests"]:
        row |= {"situation": "not-owned", "turn": 1, "courier": False}
        for note in row.get("notes", ()):
            note |= {"must": False, "critical": False}
    fresh = ENGINE.begin(WEIRS, seed=1, mode="coach")
    assert drawn(WEIRS, fresh) == drawn(other, fresh)


def test_a_mark_is_shown_when_the_coach_was_asked_and_tells_no_answer_before_the_end():
    moves = ENGINE.walk(WEIRS, {"but": {"weirs.reason": "NotHeld"}})
    checked = play(ENGINE, WEIRS, [{**moves[0], "verb": "check"}])
    assert drawn(WEIRS, checked).count("Does not circulate") == 5  # an option of each request
    assert "Not this." in drawn(WEIRS, checked)
    assert drawn(WEIRS, play(ENGINE, WEIRS, moves)).count("Does not circulate") == 6


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("courier_at", {"courier_at": "09:30"}),
        ("courier_at", {"courier_at": "12:00"}),
        ("requests.1.resource", {"licences": []}),
        ("requests.3.code", {"require_code": False}),
    ],
)
def test_a_queue_that_cannot_be_worked_says_why(path: str, change: dict):
    assert ENGINE.faults(WEIRS) == []
    assert path in [where for where, _text in ENGINE.faults({**WEIRS, **change})]


def test_the_author_fills_in_nothing_that_a_case_does_not_have():
    properties = ENGINE.case_schema["properties"]
    assert {field.name for field in ENGINE.editor.fields} <= set(properties)
    for rows in ENGINE.editor.rows:
        row = properties[rows.name]["items"]["properties"]
        assert {field.name for field in rows.fields} <= set(row)
        if rows.inner:
            assert {field.name for field in rows.inner.fields} <= set(row[rows.inner.name]["items"]["properties"])
