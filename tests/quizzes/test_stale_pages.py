"""A page that stood open while its attempt went on elsewhere: it never touches another attempt, and nothing is lost."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from courses.models import Course, Enrolment
from quizzes.models import Attempt, Step, Try
from quizzes.services.grading import finish
from quizzes.services.granting import give_extra_time
from tests.factories.courses import publish_course
from tests.factories.quizzes import QUIZ, publish_quiz, single, slots_of, start_attempt

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 3, 2, 15, 0, tzinfo=dt.UTC)


@pytest.fixture
def time():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def rosa(client_of: Callable[[User], Client], trainee: User) -> Client:
    return client_of(trainee)


def at(course: Course, page: str = "") -> str:
    return f"/courses/{course.slug}/{QUIZ}/quiz/{page}"


def two_attempts(user: User, **asking: Any) -> tuple[Course, Attempt, Attempt]:
    """The first is over; a page of it stands open in another tab while the second goes on."""
    course = publish_quiz(questions=[single(), single("Q-2")], asking=asking)
    first = start_attempt(user, course)
    finish(attempt=first)
    return course, first, start_attempt(user, course)


def text_of(response: Any) -> str:
    return response.content.decode()


@pytest.mark.parametrize("path", ["1/", "review/"])
def test_every_form_of_an_attempt_names_it(rosa: Client, trainee: User, path: str):
    course = publish_quiz(asking={"time_limit": 10})
    attempt = start_attempt(trainee, course)
    said = text_of(rosa.get(at(course, path)))

    assert said.count(f'name="attempt" value="{attempt.pk}"') == 2  # the page's own, and what hands in at zero


def test_handing_in_on_a_page_of_an_earlier_attempt_does_not_end_the_next_one(rosa: Client, trainee: User):
    course, first, second = two_attempts(trainee)
    answer = rosa.post(at(course, "review/"), {"attempt": first.pk}, follow=True)

    second.refresh_from_db()
    assert second.finished_at is None
    assert "That page was of an earlier attempt" in text_of(answer)


def test_an_answer_on_a_page_of_an_earlier_attempt_is_kept_there_and_told(rosa: Client, trainee: User):
    course, first, _second = two_attempts(trainee)
    answer = rosa.post(at(course, "1/"), {"attempt": first.pk, "answer": "b", "shown": ""}, follow=True)

    [step] = Step.objects.all()
    assert (step.slot.attempt_id, step.answer, step.late) == (first.pk, "b", True)
    assert "no longer counts" in text_of(answer)


def test_a_check_on_a_page_of_an_earlier_attempt_costs_the_next_one_no_try(rosa: Client, trainee: User):
    course, first, _second = two_attempts(trainee, behaviour="tries")
    rosa.post(at(course, "1/check/"), {"attempt": first.pk, "answer": "a", "shown": ""})

    assert not Try.objects.exists()
    assert {step.slot.attempt_id for step in Step.objects.all()} == {first.pk}


def test_somebody_elses_attempt_in_a_form_changes_nothing(rosa: Client, trainee: User, supervisor: User):
    course = publish_quiz(questions=[single()])
    theirs, mine = start_attempt(supervisor, course), start_attempt(trainee, course)
    rosa.post(at(course, "1/"), {"attempt": theirs.pk, "answer": "b", "shown": ""})

    assert not Step.objects.exists()
    mine.refresh_from_db()
    assert mine.finished_at is None


def test_without_a_script_an_answer_after_the_time_is_kept_and_told(rosa: Client, trainee: User, time: Any):
    course = publish_quiz(questions=[single()], asking={"time_limit": 10})
    attempt = start_attempt(trainee, course)
    time.move_to(START + dt.timedelta(minutes=11))
    answer = rosa.post(at(course, "1/"), {"attempt": attempt.pk, "answer": "b", "shown": ""}, follow=True)

    step = Step.objects.get()
    assert (step.answer, step.late) == ("b", True)
    assert "It is kept" in text_of(answer)


def test_an_unchanged_form_after_the_time_says_nothing_of_an_answer(rosa: Client, trainee: User, time: Any):
    course = publish_quiz(questions=[single()], asking={"time_limit": 10})
    attempt = start_attempt(trainee, course)
    time.move_to(START + dt.timedelta(minutes=11))
    rosa.post(at(course, "1/"), {"attempt": attempt.pk, "shown": ""})

    assert not Step.objects.exists()


def test_a_page_that_does_not_know_of_extra_time_does_not_hand_in_early(
    rosa: Client, trainee: User, instructor: User, time: Any
):
    course = publish_quiz(questions=[single(), single("Q-2")], asking={"time_limit": 10})
    attempt = start_attempt(trainee, course)
    give_extra_time(course=course, learner=trainee, percent=50, by=instructor)
    time.move_to(START + dt.timedelta(minutes=10))
    time_is_up = {"attempt": attempt.pk, "time": "up", "at": "2"}

    assert rosa.post(at(course, "review/"), time_is_up).url == at(course, "2/")
    assert rosa.post(at(course, "review/"), {**time_is_up, "at": ""}).url == at(course, "review/")
    attempt.refresh_from_db()
    assert attempt.finished_at is None
    assert len(slots_of(attempt)) == 2
    time.move_to(START + dt.timedelta(minutes=15))
    assert rosa.post(at(course, "review/"), time_is_up).url == at(course, "result/")


def test_the_hand_in_button_works_before_the_time_is_up(rosa: Client, trainee: User, time: Any):
    course = publish_quiz(questions=[single()], asking={"time_limit": 10})
    attempt = start_attempt(trainee, course)

    assert rosa.post(at(course, "review/"), {"attempt": attempt.pk}).url == at(course, "result/")


def test_what_leads_to_the_result_of_a_quiz_that_a_new_edition_took_out_leads_to_the_course(
    rosa: Client, trainee: User
):
    course = publish_quiz(slug="taken-out", questions=[single()])
    attempt = start_attempt(trainee, course)
    newer = publish_course(slug="taken-out", kind="minor", note="Without", lessons=[("text", "basics", {})])
    Enrolment.objects.update(edition=newer.current_edition)  # moved up meanwhile
    said = rosa.post(at(course, "review/"), {"attempt": attempt.pk}, follow=True)

    assert said.redirect_chain[-1] == (f"/courses/{course.slug}/", 302)
    assert "This quiz is no longer part of the course" in text_of(said)
    assert attempt.results.get().percent == 0
    assert rosa.get(f"/courses/{course.slug}/never-was/quiz/result/").status_code == 404
