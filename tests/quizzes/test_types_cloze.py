"""Fill the gaps: each gap counts by its points, has its own reason, and stands where it was written."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from core.errors import InvalidInput
from courses.shapes import problems
from quizzes.kinds.schema import question_schema
from quizzes.registry import types
from quizzes.rendering import question_html
from tests.factories.quizzes import SECRET, cloze, option
from tests.quizzes.typed import NAUGHTY, faults_of, form_of, is_bounded, is_kept, is_sound, json_values, walk

KIND = "cloze"
RIGHT = {"who": "b", "what": "loan", "many": "5"}
given_answers = st.fixed_dictionaries(
    {},
    optional={
        "who": st.sampled_from("abc"),
        "what": st.sampled_from(["loan", "LOAN ", "gift"]),
        "many": st.sampled_from(["5", "5,0", "6", "five"]),
    },
)


def grade(answer: Any, **more: Any) -> Any:
    return types[KIND].grade(cloze(**more), answer)


def gap_of(question: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in question["gaps"] if each["id"] == name)


def pieces_of(question: dict[str, Any]) -> list[str]:
    """The text as it is shown: HTML as it is, a gap as its number."""
    shown = types[KIND].show(question, question_html(question, {}), 0, None)
    return [f"<{each.gap.number}:{each.gap.id}>" if each.gap else each.html for each in shown["pieces"]]


def two_gaps(stem: str, **more: Any) -> dict[str, Any]:
    gaps = [{"id": name, "kind": "text", "answers": [{"id": "a", "text": name}]} for name in ("x", "y")]
    return cloze(stem=stem, gaps=gaps, **more)


@pytest.mark.parametrize(
    ("answer", "fraction"),
    [
        (RIGHT, "1"),
        ({"many": "5"}, "0.5"),
        ({"who": "b"}, "0.25"),
        ({"who": "a", "what": "Loan", "many": "5"}, "0.75"),
        ({"who": "a", "what": "gift", "many": "6"}, "0"),
    ],
)
def test_each_gap_counts_by_its_points(answer: dict[str, str], fraction: str):
    assert grade(answer).fraction == Decimal(fraction)


def test_each_gap_has_its_part_and_its_reason():
    mark = grade({"who": "c", "what": "gift", "many": "five"})

    assert mark.parts == {"who": 0, "what": 0, "many": 0}
    assert mark.reasons["who"] == f"{SECRET} c."
    assert mark.reasons["what"] == f"{SECRET} what."
    assert "number" in mark.reasons["many"]
    assert grade(RIGHT).reasons == {"who": f"{SECRET} b.", "what": f"{SECRET} a.", "many": ""}


def test_part_of_a_gap_may_be_right():
    question = cloze()
    gap_of(question, "who")["options"][0]["share"] = "50"
    gap_of(question, "what")["answers"].append({"id": "b", "text": "len*", "match": "wildcard", "share": "50"})
    mark = types[KIND].grade(question, {"who": "a", "what": "lending", "many": "5"})

    assert mark.parts == {"who": Decimal("0.5"), "what": Decimal("0.5"), "many": 1}
    assert mark.fraction == Decimal("0.75")


@pytest.mark.parametrize("answer", [None, {}, "", []])
def test_no_answer_says_so(answer: Any):
    assert grade(answer).message == "You did not answer this question."


@given(answer=given_answers, name=st.sampled_from(sorted(RIGHT)))
def test_one_more_right_gap_never_earns_less(answer: dict[str, str], name: str):
    assert grade(answer).fraction <= grade({**answer, name: RIGHT[name]}).fraction


@given(answer=given_answers, data=st.data())
def test_the_order_of_gaps_does_not_matter(answer: dict[str, str], data: st.DataObject):
    turned = dict(data.draw(st.permutations(list(answer.items()))))
    gaps = data.draw(st.permutations(cloze()["gaps"]))

    assert grade(turned) == grade(answer)
    assert grade(answer, gaps=gaps).fraction == grade(answer).fraction


@given(points=st.lists(st.integers(1, 100), min_size=3, max_size=3))
def test_everything_right_earns_exactly_everything(points: list[int]):
    gaps = [{**gap, "points": each} for gap, each in zip(cloze()["gaps"], points, strict=True)]

    assert grade(RIGHT, gaps=gaps).fraction == 1


@given(answer=json_values | st.dictionaries(st.sampled_from(["who", "what", "many"]), json_values))
def test_any_answer_earns_between_nothing_and_everything(answer: Any):
    is_bounded(cloze(), answer)
    is_kept(cloze(), answer)


def test_naughty_strings_do_no_harm():
    for text in NAUGHTY:
        answer = dict.fromkeys(RIGHT, text)
        is_bounded(cloze(), answer)
        is_kept(cloze(), answer)
        is_kept(cloze(), {"what": text, "many": text})


@pytest.mark.parametrize("answer", [{"who": "z"}, {"other": "a"}, {"what": 5}, {"what": "x" * 1001}, "b", ["b"]])
def test_what_has_the_wrong_shape_is_refused(answer: Any):
    with pytest.raises(InvalidInput):
        types[KIND].clean(cloze(), answer)


def test_a_form_is_read_by_gap_and_unknown_options_are_dropped():
    data = QueryDict("answer.who=z&answer.what=+Loan%0D%0A&answer.many=&answer.other=x&answer=b")

    assert types[KIND].parse(cloze(), data, "answer") == {"what": "Loan"}
    assert types[KIND].parse(cloze(), QueryDict(""), "answer") is None
    assert form_of(cloze(), RIGHT) == RIGHT


def test_gaps_stand_in_the_sentence_in_lists_and_in_tables():
    assert pieces_of(cloze()) == [
        "<p>In Q-C the ",
        "<1:who>",
        " gives a ",
        "<2:what>",
        ".</p><ul>\n<li>It takes ",
        "<3:many>",
        " days.</li>\n</ul>",
    ]
    table = "".join(pieces_of(two_gaps("| A | B |\n| - | - |\n| [[x]] | **[[y]]** |")))
    assert "<td><1:x></td>\n<td><strong><2:y></strong></td>" in table
    assert not table.startswith("<p>")


def test_gaps_are_numbered_as_they_stand():
    assert "".join(pieces_of(two_gaps("First [[y]], then [[x]]."))) == "<p>First <1:y>, then <2:x>.</p>"


def test_gaps_stand_in_html_too():
    question = two_gaps("<p>An <em>[[x]]</em></p><p>and [[y]] &lt; 5</p>", format="html")

    assert faults_of(question) == []
    assert "".join(pieces_of(question)) == "<p>An <em><1:x></em></p><p>and <2:y> &lt; 5</p>"


def test_lists_of_questions_show_blanks_and_the_controls_stay():
    html = question_html(cloze(), {})
    filled = types[KIND].fill(cloze(), html, 0)

    assert filled["stem"] == "In Q-C the ____ gives a ____."
    assert "[[" not in filled["stem_more"]
    shown = types[KIND].show(cloze(), filled, 0, None)
    assert shown["pieces"] == types[KIND].show(cloze(), html, 0, None)["pieces"]


@pytest.mark.parametrize(
    ("stem", "path"),
    [
        ("Only [[x]].", "gaps.1.id"),
        ("[[x]] and [[y]] and [[x]].", "gaps.0.id"),
        ("[[x]] and [[y]] and [[z]].", "stem"),
        ("[[x]] and ![[[y]]](media/a.png).", "gaps.1.id"),
        ("[[x]] and [a [[y]] link](https://example.org/).", "gaps.1.id"),
        ("[[x]] and [here](https://example.org/ '[[y]]').", "gaps.1.id"),
    ],
)
def test_a_gap_that_nobody_could_fill_is_a_fault(stem: str, path: str):
    assert faults_of(two_gaps(stem)) == [path]


@pytest.mark.parametrize(
    ("gap", "path"),
    [
        ({"kind": "choice", "options": [option("a"), option("b")]}, "gaps.0.options"),
        ({"kind": "choice", "options": [option("a", right=True), option("a")]}, "gaps.0.options.1.id"),
        ({"kind": "text", "answers": [{"id": "a", "text": "x", "share": "50"}]}, "gaps.0.answers"),
        (
            {"kind": "text", "answers": [{"id": "a", "text": "\u0301"}, {"id": "b", "text": "b"}]},
            "gaps.0.answers.0.text",
        ),
        ({"kind": "num", "answers": [{"id": "a", "value": "1"}, {"id": "a", "value": "2"}]}, "gaps.0.answers.1.id"),
    ],
)
def test_a_gap_that_cannot_be_judged_is_a_fault(gap: dict[str, Any], path: str):
    assert path in faults_of(cloze(stem="A [[x]].", gaps=[{"id": "x", **gap}]))


@pytest.mark.parametrize(
    "gap",
    [
        {"kind": "essay"},
        {"kind": "choice", "answers": [{"id": "a", "text": "x"}]},
        {"kind": "choice", "options": [option("a", right=True)]},
        {"kind": "num", "answers": [{"id": "a", "text": "x"}]},
        {"kind": "text", "answers": [{"id": "a", "text": "x"}], "points": 0},
        {"kind": "text", "answers": [{"id": "a", "text": " "}]},
    ],
)
def test_the_schema_refuses(gap: dict[str, Any]):
    assert problems(question_schema(), cloze(stem="A [[x]].", gaps=[{"id": "x", **gap}]))


def test_a_sound_question_has_one_form():
    is_sound(cloze())
    spelled = cloze()
    gap_of(spelled, "what").update(case=False, accents=False, points=1)
    gap_of(spelled, "many")["answers"][0].update(tolerance="0", share="100", feedback="")
    gap_of(spelled, "who").update(case=True)
    assert types[KIND].snapshot(spelled) == types[KIND].snapshot(cloze())
    assert problems(question_schema(), spelled) == []


def test_the_choices_of_a_gap_are_shuffled_by_the_seed_and_stay_when_asked():
    def order(seed: int, **more: Any) -> list[str]:
        question = cloze(**more)
        shown = types[KIND].show(question, question_html(question, {}), seed, None)
        return [each.text[-1] for each in shown["gaps"][0].options]

    assert {tuple(order(seed)) for seed in range(30)} > {("a", "b", "c")}
    assert order(5) == order(5)
    assert order(0) == order(5, shuffle=False) == ["a", "b", "c"]


def test_without_a_mark_nothing_says_what_is_right():
    html = question_html(cloze(), {})
    shown = types[KIND].show(cloze(), html, 3, RIGHT)

    assert not any(each.verdict or each.right or each.reason or each.message for each in shown["gaps"])
    marked = types[KIND].show(cloze(), html, 3, RIGHT, grade(RIGHT))
    assert [each.verdict for each in marked["gaps"]] == ["right"] * 3


def test_what_is_right_and_said_in_words():
    kind = types[KIND]

    assert kind.right(cloze()) == ["Gap 1: Option b", "Gap 2: loan", "Gap 3: 5"]
    assert kind.said(cloze(), {"many": "6 ", "who": "a"}) == ["Gap 1: Option a", "Gap 3: 6 "]
    assert kind.responses(cloze(), {"who": "a", "what": "LOAN"}) == [
        ("who:a", "Gap 1 → Option a"),
        ("what:loan", "Gap 2 → LOAN"),
    ]
    assert kind.chosen(cloze(), RIGHT) == ["who:b"]


@pytest.mark.django_db
def test_the_pages_of_a_cloze(trainee: User, client_of: Callable[[User], Client]):
    data = {"answer.who": "a", "answer.what": '"gift"', "answer.many": "5"}
    asked, answered, result = walk(client_of(trainee), cloze(), data)

    assert [f'aria-label="Gap {n} of 3"' in asked for n in (1, 2, 3)] == [True] * 3
    assert "loan" not in (asked + answered).partition("<main")[2]
    assert re.search(r'<option value="[0-9a-f]{12}" selected>Option a<', answered)
    assert 'value="&quot;gift&quot;"' in answered
    assert "[[" not in asked + answered + result
    assert "Right would be: Option b" in result
    assert "Right would be: loan" in result
    assert f"{SECRET} what." in result
    assert result.count("Your answer: not right") == 2
