"""Pre-tests: passing credits the lessons that the rule names; taking or skipping it is enough."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from core.errors import InvalidInput
from courses.models import Course
from courses.registry import LessonFacts, kinds
from progress.models import Certificate, Completion, CourseState, Event, LessonState
from progress.services.rebuilding import rebuild, shown_of
from progress.services.resetting import reset
from quizzes.models import Attempt
from quizzes.services.attempting import start
from quizzes.services.grading import finish
from tests.factories.courses import publish_course
from tests.factories.progress import did
from tests.factories.quizzes import QUIZ, RIGHT, WRONG, answer_all, player_of, publish_quiz, single, start_attempt

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(db: Any) -> Course:
    """A pre-test that credits one of the two texts after it, and a quiz at the end."""
    pretest = {"title": "What you know", "rule": {"credits": ["basics"]}, "questions": [single("P-1")]}
    last = {"title": "At the end", "questions": [single("Q-1")]}
    return publish_course(
        lessons=[("quiz", QUIZ, pretest), ("text", "basics", {}), ("text", "more", {}), ("quiz", "final", last)]
    )


def take(user: User, course: Course, answers: dict[str, Any] = RIGHT) -> Attempt:
    attempt = start_attempt(user, course)
    answer_all(attempt, answers)
    finish(attempt=attempt)
    return attempt


def states() -> dict[str, str]:
    return dict(LessonState.objects.values_list("uid", "state"))


def test_passing_credits_the_lessons_with_an_event_that_the_learner_sees(
    trainee: User, client_of: Callable[[User], Client], course: Course
):
    attempt = take(trainee, course)

    assert states() == {QUIZ: "done", "basics": "done"}
    credit = Event.objects.get(kind="credit")
    assert (credit.lesson_uid, credit.payload, credit.actor) == ("basics", {"pretest": QUIZ, "attempt": 1}, trainee)
    assert credit.enrolment == attempt.enrolment
    assert "Credit for “Lesson basics”: you passed the pre-test" in client_of(trainee).get("/me/").content.decode()


def test_passing_again_credits_once(trainee: User, course: Course):
    for _time in range(2):
        take(trainee, course)

    assert Event.objects.filter(kind="credit").count() == 1


def test_not_passing_is_enough_to_go_on_and_credits_nothing(trainee: User, course: Course):
    take(trainee, course, WRONG)

    assert states() == {QUIZ: "done"}
    assert not Event.objects.filter(kind="credit").exists()


def test_it_may_be_skipped(trainee: User, client_of: Callable[[User], Client], course: Course):
    answered = client_of(trainee).post(f"/courses/{course.slug}/{QUIZ}/do/skip/")

    assert (answered.status_code, answered["Location"]) == (302, f"/courses/{course.slug}/basics/")
    assert states() == {QUIZ: "done"}
    assert not Attempt.objects.exists()


def test_an_ordinary_quiz_is_not_skipped(trainee: User, client_of: Callable[[User], Client]):
    course = publish_quiz()

    assert client_of(trainee).post(f"/courses/{course.slug}/{QUIZ}/do/skip/").status_code == 404
    assert not LessonState.objects.exists()


def test_it_is_no_part_of_the_score_of_the_course(trainee: User, course: Course):
    attempt = take(trainee, course, WRONG)
    for uid in ("basics", "more"):
        did(attempt.enrolment, uid)
    rosa_final = start_attempt_at(trainee, course, "final")
    answer_all(rosa_final)
    finish(attempt=rosa_final)

    assert Completion.objects.get().score == 100


def start_attempt_at(user: User, course: Course, uid: str) -> Attempt:
    return start(player=player_of(user, course, uid=uid), learner=user)


def test_what_it_credits_may_complete_the_course(trainee: User):
    pretest = {"title": "All of it", "rule": {"credits": ["one", "two"]}, "questions": [single("P-1")]}
    course = publish_course(lessons=[("quiz", QUIZ, pretest), ("text", "one", {}), ("text", "two", {})])
    take(trainee, course)

    assert CourseState.objects.get().percent == 100
    assert Completion.objects.get().score is None
    assert Certificate.objects.count() == 1


def test_rebuilding_gives_the_same_and_after_a_reset_passing_credits_again(trainee: User, course: Course):
    enrolment = take(trainee, course).enrolment
    live = shown_of(enrolment)
    rebuild(enrolment=enrolment)
    assert shown_of(enrolment) == live

    reset(enrolment=enrolment, reason="Again.", actor=trainee)
    assert states() == {}
    take(trainee, course)
    assert states() == {QUIZ: "done", "basics": "done"}
    assert Event.objects.filter(kind="credit").count() == 2


def test_credits_name_lessons_that_are_there(db: Any):
    with pytest.raises(InvalidInput, match="rule.credits.1.*no-such-lesson"):
        publish_quiz(rule={"credits": ["basics", "no-such-lesson"]})


def test_until_it_is_taken_or_skipped_it_is_not_done():
    verdict = kinds["quiz"].verdict({"credits": ["basics"]}, LessonFacts(opened=True))

    assert (verdict.done, list(verdict.unmet)) == (False, ["Take the pre-test, or skip it."])
