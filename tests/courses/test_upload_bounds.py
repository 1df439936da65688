"""What a file on its way in may say of itself, how much room it may claim, and that nothing of it is left lying."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.errors import Conflict, InvalidInput
from courses.models import Upload
from courses.services import uploading
from tests.factories.accounts import MembershipFactory
from tests.factories.courses import draft_course

pytestmark = pytest.mark.django_db
SIZE = 800


@pytest.fixture
def owner():
    return MembershipFactory(instructor=True).person


@pytest.fixture
def course(owner):
    return draft_course(owner=owner, slug="lending")


def begun(course, person, **more) -> Upload:
    return uploading.begin(course=course, person=person, purpose="file", name="notes.txt", size=SIZE, **more)


@pytest.mark.parametrize("place", [{"lesson_uid": "x" * 100}, {"lesson_uid": "nowhere"}, {"language": "x" * 100}])
def test_whatever_a_file_is_for_its_lesson_and_its_language_are_there(course, owner, place):
    with pytest.raises(InvalidInput):
        begun(course, owner, **place)


def test_a_file_is_known_again_however_long_its_name_by_the_browser_is(course, owner):
    assert begun(course, owner, fingerprint="f" * 300) == begun(course, owner, fingerprint="f" * 300)


def test_room_that_was_promised_to_one_file_is_none_for_another(course, owner, monkeypatch):
    usage = type("Usage", (), {"free": 3 * SIZE})
    monkeypatch.setattr(uploading.shutil, "disk_usage", lambda _folder: usage)
    first = begun(course, owner)
    assert begun(course, owner).pk != first.pk
    with pytest.raises(Conflict, match="no room"):
        begun(course, owner)
    uploading.give_up(upload=first)
    assert begun(course, owner)


def test_without_scripts_what_is_refused_is_given_up(course, owner):
    """Nobody can go on with it, and ten such files would be one too many."""
    client = Client()
    client.force_login(owner)
    page = reverse("courses:upload_page", args=["lending"]) + "?purpose=file"
    for _time in range(uploading.OPEN_MAX + 1):
        answer = client.post(page, {"file": SimpleUploadedFile("dot.png", b"no picture")})
        assert answer.status_code == 422
        assert "is not what the end of its name says" in answer.content.decode()
    assert not Upload.objects.exists()
