"""Graders: bounded, monotone, order-independent, and deaf to nonsense."""

import copy
import functools
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from courses.shapes import problems
from quizzes.api.serializers import plain
from quizzes.exchange.proving import prove
from quizzes.kinds.schema import question_schema
from quizzes.registry import register_type, types
from quizzes.rendering import question_html
from quizzes.selectors.showing import show_question
from quizzes.types.single import SingleChoice
from tests.factories.quizzes import EXAMPLES, RIGHT, WRONG, multi, option, single, truefalse

QUESTIONS = {"single": single(), "multi": multi(), "tf": truefalse()}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from("abcde"),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
names = st.sampled_from(sorted(QUESTIONS))


@st.composite
def multi_questions(draw: st.DrawFn) -> dict[str, Any]:
    rights = draw(st.lists(st.booleans(), min_size=2, max_size=8).filter(any))
    return multi(options=[option(f"o{n}", right=right) for n, right in enumerate(rights)])


@given(name=names, answer=json_values)
def test_any_answer_earns_between_nothing_and_everything(name: str, answer: Any):
    mark = types[name].grade(QUESTIONS[name], answer)

    assert 0 <= mark.fraction <= 1
    assert set(mark.reasons) <= {each["id"] for each in QUESTIONS[name]["options"]}


@given(name=names, answer=json_values)
def test_an_answer_of_the_wrong_shape_is_refused_or_becomes_one_that_grades(name: str, answer: Any):
    kind = types[name]
    try:
        clean = kind.clean(QUESTIONS[name], answer)
    except InvalidInput:
        return
    assert kind.clean(QUESTIONS[name], clean) == clean
    assert kind.grade(QUESTIONS[name], clean).fraction == kind.grade(QUESTIONS[name], answer).fraction


@given(question=multi_questions(), data=st.data())
def test_order_and_repetition_of_choices_do_not_matter(question: dict[str, Any], data: st.DataObject):
    chosen = data.draw(st.lists(st.sampled_from([each["id"] for each in question["options"]])))
    shuffled = data.draw(st.permutations(chosen))

    grade = types["multi"].grade
    assert grade(question, chosen) == grade(question, shuffled) == grade(question, chosen + chosen)


@given(question=multi_questions(), data=st.data())
def test_one_more_right_choice_never_costs_and_one_more_wrong_choice_never_pays(
    question: dict[str, Any], data: st.DataObject
):
    options = data.draw(st.permutations(question["options"]))
    cut = data.draw(st.integers(0, len(options) - 1))
    chosen, more = [each["id"] for each in options[:cut]], options[cut]
    before = types["multi"].grade(question, chosen).fraction
    after = types["multi"].grade(question, [*chosen, more["id"]]).fraction

    assert after >= before if more["right"] else after <= before


@given(question=multi_questions())
def test_everything_right_and_nothing_else_earns_everything(question: dict[str, Any]):
    right = [each["id"] for each in question["options"] if each["right"]]

    assert types["multi"].grade(question, right).fraction == 1
    if len(right) < len(question["options"]):
        assert types["multi"].grade(question, [each["id"] for each in question["options"]]).fraction < 1


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_right_earns_one_and_wrong_earns_none(name: str):
    assert types[name].grade(QUESTIONS[name], RIGHT[name]).fraction == 1
    assert types[name].grade(QUESTIONS[name], WRONG[name]).fraction == 0


def test_multiple_response_gives_right_minus_wrong_as_a_share():
    grade = types["multi"].grade

    assert grade(multi(), ["a", "b"]).fraction == Decimal(2) / 3
    assert grade(multi(), ["a", "b", "c"]).fraction == Decimal(1) / 3
    assert grade(multi(), ["a", "c", "e"]).fraction == 0


def test_replies_come_for_what_was_chosen_and_for_what_was_missed():
    assert set(types["single"].grade(single(), "a").reasons) == {"a", "b"}
    assert set(types["multi"].grade(multi(), ["a", "c"]).reasons) == {"a", "b", "c", "d"}


def test_no_answer_says_so():
    assert types["tf"].grade(truefalse(), None).message
    assert not types["tf"].grade(truefalse(), "false").message


def two_right() -> list[dict[str, Any]]:
    return [option("a", right=True), option("b", right=True)]


def none_right() -> list[dict[str, Any]]:
    return [option("a"), option("b")]


@pytest.mark.parametrize(
    ("question", "path"),
    [
        (single(options=two_right()), "options"),
        (single(options=none_right()), "options"),
        (multi(options=none_right()), "options"),
        (truefalse(options=[option("true", right=True), option("false", right=True)]), "options"),
        (single(options=[option("a", right=True), option("a")]), "options.1.id"),
        (truefalse(options=[option("true", right=True), option("true")]), "options.1.id"),
    ],
)
def test_what_cannot_be_graded_is_a_fault(question: dict[str, Any], path: str):
    assert path in [where for where, _sentence in types[question["type"]].faults(question)]


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_sound_question_has_no_fault(question: dict[str, Any]):
    assert problems(question_schema(), question) == []
    assert types[question["type"]].faults(question) == []
    assert types[question["type"]].warnings(question) == []


def test_a_missing_reply_is_a_warning_and_no_fault():
    question = single()
    del question["options"][2]["feedback"]

    assert problems(question_schema(), question) == []
    assert types["single"].faults(question) == []
    assert [path for path, _sentence in types["single"].warnings(question)] == ["options.2.feedback"]


@pytest.mark.parametrize(
    "change",
    [
        {"type": "essay"},
        {"uid": "has space"},
        {"stem": ""},
        {"options": [option("a", right=True)]},
        {"options": [option("a", right=True), {"id": "b", "text": "B"}]},
        {"back_to": "Not A Uid"},
        {"weight": 2},
    ],
)
def test_the_schema_refuses(change: dict[str, Any]):
    assert problems(question_schema(), single(**change))


@pytest.mark.parametrize("name", ["yes", "a", "True"])
def test_true_or_false_takes_its_two_ids_only(name: str):
    assert problems(question_schema(), truefalse(options=[option("true", right=True), option(name)]))


def test_unquoted_yaml_truth_values_are_taken_as_ids():
    written = truefalse(options=[{**option("x", right=True), "id": True}, {**option("y"), "id": False}])

    assert problems(question_schema(), written) == []
    kept = types["tf"].snapshot(written)
    assert [each["id"] for each in kept["options"]] == ["true", "false"]
    assert types["tf"].grade(kept, "true").fraction == 1


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_the_canonical_question_is_its_own_canonical_form(question: dict[str, Any]):
    spelled_out = {**question, "shuffle": True, "general_feedback": "", "facts": []}
    kind = types[question["type"]]

    assert kind.snapshot(kind.snapshot(question)) == kind.snapshot(question) == kind.snapshot(spelled_out)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_before_grading_nothing_that_is_shown_says_what_is_right(question: dict[str, Any]):
    kind = types[question["type"]]
    html = {key: f"<b>{text}</b>" for key, text in kind.texts(question).items()}
    fields = kind.show(question, html, 7, None)

    assert not any(each.right or each.reason for each in fields["options"])
    asked = kind.show(question, html, 7, RIGHT[question["type"]], kind.grade(question, RIGHT[question["type"]]))
    assert any(each.right and each.reason for each in asked["options"])


def with_telling_ids(value: Any) -> Any:
    """``value``, a question or an answer to it, with ids in it that are found wherever they are said."""
    return json.loads(re.sub(r'"([a-e])"', r'"written-\1"', json.dumps(value)))


@pytest.mark.parametrize("name", ["single", "multi", "cloze", "hotspot", "group", "order"])
def test_no_page_and_no_client_learns_what_the_author_wrote_first(name: str):
    question, answer = with_telling_ids(EXAMPLES[name]()), with_telling_ids(RIGHT[name])
    kind = types[name]
    shown = show_question(question, question_html(question, {}), answer, seed=3)
    marked = show_question(question, question_html(question, {}), answer, kind.grade(question, answer), seed=3)

    for each in (shown, marked):
        page = render_to_string(each.template, {"question": each, "name": "answer"})
        told = json.dumps([each.answer, plain(each.fields)])
        assert "Item a" in page or "Option a" in page or "Area a" in page or "Step a" in page
        assert "written-" not in page + told
    assert kind.clean(question, shown.answer) == kind.clean(question, answer) == answer


def test_a_taken_name_is_refused():
    class Impostor(SingleChoice):
        pass

    with pytest.raises(ValueError, match="single"):
        register_type(Impostor())


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where each text of a content stands."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(each, (*path, key))


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("blank", [" ", "\n", "\u00a0"])
def test_a_text_of_nothing_but_spaces_is_refused_or_says_nothing(name: str, blank: str):
    sound = types[name].snapshot(EXAMPLES[name]())
    for path in places(sound):
        content = copy.deepcopy(sound)
        holder = functools.reduce(lambda part, key: part[key], path[:-1], content)
        holder[path[-1]] = blank
        if not prove(content):
            assert prove(types[name].snapshot(content)) == [], path
