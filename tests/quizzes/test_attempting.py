"""Starting: one open attempt, numbered, with the questions as they stand."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from core import clock
from courses.models import Edition, Review
from courses.services.publishing import publish_preview
from progress.services.resetting import reset
from quizzes.models import Attempt
from quizzes.registry import types
from quizzes.selectors import NOTHING, card_of, visible_of
from quizzes.services.attempting import NoAttemptsLeft
from quizzes.services.grading import finish
from tests.factories.quizzes import (
    QUIZ,
    WRONG,
    answer_all,
    multi,
    player_of,
    publish_quiz,
    single,
    slots_of,
    start_attempt,
    truefalse,
)

pytestmark = pytest.mark.django_db


def test_starting_opens_the_enrolment_and_takes_every_question_in_order(trainee: User):
    course = publish_quiz()
    attempt = start_attempt(trainee, course)

    assert attempt.enrolment.opened_at is not None
    assert attempt.enrolment.edition == course.current_edition
    assert (attempt.number, attempt.lesson_uid, attempt.pass_mark) == (1, QUIZ, 80)
    assert [slot.version.content["uid"] for slot in slots_of(attempt)] == ["Q-1", "Q-2", "Q-3"]


def test_starting_again_resumes_the_open_attempt(trainee: User):
    course = publish_quiz()
    first = start_attempt(trainee, course)

    assert start_attempt(trainee, course) == first
    assert Attempt.objects.count() == 1


def test_after_handing_in_the_next_attempt_has_the_next_number(trainee: User):
    course = publish_quiz()
    finish(attempt=start_attempt(trainee, course))

    assert start_attempt(trainee, course).number == 2


def test_the_rule_limits_the_attempts(trainee: User):
    course = publish_quiz(rule={"attempts": 2, "pass_mark": 70})
    for number in (1, 2):
        attempt = start_attempt(trainee, course)
        assert (attempt.number, attempt.pass_mark) == (number, 70)
        finish(attempt=attempt)

    with pytest.raises(NoAttemptsLeft):
        start_attempt(trainee, course)


def test_two_people_have_attempts_of_their_own(trainee: User, supervisor: User):
    course = publish_quiz()

    assert start_attempt(trainee, course) != start_attempt(supervisor, course)


def test_an_attempt_keeps_the_wording_it_began_with(trainee: User):
    course = publish_quiz(questions=[single()])
    attempt = start_attempt(trainee, course)
    publish_quiz(slug=course.slug, questions=[single(stem="Now worded better?")])

    assert slots_of(attempt)[0].version.content["stem"] == "What about Q-1?"
    assert start_attempt(trainee, course) == attempt


def test_a_lesson_demanded_again_hands_the_old_attempt_in_and_counts_attempts_afresh(trainee: User):
    course = publish_quiz(questions=[single()], rule={"attempts": 1})
    old = start_attempt(trainee, course)
    answer_all(old, WRONG)
    publish_quiz(slug=course.slug, kind="refresh", questions=[single(stem="Another?")], rule={"attempts": 1})
    course.refresh_from_db()
    enrolment = old.enrolment
    enrolment.edition = course.current_edition
    enrolment.save()

    fresh = start_attempt(trainee, course)

    old.refresh_from_db()
    assert old.finished_at is not None
    assert old.results.get().percent == 0
    assert (fresh.number, fresh.lesson_rev) == (2, 2)


def test_options_stand_in_one_order_within_an_attempt_and_in_others_between_attempts(trainee: User):
    question = single(options=[{"id": f"o{n}", "text": f"T{n}", "right": n == 3} for n in range(12)])
    course = publish_quiz(questions=[question])

    def order(attempt: Attempt) -> list[str]:
        [slot] = slots_of(attempt)
        return list(types["single"].order(slot.version.content, slot.seed))

    first = start_attempt(trainee, course)
    assert order(first) == order(Attempt.objects.get(pk=first.pk))
    assert sorted(order(first)) == sorted(each["id"] for each in question["options"])
    finish(attempt=first)
    assert order(start_attempt(trainee, course)) != order(first)


@pytest.mark.parametrize("whole_quiz", [True, False])
def test_shuffle_false_keeps_the_written_order(trainee: User, whole_quiz: bool):
    questions = [single(shuffle=whole_quiz), multi(shuffle=whole_quiz), truefalse()]
    course = publish_quiz(questions=questions, shuffle=not whole_quiz)

    for slot in slots_of(start_attempt(trainee, course)):
        written = [each["id"] for each in slot.version.content["options"]]
        assert list(types[slot.version.type].order(slot.version.content, slot.seed)) == written


def test_a_preview_is_taken_as_long_as_somebody_reviews_it(instructor: User, client_of: Callable[[User], Client]):
    course, hana = publish_quiz(owner=instructor), client_of(instructor)
    preview = publish_preview(course=course, actor=instructor)
    here, query = f"/courses/{course.slug}/{QUIZ}/", f"?preview={preview.token}"
    hana.post(f"{here}do/start/{query}")
    Edition.objects.filter(pk=preview.pk).update(expires_at=clock.now() - dt.timedelta(days=1))
    assert hana.get(f"{here}quiz/1/{query}").status_code == 404

    Review.objects.create(course=course, edition=preview, asked_by=instructor)
    assert hana.get(f"{here}quiz/1/{query}").status_code == 200


def test_whoever_is_set_back_has_all_their_attempts_again(trainee: User, supervisor: User):
    course = publish_quiz(rule={"attempts": 1, "cool_down": 24})
    first = start_attempt(trainee, course)
    answer_all(first)
    finish(attempt=first)
    with pytest.raises(NoAttemptsLeft):
        start_attempt(trainee, course)

    reset(enrolment=first.enrolment, reason="Please take it once more.", actor=supervisor)

    card = card_of(player_of(trainee, course), trainee)
    assert (card.left, card.passed, card.score, card.opens_at) == (1, False, None, None)
    second = start_attempt(trainee, course)
    assert second.number == 2
    finish(attempt=second)
    with pytest.raises(NoAttemptsLeft):
        start_attempt(trainee, course)


def test_what_was_used_before_a_setting_back_does_not_close_an_exam(trainee: User, supervisor: User):
    course = publish_quiz(rule={"attempts": 2}, asking={"behaviour": "exam"})
    first = start_attempt(trainee, course)
    finish(attempt=first)
    reset(enrolment=first.enrolment, reason="Once more.", actor=supervisor)
    second = start_attempt(trainee, course)
    finish(attempt=second)

    assert visible_of(second) == NOTHING
