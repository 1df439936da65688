"""What an answer earns that is partly right, when one chooses among options."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from quizzes.registry import types
from quizzes.types.base import token
from tests.factories.quizzes import RIGHT, SECRET, multi, option, single
from tests.quizzes.typed import faults_of, form_of, is_bounded, is_kept, is_sound, json_values, walk

CREDITS = ["penalty", "all", "each", "shares"]
SHARES = {"a": "50", "b": "25", "c": "-50", "d": "25", "e": "0"}


def multi_by(credit: str, shares: dict[str, str] = SHARES) -> dict[str, Any]:
    question = multi(credit=credit)
    if credit == "shares":
        question["options"] = [{**each, "share": shares[each["id"]]} for each in question["options"]]
    return question


def single_with_share() -> dict[str, Any]:
    """``b`` is right, ``c`` earns half."""
    options = [option("a"), option("b", right=True), {**option("c"), "share": "50"}, option("d")]
    return single(options=options)


QUESTIONS = [single_with_share(), *(multi_by(credit) for credit in CREDITS)]
questions = st.sampled_from(QUESTIONS)


@st.composite
def any_multi(draw: st.DrawFn) -> dict[str, Any]:
    """Marked in any way; the shares of right options make 100."""
    rights = draw(st.lists(st.booleans(), min_size=2, max_size=8).filter(any))
    credit = draw(st.sampled_from(CREDITS))
    options = [option(f"o{n}", right=right) for n, right in enumerate(rights)]
    if credit == "shares":
        part = f"{Decimal(100) / sum(rights):.5f}".rstrip("0").rstrip(".")
        minus = draw(st.integers(0, 100))
        options = [{**each, "share": part if each["right"] else str(-minus)} for each in options]
    return multi(options=options, credit=credit)


@given(question=questions, answer=json_values)
def test_any_answer_is_bounded_and_kept_or_refused(question: dict[str, Any], answer: Any):
    is_bounded(question, answer)
    is_kept(question, answer)


@given(question=any_multi())
def test_what_is_right_earns_everything(question: dict[str, Any]):
    right = [each["id"] for each in question["options"] if each["right"]]

    assert faults_of(question) == []
    assert types["multi"].grade(question, right).fraction == 1
    assert types["multi"].grade(question, []).fraction == 0


@given(question=any_multi(), data=st.data())
def test_one_more_right_choice_never_costs_and_one_more_wrong_choice_never_pays(
    question: dict[str, Any], data: st.DataObject
):
    options = data.draw(st.permutations(question["options"]))
    cut = data.draw(st.integers(0, len(options) - 1))
    chosen, more = [each["id"] for each in options[:cut]], options[cut]
    before = types["multi"].grade(question, chosen).fraction
    after = types["multi"].grade(question, [more["id"], *chosen]).fraction

    assert after >= before if more["right"] else after <= before


@given(question=any_multi(), data=st.data())
def test_the_order_of_choices_does_not_matter(question: dict[str, Any], data: st.DataObject):
    chosen = data.draw(st.lists(st.sampled_from([each["id"] for each in question["options"]])))

    grade = types["multi"].grade
    assert grade(question, chosen) == grade(question, data.draw(st.permutations(chosen)))


@pytest.mark.parametrize(
    ("credit", "answer", "earned"),
    [
        ("penalty", ["a", "b"], Decimal(2) / 3),
        ("penalty", ["a", "b", "c"], Decimal(1) / 3),
        ("all", ["a", "b", "d"], 1),
        ("all", ["a", "b"], 0),
        ("all", ["a", "b", "d", "e"], 0),
        ("each", ["a", "b"], Decimal("0.6")),  # c, e rightly left, d missed: 4 of 5 judged well, 1 badly
        ("each", ["a", "b", "c"], Decimal("0.2")),
        ("each", ["a", "c", "e"], 0),
        ("each", ["c"], 0),
        ("shares", ["a"], Decimal("0.5")),
        ("shares", ["a", "b"], Decimal("0.75")),
        ("shares", ["a", "b", "c"], Decimal("0.25")),
        ("shares", ["b", "c"], 0),
        ("shares", ["e"], 0),
    ],
)
def test_each_rule_by_example(credit: str, answer: list[str], earned: Decimal):
    assert types["multi"].grade(multi_by(credit), answer).fraction == earned


def test_thirds_written_with_five_places_make_a_whole():
    thirds = dict.fromkeys("abd", "33.33333") | {"c": "-100", "e": "0"}
    question = multi_by("shares", thirds)

    assert faults_of(question) == []
    assert types["multi"].grade(question, ["a", "b", "d"]).fraction == 1
    assert types["multi"].grade(question, ["a", "b"]).fraction == Decimal("0.6666666")


def test_every_option_says_whether_it_was_judged_well():
    parts = types["multi"].grade(multi(), ["a", "c"]).parts

    assert {name for name, earned in parts.items() if earned} == {"a", "e"}


@pytest.mark.parametrize(
    ("shares", "path"),
    [
        ({**SHARES, "b": "0"}, "options.1.share"),
        ({**SHARES, "b": "-25"}, "options.1.share"),
        ({**SHARES, "e": "10"}, "options.4.share"),
        ({**SHARES, "b": "20"}, "options"),
    ],
)
def test_shares_that_do_not_add_up_are_a_fault(shares: dict[str, str], path: str):
    assert path in faults_of(multi_by("shares", shares))


def test_shares_are_a_fault_only_when_they_decide():
    question = multi()
    question["options"][0]["share"] = "0"

    assert faults_of(question) == []


def test_marking_by_shares_without_a_share_is_a_fault():
    assert "options.0.share" in faults_of(multi(credit="shares"))


def test_a_share_of_a_single_choice_is_part_of_the_credit():
    grade = types["single"].grade

    assert [grade(single_with_share(), each).fraction for each in "abcd"] == [0, 1, Decimal("0.5"), 0]
    assert grade(single_with_share(), "c").parts == {"c": Decimal("0.5")}


def test_a_single_choice_has_no_share_below_nothing():
    question = single()
    question["options"][0]["share"] = "-10"

    assert faults_of(question) == ["options.0.share"]
    assert types["single"].grade(question, "a").fraction == 0


@pytest.mark.parametrize("question", QUESTIONS, ids=["single", *CREDITS])
def test_a_question_is_sound_and_its_form_gives_the_answer_back(question: dict[str, Any]):
    is_sound(question)
    assert form_of(question, RIGHT[question["type"]]) == RIGHT[question["type"]]


def test_the_usual_way_of_marking_is_left_out_of_the_canonical_question():
    """Editions that are published already keep their hashes."""
    kept = types["multi"].snapshot(multi(credit="penalty"))

    assert kept == types["multi"].snapshot(multi())
    assert set(kept) == {"uid", "type", "stem", "options"}
    assert set(kept["options"][0]) == {"id", "text", "right", "feedback"}


@pytest.mark.django_db
def test_a_page_says_that_a_choice_is_partly_right(trainee: User, client_of: Callable[[User], Client]):
    asked, answered, result = walk(client_of(trainee), single_with_share(), {"answer": "c"})

    assert f'value="{token(single(), "c")}" checked' in answered
    assert " checked" not in asked
    assert "Your answer: partly right" in result
    assert f"{SECRET} c." in result
