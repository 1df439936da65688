"""Behaviours, the clock, the start card and what may be seen of a result, as the pages say them without scripts."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core import clock
from courses.models import Course
from quizzes.models import Attempt, ExtraTime, Result, Step, Try
from quizzes.templatetags.quizzes import ending
from tests.factories.quizzes import (
    QUIZ,
    RIGHT,
    SECRET,
    WRONG,
    answer_all,
    essay,
    publish_quiz,
    shorttext,
    single,
    slots_of,
    start_attempt,
)
from tests.support import count_statements

pytestmark = pytest.mark.django_db
HINTS = ["Think of the patron.", "It is the second."]
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def rosa(client_of: Callable[[User], Client], trainee: User) -> Client:
    return client_of(trainee)


def at(course: Course, page: str = "") -> str:
    return f"/courses/{course.slug}/{QUIZ}/{page}"


def text_of(response: Any) -> str:
    return response.content.decode()


def begun(rosa: Client, **asking: Any) -> Course:
    """A quiz that asks like this, with an attempt at it."""
    rule = asking.pop("rule", None)
    questions = asking.pop("questions", None) or [single("Q-1", hints=HINTS), single("Q-2")]
    course = publish_quiz(questions=questions, rule=rule, asking=asking)
    assert rosa.post(at(course, "do/start/")).url == at(course, "quiz/1/")
    return course


# Checking


def test_a_checked_answer_stands_and_says_why(rosa: Client):
    course = begun(rosa, behaviour="immediate")
    before = text_of(rosa.get(at(course, "quiz/1/")))
    assert "Once you check your answer, it stands." in before
    assert SECRET not in before
    checked = rosa.post(at(course, "quiz/1/check/"), {"answer": "a"})
    assert checked.url == at(course, "quiz/1/#feedback")

    page = text_of(rosa.get(at(course, "quiz/1/")))
    assert 'id="feedback"' in page
    assert f"{SECRET} a." in page
    assert "/check/" not in page
    again = rosa.post(at(course, "quiz/1/check/"), {"answer": "b"})
    assert again.status_code == 409
    assert Try.objects.get().answer == "a"
    assert SECRET not in text_of(rosa.get(at(course, "quiz/2/")))


def test_the_buttons_of_a_closed_question_save_nothing(rosa: Client):
    course = begun(rosa, behaviour="immediate")
    rosa.post(at(course, "quiz/1/check/"), {"answer": "a"})
    before = Step.objects.count()

    assert rosa.post(at(course, "quiz/1/"), {"shown": "null"}).url == at(course, "quiz/2/")
    assert Step.objects.count() == before


def test_wrong_tries_earn_hints_and_the_price_is_stated_before(rosa: Client):
    course = begun(rosa, behaviour="tries", tries={"most": 3, "penalty": 25})
    page = text_of(rosa.get(at(course, "quiz/1/")))
    assert "You have 3 tries. Each wrong one takes 25% off what this question counts." in page
    assert HINTS[0] not in page

    rosa.post(at(course, "quiz/1/check/"), {"answer": "a"})
    page = text_of(rosa.get(at(course, "quiz/1/")))
    assert HINTS[0] in page
    assert HINTS[1] not in page
    assert "You have 2 more tries; each counts 25% of the question less" in page
    assert SECRET not in page
    rosa.post(at(course, "quiz/1/check/"), {"answer": "c"})
    assert HINTS[1] in text_of(rosa.get(at(course, "quiz/1/")))
    rosa.post(at(course, "quiz/1/check/"), {"answer": "b"})
    assert "That is right" in text_of(rosa.get(at(course, "quiz/1/")))

    rosa.post(at(course, "quiz/review/"))
    result = text_of(rosa.get(at(course, "quiz/result/")))
    assert "3 tries" in result
    assert "0.50 of 1 point" in result
    assert "not right, not right, right" in text_of(rosa.get(at(course, "quiz/result/1/")))


def test_checking_without_an_answer_is_said_beside_the_question(rosa: Client):
    course = begun(rosa, behaviour="immediate")
    told = rosa.post(at(course, "quiz/1/check/"))

    assert told.status_code == 422
    assert "Answer first, then check." in text_of(told)
    assert not Step.objects.exists()


def test_a_quiz_that_checks_nothing_refuses_to(rosa: Client):
    course = begun(rosa)

    assert "/check/" not in text_of(rosa.get(at(course, "quiz/1/")))
    assert rosa.post(at(course, "quiz/1/check/"), {"answer": "b"}).status_code == 409
    assert rosa.post(at(course, "quiz/9/check/"), {"answer": "b"}).url == at(course, "quiz/1/")


@pytest.mark.parametrize("answer", ["nonsense", "b" * 9000, "-1", ""])
def test_nonsense_is_never_checked(rosa: Client, answer: str):
    course = begun(rosa, behaviour="immediate")

    assert rosa.post(at(course, "quiz/1/check/"), {"answer": answer}).status_code == 422
    assert not Try.objects.exists()


# How sure


def test_what_certainty_counts_is_shown_before_and_summed_up_after(rosa: Client):
    course = begun(rosa, behaviour="certainty")
    page = text_of(rosa.get(at(course, "quiz/1/")))
    for words in ("right: +1, wrong: 0", "right: +2, wrong: −2", "right: +3, wrong: −6"):
        assert words in page
    assert "If you say nothing, the first level counts." in page

    rosa.post(at(course, "quiz/1/"), {"answer": "b", "certainty": "3", "shown": "null"})
    rosa.post(at(course, "quiz/2/"), {"answer": "a", "certainty": "2", "shown": "null"})
    assert 'name="certainty" value="3" checked' in text_of(rosa.get(at(course, "quiz/1/")))
    rosa.post(at(course, "quiz/review/"))
    result = text_of(rosa.get(at(course, "quiz/result/")))

    assert "How sure you were" in result
    assert "-0.67 of 1 point" in result
    assert Result.objects.get().percent == 17


def test_an_unchanged_form_does_not_take_back_how_sure_another_device_was(rosa: Client):
    course = begun(rosa, behaviour="certainty")
    rosa.post(at(course, "quiz/1/"), {"answer": "b", "certainty": "3", "shown": "null"})
    rosa.post(at(course, "quiz/1/"), {"answer": "b", "shown": "answer=b", "shown_certainty": ""})

    assert Step.objects.count() == 1


# The clock


def test_the_page_says_until_when_by_the_servers_clock(rosa: Client, trainee: User):
    course = publish_quiz(asking={"time_limit": 20})
    ExtraTime.objects.create(course=course, learner=trainee, percent=50)
    card = text_of(rosa.get(at(course)))
    assert "You have 30 minutes from the start." in card
    assert "Your extra time is in it." in card
    attempt = start_attempt(trainee, course)
    assert attempt.due_at
    for path in ("quiz/1/", "quiz/review/"):
        page = text_of(rosa.get(at(course, path)))
        assert "data-quiz-clock" in page
        assert "with 10 minutes of extra time" in page
        assert attempt.due_at.astimezone(dt.UTC).strftime(":%M:%S") in page


def test_without_a_limit_there_is_no_clock(rosa: Client):
    course = begun(rosa)

    assert "data-quiz-clock" not in text_of(rosa.get(at(course, "quiz/1/")))
    assert "There is no clock." in text_of(rosa.get(at(course)))


def test_after_the_end_every_page_leads_to_the_result_with_what_was_answered(rosa: Client, trainee: User):
    course = begun(rosa, time_limit=10)
    attempt = Attempt.objects.get()
    rosa.post(at(course, "quiz/1/"), {"answer": "b", "shown": "null"})
    with time_machine.travel(attempt.started_at + HOUR, tick=False):
        late = rosa.post(at(course, "quiz/2/"), {"answer": "b", "shown": "null"})
        assert late.url == at(course, "quiz/result/")
        assert rosa.get(at(course, "quiz/1/")).url == at(course, "quiz/result/")
        page = text_of(rosa.get(at(course, "quiz/result/")))

    assert "50%" in page
    assert Result.objects.get().percent == 50


def test_an_answer_that_came_too_late_is_said_on_the_result(rosa: Client, trainee: User):
    course = begun(rosa, time_limit=10)
    attempt = Attempt.objects.get()
    with time_machine.travel(attempt.started_at + HOUR, tick=False):
        slot = slots_of(attempt)[1]
        fields = {"attempt": attempt.pk, "answer": "b", "client_id": "laptop", "seq": 1}
        assert rosa.post(at(course, f"quiz/{slot.position}/save/"), fields).status_code == 409
        page = text_of(rosa.get(at(course, "quiz/result/")))

    assert "An answer to one question came too late" in page
    assert "Question 2: what came after the end is kept, but it does not count." in page


# What may be seen


def closing(days: int) -> str:
    return (clock.now() + dt.timedelta(days=days)).date().isoformat()


def hand_in(rosa: Client, course: Course, answers: dict[str, Any] = WRONG) -> str:
    answer_all(Attempt.objects.get(finished_at=None), answers)
    rosa.post(at(course, "quiz/review/"))
    return text_of(rosa.get(at(course, "quiz/result/")))


def test_an_exam_says_nothing_before_it_is_closed_and_everything_after(rosa: Client):
    course = begun(rosa, behaviour="exam", closes_on=closing(2))
    assert "Nothing is shown before the quiz closes" in text_of(rosa.get(at(course, "quiz/1/")))
    page = hand_in(rosa, course)
    card = text_of(rosa.get(at(course)))

    for text in (page, card):
        assert "0%" not in text.replace("80%", "")
        assert SECRET not in text
    assert "Your result is shown once the quiz is closed, at the latest after" in page
    assert rosa.get(at(course, "quiz/result/1/")).status_code == 404
    with time_machine.travel(clock.now() + dt.timedelta(days=4)):
        page = text_of(rosa.get(at(course, "quiz/result/")))
        assert "Not yet. Two ideas to revisit" in page
        assert f"{SECRET} a." in page
        assert "This quiz closed after" in text_of(rosa.get(at(course)))


@pytest.mark.parametrize(
    ("hidden", "gone", "there"),
    [
        ("score", ["Not yet", "To look at again"], [SECRET]),
        ("right", ["Your answer: right", "check-circle"], [SECRET]),
        ("feedback", [SECRET], ["Not yet"]),
        ("answers", ["You chose"], ["Not yet"]),
    ],
)
def test_what_the_author_keeps_back_is_not_in_the_page(rosa: Client, hidden: str, gone: list[str], there: list[str]):
    course = begun(rosa, review={hidden: "never"})
    page = hand_in(rosa, course).split("</head>")[1].split("<main")[1]

    for words in gone:
        assert words not in page, words
    for words in there:
        assert words in page, words


# The start card


def test_the_card_says_how_the_quiz_asks(rosa: Client):
    course = publish_quiz(
        asking={"behaviour": "tries", "tries": {"most": 2, "penalty": 40}, "closes_on": closing(3)},
        questions=[single()],
        rule={"attempts": 3, "counts": "average"},
    )
    page = text_of(rosa.get(at(course)))

    assert "You have 2 tries at each question; each wrong one takes 40% off." in page
    assert "The average of your attempts counts." in page
    assert "The quiz closes " in page


def test_a_rest_between_attempts_is_said_with_its_end(rosa: Client):
    course = begun(rosa, rule={"cool_down": 24})
    page = hand_in(rosa, course)

    assert "The next attempt opens on" in page
    assert "The next attempt opens on" in text_of(rosa.get(at(course)))
    assert "do/start/" not in page
    assert rosa.post(at(course, "do/start/")).status_code == 409
    with time_machine.travel(clock.now() + 25 * HOUR):
        assert "Try the quiz again" in text_of(rosa.get(at(course)))


def test_a_pre_test_names_what_it_spares_and_may_be_skipped(rosa: Client):
    course = publish_quiz(rule={"credits": ["last-words"]}, questions=[single()])
    page = text_of(rosa.get(at(course)))
    assert "Know this already?" in page
    assert "Lesson last-words." in page
    assert "Skip it and start with the lessons" in page

    assert rosa.post(at(course, "do/skip/")).status_code == 302
    after = text_of(rosa.get(at(course)))
    assert "Skipped" in after
    assert "do/skip/" not in after


def test_while_somebody_marks_the_card_and_the_result_say_so(rosa: Client):
    course = begun(rosa, questions=[single(), essay()])
    page = hand_in(rosa, course, RIGHT)

    assert "A person reads your answers now" in page
    assert page.count("Being marked") == 2
    assert "Your answers are being marked" in text_of(rosa.get(at(course)))


def test_the_pages_ask_no_more_with_more_questions_under_any_behaviour(rosa: Client):
    def counts(questions: int) -> list[int]:
        return [each for name in ("tries", "certainty", "exam") for each in statements(rosa, name, questions)]

    few, many = counts(2), counts(12)

    assert few == many
    assert max(few) <= 18


def statements(rosa: Client, behaviour: str, questions: int) -> list[int]:
    """How many statements each page takes: question, look back, check, result, card."""
    kinds = [single(f"Q-{n}", points=n + 1) for n in range(questions)] + [shorttext("Q-T")]
    course = begun(rosa, questions=kinds, behaviour=behaviour, rule={"attempts": 2})

    def read(*paths: str) -> list[int]:
        return [count_statements(lambda path=path: rosa.get(at(course, path))) for path in paths]

    asked = read("quiz/1/", "quiz/review/")
    checked = count_statements(lambda: rosa.post(at(course, "quiz/1/check/"), {"answer": "a"}))
    rosa.post(at(course, "quiz/review/"))
    return [*asked, checked, *read("quiz/result/", "")]


@pytest.mark.parametrize(
    ("zone", "said"),
    [("America/Chicago", "at the end of Thu 31 Dec"), ("Europe/Berlin", "on Fri 1 Jan 2027 at 06:59")],
)
def test_the_end_of_the_last_day_is_told_in_the_readers_time(zone: str, said: str):
    """Nobody elsewhere may take the library's midnight for their own."""
    last = clock.end_of_day(dt.date(2026, 12, 31), "America/Chicago")
    with time_machine.travel("2026-11-30T12:00Z"), timezone.override(zone):
        assert ending(last) == said
