"""The copyright desk: what each answer is worth, what is shown when, and what a form may bring."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.engines.copyright.engine import CopyrightDesk
from quizzes.engines.registry import NotAllowed
from quizzes.engines.scoring import percent, play

LESSON = Path(__file__).resolve().parents[3] / "media/courses/practice-desk/lessons/decide-a-copyright-case.yaml"
CASES = {case["uid"]: case for case in yaml.safe_load(LESSON.read_text())["cases"]}
DESK = CopyrightDesk()
SEND, OVER, STOPPED = CASES["P-b1"], CASES["P-b2"], CASES["whole-book-unsearched"]


def finished(case: dict, **but) -> dict:
    """The state after handing in the right answers, changed by ``but``; None leaves one out."""
    return play(DESK, case, DESK.walk(case, {"but": {name.replace("__", "."): value for name, value in but.items()}}))


def parts(case: dict, **but) -> dict:
    return {part.key: part for part in DESK.grade(case, finished(case, **but))}


def earned(case: dict, **but) -> int:
    return percent(DESK.grade(case, finished(case, **but)))


def kinds_of_weight(case: dict) -> dict[str, Decimal]:
    """The weight of each kind of part, of the hundred."""
    total: dict[str, Decimal] = {}
    for part in parts(case).values():
        kind = part.key.split(".")[0]
        total[kind] = total.get(kind, Decimal(0)) + part.weight
    return {kind: weight / len(case["log"]) for kind, weight in total.items()}


def page(case: dict, state: dict) -> str:
    scene = DESK.show(case, state)
    return render_to_string("quizzes/engines/copyright.html", {"engine": DESK, "case": case, "scene": scene})


# What answers are worth


def test_the_weights_are_those_of_the_rubric():
    assert kinds_of_weight(OVER) == {
        "row": 35, "reason": 15, "n": 15, "decision": 15, "code": 10, "retain": 5, "roads": 5,
    }  # fmt: skip


def test_roads_are_judged_only_where_it_cannot_go_as_it_stands():
    assert "roads" in kinds_of_weight(STOPPED)
    assert "roads" not in kinds_of_weight(SEND)


def test_the_record_is_not_judged_where_the_sources_leave_it_open():
    assert "retain" not in kinds_of_weight(CASES["fair-use-on-file"])
    assert earned(CASES["fair-use-on-file"], retain="none") == 100


@pytest.mark.parametrize(("n", "share"), [(3, "1"), (2, "1/3"), (4, "1/3"), (5, "0"), (None, "0")])
def test_a_count_off_by_one_earns_a_third(n, share):
    wanted = {"1": Decimal(1), "1/3": Decimal(5) / 15, "0": Decimal(0)}[share]
    assert parts(SEND, n=n)["n"].fraction == wanted


@pytest.mark.parametrize(
    "but",
    [{"decision": "SEND"}, {"decision": "OUTSIDE", "code": "CCG"}, {"roads": ["borrow", "send_ccg"]}],
    ids=["decides so", "by its code", "as a road"],
)
@pytest.mark.parametrize("case", [OVER, STOPPED], ids=["over", "stopped"])
def test_sending_as_ccg_when_it_may_not_go_is_critical(case, but):
    critical = [part for part in parts(case, **but).values() if part.critical]
    assert critical
    assert all(part.fraction < 1 for part in critical)  # so that the debrief can put it first
    assert earned(case, **but) <= 50


def test_another_wrong_decision_is_not_critical():
    assert not any(part.critical for part in parts(OVER, decision="OUTSIDE", code="CCL").values())
    assert not any(part.critical for part in parts(SEND, decision="OVER", roads=["send_ccg"]).values())


@pytest.mark.parametrize(
    ("roads", "share"),
    [
        (["royalty"], Decimal(1) / 7),
        (["royalty", "borrow", "plain_ccl"], Decimal(1) / 7),
        (["plain_ccl", "split", "royalty"], Decimal(0)),
        (["royalty", "licence"], Decimal(1) / 7),  # whether there is a licence is not told: not judged
        (None, Decimal(0)),
    ],
)
def test_roads_earn_right_less_wrong_and_never_less_than_nothing(roads, share):
    assert parts(OVER, roads=roads)["roads"].fraction == share


def test_holding_is_a_road_while_a_request_is_open_and_none_when_all_are_filled():
    assert "hold" in DESK.right(CASES["places-held"])["roads"]
    assert parts(OVER, roads=["royalty", "hold"])["roads"].fraction == 0


def test_every_code_that_can_be_argued_is_right():
    for code in ("CCG", "CCL"):
        assert parts(CASES["own-but-missing"], code=code)["code"].fraction == 1
    for code in ("CCL_AFTER", "none"):
        assert parts(OVER, code=code)["code"].fraction == 1
    assert parts(OVER, code="CCL")["code"].fraction == 0


def test_every_true_reason_is_right():
    case = {**SEND, "log": [{**SEND["log"][1], "status": "unfilled", "service": "loan"}, *SEND["log"][2:]]}
    for reason in ("not_filled", "loan", "too_old"):
        assert parts(case, reason__2=reason)["reason.2"].fraction == 1
    assert parts(case, reason__2="other_year")["reason.2"].fraction == 0


def test_a_row_without_tick_and_reason_is_not_answered():
    assert parts(SEND, row__2=None, reason__2=None)["row.2"].fraction == 0
    assert earned(SEND, **{f"{kind}__{row['id']}": None for row in SEND["log"] for kind in ("row", "reason")}) < 60


def test_the_sentence_for_the_records_is_kept_and_earns_nothing():
    state = finished(SEND, note="Three so far, so this is the fourth.")
    assert state["answers"]["note"].startswith("Three")
    assert percent(DESK.grade(SEND, state)) == 100
    only_note = play(DESK, SEND, [{"verb": "finish", "answers": {"note": "Three so far."}}])
    assert percent(DESK.grade(SEND, only_note)) == 0


ANSWERS = {
    "n": st.integers(0, 9),
    "decision": st.sampled_from(["SEND", "OVER", "OUTSIDE", "GATE_108E", "SEND_NOCOUNT"]),
    "code": st.sampled_from(["CCG", "CCL", "CCL_AFTER", "none"]),
    "retain": st.sampled_from(["none", "2029-12-31", "2028-12-31"]),
    "roads": st.lists(st.sampled_from(["borrow", "royalty", "send_ccg", "split", "hold", "decline"]), unique=True),
}


@given(data=st.data(), case=st.sampled_from([SEND, OVER, STOPPED, CASES["places-held"]]))
@settings(max_examples=60, deadline=None)
def test_correcting_any_one_answer_never_lowers_the_percent(data, case):
    right = DESK.right(case)
    menus = dict.fromkeys(right, st.sampled_from(["counts", "not", "loan", "paid"])) | ANSWERS
    answers = data.draw(st.fixed_dictionaries({}, optional=menus))
    name = data.draw(st.sampled_from(sorted(right)))
    before = play(DESK, case, [{"verb": "finish", "answers": answers}])
    after = play(DESK, case, [{"verb": "finish", "answers": {**answers, name: right[name]}}])
    assert 0 <= percent(DESK.grade(case, before)) <= percent(DESK.grade(case, after)) <= 100


# What is said


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_part_says_what_was_right_and_why_and_a_card_can_stand_alone(case):
    for part in DESK.grade(case, finished(case, n=99)):
        assert part.expected
        assert part.why
        assert part.facts
    rows = {f"row.{row['id']}": row for row in case["log"]}
    for part in DESK.grade(case, finished(case)):
        if part.key in rows:
            assert rows[part.key].get("title", case["work"]) in part.asked
            assert part.asked.endswith("?")


def test_every_screen_says_that_it_is_training_and_policy_comes_first():
    notice = "This is training, not legal advice. Your library’s own policy comes first."
    assert notice in page(SEND, DESK.begin(SEND, seed=1, mode="exam"))
    assert notice == str(DESK.notice)  # the frame writes it under the debrief
    assert notice in " ".join(yaml.safe_load(LESSON.read_text())["intro"].split())
    assert "not legal advice" in str(DESK.lede)


def test_hints_name_their_part_and_do_not_decide():
    state = DESK.begin(OVER, seed=1, mode="coach")
    hints = DESK.hints(OVER, state)
    assert set(hints) <= {part.key for part in DESK.grade(OVER, state)}
    assert "3 June 2021" in hints["row.7"]
    assert not any("does not count" in text for text in hints.values())


# What is shown when


def test_before_the_coach_was_asked_nothing_tells_one_case_from_its_opposite():
    """The page of a case whose answer differs, while what is printed on it is the same, is the same page."""
    stated = {**OVER, "count_pending": "yes"}
    with_reply = {
        **stated,
        "log": [{**row, "why": "said"} for row in OVER["log"]],
        "why_decision": "said",
        "key": {"n": 5},
    }
    state = DESK.begin(stated, seed=1, mode="coach")
    shown = json.dumps(DESK.show(with_reply, state))
    assert shown == json.dumps(DESK.show(stated, state))
    assert "said" not in shown.replace("'said", "")
    assert all(row["reason"]["mark"] is None for row in DESK.show(OVER, state)["rows"])


def test_filled_in_and_kept_answers_come_back_without_marks():
    answers = {**DESK.right(OVER), "n": 4}
    for mode in ("coach", "exam"):
        kept = play(DESK, OVER, [{"verb": "keep", "answers": answers}], mode=mode)
        shown = DESK.show(OVER, kept)
        assert shown["n"] == {"value": 4, "most": 99, "mark": None}
        assert shown["rows"][0]["counts"]
        assert shown["roads_mark"] is None
        assert not any("words" in road for road in shown["roads"])


def test_a_coach_says_what_to_look_at_again_and_not_what_is_right():
    state = play(DESK, OVER, [{"verb": "check", "answers": {**DESK.right(OVER), "n": 4, "roads": ["borrow"]}}])
    shown = DESK.show(OVER, state)
    assert shown["n"]["mark"] == {"tone": "bad", "words": "Look again", "why": ""}
    assert shown["decision"]["mark"]["tone"] == "ok"
    assert not any("words" in road for road in shown["roads"])


def test_when_it_is_over_each_road_says_how_it_ended():
    shown = DESK.show(OVER, finished(OVER, roads=["borrow", "split"], n=4))
    roads = {road["value"]: road["words"] for road in shown["roads"]}
    assert roads["borrow"] == "Open, and you chose it"
    assert roads["royalty"] == "Open too"
    assert roads["split"] == "Not a road here"
    assert roads["send_ccg"] == "Rightly left out"
    assert roads["licence"] == "Depends on the case; not judged"
    assert shown["n"]["mark"]["words"] == "5"


def test_a_mark_stands_in_words_beside_its_question_once_it_was_asked_for():
    state = play(DESK, SEND, [{"verb": "keep", "answers": DESK.right(SEND)}])
    assert "That holds" not in page(SEND, state)
    state = play(DESK, SEND, [{"verb": "check", "answers": {**DESK.right(SEND), "row.1": "not", "reason.2": "loan"}}])
    shown = page(SEND, state)
    assert "The tick: look again" in shown
    assert "The tick holds; the reason does not yet" in shown
    assert "That holds" in shown


def test_the_menu_of_reasons_does_not_tell_which_rows_count():
    shown = DESK.show(OVER, DESK.begin(OVER, seed=1, mode="exam"))
    menus = [[choice["value"] for choice in row["reason"]["choices"]] for row in shown["rows"]]
    assert all(menu == menus[0] for menu in menus)
    assert "other_work" not in menus[0]


def test_the_date_to_keep_stands_among_its_usual_mistakes():
    dates = [each["value"] for each in DESK.show(OVER, DESK.begin(OVER, seed=1, mode="exam"))["retain"]["choices"]]
    assert dates == ["2027-12-31", "2028-12-31", "2029-09-30", "2029-12-31", "2031-12-31", "none"]


# What a form may bring


def test_a_form_is_read_as_it_is_drawn():
    text = "row.1=counts&reason.1=counted&reason.2=too_old&n=3&decision=SEND&code=CCG&retain=2029-12-31&note=Why%00"
    move = DESK.parse(SEND, DESK.begin(SEND, seed=1, mode="coach"), "check", QueryDict(text))
    assert move["answers"] == {
        "row.1": "counts", "reason.1": "counted", "row.2": "not", "reason.2": "too_old", "n": 3, "decision": "SEND",
        "code": "CCG", "retain": "2029-12-31", "note": "Why",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text", ["n=-1", "n=1e3", "n=%D9%A3", "n=123", "decision=MAYBE", "roads=fly", "row.99=counts", ""]
)
def test_nonsense_in_a_form_is_not_an_answer(text):
    move = DESK.parse(SEND, DESK.begin(SEND, seed=1, mode="coach"), "finish", QueryDict(text))
    assert move["answers"] == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["n", "roads", "row.1", "note"]), inner)
    ),
    max_leaves=8,
)


@given(answers=JSON, verb=st.sampled_from(["keep", "check", "finish", "open", None]))
@settings(max_examples=60, deadline=None)
def test_whatever_a_client_sends_nothing_breaks(answers, verb):
    state = DESK.begin(OVER, seed=1, mode="coach")
    before = json.dumps(state)
    try:
        after = DESK.act(OVER, state, {"verb": verb, "answers": answers})
        DESK.show(OVER, after)
        assert 0 <= percent(DESK.grade(OVER, after)) <= 100
    except NotAllowed:
        pass
    assert json.dumps(state) == before
