"""What courses are told about progress, in a bounded number of queries."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

from core import clock
from courses.services.enrolling import leave
from courses.standing import standing
from progress.models import Obligation
from tests.factories.courses import publish_course
from tests.factories.progress import beat, certificate_of, did, finished, graded, opened_enrolment
from tests.factories.progress_assigning import assign_course, in_days
from tests.support import count_queries

pytestmark = pytest.mark.django_db


def of_courses(person, *courses):
    return standing().for_courses(person, [course.pk for course in courses])


def test_a_course_under_way(trainee):
    enrolment = opened_enrolment(learner=trainee)
    did(enrolment, "checking")
    where = of_courses(trainee, enrolment.course)[enrolment.course_id]
    assert (where.opened, where.percent, where.done_count, where.lesson_count) == (True, 30, 1, 3)
    assert (where.last_uid, where.completed_at, where.certificate_code) == ("checking", None, "")


def test_a_finished_course_has_its_score_and_certificate(trainee):
    enrolment = opened_enrolment(learner=trainee, lessons=[("text", "only", {})])
    graded(enrolment, "only", 85)
    did(enrolment, "only")
    where = of_courses(trainee, enrolment.course)[enrolment.course_id]
    assert (where.score, where.certificate_code) == (85, certificate_of(enrolment).code)
    assert where.completed_at


def test_courses_without_anything_are_left_out(trainee):
    left = opened_enrolment(learner=trainee)
    leave(enrolment=left)
    assert of_courses(trainee, left.course, publish_course()) == {}
    assert of_courses(AnonymousUser(), left.course) == {}
    assert of_courses(trainee) == {}


def test_an_assigned_course_says_when_it_is_due_who_wants_it_and_why(trainee, supervisor, team):
    course = publish_course()
    assign_course(course=course, actor=supervisor, teams=[team], due_on=in_days(30))
    assign_course(course=course, actor=supervisor, teams=[team], due_on=in_days(3), note="Before Monday, please.")
    where = of_courses(trainee, course)[course.pk]
    assert (where.due_on, where.overdue, where.opened) == (in_days(3), False, False)
    assert (where.assigned_by, where.note) == ("Marcus Oyelaran", "Before Monday, please.")


def test_a_due_day_ends_at_its_last_second(trainee, supervisor, team, time_machine):
    course = publish_course()
    assign_course(course=course, actor=supervisor, teams=[team], due_on=in_days(2))
    due_at = Obligation.objects.get(person=trainee).due_at
    time_machine.move_to(due_at, tick=False)
    assert not of_courses(trainee, course)[course.pk].overdue
    time_machine.move_to(due_at + dt.timedelta(seconds=1), tick=False)
    assert of_courses(trainee, course)[course.pk].overdue


def test_what_is_finished_is_no_longer_due(trainee, supervisor, team):
    enrolment = opened_enrolment(learner=trainee, lessons=[("text", "only", {})])
    assign_course(course=enrolment.course, actor=supervisor, teams=[team], due_on=in_days(2))
    did(enrolment, "only")
    assert of_courses(trainee, enrolment.course)[enrolment.course_id].due_on is None


def test_lessons_say_what_they_miss_and_where_a_film_stopped(trainee):
    enrolment = opened_enrolment(learner=trainee)
    did(enrolment, "reading")
    beat(enrolment, "checking", (0, 5_000), session="yesterday")
    beat(enrolment, "checking", (0, 2_000), session="today")
    where = standing().for_enrolment(enrolment)
    assert {uid: lesson.state for uid, lesson in where.lessons.items()} == {
        "reading": "done",
        "checking": "started",
        "sending": "new",
    }
    assert where.lessons["checking"].position_ms == 2_000
    assert where.lessons["sending"].unmet
    assert where.lessons["reading"].facts.done


def test_an_enrolment_in_which_nothing_happened(trainee):
    enrolment = opened_enrolment(learner=trainee)
    where = standing().for_enrolment(enrolment)
    assert (where.enrolment_id, where.percent, where.lessons) == (enrolment.pk, 0, {})


def test_three_queries_whatever_there_is(trainee, supervisor, team):
    courses = [publish_course() for _each in range(4)]
    for course in courses:
        finished(learner=trainee, course=course)
        assign_course(course=course, actor=supervisor, teams=[team])
    enrolment = opened_enrolment(learner=trainee, course=courses[0])
    assert count_queries(lambda: of_courses(trainee, *courses)) <= 3
    assert count_queries(lambda: of_courses(trainee, courses[0])) <= 3
    assert count_queries(lambda: standing().for_enrolment(enrolment)) <= 3


def test_which_of_many_are_completed(trainee):
    done, open_one = finished(learner=trainee), opened_enrolment(learner=trainee)
    assert standing().completed_among([done.pk, open_one.pk]) == {done.pk}
    assert done.opened_at <= clock.now()
