"""Whatever happened, in whatever order: wiping what is shown and folding the ledger gives the same again."""

import datetime as dt
import io
import json

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core import clock
from courses.models import EditionLesson
from progress.models import Completion, CourseState, Event, LessonState, VideoSession
from progress.services.rebuilding import rebuild, shown_of
from progress.services.resetting import reset
from tests.factories.accounts import UserFactory
from tests.factories.courses import publish_course
from tests.factories.progress import beat, did, finished, graded, opened_enrolment

pytestmark = pytest.mark.django_db

START = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
UIDS = ("reading", "film", "quiz")
minutes = st.integers(min_value=0, max_value=5000)
uids = st.sampled_from(UIDS)
keys = st.sampled_from([f"key-{number}" for number in range(6)])
seconds = st.integers(min_value=0, max_value=100)

events = st.one_of(
    st.tuples(st.just("did"), uids, st.sampled_from(["opened", "done", "transcript", "credit"]), keys, minutes),
    st.tuples(st.just("graded"), st.integers(1, 3), st.integers(1, 2), st.integers(0, 100), minutes),
)
happenings = st.one_of(
    events,
    st.tuples(st.just("beat"), st.sampled_from(["a", "b"]), seconds, seconds, st.booleans()),
    st.tuples(st.just("reset")),
)


def key_of(what):
    """What makes a repeat of an event a repeat."""
    return what[:3] if what[0] == "graded" else what[:4]


def happen(enrolment, what):
    match what:
        case ("did", uid, kind, key, minute):
            did(enrolment, uid, kind, key=f"{uid}:{kind}:{key}", at=START + dt.timedelta(minutes=minute))
        case ("beat", session, one, other, declared):
            start, end = sorted((one, other))
            beat(enrolment, "film", (start * 1000, end * 1000), session=session, declared=declared)
        case ("graded", attempt, grading, percent, minute):
            at = START + dt.timedelta(minutes=minute)
            graded(enrolment, "quiz", percent, attempt=attempt, grading=grading, occurred_at=at)
        case ("reset",):
            reset(enrolment=enrolment, reason="Again.", actor=enrolment.learner)


class WhateverHappens(TestCase):
    @classmethod
    def setUpTestData(cls):
        lessons = [("text", uid, {"minutes": number}) for number, uid in enumerate(UIDS, 3)]
        cls.course = publish_course(lessons=lessons)
        EditionLesson.objects.filter(uid="film").update(kind="video")
        EditionLesson.objects.filter(uid="quiz").update(kind="quiz", rule={"pass_mark": 80})

    def new_enrolment(self):
        return opened_enrolment(course=self.course)

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(happenings, min_size=1, max_size=14))
    def test_a_wiped_projection_comes_back_the_same(self, story):
        enrolment = self.new_enrolment()
        for what in story:
            happen(enrolment, what)
        live = shown_of(enrolment)
        rebuild(enrolment=enrolment)
        assert shown_of(enrolment) == live

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(events, unique_by=key_of, max_size=10), st.randoms(use_true_random=False))
    def test_shuffled_and_repeated_events_show_the_same(self, story, random):
        one, other = self.new_enrolment(), self.new_enrolment()
        for what in story:
            happen(one, what)
        again = [*story, *story]
        random.shuffle(again)
        for what in again:
            happen(other, what)
        assert shown_of(one) == shown_of(other)


def test_rebuilding_leaves_completion_certificate_ledger_and_sessions_alone():
    enrolment = finished()
    before = list(Completion.objects.values()), list(Event.objects.values()), list(VideoSession.objects.values())
    rebuild(enrolment=enrolment)
    assert before == (
        list(Completion.objects.values()),
        list(Event.objects.values()),
        list(VideoSession.objects.values()),
    )


def test_the_command_mends_what_was_damaged_and_counts_it():
    enrolment, whole = finished(), finished(course=publish_course())
    good = shown_of(enrolment)
    CourseState.objects.filter(enrolment=enrolment).update(percent=3, unmet=[])
    LessonState.objects.filter(enrolment=enrolment).delete()
    out = io.StringIO()
    call_command("rebuild_progress", stdout=out)
    assert json.loads(out.getvalue()) == {"rebuilt": 2, "changed": 1}
    assert shown_of(enrolment) == good
    out = io.StringIO()
    call_command("rebuild_progress", "--course", whole.course.slug, stdout=out)
    assert json.loads(out.getvalue()) == {"rebuilt": 1, "changed": 0}


def test_a_late_event_moves_the_moment_of_completion_back_as_a_rebuild_would():
    enrolment = opened_enrolment(learner=UserFactory())
    did(enrolment, "reading", at=clock.now())
    did(enrolment, "reading", at=START)
    assert LessonState.objects.get().done_at == START
    live = shown_of(enrolment)
    rebuild(enrolment=enrolment)
    assert shown_of(enrolment) == live
