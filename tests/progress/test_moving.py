"""Another edition: what was done stays done, except where it is asked again, and the learner sees the move."""

import pytest

from courses.models import Edition
from courses.services.moving import move
from progress.models import Completion, CourseState, Event, EventKind, LessonState
from tests.factories.courses import publish_course
from tests.factories.progress import did, finished, lesson_of, opened_enrolment

pytestmark = pytest.mark.django_db

BODY = {"body": "Something else altogether.\n"}


def lessons(*changed, extra=()):
    uids = ("reading", "checking", *extra)
    return [("text", uid, {"title": uid.capitalize(), **(BODY if uid in changed else {})}) for uid in uids]


def moved_on(enrolment, kind, *changed, extra=()) -> Edition:
    """The next edition of the enrolment's course, and the enrolment moved to it."""
    course = publish_course(slug=enrolment.course.slug, kind=kind, note="New", lessons=lessons(*changed, extra=extra))
    move(enrolment=enrolment, edition=course.current_edition, actor=None)
    enrolment.refresh_from_db()
    return course.current_edition


@pytest.fixture
def enrolment(trainee):
    return opened_enrolment(learner=trainee, course=publish_course(lessons=lessons()))


def percent():
    return CourseState.objects.get().percent


def test_a_minor_edition_asks_nothing_again(enrolment):
    did(enrolment, "reading")
    edition = moved_on(enrolment, "minor", "reading")
    assert percent() == 50
    assert CourseState.objects.get().edition == edition


def test_a_refresh_asks_only_the_changed_lesson_again(enrolment):
    did(enrolment, "reading")
    did(enrolment, "checking", "opened")
    moved_on(enrolment, "refresh", "reading")
    assert percent() == 0
    assert set(LessonState.objects.values_list("uid", flat=True)) == {"checking"}
    assert Event.objects.filter(kind=EventKind.DONE).count() == 1
    did(enrolment, "reading")
    assert percent() == 50


def test_the_move_is_an_event_that_names_both_editions(enrolment, client_of):
    did(enrolment, "reading")
    moved_on(enrolment, "minor", "checking")
    event = Event.objects.get(kind=EventKind.MOVE)
    assert (event.payload["from"], event.payload["to"], event.actor) == (1, 2, None)
    assert "Moved from edition 1 to edition 2" in client_of(enrolment.learner).get("/me/").content.decode()


def test_a_move_to_where_it_stands_already_changes_nothing(enrolment):
    edition = moved_on(enrolment, "minor", "reading")
    move(enrolment=enrolment, edition=edition, actor=None)
    assert Event.objects.filter(kind=EventKind.MOVE).count() == 1


def test_an_edition_without_the_missing_lesson_completes_the_course(trainee):
    enrolment = opened_enrolment(learner=trainee, course=publish_course(lessons=lessons(extra=("sending",))))
    did(enrolment, "reading")
    did(enrolment, "checking")
    edition = moved_on(enrolment, "minor")
    assert Completion.objects.get().edition == edition


def test_a_new_lesson_is_missing(enrolment):
    did(enrolment, "reading")
    moved_on(enrolment, "minor", extra=("sending",))
    assert [entry["uid"] for entry in CourseState.objects.get().unmet] == ["checking", "sending"]
    assert percent() == 33


def test_a_completion_stays_whatever_is_published_later(trainee):
    enrolment = finished(learner=trainee, course=publish_course(lessons=lessons()))
    moved_on(enrolment, "redo", "reading", "checking", extra=("sending",))
    assert percent() == 0
    assert Completion.objects.get().edition.number == 1


def test_a_request_that_began_before_the_move_is_folded_under_the_new_rules(enrolment):
    old = lesson_of(enrolment, "reading")
    stale = type(enrolment).objects.get(pk=enrolment.pk)
    did(enrolment, "checking", "opened")
    edition = moved_on(enrolment, "refresh", "reading", extra=("sending",))
    did(stale, "reading", lesson=old)
    state = CourseState.objects.get()
    assert (state.edition, state.lesson_count, state.percent) == (edition, 3, 0)
    assert [entry["uid"] for entry in state.unmet] == ["reading", "checking", "sending"]


def test_what_was_done_in_a_lesson_that_went_is_kept_in_the_ledger(enrolment):
    old = lesson_of(enrolment, "checking")
    course = publish_course(slug=enrolment.course.slug, kind="minor", note="Shorter", lessons=lessons()[:1])
    move(enrolment=enrolment, edition=course.current_edition, actor=None)
    did(enrolment, "checking", lesson=old)
    assert Event.objects.filter(lesson_uid="checking").count() == 1
    assert CourseState.objects.get().lesson_count == 1
