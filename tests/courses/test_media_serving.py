"""Media of a course: who gets it, which bytes, under which headers."""

import pytest
from django.core.files.storage import default_storage
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import Client

from courses.models import EditionMedia, MediaFile
from courses.services import enrolling
from courses.views import media
from tests.courses.films import film_course, mp4
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.courses import publish_course
from tests.support import count_queries

pytestmark = pytest.mark.django_db
FILM = mp4()
BACKEND = "accounts.backends.PasswordBackend"


@pytest.fixture
def cinema(tmp_path):
    return film_course(tmp_path / "in", slug="cinema")


@pytest.fixture
def address(cinema) -> str:
    return f"/courses/cinema/media/{EditionMedia.objects.get(name='film.mp4').media.sha256}/film.mp4"


@pytest.fixture
def client():
    """Closes what it got, as a server does; a file left open is a warning, and a warning is an error."""
    return ClosingClient()


class ClosingClient(Client):
    def request(self, **request):
        answer = super().request(**request)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        request_finished.disconnect(close_old_connections)  # as Django's own client does: the test keeps its connection
        answer.close()
        request_finished.connect(close_old_connections)
        answer.got = content
        return answer


def test_the_whole_file_comes_with_headers_that_let_it_be_kept(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "video/mp4"
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("inline")
    assert int(answer["Content-Length"]) == len(FILM)
    assert answer.got == FILM


@pytest.mark.parametrize(
    ("wanted", "start", "end"), [("bytes=0-99", 0, 100), ("bytes=100-", 100, None), ("bytes=-50", -50, None)]
)
def test_a_range_gives_just_these_bytes(client, address, wanted, start, end):
    answer = client.get(address, headers={"Range": wanted})
    assert answer.status_code == 206
    assert answer["Content-Range"].endswith(f"/{len(FILM)}")
    assert answer.got == FILM[start:end]


def test_a_range_beyond_the_end_is_refused(client, address):
    answer = client.get(address, headers={"Range": "bytes=999999-"})
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(FILM)}")


def test_what_one_has_is_not_sent_again(client, address):
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_head_says_the_size_and_a_post_is_refused(client, address):
    answer = client.head(address)
    assert (answer.status_code, int(answer["Content-Length"])) == (200, len(FILM))
    assert client.post(address).status_code == 405


def test_media_is_as_hidden_as_its_course(client, tmp_path):
    own = OrganisationFactory()
    course = film_course(tmp_path / "in", slug="inside", audience="organisation", organisation=own)
    address = f"/courses/inside/media/{EditionMedia.objects.get(name='film.mp4').media.sha256}/film.mp4"
    learner = UserFactory()
    enrolling.open_enrolment(learner=learner, course=course)
    assert client.get(address).status_code == 404
    client.force_login(UserFactory(), backend=BACKEND)
    assert client.get(address).status_code == 404
    client.force_login(learner, backend=BACKEND)
    assert client.get(address).status_code == 200


def test_a_file_of_another_course_is_not_found(client, cinema, address):
    publish_course(slug="other")
    assert client.get(address.replace("/cinema/", "/other/")).status_code == 404


@pytest.mark.parametrize("sha", ["f" * 64, "F" * 64, "short", "../" * 8])
def test_an_unknown_or_odd_hash_is_not_found(client, cinema, sha):
    assert client.get(f"/courses/cinema/media/{sha}/film.mp4").status_code == 404


def test_a_file_that_is_gone_is_not_found(client, address, settings):
    default_storage.delete(MediaFile.objects.get(type="video/mp4").path)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("kind", ["image/svg+xml", "text/html", "application/xhtml+xml", "application/octet-stream"])
def test_what_could_run_is_only_handed_out_under_a_sandbox(client, address, kind):
    MediaFile.objects.filter(type="video/mp4").update(type=kind)
    answer = client.get(address)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_behind_the_proxy_the_proxy_sends_the_bytes(client, address, settings):
    settings.MEDIA_ACCEL_PREFIX = "/protected/media/"
    answer = client.get(address)
    file = MediaFile.objects.get(type="video/mp4")
    assert answer["X-Accel-Redirect"] == f"/protected/media/{file.path}"
    assert answer["Content-Type"] == "video/mp4"
    assert answer.got == b""


def test_with_s3_the_browser_is_sent_to_an_address_that_expires(client, address, settings, monkeypatch):
    asked = {}

    class Bucket:
        def url(self, name, *, parameters, expire):
            asked.update(name=name, expire=expire, **parameters)
            return "https://bucket.example.org/signed"

    settings.MEDIA_STORAGE = "s3:lessons"
    monkeypatch.setattr(media, "default_storage", Bucket())
    answer = client.get(address)
    assert (answer.status_code, answer["Location"]) == (302, "https://bucket.example.org/signed")
    assert answer["Cache-Control"] == "private, no-store"
    assert asked["expire"] <= 600
    assert asked["ResponseContentType"] == "video/mp4"


def test_media_takes_four_queries_at_most(client, address):
    client.force_login(UserFactory(), backend=BACKEND)
    assert count_queries(lambda: client.get(address, headers={"Range": "bytes=0-9"})) <= 4
