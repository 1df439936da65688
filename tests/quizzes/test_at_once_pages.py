"""Two clicks, two tabs, two people at the same moment: every page answers, and what must be once is once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Notice, User
from quizzes.models import Attempt, Bank, ExtraAttempt, ExtraTime, Regrade, Result
from quizzes.services import regrading
from quizzes.services.grading import finish
from quizzes.services.granting_attempts import give_attempt, take_attempt_back
from tests.factories.quizzes import QUIZ, answer_all, publish_quiz, start_attempt
from tests.quizzes.corrected import published, question, sat
from tests.quizzes.test_concurrency import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
AT_ONCE = 4


@pytest.fixture(autouse=True)
def _threads_are_no_loop(settings: Any) -> None:
    """The guard against queries in loops counts what several threads ask at one place as one loop."""
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "zeal" not in each]


def sent(clients: list[Client], url: str, data: dict[str, Any] | None = None) -> list[Any]:
    """The answers to the same form, sent by all ``clients`` at once."""
    return at_once(*[lambda client=client: client.post(url, data or {}) for client in clients])


@pytest.fixture
def rosas(client_of: Callable[[User], Client], trainee: User) -> list[Client]:
    return [client_of(trainee) for _tab in range(AT_ONCE)]


@pytest.mark.parametrize("before", ["nothing", "handed in", "overdue"])
def test_a_quiz_that_is_started_in_several_tabs_begins_once(trainee: User, rosas: list[Client], before: str):
    course = publish_quiz(asking={"time_limit": 5, "grace": 0})
    if before != "nothing":
        attempt = start_attempt(trainee, course)
        Attempt.objects.update(closes_at=attempt.started_at) if before == "overdue" else finish(attempt=attempt)

    told = sent(rosas, f"/courses/{course.slug}/{QUIZ}/do/start/")

    assert {each.status_code for each in told} == {302}, told
    assert {each.url for each in told} == {f"/courses/{course.slug}/{QUIZ}/quiz/1/"}
    assert Attempt.objects.filter(finished_at=None).count() == 1
    assert Attempt.objects.count() == (1 if before == "nothing" else 2)


def test_the_last_attempt_is_begun_once(trainee: User, rosas: list[Client]):
    course = publish_quiz(rule={"attempts": 1})
    told = sent(rosas, f"/courses/{course.slug}/{QUIZ}/do/start/")

    assert {each.status_code for each in told} == {302}, told
    assert Attempt.objects.count() == 1


def test_a_quiz_that_is_handed_in_twice_at_once_is_graded_once(trainee: User, rosas: list[Client]):
    course = publish_quiz()
    answer_all(start_attempt(trainee, course))
    told = sent(rosas, f"/courses/{course.slug}/{QUIZ}/quiz/review/")

    assert {each.status_code for each in told} == {302}, told
    assert [each.percent for each in Result.objects.all()] == [100]


def test_a_client_starts_and_hands_in_twice_at_once(trainee: User, rosas: list[Client]):
    course = publish_quiz()
    started = sent(rosas, "/api/v1/attempts/", {"course": course.slug, "lesson": QUIZ})
    assert {each.status_code for each in started} == {200}, started
    [pk] = {each.json()["id"] for each in started}

    told = sent(rosas, f"/api/v1/attempts/{pk}/finish/")
    assert {each.status_code for each in told} == {200}, told
    assert Result.objects.count() == 1


def test_an_attempt_and_extra_time_given_twice_at_once_are_given_once(
    trainee: User, instructor: User, client_of: Callable[[User], Client]
):
    course = publish_quiz(owner=instructor, rule={"attempts": 1})
    attempt = start_attempt(trainee, course)
    finish(attempt=attempt)
    hanas = [client_of(instructor) for _tab in range(AT_ONCE)]
    here = f"/author/courses/{course.slug}"
    chosen = {"quiz": f"{attempt.enrolment_id}:{QUIZ}", "reason": "The power was cut."}

    told = sent(hanas, f"{here}/extra-attempts/?person=rosa", chosen)
    told += sent(hanas, f"{here}/extra-time/?person=rosa", {"person": attempt.enrolment_id, "percent": 50})

    assert {each.status_code for each in told} == {302}, told
    assert (ExtraAttempt.objects.count(), ExtraTime.objects.count()) == (1, 1)
    assert Notice.objects.filter(kind="quiz_attempt_given").count() == 1


def test_an_attempt_that_is_taken_back_while_it_is_begun_is_one_or_the_other(
    trainee: User, instructor: User, rosas: list[Client]
):
    course = publish_quiz(rule={"attempts": 1})
    first = start_attempt(trainee, course)
    finish(attempt=first)
    extra = give_attempt(enrolment=first.enrolment, lesson_uid=QUIZ, reason="The power was cut.", by=instructor)
    begun, _taken = at_once(
        lambda: rosas[0].post(f"/courses/{course.slug}/{QUIZ}/do/start/"),
        lambda: take_attempt_back(extra=extra, by=instructor),
    )

    assert begun.status_code in (302, 409), begun
    assert Attempt.objects.count() + ExtraAttempt.objects.filter(taken_back_at__isnull=False).count() >= 2


def test_a_bank_that_is_made_twice_at_once_is_two_banks(instructor: User, client_of: Callable[[User], Client]):
    library = instructor.memberships.get().organisation
    given = {"title": "Loans", "organisation": library.pk, "audience": "organisation"}
    told = sent([client_of(instructor) for _tab in range(AT_ONCE)], "/author/banks/new/", given)

    assert {each.status_code for each in told} == {302}, told
    assert len(set(Bank.objects.values_list("slug", flat=True))) == AT_ONCE


def test_of_corrections_that_are_begun_at_once_one_stays_open(instructor: User, trainee: User):
    course = published("b")
    sat(course, "b", "b", learner=trainee)
    published("c")
    begun = at_once(*[lambda: regrading.begin(course=course, question=question(), actor=instructor)] * AT_ONCE)

    assert {type(each) for each in begun} == {Regrade}, begun
    assert Regrade.objects.exclude(state=Regrade.State.DROPPED).count() == 1
