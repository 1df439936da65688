"""Banks and questions through the API: read by those who may read them, changed by nobody."""

import pytest

from quizzes.models import Question
from quizzes.services import arranging
from quizzes.services.filing import bank_of
from tests.factories.accounts import MembershipFactory
from tests.factories.questions import question_in
from tests.factories.quizzes import publish_quiz, single
from tests.support import count_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(instructor):
    return publish_quiz(slug="lending", owner=instructor)


def test_banks_say_how_many_questions_they_hold(course, instructor, client_of):
    (row,) = client_of(instructor).get("/api/v1/banks/").json()["results"]
    assert (row["slug"], row["course"], row["questions"], row["may_write"]) == ("course-lending", "lending", 3, True)
    assert client_of(instructor).get("/api/v1/banks/course-lending/").json() == row
    stranger = client_of(MembershipFactory(instructor=True).person)
    assert stranger.get("/api/v1/banks/").json()["results"] == []
    assert stranger.get("/api/v1/banks/course-lending/").status_code == 404


def test_questions_are_found_and_read_whole(course, instructor, client_of):
    question = question_in(course, single("Z-1", stem="Who lends a zebra?"), topic="Loans", tags=("animals",))
    hana = client_of(instructor)
    for query in ("q=zebra", "topic=Loans", "tag=animals", "state=draft"):
        assert [row["uid"] for row in hana.get(f"/api/v1/questions/?{query}").json()["results"]] == ["Z-1"], query
    assert len(hana.get("/api/v1/questions/?type=tf&bank=course-lending").json()["results"]) == 1
    assert hana.get("/api/v1/questions/?state=odd").status_code == 422
    whole = hana.get(f"/api/v1/questions/{question.pk}/").json()
    assert (whole["tags"], whole["ready"], whole["draft"], whole["content"]) == (["animals"], None, 1, None)
    assert whole["draft_content"]["stem"] == "Who lends a zebra?"
    assert "draft_content" not in hana.get("/api/v1/questions/?q=zebra").json()["results"][0]


def test_words_and_state_narrow_together(course, instructor, client_of):
    question = question_in(course, single("Z-1", stem="Who lends a zebra?"))
    arranging.retire([question])
    hana = client_of(instructor)

    found = {
        each: hana.get(f"/api/v1/questions/?q=zebra&state={each}").json()["results"] for each in ("retired", "use")
    }
    assert [row["uid"] for row in found["retired"]] == ["Z-1"]
    assert found["use"] == []


def test_learners_never_read_questions_here(course, trainee, client_of):
    question = Question.objects.first()
    rosa = client_of(trainee)
    assert rosa.get("/api/v1/questions/").json()["results"] == []
    assert rosa.get(f"/api/v1/questions/{question.pk}/").status_code == 404


def test_nothing_is_written(course, instructor, client_of):
    hana, question = client_of(instructor), Question.objects.first()
    for address in ("/api/v1/questions/", f"/api/v1/questions/{question.pk}/", "/api/v1/banks/course-lending/"):
        for verb in ("post", "put", "patch", "delete"):
            assert getattr(hana, verb)(address, {}, content_type="application/json").status_code == 405


def test_more_questions_take_no_more_queries(course, instructor, client_of):
    hana = client_of(instructor)
    hana.get("/api/v1/questions/")
    few = count_queries(lambda: hana.get("/api/v1/questions/"))
    for number in range(8):
        question_in(course, single(f"M-{number}"), tags=("a", "b"))
    arranging.retire(list(bank_of(course).questions.all()[:2]))
    assert count_queries(lambda: hana.get("/api/v1/questions/")) == few
