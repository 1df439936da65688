"""The publish page: what changes, what it does, what forbids it, and the question when it costs somebody."""

import datetime as dt
import re

import pytest

from core import clock
from courses.models import Course, Edition, ReviewPolicy
from courses.services import planning
from courses.services.publishing import DraftMoved, publish
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


SEEN = re.compile(r'name="seen" value="([0-9a-f]{64})"')


def test_what_a_co_author_wrote_meanwhile_does_not_go_live_unseen(instructor, client_of):
    changed(instructor, people=0)
    client = client_of(instructor)
    seen = SEEN.search(client.get(PAGE).content.decode())[1]
    draft_course(slug="paged", owner=instructor, lessons=lessons(3, "Half a sent"))
    given = {"kind": "minor", "note": "Other words", "seen": seen}
    for more in ({}, {"sure": "1"}, {"when": "later", "day": "2999-01-01", "time": "07:00"}):
        answer = client.post(PAGE, {**given, **more})
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "The draft has changed since you looked at it." in page
        assert "Other words" in page
    assert Edition.objects.published().count() == 1
    assert client.post(PAGE, {**given, "seen": SEEN.search(page)[1]}).status_code == 302
    assert Edition.objects.published().count() == 2


def test_what_changes_while_the_button_is_pressed_does_not_go_live_either(instructor):
    changed(instructor, people=0)
    course = Course.objects.get(slug="paged")
    with pytest.raises(DraftMoved):
        publish(course=course, kind="minor", note="", actor=instructor, seen="0" * 64)
    due = clock.now() + dt.timedelta(hours=1)
    with pytest.raises(DraftMoved):
        planning.plan(course=course, kind="minor", note="", due_at=due, actor=instructor, seen="0" * 64)


def test_the_question_once_more_carries_along_what_was_seen(instructor, client_of):
    changed(instructor)
    client = client_of(instructor)
    seen = SEEN.search(client.get(PAGE).content.decode())[1]
    answer = client.post(PAGE, {"kind": "refresh", "note": "Other words", "seen": seen})
    assert "Publish edition 2?" in answer.content.decode()
    assert SEEN.search(answer.content.decode())[1] == seen


@pytest.mark.parametrize(("zone", "day"), [("Asia/Tokyo", "0001-01-01"), ("America/Denver", "9999-12-31")])
def test_a_day_at_the_end_of_the_calendar_is_refused_beside_its_field(instructor, client_of, zone, day):
    changed(instructor, people=0)
    instructor.time_zone = zone
    instructor.save()
    given = {"kind": "minor", "note": "x", "when": "later", "day": day, "time": "00:00" if "Asia" in zone else "23:00"}
    answer = client_of(instructor).post(PAGE, given)
    assert answer.status_code == 422
    assert "day" in answer.context["form"].errors
