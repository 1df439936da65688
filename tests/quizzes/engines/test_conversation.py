"""Conversations: what a way is worth, where it ends, what going back does, and which cases are refused."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Conflict, InvalidInput
from quizzes.engines.conversation import Conversation, generator
from quizzes.engines.conversation.ways import best, best_way, by_id, points, token, ways
from quizzes.engines.registry import NotAllowed
from quizzes.engines.scoring import percent, play

ROOT = Path(__file__).resolve().parents[3]
LESSON = ROOT / "media/courses/practice-desk/lessons/have-the-conversation.yaml"
CASES = yaml.safe_load(LESSON.read_text())["cases"]
talk = Conversation()


def case_of(uid: str) -> dict:
    return next(case for case in CASES if case["uid"] == uid)


def said(*steps: tuple[str, str]) -> list[dict]:
    return [{"verb": "say", "line": token(*step)} for step in steps]


def earned(case: dict, way: list[tuple[str, str]]) -> int:
    return percent(talk.grade(case, play(talk, case, said(*way))))


DELAY, BILL = case_of("P-e1"), case_of("P-e2")


# --- what a way is worth


def test_the_best_way_of_the_late_book_earns_everything_and_resolves_it():
    state = play(talk, DELAY, said(("N1", "A"), ("N2", "A")))
    assert percent(talk.grade(DELAY, state)) == 100
    assert talk.show(DELAY, state)["end"]["label"] == "Resolved"


@pytest.mark.parametrize(
    ("way", "points"),
    [  # weighted points of 600: empathy 30, accuracy 25, policy 25, next step 20, each 0 to 3
        ([("N1", "B"), ("N1b", "A")], 66),  # 50 + 75, then 60 + 75 + 75 + 60
        ([("N1", "C"), ("N1b", "B")], 25),  # 25 + 25, then 50 + 50
        ([("N1", "A")], 50),  # half of the way
        ([], 0),
    ],
)
def test_a_way_earns_its_weighted_points_of_those_of_the_best_way(way, points):
    assert earned(DELAY, way) == points


def test_the_dimensions_weigh_30_25_25_20_and_are_the_same_parts_for_every_way():
    for moves in ([], said(("N1", "B"))):
        parts = talk.grade(DELAY, play(talk, DELAY, moves))
        assert [part.key for part in parts] == ["empathy", "accuracy", "policy", "next_step"]
        whole = sum(part.weight for part in parts)
        assert [part.weight * 100 / whole for part in parts] == [30, 25, 25, 20]


def test_a_detour_is_measured_by_its_own_length_and_never_makes_good_what_was_lost():
    """Three turns where two would do: 0 + 50 + 25 + 0, then twice 300, of 900."""
    case = case_of("P-e3")
    assert earned(case, [("N1", "B"), ("N1b", "A"), ("N2", "A")]) == 75


@pytest.mark.parametrize(("turn", "dimension"), [("N1", "empathy"), ("N3", "policy")])
def test_a_threat_or_another_users_data_caps_the_whole_at_one_half(turn, dimension):
    parts = talk.grade(BILL, play(talk, BILL, talk.walk(BILL, {"but": {turn: "B"}})))
    assert [part.key for part in parts if part.critical] == [dimension]
    assert percent(parts) == 50


def test_handing_on_with_the_limit_set_passes_as_well():
    state = play(talk, BILL, talk.walk(BILL, {"but": {"N2": "B"}}))
    assert talk.show(BILL, state)["end"]["label"] == "Handed on"
    assert percent(talk.grade(BILL, state)) >= 80


def test_who_leaves_the_person_in_a_worse_mood_than_an_ending_asks_for_reaches_the_other_one():
    case = {**DELAY, "mood": 1, "ends": [{**DELAY["ends"][0], "min_mood": 8, "below": "END-P"}, *DELAY["ends"][1:]]}
    unhappy = play(talk, case, said(("N1", "B"), ("N1b", "A")))
    assert talk.show(case, unhappy)["end"]["label"] == "Half resolved"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["uid"])
def test_saying_the_best_line_instead_never_earns_less(case):
    """Every way of every case: replace one line by the best of its turn and go on with the best."""
    nodes = by_id(case["nodes"])
    for way in ways(case):
        for at, (node, _line) in enumerate(way):
            other = best_way(case, dict([*way[: at + 1]]))
            mended = best_way(case, dict([*way[:at], (node, best(nodes[node])["id"])]))
            assert earned(case, mended) >= earned(case, other)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["uid"])
def test_only_the_best_way_earns_everything(case):
    perfect = [way for way in ways(case) if earned(case, way) == 100]
    assert perfect == [best_way(case)]


# --- going back


def test_one_goes_back_at_the_end_and_the_first_way_counts():
    state = play(talk, DELAY, said(("N1", "B"), ("N1b", "B")))
    before = percent(talk.grade(DELAY, state))
    for move in [{"verb": "back", "turn": "0"}, *said(("N1", "A"), ("N2", "A"))]:
        state = talk.act(DELAY, state, move)
    assert percent(talk.grade(DELAY, state)) == before
    assert talk.show(DELAY, state)["again"]
    assert talk.show(DELAY, state)["end"]["label"] == "Resolved"


def test_nobody_goes_back_in_the_middle_or_in_an_exam():
    amid = play(talk, DELAY, said(("N1", "B")))
    examined = play(talk, DELAY, said(("N1", "A"), ("N2", "A")), mode="exam")
    for state in (amid, examined):
        with pytest.raises(NotAllowed):
            talk.act(DELAY, state, {"verb": "back", "turn": "0"})


def test_the_path_is_told_with_the_reason_for_each_line_and_how_it_ended():
    moves = talk.walk(DELAY, {"but": {"N1": "D"}})
    told = talk.told(DELAY, play(talk, DELAY, moves), moves)
    assert [line.words for line in told][-1] == "Resolved"
    assert told[0].reply == "You do not control the carrier. It promises what is not in your hands."
    assert [line.tone for line in told] == ["bad", "ok", "ok"]


# --- what is reviewed


def test_each_turn_with_a_better_line_is_a_question_that_stands_alone():
    state = play(talk, DELAY, talk.walk(DELAY, {"but": {"N1": "B"}}))
    missed = talk.misses(DELAY, state)
    assert [part.key for part in missed] == ["line.N1"]
    assert "R. (book for Friday)" in missed[0].asked
    assert "My paper is due Friday" in missed[0].asked
    assert "usually takes four days" in missed[0].asked
    assert missed[0].expected.startswith("I see Friday is close.")


# --- what is not given away


def test_an_exam_shows_no_mood_and_no_reasons_before_it_is_over():
    state = play(talk, DELAY, said(("N1", "B")), mode="exam")
    shown = json.dumps(talk.show(DELAY, state))
    assert talk.show(DELAY, state)["mood"] is None
    assert "nothing to do" not in shown


def test_what_can_be_said_gives_no_key_away():
    """Neither the names of the lines nor their order say which is best; reasons and points stay with the server."""
    firsts = set()
    for seed in range(1, 30):
        state = talk.begin(DELAY, seed=seed, mode="coach")
        choices = talk.actions(DELAY, state)[0].controls[0].choices
        firsts.add(choices[0][1])
        assert {value for value, _text in choices}.isdisjoint({"A", "B", "C", "D"})
        offered = json.dumps([list(choices), talk.show(DELAY, state)])
        assert not any(line["why"] in offered for node in DELAY["nodes"] for line in node["choices"])
    assert len(firsts) == 4


@pytest.mark.parametrize(
    "move",
    [{}, {"verb": "say"}, {"verb": "say", "line": "A"}, {"verb": "say", "line": ["x"]}, {"verb": "say", "line": 3},
     {"verb": "finish"}, {"verb": "back", "turn": "0"}, {"verb": None}, {"verb": ["say"]}],
)  # fmt: skip
def test_nonsense_is_refused_and_changes_nothing(move):
    state = talk.begin(DELAY, seed=1, mode="coach")
    before = json.dumps(state)
    with pytest.raises((Conflict, InvalidInput)):
        talk.act(DELAY, state, move)
    assert json.dumps(state) == before


@pytest.mark.parametrize("turn", ["2", "-1", "x", 0, None, ["0"]])
def test_one_cannot_go_back_to_where_one_has_not_been(turn):
    state = play(talk, DELAY, said(("N1", "A"), ("N2", "A")))
    with pytest.raises(InvalidInput):
        talk.act(DELAY, state, {"verb": "back", "turn": turn})


# --- which cases are refused


def changed(**of_lines) -> dict:
    """The late book with lines changed: ``N1_A={"to": "N9"}``."""
    case = json.loads(json.dumps(DELAY))
    for name, values in of_lines.items():
        node, line = name.split("_")
        by_id(by_id(case["nodes"])[node]["choices"])[line].update(values)
    return case


@pytest.mark.parametrize(
    ("case", "where", "words"),
    [
        (changed(N1_A={"to": "N9"}), "nodes.0.choices.0.to", "There is no turn or ending “N9”."),
        (changed(N2_A={"to": "N1"}), "nodes.0.choices", "not every way ends"),
        (changed(N1_B={"score": "3 3 3 3"}), "nodes.0.choices", "Two lines are best here (A, B)"),
        (changed(N1_A={"flag": "promise_unsure"}), "nodes.0.choices", "The best line carries a flag."),
        (changed(N1_B={"text": "it will be  there Thursday."}), "nodes.0.choices.3.text", "Another line says the same."),
        (changed(N1_B={"to": "N2"}, N1_C={"to": "N2"}), "nodes.1.id", "Nothing leads to “N1b”."),
        (changed(N1b_B={"to": "END-P"}), "ends.2.id", "Nothing leads to “END-B”."),
        (changed(N2_A={"to": "END-B"}), "ends", "The best lines lead to a conversation that breaks off."),
        ({**DELAY, "nodes": [*DELAY["nodes"], DELAY["nodes"][0]]}, "nodes.3.id", "“N1” is there twice."),
        ({**DELAY, "ends": [{**DELAY["ends"][0], "min_mood": 3, "below": "N1"}, *DELAY["ends"][1:]]},
         "ends.0.below", "Name another ending"),
    ],
)  # fmt: skip
def test_a_conversation_that_does_not_hold_together_is_refused_where_it_does_not(case, where, words):
    assert any(place == where and words in text for place, text in talk.faults(case))


# --- new worlds


@given(seed=st.integers(1, 2**32 - 1), level=st.sampled_from(["basic", "working", "advanced"]))
@settings(max_examples=60)
def test_a_world_has_every_place_filled_and_differs_in_words_only(seed, level):
    case = talk.generate(seed, level)
    text = json.dumps(case, ensure_ascii=False)
    assert not any(f"{{{slot}}}" in text for world in generator.worlds() for slot in world["slots"])
    world = next(each for each in generator.worlds() if case["uid"] == f"{each['uid']}-{seed}")
    assert case["level"] == level
    assert best_way(case) == best_way(world)
    assert all(sum(points(best(node)).values()) == 12 for node in case["nodes"])


def test_five_hundred_seeds_make_sound_worlds_with_every_opening_and_mood():
    met = set()
    for seed in range(1, 501):
        case = talk.generate(seed, ("basic", "working", "advanced")[seed % 3])
        assert talk.faults(case) == []
        met.add((case["uid"].rsplit("-", 1)[0], case["mood"]))
    assert met == {(world["uid"], mood) for world in generator.worlds() for mood in world["moods"]}
