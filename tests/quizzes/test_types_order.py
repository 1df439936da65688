"""Ordering: by neighbours, by places, or all or nothing."""

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
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
from quizzes.models import Step
from quizzes.registry import types
from quizzes.rendering import question_html
from quizzes.types.base import token
from tests.factories.quizzes import QUIZ, RIGHT, WRONG, ordering, publish_quiz
from tests.quizzes.typed import faults_of, form_of, is_bounded, is_kept, is_sound, walk

KIND = types["order"]
CREDITS = ["adjacent", "position", "all"]
names = st.sampled_from(["a", "b", "c", "d", "", "z"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | names,
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(names, inner, max_size=5),
    max_leaves=10,
)
ways = st.sampled_from(CREDITS)
orders = st.permutations("abcd").map(list)
gappy = st.permutations(["a", "b", "c", "d", None, None, None]).map(lambda each: each[:4]).filter(any)


def right_pairs(answer: list[str], credit: str) -> set[Any]:
    """What of an order is right, as its credit looks at it."""
    if credit == "adjacent":
        return set(pairwise(answer)) & set(pairwise("abcd"))
    return {place for place, each in enumerate(answer) if "abcd"[place] == each}


@given(answer=json_values, credit=ways)
def test_any_answer_is_bounded_and_kept_or_refused(answer: Any, credit: str):
    is_bounded(ordering(credit=credit), answer)
    is_kept(ordering(credit=credit), answer)


@given(answer=gappy, other=gappy, credit=ways)
def test_whoever_has_more_right_never_earns_less(answer: list[Any], other: list[Any], credit: str):
    question = ordering(credit=credit)
    if right_pairs(answer, credit) <= right_pairs(other, credit):
        assert KIND.grade(question, answer).fraction <= KIND.grade(question, other).fraction


@given(answer=orders, credit=ways)
def test_only_the_right_order_earns_everything(answer: list[str], credit: str):
    assert (KIND.grade(ordering(credit=credit), answer).fraction == 1) == (answer == RIGHT["order"])


@given(answer=gappy)
def test_a_form_gives_the_answer_back(answer: list[Any]):
    assert form_of(ordering(), answer) == answer


@pytest.mark.parametrize(
    ("credit", "answer", "earned"),
    [
        ("adjacent", "abcd", 1),
        ("adjacent", "bcda", Decimal(2) / 3),  # b before c, c before d
        ("adjacent", "acbd", 0),
        ("adjacent", "dcba", 0),
        ("adjacent", "cdab", Decimal(2) / 3),
        ("position", "bcda", 0),
        ("position", "acbd", Decimal("0.5")),
        ("position", "abdc", Decimal("0.5")),
        ("all", "abdc", 0),
        ("all", "abcd", 1),
    ],
)
def test_each_rule_by_example(credit: str, answer: str, earned: Decimal):
    assert KIND.grade(ordering(credit=credit), list(answer)).fraction == earned


def test_an_order_with_gaps_is_graded_as_far_as_it_goes():
    assert KIND.grade(ordering(), ["a", "b", None, None]).fraction == Decimal(1) / 3
    assert KIND.grade(ordering(), ["a", None, "b", None]).fraction == 0
    assert KIND.grade(ordering(credit="position"), ["a", None, "c"]).fraction == Decimal("0.5")
    assert KIND.clean(ordering(), ["a", "b"]) == ["a", "b", None, None]


def test_an_answer_may_use_the_names_that_pages_use():
    shown = KIND.show(ordering(), question_html(ordering(), {}), 9, None)["items_in_row"]
    by_text = {each.html: each.name for each in shown}

    assert KIND.clean(ordering(), [by_text[f"Step {each}"] for each in "bca"]) == ["b", "c", "a", None]
    with pytest.raises(InvalidInput):
        KIND.clean(ordering(), ["a", by_text["Step a"]])


def test_each_item_has_a_part_and_a_reason_in_words():
    mark = KIND.grade(ordering(), list("bcda"))

    assert mark.parts == {"b": 0, "c": 1, "d": 1}  # the first follows nothing
    assert mark.reasons == {"a": "Comes first.", "b": "Comes right after “Step a”.", "c": "", "d": ""}
    placed = KIND.grade(ordering(credit="position"), list("acbd"))
    assert placed.parts == {"a": 1, "b": 0, "c": 0, "d": 1}
    assert placed.reasons["b"] == "Belongs at place 2."


@pytest.mark.parametrize(
    "answer", ["abcd", 4, {"a": 1}, ["a", "a", "b", "c"], ["a", "b", "c", "z"], list("abcda"), [["a"]], [1, 2]]
)
def test_what_is_no_order_is_refused_and_earns_nothing(answer: Any):
    with pytest.raises(InvalidInput):
        KIND.clean(ordering(), answer)
    assert KIND.grade(ordering(), answer).fraction == 0
    assert KIND.grade(ordering(), answer).message


def form(places: dict[str, str]) -> QueryDict:
    data = QueryDict(mutable=True)
    for item, place in places.items():
        data[f"answer.{token(ordering(), item)}"] = place
    return data


@pytest.mark.parametrize("empty", [None, [], [None, None]])
def test_no_place_is_no_answer(empty: Any):
    assert KIND.clean(ordering(), empty) is None
    assert KIND.parse(ordering(), form({}), "answer") is None
    assert KIND.parse(ordering(), form({"a": "", "b": "9", "c": "-1", "d": "1" * 5000}), "answer") is None


def test_a_form_may_be_half_filled():
    assert KIND.parse(ordering(), form({"a": "3", "c": "1"}), "answer") == ["c", None, "a", None]


def test_two_items_at_one_place_are_told_and_stay_as_they_were_chosen():
    given = KIND.parse(ordering(), form({"a": "2", "c": "2"}), "answer")

    with pytest.raises(InvalidInput, match="same place"):
        KIND.clean(ordering(), given)
    shown = KIND.show(ordering(), {}, 5, given)
    assert sorted(each.place for each in shown["items_in_row"] if each.place) == [2, 2]


@given(seed=st.integers(0, 2**31 - 1), many=st.integers(2, 6), uid=st.text("abcXYZ019", min_size=1, max_size=5))
def test_what_is_shown_is_never_the_right_order(seed: int, many: int, uid: str):
    items = [{"id": str(n), "text": f"Step {n}"} for n in range(many)]
    question = ordering(uid, items=items, shuffle=False)
    shown = KIND.order(question, seed)

    assert sorted(shown) == sorted(each["id"] for each in items)
    assert shown != [each["id"] for each in items]
    assert shown == KIND.order(question, seed)


def test_before_grading_neither_names_nor_places_say_what_is_right():
    question = ordering()
    shown = KIND.show(question, question_html(question, {}), 9, None)

    assert not {each.name for each in shown["items_in_row"]} & set("abcd")
    assert not any(each.place or each.tone or each.reason for each in shown["items_in_row"])
    assert shown["right"] == []


def test_an_answer_is_shown_in_its_order():
    question = ordering()
    html = question_html(question, {})

    def texts(answer: Any) -> list[str]:
        return [each.html for each in KIND.show(question, html, 9, answer)["items_in_row"]]

    assert texts(list("cbad")) == ["Step c", "Step b", "Step a", "Step d"]
    assert texts([None, "c", None, None])[1] == "Step c"
    assert sorted(texts([None, "c", None, None])) == ["Step a", "Step b", "Step c", "Step d"]


@pytest.mark.parametrize("credit", CREDITS)
def test_a_sound_question_has_one_form(credit: str):
    is_sound(ordering(credit=credit))
    assert ("credit" in KIND.snapshot(ordering(credit=credit))) == (credit != "adjacent")


def test_items_that_nobody_could_tell_apart_are_a_fault():
    twice = [{"id": "a", "text": "Ask"}, {"id": "b", "text": " Ask\n"}, {"id": "b", "text": "Lend"}]

    assert faults_of(ordering(items=twice)) == ["items.2.id", "items.1.text"]


@pytest.mark.parametrize("change", [{"items": [{"id": "a", "text": "One"}]}, {"credit": "some"}])
def test_the_schema_refuses(change: dict[str, Any]):
    assert problems(question_schema(), ordering(**change))


def test_answers_in_words():
    assert KIND.right(ordering()) == ["1. Step a", "2. Step b", "3. Step c", "4. Step d"]
    assert KIND.said(ordering(), [None, "a"]) == ["2. Step a"]
    assert KIND.responses(ordering(), ["b", "a"]) == [("b=1", "1. Step b"), ("a=2", "2. Step a")]
    assert KIND.responses(ordering(), {"a": 1}) == []


@pytest.mark.django_db
def test_the_pages_of_an_ordering(trainee: User, client_of: Callable[[User], Client]):
    data = {f"answer{name}": value for name, value in KIND.fields(ordering(), WRONG["order"])}
    asked, answered, result = walk(client_of(trainee), ordering(), data)

    assert asked.count('<select class="select select--auto" name="answer.') == 4
    assert " selected>" not in asked
    assert answered.count(" selected>") == 4
    assert "Comes right after" not in asked + answered
    assert "The right order" not in asked + answered
    assert result.count("Your answer: not here") == 4
    assert "Comes right after “Step a”." in result
    assert "The right order" in result
    assert "<select" not in result


@pytest.mark.django_db
def test_two_items_at_one_place_are_told_beside_the_question_and_nothing_is_lost(
    trainee: User, client_of: Callable[[User], Client]
):
    course = publish_quiz(questions=[ordering()])
    here = f"/courses/{course.slug}/{QUIZ}/quiz/1/"
    rosa = client_of(trainee)
    rosa.post(f"/courses/{course.slug}/{QUIZ}/do/start/")
    clash = {f"answer.{token(ordering(), item)}": place for item, place in {"a": "2", "b": "2", "c": "1"}.items()}

    for _time in range(2):  # also when it is sent again as it was shown
        told = rosa.post(here, {**clash, "shown": ""})
        page = told.content.decode()
        assert told.status_code == 422
        assert "Two items have the same place" in page
        assert page.count('<option value="2" selected>') == 2
        assert page.count('<option value="1" selected>') == 1
        assert 'name="shown" value=""' in page
    assert not Step.objects.exists()


@pytest.mark.django_db
def test_nothing_in_the_page_of_an_answer_has_the_ids_of_items(trainee: User, client_of: Callable[[User], Client]):
    """They are in the right order, as a rule: ``a`` comes before ``b``."""
    items = [{"id": f"step-{n}", "text": f"Do {n}"} for n in (3, 1, 2)]
    question = ordering(items=items)
    course = publish_quiz(questions=[question])
    here = f"/courses/{course.slug}/{QUIZ}"
    rosa = client_of(trainee)
    rosa.post(f"{here}/do/start/")
    fields = KIND.fields(question, ["step-1", "step-2", "step-3"])
    rosa.post(f"{here}/quiz/1/", {**{f"answer{name}": value for name, value in fields}, "shown": ""})

    page = rosa.get(f"{here}/quiz/1/").content.decode()
    assert page.count(" selected>") == 3
    assert "step-" not in page
