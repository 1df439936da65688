"""Acknowledged is committed: whatever the server said it has saved is there after it was killed under load.

``REPEAT=20`` runs it that often, each time with other moments of death.
"""

import http.client
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.models import User
from core.embedded import free_port
from quizzes.models import Attempt, Step
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import QUIZ, publish_quiz, single, start_attempt
from tests.plugins.site import ROOT

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS, QUESTIONS = 6, 4
START_SECONDS, LOAD_SECONDS, STOP_SECONDS = 60, 1.0, 30
TOKEN = "c" * 32


@dataclass
class Server:
    """The web server on the tests' own database; it may be killed and started again."""

    port: int
    env: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start unless it runs, and wait until it answers."""
        if self.process is not None:
            return
        command = [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)),
            *("--workers", "1", "--blocking-threads", "4", "--no-ws", "config.wsgi:application"),
        ]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a group of its own, so that its workers die with it
        )
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            assert self.process.poll() is None, "The server ended by itself."
            assert time.monotonic() < deadline, "The server does not start."
            time.sleep(0.05)

    def answers(self) -> bool:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            link.request("GET", "/health/live")
            return link.getresponse().status == 200
        except OSError:
            return False
        finally:
            link.close()

    def kill(self) -> None:
        """Without a word of warning: SIGKILL to the server and its workers."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


def database_url() -> str:
    """Where the tests' own database is, for a process of its own."""
    where = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{where['NAME']}"
    login = where["USER"] + (f":{where['PASSWORD']}" if where["PASSWORD"] else "")
    return f"postgres://{login}@{where['HOST']}:{where['PORT'] or 5432}/{where['NAME']}"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, django_db_setup) -> Iterator[Server]:
    """One for all runs: each kills it once and leaves the next run the one that it started."""
    env = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": settings.SECRET_KEY,
        "LENDCRAFT_DEMO": "1",
        "LOG_LEVEL": "CRITICAL",
        "VAR_DIR": str(tmp_path_factory.mktemp("server")),
    }
    env.pop("REDIS_URL", None)
    running = Server(free_port(), env)
    yield running
    running.kill()


@dataclass
class Taker:
    """Somebody who answers as fast as the server listens. ``said`` holds what the server acknowledged."""

    client_id: str
    port: int
    path: str
    cookies: str
    attempt: int
    said: dict[tuple[int, int], str] = field(default_factory=dict)
    refused: list[int] = field(default_factory=list)

    def answer(self, over: threading.Event) -> None:
        seq = 0
        while not over.is_set():
            seq += 1
            self.save(1 + seq % QUESTIONS, seq, "abcd"[seq % 3], over)

    def save(self, position: int, seq: int, answer: str, over: threading.Event) -> None:
        """Send until it is acknowledged, as the page does: the same answer with the same number."""
        fields = {"attempt": self.attempt, "answer": answer, "client_id": self.client_id, "seq": seq, "ms": seq}
        while not over.is_set():
            status = self.post(position, urlencode(fields))
            if status == 200:
                self.said[position, seq] = answer
                return
            if status:
                self.refused.append(status)
                return
            time.sleep(0.05)

    def post(self, position: int, body: str) -> int:
        """The status of the answer; 0 when the server died over it."""
        headers = {
            "Cookie": self.cookies,
            "X-CSRFToken": TOKEN,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            link.request("POST", self.path.format(position), body, headers)
            response = link.getresponse()
            response.read()
            return response.status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            link.close()


@contextmanager
def under_load(takers: list[Taker]) -> Iterator[None]:
    """All of them answer at once, until the block ends."""
    over = threading.Event()
    threads = [threading.Thread(target=taker.answer, args=(over,)) for taker in takers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(STOP_SECONDS)
    assert not any(thread.is_alive() for thread in threads), "Somebody still waits for an answer."


def everybody_saves(takers: list[Taker]) -> None:
    """Wait until each has had two more answers acknowledged."""
    wanted = [len(taker.said) + 2 for taker in takers]
    deadline = time.monotonic() + STOP_SECONDS
    while any(len(taker.said) < least for taker, least in zip(takers, wanted, strict=True)):
        assert time.monotonic() < deadline, "There is no load to speak of."
        time.sleep(0.02)


@pytest.mark.parametrize("time_of_it", range(int(os.environ.get("REPEAT", "1"))))
def test_every_acknowledged_answer_outlives_the_server(
    time_of_it: int, server: Server, client_of: Callable[[User], Client]
):
    course = publish_quiz(questions=[single(f"Q-{n}") for n in range(QUESTIONS)])
    takers = []
    for number in range(CLIENTS):
        person = UserFactory()
        session = client_of(person).cookies[settings.SESSION_COOKIE_NAME].value
        cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
        attempt = start_attempt(person, course)
        path = f"/courses/{course.slug}/{QUIZ}/quiz/{{}}/save/"
        takers.append(Taker(f"client{number}", server.port, path, cookies, attempt.pk))

    server.start()
    with under_load(takers):
        everybody_saves(takers)
        time.sleep(random.uniform(0, LOAD_SECONDS))
        server.kill()
        server.start()
        everybody_saves(takers)

    assert [taker.refused for taker in takers if taker.refused] == []
    for taker in takers:
        kept = Step.objects.filter(slot__attempt=taker.attempt, client_id=taker.client_id)
        rows = {
            (position, seq): answer for position, seq, answer in kept.values_list("slot__position", "seq", "answer")
        }
        lost = {key: answer for key, answer in taker.said.items() if rows.get(key) != answer}
        assert lost == {}, f"run {time_of_it}: acknowledged and gone"
    assert Attempt.objects.open().count() == CLIENTS
