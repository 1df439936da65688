"""Which questions of an attempt come back as cards, when, and only once."""

import datetime as dt
from typing import Any

import pytest
import time_machine

from accounts.models import User
from core import clock
from courses.models import Course
from quizzes import jobs_review
from quizzes.models import Attempt, Question, QuestionVersion, ReviewCard, ReviewItem
from quizzes.services.answering import save_answer
from quizzes.services.checking import check_form
from quizzes.services.grading import finish
from quizzes.services.remembering_attempts import correct_items
from tests.factories.quizzes import (
    RIGHT,
    WRONG,
    answer_all,
    essay,
    multi,
    publish_quiz,
    single,
    slots_of,
    start_attempt,
    truefalse,
)
from tests.support import count_statements

pytestmark = pytest.mark.django_db


def sources() -> dict[str, str]:
    """Why each question became a card, by its uid."""
    cards = ReviewCard.objects.select_related("item__version")
    return {card.item.version.content["uid"]: card.source for card in cards}


def handed_in(trainee: User, course: Course, answers: dict[str, Any] = WRONG) -> Attempt:
    attempt = start_attempt(trainee, course)
    answer_all(attempt, answers)
    finish(attempt=attempt)
    return attempt


def test_what_was_answered_wrong_becomes_a_card(trainee: User):
    course = publish_quiz()
    attempt = handed_in(trainee, course, {**RIGHT, "single": "a"})
    assert jobs_review.remember(attempt.pk)

    card = ReviewCard.objects.select_related("item").get()
    assert (card.source, card.missed_at) == ("wrong", Attempt.objects.get(pk=attempt.pk).finished_at)
    assert (card.item.words, card.item.topic, card.item.course) == ("What about Q-1?", course.topic, course)
    assert (card.item.lesson_uid, card.item.kind) == ("the-quiz", "question")


def test_handing_in_asks_for_the_cards(trainee: User, django_capture_on_commit_callbacks, monkeypatch):
    asked: list[tuple[Any, ...]] = []
    monkeypatch.setattr("core.queue._send", lambda name, args: asked.append((name, *args)))
    with django_capture_on_commit_callbacks(execute=True):
        attempt = handed_in(trainee, publish_quiz())

    assert ("quizzes.remember_attempt", attempt.pk) in asked


def test_a_second_run_and_the_sweep_change_nothing(trainee: User):
    attempt = handed_in(trainee, publish_quiz())

    assert jobs_review.sweep_unremembered() == 1
    assert not jobs_review.remember(attempt.pk)
    assert jobs_review.sweep_unremembered() == 0
    assert {card.misses for card in ReviewCard.objects.all()} == {1}


def test_missing_it_again_makes_the_same_card_due_again(trainee: User):
    course = publish_quiz()
    jobs_review.remember(handed_in(trainee, course).pk)
    ReviewCard.objects.update(due_at=clock.now() + dt.timedelta(days=60))
    with time_machine.travel(clock.now() + dt.timedelta(days=1)):
        jobs_review.remember(handed_in(trainee, course).pk)

    assert {(card.misses, card.due_at < clock.now() + dt.timedelta(days=2)) for card in ReviewCard.objects.all()} == {
        (2, True)
    }
    assert ReviewCard.objects.count() == 3


def test_sure_and_wrong_is_told_apart(trainee: User):
    course = publish_quiz(asking={"behaviour": "certainty"})
    attempt = start_attempt(trainee, course)
    for slot, certainty in zip(slots_of(attempt), (3, 2, 3), strict=True):
        answer = RIGHT["tf"] if slot.version.type == "tf" else WRONG[slot.version.type]
        save_answer(slot=slot, answer=answer, certainty=certainty, client_id="laptop", seq=1)
    finish(attempt=attempt)
    jobs_review.remember(attempt.pk)

    assert sources() == {"Q-1": "confident", "Q-2": "wrong"}


def test_right_after_a_hint_is_told_apart(trainee: User):
    asked = [single(hints=["Think."]), single("Q-4"), single("Q-5", hints=["Think."])]
    attempt = start_attempt(trainee, publish_quiz(questions=asked, asking={"behaviour": "tries"}))
    first, second, third = slots_of(attempt)
    for slot in (first, second):
        check_form(slot=slot, answer="a")
        check_form(slot=slot, answer="b")
    save_answer(slot=third, answer="b", client_id="laptop", seq=1)
    finish(attempt=attempt)
    jobs_review.remember(attempt.pk)

    assert sources() == {"Q-1": "hinted", "Q-4": "wrong"}


def test_what_is_worth_keeping_comes_back_also_when_it_was_right(trainee: User):
    attempt = handed_in(trainee, publish_quiz(questions=[single(keep=True), truefalse()]), RIGHT)
    jobs_review.remember(attempt.pk)

    assert sources() == {"Q-1": "kept"}
    assert ReviewCard.objects.get().due_at > clock.now() + dt.timedelta(hours=23)


def test_what_a_person_marks_is_no_card(trainee: User):
    attempt = start_attempt(trainee, publish_quiz(questions=[essay(), single()]))
    save_answer(slot=slots_of(attempt)[1], answer="a", client_id="laptop", seq=1)
    finish(attempt=attempt)
    jobs_review.remember(attempt.pk)

    assert sources() == {"Q-1": "wrong"}


def test_an_exam_makes_cards_when_it_is_closed_and_what_is_never_shown_makes_none(trainee: User):
    closing = (clock.now() + dt.timedelta(days=3)).date().isoformat()
    attempt = handed_in(trainee, publish_quiz(asking={"behaviour": "exam", "closes_on": closing}))
    assert not jobs_review.remember(attempt.pk)
    assert jobs_review.sweep_unremembered() == 0
    with time_machine.travel(clock.now() + dt.timedelta(days=5)):
        assert jobs_review.sweep_unremembered() == 1
    assert ReviewCard.objects.count() == 3

    ReviewCard.objects.all().delete()
    silent = publish_quiz(slug="silent", asking={"review": {"right": "never"}})
    assert jobs_review.remember(handed_in(trainee, silent).pk)
    assert not ReviewCard.objects.exists()


def test_a_preview_makes_no_cards(trainee: User):
    attempt = handed_in(trainee, publish_quiz())
    Attempt.objects.filter(pk=attempt.pk).update(enrolment=None, purpose="preview")

    assert not jobs_review.remember(attempt.pk)
    assert not ReviewItem.objects.exists()


def test_statements_do_not_grow_with_the_questions(trainee: User, supervisor: User):
    def of(person: User, course: Course) -> int:
        attempt = handed_in(person, course)
        return count_statements(lambda: jobs_review.remember(attempt.pk))

    many = [multi(f"Q-{number}") for number in range(20)]
    few = of(trainee, publish_quiz())
    assert of(trainee, publish_quiz(questions=many, slug="many")) <= few <= 16


def missed(person: User, course: Course, version: QuestionVersion | None = None) -> ReviewCard:
    """The card of the question of ``course`` that ``person`` left out, asked as ``version`` words it."""
    attempt = start_attempt(person, course)
    if version is not None:
        attempt.slots.update(version=version)
    finish(attempt=attempt)
    jobs_review.remember(attempt.pk)
    return ReviewCard.objects.select_related("item__version__question").get(learner=person)


def in_german(question: Question, number: int, **more: Any) -> QuestionVersion:
    content = single(stem=f"Frage {number}?", **more)
    return question.versions.create(number=number, hash=f"{number}" * 64, type="single", language="de", content=content)


def test_a_question_in_two_languages_is_asked_in_the_one_in_which_it_was_missed(trainee: User, supervisor: User):
    course = publish_quiz(questions=[single()])
    question = Question.objects.get()
    question.versions.update(language="en")
    english = missed(trainee, course)
    german = missed(supervisor, course, in_german(question, 8))

    english.item.refresh_from_db()
    assert (english.item.version.language, german.item.version.language) == ("en", "de")


def test_a_question_of_a_bank_that_two_courses_ask_is_told_to_each_of_its_own_learners(trainee: User, supervisor: User):
    first, second = publish_quiz(slug="first", questions=[single()]), publish_quiz(slug="second", questions=[single()])
    version = Question.objects.get(bank__course=first).versions.get()
    mine, theirs = missed(trainee, first, version), missed(supervisor, second, version)

    mine.item.refresh_from_db()
    assert (mine.item.course, theirs.item.course) == (first, second)
    assert mine.item.version == theirs.item.version


def test_a_correction_in_one_language_brings_the_newest_of_the_others(trainee: User, supervisor: User):
    course = publish_quiz(questions=[single()])
    question = Question.objects.get()
    question.versions.update(language="en")
    english = missed(trainee, course)
    german = missed(supervisor, course, in_german(question, 7))
    corrected = question.versions.create(number=8, hash="e" * 64, type="single", language="en", content=single())
    newest = in_german(question, 9)

    assert correct_items(version=corrected) == 2
    english.item.refresh_from_db()
    german.item.refresh_from_db()
    assert (english.item.version, german.item.version) == (corrected, newest)
    assert german.item.words == "Frage 9?"
