"""Matching: the share of left sides that got their right side."""

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
from tests.factories.quizzes import RIGHT, SECRET, WRONG, matching
from tests.quizzes.typed import faults_of, form_of, is_bounded, is_kept, is_sound, walk

KIND = types["match"]
names = st.sampled_from(["a", "b", "c", "x", "", "z"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | names,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=5),
    max_leaves=10,
)
answers = st.dictionaries(st.sampled_from("abc"), st.sampled_from("abcx"))


def same_rights() -> dict[str, Any]:
    """``a`` and ``c`` have one right side, which is also an extra."""
    pairs = [
        {"id": "a", "left": "Book", "right": "Library", "feedback": "Yes."},
        {"id": "b", "left": "Stamp", "right": "Post office", "feedback": "Yes."},
        {"id": "c", "left": "Journal", "right": " Library", "feedback": "Yes."},
    ]
    return matching(pairs=pairs, extras=[{"id": "x", "text": "Library"}, {"id": "y", "text": "Bakery"}])


@given(answer=json_values, question=st.sampled_from([matching(), same_rights()]))
def test_any_answer_is_bounded_and_kept_or_refused(answer: Any, question: dict[str, Any]):
    is_bounded(question, answer)
    is_kept(question, answer)


@given(answer=answers, part=st.sampled_from("abc"))
def test_every_pair_counts_the_same_and_one_more_right_pair_never_costs(answer: dict[str, str], part: str):
    better = {**answer, part: part}
    before, after = (KIND.grade(matching(), each).fraction for each in (answer, better))

    assert before == Decimal(sum(left == right for left, right in answer.items())) / 3
    assert after == Decimal(sum(left == right for left, right in better.items())) / 3
    assert after >= before


@given(answer=answers, data=st.data())
def test_the_order_of_pairs_does_not_matter(answer: dict[str, str], data: st.DataObject):
    again = dict(data.draw(st.permutations(list(answer.items()))))
    question = matching()
    turned = {**question, "pairs": question["pairs"][::-1]}

    assert KIND.grade(question, again) == KIND.grade(question, answer)
    assert KIND.grade(turned, answer).fraction == KIND.grade(question, answer).fraction


@given(answer=answers.filter(bool))
def test_a_form_gives_the_answer_back(answer: dict[str, str]):
    assert form_of(matching(), answer) == answer


def test_right_wrong_and_in_between():
    assert KIND.grade(matching(), RIGHT["match"]).fraction == 1
    assert KIND.grade(matching(), WRONG["match"]).fraction == 0
    mark = KIND.grade(matching(), {"a": "a", "b": "x"})
    assert mark.fraction == Decimal(1) / 3
    assert mark.parts == {"a": 1, "b": 0, "c": 0}
    assert set(mark.reasons) == {"a", "b", "c"}
    assert KIND.grade(matching(), None).message


def test_right_sides_that_read_the_same_are_one_choice():
    question = same_rights()

    assert list(KIND.choices(question)) == ["a", "b", "y"]
    assert KIND.grade(question, {"a": "x", "b": "b", "c": "a"}).fraction == 1
    assert KIND.clean(question, {"a": "x", "c": "c"}) == {"a": "a", "c": "a"}
    assert "extras.0.text" in [path for path, _sentence in KIND.warnings(question)]


@pytest.mark.parametrize("answer", ["a", ["a"], 3, {"a": "z"}, {"z": "a"}, {"a": None}, {"a": ["a"]}])
def test_what_is_no_matching_is_refused(answer: Any):
    with pytest.raises(InvalidInput):
        KIND.clean(matching(), answer)


def test_what_is_unknown_in_a_form_is_dropped():
    assert KIND.parse(matching(), QueryDict("answer.a=nonsense&answer.q=a&answer="), "answer") is None
    assert KIND.clean(matching(), {}) is None


@pytest.mark.parametrize("seed", [0, 1, 7])
def test_no_name_or_order_in_the_form_says_what_belongs_together(seed: int):
    """Beside a left side ``a`` a choice ``a`` would be its right side; so would be the first beside the first."""
    question = matching()
    shown = KIND.show(question, question_html(question, {}), seed, None)

    assert not {each.value for each in shown["choices"]} & set("abcx")
    assert sorted(each.words for each in shown["choices"]) == sorted(KIND.choices(question).values())
    assert not any(part.tone or part.right or part.reason for part in shown["parts"])


@given(seed=st.integers(1, 2**31 - 1))
def test_both_sides_have_an_order_of_their_own_that_stays(seed: int):
    question = matching()

    assert KIND.order(question, seed) == KIND.order(question, seed)
    assert sorted(KIND.order(question, seed)) == ["a", "b", "c"]
    assert sorted(KIND.choice_order(question, seed)) == ["a", "b", "c", "x"]


def test_sides_are_shuffled_apart():
    question = matching()
    together = [
        [s for s in KIND.choice_order(question, seed) if s != "x"] == KIND.order(question, seed)
        for seed in range(1, 200)
    ]

    assert 0 < sum(together) < 100


def test_a_sound_question_has_one_form():
    is_sound(matching())
    spelled = matching()
    spelled["pairs"] = [{**each, "left": f" {each['left']}\r\n"} for each in spelled["pairs"]]
    del spelled["pairs"][0]["feedback"]
    plain = matching()
    plain["pairs"][0]["feedback"] = ""
    assert KIND.snapshot(spelled) == KIND.snapshot(plain)
    assert KIND.warnings(matching()) == []
    assert [path for path, _sentence in KIND.warnings(plain)] == ["pairs.0.feedback"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"pairs": [{"id": "a", "left": "L", "right": "R"}, {"id": "a", "left": "M", "right": "S"}]}, "pairs.1.id"),
        ({"pairs": [{"id": "a", "left": "L", "right": "R"}, {"id": "b", "left": " L", "right": "S"}]}, "pairs.1.left"),
        ({"extras": [{"id": "a", "text": "E"}]}, "extras.0.id"),
        ({"extras": [{"id": "e", "text": "E"}, {"id": "e", "text": "F"}]}, "extras.1.id"),
    ],
)
def test_what_nobody_could_tell_apart_is_a_fault(change: dict[str, Any], path: str):
    assert faults_of(matching(**change)) == [path]


@pytest.mark.parametrize(
    "change", [{"pairs": []}, {"pairs": [{"id": "a", "left": "L"}] * 2}, {"extras": [{"id": "x"}]}]
)
def test_the_schema_refuses(change: dict[str, Any]):
    assert problems(question_schema(), matching(**change))


def test_answers_in_words():
    assert KIND.right(matching()) == ["Left a → Side of a", "Left b → Side of b", "Left c → Side of c"]
    assert KIND.said(matching(), {"b": "x"}) == ["Left b → Side of nothing"]
    assert KIND.responses(matching(), {"b": "x", "a": 4}) == [("b=x", "Left b → Side of nothing")]


def test_words_of_a_question_in_html_are_read_as_html():
    pairs = [{"id": each, "left": f"<p>L<sub>{each}</sub></p>", "right": f"<b>{each}</b> *"} for each in "ab"]

    assert KIND.right(matching(pairs=pairs, extras=[], format="html")) == ["La → a *", "Lb → b *"]


@pytest.mark.django_db
def test_the_pages_of_a_matching(trainee: User, client_of: Callable[[User], Client]):
    data = {f"answer{name}": value for name, value in KIND.fields(matching(), {"a": "a", "b": "x"})}
    asked, answered, result = walk(client_of(trainee), matching(), data)

    assert asked.count('<select class="select" name="answer.') == 3
    assert asked.count("Side of nothing") == 4  # a card, and an option for each left side
    assert " selected>" not in asked
    assert answered.count(" selected>") == 2
    assert result.count("Your answer: right") == 1
    assert result.count("Your answer: not this one") == 1
    assert result.count("You left this one open") == 1
    for each in "abc":
        assert f"{SECRET} {each}." in result
    assert "<select" not in result


@pytest.mark.django_db
def test_right_sides_with_more_than_words_are_shown_and_chosen_by_number(
    trainee: User, client_of: Callable[[User], Client]
):
    """A list box holds plain words only, so what it cannot show stands above it under the same number."""
    question = matching(extras=[{"id": "x", "text": "*Nature* & co"}])
    data = {f"answer{name}": value for name, value in KIND.fields(question, {"a": "x"})}
    asked, _answered, result = walk(client_of(trainee), question, data)

    [number] = [n for n in (1, 2, 3, 4) if f"{n}. <em>Nature</em> &amp; co" in asked]
    assert asked.count(f">{number}. Nature &amp; co</option>") == 3
    assert '<ul class="chips">' in asked
    assert '<div class="part__answer"><em>Nature</em> &amp; co</div>' in result
