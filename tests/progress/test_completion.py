"""Completing a course: once, with its certificate, whatever comes later."""

import contextlib
import datetime as dt

import pytest
import time_machine
from django.db import transaction

from core import clock
from courses.models import EditionLesson
from courses.services.enrolling import start_cycle
from progress.codes import new_code, read_code
from progress.models import Certificate, Completion, CourseState
from progress.services.certifying import expiry
from progress.services.resetting import reset
from progress.signals import course_completed
from quizzes.services.grading import finish
from tests.factories.accounts import UserFactory
from tests.factories.courses import publish_course
from tests.factories.progress import certificate_of, did, finished, graded, opened_enrolment
from tests.factories.quizzes import QUIZ, answer_all, start_attempt, three_questions
from tests.progress import processes

pytestmark = pytest.mark.django_db


def test_the_last_lesson_completes_the_course_and_issues_the_certificate():
    enrolment = opened_enrolment()
    did(enrolment, "reading")
    did(enrolment, "checking")
    assert not Completion.objects.exists()
    did(enrolment, "sending")
    completion = Completion.objects.get()
    assert (completion.enrolment, completion.edition_id, completion.score) == (enrolment, enrolment.edition_id, None)
    assert completion.certificate.render_state == "queued"
    assert CourseState.objects.get().percent == 100


def test_what_follows_a_completion_never_makes_a_second_one():
    enrolment, heard = finished(), []
    course_completed.connect(lambda completion, **kwargs: heard.append(completion), weak=False, dispatch_uid="heard")
    try:
        did(enrolment, "reading")
        did(enrolment, "sending", "opened")
    finally:
        course_completed.disconnect(dispatch_uid="heard")
    assert (Completion.objects.count(), Certificate.objects.count(), heard) == (1, 1, [])


def test_a_completion_survives_a_reset_and_is_not_made_again():
    enrolment = finished()
    code = certificate_of(enrolment).code
    reset(enrolment=enrolment, reason="Once more, please.", actor=UserFactory())
    assert CourseState.objects.get().percent == 0
    for uid in ("reading", "checking", "sending"):
        did(enrolment, uid)
    assert CourseState.objects.get().percent == 100
    assert certificate_of(enrolment).code == code


def test_the_score_is_the_mean_of_the_best_results_weighted_by_minutes():
    enrolment = opened_enrolment()
    EditionLesson.objects.filter(uid__in=["reading", "sending"]).update(kind="quiz")
    graded(enrolment, "reading", 60, attempt=1)
    graded(enrolment, "reading", 90, attempt=2)
    graded(enrolment, "sending", 83)
    did(enrolment, "checking")
    assert Completion.objects.get().score == round((90 * 4 + 83 * 10) / 14)


@pytest.mark.parametrize(("counts", "score"), [("best", 95), ("last", 85), ("average", 87), ("first", 80)])
def test_the_score_is_of_the_attempts_that_count(counts, score):
    enrolment = opened_enrolment(lessons=[("text", "asked", {"minutes": 4}), ("text", "read", {})])
    EditionLesson.objects.filter(uid="asked").update(kind="quiz", rule={"pass_mark": 80, "counts": counts})
    for number, percent in enumerate((80, 95, 85), start=1):
        graded(enrolment, "asked", percent, attempt=number)
    did(enrolment, "read")

    assert Completion.objects.get().score == score


def test_the_certificate_says_the_name_as_it_shall_stand_on_certificates():
    enrolment = finished(learner=UserFactory(name="Rosa Delgado", certificate_name="Rosa M. Delgado Ruiz"))
    enrolment.learner.certificate_name = "Somebody Else"
    enrolment.learner.save()
    assert certificate_of(enrolment).holder_name == "Rosa M. Delgado Ruiz"


@pytest.mark.parametrize(
    ("zone", "finished_at", "last_moment"),
    [
        # The same instant is already the next day in Kiribati, and still the day before in Honolulu.
        ("Pacific/Kiritimati", "2026-03-01T10:30:00", "2026-03-12T09:59:59"),
        ("Pacific/Honolulu", "2026-03-01T09:30:00", "2026-03-11T09:59:59"),
        ("", "2026-03-01T23:59:59", "2026-03-11T23:59:59"),
    ],
)
def test_a_certificate_expires_at_the_end_of_the_holders_day(zone, finished_at, last_moment):
    course = publish_course(certificate_valid_days=10)
    with time_machine.travel(dt.datetime.fromisoformat(f"{finished_at}+00:00"), tick=False):
        row = certificate_of(finished(learner=UserFactory(time_zone=zone), course=course))
    assert row.expires_at == dt.datetime.fromisoformat(f"{last_moment}+00:00")


def test_a_course_without_a_term_gives_certificates_that_do_not_expire():
    assert expiry(clock.now(), None, "UTC") is None


def test_the_next_cycle_renews_the_certificate_of_the_one_before():
    first = finished()
    second = start_cycle(enrolment=first)
    for uid in ("reading", "checking", "sending"):
        did(second, uid)
    assert certificate_of(second).renews == certificate_of(first)


def test_a_course_completed_by_a_receiver_that_fails_is_not_completed_at_all():
    def fail(**kwargs):
        raise RuntimeError("no")

    enrolment = opened_enrolment(lessons=[("text", "only", {})])
    course_completed.connect(fail, dispatch_uid="failing")
    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            did(enrolment, "only")
    finally:
        course_completed.disconnect(dispatch_uid="failing")
    assert not Completion.objects.exists()
    assert not Certificate.objects.exists()


@pytest.mark.parametrize(
    "typed", ["LC-7F3K-01QD", "lc7f3k01qd", " 7f3k o1qd ", "LC–7F3K–OIQD", "LC 7F3K 0LQD", "lc-7f3k-olqd"]
)
def test_codes_are_read_as_people_type_them(typed):
    assert read_code(typed) == "LC-7F3K-01QD"


@pytest.mark.parametrize("typed", ["", "LC-", "7F3K", "LC-7F3K-01QDX", "LC-7F3K-01Q!", "éééééééé"])
def test_what_cannot_be_a_code_is_not_one(typed):
    assert read_code(typed) == ""


def test_new_codes_read_as_themselves():
    assert all(read_code(code) == code for code in (new_code() for _each in range(200)))


FINISH = """
from courses.models import Enrolment
from tests.factories.progress import did
enrolment = Enrolment.objects.get(pk=int(sys.argv[1]))
sys.stdin.readline()
did(enrolment, sys.argv[2])
"""


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_eight_processes_that_complete_at_once_make_one_certificate():
    enrolment = opened_enrolment(lessons=[("text", f"lesson-{number}", {}) for number in range(8)])
    with contextlib.ExitStack() as stack:
        racers = [stack.enter_context(processes.start(FINISH, enrolment.pk, f"lesson-{number}")) for number in range(8)]
        for racer in racers:
            racer.stdin.write("go\n")
            racer.stdin.flush()
        assert [(racer.communicate(timeout=120)[1][-500:], racer.returncode) for racer in racers] == [("", 0)] * 8
    assert (Completion.objects.count(), Certificate.objects.count()) == (1, 1)
    state = CourseState.objects.get()
    assert (state.percent, state.unmet) == (100, [])


@pytest.mark.parametrize(
    ("asking", "score"),
    [
        ({}, 100),
        ({"behaviour": "exam", "closes_on": "2999-01-01"}, None),
        ({"review": {"score": "never"}}, None),
        ({"review": {"score": "closed"}}, 100),  # nothing limits it, so it is closed once it is handed in
    ],
)
def test_a_score_that_a_quiz_still_hides_is_in_no_record(trainee, asking, score):
    course = publish_course(lessons=[("quiz", QUIZ, {"title": "Quiz", "questions": three_questions(), **asking})])
    attempt = start_attempt(trainee, course)
    answer_all(attempt)
    finish(attempt=attempt)
    assert Completion.objects.get(enrolment=attempt.enrolment).score == score
