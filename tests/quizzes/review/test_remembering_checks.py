"""Check questions that are worth keeping become cards of those who take the course, and of nobody else."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
import yaml
from django.test import Client
from django.utils import timezone

from accounts.models import User
from courses.models import Course, Enrolment
from courses.services.enrolling import open_enrolment
from courses.services.publishing import publish_preview
from quizzes.models import ReviewCard, ReviewItem
from quizzes.services.remembering import Miss, remember
from tests.factories.courses import publish_course
from tests.factories.quizzes import SECRET, single
from tests.support import count_statements

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)


@pytest.fixture
def rosa(trainee: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(trainee)


def lesson_with(*questions: dict[str, Any], **more: Any) -> Course:
    fences = [f"```check\n{yaml.safe_dump(question, sort_keys=False)}```" for question in questions]
    body = "\n\n".join(["Words.", *fences]) + "\n"
    return publish_course(lessons=[("text", "five-words", {"body": body})], **more)


def answer(client: Client, course: Course, choice: str, *, block: str = "check-1", query: str = "") -> str:
    address = f"/courses/{course.slug}/five-words/do/check/{query}"
    answered = client.post(address, {"block": block, "answer": choice})
    assert answered.status_code == 200
    return answered.content.decode()


def take(course: Course, trainee: User) -> None:
    open_enrolment(learner=trainee, course=course)


@pytest.mark.parametrize(("choice", "source", "rest"), [("b", "kept", 1), ("a", "wrong", 0)])
def test_an_answer_to_what_is_worth_keeping_makes_a_card(
    rosa: Client, trainee: User, choice: str, source: str, rest: int
):
    course = lesson_with(single(keep=True))
    take(course, trainee)
    with time_machine.travel(NOW, tick=False):
        said = answer(rosa, course, choice)
    card = ReviewCard.objects.select_related("item").get()
    assert (card.learner, card.source) == (trainee, source)
    assert card.due_at == NOW + dt.timedelta(days=rest)
    assert (card.item.kind, card.item.course, card.item.lesson_uid) == ("question", course, "five-words")
    assert card.item.words == "What about Q-1?"
    assert 'it comes back as a card in your <a href="/review/">review</a>' in said


def test_what_is_not_marked_makes_none(rosa: Client, trainee: User):
    course = lesson_with(single(), single("Q-2", keep=True))
    take(course, trainee)
    assert "comes back as a card" not in answer(rosa, course, "a")
    assert not ReviewItem.objects.exists()


def test_visitors_those_who_left_and_previews_leave_nothing(client: Client, rosa: Client, trainee: User):
    course = lesson_with(single(keep=True))
    answer(client, course, "a")
    answer(rosa, course, "a")
    take(course, trainee)
    Enrolment.objects.update(closed_at=timezone.now())
    answer(rosa, course, "a")
    preview = publish_preview(course=course, actor=None)
    answer(rosa, course, "a", query=f"?preview={preview.token}")
    assert not ReviewItem.objects.exists()


def test_trying_until_it_is_right_is_one_miss(rosa: Client, trainee: User):
    course = lesson_with(single(keep=True))
    take(course, trainee)
    for choice in ("a", "c", "b"):
        answer(rosa, course, choice)
    card = ReviewCard.objects.get()
    assert (card.source, card.misses) == ("wrong", 1)
    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        answer(rosa, course, "a")
    card.refresh_from_db()
    assert card.misses == 2


def test_the_card_asks_the_question_with_its_options_and_leads_back(rosa: Client, trainee: User):
    course = lesson_with(single(keep=True, facts=["F-31"]))
    take(course, trainee)
    answer(rosa, course, "a")
    rosa.post("/review/begin/", follow=True)
    card = ReviewCard.objects.get()
    page = rosa.get(f"/review/cards/{card.pk}/").content.decode()
    assert "What about Q-1?" in page
    assert f"{SECRET} b." in page
    assert f"/courses/{course.slug}/five-words/" in page
    assert "Sources: F-31" in page


def test_a_newer_wording_stays_whoever_answers_the_older(trainee: User):
    def asked(stem: str, edition: int) -> Miss:
        return Miss(
            "check:1:en:Q-1", "question", "wrong", "", None, "", words=stem, asked={"stem": stem}, edition=edition
        )

    for stem, edition in (("old", 1), ("new", 2), ("old", 1)):
        remember(learner=trainee, misses=[asked(stem, edition)])
    assert ReviewItem.objects.get().content["asked"] == {"stem": "new"}


def test_a_card_costs_few_statements(rosa: Client, trainee: User):
    plain, kept = lesson_with(single(), slug="plain"), lesson_with(single(keep=True), slug="kept")
    for course in (plain, kept):
        take(course, trainee)
    before = count_statements(lambda: answer(rosa, plain, "a"))
    assert count_statements(lambda: answer(rosa, kept, "a")) <= before + 9
