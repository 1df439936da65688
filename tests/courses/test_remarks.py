"""Notes between authors: who hears of them, what an answer does, who settles, how they are found."""

import pytest
from django.test import Client

from accounts.models import Notice
from core.errors import InvalidInput
from courses.models import CourseEditor, Remark
from courses.services import remarking
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.courses import publish_course
from tests.support import count_statements

pytestmark = pytest.mark.django_db

PAGE = "/author/courses/lending/remarks/"


@pytest.fixture
def people():
    """The owner, an editor, a reviewer."""
    return [MembershipFactory(instructor=True).person, UserFactory(name="Marcus Bell"), UserFactory()]


@pytest.fixture
def course(people):
    course = publish_course(slug="lending", owner=people[0], lessons=[("text", "one", {"title": "One"})])
    for person, role in zip(people[1:], (CourseEditor.Role.EDITOR, CourseEditor.Role.REVIEWER), strict=True):
        CourseEditor.objects.create(course=course, person=person, role=role)
    return course


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def told(remark: Remark) -> set[int]:
    return set(Notice.objects.filter(key=f"remark:{remark.pk}").values_list("person_id", flat=True))


def test_the_other_makers_hear_of_a_note(course, people):
    owner, editor, reviewer = people
    note = remarking.remark(course=course, author=editor, body=" Whom? ", lesson_uid="one", quote=" Ask \n first. ")
    assert (note.body, note.quote) == ("Whom?", "Ask first.")
    assert told(note) == {owner.pk}
    assert told(remarking.remark(course=course, author=reviewer, body="Hm.")) == {owner.pk, editor.pk}


def test_an_answer_stands_with_the_first_and_is_heard_by_whoever_spoke(course, people):
    owner, editor, reviewer = people
    first = remarking.remark(course=course, author=reviewer, body="Whom?", lesson_uid="one", language="en")
    remarking.settle(remark=first, actor=owner)
    answer = remarking.remark(course=course, author=editor, body="The lender.", answers=first)
    further = remarking.remark(course=course, author=owner, body="Yes.", answers=answer)
    first.refresh_from_db()
    assert first.settled_at is None
    assert (answer.lesson_uid, further.answers) == ("one", first)
    assert told(answer) == {owner.pk, reviewer.pk}
    CourseEditor.objects.filter(person=reviewer).delete()
    assert told(remarking.remark(course=course, author=owner, body="So.", answers=first)) == {editor.pk}


@pytest.mark.parametrize("body", ["", "  \n", "x" * 4001, "a\0b"])
def test_a_note_that_no_row_can_hold_is_refused(course, people, body):
    with pytest.raises(InvalidInput):
        remarking.remark(course=course, author=people[0], body=body)
    assert not Remark.objects.exists()


def test_the_first_to_settle_is_named(course, people):
    owner, editor, _reviewer = people
    note = remarking.remark(course=course, author=owner, body="Whom?")
    remarking.settle(remark=note, actor=editor)
    assert remarking.settle(remark=note, actor=owner).settled_by == editor
    assert remarking.reopen(remark=note).settled_by is None


def test_notes_are_left_answered_settled_and_found(course, people):
    owner, editor, reviewer = people
    client = client_of(editor)
    data = {"body": "Whom?", "quote": "Ask first.", "lesson": "one", "language": "en"}
    assert client.post(PAGE, data | {"next": "/author/courses/lending/lessons/one/"})["Location"].endswith("/one/")
    assert client.post(PAGE, data | {"body": "Off", "next": "https://example.org/"})["Location"] == PAGE
    note = Remark.objects.get(body="Whom?")
    assert note.lesson_uid == "one"
    page = client_of(owner).get("/author/courses/lending/lessons/one/").content.decode()
    assert "Whom?" in page
    assert "Ask first." in page
    client_of(reviewer).post(f"{PAGE}{note.pk}/answer/", {"body": "The lender, I think."})
    assert "The lender, I think." in client.get(f"{PAGE}?q=lender").content.decode()
    assert client_of(reviewer).post(f"{PAGE}{note.pk}/settle/").status_code == 403
    client.post(f"{PAGE}{note.pk}/settle/")
    assert "Whom?" not in client.get(PAGE).content.decode()
    assert "Whom?" in client.get(f"{PAGE}?settled=1").content.decode()
    assert "Whom?" in client.get(f"{PAGE}?thread={note.pk}").content.decode()
    client.post(f"{PAGE}{note.pk}/settle/", {"open": "1"})
    assert "Whom?" in client.get(PAGE).content.decode()


def test_an_empty_note_is_refused_with_the_words_kept(course, people):
    answer = client_of(people[0]).post(PAGE, {"body": " ", "quote": "Ask", "lesson": "one"})
    assert answer.status_code == 422
    assert "This field is required" in answer.content.decode()
    assert 'value="Ask"' in answer.content.decode()
    client_of(people[0]).post(PAGE, {"body": "Where?", "lesson": "elsewhere"})
    assert Remark.objects.get().lesson_uid == ""


def test_an_answer_that_is_refused_stays_in_its_form(course, people):
    note = remarking.remark(course=course, author=people[1], body="Whom?")
    remarking.remark(course=course, author=people[1], body="Another note.")
    refused = client_of(people[0]).post(f"{PAGE}{note.pk}/answer/", {"body": "x" * 4001})
    page = refused.content.decode()

    assert refused.status_code == 422
    assert "x" * 4001 in page
    assert f'id="answer-{note.pk}-error"' in page
    assert "Another note." not in page
    assert 'href="?' not in page  # relative to an address that only takes answers
    assert not note.replies.exists()


def test_reviewers_settle_their_own_notes(course, people):
    note = remarking.remark(course=course, author=people[2], body="Whom?")
    assert client_of(people[2]).post(f"{PAGE}{note.pk}/settle/").status_code == 302
    note.refresh_from_db()
    assert note.settled_by == people[2]


def test_the_list_does_not_cost_more_with_more_notes(course, people):
    client = client_of(people[0])
    remarking.remark(course=course, author=people[1], body="One")
    before = count_statements(lambda: client.get(PAGE))
    for number in range(5):
        note = remarking.remark(course=course, author=people[1], body=f"More {number}", lesson_uid="one")
        remarking.remark(course=course, author=people[2], body="Yes", answers=note)
    assert count_statements(lambda: client.get(PAGE)) <= before + 1
