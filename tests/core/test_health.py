"""Live while the process answers; ready while every part is there that a request or a task needs."""

import datetime as dt

import pytest
from django.core.cache import cache

from core import clock, health


@pytest.fixture
def all_parts_there(monkeypatch):
    """The broker answers (no queue runs in unit tests) and a worker beat just now."""
    monkeypatch.setitem(health.PARTS, "broker", lambda: "redis")
    health.beat()


@pytest.mark.django_db
def test_ready_names_every_part(client, all_parts_there):
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert set(answer.json()["parts"]) == {"database", "cache", "broker", "storage", "worker"}
    assert all(part["ok"] for part in answer.json()["parts"].values())


@pytest.mark.django_db
def test_a_silent_worker_is_missed(client, all_parts_there, settings):
    long_ago = clock.now() - settings.HEARTBEAT_MAX_AGE - dt.timedelta(seconds=1)
    cache.set(health.HEARTBEAT_KEY, long_ago.isoformat())
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert [name for name, part in answer.json()["parts"].items() if not part["ok"]] == ["worker"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["database", "cache", "broker", "storage"])
def test_a_part_that_is_gone_is_named_without_its_address(client, all_parts_there, monkeypatch, name):
    def gone() -> str:
        raise ConnectionError("redis://:secret@10.1.2.3 refused")

    monkeypatch.setitem(health.PARTS, name, gone)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert not answer.json()["parts"][name]["ok"]
    assert "secret" not in answer.content.decode()


def test_live_asks_nobody(client):
    """No database is allowed in this test."""
    assert client.get("/health/live").status_code == 200


@pytest.mark.django_db
def test_health_is_never_cached(client, all_parts_there):
    assert "no-store" in client.get("/health/ready")["Cache-Control"]
