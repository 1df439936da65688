"""Questions that are drawn: as many as the pool says, those first that this person has not seen."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from courses.registry import kinds
from courses.shapes import problems
from quizzes.models import Attempt, PartQuestion
from quizzes.services.attempting import Candidate, draw
from quizzes.services.grading import finish
from tests.factories.quizzes import calculated, publish_quiz, single, slots_of, start_attempt

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def candidates(count: int) -> list[Candidate]:
    return [Candidate(number, number, "single", number, 1) for number in range(1, count + 1)]


histories = st.dictionaries(
    st.integers(1, 12),
    st.tuples(st.integers(1, 4), st.integers(0, 500).map(lambda days: NOW + dt.timedelta(days=days))),
    max_size=12,
)


@given(histories, st.integers(1, 12))
def test_who_is_drawn_was_never_seen_more_often_or_later_than_who_is_not(seen: dict, count: int):
    pool = candidates(12)
    drawn = draw(pool, count, seen)
    left = [each for each in pool if each not in drawn]

    def history(each: Candidate) -> tuple[int, dt.datetime]:
        return seen.get(each.question_id, (0, NOW - dt.timedelta(days=1)))

    assert len(drawn) == len(set(drawn)) == count
    assert all(history(one) <= history(other) for one in drawn for other in left)


def test_among_equals_chance_decides():
    drawn = {tuple(sorted(each.position for each in draw(candidates(12), 3, {}))) for _time in range(60)}

    assert len(drawn) > 10


def uids(attempt: Attempt) -> list[str]:
    return [slot.version.content["uid"] for slot in slots_of(attempt)]


@pytest.fixture
def pooled(db: Any) -> dict[str, Any]:
    """One fixed question, then two of six."""
    questions = [single("Q-fixed"), *(single(f"Q-{n}") for n in range(6))]
    pools = [{"draw": 2, "of": [f"Q-{n}" for n in range(6)]}]
    return {"questions": questions, "asking": {"pools": pools}}


@pytest.mark.django_db
def test_fixed_questions_are_always_asked_and_pools_draw(trainee: User, pooled: dict[str, Any]):
    course = publish_quiz(**pooled)
    attempt = start_attempt(trainee, course)

    assert PartQuestion.objects.filter(course=course, pool=1).count() == 6
    assert uids(attempt)[0] == "Q-fixed"
    assert len(set(uids(attempt))) == 3
    assert [slot.position for slot in slots_of(attempt)] == [1, 2, 3]


@pytest.mark.django_db
def test_three_attempts_see_everything_once_before_anything_twice(trainee: User, pooled: dict[str, Any]):
    course = publish_quiz(**pooled)
    seen: list[str] = []
    for _attempt in range(3):
        attempt = start_attempt(trainee, course)
        seen += uids(attempt)[1:]
        finish(attempt=attempt)

    assert sorted(seen) == [f"Q-{n}" for n in range(6)]
    fourth = uids(start_attempt(trainee, course))[1:]
    assert set(fourth) == set(seen[:2])


@pytest.mark.django_db
def test_what_others_saw_does_not_matter(trainee: User, supervisor: User, pooled: dict[str, Any]):
    course = publish_quiz(**pooled)
    seen: list[str] = []
    for _attempt in range(3):
        finish(attempt=start_attempt(supervisor, course))
        attempt = start_attempt(trainee, course)
        seen += uids(attempt)[1:]
        finish(attempt=attempt)

    assert sorted(seen) == [f"Q-{n}" for n in range(6)]


@pytest.mark.django_db
def test_an_attempt_keeps_its_questions_and_their_order(trainee: User):
    questions = [single(f"Q-{n}") for n in range(10)]
    course = publish_quiz(questions=questions, asking={"shuffle_questions": True})
    orders = set()
    for _attempt in range(4):
        attempt = start_attempt(trainee, course)
        order = uids(attempt)
        assert uids(start_attempt(trainee, course)) == order
        assert sorted(order) == sorted(each["uid"] for each in questions)
        orders.add(tuple(order))
        finish(attempt=attempt)

    assert len(orders) > 1


@pytest.mark.django_db
def test_what_is_calculated_varies_even_where_nothing_is_shuffled(trainee: User):
    course = publish_quiz(questions=[single(), calculated()], shuffle=False)
    plain, varied = slots_of(start_attempt(trainee, course))

    assert plain.seed == 0
    assert varied.seed > 0


# What is wrong with pools


def faults(**more: Any) -> list[tuple[str, str]]:
    return kinds["quiz"].faults({"questions": [single(f"Q-{n}") for n in range(4)], **more})


@pytest.mark.parametrize(
    ("pools", "where"),
    [
        ([{"draw": 3, "of": ["Q-0", "Q-1"]}], "pools.0.draw"),
        ([{"draw": 1, "of": ["Q-0", "Q-9"]}], "pools.0.of"),
        ([{"draw": 1, "of": ["Q-0", "Q-1"]}, {"draw": 1, "of": ["Q-1", "Q-2"]}], "pools.1.of"),
    ],
)
def test_pools_that_cannot_be_drawn_are_refused(pools: list[dict[str, Any]], where: str):
    assert [path for path, _sentence in faults(pools=pools)] == [where]


def test_sound_pools_are_kept_in_one_form():
    kind = kinds["quiz"]
    source = kind.snapshot(
        {"questions": [single("Q-1"), single("Q-0")], "pools": [{"draw": 1, "of": ["Q-1", "Q-0"]}]}, {}
    )

    assert source["pools"] == [{"draw": 1, "of": ["Q-0", "Q-1"]}]
    assert kind.snapshot(source, {}) == source
    assert kind.summary(source) == "Quiz, 1 question"
    assert kind.render(source)["questions"] == 1
    assert problems(kind.content_schema, source) == []
