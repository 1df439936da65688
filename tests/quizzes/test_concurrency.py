"""What happens at the same moment, with real connections: one attempt, one grading, no acknowledged answer lost."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from quizzes.models import Attempt, Result, SlotMark, Step
from quizzes.services import grading
from quizzes.services.answering import AttemptFinished, save_answer
from quizzes.services.grading import finish
from tests.factories.quizzes import answer_all, publish_quiz, single, slots_of, start_attempt

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
AT_ONCE = 8


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run every act in a thread and connection of its own, from the same moment on; an exception is a result."""
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            gate.wait(timeout=30)
            return act()
        except Exception as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_many_starts_make_one_attempt(trainee: User):
    course = publish_quiz()
    started = at_once(*[lambda: start_attempt(trainee, course)] * AT_ONCE)

    assert {type(each) for each in started} == {Attempt}, started
    assert len({each.pk for each in started}) == 1
    assert started[0].slots.count() == 3
    assert Attempt.objects.count() == 1


def test_many_hand_ins_make_one_grading(trainee: User):
    attempt = start_attempt(trainee, publish_quiz())
    answer_all(attempt)
    results = at_once(*[lambda: finish(attempt=Attempt.objects.get(pk=attempt.pk))] * AT_ONCE)

    assert {type(each) for each in results} == {Result}, results
    assert {each.percent for each in results} == {100}
    assert (Result.objects.count(), SlotMark.objects.count()) == (1, 3)


def test_the_same_answer_sent_many_times_is_one_step(trainee: User):
    [slot] = slots_of(start_attempt(trainee, publish_quiz(questions=[single()])))
    told = at_once(*[lambda: save_answer(slot=slot, answer="b", client_id="laptop", seq=1)] * AT_ONCE)

    assert [each.stands for each in told] == [True] * AT_ONCE
    assert Step.objects.count() == 1


@pytest.mark.parametrize("attempt_number", range(5))
def test_an_answer_acknowledged_while_the_quiz_is_handed_in_counts(trainee: User, attempt_number: int):
    attempt = start_attempt(trainee, publish_quiz(questions=[single(f"Q-{n}") for n in range(AT_ONCE)]))
    slots = slots_of(attempt)
    saves: Sequence[Callable[[], Any]] = [
        lambda slot=slot: save_answer(slot=slot, answer="b", client_id="laptop", seq=1) for slot in slots
    ]
    *told, result = at_once(*saves, lambda: finish(attempt=Attempt.objects.get(pk=attempt.pk)))

    assert isinstance(result, Result), result
    counted = dict(SlotMark.objects.values_list("slot_id", "answer"))
    for slot, each in zip(slots, told, strict=True):
        if isinstance(each, AttemptFinished):
            continue
        assert each.stands, each
        assert counted[slot.pk] == "b"


def test_an_answer_that_comes_while_grading_has_read_the_answers_is_refused(
    trainee: User, monkeypatch: pytest.MonkeyPatch
):
    """The narrow moment: handed in but not committed, answers read but not graded."""
    [slot] = slots_of(start_attempt(trainee, publish_quiz(questions=[single()])))
    has_read, read = threading.Event(), grading.newest_steps

    def read_slowly(slots: Any) -> Any:
        steps = read(slots)
        has_read.set()
        time.sleep(1)
        return steps

    def save_then() -> Any:
        connection.ensure_connection()
        assert has_read.wait(timeout=30)
        return save_answer(slot=slot, answer="b", client_id="laptop", seq=1)

    monkeypatch.setattr(grading, "newest_steps", read_slowly)
    result, told = at_once(lambda: finish(attempt=Attempt.objects.get(pk=slot.attempt_id)), save_then)

    assert isinstance(result, Result), result
    assert isinstance(told, AttemptFinished), repr(told)
    assert SlotMark.objects.get().answer is None
