"""Readiness: is each part there that a request or a task needs?"""

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from core import clock

log = logging.getLogger(__name__)

HEARTBEAT_KEY = "worker-heartbeat"
PROBE = "health/probe"


def beat() -> None:
    """Note that a worker lives (called by a periodic task, so the scheduler lives too)."""
    cache.set(HEARTBEAT_KEY, clock.now().isoformat(), timeout=24 * 3600)


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return connection.vendor


def _cache() -> str:
    cache.set("health", "1", timeout=10)
    if cache.get("health") != "1":
        raise ConnectionError("what was written cannot be read")
    return "ok"


def _broker() -> str:
    with current_app.connection_for_write() as link:
        link.ensure_connection(max_retries=1, timeout=2)
    return str(link.transport.driver_type)


def _storage() -> str:
    if not default_storage.exists(PROBE):
        default_storage.save(PROBE, ContentFile(b"ok"))
    with default_storage.open(PROBE) as file:
        file.read()
    return "ok"


def _worker() -> str:
    seen = cache.get(HEARTBEAT_KEY)
    if seen is None:
        raise ConnectionError("no heartbeat yet")
    age = clock.now() - dt.datetime.fromisoformat(seen)
    if age > settings.HEARTBEAT_MAX_AGE:
        raise ConnectionError(f"last heartbeat {round(age.total_seconds())} s ago")
    return f"{round(age.total_seconds())} s ago"


PARTS: dict[str, Callable[[], str]] = {
    "database": _database,
    "cache": _cache,
    "broker": _broker,
    "storage": _storage,
    "worker": _worker,
}


def readiness() -> dict[str, dict[str, Any]]:
    """Each part with ``ok`` and ``detail``. Any failure of a part is what this page is there to report."""
    result: dict[str, dict[str, Any]] = {}
    for name, probe in PARTS.items():
        try:
            result[name] = {"ok": True, "detail": probe()}
        except Exception as problem:  # whatever a driver raises means 'not ready', and it is logged
            log.warning("Not ready: %s: %s", name, problem)
            result[name] = {"ok": False, "detail": type(problem).__name__}
    return result
