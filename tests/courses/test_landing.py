"""The front door."""

import pytest

from tests.factories.accounts import UserFactory
from tests.factories.courses import publish_course
from tests.support import count_queries

pytestmark = pytest.mark.django_db
CHECK = (
    "```check\nuid: K-1\ntype: tf\nstem: A loan comes back.\noptions:\n"
    "  - {id: 'true', text: 'True', right: true, feedback: It does.}\n"
    "  - {id: 'false', text: 'False', right: false, feedback: It does come back.}\n```\n"
)


def test_a_visitor_sees_what_this_is_with_real_courses(client):
    publish_course(slug="real", title="A real course")
    publish_course(slug="inner", title="Not for everybody", audience="unlisted")
    page = client.get("/").content.decode()
    assert "Create a free account" in page
    assert "A real course" in page
    assert "Not for everybody" not in page


def test_whoever_is_signed_in_goes_home(client_of):
    assert client_of(UserFactory()).get("/")["Location"] == "/home/"


def test_it_stands_without_any_course(client):
    page = client.get("/").content.decode()
    assert "How it works" in page
    assert "Good first courses" not in page


def test_a_question_can_be_tried_on_the_spot(client):
    publish_course(slug="trial", lessons=[("text", "one", {"body": CHECK})])
    page = client.get("/").content.decode()
    assert "Try one now" in page
    assert "It does." not in page
    assert 'action="/courses/trial/one/do/check/#check-1"' in page
    answer = client.post("/courses/trial/one/do/check/", {"block": "check-1", "answer": "true"})
    assert "It does." in answer.content.decode()


def test_the_number_of_queries_does_not_depend_on_courses(client):
    publish_course()
    few = count_queries(lambda: client.get("/"))
    for _ in range(10):
        publish_course()
    assert count_queries(lambda: client.get("/")) == few
