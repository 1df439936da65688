"""Courses, editions and enrolments over the API."""

import pytest

from courses.models import CourseSlug
from courses.services import enrolling
from courses.services.searching import index_course
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.courses import publish_course
from tests.support import count_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(db):
    first = publish_course(slug="a-1", code="A 1", topic="borrowing", lessons=[("text", "one", {"minutes": 30})])
    second = publish_course(slug="b-2", code="B 2", topic="lending", level="working", title="Parcels")
    publish_course(slug="inside", audience="organisation", organisation=OrganisationFactory())
    publish_course(slug="quiet", audience="unlisted")
    index_course(course=second)
    return first, second


@pytest.fixture
def api(client_of):
    return client_of(UserFactory())


def slugs(answer) -> list[str]:
    return [row["slug"] for row in answer.json()["results"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["a-1", "b-2"]),
        ("topic=lending", ["b-2"]),
        ("level=working&level=basic", ["a-1", "b-2"]),
        ("max_minutes=10", ["b-2"]),
        ("min_minutes=11", ["a-1"]),
        ("language=en", ["a-1", "b-2"]),
        ("language=de", []),
        ("q=parcels", ["b-2"]),
        ("page_size=1", ["a-1"]),
    ],
)
def test_the_list_is_the_catalogue_with_filters(api, shelf, query, expected):
    assert slugs(api.get(f"/api/v1/courses/?{query}")) == expected


def test_a_filter_that_does_not_exist_is_invalid(api, shelf):
    answer = api.get("/api/v1/courses/?topic=no-such")
    assert answer.status_code == 422
    assert "topic" in answer.json()["errors"]


def test_a_course_comes_with_its_outline(api, shelf):
    course = api.get("/api/v1/courses/a-1/").json()
    assert course["title"] == "Course a-1"
    assert course["modules"][0]["lessons"][0] == {
        "uid": "one",
        "number": 1,
        "kind": "text",
        "title": "Lesson one",
        "minutes": 30,
        "language": "en",
        "summary": "Text",
        "opens_after": [],
    }


def test_unlisted_courses_open_by_address_hidden_ones_do_not(api, shelf):
    assert api.get("/api/v1/courses/quiet/").status_code == 200
    answer = api.get("/api/v1/courses/inside/")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_an_old_slug_still_answers(api, shelf):
    CourseSlug.objects.create(course=shelf[0], slug="was-a-1")
    assert api.get("/api/v1/courses/was-a-1/").json()["slug"] == "a-1"


def test_without_an_account_there_is_no_api(client, shelf):
    assert client.get("/api/v1/courses/").status_code in (401, 403)


def test_editions_of_visible_courses_are_listed_newest_first(api, shelf):
    publish_course(slug="a-1", code="A 1", topic="borrowing", kind="redo", note="Again.", lessons=[("text", "two", {})])
    rows = api.get("/api/v1/editions/?course=a-1").json()["results"]
    assert [(row["number"], row["kind"], row["current"]) for row in rows] == [(2, "redo", True), (1, "minor", False)]
    assert len(api.get("/api/v1/editions/?course=a-1&current=true").json()["results"]) == 1
    assert api.get("/api/v1/editions/?course=inside").json()["results"] == []
    assert api.get(f"/api/v1/editions/{rows[0]['id']}/").json()["note"] == "Again."


def enrol(client, course: str, **more):
    return client.post("/api/v1/enrolments/", {"course": course, **more}, content_type="application/json")


def test_enrolling_twice_gives_the_same_enrolment(api, shelf):
    first, second = enrol(api, "a-1"), enrol(api, "a-1")
    assert first.status_code == 201
    assert first.json()["id"] == second.json()["id"]
    assert first.json()["opened_at"] is None


def test_what_one_may_not_see_one_cannot_enrol_in(api, shelf):
    assert enrol(api, "inside").status_code == 404
    assert enrol(api, "nowhere").status_code == 404
    assert enrol(api, "a-1", language="fr").status_code == 422
    assert enrol(api, "").status_code == 422


def test_enrolments_are_ones_own_and_those_of_ones_people(client_of, shelf, trainee, supervisor, stranger):
    for person in (trainee, stranger):
        enrolling.enrol(learner=person, course=shelf[0])

    def learners(person) -> set[str]:
        rows = client_of(person).get("/api/v1/enrolments/").json()["results"]
        return {row["learner_name"] for row in rows}

    assert learners(trainee) == {trainee.name}
    assert learners(supervisor) == {trainee.name}
    assert learners(stranger) == {stranger.name}


def test_only_the_learner_may_leave(client_of, shelf, trainee, supervisor, stranger):
    row = enrolling.enrol(learner=trainee, course=shelf[0])
    address = f"/api/v1/enrolments/{row.pk}/leave/"
    assert client_of(supervisor).post(address).status_code == 403
    assert client_of(stranger).post(address).status_code == 404
    answer = client_of(trainee).post(address)
    assert answer.status_code == 200
    assert answer.json()["close_reason"] == "left"
    assert client_of(trainee).post("/api/v1/enrolments/none/leave/").status_code == 404
    assert client_of(trainee).get("/api/v1/enrolments/?open=true").json()["results"] == []


@pytest.mark.parametrize("path", ["courses", "editions", "enrolments"])
def test_lists_cost_the_same_however_long(client_of, path):
    learner = UserFactory()
    client = client_of(learner)

    def cost(size: int) -> int:
        for _ in range(size):
            enrolling.open_enrolment(learner=learner, course=publish_course())
        return count_queries(lambda: client.get(f"/api/v1/{path}/?page_size=100"))

    assert cost(2) == cost(15)
