"""The media store: by content, each once; what is unused goes after 30 days."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.utils import timezone

from courses import jobs, media_probe
from courses.models import Edition, MediaFile
from courses.services import reporting
from courses.services.importing import import_folder
from courses.services.media import store_all
from courses.services.publishing import publish, publish_preview
from tests.courses.folders import CAPTIONS, FILM, PNG, box, mp4, mvhd, write_sample
from tests.factories.accounts import UserFactory
from tests.factories.courses import draft_course, publish_course


@pytest.mark.parametrize(
    ("data", "duration", "fault"),
    [
        (mp4(), 2000, ""),
        (mp4(seconds=3600, version=1), 3_600_000, ""),
        (mp4(moov_first=False), 2000, "slow-start"),
        (mp4()[:-10], 2000, "cut"),
        (mp4()[:60], None, "cut"),
        (box(b"ftyp", b"isom") + box(b"mdat", b"x" * 20), None, "no-moov"),
        (box(b"ftyp", b"isom") + box(b"moov", mvhd(0)), None, "no-length"),
        (box(b"ftyp", b"isom") + box(b"moov", box(b"mvhd", b"\x00" * 4)), None, "no-length"),
        (box(b"ftyp", b"isom") + b"\x00\x00\x00\x01moov" + b"\x00" * 8, None, "not-mp4"),
        (b"\x00\x00\x00\x02ftyp" + b"\x00" * 40, None, "not-mp4"),
        (b"", None, "not-mp4"),
        (b"ftyp", None, "not-mp4"),
        (box(b"free", b"x" * 30), None, "not-mp4"),
    ],
)
def test_a_video_says_how_long_and_how_sound_it_is(data, duration, fault):
    probe = media_probe.probe(io.BytesIO(data), type="video/mp4")
    assert (probe.duration_ms or None, probe.fault) == (duration, fault)
    assert fault == "" or fault in media_probe.FAULTS


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.mp4", mp4(), "video/mp4"),
        ("a.png", PNG, "image/png"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        ("a.vtt", CAPTIONS.encode(), "text/vtt"),
        ("a.svg", b'<?xml version="1.0"?><svg xmlns="x"></svg>', "image/svg+xml"),
        ("a.pdf", b"%PDF-1.7", "application/pdf"),
        ("a.csv", "a;é\n".encode(), "text/csv"),
        ("a.txt", ("a" + "é" * 3000).encode()[:2048], "text/plain"),
        ("a.png", b"<svg>", ""),
        ("a.html", b"<html>", ""),
        ("a.txt", b"<!DOCTYPE html>", ""),
        ("a.txt", b"\x00\x01", ""),
        ("a.txt", b"\xff\xfe\xff", ""),
        ("a.mp4", PNG, ""),
        ("a.exe", b"MZ", ""),
        ("noending", PNG, ""),
    ],
)
def test_the_type_is_what_the_content_says_and_the_name_agrees(name, head, kind):
    assert media_probe.type_of(name, head) == kind


def incoming(tmp_path, name="dot.png", data=PNG):
    (tmp_path / name).write_bytes(data)
    return {name: media_probe.examine(tmp_path / name)}


def bytes_of(media: MediaFile) -> bytes:
    with default_storage.open(media.path) as file:
        return file.read()


@pytest.mark.django_db
def test_the_same_content_is_kept_once(tmp_path):
    first = store_all(incoming(tmp_path, "a.png"), owner=None)["a.png"]
    second = store_all(incoming(tmp_path, "b.png"), owner=None)["b.png"]
    assert first == second
    assert bytes_of(first) == PNG
    assert default_storage.listdir(first.sha256[:2])[1] == [first.sha256]


@pytest.mark.django_db
def test_half_a_file_is_written_again(tmp_path):
    media = store_all(incoming(tmp_path), owner=None)["dot.png"]
    (tmp_path / "media" / media.path).write_bytes(b"half")
    store_all(incoming(tmp_path), owner=None)
    assert bytes_of(media) == PNG


def collect(days: int) -> dict[str, int]:
    with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
        return jobs.collect_media()


@pytest.mark.django_db(transaction=True)
def test_what_is_unused_for_thirty_days_goes_row_and_file(tmp_path):
    media = store_all(incoming(tmp_path), owner=None)["dot.png"]
    assert collect(0)["deleted_files"] == 0
    assert collect(29)["deleted_files"] == 0
    assert collect(31)["deleted_files"] == 1
    assert not MediaFile.objects.exists()
    assert not default_storage.exists(media.path)


@pytest.mark.django_db(transaction=True)
def test_what_is_used_again_stays(tmp_path):
    media = store_all(incoming(tmp_path), owner=None)["dot.png"]
    collect(0)
    store_all(incoming(tmp_path), owner=None)
    assert collect(31)["deleted_files"] == 0
    media.refresh_from_db()
    assert media.unused_since is not None


@pytest.mark.django_db
def test_a_report_from_a_preview_does_not_stop_the_collecting():
    """Whoever has the link may say that something is wrong: the report holds the preview it is about."""
    course = publish_course()
    reported = publish_preview(course=course, actor=None)
    text = "The date is wrong."
    reporting.report_lesson(
        course=course, edition=reported, lesson_uid="first-lesson", lesson_title="One", text=text, reporter=None
    )
    draft_course(slug=course.slug, lessons=[("text", "first-lesson", {"body": "Another.\n"})])
    forgotten = publish_preview(course=course, actor=None)
    assert collect(2)["expired_previews"] == 1
    assert list(course.editions.filter(number=None)) == [reported]
    assert not course.editions.filter(pk=forgotten.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_files_of_drafts_and_of_old_editions_stay(tmp_path):
    result = import_folder(path=write_sample(tmp_path / "one"), actor=None)
    publish(course=result.course, kind="minor", note="", actor=None)
    kept = set(MediaFile.objects.values_list("pk", flat=True))
    # The next draft has no film; edition 1 still needs it.
    import_folder(path=write_sample(tmp_path / "two", **{"media/film.mp4": mp4(seconds=9)}), actor=None)
    collect(0)
    assert collect(400)["deleted_files"] == 0
    assert kept <= set(MediaFile.objects.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_expired_previews_are_forgotten():
    course = publish_course()
    preview = publish_preview(course=course, actor=UserFactory())
    assert collect(0)["expired_previews"] == 0
    assert collect(2)["expired_previews"] == 1
    assert not Edition.objects.filter(pk=preview.pk).exists()
    assert Edition.objects.filter(pk=course.current_edition_id).exists()


@pytest.mark.django_db
def test_a_published_video_knows_its_length_cues_and_chapters(tmp_path):
    film = FILM.replace("film.en.vtt}", "film.en.vtt, chapters: media/parts.vtt, poster: media/dot.png}")
    root = write_sample(tmp_path / "course", **{"lessons/film.md": film, "media/parts.vtt": CAPTIONS})
    edition = publish(course=import_folder(path=root, actor=None).course, kind="minor", note="", actor=None)
    part = edition.lessons.get(uid="film").texts.get().part
    video = part.rendered["video"]
    sha = media_probe.examine(root / "media" / "film.mp4").sha256
    assert video["src"] == f"media:{sha}/film.mp4"
    assert (video["type"], video["duration_ms"], video["language"], video["fault"]) == ("video/mp4", 2000, "en", "")
    assert video["cues"][1] == {"start_ms": 1000, "end_ms": 2000, "text": "And goodbye."}
    assert video["chapters"][0] == {"start_ms": 0, "title": "Hello."}
    assert video["poster"].endswith("/dot.png")
    assert set(edition.media.values_list("name", flat=True)) == {"film.mp4", "film.en.vtt", "parts.vtt", "dot.png"}
