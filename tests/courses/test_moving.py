"""Moving up: minor and refresh at once, redo by choice, finished ones never."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from core.errors import InvalidInput
from courses import jobs, standing
from courses.models import Edition, EditionLesson, Enrolment
from courses.services.moving import move
from courses.services.publishing import publish, publish_preview
from courses.signals import enrolment_moved
from tests.factories.accounts import UserFactory
from tests.factories.courses import EnrolmentFactory, publish_course

pytestmark = pytest.mark.django_db


def next_edition(kind: str, body: str):
    return publish_course(slug="moving", kind=kind, lessons=[("text", "one", {"body": body}), ("text", "two", {})])


@pytest.fixture
def course():
    return next_edition("minor", "First.\n")


@pytest.fixture
def moves():
    """What ``enrolment_moved`` said: ``(enrolment, from number, to number, actor)``."""
    heard = []

    def hear(sender, enrolment, from_edition, to_edition, actor, **kwargs):
        heard.append((enrolment.pk, from_edition.number, to_edition.number, actor))

    enrolment_moved.connect(hear, dispatch_uid="tests.moving")
    yield heard
    enrolment_moved.disconnect(dispatch_uid="tests.moving")


@pytest.fixture
def finished(monkeypatch):
    """Enrolments that the provider of progress calls completed."""
    done: set[int] = set()
    provider = standing.standing()
    monkeypatch.setattr(
        type(provider), "completed_among", lambda self, ids: {each for each in ids if each in done}, raising=False
    )
    return done


def edition_of(enrolment: Enrolment) -> int:
    enrolment.refresh_from_db()
    return enrolment.edition.number


@pytest.mark.parametrize("kind", ["minor", "refresh"])
def test_open_learners_move_up_at_once(course, kind, moves, finished):
    learner = EnrolmentFactory(course=course, opened=True)
    course = next_edition(kind, "Second.\n")
    assert jobs.move_enrolments(course.current_edition_id) == 1
    assert edition_of(learner) == 2
    assert moves == [(learner.pk, 1, 2, None)]


def test_redo_moves_nobody_unasked(course, moves, finished):
    learner = EnrolmentFactory(course=course, opened=True)
    course = next_edition("redo", "Second.\n")
    assert course.current_edition.moves_done_at is not None
    assert jobs.move_enrolments(course.current_edition_id) == 0
    assert jobs.sweep_moves() == 0
    assert edition_of(learner) == 1


def test_a_later_minor_edition_does_not_take_the_step_of_a_redo(course, finished):
    kept = EnrolmentFactory(course=course, opened=True)
    course = next_edition("redo", "Second.\n")
    moved = EnrolmentFactory(course=course, opened=True)
    course = next_edition("minor", "Third.\n")
    jobs.move_enrolments(course.current_edition_id)
    assert (edition_of(kept), edition_of(moved)) == (1, 3)


def test_finished_closed_and_unopened_ones_stay(course, finished):
    done, closed = EnrolmentFactory.create_batch(2, course=course, opened=True)
    unopened = EnrolmentFactory(course=course)
    Enrolment.objects.filter(pk=closed.pk).update(closed_at=timezone.now(), close_reason="left")
    finished.add(done.pk)
    course = next_edition("minor", "Second.\n")
    assert jobs.move_enrolments(course.current_edition_id) == 0
    assert (edition_of(done), edition_of(closed)) == (1, 1)
    unopened.refresh_from_db()
    assert unopened.edition is None


def test_learners_of_other_courses_stay(course, finished):
    stranger = EnrolmentFactory(course=publish_course(), opened=True)
    course = next_edition("minor", "Second.\n")
    jobs.move_enrolments(course.current_edition_id)
    assert stranger.edition_id == Enrolment.objects.get(pk=stranger.pk).edition_id


def test_moving_twice_moves_once(course, moves, finished):
    EnrolmentFactory(course=course, opened=True)
    course = next_edition("minor", "Second.\n")
    assert [jobs.move_enrolments(course.current_edition_id) for _ in range(3)] == [1, 0, 0]
    assert len(moves) == 1


def test_what_a_killed_worker_left_is_found_after_its_lease(course, finished):
    learner = EnrolmentFactory(course=course, opened=True)
    course = next_edition("minor", "Second.\n")
    Edition.objects.filter(pk=course.current_edition_id).update(moves_claimed_at=timezone.now())
    assert jobs.sweep_moves() == 0
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert jobs.sweep_moves() == 1
    assert edition_of(learner) == 2
    assert Edition.objects.filter(moves_done_at=None).count() == 0


def test_batches_reach_everybody(course, finished, monkeypatch):
    monkeypatch.setattr(jobs, "BATCH", 3)
    EnrolmentFactory.create_batch(8, course=course, opened=True)
    course = next_edition("minor", "Second.\n")
    assert jobs.move_enrolments(course.current_edition_id) == 8
    assert not Enrolment.objects.exclude(edition=course.current_edition).exists()


def test_an_overtaken_edition_moves_nobody(course, finished):
    learner = EnrolmentFactory(course=course, opened=True)
    second = next_edition("minor", "Second.\n").current_edition
    third = next_edition("minor", "Third.\n").current_edition
    assert jobs.move_enrolments(second.pk) == 0
    assert jobs.move_enrolments(third.pk) == 1
    assert edition_of(learner) == 3


def test_the_learners_own_choice_is_told_with_their_name(course, moves):
    person = UserFactory()
    enrolment = EnrolmentFactory(course=course, opened=True, learner=person)
    second = next_edition("redo", "Second.\n").current_edition
    move(enrolment=enrolment, edition=second, actor=person)
    move(enrolment=enrolment, edition=second, actor=person)
    assert moves == [(enrolment.pk, 1, 2, person)]


def test_nobody_moves_to_another_course_or_a_preview(course):
    enrolment = EnrolmentFactory(course=course, opened=True)
    for edition in (publish_course().current_edition, publish_preview(course=course, actor=UserFactory())):
        with pytest.raises(InvalidInput):
            move(enrolment=enrolment, edition=edition, actor=None)


def test_who_has_finished_is_asked_once_a_batch(course, finished, monkeypatch):
    asked = []
    provider = type(standing.standing())
    monkeypatch.setattr(provider, "completed_among", lambda self, ids: asked.append(list(ids)) or set())
    EnrolmentFactory.create_batch(5, course=course, opened=True)
    jobs.move_enrolments(next_edition("minor", "Second.\n").current_edition_id)
    assert [len(ids) for ids in asked] == [5]


def revs(course) -> dict[str, int]:
    return dict(EditionLesson.objects.filter(edition=course.current_edition_id).values_list("uid", "rev"))


def test_each_kind_asks_again_for_what_it_says(course):
    assert revs(course) == {"one": 1, "two": 1}
    assert revs(next_edition("minor", "Second.\n")) == {"one": 1, "two": 1}
    assert revs(next_edition("refresh", "Third.\n")) == {"one": 3, "two": 1}
    assert revs(next_edition("minor", "Fourth.\n")) == {"one": 3, "two": 1}
    assert revs(next_edition("redo", "Fifth.\n")) == {"one": 5, "two": 5}
    again = publish(course=course, kind="minor", note="", actor=None, source_edition=Edition.objects.get(number=2))
    assert {lesson.uid: lesson.rev for lesson in again.lessons.all()} == {"one": 5, "two": 5}


def test_a_new_lesson_is_asked_from_its_edition_on(course):
    grown = publish_course(
        slug="moving", lessons=[("text", "one", {"body": "First.\n"}), ("text", "two", {}), ("text", "three", {})]
    )
    assert revs(grown) == {"one": 1, "two": 1, "three": 2}
