"""Time: the server's clock ends an attempt, with grace and extra time; what comes later is kept and does not count."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from accounts.models import Organisation, User
from config.celery import app
from core import clock
from core.errors import InvalidInput
from quizzes import jobs
from quizzes.asking import Settings
from quizzes.models import Attempt, ExtraTime, Result, SlotMark, Step
from quizzes.services import grading
from quizzes.services.answering import AttemptFinished, save_answer
from quizzes.services.attempting import NoAttemptsLeft, QuizOver, TooEarly, start
from quizzes.services.grading import finish
from quizzes.services.granting import give_extra_time
from quizzes.services.timing import limits, overdue, settle
from tests.factories.quizzes import QUIZ, answer_all, player_of, publish_quiz, single, slots_of, start_attempt
from tests.support import count_statements

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 3, 2, 15, 0, tzinfo=dt.UTC)


@pytest.fixture
def time():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def timed(user: User, minutes: int = 10, rule: dict[str, Any] | None = None, **asking: Any) -> Attempt:
    course = publish_quiz(questions=[single()], rule=rule, asking={"time_limit": minutes, **asking})
    return start_attempt(user, course)


def later(**given: int) -> dt.datetime:
    return START + dt.timedelta(**given)


def test_an_attempt_knows_when_its_time_is_up(trainee: User, time: Any):
    attempt = timed(trainee)

    assert (attempt.due_at, attempt.closes_at) == (later(minutes=10), later(minutes=10, seconds=30))


def test_a_quiz_without_a_clock_never_ends_by_itself(trainee: User):
    attempt = start_attempt(trainee, publish_quiz())

    assert (attempt.due_at, attempt.closes_at) == (None, None)


def test_an_attempt_ends_with_the_last_day_in_the_zone_of_the_library(trainee: User, library: Organisation, time: Any):
    attempt = start_attempt(
        trainee, publish_quiz(organisation=library, asking={"closes_on": "2026-03-02", "time_limit": 600})
    )

    end_in_chicago = dt.datetime(2026, 3, 3, 5, 59, 59, tzinfo=dt.UTC)
    assert attempt.due_at == later(minutes=600)
    time.move_to(later(hours=10))
    finish(attempt=attempt)
    short = start_attempt(trainee, attempt.enrolment.course)
    assert (short.due_at, short.closes_at) == (end_in_chicago, end_in_chicago)


@pytest.mark.parametrize("percent", [0, 25, 50, 100])
def test_extra_time_lengthens_the_limit_and_not_the_grace(percent: int):
    found = limits(Settings(time_limit=40, grace=60), started=START, closing=None, percent=percent)

    assert found.due_at == later(minutes=40 + 40 * percent // 100)
    assert found.closes_at == found.due_at + dt.timedelta(seconds=60)


@pytest.mark.parametrize(("seconds", "counts"), [(0, True), (630, True), (631, False), (900, False)])
def test_the_servers_clock_decides_and_the_answer_is_kept_either_way(
    trainee: User, time: Any, seconds: int, counts: bool
):
    [slot] = slots_of(timed(trainee))
    time.move_to(later(seconds=seconds))
    if counts:
        assert save_answer(slot=slot, answer="b", client_id="laptop", seq=1).stands
    else:
        with pytest.raises(AttemptFinished, match="time was up.*kept.*does not count"):
            save_answer(slot=slot, answer="b", client_id="laptop", seq=1)
    time.move_to(later(hours=1))

    assert list(Step.objects.values_list("answer", "late")) == [("b", not counts)]
    assert settle(slot.attempt).finished_at is not None
    assert Result.objects.get().percent == (100 if counts else 0)


def test_what_was_saved_in_time_is_acknowledged_again_later(trainee: User, time: Any):
    [slot] = slots_of(timed(trainee))
    save_answer(slot=slot, answer="b", client_id="laptop", seq=1)
    time.move_to(later(minutes=11))

    assert save_answer(slot=slot, answer="b", client_id="laptop", seq=1).stands
    assert Step.objects.get().late is False


def test_the_scheduler_hands_in_what_nobody_did_exactly_once(trainee: User, supervisor: User, time: Any):
    gone, going = timed(trainee), timed(supervisor, minutes=60)
    answer_all(gone)
    assert jobs.hand_in_overdue() == 0
    time.move_to(later(minutes=10, seconds=30))
    assert jobs.hand_in_overdue() == 0
    time.move_to(later(minutes=11))

    assert jobs.hand_in_overdue() == 1
    assert jobs.hand_in_overdue() == 0
    assert [(each.attempt, each.percent) for each in Result.objects.select_related("attempt")] == [(gone, 100)]
    going.refresh_from_db()
    assert going.finished_at is None


def test_more_overdue_attempts_than_a_batch_are_all_handed_in(
    time: Any, trainee: User, supervisor: User, manager: User
):
    for person in (trainee, supervisor, manager):
        timed(person)
    time.move_to(later(hours=1))

    assert jobs.hand_in_overdue(batch=2) == 3
    assert not overdue(clock.now()).exists()


def test_one_attempt_that_cannot_be_graded_does_not_stop_the_others(
    trainee: User, supervisor: User, time: Any, monkeypatch: pytest.MonkeyPatch
):
    broken, sound = timed(trainee), timed(supervisor)
    grade = grading.grade

    def fail(attempt: Attempt, **why: Any) -> Any:
        if attempt.pk == broken.pk:
            raise RuntimeError("no")
        return grade(attempt, **why)

    monkeypatch.setattr(grading, "grade", fail)
    time.move_to(later(hours=1))
    jobs.hand_in_overdue()

    assert Result.objects.get().attempt == sound
    monkeypatch.undo()
    assert jobs.hand_in_overdue() == 1
    assert Result.objects.count() == 2


def test_a_worker_that_is_killed_leaves_the_attempt_to_the_next_one(
    trainee: User, time: Any, monkeypatch: pytest.MonkeyPatch
):
    attempt = timed(trainee)
    time.move_to(later(hours=1))

    def die(*args: Any, **kwargs: Any) -> None:
        raise SystemExit

    monkeypatch.setattr(grading, "grade", die)
    with pytest.raises(SystemExit):
        jobs.hand_in_overdue()
    attempt.refresh_from_db()
    assert attempt.finished_at is None
    monkeypatch.undo()

    assert jobs.hand_in_overdue() == 1
    assert Result.objects.count() == 1


def test_the_beat_asks_every_minute_for_a_task_that_is_there():
    entry = settings.CELERY_BEAT_SCHEDULE["attempts"]
    app.loader.import_default_modules()

    assert entry["schedule"] == 60
    assert entry["task"] in app.tasks


@pytest.mark.parametrize("page", ["quiz/1/", "quiz/review/", ""])
def test_opening_a_page_of_an_attempt_whose_time_is_up_hands_it_in(
    trainee: User, client_of: Callable[[User], Client], time: Any, page: str
):
    attempt = timed(trainee)
    time.move_to(later(minutes=11))
    client_of(trainee).get(f"/courses/{attempt.enrolment.course.slug}/{QUIZ}/{page}")

    attempt.refresh_from_db()
    assert attempt.finished_at is not None
    assert attempt.results.count() == 1


def test_the_api_hands_in_what_is_overdue(trainee: User, client_of: Callable[[User], Client], time: Any):
    attempt = timed(trainee)
    answer_all(attempt)
    time.move_to(later(minutes=11))
    rosa = client_of(trainee)

    said = rosa.get(f"/api/v1/attempts/{attempt.pk}/").json()
    assert (said["percent"], dt.datetime.fromisoformat(said["closes_at"])) == (100, later(minutes=10, seconds=30))


def test_starting_again_after_the_time_was_up_begins_the_next_attempt(trainee: User, time: Any):
    first = timed(trainee)
    time.move_to(later(minutes=11))
    second = start_attempt(trainee, first.enrolment.course)

    first.refresh_from_db()
    assert first.finished_at is not None
    assert (second.number, second.due_at) == (2, later(minutes=21))


# Rest, last day, attempts


def test_after_an_attempt_the_rule_may_ask_for_a_rest_and_says_until_when(trainee: User, time: Any):
    first = timed(trainee, rule={"cool_down": 24})
    course = first.enrolment.course
    time.move_to(later(minutes=5))
    finish(attempt=first)
    time.move_to(later(hours=24))
    with pytest.raises(TooEarly) as refusal:
        start_attempt(trainee, course)

    assert refusal.value.opens_at == later(hours=24, minutes=5)
    assert "3:05" in str(refusal.value) or "15:05" in str(refusal.value)
    time.move_to(later(hours=24, minutes=5))
    assert start_attempt(trainee, course).number == 2


def test_the_rest_begins_when_the_time_was_up_and_not_when_somebody_noticed(trainee: User, time: Any):
    first = timed(trainee, rule={"cool_down": 1})
    time.move_to(later(hours=5))
    jobs.hand_in_overdue()

    assert start_attempt(trainee, first.enrolment.course).number == 2


def test_after_the_last_day_nobody_begins(trainee: User, library: Organisation, time: Any):
    course = publish_quiz(organisation=library, asking={"closes_on": "2026-03-02"})
    time.move_to(dt.datetime(2026, 3, 3, 5, 59, tzinfo=dt.UTC))
    assert start_attempt(trainee, course).number == 1
    time.move_to(dt.datetime(2026, 3, 3, 6, 0, tzinfo=dt.UTC))

    with pytest.raises(QuizOver, match="closed on"):
        start_attempt(trainee, course)


def test_a_refusal_is_told_on_the_page(trainee: User, client_of: Callable[[User], Client], time: Any):
    first = timed(trainee, rule={"cool_down": 24, "attempts": 2})
    finish(attempt=first)
    page = client_of(trainee).post(f"/courses/{first.enrolment.course.slug}/{QUIZ}/do/start/")

    assert page.status_code == 409
    assert "You can take this quiz again from" in page.content.decode()
    time.move_to(later(hours=25))
    finish(attempt=start_attempt(trainee, first.enrolment.course))
    with pytest.raises(NoAttemptsLeft):
        start_attempt(trainee, first.enrolment.course)


# Extra time


def test_extra_time_holds_from_now_on_and_in_attempts_that_are_open(trainee: User, instructor: User, time: Any):
    attempt = timed(trainee)
    course = attempt.enrolment.course
    give_extra_time(course=course, learner=trainee, percent=50, by=instructor)

    attempt.refresh_from_db()
    assert (attempt.due_at, attempt.closes_at) == (later(minutes=15), later(minutes=15, seconds=30))
    finish(attempt=attempt)
    assert start_attempt(trainee, course).due_at == later(minutes=15)


def test_giving_extra_time_again_takes_the_first_ones_place(trainee: User, instructor: User, time: Any):
    attempt = timed(trainee)
    for percent in (100, 0):
        give_extra_time(course=attempt.enrolment.course, learner=trainee, percent=percent, by=instructor)

    assert ExtraTime.objects.get().percent == 0
    attempt.refresh_from_db()
    assert attempt.due_at == later(minutes=10)


def test_taking_time_back_ends_no_attempt_in_the_past(trainee: User, instructor: User, time: Any):
    attempt = timed(trainee)
    give_extra_time(course=attempt.enrolment.course, learner=trainee, percent=100, by=instructor)
    time.move_to(later(minutes=15))
    [slot] = slots_of(attempt)
    save_answer(slot=slot, answer="b", client_id="laptop", seq=1)
    give_extra_time(course=attempt.enrolment.course, learner=trainee, percent=0, by=instructor)

    attempt.refresh_from_db()
    assert attempt.closes_at == later(minutes=15)
    time.move_to(later(minutes=16))
    jobs.hand_in_overdue()
    assert SlotMark.objects.get().answer == "b"


@pytest.mark.parametrize("percent", [-1, 501, True, 1.5, "50", None])
def test_senseless_extra_time_is_refused(trainee: User, instructor: User, percent: Any):
    course = publish_quiz()
    with pytest.raises(InvalidInput) as refusal:
        give_extra_time(course=course, learner=trainee, percent=percent, by=instructor)

    assert "percent" in refusal.value.fields
    assert not ExtraTime.objects.exists()


def test_starting_takes_at_most_twelve_statements(trainee: User):
    questions = [single(f"Q-{number}") for number in range(30)]
    course = publish_quiz(
        questions=questions,
        rule={"attempts": 9, "cool_down": 1},
        asking={"time_limit": 10, "pools": [{"draw": 5, "of": [each["uid"] for each in questions[:20]]}]},
    )
    player = player_of(trainee, course)

    assert count_statements(lambda: start(player=player, learner=trainee)) <= 12
