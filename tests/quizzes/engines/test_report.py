"""Reading a report: values, problem, cause with its cell, action and honest chart; one anomaly in each made-up report."""

import json
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.engines.dice import Dice
from quizzes.engines.registry import NotAllowed, Part
from quizzes.engines.report.chart import BASE, TOP, chart_of
from quizzes.engines.report.engine import ReadingReports
from quizzes.engines.report.generator import TIMES, plant
from quizzes.engines.report.grading import best, meets
from quizzes.engines.report.planting import ANOMALIES
from quizzes.engines.report.schema import OPTIONS
from quizzes.engines.report.tables import cells
from quizzes.engines.scoring import percent, play

ROOT = Path(__file__).resolve().parents[3]
LESSON = yaml.safe_load((ROOT / "media/courses/practice-desk/lessons/read-a-report.yaml").read_text())
CASES = {case["uid"]: case for case in LESSON["cases"]}
APRIL, LOANS, HEADLINE, MAY = (CASES[uid] for uid in ("the-april-drop", "eight-loans", "up-from-seventy", "a-bad-may"))
ENGINE = ReadingReports()
SEEDS = st.integers(1, 2**32 - 1)
LEVELS = st.sampled_from(["basic", "working", "advanced"])
PLAYED = settings(max_examples=30, deadline=None)


def parts(case: dict, but: dict) -> dict[str, Part]:
    state = play(ENGINE, case, ENGINE.walk(case, {"but": but}))
    return {part.key: part for part in ENGINE.grade(case, state)}


def values(case: dict) -> list[str]:
    return [value for name, value in ENGINE.right(case).items() if name.startswith("value.")]


# --- the worked instances


def test_the_april_drop_is_read_as_worked_out():
    assert values(APRIL) == ["85.7", "84.3", "85.7", "64.9", "84.1", "85.7", "81.5"]
    right = ENGINE.right(APRIL)
    assert (right["problems"], right["causes"], right["evidence"]) == ("apr", "code", "reasons.apr.code")


def test_eight_loans_are_read_as_worked_out():
    assert values(LOANS) == [
        "7", "9", "6", "10", "11", "17", "15", "12", "10.9", "10.5", "17", "1", "2", "4.5", "3.5", "0", "6.5",
    ]  # fmt: skip


def test_the_headline_is_read_as_worked_out():
    assert values(HEADLINE) == ["69.2", "69", "66.3", "65.4", "70.1", "71.1", "74.4", "80"]


# --- what is worth what


def test_values_are_worth_half_problem_twenty_cause_fifteen_action_ten_and_chart_five():
    found = parts(LOANS, {})
    weights = {key: found[key].weight for key in OPTIONS}
    assert sum(part.weight for key, part in found.items() if key.startswith("value.")).quantize(Decimal("1.00")) == 50
    assert weights == {"problems": 20, "causes": 15, "actions": 10, "honesty": 5}


@pytest.mark.parametrize("text", ["81.5", "81,5", "81.4", "81.6", "81.5%", "81.5 %", " 81.50 "])
def test_a_value_holds_within_a_tenth_however_it_is_written(text: str):
    assert meets(text, Decimal("81.5"))


@pytest.mark.parametrize("text", ["81.7", "81.35", "815", "0.815", "81.5 km", "about 81", "", None, 81.5, ["81.5"]])
def test_a_value_that_is_further_off_or_no_number_does_not_hold(text: object):
    assert not meets(text, Decimal("81.5"))


def test_the_average_of_rates_is_worth_nothing_and_is_told_what_it_is():
    pooled = parts(APRIL, {"value.pooled": "81.7"})["value.pooled"]
    assert pooled.fraction == 0
    assert "average of the rates" in pooled.why
    assert "average of the rates" not in parts(APRIL, {"value.pooled": "80"})["value.pooled"].why


def test_a_cause_counts_only_with_the_cell_that_shows_it():
    assert parts(APRIL, {})["causes"].fraction == 1
    assert parts(APRIL, {"evidence": None})["causes"].fraction == 0
    assert parts(APRIL, {"evidence": "reasons.mar.code"})["causes"].fraction == 0
    assert parts(APRIL, {"causes": "suppliers"})["causes"].fraction == 0


def test_any_cell_that_shows_the_cause_will_do():
    for cell in LOANS["evidence"]:
        assert parts(LOANS, {"evidence": cell})["causes"].fraction == 1


def test_an_action_that_helps_a_little_is_worth_half():
    assert parts(APRIL, {"actions": "tell"})["actions"].fraction == Decimal("0.5")
    assert parts(APRIL, {"actions": "change"})["actions"].fraction == 0


def test_each_wrong_option_says_why_it_is_wrong():
    for case in CASES.values():
        for name in OPTIONS:
            for option in case[name]:
                if option is not best(case[name]):
                    assert option["why"] in parts(case, {name: option["id"]})[name].why


# --- charts


def test_bars_stand_on_their_axis_and_reach_their_value():
    drawn = chart_of(HEADLINE, HEADLINE["charts"][0])
    assert [mark.text for mark in drawn.marks] == ["270/385", "276/388", "262/352", "268/335"]
    assert all(mark.y + mark.height == BASE for mark in drawn.marks)
    assert drawn.marks[3].y == BASE - round((BASE - TOP) * 15 / 20)  # 80 on an axis from 65 to 85
    assert [tick.label for tick in drawn.ticks] == ["65", "70", "75", "80", "85"]


def test_segments_of_a_stack_stand_on_each_other():
    drawn = chart_of(LOANS, LOANS["charts"][0])
    first = drawn.marks[:4]
    assert first[0].y + first[0].height == BASE
    assert all(above.y + above.height == below.y for below, above in pairwise(first))


def test_a_line_joins_its_points():
    drawn = chart_of(APRIL, APRIL["charts"][0])
    assert drawn.lines == ["M" + "L".join(f"{mark.x} {mark.y}" for mark in drawn.marks)]


# --- what is planted


@pytest.mark.parametrize("kind", list(ANOMALIES))
def test_every_anomaly_stands_three_times_out_of_the_noise_in_at_least_every_fifth_draw(kind: str):
    drawn = [ANOMALIES[kind](Dice("test", kind, number)) for number in range(60)]
    assert sum(each.size >= TIMES * each.noise for each in drawn) >= 60 // 5


@given(seed=SEEDS, level=LEVELS)
@PLAYED
def test_a_made_up_report_has_one_anomaly_and_a_cell_that_shows_it(seed: int, level: str):
    kind, found = plant(seed, level)
    assert kind in ANOMALIES
    assert found.size >= TIMES * found.noise
    assert set(found.case["evidence"]) <= {where for where, _row, _text in cells(found.case)}
    honest = best(found.case["honesty"])["id"]
    assert honest == {"expired": "left-out", "changed": "definition", "axis": "axis"}.get(kind, "yes")


def test_five_hundred_seeds_give_sound_reports_of_every_kind():
    kinds = set()
    for seed in range(500):
        kind, found = plant(seed, ("basic", "working", "advanced")[seed % 3])
        kinds.add(kind)
        assert ENGINE.faults(found.case) == []
    assert kinds == set(ANOMALIES)


@given(seed=SEEDS, level=LEVELS, data=st.data())
@PLAYED
def test_correcting_any_one_answer_never_lowers_the_score(seed: int, level: str, data: st.DataObject):
    case = ENGINE.generate(seed, level)
    right = ENGINE.right(case)
    answers = {name: value for name, value in right.items() if data.draw(st.booleans())}
    for name in OPTIONS:
        answers[name] = data.draw(st.sampled_from([option["id"] for option in case[name]]))
    before = percent(ENGINE.parts(case, answers, {}))
    name = data.draw(st.sampled_from(list(right)))
    assert before <= percent(ENGINE.parts(case, {**answers, name: right[name]}, {})) <= 100


# --- what a client may send, and what it may see


@given(
    junk=st.dictionaries(
        st.sampled_from(["value.jan", "problems", "causes", "evidence", "x"]),
        st.none() | st.integers() | st.text(max_size=30) | st.lists(st.text(), max_size=2),
    )
    | st.text()
    | st.none()
)
@PLAYED
def test_nonsense_counts_as_not_answered(junk: object):
    clean = ENGINE.clean(APRIL, junk)
    assert all(isinstance(value, str) and value.strip() for value in clean.values())
    state = play(ENGINE, APRIL, [{"verb": "keep", "answers": junk}])
    json.dumps(state)
    assert percent(ENGINE.grade(APRIL, state)) <= 8


def test_a_form_gives_the_answers_it_shows():
    data = QueryDict(mutable=True)
    data.update(ENGINE.right(LOANS))
    assert ENGINE.parse(LOANS, ENGINE.begin(LOANS, seed=1, mode="coach"), "finish", data)["answers"] == ENGINE.right(
        LOANS
    )


def test_a_report_that_was_handed_in_takes_no_further_answer():
    over = play(ENGINE, APRIL, ENGINE.expert(APRIL))
    with pytest.raises(NotAllowed):
        ENGINE.act(APRIL, over, {"verb": "finish", "answers": {}})


def drawn(case: dict, state: dict) -> str:
    return render_to_string(
        "quizzes/engines/report.html", {"scene": ENGINE.show(case, state), "state_over": state["over"]}
    )


def test_the_page_of_a_new_report_does_not_depend_on_its_key():
    other = json.loads(json.dumps(APRIL)) | {"evidence": ["counts.jan.filled"]}
    for name in OPTIONS:
        for option in other[name]:
            option |= {"worth": 0, "why": "Another reason."}
    fresh = ENGINE.begin(APRIL, seed=7, mode="coach")
    assert drawn(APRIL, fresh) == drawn(other, fresh)


def test_no_value_that_is_asked_for_stands_on_the_page_of_a_report():
    page = drawn(APRIL, ENGINE.begin(APRIL, seed=7, mode="coach"))
    assert not [value for value in values(APRIL) if f">{value}" in page]


def test_a_coach_tells_what_is_wrong_with_a_choice_and_not_which_one_is_right():
    moves = ENGINE.walk(APRIL, {"but": {"causes": "suppliers", "value.apr": None}})
    page = drawn(APRIL, play(ENGINE, APRIL, [{**moves[0], "verb": "check"}]))
    assert "are as ever" in page
    assert "31 of 52" not in page
    assert "64.9" not in page
    assert "31 of 52" in drawn(APRIL, play(ENGINE, APRIL, moves))


# --- what an author is told


def test_a_pooled_rate_that_averaging_reaches_as_well_is_refused():
    alike = json.loads(json.dumps(MAY))
    alike["asks"].append({"id": "all", "label": "Half a year", "measure": "borrowing", "table": "counts"})
    assert [where for where, _text in ENGINE.faults(alike)] == ["asks.3"]


def test_a_headline_may_not_print_what_is_asked_for():
    told = json.loads(json.dumps(APRIL))
    told["charts"][0]["series"][0]["headline"] = True
    assert [where for where, _text in ENGINE.faults(told)] == ["charts.0.series.0"]


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("evidence", {"evidence": ["counts.jul.filled"]}),
        ("asks.0", {"asks": [{"id": "a", "label": "A", "measure": "lending", "table": "counts"}]}),
        (
            "asks.0.rows",
            {"asks": [{"id": "a", "label": "A", "measure": "borrowing", "table": "counts", "rows": ["jul"]}]},
        ),
        ("honesty", {"honesty": [{**option, "worth": 100} for option in APRIL["honesty"]]}),
        ("charts.0", {"charts": [{**APRIL["charts"][0], "high": 0}]}),
    ],
)
def test_a_report_that_cannot_be_read_says_why(path: str, change: dict):
    assert ENGINE.faults(APRIL) == []
    assert path in [where for where, _text in ENGINE.faults({**APRIL, **change})]


def test_the_author_fills_in_nothing_that_a_case_does_not_have():
    properties = ENGINE.case_schema["properties"]
    for rows in ENGINE.editor.rows:
        assert {field.name for field in rows.fields} <= set(properties[rows.name]["items"]["properties"])
