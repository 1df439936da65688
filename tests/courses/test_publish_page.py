"""The publish page: what changes, what it does, what forbids it, and the question when it costs somebody."""

import pytest

from courses.models import Edition, ReviewPolicy
from tests.factories.accounts import UserFactory
from tests.factories.courses import draft_course, publish_course
from tests.factories.progress import did, opened_enrolment
from tests.support import count_statements

pytestmark = pytest.mark.django_db
PAGE = "/author/courses/paged/publish/"


def blocking(answer):
    """What the checklist says forbids publishing: title and sentences of each lesson."""
    return [(entry.title, list(entry.sentences)) for entry in answer.context["checklist"].blocking]


def lessons(number=3, words="Old words."):
    first = ("text", "l-0", {"title": "First", "body": f"{words}\n"})
    return [first, *(("text", f"l-{each}", {}) for each in range(1, number))]


def changed(instructor, *, slug="paged", number=3, people=1, **more):
    course = publish_course(slug=slug, owner=instructor, lessons=lessons(number), **more)
    for _ in range(people):
        did(opened_enrolment(learner=UserFactory(), course=course), "l-0")
    draft_course(slug=slug, owner=instructor, lessons=lessons(number, "New words."), **more)
    return course


def test_each_kind_says_what_it_does(instructor, client_of):
    changed(instructor, people=2)
    page = client_of(instructor).get(PAGE).content.decode()
    for sentence in ("2 continue untouched", "2 must repeat “First”", "2 are asked: keep the edition they have"):
        assert sentence in page


def test_an_edition_that_costs_somebody_is_asked_about_once_more(instructor, client_of):
    changed(instructor)
    client, given = client_of(instructor), {"kind": "refresh", "note": "Other words"}
    answer = client.post(PAGE, given)
    assert (answer.status_code, Edition.objects.published().count()) == (200, 1)
    page = answer.content.decode()
    assert "Publish edition 2?" in page
    assert "1 must repeat “First”" in page
    assert 'name="note" value="Other words"' in page
    answer = client.post(PAGE, {**given, "sure": "1"}, follow=True)
    assert "Edition 2 is published. 1 must repeat “First”." in answer.content.decode()


def test_an_edition_that_costs_nobody_is_published_at_once(instructor, client_of):
    changed(instructor)
    answer = client_of(instructor).post(PAGE, {"kind": "minor", "note": "Other words"}, follow=True)
    assert "Edition 2 is published. 1 continues untouched." in answer.content.decode()


def test_what_forbids_publishing_is_named(instructor, client_of, library):
    course = changed(instructor, organisation=library)
    ReviewPolicy.objects.create(organisation=library, approvals=1)
    course.lessons.filter(uid="l-1").update(ready=False)
    client = client_of(instructor)
    answer = client.get(PAGE)
    page = answer.content.decode()
    assert ("Lesson l-1", ["It is marked as not ready yet."]) in blocking(answer)
    assert "Another person has to approve exactly this draft." in page
    assert client.post(PAGE, {"kind": "minor", "note": "x"}).status_code == 422
    course.lessons.update(ready=True)
    answer = client.post(PAGE, {"kind": "minor", "note": "x"})
    assert answer.status_code == 422
    assert "Another person has to approve exactly this draft." in answer.content.decode()
    assert Edition.objects.published().count() == 1


def test_faults_are_named_with_their_lessons(instructor, client_of):
    changed(instructor)
    draft_course(slug="paged", owner=instructor, lessons=lessons(words="<b>raw</b>"))
    answer = client_of(instructor).get(PAGE)
    page = answer.content.decode()
    assert blocking(answer)[0][0] == "First"
    assert "Raw HTML “&lt;b&gt;” is not allowed" in page


def test_a_roll_back_says_its_effect_and_its_number(instructor, client_of):
    changed(instructor)
    publish_course(slug="paged", owner=instructor, lessons=lessons(words="New words."))
    address = "/author/courses/paged/editions/1/again/"
    page = client_of(instructor).get(address).content.decode()
    assert "Publish edition 1 again as edition 3" in page
    assert "1 continues untouched" in page
    assert "Edition 1 again." in page


def test_statements_depend_on_neither_lessons_nor_people(instructor, client_of):
    client = client_of(instructor)

    def statements(number: int) -> int:
        changed(instructor, slug=f"paged-{number}", number=number, people=number)
        address = f"/author/courses/paged-{number}/publish/"
        client.get(address)
        return count_statements(lambda: client.get(address))

    few = statements(3)
    assert few == statements(20)
    assert few <= 60
