"""Date: a day of the calendar, with days before and after that count too."""

from collections.abc import Callable
from datetime import date as day
from datetime import timedelta
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
from quizzes.models import Step
from quizzes.registry import types
from tests.factories.quizzes import QUIZ, SECRET, date, essay, number, publish_quiz, shorttext
from tests.quizzes.typed import NAUGHTY, faults_of, form_of, is_bounded, is_kept, is_sound, json_values, walk

KIND = "date"


def earned(question: dict[str, Any], answer: Any) -> Decimal:
    return types[KIND].grade(question, answer).fraction


def only(value: str, **more: Any) -> dict[str, Any]:
    return date(answers=[{"id": "a", "value": value, **more}])


@pytest.mark.parametrize(
    ("answer", "fraction"),
    [
        ("2026-11-26", "1"),
        ("2026-11-25", "1"),
        ("2026-11-24", "0"),
        ("2026-11-27", "0.5"),
        ("2026-11-28", "0.5"),
        ("2026-11-29", "0"),
        ("0001-01-01", "0"),
        ("9999-12-31", "0"),
    ],
)
def test_the_first_day_within_reach_counts(answer: str, fraction: str):
    assert earned(date(), answer) == Decimal(fraction)
    assert not types[KIND].grade(date(), answer).message


def test_each_day_has_its_reply_and_all_others_have_one():
    grade = types[KIND].grade

    assert grade(date(), "2026-11-25").reasons == {"a": f"{SECRET} a."}
    assert grade(date(), "2026-11-28").reasons == {"b": f"{SECRET} b."}
    assert grade(date(), "2025-11-26").reasons == {"": f"{SECRET} other."}


@pytest.mark.parametrize(
    "answer",
    [
        "2026-02-30",
        "2026-13-01",
        "0000-01-01",
        "20261126",
        "2026-W48-4",
        "26.11.2026",
        "11/26/2026",
        "tomorrow",
        "2026-11-26T00:00",
        "2026-11-26\n",
        "２０２６-11-26",
        "NaN",
    ],
)
def test_only_days_of_the_calendar_are_taken_from_json(answer: str):
    mark = types[KIND].grade(date(), answer)

    assert mark.fraction == 0
    assert "YYYY-MM-DD" in mark.message
    if answer.strip() == answer:
        with pytest.raises(InvalidInput):
            types[KIND].clean(date(), answer)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-11-26", "2026-11-26"),
        (" 2026-11-26 ", "2026-11-26"),
        ("2026‑11‑26", "2026-11-26"),
        ("2026/11/26", "2026-11-26"),
        ("2026.1.5.", "2026-01-05"),
        ("2026 - 1 - 5", "2026-01-05"),
        ("05/06/2026", "05/06/2026"),
        ("next week", "next week"),
        ("", None),
    ],
)
def test_a_form_takes_what_is_clear(typed: str, meant: str | None):
    assert types[KIND].parse(date(), QueryDict(mutable=False).copy() | {"answer": typed}, "answer") == meant


@given(value=st.dates(), answer=st.dates(), days=st.tuples(*[st.integers(0, 3660)] * 4))
def test_more_days_around_never_earn_less(value: day, answer: day, days: tuple[int, int, int, int]):
    (before, wider_before), (after, wider_after) = sorted(days[:2]), sorted(days[2:])
    narrow = only(value.isoformat(), before=before, after=after)
    wide = only(value.isoformat(), before=wider_before, after=wider_after)

    assert earned(narrow, answer.isoformat()) <= earned(wide, answer.isoformat())


@given(value=st.dates(day(1900, 1, 1), day(2100, 1, 1)), off=st.integers(-40, 40), reach=st.integers(0, 30))
def test_the_reach_is_exact_to_the_day(value: day, off: int, reach: int):
    answer = (value + timedelta(days=off)).isoformat()

    assert (earned(only(value.isoformat(), after=reach), answer) == 1) is (0 <= off <= reach)
    assert (earned(only(value.isoformat(), before=reach), answer) == 1) is (0 <= -off <= reach)


@given(value=st.dates())
def test_the_day_itself_is_right_and_survives_a_form(value: day):
    question = only(value.isoformat())

    assert earned(question, value.isoformat()) == 1
    assert form_of(question, value.isoformat()) == value.isoformat()


@given(answer=json_values)
def test_any_answer_earns_between_nothing_and_everything(answer: Any):
    is_bounded(date(), answer)
    is_kept(date(), answer)


def test_naughty_strings_do_no_harm():
    for answer in NAUGHTY:
        is_bounded(date(), answer)
        is_kept(date(), answer)


def test_a_sound_question_has_one_form():
    is_sound(date())
    spelled = date()
    spelled["answers"][1] |= {"before": 0}
    assert types[KIND].snapshot(spelled) == types[KIND].snapshot(date())


@pytest.mark.parametrize(
    ("answers", "path"),
    [
        ([{"id": "a", "value": "2026-02-29"}], "answers.0.value"),
        ([{"id": "a", "value": "2026-02-28", "share": "50"}], "answers"),
        ([{"id": "a", "value": "2026-02-28"}, {"id": "a", "value": "2026-02-27"}], "answers.1.id"),
    ],
)
def test_what_nobody_could_get_right_is_a_fault(answers: list[dict[str, Any]], path: str):
    assert path in faults_of(date(answers=answers))


@pytest.mark.parametrize(
    "answer", [{"value": "26.11.2026"}, {"value": "2026-11-26", "before": -1}, {"value": "2026-11-26", "after": 1.5}]
)
def test_the_schema_refuses(answer: dict[str, Any]):
    assert problems(question_schema(), date(answers=[{"id": "a", **answer}]))


def test_what_is_right_and_said_in_words():
    kind = types[KIND]

    assert kind.right(date()) == ["Thursday, 26 November 2026"]
    assert kind.said(date(), "2026-11-28") == ["Saturday, 28 November 2026"]
    assert kind.responses(date(), "2026-11-28") == [("2026-11-28", "Saturday, 28 November 2026")]
    assert kind.responses(date(), None) == []


@pytest.mark.django_db
def test_the_pages_of_a_date(trainee: User, client_of: Callable[[User], Client]):
    asked, answered, result = walk(client_of(trainee), date(), {"answer": "2026/11/30"})

    assert "2026-11-26" not in asked + answered
    assert 'type="date"' in asked
    assert 'value="2026-11-30"' in answered
    assert "Your answer: not right" in result
    assert f"{SECRET} other." in result
    assert "Right would be: Thursday, 26 November 2026" in result


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("question", "answer", "words"),
    [
        (date(), "tomorrow", "This is no day of the calendar."),
        (date(), "31/12/2026", "This is no day of the calendar."),
        (date(), "9" * 10_000, "Write at most 40 characters."),
        (number(), "9" * 10_000, "Write at most 1000 characters."),
        (shorttext(), "x" * 1001, "Write at most 1000 characters."),
        (essay(), "x" * 20_001, "Write at most 20000 characters."),
    ],
    ids=["words", "day first", "long date", "long number", "long words", "long text"],
)
def test_what_a_form_cannot_take_is_said_beside_the_field(
    trainee: User, client_of: Callable[[User], Client], question: dict[str, Any], answer: str, words: str
):
    course = publish_quiz(questions=[question])
    here = f"/courses/{course.slug}/{QUIZ}"
    rosa = client_of(trainee)
    rosa.post(f"{here}/do/start/")
    refused = rosa.post(f"{here}/quiz/1/", {"answer": answer, "shown": ""})
    page = refused.content.decode()

    assert 400 <= refused.status_code < 500
    assert words in page
    assert 'aria-describedby="answer-error' in page
    assert not Step.objects.exists()
