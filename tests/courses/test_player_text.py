"""Text lessons: reading, check questions, done."""

import re

import pytest

from accounts.models import LocalWord
from courses.access import forget_kept
from courses.models import Enrolment
from courses.services import enrolling
from courses.standing import standing
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.courses import publish_course
from tests.support import count_queries, count_statements

pytestmark = pytest.mark.django_db

CHECK = """
Before.

```check
uid: K-1
type: single
stem: Which word fits?
options:
  - {id: a, text: Copy, right: true, feedback: A copy stays.}
  - {id: b, text: Rota, right: false, feedback: A rota is a list.}
```

After.
"""
TWO = [
    ("text", "one", {"body": "## A\n\nx\n\n## B\n\ny\n\n## C\n\nz\n", "minutes": 7}),
    ("text", "two", {"body": CHECK}),
]


def states(learner) -> dict[str, str]:
    return {uid: each.state for uid, each in standing().for_enrolment(learner.enrolments.get()).lessons.items()}


def test_the_page_shows_text_length_place_and_headings(client):
    publish_course(slug="read", lessons=TWO)
    page = client.get("/courses/read/one/").content.decode()
    assert "7 min read" in page
    assert "Lesson 1 of 2" in page
    assert re.findall(r'<li><a href="#(s-[a-c])">', page) == ["s-a", "s-b", "s-c"]
    assert 'href="/courses/read/two/"' in page
    assert "On this page" not in client.get("/courses/read/two/").content.decode()


def test_a_visitor_is_told_what_an_account_adds_and_nothing_is_kept(client):
    publish_course(slug="read", lessons=TWO)
    page = client.get("/courses/read/one/").content.decode()
    assert "You read this without an account" in page
    assert "data-reader" not in page
    assert client.post("/courses/read/one/do/opened/").status_code == 204
    assert client.post("/courses/read/one/do/done/", {"next": "two"})["Location"] == "/courses/read/two/"
    assert not Enrolment.objects.exists()


def test_done_opens_the_enrolment_counts_once_and_goes_on(client_of):
    publish_course(slug="read", lessons=TWO)
    learner = UserFactory()
    client = client_of(learner)
    assert "Done, next lesson" in client.get("/courses/read/one/").content.decode()
    for _ in range(2):
        answer = client.post("/courses/read/one/do/done/", {"key": "pressed-once", "next": "two"})
        assert answer["Location"] == "/courses/read/two/"
    assert states(learner)["one"] == "done"
    assert learner.enrolments.get().events.filter(kind="done").count() == 1
    assert "Done, next lesson" not in client.get("/courses/read/one/").content.decode()


def test_after_the_last_lesson_comes_the_course(client_of):
    publish_course(slug="read", lessons=TWO)
    client = client_of(UserFactory())
    assert client.post("/courses/read/two/do/done/", {"next": ""})["Location"] == "/courses/read/"
    assert client.post("/courses/read/two/do/done/", {"next": "//evil.example"})["Location"] == "/courses/read/"


def test_opened_is_a_post_of_its_own(client_of):
    publish_course(slug="read", lessons=TWO)
    learner = UserFactory()
    client = client_of(learner)
    client.get("/courses/read/one/")
    assert not learner.enrolments.exists()
    assert client.post("/courses/read/one/do/opened/", {"key": "of-this-tab"}).status_code == 204
    assert states(learner)["one"] == "started"
    assert standing().for_enrolment(learner.enrolments.get()).last_uid == "one"


def test_a_check_question_is_answered_in_place(client):
    publish_course(slug="read", lessons=TWO)
    assert "1 check question" in client.get("/courses/read/two/").content.decode()
    data = {"block": "check-1", "answer": "a"}
    piece = client.post("/courses/read/two/do/check/", data, headers={"HX-Request": "true"}).content.decode()
    assert piece.lstrip().startswith("<form")
    assert "A copy stays." in piece
    whole = client.post("/courses/read/two/do/check/", {"block": "check-1", "answer": "b"}).content.decode()
    assert "A rota is a list." in whole
    assert "After." in whole


def test_an_empty_answer_says_so_and_an_unknown_block_is_not_found(client):
    publish_course(slug="read", lessons=TWO)
    page = client.post("/courses/read/two/do/check/", {"block": "check-1"}).content.decode()
    assert "Choose an answer first." in page
    assert client.post("/courses/read/two/do/check/", {"block": "check-9"}).status_code == 404
    assert client.post("/courses/read/one/do/check/", {"block": "check-1"}).status_code == 404


def test_answers_before_checking_are_not_in_the_page(client):
    publish_course(slug="read", lessons=TWO)
    page = client.get("/courses/read/two/").content.decode()
    assert "A copy stays." not in page
    assert "A rota is a list." not in page


def test_unknown_verbs_and_gets_are_refused(client_of):
    publish_course(slug="read", lessons=TWO)
    client = client_of(UserFactory())
    assert client.post("/courses/read/one/do/fly/").status_code == 404
    assert client.post("/courses/read/one/do/beat/").status_code == 404
    assert client.get("/courses/read/one/do/done/").status_code == 405


def test_local_words_come_from_the_readers_library_and_are_escaped(client, client_of, library):
    publish_course(slug="read", lessons=[("text", "one", {"body": "It costs {{local.max_cost}}.\n"})])
    LocalWord.objects.create(organisation=library, key="max_cost", value="<b>20</b> dollars")
    member = UserFactory()
    MembershipFactory(person=member, organisation=library)
    page = client_of(member).get("/courses/read/one/").content.decode()
    assert "It costs &lt;b&gt;20&lt;/b&gt; dollars." in page
    assert "It costs the amount that your borrowing policy allows." in client.get("/courses/read/one/").content.decode()


def test_text_of_authors_cannot_bring_script_or_style(client):
    body = "Hello <script>alert(1)</script> [x](javascript:alert(1))\n"
    publish_course(
        slug="read", lessons=[("text", "one", {"body": body.replace("<script>", "").replace("</script>", "")})]
    )
    page = client.get("/courses/read/one/").content.decode()
    assert "javascript:" not in re.sub(r"\[x\]\(javascript:alert\(1\)\)", "", page)
    assert " style=" not in page


def test_coming_back_after_leaving_goes_on_where_it_stopped(client_of):
    course = publish_course(slug="read", lessons=TWO)
    learner = UserFactory()
    client = client_of(learner)
    client.post("/courses/read/one/do/done/")
    enrolling.leave(enrolment=learner.enrolments.get())
    client.post("/courses/read/two/do/done/")
    assert Enrolment.objects.filter(learner=learner, course=course, closed_at=None).count() == 1
    assert states(learner) == {"one": "done", "two": "done"}


def test_reading_and_recording_cost_the_same_however_long_the_course_is(client_of):
    learner = UserFactory()
    client = client_of(learner)

    def cost(size: int) -> tuple[int, int]:
        slug = f"of-{size}"
        publish_course(slug=slug, lessons=[("text", f"l{n}", {}) for n in range(size)])
        client.post(f"/courses/{slug}/l1/do/opened/", {"key": "this-tab"})
        forget_kept()
        reading = count_queries(lambda: client.get(f"/courses/{slug}/l1/"))
        recording = count_statements(lambda: client.post(f"/courses/{slug}/l1/do/opened/", {"key": "this-tab"}))
        return reading, recording

    short, long = cost(5), cost(50)
    assert short == long
    assert long[0] <= 9
    assert long[1] <= 5
