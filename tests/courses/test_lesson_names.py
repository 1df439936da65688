"""A page calls a lesson by its title: the uid is for addresses, and for what is gone."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from courses.models import Lesson, SlideDeck
from courses.services import remarking
from courses.services.making import begin_job
from tests.factories.accounts import MembershipFactory
from tests.factories.courses import draft_course
from tests.support import count_statements

pytestmark = pytest.mark.django_db
COURSE = "/author/courses/lending/"
LISTS = ["/author/media/jobs/", f"{COURSE}jobs/", "/author/media/decks/", f"{COURSE}decks/", f"{COURSE}remarks/"]


@pytest.fixture
def owner():
    return MembershipFactory(instructor=True).person


@pytest.fixture
def course(owner):
    lessons = [("video", "l-17", {"title": "Theses by post", "video": {}})]
    course = draft_course(slug="lending", owner=owner, lessons=lessons)
    SlideDeck.objects.create(course=course, title="Slides", lesson_uid="l-17", language="en")
    begin_job(course=course, kind="transcode", title="a.mp4", actor=owner, lesson_uid="l-17")
    remarking.remark(course=course, author=owner, body="Shorter?", lesson_uid="l-17")
    return course


@pytest.fixture
def reader(owner, client: Client):
    client.force_login(owner)
    return lambda address: client.get(address).content.decode()


def words(page: str) -> str:
    return re.sub(r"<[^>]*>", " ", page)


@pytest.mark.parametrize("address", LISTS)
def test_a_list_names_the_lesson_and_leads_to_it(course, reader, address):
    page = reader(address)
    assert "Theses by post" in words(page)
    assert "l-17" not in words(page)


@pytest.mark.parametrize("address", LISTS)
def test_what_is_in_the_archive_keeps_its_title_and_is_no_link(course, reader, address):
    Lesson.objects.update(archived_at=timezone.now())
    page = reader(address)
    assert "Theses by post" in words(page)
    assert "lessons/l-17/" not in page


@pytest.mark.parametrize("address", LISTS[:2] + LISTS[-1:])
def test_it_is_found_by_the_lessons_title(course, reader, address):
    assert "Theses by post" in words(reader(f"{address}?q=by+post"))
    assert "Theses by post" not in words(reader(f"{address}?q=by+hand"))


def test_the_names_of_a_list_are_one_statement(course, owner, reader):
    before = count_statements(lambda: reader("/author/media/decks/"))
    for number in range(5):
        SlideDeck.objects.create(course=course, title=f"More {number}", lesson_uid="l-17", language="en")
    assert count_statements(lambda: reader("/author/media/decks/")) <= before


def test_the_page_of_slides_and_the_page_to_upload_name_it_too(course, reader):
    deck = SlideDeck.objects.get()
    assert "l-17" not in words(reader(f"{COURSE}decks/{deck.pk}/").split("<main")[1].split("</nav>")[0])
    page = words(reader(f"{COURSE}uploads/new/?purpose=video&lesson=l-17&language=en"))
    assert "Theses by post" in page
    assert "l-17" not in page
