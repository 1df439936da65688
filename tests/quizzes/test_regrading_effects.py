"""What follows from a correction: people are told, a late pass counts, and nothing earned is taken away."""

from typing import Any

import pytest

from accounts.models import Notice, User
from courses.models import Course
from progress.models import Certificate, Completion, Event
from quizzes.analysis.scope import Which
from quizzes.services.analysing import compute
from tests.factories.courses import publish_course
from tests.factories.quizzes import QUIZ, single
from tests.quizzes.corrected import SLUG, applied, keyed, percent, published, sat, tried

pytestmark = pytest.mark.django_db


def quiz_alone(right: str) -> Course:
    """A course of nothing but the quiz."""
    quiz = {"title": "The quiz", "questions": [keyed(right), single("Q-2")]}
    return publish_course(slug=SLUG, lessons=[("quiz", QUIZ, quiz)])


def test_the_learner_is_told_once_and_kindly(instructor: User, trainee: User):
    course = published("b")
    sat(course, "c", "b", learner=trainee)
    sat(course, "c", "a", learner=trainee)
    published("c")
    applied(tried(course, instructor), instructor)
    [notice] = Notice.objects.filter(person=trainee, kind="quiz_regraded")
    assert notice.title == "Your result was corrected: What you know now"
    assert "The key was wrong." in notice.body
    assert "now 50%; it was 0%" in notice.body
    assert notice.url == f"/courses/{SLUG}/{QUIZ}/quiz/result/?attempt=2"


def test_the_notice_leads_to_the_attempt_that_was_corrected(instructor: User, trainee: User):
    course = published("b")
    sat(course, "c", "b", learner=trainee)
    sat(course, "a", "b", learner=trainee)  # wrong by either key: nothing changes in it
    published("c")
    applied(tried(course, instructor), instructor)

    assert Notice.objects.get(person=trainee, kind="quiz_regraded").url.endswith("/quiz/result/?attempt=1")


def test_who_fell_reads_that_nothing_is_taken_away(instructor: User, trainee: User):
    course = published("b")
    sat(course, "b", "b", learner=trainee)
    published("c")
    applied(tried(course, instructor), instructor)
    [notice] = Notice.objects.filter(person=trainee, kind="quiz_regraded")
    assert "your certificates stay as they are" in notice.body


def test_an_unchanged_result_is_not_announced(instructor: User, trainee: User):
    course = published("b")
    sat(course, "a", "b", learner=trainee)
    sat(course, "c", "b")
    published("c")
    applied(tried(course, instructor), instructor)
    assert not Notice.objects.filter(person=trainee, kind="quiz_regraded").exists()


def test_a_pass_that_comes_late_completes_the_course(instructor: User, trainee: User):
    course = quiz_alone("b")
    attempt = sat(course, "c", "b", learner=trainee)
    assert not Completion.objects.filter(enrolment=attempt.enrolment).exists()
    quiz_alone("c")
    applied(tried(course, instructor), instructor)
    assert Completion.objects.filter(enrolment=attempt.enrolment).exists()
    assert Event.objects.filter(key=f"graded:{attempt.pk}:2").count() == 1


def test_completions_and_certificates_are_never_withdrawn(instructor: User, trainee: User):
    course = quiz_alone("b")
    attempt = sat(course, "b", "b", learner=trainee)
    before = Completion.objects.values().get(enrolment=attempt.enrolment)
    certificate = Certificate.objects.values("code", "state").get(completion__enrolment=attempt.enrolment)
    quiz_alone("c")
    applied(tried(course, instructor), instructor)

    assert percent(attempt) == [100, 50]
    assert Completion.objects.values().get(enrolment=attempt.enrolment) == before
    assert Certificate.objects.values("code", "state").get(completion__enrolment=attempt.enrolment) == certificate


@pytest.mark.parametrize(
    ("asking", "said"),
    [
        ({"behaviour": "exam", "closes_on": "2999-01-01"}, "You will see your result once the quiz is closed."),
        ({"review": {"score": "never"}}, "we have put it right."),
    ],
)
def test_a_notice_tells_no_score_that_the_quiz_still_hides(
    instructor: User, trainee: User, asking: dict[str, Any], said: str
):
    course = published("b", asking=asking)
    sat(course, "c", "b", learner=trainee)
    published("c", asking=asking)
    applied(tried(course, instructor), instructor)
    [notice] = Notice.objects.filter(person=trainee, kind="quiz_regraded")
    assert said in notice.body
    for secret in ("%", "passed", "The key was wrong"):
        assert secret not in notice.body


def test_after_a_correction_the_analysis_says_right_of_what_is_right_now(instructor: User):
    course = published("b")
    for answer in ("b", "c", "c"):
        sat(course, answer, "b")
    published("c")
    applied(tried(course, instructor), instructor)
    figures = compute(course=course, lesson_uid=QUIZ, which=Which("all"))

    [question] = [each for each in figures["questions"] if each["uid"] == "Q-1"]
    assert (question["of"], round(question["facility"], 3)) == (1, 0.667)
    assert {each["key"]: (each["right"], sum(each["thirds"])) for each in question["responses"]} == {
        "a": (False, 0),
        "b": (False, 1),
        "c": (True, 2),
        "d": (False, 0),
    }
