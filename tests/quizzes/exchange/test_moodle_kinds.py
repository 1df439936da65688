"""Kinds of Moodle questions: everything that has a place here is kept, and the rest is refused with the reason."""

from typing import Any

import pytest

from quizzes.exchange.values import Item, Refusal
from quizzes.registry import types
from quizzes.types.calc import Calculated
from tests.quizzes.exchange.moodle_files import answer, found, item, question, reason

# choices


def test_a_single_choice_keeps_credit_replies_points_hints_and_order():
    one = item(
        "multichoice",
        "<defaultgrade>3.0000000</defaultgrade><single>true</single><shuffleanswers>false</shuffleanswers>"
        "<generalfeedback><text>G</text></generalfeedback><idnumber>loan-1</idnumber>"
        + answer("Book", "100", feedback="Yes")
        + answer("Disc", "33.33333")
        + answer("Sofa", "0", feedback="No")
        + "<hint><text>Think</text></hint><hint><text></text></hint>",
    )
    assert one.content == {
        "uid": "loan-1",
        "type": "single",
        "stem": "What?",
        "general_feedback": "G",
        "points": 3,
        "shuffle": False,
        "hints": ["Think"],
        "options": [
            {"id": "a", "text": "Book", "right": True, "feedback": "Yes"},
            {"id": "b", "text": "Disc", "right": False, "feedback": "", "share": "33.33333"},
            {"id": "c", "text": "Sofa", "right": False, "feedback": "No"},
        ],
    }
    assert one.warnings == ()


def test_replies_to_a_whole_answer_become_part_of_each_options_reply():
    one = item(
        "multichoice",
        answer("Book", "100", feedback="Yes")
        + answer("Sofa", "0")
        + "<correctfeedback><text>Well done</text></correctfeedback>"
        + "<incorrectfeedback><text>Look again</text></incorrectfeedback>",
    )
    assert [each["feedback"] for each in one.content["options"]] == ["Yes\n\nWell done", "Look again"]


def test_a_reply_that_has_no_place_is_told():
    one = item(
        "multichoice",
        "<single>false</single>"
        + answer("A", "50")
        + answer("B", "50")
        + answer("C", "-50")
        + "<correctfeedback><text>Well done</text></correctfeedback>",
    )
    assert one.warnings == ("The reply “Well done” to a whole answer is left out.",)


@pytest.mark.parametrize(
    ("fractions", "credit", "shares"),
    [
        (["50", "50", "-50"], None, [None, None, None]),
        (["33.33333", "33.33333", "33.33333", "-33.33333"], None, [None] * 4),
        (["50", "50", "0"], "shares", ["50", "50", None]),
        (["70", "30", "-25"], "shares", ["70", "30", "-25"]),
    ],
)
def test_several_choices_take_the_default_credit_or_shares(fractions: list[str], credit: str | None, shares: list[Any]):
    answers = "".join(answer(f"o{at}", each) for at, each in enumerate(fractions))
    one = item("multichoice", "<single>false</single>" + answers)
    assert one.content.get("credit") == credit
    assert [each.get("share") for each in one.content["options"]] == shares


def test_all_or_nothing_has_a_kind_of_its_own():
    one = item("multichoiceset", answer("A", "100") + answer("B", "100") + answer("C", "0"))
    assert one.content["credit"] == "all"
    assert [each["right"] for each in one.content["options"]] == [True, True, False]


def test_true_or_false_is_told_by_its_words_not_by_its_order():
    one = item("truefalse", answer("false", "100", feedback="Right") + answer("true", "0"))
    assert [(each["id"], each["right"], each["feedback"]) for each in one.content["options"]] == [
        ("true", False, ""),
        ("false", True, "Right"),
    ]


# typed


def test_short_answers_keep_patterns_credit_capitals_and_the_reply_to_others():
    one = item(
        "shortanswer",
        "<usecase>1</usecase>"
        + answer("inter*loan", "100", feedback="Yes")
        + answer(r"5\* hotel", "50")
        + answer("*", "0", feedback="No"),
    )
    assert one.content["answers"] == [
        {"id": "a", "text": "inter*loan", "match": "wildcard", "feedback": "Yes"},
        {"id": "b", "text": "5* hotel", "share": "50"},
    ]
    assert (one.content["case"], one.content["other_feedback"]) == (True, "No")


def test_accents_count_where_an_answer_has_some():
    assert item("shortanswer", answer("résumé", "100")).content["accents"] is True
    assert "accents" not in item("shortanswer", answer("resume", "100")).content


def test_numbers_keep_tolerance_and_units():
    one = item(
        "numerical",
        answer("12,50", "100", more="<tolerance>0.1</tolerance>")
        + answer("1e1", "50")
        + answer("*", "0", feedback="No")
        + "<units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit>"
        + "<unit><multiplier>100</multiplier><unit_name>cm</unit_name></unit></units>"
        + "<unitgradingtype>1</unitgradingtype><unitpenalty>1</unitpenalty><showunits>0</showunits>",
    )
    assert one.content["answers"] == [
        {"id": "a", "value": "12.5", "tolerance": "0.1"},
        {"id": "b", "value": "10", "share": "50"},
    ]
    assert one.content["units"] == [
        {"id": "a", "text": "m", "factor": "1"},
        {"id": "b", "text": "cm", "factor": "0.01"},
    ]
    assert (one.content["unit_required"], one.content["other_feedback"]) == (True, "No")
    assert types["num"].grade(one.content, "1255 cm").fraction == 1


def test_a_unit_that_would_be_rounded_is_refused():
    units = (
        "<units><unit><multiplier>1</multiplier><unit_name>h</unit_name></unit>"
        "<unit><multiplier>3</multiplier><unit_name>third</unit_name></unit></units>"
    )
    assert "third" in reason("numerical", answer("1", "100") + units)


def calculated(formula: str, *, tolerance: str = "0.01", kind: str = "1") -> str:
    sets = "".join(
        f"<dataset_definition><name><text>{name}</text></name><distribution><text>uniform</text></distribution>"
        f"<minimum><text>1</text></minimum><maximum><text>9</text></maximum><decimals><text>1</text></decimals>"
        "</dataset_definition>"
        for name in ("A", "n-2")
    )
    answers = (
        f'<answer fraction="100"><text>{formula}</text><tolerance>{tolerance}</tolerance>'
        f"<tolerancetype>{kind}</tolerancetype><correctanswerformat>1</correctanswerformat>"
        "<correctanswerlength>2</correctanswerlength></answer>"
    )
    return question("calculated", f"{answers}<dataset_definitions>{sets}</dataset_definitions>", stem="{A} and {n-2}?")


def test_a_calculated_question_keeps_formula_variables_and_tolerance():
    [one] = found(calculated("pow({A}, 2) + {n-2}"))
    assert isinstance(one, Item)
    assert one.content["stem"] == "{a} and {n_2}?"
    assert one.content["variables"] == [
        {"id": "a", "min": "1", "max": "9", "step": "0.1"},
        {"id": "n_2", "min": "1", "max": "9", "step": "0.1"},
    ]
    assert one.content["answers"] == [
        {"id": "a", "formula": "a ** 2 + n_2", "tolerance": "1", "relative": True, "places": 2}
    ]
    assert Calculated().grade(one.content, "2", seed=0).fraction == 1


@pytest.mark.parametrize(
    ("formula", "kind", "said"),
    [
        ("{A} % 2", "1", "cannot stand in a formula"),
        ("{A} + {n-2}", "3", "geometric"),
        ("sin({A})", "1", "no function"),
    ],
)
def test_a_formula_that_is_not_known_is_refused(formula: str, kind: str, said: str):
    [one] = found(calculated(formula, kind=kind))
    assert isinstance(one, Refusal)
    assert said in one.reason


def test_an_essay_keeps_notes_and_gets_one_criterion():
    one = item(
        "essay",
        "<defaultgrade>4</defaultgrade><graderinfo format='markdown'><text>Look for *why*</text></graderinfo>"
        "<responsetemplate format='html'><text>&lt;p&gt;Dear&lt;/p&gt;</text></responsetemplate>",
    )
    [criterion] = one.content["rubric"]
    assert [each["points"] for each in criterion["levels"]] == [0, 2, 4]
    assert (one.content["notes"], one.content["template"], one.content["points"]) == ("Look for *why*", "Dear", 4)


def test_an_essay_that_needs_files_is_refused():
    assert "asks for files" in reason("essay", "<attachmentsrequired>1</attachmentsrequired>")


# parts


def test_matching_keeps_pairs_and_right_sides_without_a_left_one():
    one = item(
        "matching",
        "".join(
            f"<subquestion><text>{left}</text><answer><text>{right}</text></answer></subquestion>"
            for left, right in (("**ill**", "lending*"), ("opac", "catalogue"), ("", "nothing"))
        ),
    )
    assert one.content["pairs"] == [
        {"id": "a", "left": "**ill**", "right": "lending\\*"},
        {"id": "b", "left": "opac", "right": "catalogue"},
    ]
    assert one.content["extras"] == [{"id": "c", "text": "nothing"}]


@pytest.mark.parametrize(
    ("graded", "credit"),
    [("ALL_OR_NOTHING", "all"), ("ABSOLUTE_POSITION", "position"), ("RELATIVE_NEXT_EXCLUDE_LAST", None)],
)
def test_ordering_follows_the_fractions(graded: str, credit: str | None):
    one = item(
        "ordering",
        f"<gradingtype>{graded}</gradingtype>" + answer("third", "3") + answer("first", "1") + answer("second", "2"),
    )
    assert [each["text"] for each in one.content["items"]] == ["first", "second", "third"]
    assert one.content.get("credit") == credit
    assert one.warnings == ()


def test_an_unknown_way_of_grading_an_order_is_told():
    one = item("ordering", "<gradingtype>LONGEST_ORDERED_SUBSET</gradingtype>" + answer("a", "1") + answer("b", "2"))
    assert "LONGEST_ORDERED_SUBSET" in one.warnings[0]


def test_missing_words_become_gaps_with_the_choices_of_their_group():
    choice = "".join(
        f"<selectoption><text>{text}</text><group>{group}</group></selectoption>"
        for text, group in (("lend", "1"), ("book", "2"), ("borrow", "1"), ("disc", "2"))
    )
    one = item("gapselect", choice, stem="We [[3]] a [[2]] and [[1]] it.")
    assert one.content["stem"] == "We [[1]] a [[2]] and [[3]] it."
    assert [[(each["text"], each["right"]) for each in gap["options"]] for gap in one.content["gaps"]] == [
        [("lend", False), ("borrow", True)],
        [("book", True), ("disc", False)],
        [("lend", True), ("borrow", False)],
    ]


def test_embedded_answers_become_gaps():
    one = item(
        "cloze",
        "",
        stem=r"A {2:MCV:=x\}y#yes~%50%half~wrong#no \# no} B {SA:a} {:SHORTANSWER_C:%100%Oslo#J~*#Nope} C {1:NM:=3.5:0.1~%50%3}",
    )
    assert one.content["stem"] == "A [[1]] B {SA:a} [[2]] C [[3]]"
    first, second, third = one.content["gaps"]
    assert first == {
        "id": "1",
        "kind": "choice",
        "points": 2,
        "options": [
            {"id": "a", "text": "x}y", "right": True, "feedback": "yes"},
            {"id": "b", "text": "half", "right": False, "share": "50"},
            {"id": "c", "text": "wrong", "right": False, "feedback": "no # no"},
        ],
    }
    assert second == {
        "id": "2",
        "kind": "text",
        "case": True,
        "answers": [{"id": "a", "text": "Oslo", "feedback": "J"}],
        "feedback": "Nope",
    }
    assert third["answers"] == [
        {"id": "a", "value": "3.5", "tolerance": "0.1"},
        {"id": "b", "value": "3", "share": "50"},
    ]
    assert one.content["points"] == 4


@pytest.mark.parametrize(
    ("stem", "said"),
    [
        ("no gap", "no gap"),
        ("{1:MC:=a~b", "not closed"),
        ("{1:MR:=a~=b~c}", "several choices at once"),
        ("{1:GUESS:=a}", "unknown kind “GUESS”"),
        ("{1:NM:=three}", "“three” is no number"),
        ("{1:MC:a~b}", "at least one must be"),
    ],
)
def test_a_gap_that_cannot_be_kept_refuses_its_question(stem: str, said: str):
    assert said in reason("cloze", stem=stem)
