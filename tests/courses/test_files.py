"""The files of a draft: where each is used, whose it is, another in its place, taken out and put back."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from courses.media_probe import examine
from courses.models import CourseMedia
from courses.services import uploading
from courses.services.media import store_all
from tests.courses.films import film_course
from tests.courses.folders import PNG
from tests.courses.test_uploading import begun, put
from tests.factories.accounts import MembershipFactory
from tests.support import count_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return MembershipFactory(instructor=True).person


@pytest.fixture
def course(owner, tmp_path):
    course = film_course(tmp_path / "course", owner=owner, slug="films")
    hold(course, tmp_path, "spare.png", PNG)
    return course


def hold(course, folder, name: str, content: bytes) -> CourseMedia:
    path = folder / name
    path.write_bytes(content)
    media = store_all({name: examine(path)}, owner=None)[name]
    return CourseMedia.objects.create(course=course, media=media, name=name)


@pytest.fixture
def client(owner) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def at(name: str, *arguments: str) -> str:
    return reverse(f"courses:{name}", args=["films", *arguments])


def test_the_list_says_where_each_is_used_and_finds_the_unused(client, course):
    page = client.get(at("author_files")).content.decode()
    assert "The film" in page
    assert "not used" in page
    only = client.get(at("author_files"), {"show": "unused"}).content.decode()
    assert "spare.png" in only
    assert "film.mp4" not in only
    assert "No such file" in client.get(at("author_files"), {"q": "nothing-like-it"}).content.decode()


def test_the_list_asks_the_same_however_many_files_there_are(client, course, tmp_path):
    client.get(at("author_files"))
    few = count_statements(lambda: client.get(at("author_files")))
    for number in range(8):
        hold(course, tmp_path, f"more-{number}.png", PNG + bytes([number]))
    assert count_statements(lambda: client.get(at("author_files"))) == few


def test_whose_it_is_stands_with_it(client, course):
    client.post(at("author_file", "spare.png"), {"licence": "CC0-1.0", "source": "Drawn by Marcus Bell"})
    row = CourseMedia.objects.get(name="spare.png")
    assert (row.licence, row.source) == ("CC0-1.0", "Drawn by Marcus Bell")
    answer = client.post(at("author_file", "spare.png"), {"licence": "x" * 41})
    assert answer.status_code == 422


def test_a_file_that_is_used_stays(client, course):
    answer = client.post(at("author_file_out", "film.mp4"), follow=True)
    assert "uses this file" in answer.content.decode()
    assert CourseMedia.objects.filter(name="film.mp4").exists()


def test_an_unused_file_goes_and_comes_back_with_what_was_said_of_it(client, course):
    CourseMedia.objects.filter(name="spare.png").update(source="Drawn by Marcus Bell")
    page = client.post(at("author_file_out", "spare.png"), follow=True).content.decode()
    assert not CourseMedia.objects.filter(name="spare.png").exists()
    word = re.search(r'name="undo" value="([^"]+)"', page)[1]
    client.post(at("author_file_back"), {"undo": word})
    assert CourseMedia.objects.get(name="spare.png").source == "Drawn by Marcus Bell"
    again = client.post(at("author_file_back"), {"undo": word}, follow=True).content.decode()
    assert "cannot be undone" in again
    forged = client.post(at("author_file_back"), {"undo": word[:-2] + "xx"}, follow=True).content.decode()
    assert "cannot be undone" in forged


def test_another_file_takes_the_name_that_lessons_use(client, course, owner):
    before = CourseMedia.objects.get(name="spare.png").media_id
    content = PNG + b"another"
    upload = begun(course, owner, name="spare.png", content=content, purpose="replace")
    put(upload, content)
    uploading.finish(upload=upload, actor=owner)
    row = CourseMedia.objects.get(name="spare.png")
    assert row.media_id != before
    assert row.media.size == len(content)


def test_what_replaces_a_file_has_to_be_of_its_sort(client, course, owner):
    upload = begun(course, owner, name="spare.png", content=b"words", purpose="replace")
    put(upload, b"words")
    answer = client.post(reverse("courses:upload_finish", args=["films", upload.uid]))
    assert answer.status_code == 422
    assert "not what the end of its name says" in answer.json()["words"]
