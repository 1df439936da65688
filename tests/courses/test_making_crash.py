"""Killed without a word: the web server in the middle of an upload, the worker in the middle of a film. Both come to
their end, and no byte and no picture is lost or doubled."""

import hashlib
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings as conf
from django.core.files.storage import default_storage
from django.test import Client

from courses import jobs_making
from courses.models import MediaJob, Upload
from tests.courses.films import film_course
from tests.courses.real_films import make
from tests.courses.test_transcoding import filed
from tests.factories.accounts import MembershipFactory
from tests.factories.courses import draft_course
from tests.plugins.site import ROOT
from tests.quizzes.test_crash import TOKEN, Server, database_url, server

__all__ = ["server"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.bystander]
WAIT_SECONDS = 180  # for whoever has a busy machine; a quiet one needs a tenth
MIB = 1024 * 1024


def until(look, what: str) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not look():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


class Sender:
    """What the page's script does: asks where the next byte is, and sends from there until all is acknowledged."""

    def __init__(self, server: Server, session: str) -> None:
        self.server = server
        cookies = f"{conf.SESSION_COOKIE_NAME}={session}; {conf.CSRF_COOKIE_NAME}={TOKEN}"
        self.headers = {"Cookie": cookies, "X-CSRFToken": TOKEN}

    def ask(self, method: str, path: str, body=None, **more: str) -> dict:
        link = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        try:
            link.request(method, path, body, {**self.headers, **more})
            return json.loads(link.getresponse().read())
        finally:
            link.close()

    def begin(self, content: bytes, **more: str) -> dict:
        given = {"purpose": "file", "name": "big.pdf", "size": len(content), "fingerprint": "the-same"}
        body = urlencode({**given, **more})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", "/author/courses/lending/uploads/", body, **kind)

    def dies_in_the_middle(self, path: str, piece: bytes, offset: int) -> None:
        """Half a piece is on its way when the server is killed."""
        link = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        link.putrequest("PUT", path)
        for name, value in {**self.headers, "Content-Length": len(piece), "Upload-Offset": offset}.items():
            link.putheader(name, str(value))
        link.endheaders()
        link.send(piece[: len(piece) // 2])
        self.server.kill()
        link.close()


def test_an_upload_outlives_the_web_server(server: Server):
    owner = MembershipFactory(instructor=True).person
    course = draft_course(owner=owner, slug="lending")
    client = Client()
    client.force_login(owner)
    sender = Sender(server, client.cookies[conf.SESSION_COOKIE_NAME].value)
    content = b"%PDF-1.7\n" + random.Random(5).randbytes(14 * MIB)
    server.start()
    standing = send_with_kills(server, sender, content, kill_after=(1, 1, 99))
    assert "in the course" in sender.ask("POST", standing["urls"]["upload_finish"])["words"]
    assert Upload.objects.count() == 1
    assert course.media.get().media.sha256 == hashlib.sha256(content).hexdigest()


def send_with_kills(server: Server, sender: Sender, content: bytes, *, kill_after: Iterable[int], **given: str) -> dict:
    """Send ``content``; after so many pieces each time the server is killed in the middle of the next one."""
    acknowledged = 0
    for count in kill_after:
        standing = sender.begin(content, **given)
        assert "offset" in standing, standing
        assert standing["offset"] >= acknowledged  # what it said it has, it has
        offset, size = standing["offset"], standing["piece_bytes"]
        for _number in range(count):
            if offset == len(content):
                break
            path, piece = standing["urls"]["upload_piece"], content[offset : offset + size]
            offset = sender.ask("PUT", path, piece, **{"Upload-Offset": str(offset)})["offset"]
        acknowledged = offset
        if offset < len(content):
            sender.dies_in_the_middle(standing["urls"]["upload_piece"], content[offset : offset + size], offset)
            server.start()
    assert acknowledged == len(content)
    return standing


WORKER = """
import sys, django
django.setup()
from courses.making import films
films.SEGMENT_SECONDS = 2
from courses.jobs_making import run_media_job
run_media_job(int(sys.argv[1]))
"""


def worker_on(job: MediaJob, tmp_path: Path, **more: str) -> subprocess.Popen[bytes]:
    """A process of its own that works on ``job``, with the data of this test."""
    env = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": conf.SECRET_KEY,
        "LENDCRAFT_DEMO": "1",
        "VAR_DIR": str(tmp_path / "var"),
        "MEDIA_STORAGE": f"local:{conf.MEDIA_ROOT}",
        "UPLOAD_DIR": conf.UPLOAD_DIR,
        "WORK_DIR": conf.WORK_DIR,
    }
    env.pop("REDIS_URL", None)
    env |= more
    return subprocess.Popen([sys.executable, "-c", WORKER, str(job.pk)], env=env, cwd=ROOT)


def test_a_film_outlives_its_worker(tmp_path, monkeypatch, settings):
    owner = MembershipFactory(instructor=True).person
    course = film_course(tmp_path / "course", owner=owner, slug="films")
    job = filed(course, owner, make(tmp_path / "in.mp4", seconds=10, size="1280x720"))
    worker = worker_on(job, tmp_path)
    folder = jobs_making.folder_of(job)
    until(lambda: (folder / "piece-0000.mp4").exists(), "the worker makes nothing")
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    until(lambda: not _makers(tmp_path), "ffmpeg goes on without its worker")
    job.refresh_from_db()
    assert job.state == "running"
    before = (folder / "piece-0000.mp4").stat().st_mtime_ns
    assert not jobs_making.run_media_job(job.pk)  # the lease still stands
    settings.MEDIA_JOB_LEASE_SECONDS = 0
    monkeypatch.setattr("courses.making.films.SEGMENT_SECONDS", 2)
    kept: list[int] = []
    monkeypatch.setattr("courses.jobs_making._forget", lambda job: kept.append(_made_at(folder)))
    assert jobs_making.sweep_media_jobs() == 1
    job.refresh_from_db()
    assert (job.state, job.said, job.attempts) == ("done", "", 2)
    assert kept == [before]  # the piece that was there was not made again
    film = course.media.get(name="film.mp4").media
    assert abs(film.duration_ms - 10_000) < 100
    assert default_storage.exists(film.path)
    assert MediaJob.objects.count() == 1


@pytest.mark.thorough
def test_a_film_of_200_mb_outlives_both(server: Server, tmp_path, settings):
    """The two above in one, at the size that an author's camera gives: pieces of 4 MB, twenty pieces of film."""
    owner = MembershipFactory(instructor=True).person
    course = draft_course(owner=owner, slug="lending", lessons=[("video", "unpacking", {"video": {}})])
    client = Client()
    client.force_login(owner)
    sender = Sender(server, client.cookies[conf.SESSION_COOKIE_NAME].value)
    dense = ["-preset", "ultrafast", "-b:v", "40M", "-minrate", "40M", "-maxrate", "40M", "-bufsize", "40M"]
    path = make(tmp_path / "in.mp4", seconds=42, size="1280x720", more=[*dense, "-x264-params", "nal-hrd=cbr"])
    content = path.read_bytes()
    assert len(content) > 200_000_000
    server.start()
    given = {"purpose": "video", "name": "unpacking.mp4", "lesson": "unpacking", "language": "en"}
    standing = send_with_kills(server, sender, content, kill_after=(7, 13, 1, 16, 99), **given)
    sender.ask("POST", standing["urls"]["upload_finish"])
    job = MediaJob.objects.get()
    folder = jobs_making.folder_of(job)
    where = {"UPLOAD_DIR": server.env.get("UPLOAD_DIR", f"{server.env['VAR_DIR']}/uploads")}
    for piece in ("piece-0001.mp4", "piece-0004.mp4"):
        worker = worker_on(job, tmp_path, **where)
        until(lambda piece=piece: (folder / piece).exists(), f"{piece} is not made")
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        MediaJob.objects.update(claimed_at=None)  # as if its lease were over
        job.refresh_from_db()
        MediaJob.objects.filter(pk=job.pk).update(state="waiting")
    assert worker_on(job, tmp_path, **where).wait() == 0
    job.refresh_from_db()
    assert (job.state, job.said, job.attempts) == ("done", "", 3)
    assert abs(course.media.get(name="unpacking.mp4").media.duration_ms - 42_000) < 200


def _made_at(folder: Path) -> int:
    return (folder / "piece-0000.mp4").stat().st_mtime_ns


def _makers(folder: Path) -> list[str]:
    """Processes that still write into ``folder``."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes()
        except OSError:
            continue
        if str(folder).encode() in words and b"ffmpeg" in words:
            found.append(path.parent.name)
    return found
