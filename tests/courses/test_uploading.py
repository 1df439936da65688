"""Files in pieces: what is acknowledged is on disk, and only the next byte is the next byte."""

import datetime as dt
import io
import os
import tracemalloc
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from core.errors import Conflict, InvalidInput
from courses.models import CourseEditor, CourseMedia, MediaJob, Upload
from courses.services import uploading
from tests.courses.films import film_course
from tests.courses.folders import PNG
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.courses import draft_course

pytestmark = pytest.mark.django_db

WORDS = b"The quick brown fox.\n" * 40


@pytest.fixture
def owner():
    return MembershipFactory(instructor=True).person


@pytest.fixture
def course(owner):
    return draft_course(owner=owner, slug="lending")


def begun(course, person, *, name="notes.txt", content=WORDS, purpose="file", **more) -> Upload:
    return uploading.begin(course=course, person=person, purpose=purpose, name=name, size=len(content), **more)


def put(upload: Upload, content: bytes, offset: int = 0, *, length: int | None = None) -> int:
    length = len(content) if length is None else length
    return uploading.take_piece(upload=upload, offset=offset, length=length, stream=io.BytesIO(content))


def on_disk(upload: Upload) -> bytes:
    return uploading.path_of(upload).read_bytes()


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def address(name: str, upload: Upload) -> str:
    return reverse(f"courses:{name}", args=[upload.course.slug, upload.uid])


# Pieces


@examples(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_a_client_sends_in_whatever_order_the_file_is_the_bytes_at_their_offsets(course, owner, data):
    """Pieces too early, too late, twice, cut off: refused, or what came of them is kept; at the end it is the file."""
    Upload.objects.all().delete()
    content = data.draw(st.binary(min_size=1, max_size=60), label="content")
    upload = begun(course, owner, content=content)
    expected = 0
    for _step in range(data.draw(st.integers(0, 8), label="tries")):
        offset = data.draw(st.integers(0, len(content)), label="offset")
        length = data.draw(st.integers(1, 30), label="length")
        came = data.draw(st.integers(0, length), label="bytes before the connection breaks")
        piece = content[offset : offset + length][:came]
        if offset != expected:
            with pytest.raises(uploading.WrongOffset) as refused:
                put(upload, piece, offset, length=length)
            assert refused.value.offset == expected
        elif offset + length > len(content):
            with pytest.raises(InvalidInput):
                put(upload, piece, offset, length=length)
        else:
            expected += len(piece)
            assert put(upload, piece, offset, length=length) == expected
        upload.refresh_from_db()
        assert upload.received == expected
        if expected:
            assert on_disk(upload)[:expected] == content[:expected]
    if expected < len(content):
        put(upload, content[expected:], expected)
    assert on_disk(upload) == content


def test_bytes_that_a_killed_server_wrote_and_did_not_count_are_cut_off(course, owner):
    upload = begun(course, owner)
    put(upload, WORDS[:100])
    with uploading.path_of(upload).open("ab") as file:
        file.write(b"half a piece that nobody was told of")
    put(upload, WORDS[100:], 100)
    assert on_disk(upload) == WORDS


def test_a_piece_is_on_disk_before_it_is_counted(course, owner, monkeypatch):
    upload = begun(course, owner)
    seen = []

    def forced(descriptor: int) -> None:
        seen.append(Upload.objects.get(pk=upload.pk).received)
        real(descriptor)

    real = os.fsync
    monkeypatch.setattr(os, "fsync", forced)
    put(upload, WORDS)
    assert seen[0] == 0
    assert Upload.objects.get(pk=upload.pk).received == len(WORDS)


def test_two_requests_do_not_write_one_file_at_once(course, owner):
    upload = begun(course, owner)

    class Meanwhile(io.BytesIO):
        def read(self, size: int = -1, /) -> bytes:
            if self.tell() == 0:
                with pytest.raises(uploading.WrongOffset) as refused:
                    put(upload, b"x" * 10)
                assert refused.value.offset == 0
            return super().read(size)

    uploading.take_piece(upload=upload, offset=0, length=len(WORDS), stream=Meanwhile(WORDS))
    assert on_disk(upload) == WORDS


def test_a_piece_larger_than_agreed_is_refused(course, owner, settings):
    settings.UPLOAD_CHUNK_BYTES = 10
    upload = begun(course, owner)
    with pytest.raises(InvalidInput):
        put(upload, WORDS[:11])
    assert Upload.objects.get(pk=upload.pk).received == 0


def test_a_large_body_passes_through_the_view_in_little_memory(course, owner, settings, monkeypatch):
    """200 MB that are never in memory: zeros made as they are read, written to a file that stays sparse."""
    size = 200 * 1024 * 1024
    settings.UPLOAD_CHUNK_BYTES = size
    upload = begun(course, owner)
    Upload.objects.filter(pk=upload.pk).update(size=size)
    largest = []

    def seek_instead(file, part: bytes) -> None:
        largest.append(len(part))
        file.seek(len(part), os.SEEK_CUR)

    monkeypatch.setattr(uploading, "_write", seek_instead)

    class Zeros:
        left = size

        def read(self, count: int = -1, /) -> bytes:
            assert count > 0, "somebody asks for all of it at once"
            count = min(count, self.left)
            self.left -= count
            return bytes(count)

        readline = close = None

    client = client_of(owner)
    client.get(address("upload", upload))  # what the first request loads is not the body's
    environment = {"wsgi.input": Zeros(), "CONTENT_LENGTH": str(size), "HTTP_UPLOAD_OFFSET": "0"}
    tracemalloc.start()
    answer = client.generic("PUT", address("upload_piece", upload), b"", "application/octet-stream", **environment)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.json() == {"offset": size}
    assert max(largest) <= uploading.READ_BYTES
    assert peak < 2 * 1024 * 1024


# Begin, go on, give up


def test_the_same_file_goes_on_where_it_stopped(course, owner):
    upload = begun(course, owner, fingerprint="abc")
    put(upload, WORDS[:50])
    again = begun(course, owner, fingerprint="abc")
    assert (again.pk, again.received) == (upload.pk, 50)
    assert begun(course, owner, fingerprint="other").pk != upload.pk
    assert begun(course, UserFactory(), fingerprint="abc").pk != upload.pk


@pytest.mark.parametrize(
    ("name", "size", "said"),
    [
        ("virus.exe", 10, "ends in"),
        ("notes.txt", 0, "empty"),
        ("notes.txt", 10**12, "the most is"),
    ],
)
def test_what_cannot_be_taken_is_refused_before_it_is_sent(course, owner, name, size, said):
    with pytest.raises(InvalidInput, match=said):
        uploading.begin(course=course, person=owner, purpose="file", name=name, size=size)


def test_nobody_has_more_than_ten_files_on_their_way(course, owner):
    for number in range(uploading.OPEN_MAX):
        begun(course, owner, fingerprint=f"f{number}")
    with pytest.raises(Conflict, match="10 files"):
        begun(course, owner, fingerprint="one-more")
    assert begun(course, owner, fingerprint="f3")  # one that is on its way still goes on
    begun(course, UserFactory())


def test_a_video_belongs_to_a_lesson_that_is_there(course, owner):
    with pytest.raises(InvalidInput, match="not there"):
        begun(course, owner, name="film.mp4", purpose="video", lesson_uid="nowhere")


def test_giving_up_deletes_what_came(course, owner):
    upload = begun(course, owner)
    put(upload, WORDS[:50])
    assert client_of(owner).post(address("upload_cancel", upload)).status_code == 200
    assert not uploading.path_of(upload).exists()
    assert not Upload.objects.exists()
    with pytest.raises(Conflict):
        put(upload, WORDS[50:], 50)


def test_what_nobody_went_on_with_for_a_week_is_swept(course, owner):
    old, fresh = begun(course, owner, fingerprint="old"), begun(course, owner, fingerprint="fresh")
    for upload in (old, fresh):
        put(upload, WORDS[:50])
    Upload.objects.filter(pk=old.pk).update(changed_at=old.changed_at - dt.timedelta(days=8))
    orphan = uploading.path_of(old).with_name("7c9e6679-7425-40de-944b-e07fc1f90ae7.part")
    orphan.write_bytes(b"x")
    os.utime(orphan, (0, 0))
    assert uploading.sweep_uploads() == 2
    assert list(Path(orphan.parent).iterdir()) == [uploading.path_of(fresh)]
    assert Upload.objects.get() == fresh


def test_a_file_whose_job_waits_is_not_swept(course, owner):
    upload = begun(course, owner)
    put(upload, WORDS)
    MediaJob.objects.create(course=course, kind="transcode", title="x", upload=upload)
    Upload.objects.update(state="taken", changed_at=upload.changed_at - dt.timedelta(days=8))
    assert uploading.sweep_uploads() == 0
    assert uploading.path_of(upload).exists()


# Finish


def test_a_whole_file_is_in_the_course_under_a_name_that_lessons_can_use(course, owner):
    upload = begun(course, owner, name="Ünser Logo (neu).png", content=PNG)
    put(upload, PNG)
    answer = client_of(owner).post(address("upload_finish", upload))
    row = CourseMedia.objects.get(course=course)
    assert row.name == "unser-logo-neu.png"
    assert row.name in answer.json()["words"]
    assert not uploading.path_of(upload).exists()
    assert Upload.objects.get().state == "taken"


def test_another_file_of_the_same_name_gets_a_number_and_the_same_file_none(course, owner):
    for content in (PNG, PNG + b"more", PNG):
        upload = begun(course, owner, name="dot.png", content=content)
        put(upload, content)
        uploading.finish(upload=upload, actor=owner)
    assert sorted(course.media.values_list("name", flat=True)) == ["dot-2.png", "dot.png"]


def test_a_file_that_is_not_what_it_says_is_refused_with_a_sentence_and_deleted(course, owner):
    upload = begun(course, owner, name="dot.png", content=WORDS)
    put(upload, WORDS)
    answer = client_of(owner).post(address("upload_finish", upload))
    assert answer.status_code == 422
    assert "not what the end of its name says" in answer.json()["words"]
    assert not uploading.path_of(upload).exists()
    assert Upload.objects.get().state == "refused"
    assert client_of(owner).post(address("upload_finish", upload)).status_code == 409


def test_finishing_early_says_where_the_next_byte_is(course, owner):
    upload = begun(course, owner)
    put(upload, WORDS[:50])
    answer = client_of(owner).post(address("upload_finish", upload))
    assert (answer.status_code, answer.json()["offset"]) == (409, 50)
    put(upload, WORDS[50:], 50)
    assert client_of(owner).post(address("upload_finish", upload)).status_code == 200


def test_a_film_becomes_one_job_however_often_it_is_finished(tmp_path, owner):
    course = film_course(tmp_path / "film", owner=owner, slug="films")
    content = b"\x00\x00\x00\x20ftypisom" + b"\x00" * 100
    upload = begun(course, owner, name="new.mp4", content=content, purpose="video", lesson_uid="film")
    put(upload, content)
    Upload.objects.update(state="whole")  # the server was killed in the middle of finishing
    uploading.finish(upload=upload, actor=owner)
    job = MediaJob.objects.get()
    assert (job.kind, job.lesson_uid, job.upload) == ("transcode", "film", upload)
    assert uploading.path_of(upload).exists()
    assert uploading.finish(upload=upload, actor=owner).job == job, "whoever asks again is told the same"
    assert MediaJob.objects.count() == 1


def test_a_file_that_two_tabs_finish_is_there_once_and_both_are_told_so(course, owner, monkeypatch):
    upload = begun(course, owner, name="dot.png", content=PNG)
    put(upload, PNG)
    client = client_of(owner)
    real = uploading.purpose_of

    def other_tab_first(name):
        monkeypatch.setattr(uploading, "purpose_of", real)
        first.append(client.post(address("upload_finish", upload)).json())
        return real(name)

    first: list[dict] = []
    monkeypatch.setattr(uploading, "purpose_of", other_tab_first)
    answer = client.post(address("upload_finish", upload))
    assert (answer.status_code, answer.json()) == (200, first[0])
    assert answer.json() == client.post(address("upload_finish", upload)).json()
    assert "“dot.png” is in the course now." in answer.json()["words"]
    assert list(course.media.values_list("name", flat=True)) == ["dot.png"]


@pytest.mark.parametrize(
    ("name", "head", "said"),
    [
        ("film.mp4", b"MZ\x90\x00", "no video"),
        ("film.mp4", b"RIFF\x00\x00\x00\x00WAVE", "no picture"),
        ("film.mp4", b"\x1aE\xdf\xa3", ".mkv"),
    ],
)
def test_a_film_is_looked_at_before_a_job_is_begun(tmp_path, owner, name, head, said):
    course = film_course(tmp_path / "film", owner=owner, slug="films")
    content = head + b"\x00" * 100
    upload = begun(course, owner, name=name, content=content, purpose="video", lesson_uid="film")
    put(upload, content)
    with pytest.raises(InvalidInput, match=said):
        uploading.finish(upload=upload, actor=owner)
    assert not MediaJob.objects.exists()


# The doors


def test_the_script_s_doors_from_begin_to_finish(course, owner):
    client = client_of(owner)
    about = {"purpose": "file", "name": "notes.txt", "size": len(WORDS), "fingerprint": "f"}
    standing = client.post(reverse("courses:upload_begin", args=["lending"]), about).json()
    assert standing["offset"] == 0
    first = client.put(standing["urls"]["upload_piece"], WORDS[:300], headers={"Upload-Offset": "0"})
    assert first.json() == {"offset": 300}
    wrong = client.put(standing["urls"]["upload_piece"], WORDS[200:], headers={"Upload-Offset": "200"})
    assert (wrong.status_code, wrong.json()["offset"]) == (409, 300)
    assert client.get(standing["urls"]["upload"]).json()["offset"] == 300
    client.patch(standing["urls"]["upload_piece"], WORDS[300:], headers={"Upload-Offset": "300"})
    assert client.post(standing["urls"]["upload_finish"]).status_code == 200
    assert course.media.get().name == "notes.txt"


def test_who_is_signed_out_is_told_so_in_words(course, owner):
    upload = begun(course, owner)
    answer = Client().put(address("upload_piece", upload), WORDS, headers={"Upload-Offset": "0"})
    assert answer.status_code == 401
    assert "signed out" in answer.json()["words"]


def test_a_reviewer_uploads_nothing(course, owner):
    reviewer = UserFactory()
    CourseEditor.objects.create(course=course, person=reviewer, role=CourseEditor.Role.REVIEWER)
    about = {"purpose": "file", "name": "notes.txt", "size": 9}
    assert client_of(reviewer).post(reverse("courses:upload_begin", args=["lending"]), about).status_code in (403, 404)
    assert not Upload.objects.exists()


def test_without_scripts_a_file_comes_in_one_form(course, owner):
    page = reverse("courses:upload_page", args=["lending"])
    client = client_of(owner)
    answer = client.post(page, {"file": SimpleUploadedFile("notes.txt", WORDS)})
    assert answer.status_code == 302
    assert course.media.get().media.size == len(WORDS)
    refused = client.post(page, {"file": SimpleUploadedFile("dot.png", WORDS)})
    assert refused.status_code == 422
    assert b"not what the end of its name says" in refused.content


def test_without_scripts_a_file_has_at_most_fifty_megabytes(course, owner, monkeypatch):
    monkeypatch.setattr("courses.forms_media.PLAIN_MAX_BYTES", 100)
    answer = client_of(owner).post(
        reverse("courses:upload_page", args=["lending"]), {"file": SimpleUploadedFile("notes.txt", WORDS)}
    )
    assert answer.status_code == 422
    assert not Upload.objects.exists()
