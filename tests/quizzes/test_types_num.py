"""Number: read as people write it, judged exactly, in any unit; nonsense is wrong and says why."""

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
from quizzes.types.numbers import read
from tests.factories.quizzes import SECRET, number
from tests.quizzes.typed import HUGE, NAUGHTY, faults_of, is_bounded, is_kept, is_sound, json_values, walk

KIND = "num"
DAYS, WEEKS = {"id": "d", "text": "days", "factor": "1"}, {"id": "w", "text": "weeks", "factor": "7"}

numbers = st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, places=4)
tolerances = st.decimals(min_value=0, max_value=10**6, places=3)


def only(value: str, **more: Any) -> dict[str, Any]:
    """A question with one accepted answer and no units; what belongs to the answer goes there."""
    own = {key: more.pop(key) for key in ("tolerance", "relative", "share") if key in more}
    plain = number(answers=[{"id": "a", "value": value, **own}], **more)
    return plain if "units" in more else {key: each for key, each in plain.items() if key != "units"}


def earned(question: dict[str, Any], answer: Any) -> Decimal:
    return types[KIND].grade(question, answer).fraction


@pytest.mark.parametrize(
    ("typed", "values", "unit"),
    [
        ("12", ["12"], ""),
        ("12.", ["12"], ""),
        (".5", ["0.5"], ""),
        (",5", ["0.5"], ""),
        ("12,5 days", ["12.5"], "days"),
        ("12.5days", ["12.5"], "days"),
        ("$ 12.50", ["12.5"], "$"),
        ("12.50 €", ["12.5"], "€"),
        ("1 234.5", ["1234.5"], ""),
        ("1\u2009234,5", ["1234.5"], ""),
        ("1\u202f234\u202f567", ["1234567"], ""),
        ("1\u00a0234", ["1234"], ""),
        ("1,234.5", ["1234.5"], ""),
        ("1.234,5", ["1234.5"], ""),
        ("1'234.5", ["1234.5"], ""),
        ("1’234", ["1234"], ""),
        ("1,234,567", ["1234567"], ""),
        ("1.234.567", ["1234567"], ""),
        ("1,234", ["1.234", "1234"], ""),
        ("0,125", ["0.125"], ""),
        ("1.234", ["1.234"], ""),
        ("1.5e3", ["1500"], ""),
        ("1.5E-3 kg", ["0.0015"], "kg"),
        ("1.5 × 10^3", ["1500"], ""),
        ("1,5·10⁻³", ["0.0015"], ""),
        ("2*10**2", ["200"], ""),
        ("−3", ["-3"], ""),
        ("– 3", ["-3"], ""),
        ("-3", ["-3"], ""),
        ("+ 3", ["3"], ""),
        ("\uff11\uff12", ["12"], ""),
        ("١٢٫٥", ["12.5"], ""),
        ("12 %", ["12"], "%"),
        ("5 km/h", ["5"], "km/h"),
        ("007", ["7"], ""),
    ],
)
def test_numbers_are_read_as_people_write_them(typed: str, values: list[str], unit: str):
    reading = read(typed)

    assert reading is not None
    assert (list(reading.values), reading.unit) == ([Decimal(each) for each in values], unit)


@pytest.mark.parametrize("typed", [*HUGE, "", "days", "1..2", "1,2,3", "12 34 567", "--3", "1e", ".", ",", "e5", "+-1"])
def test_what_is_no_number_is_wrong_and_says_so(typed: str):
    mark = types[KIND].grade(number(), typed)

    assert mark.fraction == 0
    assert mark.message


@pytest.mark.parametrize(
    ("answer", "fraction"),
    [
        ("28.5", "1"),
        ("28,5 days", "1"),
        ("29", "1"),
        ("28", "1"),
        ("27.999999", "0.5"),
        ("29.0000001", "0.5"),
        ("31.35", "0.5"),
        ("31.351", "0"),
        ("4 weeks", "1"),
        ("4 Weeks.", "1"),
        ("4", "0"),
        ("-28.5", "0"),
    ],
)
def test_the_first_answer_within_reach_counts_in_any_unit(answer: str, fraction: str):
    assert earned(number(), answer) == Decimal(fraction)


def test_each_answer_has_its_reply_and_all_others_have_one():
    grade = types[KIND].grade

    assert grade(number(), "28.5").reasons == {"a": f"{SECRET} a."}
    assert grade(number(), "30").reasons == {"b": f"{SECRET} b."}
    assert grade(number(), "1").reasons == {"": f"{SECRET} other."}


def test_a_comma_before_three_digits_is_read_both_ways():
    assert earned(only("1234"), "1,234") == earned(only("1.234"), "1,234") == 1
    assert earned(only("1234"), "1.234") == 0


@pytest.mark.parametrize(
    ("answer", "fraction", "word"),
    [("28 days", 1, ""), ("28", 0, "missing"), ("28 moons", 0, "moons"), ("4 weeks", 1, "")],
)
def test_a_unit_that_is_asked_for_must_be_there(answer: str, fraction: int, word: str):
    mark = types[KIND].grade(only("28", units=[DAYS, WEEKS], unit_required=True), answer)

    assert mark.fraction == fraction
    assert word in mark.message
    assert bool(word) == bool(mark.message)


def test_without_units_a_number_stands_alone():
    assert earned(only("28"), "28") == 1
    assert "without a unit" in types[KIND].grade(only("28"), "28 weeks").message


def test_capitals_of_a_unit_count_when_two_units_differ_in_them_alone():
    units = [{"id": "m", "text": "mW", "factor": "1"}, {"id": "g", "text": "MW", "factor": "1000000000"}]

    assert earned(only("5", units=units), "5 mW") == 1
    assert earned(only("5", units=units), "5 MW") == 0
    assert earned(only("5", units=units), "5 mw") == 0
    assert earned(only("5", units=units[:1]), "5 MW") == 1


@pytest.mark.parametrize(
    ("value", "figures", "answer", "fraction"),
    [
        ("12.345", 3, "12.3", 1),
        ("12.345", 3, "12.4", 0),
        ("12.345", 3, "12.345", 0),
        ("12.345", 3, "12", 0),
        ("12.345", 3, "1.23e1", 1),
        ("12", 3, "12.0", 1),
        ("0.01234", 2, "0.012", 1),
        ("0.01234", 2, "0.0120", 0),
        ("1234", 2, "1200", 1),
        ("1200", 4, "1200", 1),
        ("1200", 1, "1000", 1),
        ("9.99", 2, "10", 1),
        ("0", 3, "0", 1),
        ("0.0004", 3, "0", 0),
    ],
)
def test_significant_figures(value: str, figures: int, answer: str, fraction: int):
    mark = types[KIND].grade(only(value, significant=figures), answer)

    assert mark.fraction == fraction, mark.message


@given(value=numbers)
def test_the_number_itself_is_right_however_it_is_spelled(value: Decimal):
    question = only(format(value, "f"))
    [right] = types[KIND].right(question)

    for spelled in (format(value, "f"), format(value, "f").replace("-", "−"), f"{value:E}", right):
        assert earned(question, spelled) == 1, spelled


@given(value=numbers.filter(bool), figures=st.integers(1, 12))
def test_the_right_answer_in_words_is_right_with_significant_figures(value: Decimal, figures: int):
    question = only(format(value, "f"), significant=figures)
    [right] = types[KIND].right(question)

    assert earned(question, right) == 1


@given(value=numbers, answer=numbers, one=tolerances, other=tolerances, relative=st.booleans())
def test_a_wider_tolerance_never_earns_less(
    value: Decimal, answer: Decimal, one: Decimal, other: Decimal, relative: bool
):
    narrow, wide = (
        only(format(value, "f"), tolerance=format(each, "f"), relative=relative) for each in sorted((one, other))
    )

    assert earned(narrow, str(answer)) <= earned(wide, str(answer))


@given(value=numbers, off=tolerances, tolerance=tolerances)
def test_the_tolerance_is_exact(value: Decimal, off: Decimal, tolerance: Decimal):
    question = only(format(value, "f"), tolerance=format(tolerance, "f"))

    for answer in (value + off, value - off):
        assert (earned(question, format(answer, "f")) == 1) is (off <= tolerance)


@given(answer=json_values, figures=st.none() | st.integers(1, 15), unit_required=st.booleans())
def test_any_answer_earns_between_nothing_and_everything(answer: Any, figures: int | None, unit_required: bool):
    question = number(significant=figures, unit_required=unit_required)
    is_bounded(question, answer)
    is_kept(question, answer)


@given(text=st.text(st.sampled_from("0123456789., '-−+eE×^*10³ dw%$"), max_size=40))
def test_texts_that_look_like_numbers_do_no_harm(text: str):
    is_bounded(number(significant=3), text)
    is_bounded(number(), text)


def test_naughty_strings_do_no_harm():
    for answer in [*HUGE, *NAUGHTY]:
        is_bounded(number(), answer)
        is_kept(number(), answer)


@pytest.mark.parametrize("answer", ["9" * 1001, 5, 5.5, True, ["5"]])
def test_what_is_no_text_or_too_long_is_refused(answer: Any):
    with pytest.raises(InvalidInput):
        types[KIND].clean(number(), answer)


@pytest.mark.parametrize("more", [{}, {"units": [DAYS]}, {"unit_required": True}, {"significant": 3}])
def test_a_sound_question_has_one_form(more: dict[str, Any]):
    is_sound(number(**more))


def test_what_is_as_usual_is_left_out_of_the_canonical_question():
    spelled = number(unit_required=False)
    spelled["answers"][0] |= {"share": "100", "relative": False}

    assert types[KIND].snapshot(spelled) == types[KIND].snapshot(number())


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"answers": [{"id": "a", "value": "1"}, {"id": "a", "value": "2"}]}, "answers.1.id"),
        ({"answers": [{"id": "a", "value": "1", "share": "99"}]}, "answers"),
        ({"units": [DAYS, {**WEEKS, "id": "d"}]}, "units.1.id"),
        ({"units": [DAYS, {**WEEKS, "text": "days "}]}, "units.1.text"),
        ({"units": [DAYS, {**WEEKS, "factor": "0"}]}, "units.1.factor"),
        ({"units": [WEEKS]}, "units"),
        ({"units": [], "unit_required": True}, "unit_required"),
    ],
)
def test_what_nobody_could_get_right_is_a_fault(more: dict[str, Any], path: str):
    assert path in faults_of(number(**more))


@pytest.mark.parametrize(
    "more",
    [
        {"answers": [{"id": "a", "value": "NaN"}]},
        {"answers": [{"id": "a", "value": "1,5"}]},
        {"answers": [{"id": "a", "value": 1.5}]},
        {"answers": [{"id": "a", "value": "1", "tolerance": "-1"}]},
        {"significant": 0},
        {"units": [{"id": "a", "text": "days", "factor": "-1"}]},
    ],
)
def test_the_schema_refuses(more: dict[str, Any]):
    assert problems(question_schema(), number(**more))


def test_what_is_right_and_said_in_words():
    kind = types[KIND]

    assert kind.right(number()) == ["28.5 days"]
    assert kind.right(only("12", significant=3)) == ["12.0"]
    assert kind.said(number(), "28,5  days") == ["28,5  days"]
    assert kind.responses(number(), "28,50 Days") == [("28.5 days", "28.5 days")]
    assert kind.responses(number(), "About 28") == [("28 about", "28 about")]
    assert kind.responses(number(), "No idea") == [("no idea", "no idea")]


@pytest.mark.django_db
def test_the_pages_of_a_number(trainee: User, client_of: Callable[[User], Client]):
    asked, answered, result = walk(client_of(trainee), number(), {"answer": "30 days"})

    assert "28.5" not in asked + answered
    assert "Units you may use: days, weeks." in asked
    assert 'value="30 days"' in answered
    assert "Your answer: partly right" in result
    assert f"{SECRET} b." in result
    assert "Right would be: 28.5 days" in result
