"""Tasks leave after commit, under the request's id; a broker that is down is logged, asked once, no error page."""

import logging
import socket
from collections.abc import Iterator

import pytest
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from core.logs import request_id
from core.queue import after_commit, ask_again


@pytest.fixture
def sent(monkeypatch):
    tasks = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **options: tasks.append((name, options)))
    return tasks


@pytest.mark.django_db(transaction=True)
def test_a_task_leaves_only_after_commit(sent):
    with transaction.atomic():
        after_commit("progress.render_certificate", 7)
        assert sent == []
    [(name, options)] = sent
    assert (name, options["args"]) == ("progress.render_certificate", (7,))


@pytest.mark.django_db(transaction=True)
def test_nothing_leaves_when_the_transaction_fails(sent):
    with transaction.atomic():
        after_commit("progress.render_certificate", 7)
        transaction.set_rollback(True)
    assert sent == []


@pytest.mark.django_db(transaction=True)
def test_the_id_of_the_request_travels_with_the_task(sent):
    token = request_id.set("library-proxy-0123456789")
    try:
        after_commit("progress.render_certificate", 7)
    finally:
        request_id.reset(token)
    assert sent[0][1]["headers"] == {"request_id": "library-proxy-0123456789"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("problem", [OperationalError("refused"), ConnectionRefusedError("refused")])
def test_a_broker_that_is_down_is_logged_and_not_raised(monkeypatch, caplog, problem):
    def refuse(name, **options):
        raise problem

    monkeypatch.setattr(current_app, "send_task", refuse)
    with caplog.at_level(logging.WARNING, logger="core.queue"):
        after_commit("progress.render_certificate", 7)
    assert "The sweep will find it" in caplog.text


@pytest.fixture
def silent_broker(monkeypatch) -> Iterator[socket.socket]:
    """Takes connections and never answers; the socket counts who came."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        server.setblocking(False)
        url = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        connection_for_write = current_app.connection_for_write
        monkeypatch.setattr(current_app, "connection_for_write", lambda **said: connection_for_write(url=url, **said))
        yield server


def callers(server: socket.socket) -> int:
    """How many connected since the last time this was asked."""
    count = 0
    while True:
        try:
            server.accept()[0].close()
        except BlockingIOError:
            return count
        count += 1


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_does_not_answer_is_asked_once_and_then_left_alone(silent_broker, caplog):
    with caplog.at_level(logging.WARNING, logger="core.queue"):
        after_commit("progress.render_certificate", 7)
        assert 1 <= callers(silent_broker) <= 4  # the client tries again at once, and does not wait in between
        after_commit("progress.render_certificate", 8)
        after_commit("progress.render_certificate", 9)

    assert callers(silent_broker) == 0
    assert caplog.text.count("The sweep will find it") == 3

    ask_again()
    after_commit("progress.render_certificate", 10)
    assert callers(silent_broker) >= 1


@pytest.mark.django_db(transaction=True)
def test_the_pause_ends_by_itself(monkeypatch):
    asked = []

    def refuse(name, **options):
        asked.append(name)
        raise ConnectionRefusedError("refused")

    monkeypatch.setattr(current_app, "send_task", refuse)
    now = [100.0]
    monkeypatch.setattr("core.queue.time.monotonic", lambda: now[0])
    after_commit("core.heartbeat")
    after_commit("core.heartbeat")
    assert len(asked) == 1

    now[0] += 6
    after_commit("core.heartbeat")
    assert len(asked) == 2
