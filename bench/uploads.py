"""A large file in pieces through the web server: how quick, and what the web process needs for it.

    make bench ARGS="uploads [--mb 1024]"

A site of its own in a folder of its own (SQLite, one web process). The file is made as it is sent. The same is sent once
more as a tenth, so that growth with the size would show.
"""

import argparse
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "c" * 32
MIB = 1024 * 1024
PREPARE = """
import django
django.setup()
from django.test import Client
from accounts.models import User
from courses.models import Course, CourseEditor, Lesson, LessonText, Module
person = User.objects.create_user(email="bench@example.org", password="bench-only-1", name="Bench")
course = Course.objects.create(slug="bench", code="BEN 1", topic="borrowing", languages=["en"])
CourseEditor.objects.create(course=course, person=person, role="owner")
module = Module.objects.create(course=course, uid="part", position=1)
lesson = Lesson.objects.create(course=course, module=module, uid="film", position=1, kind="video")
LessonText.objects.create(lesson=lesson, language="en", title="Film", minutes=5, content={})
client = Client()
client.force_login(person, backend="accounts.backends.PasswordBackend")
print(client.cookies["sessionid"].value)
"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--mb", type=int, default=1024)
    size = parser.parse_args().mb * MIB
    with tempfile.TemporaryDirectory(prefix="lendcraft-bench-") as folder:
        env = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "VAR_DIR": folder,
            "SECRET_KEY": "bench " * 12,
            "LENDCRAFT_DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "LOG_LEVEL": "ERROR",
        }
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=env, check=True)
        made = subprocess.run(
            [sys.executable, "-c", PREPARE], cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True
        )
        for part in (size // 10, size):
            print(measured(part, env, session=made.stdout.split()[-1]))


def measured(size: int, env: dict[str, str], *, session: str) -> str:
    """One upload through a server of its own, in words."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "1", "--blocking-threads", "4", "--no-ws", "config.wsgi:application"),
    ]
    server = subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        sender = Sender(port, session)
        sender.wait()
        before = peak_of(server.pid)
        began = time.monotonic()
        standing = sender.send(size)
        seconds = time.monotonic() - began
        after = peak_of(server.pid)
        sender.ask("POST", standing["urls"]["upload_cancel"])
    finally:
        os.killpg(server.pid, 9)
        server.wait()
    return (
        f"{size // MIB} MB in {seconds:.1f} s ({size / MIB / seconds:.0f} MB/s); the web process' peak of memory "
        f"{before:.0f} MiB before, {after:.0f} MiB after: +{after - before:.0f} MiB"
    )


class Sender:
    def __init__(self, port: int, session: str) -> None:
        self.port = port
        self.headers = {"Cookie": f"sessionid={session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}
        self.link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def wait(self) -> None:
        """Until the server answers; then the page that everybody opens first is loaded once."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                self.ask("GET", "/author/courses/bench/files/")
            except OSError:
                time.sleep(0.1)
                self.link.close()
            else:
                return
        raise SystemExit("The server does not start.")

    def ask(self, method: str, path: str, body: bytes | str | None = None, **more: str) -> dict:
        self.link.request(method, path, body, {**self.headers, **more})
        answer = self.link.getresponse()
        content = answer.read()
        return json.loads(content) if answer.headers["Content-Type"].startswith("application/json") else {}

    def send(self, size: int) -> dict:
        about = {"purpose": "video", "lesson": "film", "name": "film.mp4", "size": size}
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        standing = self.ask("POST", "/author/courses/bench/uploads/", urlencode(about), **form)
        offset, piece = 0, os.urandom(standing["piece_bytes"])
        while offset < size:
            body = piece[: size - offset]
            offset = self.ask("PUT", standing["urls"]["upload_piece"], body, **{"Upload-Offset": str(offset)})["offset"]
        return standing


def peak_of(leader: int) -> float:
    """The largest peak (MiB) of the group's processes: the web process is the one that has all of Django."""
    found = []
    for path in Path("/proc").glob("[0-9]*/status"):
        try:
            if os.getpgid(int(path.parent.name)) != leader:
                continue
            if match := re.search(r"VmHWM:\s+(\d+) kB", path.read_text()):
                found.append(int(match[1]) / 1024)
        except OSError:
            continue
    return max(found)


if __name__ == "__main__":
    main()
