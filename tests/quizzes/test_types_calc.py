"""Calculated: the same seed has the same values for ever; formulas are worked out, never run."""

import time
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import example, given, settings
from hypothesis import strategies as st

from accounts.models import User
from courses.shapes import problems
from quizzes.kinds.schema import question_schema
from quizzes.registry import types
from quizzes.rendering import question_html
from quizzes.types.formulas import FormulaError, names_in, steps_of, values_for, work_out
from tests.factories.quizzes import SECRET, calculated
from tests.quizzes.typed import NAUGHTY, faults_of, is_bounded, is_kept, is_sound, json_values, walk

KIND = "calc"
AB = {"a": Decimal(2), "b": Decimal("0.5")}
seeds = st.integers(0, 2**31 - 1)


def only(formula: str, **more: Any) -> dict[str, Any]:
    """A question with one formula over ``a`` (from 1 to 9) and ``b`` (0.5 or 2)."""
    answer = {"id": "a", "formula": formula, **{key: more.pop(key) for key in ("places", "tolerance") if key in more}}
    variables = [{"id": "a", "min": "1", "max": "9", "step": "1"}, {"id": "b", "values": ["0.5", "2"]}]
    return calculated(variables=more.pop("variables", variables), answers=[answer], stem="Of {a} and {b}?", **more)


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("-a ** 2", "-4"),
        ("2 ** 3 ** 2", "512"),
        ("a ** -1", "0.5"),
        ("a ** b * a ** b", "2"),
        ("0.1 + 0.2", "0.3"),
        ("0.1234567890123456789 * 10", "1.234567890123456789"),
        ("1e3 + .5 + 2.", "1002.5"),
        ("+a - -b", "2.5"),
        ("min(a, b, 1)", "0.5"),
        ("max(a, b)", "2"),
        ("abs(b - a)", "1.5"),
        ("round(2.5)", "3"),
        ("round(-2.5)", "-3"),
        ("round(1.005, 2)", "1.01"),
        ("round(1250, -2)", "1300"),
        ("floor(-1.5) + ceil(1.2)", "0"),
        ("sqrt(a * 8)", "4"),
        ("10 / 4", "2.5"),
        ("  a\t*b ", "1"),
    ],
)
def test_formulas_are_worked_out_exactly(formula: str, value: str):
    assert abs(work_out(formula, AB) - Decimal(value)) < Decimal("1e-45")


@pytest.mark.parametrize(
    "formula",
    [
        "",
        "   ",
        "a +",
        "1 / 0",
        "a / (b - b)",
        "0 ** 0",
        "0 ** -1",
        "1 / (0 ** -1)",
        "(-8) ** 0.5",
        "sqrt(-1)",
        "9 ** 99",
        "9 ** 99 ** 99",
        "2 ** 101",
        "1e31",
        "1e999999999999",
        "9" * 400,
        "c",
        "__import__",
        "__import__('os')",
        "a.real",
        "a[0]",
        "a if b else a",
        "lambda: 1",
        "[1]",
        "a, b",
        "a == b",
        "a // b",
        "a % b",
        "not a",
        "~a",
        "a and b",
        "1j",
        "1_000",
        "0x10",
        "1and 2",
        "'a'",
        "None",
        "True",
        "max()",
        "max(*a)",
        "sqrt(1, 2)",
        "min(a=1)",
        "pow(a, 2)",
        "round(1, 0.5)",
        "round(1, 10 ** 9)",
        "min",
        "1(2)",
        "(" * 300 + "1" + ")" * 300,
        "-" * 400 + "1",
        "+".join(["a"] * 100) + "*" * 3,
        "a" * 501,
        "a\nb",
        "a\0",
        "\ud800",
        "½",
        "a²",
        "１",
    ],
)
def test_all_else_is_refused_with_a_sentence(formula: str):
    with pytest.raises(FormulaError) as refused:
        work_out(formula, AB)
    assert str(refused.value).endswith(".")


@given(text=st.text(max_size=200))
@example(text="(" * 200)
@example(text="a" * 500)
def test_any_text_is_worked_out_or_refused(text: str):
    try:
        value = work_out(text, AB)
    except FormulaError:
        return
    assert value.is_finite()


pieces = st.sampled_from(
    [
        "a",
        "b",
        "1",
        "0",
        "2.5",
        "1e9",
        "99",
        "+",
        "-",
        "*",
        "/",
        "**",
        "(",
        ")",
        ",",
        " ",
        "min(",
        "sqrt(",
        "round(",
        "x.",
    ]
)


@settings(deadline=1000)
@given(parts=st.lists(pieces, max_size=80))
def test_texts_that_look_like_formulas_never_take_long(parts: list[str]):
    text = "".join(parts)
    started = time.perf_counter()
    with suppress(FormulaError):
        assert abs(work_out(text, AB)).adjusted() <= 30
    assert time.perf_counter() - started < 0.5


leaves = st.sampled_from(["a", "b"]) | st.integers(0, 99).map(str)
formulas = st.recursive(
    leaves,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/"]), inner).map(lambda each: "({} {} {})".format(*each))
        | st.tuples(st.sampled_from(["abs", "floor", "ceil"]), inner).map(lambda each: "{}({})".format(*each))
    ),
    max_leaves=8,
)


@given(formula=formulas)
def test_names_are_those_in_the_formula(formula: str):
    assert names_in(formula) == {name for name in ("a", "b") if name in formula.replace("abs", "")}


@given(formula=formulas, seed=seeds, places=st.none() | st.integers(0, 5), figures=st.none() | st.integers(1, 9))
def test_the_right_answer_in_words_is_right(formula: str, seed: int, places: int | None, figures: int | None):
    question = only(formula, **{"places": places} if places is not None else {}, significant=figures)
    kind = types[KIND]
    try:
        work_out(formula, values_for(question["variables"], seed))
    except FormulaError:
        assert kind.right(question, seed) == []
        assert "cannot be worked out" in kind.grade(question, "1", seed).message
        return
    [right] = kind.right(question, seed)
    if figures and places is None and right.lstrip("-0.") != "":
        assert kind.grade(question, right, seed).fraction == 1
    if not figures:
        assert kind.grade(question, right, seed).fraction == 1


def test_the_first_values_are_those_of_seed_nought():
    assert values_for(calculated()["variables"], 0) == {"loans": Decimal(2), "fee": Decimal(3)}
    assert types[KIND].grade(calculated(), "6").fraction == 1
    assert types[KIND].right(calculated()) == ["6"]


def test_the_values_of_a_seed_never_change():
    """Written down once: attempts of years ago are shown and regraded with these."""
    values = {seed: values_for(calculated()["variables"], seed) for seed in (1, 7, 123456789)}

    assert {seed: [str(each) for each in row.values()] for seed, row in values.items()} == FOR_EVER


FOR_EVER = {1: ["21", "4.5"], 7: ["27", "4.5"], 123456789: ["40", "3"]}


@given(seed=seeds, least=st.integers(-1000, 1000), width=st.integers(0, 500), step=st.integers(1, 99))
def test_every_value_stands_on_its_grid(seed: int, least: int, width: int, step: int):
    variable = {"id": "x", "min": str(least), "max": str(least + width), "step": f"0.{step:02}"}
    value = values_for([variable], seed)["x"]

    assert values_for([variable], seed)["x"] == value
    assert least <= value <= least + width
    assert (value - least) % Decimal(variable["step"]) == 0
    assert steps_of(variable) == (width * 100) // step + 1


def test_different_seeds_use_the_whole_range():
    found = {values_for(calculated()["variables"], seed)["loans"] for seed in range(500)}

    assert found == {Decimal(each) for each in range(2, 41)}


def test_values_stand_in_every_text_and_other_braces_stay():
    stem = "{a} of {b}, {c}, {{a}}, {{local.a}}, {A}, { a }, {a.b}"
    question = only("a*b", hints=["Take {a}."], general_feedback="It was {a} × {b}.")
    kind = types[KIND]
    html = {**question_html({**question, "stem": stem}, {}), "attack": "{a}"}
    filled = kind.fill(question, html, 0)

    assert filled["stem"] == "1 of 0.5, {c}, {{a}}, {{local.a}}, {A}, { a }, {a.b}"
    assert filled["hint:0"] == "Take 1."
    assert filled["general"] == "It was 1 × 0.5."
    assert set(filled) == set(html)


def test_values_and_answers_go_with_the_seed():
    kind = types[KIND]
    seed = next(seed for seed in range(1, 100) if kind.right(calculated(), seed) != kind.right(calculated()))

    assert kind.grade(calculated(), kind.right(calculated(), seed)[0], seed).fraction == 1
    assert kind.grade(calculated(), kind.right(calculated())[0], seed).fraction == 0
    stem = kind.fill(calculated(), question_html(calculated(), {}), seed)["stem"]
    assert all(str(each) in stem for each in values_for(calculated()["variables"], seed).values())


@pytest.mark.parametrize(
    ("places", "answer", "fraction"),
    [
        (2, "0.33", 1),
        (2, "0.333333333333", 0),
        (2, "0.34", 0),
        (2, ".33", 1),
        (None, "0.3333333333", 1),
        (None, "0.33", 0),
    ],
)
def test_an_answer_is_rounded_as_asked(places: int | None, answer: str, fraction: int):
    question = only("a/3", **{} if places is None else {"places": places})

    assert types[KIND].grade(question, answer).fraction == fraction


def test_units_convert_and_are_named():
    units = [{"id": "d", "text": "days", "factor": "1"}, {"id": "w", "text": "weeks", "factor": "7"}]
    question = only("a * 7", units=units, unit_required=True)

    assert types[KIND].right(question) == ["7 days"]
    assert types[KIND].grade(question, "1 weeks").fraction == 1
    assert types[KIND].grade(question, "7").message == "The unit is missing."


@given(answer=st.integers(-200, 200), one=st.integers(0, 50), other=st.integers(0, 50), seed=seeds)
def test_a_wider_tolerance_never_earns_less(answer: int, one: int, other: int, seed: int):
    narrow, wide = (only("a * b", tolerance=str(each)) for each in sorted((one, other)))
    grade = types[KIND].grade

    assert grade(narrow, str(answer), seed).fraction <= grade(wide, str(answer), seed).fraction


@given(answer=json_values, seed=seeds)
def test_any_answer_earns_between_nothing_and_everything(answer: Any, seed: int):
    is_bounded(calculated(), answer, seed)
    is_kept(calculated(), answer)


def test_naughty_strings_do_no_harm():
    for answer in NAUGHTY:
        is_bounded(calculated(), answer)
        is_kept(calculated(), answer)


def test_a_sound_question_has_one_form():
    is_sound(calculated())
    assert types[KIND].warnings(calculated()) == []


@pytest.mark.parametrize(
    ("change", "path", "word"),
    [
        ({"variables": [{"id": "a", "values": ["1"]}] * 2}, "variables.1.id", "taken"),
        ({"variables": [{"id": "min", "values": ["1"]}]}, "variables.0.id", "function"),
        ({"variables": [{"id": "a", "min": "2", "max": "1", "step": "1"}]}, "variables.0", "step"),
        ({"variables": [{"id": "a", "min": "1", "max": "2", "step": "0"}]}, "variables.0", "step"),
        ({"formula": "a * zebra"}, "answers.0.formula", "zebra"),
        ({"formula": "a *"}, "answers.0.formula", "brackets"),
        ({"formula": "1 / (a - 9)"}, "answers.0.formula", "a = 9"),
        ({"formula": "1 / (a - 5)"}, "answers.0.formula", "a = 5"),
        ({"formula": "sqrt(b - 1)"}, "answers.0.formula", "b = 0.5"),
        (
            {"formula": "1 / a", "variables": [{"id": "a", "min": "-500", "max": "500", "step": "1"}]},
            "answers.0.formula",
            "a = 0",
        ),
    ],
)
def test_what_cannot_be_worked_out_is_a_fault(change: dict[str, Any], path: str, word: str):
    question = only(change.pop("formula", "a"), **change)
    assert problems(question_schema(), question) == []
    found = dict(types[KIND].faults(question))

    assert word in found[path]


def test_idle_variables_and_strange_braces_are_warnings():
    question = only("a", hints=["Take {a} and {zebra}."])
    question["stem"] = "What is {a}?"

    assert faults_of(question) == []
    assert [where for where, _sentence in types[KIND].warnings(question)] == ["variables.1.id", "stem"]


@pytest.mark.parametrize(
    "variable", [{"id": "A", "values": ["1"]}, {"id": "a"}, {"id": "a", "min": "1"}, {"id": "a", "values": []}]
)
def test_the_schema_refuses(variable: dict[str, Any]):
    assert problems(question_schema(), only("1", variables=[variable]))


@pytest.mark.django_db
def test_the_pages_of_a_calculated_question(trainee: User, client_of: Callable[[User], Client]):
    # A product that no row's number on the page holds by chance.
    constant = [{"id": "loans", "values": ["7"]}, {"id": "fee", "values": ["13013"]}]
    asked, answered, result = walk(client_of(trainee), calculated(variables=constant), {"answer": "90"})

    assert "What do 7 loans at 13013 cost?" in asked
    assert "91091" not in asked.partition("<main")[2] + answered.partition("<main")[2]
    assert "Your answer: not right" in result
    assert f"{SECRET} other." in result
    assert "Right would be: 91091" in result
