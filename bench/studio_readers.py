"""Eight people read through a server while an author works, in alternating blocks; part of ``studio_inside.py``."""

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from accounts.models import User
from bench.servers import ROOT, granian
from courses.models import Course, LessonText
from tests.factories.accounts import UserFactory

READERS, SECONDS, TOKEN = 8, 8.0, "c" * 32


def session_of(person: User) -> str:
    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = "accounts.backends.PasswordBackend"
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return str(store.session_key)


class Client:
    """One person's line to the server."""

    def __init__(self, port: int, session: str) -> None:
        self.link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Cookie": f"sessionid={session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}

    def ask(self, path: str, form: dict[str, Any] | None = None) -> tuple[int, bytes]:
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        body = urlencode(form) if form else None
        self.link.request("POST" if form else "GET", path, body, self.headers | kind)
        answer = self.link.getresponse()
        return answer.status, answer.read()


def readers(course: Course, owner: User, *, blocks: int) -> dict[str, Any]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    people = [Client(port, session_of(UserFactory())) for _ in range(READERS)]
    author = Client(port, session_of(owner))
    server = subprocess.Popen(
        granian(port, "config.wsgi:application"), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until_it_answers(author)
        block(people, course, seconds=2)  # what is loaded once
        alone: list[float] = []
        beside: list[float] = []
        did: list[int] = []
        for _number in range(blocks):
            alone += block(people, course)
            beside += block(people, course, author=author, did=did)
    finally:
        server.terminate()
        server.wait(timeout=15)
    quiet, busy = p95(alone), p95(beside)
    refused = [status for status in did if status not in (200, 302)]
    return {
        "alone: pages read": len(alone),
        "beside an author: pages read": len(beside),
        "alone: p95 in ms": round(quiet),
        "beside an author: p95 in ms": round(busy),
        "p95 times undisturbed": round(busy / quiet, 2),
        "the author's acts": len(did),
        "of which refused": len(refused),
        "load of the machine": round(os.getloadavg()[0], 1),
    }


def until_it_answers(client: Client) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            client.ask("/health/live")
        except OSError:
            client.link.close()
            time.sleep(0.2)
        else:
            return
    sys.exit("The server does not start.")


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


def block(
    people: list[Client],
    course: Course,
    *,
    seconds: float = SECONDS,
    author: Client | None = None,
    did: list[int] | None = None,
) -> list[float]:
    """How many milliseconds each page took that somebody read within ``seconds``."""
    ends, times = time.monotonic() + seconds, []

    def read(client: Client, first: int) -> None:
        number = first
        while time.monotonic() < ends:
            began = time.monotonic()
            status, _page = client.ask(f"/courses/{course.slug}/l-{number % 9}/")  # texts
            assert status == 200, status
            times.append((time.monotonic() - began) * 1000)
            number += 1

    threads = [threading.Thread(target=read, args=(client, number)) for number, client in enumerate(people)]
    for thread in threads:
        thread.start()
    if author and did is not None:
        work(author, course, ends, did)
    for thread in threads:
        thread.join()
    return times


def work(author: Client, course: Course, ends: float, did: list[int]) -> None:
    """Each second a save and a move in the outline; in the middle a refresh edition. All of it through the site."""
    here, published = f"/author/courses/{course.slug}", False
    middle = (time.monotonic() + ends) / 2
    text = LessonText.objects.get(lesson__course=course, lesson__uid="l-0")
    typed = {"title": text.title, "minutes": text.minutes, "version": text.version, "client": "tab"}
    while (began := time.monotonic()) < ends:
        status, saved = author.ask(f"{here}/lessons/l-0/save/", typed | {"body": f"Typed at {began}.\n"})
        typed["version"] = json.loads(saved).get("version", typed["version"])
        did += [status, author.ask(f"{here}/outline/", {"act": "lesson-down:l-0"})[0]]
        if not published and began > middle:
            form = {"kind": "refresh", "note": "Words mended.", "when": "now", "sure": "1"}
            did.append(author.ask(f"{here}/publish/", form)[0])
            published = True
        time.sleep(max(0.0, 1 - (time.monotonic() - began)))
