"""The list of the courses one works on: what is shown, in which order, and what waits for a review."""

import datetime as dt

import pytest

from core import clock
from courses.models import Course, CourseEditor, Lesson, LessonText
from courses.services import reviewing
from tests.factories.accounts import UserFactory
from tests.factories.courses import draft_course, publish_course
from tests.support import count_statements

pytestmark = pytest.mark.django_db
PAGE = "/author/"


@pytest.fixture
def desk(instructor, client_of):
    for role in ("editor", "reviewer"):
        course = publish_course(slug=role, title=f"Course of an {role}")
        CourseEditor.objects.create(course=course, person=instructor, role=role)
    Course.objects.filter(slug="editor").update(code="EDI 1")
    publish_course(slug="own", title="Own course", owner=instructor)
    publish_course(slug="late", title="Late course", owner=instructor)
    Course.objects.filter(slug="late").update(review_by=dt.date(2020, 1, 31))
    written = publish_course(slug="written", title="Written course", owner=instructor)
    LessonText.objects.filter(lesson__course=written).update(changed_at=clock.now() + dt.timedelta(minutes=1))
    publish_course(slug="old", title="Old course", owner=instructor)
    Course.objects.filter(slug="old").update(archived_at=clock.now())
    publish_course(slug="strange", title="Strange course")
    return client_of(instructor)


def titles(desk, **asked) -> list[str]:
    return [course.title for course in desk.get(PAGE, asked).context["page"]]


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        ("", {"own", "editor", "reviewer", "late", "written"}),
        ("nonsense", {"own", "editor", "reviewer", "late", "written"}),
        ("owner", {"own", "late", "written"}),
        ("editor", {"editor"}),
        ("reviewer", {"reviewer"}),
        ("stale", {"late"}),
        ("changed", {"written"}),
        ("archived", {"old"}),
    ],
)
def test_what_is_shown(desk, show, expected):
    assert {course.slug for course in desk.get(PAGE, {"show": show}).context["page"]} == expected


def test_a_draft_that_was_never_published_is_not_all_published(desk, instructor):
    draft_course(slug="new", title="New course", owner=instructor)
    assert titles(desk, show="changed") == ["New course", "Written course"]


def test_a_lesson_that_was_put_away_waits_to_be_published_too(desk):
    lessons = Lesson.everything.filter(course__slug="own")
    lessons.update(archived_at=clock.now() + dt.timedelta(minutes=1))
    assert titles(desk, show="changed") == ["Own course", "Written course"]


def test_the_next_look_orders_the_list_and_late_ones_have_a_word(desk):
    Course.objects.filter(slug="own").update(review_by=dt.date(2090, 1, 31))
    assert titles(desk, sort="look")[:2] == ["Late course", "Own course"]
    assert titles(desk, sort="-look")[:2] == ["Own course", "Late course"]
    assert "Stale since Fri 31 Jan 2020" in desk.get(PAGE).content.decode()


def test_a_choice_that_finds_nothing_offers_the_way_back(client_of, instructor):
    page = client_of(instructor).get(PAGE, {"show": "stale"}).content.decode()
    assert "No such course of yours" in page
    assert 'href="/author/"' in page


def test_reviews_wait_here_until_one_has_spoken(client_of, instructor, trainee, library):
    course = draft_course(slug="lending", owner=instructor, organisation=library)
    review = reviewing.ask(course=course, reviewers=[trainee], note="", actor=instructor)
    client = client_of(trainee)
    link = f'href="/author/courses/lending/review/{review.pk}/"'
    assert link in client.get(PAGE).content.decode()
    assert link not in client_of(instructor).get(PAGE).content.decode()
    reviewing.give_verdict(review=review, person=trainee, verdict="approved", words="")
    assert link not in client.get(PAGE).content.decode()


def test_the_list_costs_the_same_however_long(client_of, instructor, library):
    client = client_of(instructor)

    def page() -> None:
        assert client.get(PAGE).status_code == 200

    def one_more() -> None:
        publish_course(owner=instructor, organisation=library)
        asked = draft_course(owner=UserFactory(), organisation=library)
        reviewing.ask(course=asked, reviewers=[instructor], note="", actor=UserFactory())

    one_more()
    page()
    few = count_statements(page)
    for _each in range(4):
        one_more()
    assert count_statements(page) == few
