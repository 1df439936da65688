"""Handing in: once, whole, in one transaction."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from courses.services.publishing import publish_preview
from quizzes.models import Attempt, Result, SlotMark
from quizzes.services.answering import save_answer
from quizzes.services.attempting import start
from quizzes.services.grading import finish, percent_of
from quizzes.signals import attempt_graded
from tests.factories.quizzes import RIGHT, WRONG, answer_all, player_of, publish_quiz, slots_of, start_attempt


@pytest.fixture
def graded():
    """What receivers of ``attempt_graded`` heard."""
    heard: list[tuple[Attempt, Result]] = []

    def listen(sender, attempt, result, **kwargs):
        heard.append((attempt, result))

    attempt_graded.connect(listen)
    yield heard
    attempt_graded.disconnect(listen)


@pytest.mark.django_db
def test_handing_in_grades_every_question_and_tells(trainee: User, graded: list):
    attempt = start_attempt(trainee, publish_quiz())
    first, second, _third = slots_of(attempt)
    save_answer(slot=first, answer="b", client_id="laptop", seq=1)
    save_answer(slot=second, answer=["a", "b"], client_id="laptop", seq=1)
    result = finish(attempt=attempt)

    assert (result.percent, result.passed) == (56, False)  # (1 + 2/3 + 0) / 3
    marks = dict(SlotMark.objects.values_list("slot__position", "fraction"))
    assert marks == {1: Decimal(1), 2: Decimal("0.66667"), 3: Decimal(0)}
    assert SlotMark.objects.get(slot__position=3).answer is None
    assert graded == [(attempt, result)]
    attempt.refresh_from_db()
    assert attempt.finished_at is not None


@pytest.mark.django_db
def test_a_second_handing_in_returns_the_result_that_stands(trainee: User, graded: list):
    attempt = start_attempt(trainee, publish_quiz())
    answer_all(attempt)
    first = finish(attempt=attempt)

    assert finish(attempt=Attempt.objects.get(pk=attempt.pk)) == first
    assert (Result.objects.count(), SlotMark.objects.count(), len(graded)) == (1, 3, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(("answers", "passed"), [(RIGHT, True), (WRONG, False)])
def test_the_pass_mark_of_the_edition_decides(trainee: User, answers: dict, passed: bool):
    attempt = start_attempt(trainee, publish_quiz(rule={"pass_mark": 100}))
    answer_all(attempt, answers)

    assert finish(attempt=attempt).passed is passed


@pytest.mark.django_db
def test_the_newest_answer_is_the_one_graded(trainee: User):
    attempt = start_attempt(trainee, publish_quiz())
    slot = slots_of(attempt)[0]
    save_answer(slot=slot, answer="b", client_id="phone", seq=9)
    save_answer(slot=slot, answer="a", client_id="laptop", seq=2)
    finish(attempt=attempt)

    assert SlotMark.objects.get(slot=slot).answer == "b"


@pytest.mark.django_db
def test_a_failing_receiver_takes_the_handing_in_back(trainee: User):
    attempt = start_attempt(trainee, publish_quiz())

    def fail(sender, **kwargs):
        raise RuntimeError("no")

    attempt_graded.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            finish(attempt=attempt)
    finally:
        attempt_graded.disconnect(fail)
    attempt.refresh_from_db()
    assert attempt.finished_at is None
    assert not Result.objects.exists()


@pytest.mark.django_db
def test_a_preview_is_graded_and_tells_nobody(instructor: User, graded: list):
    course = publish_quiz(owner=instructor)
    edition = publish_preview(course=course, actor=instructor)
    attempt = start(player=player_of(instructor, course, token=edition.token), learner=instructor)
    answer_all(attempt)

    assert attempt.purpose == Attempt.Purpose.PREVIEW
    assert attempt.enrolment is None
    assert finish(attempt=attempt).percent == 100
    assert graded == []


@given(st.lists(st.decimals(0, 1, places=5), min_size=1, max_size=30))
def test_percent_is_whole_bounded_and_hundred_only_for_everything(fractions: list[Decimal]):
    percent = percent_of(fractions)

    assert 0 <= percent <= 100
    assert (percent == 100) == all(each == 1 for each in fractions)


def test_percent_rounds_halves_up():
    assert percent_of([Decimal(1)] * 7 + [Decimal(0)]) == 88
    assert percent_of([]) == 0
