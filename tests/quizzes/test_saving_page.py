"""The door by which a page saves: form fields of every type, an answer in words, five statements."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from courses.models import Course, CourseSlug
from quizzes.models import Attempt, Slot, Step
from quizzes.registry import types
from quizzes.services.grading import finish
from tests.factories.quizzes import (
    QUIZ,
    RIGHT,
    calculated,
    cloze,
    date,
    essay,
    matching,
    multi,
    number,
    ordering,
    publish_quiz,
    shorttext,
    single,
    slots_of,
    sorting,
    start_attempt,
    truefalse,
)
from tests.support import count_statements

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
ANSWERS: dict[str, Any] = {
    **RIGHT,
    "text": "Union catalogue",
    "num": "28,5 days",
    "cloze": {"who": "b", "what": "loan", "many": "5"},
    "date": "2026-11-26",
    "calc": "6",
    "essay": "A loan is on its way to you.\nThank you for waiting; it takes about a week.",
}
QUESTIONS = [single, multi, truefalse, matching, ordering, sorting, shorttext, number, cloze, date, calculated, essay]


@pytest.fixture
def rosa(client_of: Callable[[User], Client], trainee: User) -> Client:
    return client_of(trainee)


def save(client: Client, course: Course, attempt: Attempt, /, position: int = 1, **fields: Any) -> Any:
    """Post what the page's script sends; ``data`` are the answer's own fields."""
    data = [*fields.pop("data", [("answer", "b")])]
    data += [*({"attempt": attempt.pk, "client_id": "laptop", "seq": 1, "ms": 1200} | fields).items()]
    url = f"/courses/{course.slug}/{QUIZ}/quiz/{position}/save/"
    return client.post(url, urlencode(data), content_type=FORM)


def named(slot: Slot, answer: Any) -> list[tuple[str, str]]:
    """The form fields that say ``answer``: the inverse of the type's ``parse``."""
    fields = types[slot.version.type].fields(slot.version.content, answer)
    return [(f"answer{name if name.startswith('.') or not name else '.' + name}", value) for name, value in fields]


@pytest.mark.parametrize("make", QUESTIONS, ids=lambda make: make.__name__)
def test_an_answer_of_every_type_is_saved_from_its_form_fields(rosa: Client, trainee: User, make: Callable[[], Any]):
    course = publish_quiz(questions=[make()])
    attempt = start_attempt(trainee, course)
    [slot] = slots_of(attempt)
    answer = ANSWERS[slot.version.type]
    told = save(rosa, course, attempt, data=named(slot, answer))

    assert told.status_code == 200
    assert told.json() == {
        "seq": 1,
        "client_id": "laptop",
        "stands": True,
        "other_device": False,
        "words": "Saved",
    }
    step = Step.objects.get()
    assert (step.answer, step.ms, step.late) == (answer, 1200, False)


def test_saving_takes_five_statements_whatever_the_quiz(rosa: Client, trainee: User):
    course = publish_quiz(questions=[single(f"Q-{n}") for n in range(20)])
    attempt = start_attempt(trainee, course)

    assert count_statements(lambda: save(rosa, course, attempt, position=7)) <= 5
    assert Step.objects.get().slot.position == 7


@pytest.fixture
def course(db) -> Course:
    return publish_quiz(questions=[single(), shorttext()])


@pytest.fixture
def attempt(course: Course, trainee: User) -> Attempt:
    return start_attempt(trainee, course)


def test_the_same_save_again_is_harmless(rosa: Client, course: Course, attempt: Attempt):
    for _time in range(3):
        assert save(rosa, course, attempt).json()["stands"]

    assert Step.objects.count() == 1


def test_the_newer_answer_of_another_device_stands_and_that_is_said(rosa: Client, course: Course, attempt: Attempt):
    save(rosa, course, attempt, data=[("answer", "c")], client_id="phone", seq=5)
    told = save(rosa, course, attempt, seq=4).json()

    assert (told["stands"], told["other_device"], told["seq"], told["client_id"]) == (False, True, 5, "phone")
    assert "another device" in told["words"]


def test_no_fields_take_the_answer_back(rosa: Client, course: Course, attempt: Attempt):
    save(rosa, course, attempt)
    save(rosa, course, attempt, data=[], seq=2)

    assert Step.objects.get(seq=2).answer is None


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"seq": "0"}, 422),
        ({"seq": "-1"}, 422),
        ({"seq": "NaN"}, 422),
        ({"seq": "9" * 400}, 422),
        ({"client_id": "NO SUCH"}, 422),
        ({"client_id": ""}, 422),
        ({"attempt": "nonsense"}, 404),
        ({"attempt": "9" * 16}, 404),
        ({"position": 9}, 404),
        ({"position": 10**20}, 404),
        ({"data": [("answer", "nonsense")]}, 200),
        ({"data": [("answer", "b" * 10_000)]}, 200),
        ({"ms": "-5"}, 200),
        ({"ms": "9" * 16}, 200),
        ({"certainty": "3"}, 200),
    ],
)
def test_nonsense_is_answered_in_words_and_never_an_error(
    rosa: Client, course: Course, attempt: Attempt, fields: dict[str, Any], status: int
):
    told = save(rosa, course, attempt, **fields)

    assert told.status_code == status
    assert told.json()["words"]
    assert Step.objects.filter(answer="b").exists() == (status == 200 and "data" not in fields)


def test_a_text_longer_than_an_answer_may_be_is_refused(rosa: Client, course: Course, attempt: Attempt):
    told = save(rosa, course, attempt, position=2, data=[("answer", "x" * 1001)])

    assert told.status_code == 422
    assert not Step.objects.exists()


def test_anybody_elses_attempt_is_not_there(
    course: Course, attempt: Attempt, supervisor: User, client_of: Callable[[User], Client]
):
    assert save(client_of(supervisor), course, attempt).status_code == 404
    assert not Step.objects.exists()


def test_who_was_signed_out_is_told_and_nothing_is_lost_by_a_redirect(client: Client, course: Course, attempt: Attempt):
    told = save(client, course, attempt)

    assert told.status_code == 401
    assert "kept on this device" in told.json()["words"]


def test_an_answer_that_waited_for_somebody_else_goes_on_waiting(
    rosa: Client, trainee: User, course: Course, attempt: Attempt, supervisor: User, client_of: Callable[[User], Client]
):
    told = save(client_of(supervisor), course, attempt, person=str(trainee.uuid))
    assert told.status_code == 401  # not a refusal, after which the browser would forget it
    assert save(rosa, course, attempt, person=str(trainee.uuid)).status_code == 200


def test_reading_the_door_is_refused(rosa: Client, course: Course):
    assert rosa.get(f"/courses/{course.slug}/{QUIZ}/quiz/1/save/").status_code == 405


def test_what_waited_is_saved_in_the_attempt_it_was_given_in(rosa: Client, trainee: User, course: Course):
    """The next attempt has begun, and the course has moved, before the browser found the network again."""
    first = start_attempt(trainee, course)
    finish(attempt=first)
    second = start_attempt(trainee, course)
    late = save(rosa, course, first)
    assert late.status_code == 409
    assert "no longer counts" in late.json()["words"]
    assert Step.objects.get().late

    CourseSlug.objects.create(course=course, slug="old-name")
    url = f"/courses/old-name/{QUIZ}/quiz/1/save/"
    data = {"attempt": second.pk, "answer": "b", "client_id": "laptop", "seq": 2}
    assert rosa.post(url, data).status_code == 200
    assert not Step.objects.filter(slot__attempt=second, late=True).exists()


def test_an_answer_after_the_end_is_kept_and_said_not_to_count(rosa: Client, trainee: User):
    course = publish_quiz(questions=[single()], asking={"time_limit": 10, "grace": 30})
    attempt = start_attempt(trainee, course)
    begun = attempt.started_at.timestamp()
    with time_machine.travel(begun + 10 * 60 + 20, tick=False):
        assert save(rosa, course, attempt).status_code == 200
    with time_machine.travel(begun + 10 * 60 + 40, tick=False):
        told = save(rosa, course, attempt, seq=2, data=[("answer", "c")])

    assert told.status_code == 409
    assert "The time was up" in told.json()["words"]
    assert [(step.answer, step.late) for step in Step.objects.order_by("seq")] == [("b", False), ("c", True)]


def test_how_sure_one_is_goes_along_where_it_is_asked(rosa: Client, trainee: User):
    course = publish_quiz(questions=[single()], asking={"behaviour": "certainty"})
    attempt = start_attempt(trainee, course)
    save(rosa, course, attempt, data=[("answer", "b"), ("certainty", "3")])
    refused = save(rosa, course, attempt, seq=2, data=[("answer", "b"), ("certainty", "7")])

    assert refused.status_code == 422
    assert Step.objects.get().certainty == 3
