"""Behaviours: what an answer counts, and which of them go with which type of question."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from core.errors import Conflict
from courses.registry import kinds
from quizzes.asking import Settings
from quizzes.behaviours import CERTAINTY, behaviours
from quizzes.models import Attempt, Marking, Result, SlotMark
from quizzes.registry import types
from quizzes.services.answering import save_answer
from quizzes.services.checking import check
from quizzes.services.grading import Given, counted, finish, in_places, percent_of
from quizzes.services.marking import mark
from tests.factories.quizzes import (
    EXAMPLES,
    QUIZ,
    SECRET,
    WRONG,
    picture_of,
    publish_quiz,
    right_answer,
    single,
    slots_of,
    start_attempt,
)

fractions = st.decimals(0, 1, places=5)
PAIRS = [(behaviour, kind) for behaviour in behaviours for kind in EXAMPLES]
SENSIBLE = [pair for pair in PAIRS if pair[1] != "essay" or pair[0] in ("deferred", "exam")]
SENSIBLE = [pair for pair in SENSIBLE if pair != ("tries", "tf")]
REFUSED = [pair for pair in PAIRS if pair not in SENSIBLE]


# What an answer counts


@given(st.lists(fractions, min_size=1, max_size=10), st.integers(0, 100))
def test_more_tries_never_count_more_than_fewer_for_the_same_fraction(tries: list[Decimal], penalty: int):
    asking, last = Settings(penalty=penalty, tries=10), tries[-1]
    several = behaviours["tries"]
    at_once = several.earned([last], None, asking)

    assert Decimal(0) <= several.earned(tries, None, asking) <= 1
    wrong_before = [Decimal(0)] * (len(tries) - 1)
    assert several.earned([*wrong_before, last], None, asking) <= at_once
    assert several.earned([*wrong_before, Decimal(0), last], None, asking) <= several.earned(
        [*wrong_before, last], None, asking
    )


@given(st.lists(fractions, min_size=1, max_size=9), fractions, st.integers(0, 100))
def test_another_try_never_takes_away_what_was_earned(tries: list[Decimal], one_more: Decimal, penalty: int):
    asking = Settings(penalty=penalty)
    earned = behaviours["tries"].earned

    assert earned([*tries, one_more], None, asking) >= earned(tries, None, asking)


@given(fractions, st.sampled_from([None, 1, 2, 3]))
def test_certainty_counts_between_minus_two_and_one(fraction: Decimal, certainty: int | None):
    earned = behaviours["certainty"].earned([fraction], certainty, Settings())

    assert -2 <= earned <= 1


@pytest.mark.parametrize(("level", "right", "wrong"), [(1, 1, 0), (2, 2, -2), (3, 3, -6)])
def test_certainty_pays_as_published(level: int, right: int, wrong: int):
    earned = behaviours["certainty"].earned

    assert CERTAINTY[level] == (right, wrong)
    assert earned([Decimal(1)], level, Settings()) == Decimal(right) / 3
    assert earned([Decimal(0)], level, Settings()) == Decimal(wrong) / 3


@given(st.decimals(0, 1, places=3))
def test_honest_certainty_pays_best(chance: Decimal):
    """The level that the published marks were made for: 1 below two thirds, 2 below four fifths, else 3."""

    def expected(level: int) -> Decimal:
        right, wrong = CERTAINTY[level]
        return chance * right + (1 - chance) * wrong

    honest = 1 if chance < Decimal(2) / 3 else 2 if chance < Decimal("0.8") else 3
    assert expected(honest) == max(expected(level) for level in CERTAINTY)


@given(
    st.lists(st.tuples(st.decimals(-2, 1, places=5), st.integers(1, 100)), min_size=1, max_size=20),
)
def test_percent_is_whole_from_0_to_100_and_100_only_for_everything(rows: list[tuple[Decimal, int]]):
    earned, points = [each for each, _ in rows], [weight for _, weight in rows]
    percent = percent_of(earned, points)

    assert 0 <= percent <= 100
    assert (percent == 100) == all(each == 1 for each in earned)


def test_points_weigh():
    assert percent_of([Decimal(1), Decimal(0)], [3, 1]) == 75


def test_almost_everything_is_not_everything():
    assert in_places(Decimal("0.9999999")) == Decimal("0.99999")
    assert in_places(Decimal(1)) == 1


@pytest.mark.parametrize(
    ("tries", "standing", "counts"),
    [
        ((), None, [None]),
        ((), "a", ["a"]),
        (("a",), "a", ["a"]),
        (("a",), "b", ["a", "b"]),
        (("a",), None, ["a"]),
        (("a", "c", "d"), "b", ["a", "c", "d"]),
    ],
)
def test_a_changed_answer_that_was_not_checked_counts_as_the_next_try(tries: tuple, standing: Any, counts: list):
    assert counted(Given(answer=standing, tries=tries), "tries", Settings(tries=3)) == counts


# What goes with what


def test_every_type_has_an_example():
    assert set(EXAMPLES) == set(types)


@pytest.mark.parametrize(("behaviour", "kind"), PAIRS)
def test_the_table_of_what_goes_with_what(behaviour: str, kind: str):
    assert bool(behaviours[behaviour].refuses(types[kind])) is ((behaviour, kind) in REFUSED)


@pytest.mark.parametrize(("behaviour", "kind"), REFUSED)
def test_what_makes_no_sense_is_refused_with_the_reason(behaviour: str, kind: str):
    content = {"behaviour": behaviour, "questions": [single(), EXAMPLES[kind]()]}

    [(path, reason)] = kinds["quiz"].faults(content)
    assert path == "questions.1.type"
    assert reason == behaviours[behaviour].refuses(types[kind])
    assert len(reason.split()) > 5


def _attempt(user: User, folder: Path, behaviour: str, kind: str, **asking: Any) -> Attempt:
    media = picture_of(folder) if kind == "hotspot" else {}
    rule = {"attempts": 2} if behaviour == "exam" else {}
    course = publish_quiz(
        questions=[EXAMPLES[kind](hints=["A hint."])], rule=rule, asking={"behaviour": behaviour, **asking}, media=media
    )
    return start_attempt(user, course)


@pytest.mark.django_db
@pytest.mark.parametrize(("behaviour", "kind"), SENSIBLE)
def test_every_sensible_pair_is_taken_and_graded(
    trainee: User, instructor: User, tmp_path: Path, behaviour: str, kind: str
):
    attempt = _attempt(trainee, tmp_path, behaviour, kind)
    [slot] = slots_of(attempt)
    right, wrong = right_answer(slot), WRONG[kind]
    known = behaviours[behaviour]
    assert attempt.behaviour == behaviour
    if known.checks:
        first = check(slot=slot, answer=wrong if known.tries(Settings()) > 1 else right, client_id="laptop", seq=1)
        assert first.number == 1
        if known.tries(Settings()) > 1:
            assert check(slot=slot, answer=right, client_id="laptop", seq=2).fraction == 1
    else:
        save_answer(slot=slot, answer=right, client_id="laptop", seq=1, certainty=3 if known.certainty else None)
    result = finish(attempt=attempt)
    if types[kind].manual:
        assert result is None
        levels = {each["id"]: each["levels"][-1]["id"] for each in slot.version.content["rubric"]}
        mark(slot=slot, levels=levels, comment="Good.", marker=instructor)
        assert Marking.objects.get().fraction == 1
        result = Result.objects.get()

    assert result is not None
    assert result.percent == (67 if behaviour == "tries" else 100)
    kept = SlotMark.objects.get()
    assert (kept.fraction, kept.answer) == (1, types[kind].clean(slot.version.content, right))
    assert kept.certainty == (3 if known.certainty else None)


@pytest.mark.django_db
@pytest.mark.parametrize(("behaviour", "kind"), SENSIBLE)
def test_every_sensible_pair_is_shown_and_nothing_is_given_away_too_early(
    trainee: User, client_of: Callable[[User], Client], tmp_path: Path, behaviour: str, kind: str
):
    attempt = _attempt(trainee, tmp_path, behaviour, kind)
    [slot] = slots_of(attempt)
    save_answer(slot=slot, answer=WRONG[kind], client_id="laptop", seq=1)
    rosa = client_of(trainee)
    here = f"/courses/{attempt.enrolment.course.slug}/{QUIZ}/quiz/"

    for address in (f"{here}1/", f"{here}review/", f"/api/v1/attempts/{attempt.pk}/"):
        page = rosa.get(address)
        assert page.status_code == 200, address
        assert SECRET not in page.content.decode()
        assert "A hint." not in page.content.decode()
    finish(attempt=attempt)
    page = rosa.get(f"{here}result/")
    assert page.status_code == 200
    if behaviour == "exam" or types[kind].manual:
        assert SECRET not in page.content.decode()
    review = rosa.get(f"/api/v1/attempts/{attempt.pk}/review/").json()
    if behaviour == "exam":
        assert (review["percent"], review["passed"], review["may_see"], review["questions"]) == (None, None, [], [])


@pytest.mark.django_db
def test_a_behaviour_that_checks_nothing_says_so(trainee: User, tmp_path: Path):
    [slot] = slots_of(_attempt(trainee, tmp_path, "deferred", "single"))

    with pytest.raises(Conflict, match="handed in"):
        check(slot=slot, answer="a", client_id="laptop", seq=1)


@pytest.mark.django_db
def test_being_sure_of_nothing_costs_nothing(trainee: User, tmp_path: Path):
    attempt = _attempt(trainee, tmp_path, "certainty", "single")
    [slot] = slots_of(attempt)
    save_answer(slot=slot, answer=None, client_id="laptop", seq=1, certainty=3)
    finish(attempt=attempt)

    assert SlotMark.objects.get().earned == 0


@pytest.mark.django_db
@pytest.mark.parametrize(("level", "earned"), [(1, "0"), (2, "-0.66667"), (3, "-2")])
def test_being_sure_and_wrong_costs_and_the_quiz_is_never_below_nothing(
    trainee: User, tmp_path: Path, level: int, earned: str
):
    attempt = _attempt(trainee, tmp_path, "certainty", "single")
    [slot] = slots_of(attempt)
    save_answer(slot=slot, answer="a", client_id="laptop", seq=1, certainty=level)
    result = finish(attempt=attempt)

    assert SlotMark.objects.get().earned == Decimal(earned)
    assert result is not None
    assert result.percent == 0
