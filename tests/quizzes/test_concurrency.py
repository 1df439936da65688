"""What happens at the same moment, with real connections: one attempt, one grading, no acknowledged answer lost."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from core import clock
from core.errors import Conflict
from quizzes import jobs
from quizzes.models import Attempt, Marking, Result, SlotMark, Step, Try
from quizzes.services import grading
from quizzes.services.answering import AttemptFinished, QuestionClosed, save_answer
from quizzes.services.checking import check
from quizzes.services.grading import finish
from quizzes.services.marking import mark
from tests.factories.quizzes import answer_all, essay, publish_quiz, single, slots_of, start_attempt

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
AT_ONCE = 8


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run every act in a thread and connection of its own, from the same moment on; an exception is a result."""
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            gate.wait(timeout=30)
            return act()
        except Exception as problem:  # what a thread raises is lost otherwise; the tests look at it
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


def test_many_checks_of_one_answer_are_one_try(trainee: User):
    course = publish_quiz(questions=[single()], asking={"behaviour": "tries"})
    [slot] = slots_of(start_attempt(trainee, course))
    checked = at_once(*[lambda: check(slot=slot, answer="a", client_id="laptop", seq=1)] * AT_ONCE)

    assert {type(each) for each in checked} == {Try}, checked
    assert Try.objects.count() == 1


def test_checks_on_several_devices_never_make_more_tries_than_there_are(trainee: User):
    course = publish_quiz(questions=[single()], asking={"behaviour": "tries", "tries": {"most": 2}})
    [slot] = slots_of(start_attempt(trainee, course))
    checked = at_once(
        *[
            lambda name=name, answer=answer: check(slot=slot, answer=answer, client_id=name, seq=1)
            for name, answer in zip("abcdef", "acdacd", strict=True)
        ]
    )

    assert all(isinstance(each, Try | Conflict) for each in checked), checked
    assert 1 <= Try.objects.count() <= 2
    assert sum(isinstance(each, Try) for each in checked) >= 1


def test_an_answer_that_meets_a_check_counts_or_is_told(trainee: User):
    course = publish_quiz(questions=[single()], asking={"behaviour": "immediate"})
    [slot] = slots_of(start_attempt(trainee, course))
    checked, saved = at_once(
        lambda: check(slot=slot, answer="a", client_id="aaa", seq=1),
        lambda: save_answer(slot=slot, answer="b", client_id="bbb", seq=2),
    )
    result = finish(attempt=Attempt.objects.get(pk=slot.attempt_id))

    assert result is not None
    if isinstance(saved, QuestionClosed):
        assert (result.percent, isinstance(checked, Try)) == (0, True)
    else:
        assert saved.stands


def test_two_workers_hand_in_what_is_overdue_once(trainee: User, supervisor: User, manager: User):
    course = publish_quiz(asking={"time_limit": 1, "grace": 0})
    for person in (trainee, supervisor, manager):
        answer_all(start_attempt(person, course))
    Attempt.objects.update(closes_at=clock.now())
    counted = at_once(*[jobs.hand_in_overdue] * 4)

    assert all(isinstance(each, int) for each in counted), counted
    assert sorted(Result.objects.values_list("attempt__learner__name", "number", "percent")) == [
        ("Gwen Adeyemi", 1, 100),
        ("Marcus Oyelaran", 1, 100),
        ("Rosa Delgado", 1, 100),
    ]


def test_two_markers_of_the_last_two_texts_grade_the_attempt_once(trainee: User, instructor: User, manager: User):
    attempt = start_attempt(trainee, publish_quiz(questions=[essay("E-1"), essay("E-2")]))
    answer_all(attempt, {"essay": "A text."})
    finish(attempt=attempt)
    levels = {"facts": "l2", "tone": "l3"}
    markers = zip(slots_of(attempt), (instructor, manager), strict=True)
    marked = at_once(
        *[lambda slot=slot, who=who: mark(slot=slot, levels=levels, comment="", marker=who) for slot, who in markers]
    )

    assert {type(each) for each in marked} == {Marking}, marked
    assert Result.objects.get().percent == 100


def test_two_markers_of_one_text_are_told_who_was_first(trainee: User, instructor: User, manager: User):
    attempt = start_attempt(trainee, publish_quiz(questions=[essay()]))
    answer_all(attempt, {"essay": "A text."})
    finish(attempt=attempt)
    [slot] = slots_of(attempt)
    levels = {"facts": "l2", "tone": "l3"}
    marked = at_once(
        *[lambda who=who: mark(slot=slot, levels=levels, comment="", marker=who) for who in (instructor, manager)]
    )

    assert {type(each) for each in marked} == {Marking, Conflict}, marked
    assert (Marking.objects.count(), Result.objects.count()) == (1, 1)
