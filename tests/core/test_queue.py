"""Tasks leave after commit, under the request's id; a broker that is down is logged and never an error page."""

import logging

import pytest
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from core.logs import request_id
from core.queue import after_commit


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
