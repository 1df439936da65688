"""The pages of re-grading: first who would change, then one's name and reason; people are named to editors only."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from courses.models import Course, CourseEditor
from quizzes import jobs_evidence
from quizzes.models import Question, Regrade
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import option, publish_quiz, single
from tests.quizzes.corrected import SLUG, keyed, percent, question, sat
from tests.support import count_queries

pytestmark = pytest.mark.django_db
NEW = "/author/regrades/new/"


@pytest.fixture
def author(client_of: Callable[[User], Client], instructor: User) -> Client:
    return client_of(instructor)


@pytest.fixture
def course(instructor: User) -> Course:
    """Its first version is answered; nothing is corrected yet."""
    return publish_quiz(slug=SLUG, questions=[keyed("b"), single("Q-2")], owner=instructor)


def corrected(instructor: User, right: str = "c") -> Question:
    publish_quiz(slug=SLUG, questions=[keyed(right), single("Q-2")], owner=instructor)
    return question()


def tried(author: Client, instructor: User) -> Regrade:
    author.post(NEW, {"question": corrected(instructor).pk, "course": SLUG})
    row = Regrade.objects.get()
    assert jobs_evidence.regrade(row.pk)
    return row


def page(client: Client, row: Regrade, query: str = "") -> str:
    return client.get(f"/author/regrades/{row.pk}/{query}").content.decode()


def test_from_the_button_to_the_result(author: Client, course: Course, instructor: User):
    helped = sat(course, "c", "b", learner=UserFactory(name="Lucia Ferreira"))
    harmed = sat(course, "b", "b", learner=UserFactory(name="Owen Brightwater"))
    asked = corrected(instructor)

    said = author.get(f"{NEW}?question={asked.pk}&course={SLUG}").content.decode()
    assert "Try it on 2 attempts" in said
    answer = author.post(NEW, {"question": asked.pk, "course": SLUG})
    row = Regrade.objects.get()
    assert answer.url == f"/author/regrades/{row.pk}/"
    assert "0 of 2 attempts tried" in page(author, row)

    assert jobs_evidence.sweep_evidence()["regraded"] == 1
    said = page(author, row)
    assert "2 of 2 attempts would change: 1 up, 1 down. 1 would newly pass; 1 would fall below the pass mark." in said
    assert said.index("Owen Brightwater") < said.index("Lucia Ferreira")
    assert "would fall below" in said

    answer = author.post(f"/author/regrades/{row.pk}/apply/", {"policy": "up", "reason": "Two keys were swapped."})
    assert answer.status_code == 302
    assert "0 of 2 results looked at" in page(author, row)
    assert jobs_evidence.sweep_evidence()["regraded"] == 1
    said = page(author, row)
    assert "1 result was changed." in said
    assert "Two keys were swapped." in said
    assert "Owen Brightwater" not in said
    assert (percent(helped), percent(harmed)) == ([50, 100], [100])


def test_without_a_reason_nothing_is_applied(author: Client, course: Course, instructor: User):
    sat(course, "c", "b")
    row = tried(author, instructor)
    answer = author.post(f"/author/regrades/{row.pk}/apply/", {"policy": "all", "reason": "   "})
    row.refresh_from_db()
    assert (answer.status_code, row.state) == (422, Regrade.State.TRIED)
    assert "What was wrong: This field is required." in answer.content.decode()


def test_what_is_left_alone_is_said_with_its_reason(author: Client, course: Course, instructor: User):
    sat(course, "c", "b")
    options = [option("x", right=True), option("y")]
    publish_quiz(slug=SLUG, questions=[single("Q-1", options=options), single("Q-2")], owner=instructor)
    author.post(NEW, {"question": question().pk, "course": SLUG})
    row = Regrade.objects.get()
    jobs_evidence.regrade(row.pk)
    said = page(author, row)
    assert "1 attempt: the answer no longer exists in the new version" in said
    assert "No result would change." in said


def test_dropped_and_tried_again(author: Client, course: Course, instructor: User):
    sat(course, "c", "b")
    row = tried(author, instructor)
    author.post(f"/author/regrades/{row.pk}/do/again/")
    row.refresh_from_db()
    assert row.state == Regrade.State.WAITING
    jobs_evidence.regrade(row.pk)
    author.post(f"/author/regrades/{row.pk}/do/drop/")
    assert "This trial was dropped." in page(author, row)
    assert "It is too late" in author.post(f"/author/regrades/{row.pk}/do/drop/", follow=True).content.decode()
    assert author.post(f"/author/regrades/{row.pk}/do/burn/").status_code == 404


def test_nothing_to_grade_again_is_said(author: Client, course: Course):
    sat(course, "c", "b")
    asked = question()
    assert "There is nothing to grade again" in author.get(f"{NEW}?question={asked.pk}&course={SLUG}").content.decode()
    answer = author.post(NEW, {"question": asked.pk, "course": SLUG})
    assert answer.status_code == 409
    assert "No finished attempt in this course asked an older version" in answer.content.decode()


def test_without_a_course_one_chooses(author: Client, course: Course):
    asked = question()
    assert "Nobody has answered it in a course of yours" in author.get(f"{NEW}?question={asked.pk}").content.decode()
    sat(course, "c", "b")
    assert f"course={SLUG}" in author.get(f"{NEW}?question={asked.pk}").content.decode()


@pytest.mark.parametrize("query", ["", "?question=x", "?question=9999999", "?question=-1", "?question=²"])
def test_no_question_is_not_there(author: Client, query: str):
    assert author.get(NEW + query).status_code == 404


def test_reviewers_and_others_see_no_names(
    client_of: Callable[[User], Client], author: Client, course: Course, instructor: User, trainee: User, stranger: User
):
    sat(course, "c", "b")
    row = tried(author, instructor)
    reviewer = UserFactory()
    CourseEditor.objects.create(course=course, person=reviewer, role=CourseEditor.Role.REVIEWER)
    assert client_of(reviewer).get(f"/author/regrades/{row.pk}/").status_code == 403
    assert client_of(reviewer).post(NEW, {"question": row.question_id, "course": SLUG}).status_code == 403
    assert client_of(reviewer).get("/author/regrades/").status_code == 200
    assert client_of(trainee).get(f"/author/regrades/{row.pk}/").status_code == 403
    assert client_of(trainee).get("/author/regrades/").status_code == 403


def test_the_log_finds_by_reason_and_by_course(author: Client, course: Course, instructor: User):
    sat(course, "c", "b")
    row = tried(author, instructor)
    Regrade.objects.filter(pk=row.pk).update(reason="Two keys were swapped.", state=Regrade.State.APPLIED)
    address = f"/author/regrades/{row.pk}/"
    assert address in author.get("/author/regrades/?q=swapped").content.decode()
    assert address in author.get(f"/author/regrades/?course={SLUG}").content.decode()
    assert "Nothing for “other”" in author.get("/author/regrades/?q=other").content.decode()
    assert address not in author.get("/author/regrades/?course=elsewhere").content.decode()


def test_the_table_is_searched_sorted_and_costs_the_same(author: Client, course: Course, instructor: User):
    for name in ("Lucia Ferreira", "Owen Brightwater"):
        sat(course, "c", "b", learner=UserFactory(name=name))
    row = tried(author, instructor)
    assert "Lucia" not in page(author, row, "?q=bright")
    assert "Nobody for “nobody”" in page(author, row, "?q=nobody")
    for sort in ("name", "change", "-change", "nonsense"):
        assert "Lucia" in page(author, row, f"?sort={sort}")
    few = count_queries(lambda: page(author, row))
    for change in range(3):
        attempt = sat(course, "c", "b")
        row.changes.create(attempt=attempt, before=change, after=50, passed_before=False, passed_after=False)
    assert count_queries(lambda: page(author, row)) == few
