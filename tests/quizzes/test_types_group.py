"""Sorting into groups: the share of items in their group."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from core.errors import InvalidInput
from courses.shapes import problems
from quizzes.kinds.schema import question_schema
from quizzes.registry import types
from quizzes.rendering import question_html
from tests.factories.quizzes import RIGHT, SECRET, WRONG, sorting
from tests.quizzes.typed import faults_of, form_of, is_bounded, is_kept, is_sound, walk

KIND = types["group"]
names = st.sampled_from(["a", "b", "c", "d", "lend", "borrow", "", "z"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | names,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=5),
    max_leaves=10,
)
answers = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["lend", "borrow"]))


@given(answer=json_values)
def test_any_answer_is_bounded_and_kept_or_refused(answer: Any):
    is_bounded(sorting(), answer)
    is_kept(sorting(), answer)


@given(answer=answers, part=st.sampled_from("abcd"))
def test_one_more_item_in_its_group_earns_a_share_more(answer: dict[str, str], part: str):
    wanted = RIGHT["group"][part]
    before = KIND.grade(sorting(), answer).fraction
    after = KIND.grade(sorting(), {**answer, part: wanted}).fraction

    assert after == before + (0 if answer.get(part) == wanted else Decimal("0.25"))


@given(answer=answers, data=st.data())
def test_the_order_of_items_does_not_matter(answer: dict[str, str], data: st.DataObject):
    again = dict(data.draw(st.permutations(list(answer.items()))))
    question = sorting()
    turned = {**question, "items": question["items"][::-1], "groups": question["groups"][::-1]}

    assert KIND.grade(question, again) == KIND.grade(question, answer)
    assert KIND.grade(turned, answer).fraction == KIND.grade(question, answer).fraction


@given(answer=answers.filter(bool))
def test_a_form_gives_the_answer_back(answer: dict[str, str]):
    assert form_of(sorting(), answer) == answer


def test_right_wrong_and_in_between():
    assert KIND.grade(sorting(), RIGHT["group"]).fraction == 1
    assert KIND.grade(sorting(), WRONG["group"]).fraction == 0
    mark = KIND.grade(sorting(), {"a": "lend", "b": "lend", "c": "lend"})
    assert mark.fraction == Decimal("0.5")
    assert mark.parts == {"a": 1, "b": 1, "c": 0, "d": 0}
    assert KIND.grade(sorting(), "nonsense").message


@pytest.mark.parametrize("answer", ["a", ["a"], 3, {"a": "z"}, {"z": "lend"}, {"a": None}, {"a": True}])
def test_what_is_no_sorting_is_refused(answer: Any):
    with pytest.raises(InvalidInput):
        KIND.clean(sorting(), answer)


def test_before_grading_nothing_says_what_is_right():
    question = sorting()
    shown = KIND.show(question, question_html(question, {}), 3, RIGHT["group"])

    assert [each.value for each in shown["choices"]] == ["lend", "borrow"]
    assert not any(part.tone or part.right or part.reason for part in shown["parts"])


def test_a_sound_question_has_one_form():
    is_sound(sorting())
    spelled = sorting()
    spelled["items"][0]["feedback"] = ""
    bare = sorting()
    del bare["items"][0]["feedback"]
    assert KIND.snapshot(spelled) == KIND.snapshot(bare)
    assert [path for path, _sentence in KIND.warnings(bare)] == ["items.0.feedback"]


def test_an_item_of_no_group_and_ids_taken_twice_are_faults():
    question = sorting()
    question["items"][3]["group"] = "nowhere"
    question["items"][1]["id"] = "a"
    question["groups"][1]["id"] = "lend"

    assert faults_of(question) == ["groups.1.id", "items.1.id", "items.2.group", "items.3.group"]


@pytest.mark.parametrize("change", [{"groups": [{"id": "a", "text": "One"}]}, {"items": []}])
def test_the_schema_refuses(change: dict[str, Any]):
    assert problems(question_schema(), sorting(**change))


def test_answers_in_words():
    assert KIND.right(sorting())[0] == "Item a → Lending"
    assert KIND.said(sorting(), {"a": "borrow"}) == ["Item a → Borrowing"]
    assert KIND.responses(sorting(), {"a": "borrow"}) == [("a=borrow", "Item a → Borrowing")]


def test_the_form_of_an_author_offers_the_groups_for_each_item():
    [_groups, items] = KIND.editor.rows

    assert next(field for field in items.fields if field.name == "group").of == "groups"


@pytest.mark.django_db
def test_the_pages_of_a_sorting(trainee: User, client_of: Callable[[User], Client]):
    asked, answered, result = walk(client_of(trainee), sorting(), {"answer.a": "lend", "answer.c": "lend"})

    assert asked.count('<select class="select" name="answer.') == 4
    assert " selected>" not in asked
    assert answered.count('<option value="lend" selected>') == 2
    assert result.count("Your answer: right") == 1
    assert result.count("Your answer: not this one") == 1
    assert result.count("You left this one open") == 2
    for each in "abcd":
        assert f"{SECRET} {each}." in result
    assert "<select" not in result
