"""What is shown when: what a learner may not see yet is not in any answer at all."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import Organisation, User
from core import personal_data
from core.errors import InvalidInput
from courses.models import Course
from courses.registry import kinds
from progress.models import LessonState
from quizzes.asking import REVIEWED, Settings
from quizzes.models import Attempt, QuestionVersion, Result, Slot, SlotMark
from quizzes.selectors import EVERYTHING, NOTHING, Visible, card_of, review_of, visible, visible_of
from quizzes.services.grading import Given, Judged, finish, mark_of, record
from quizzes.types.base import token
from tests.factories.quizzes import (
    QUIZ,
    SECRET,
    WRONG,
    answer_all,
    player_of,
    publish_quiz,
    shorttext,
    single,
    slots_of,
    start_attempt,
)
from tests.support import count_statements

pytestmark = pytest.mark.django_db
GENERAL = "Generally it is so."


def taken(user: User, *, rule: dict[str, Any] | None = None, **asking: Any) -> Attempt:
    """A finished attempt at one question: ``a`` was chosen, ``b`` is right."""
    course = publish_quiz(questions=[single(general_feedback=GENERAL)], rule=rule, asking=asking)
    return again(user, course)


def again(user: User, course: Course) -> Attempt:
    attempt = start_attempt(user, course)
    answer_all(attempt, WRONG)
    finish(attempt=attempt)
    return attempt


def review(client: Client, attempt: Attempt) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/v1/attempts/{attempt.pk}/review/").json()
    return found


@pytest.fixture
def rosa(client_of: Callable[[User], Client], trainee: User) -> Client:
    return client_of(trainee)


@pytest.mark.parametrize("name", REVIEWED)
@pytest.mark.parametrize(
    ("when", "closed", "seen"),
    [
        ("at_once", False, True),
        ("at_once", True, True),
        ("closed", False, False),
        ("closed", True, True),
        ("never", False, False),
        ("never", True, False),
    ],
)
def test_each_thing_is_seen_when_its_option_says(name: str, when: str, closed: bool, seen: bool):
    assert getattr(visible(Settings(review={name: when}), closed=closed), name) is seen


@pytest.mark.parametrize("when", ["at_once", "closed"])
def test_an_exam_shows_nothing_before_it_is_closed(when: str):
    asking = Settings(behaviour="exam", review=dict.fromkeys(REVIEWED, when))

    assert visible(asking, closed=False) == NOTHING
    assert visible(asking, closed=True) == EVERYTHING


def test_without_options_everything_is_seen_at_once(trainee: User, rosa: Client):
    attempt = taken(trainee)
    [question] = review(rosa, attempt)["questions"]

    assert visible_of(attempt) == EVERYTHING
    assert (question["verdict"], question["fraction"], question["answer"]) == ("wrong", "0.00000", token(single(), "a"))
    assert question["general_feedback"] == GENERAL
    assert {each["html"] for each in question["choices"] if each["right"]} == {"Option b"}


def test_nothing_of_an_open_attempt_is_seen(trainee: User):
    assert visible_of(start_attempt(trainee, publish_quiz())) == NOTHING


@pytest.mark.parametrize(
    ("hidden", "gone"),
    [
        (["score"], {"verdict", "fraction", "earned"}),
        (["right"], {"fraction"}),
        (["feedback"], set()),
        (["answers"], set()),
    ],
)
def test_what_is_hidden_is_not_in_the_answer_of_the_api(trainee: User, rosa: Client, hidden: list[str], gone: set[str]):
    attempt = taken(trainee, review=dict.fromkeys(hidden, "never"))
    found = review(rosa, attempt)
    [question] = found["questions"]

    assert found["may_see"] == [name for name in REVIEWED if name not in hidden]
    assert not gone & question.keys()
    if "score" in hidden:
        assert (found["percent"], found["passed"]) == (None, None)
    if "right" in hidden:
        assert all("right" not in each and "reason" not in each for each in question["choices"])
        assert question["replies"] == [f"{SECRET} a."]
        assert f"{SECRET} b." not in str(found)
    if "feedback" in hidden:
        assert SECRET not in str(found)
        assert GENERAL not in str(found)
    if "answers" in hidden:
        assert question["answer"] is None
        assert not any(each["chosen"] for each in question["choices"])


@pytest.mark.parametrize(("answers", "questions"), [("never", 0), ("at_once", 1)])
def test_ones_own_answers_are_hidden_at_every_address_of_the_api(
    trainee: User, rosa: Client, answers: str, questions: int
):
    attempt = taken(trainee, review={"answers": answers, "right": "never", "feedback": "never"})

    assert len(rosa.get(f"/api/v1/attempts/{attempt.pk}/").json()["questions"]) == questions


def test_what_is_hidden_is_not_on_the_result_page(trainee: User, rosa: Client):
    attempt = taken(trainee, review={"right": "never", "feedback": "never", "score": "never"})
    page = rosa.get(f"/courses/{attempt.enrolment.course.slug}/{QUIZ}/quiz/result/").content.decode()

    assert SECRET not in page
    assert GENERAL not in page
    assert "0%" not in page


def test_the_list_of_attempts_and_ones_own_data_hide_the_score_too(trainee: User, rosa: Client):
    taken(trainee, rule={"attempts": 2}, behaviour="exam")

    [row] = rosa.get("/api/v1/attempts/").json()["results"]
    assert (row["percent"], row["passed"], row["may_see"]) == (None, None, [])
    assert personal_data.export_of(trainee)["quizzes"][0]["percent"] is None


def test_with_the_last_attempt_a_quiz_is_closed_for_its_learner(trainee: User, rosa: Client):
    first = taken(trainee, rule={"attempts": 2}, behaviour="exam")
    assert review(rosa, first)["questions"] == []
    open_one = start_attempt(trainee, first.enrolment.course)
    assert review(rosa, first)["questions"] == []
    finish(attempt=open_one)

    for attempt in (first, open_one):
        assert review(rosa, attempt)["may_see"] == list(REVIEWED)


def test_after_the_last_day_a_quiz_is_closed(trainee: User, library: Organisation, rosa: Client):
    with time_machine.travel(dt.datetime(2026, 3, 2, 15, tzinfo=dt.UTC), tick=False) as time:
        course = publish_quiz(
            questions=[single()], organisation=library, asking={"closes_on": "2026-03-02", "behaviour": "exam"}
        )
        attempt = again(trainee, course)
        assert visible_of(attempt) == NOTHING
        time.move_to(dt.datetime(2026, 3, 3, 6, 0, tzinfo=dt.UTC))
        assert visible_of(attempt) == EVERYTHING


@pytest.mark.parametrize(("later", "seen"), [("2026-03-10", NOTHING), ("2026-03-04", EVERYTHING), (None, NOTHING)])
def test_a_last_day_that_a_newer_edition_puts_off_holds_for_earlier_attempts(
    trainee: User, library: Organisation, later: str | None, seen: Visible
):
    def published(day: str | None) -> Course:
        asking = {"behaviour": "exam", **({"closes_on": day} if day else {})}
        rule = {"attempts": 3}
        return publish_quiz(slug="put-off", questions=[single()], organisation=library, rule=rule, asking=asking)

    with time_machine.travel(dt.datetime(2026, 3, 2, 15, tzinfo=dt.UTC), tick=False) as time:
        attempt = again(trainee, published("2026-03-02"))
        published(later)
        time.move_to(dt.datetime(2026, 3, 5, 6, 0, tzinfo=dt.UTC))
        attempt = Attempt.objects.select_related("enrolment__course__organisation").get(pk=attempt.pk)
        assert visible_of(attempt) == seen
        time.move_to(dt.datetime(2026, 3, 12, 6, 0, tzinfo=dt.UTC))
        assert visible_of(attempt) == (EVERYTHING if later else NOTHING)


def test_what_waits_for_the_close_is_seen_at_once_where_nothing_closes(trainee: User):
    attempt = taken(trainee, review={"right": "closed"})

    assert visible_of(attempt) == EVERYTHING


def test_an_exam_without_an_end_is_refused():
    with pytest.raises(InvalidInput, match="limit the attempts, or name its last day"):
        publish_quiz(asking={"behaviour": "exam"})


@pytest.mark.parametrize("day", ["2026-02-30", "2026-13-01"])
def test_a_day_that_is_none_is_refused(day: str):
    faults = kinds["quiz"].faults({"questions": [single()], "closes_on": day})

    assert [path for path, _sentence in faults] == ["closes_on"]


def test_the_list_asks_no_more_for_more_attempts(trainee: User, rosa: Client):
    def count(attempts: int) -> int:
        course = publish_quiz(questions=[single()], rule={"attempts": 20}, asking={"behaviour": "exam"})
        for _attempt in range(attempts):
            again(trainee, course)
        return count_statements(lambda: rosa.get("/api/v1/attempts/?page_size=100"))

    assert count(1) == count(5)


def test_typed_answers_get_their_own_reply_where_what_is_right_stays_hidden(trainee: User):
    course = publish_quiz(questions=[shorttext()], asking={"review": {"right": "never"}})
    attempt = start_attempt(trainee, course)
    answer_all(attempt, {"text": "index"})
    finish(attempt=attempt)
    [row] = review_of(Attempt.objects.select_related("part").get(), slug=course.slug, user=trainee).rows

    assert row.replies == (f"{SECRET} c.",)
    assert "Union catalogue" not in str(row)


def corrected(slot: Slot) -> QuestionVersion:
    """``a`` is right after all, and its reply says so."""
    content = single(uid=slot.version.content["uid"])
    for option in content["options"]:
        option["right"] = option["id"] == "a"
        option["feedback"] = f"Corrected {option['id']}."
    version = QuestionVersion.objects.get(pk=slot.version_id)
    return QuestionVersion.objects.create(
        question=version.question, number=version.number + 1, hash="c" * 64, type="single", content=content
    )


def test_a_regraded_question_says_what_is_right_now_with_the_words_that_were_asked(trainee: User):
    attempt = taken(trainee)
    [slot] = slots_of(attempt)
    better = corrected(slot)
    [old] = SlotMark.objects.select_related("slot")
    fresh = mark_of(slot, Given(old.answer), Judged(Decimal(1), Decimal(1)), better)
    record(attempt, [slot], [fresh], reason="The key was wrong.")
    [row] = review_of(Attempt.objects.select_related("part").get(), slug="any", user=trainee).rows

    assert Result.objects.count() == 2
    assert row.verdict == "right"
    chosen = next(each for each in row.fields["options"] if each.chosen)
    assert (chosen.right, chosen.reason) == (True, "Corrected a.")
    assert row.html["stem"] == "What about Q-1?"


@pytest.mark.parametrize(
    "may",
    [Visible(score=a, answers=b, right=c, feedback=d) for a in (0, 1) for b in (0, 1) for c in (0, 1) for d in (0, 1)],
)
def test_every_mixture_shows_no_more_than_it_may(trainee: User, may: Visible):
    attempt = taken(trainee)
    rows = review_of(Attempt.objects.select_related("part").get(pk=attempt.pk), slug="any", user=trainee, may=may).rows
    said = str(rows)

    if not may.feedback:
        assert SECRET not in said
        assert GENERAL not in said
    for row in rows:
        assert may.right or (row.mark is None and not any(each.right for each in row.fields["options"]))
        assert may.answers or (row.answer is None and not any(each.chosen for each in row.fields["options"]))
        assert may.score or (row.earned is None and not row.verdict)


def test_the_record_of_an_exam_names_no_score(trainee: User, rosa: Client):
    """Its lesson is done when it is passed; how good it was is seen once it is closed."""
    attempt = taken(trainee, rule={"attempts": 2}, behaviour="exam")
    course = attempt.enrolment.course
    log = rosa.get("/me/").content.decode()
    [event] = [each for each in personal_data.export_of(trainee)["learning"]["events"] if each["kind"] == "graded"]
    card = card_of(player_of(trainee, course), trainee)

    assert "Handed in “What you know now”, attempt 1" in log
    assert "Reached 0%" not in log
    assert event["details"] == {"attempt": 1, "silent": True}
    assert LessonState.objects.get(uid=QUIZ).unmet == ["Pass the quiz with 80% or more."]
    assert (card.taken, list(card.results), card.best, card.score, card.passed) == (1, [], None, None, False)


def test_what_was_handed_in_cannot_be_changed_where_the_right_answers_stay_hidden(rosa: Client, trainee: User):
    attempt = taken(trainee, review={"right": "never"})

    page = rosa.get(f"/courses/{attempt.enrolment.course.slug}/{QUIZ}/quiz/result/1/").content.decode()

    assert "<fieldset disabled>" in page
    assert f'value="{token(single(), "a")}" checked' in page
