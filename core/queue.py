"""The one door to the task queue (D12)."""

import logging
import time
from collections.abc import Callable, Iterable

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError
from kombu.pools import producers

from core.logs import request_id

log = logging.getLogger(__name__)

PAUSE_SECONDS = 5  # how long a broker that did not take a task is left alone by this process
_left_alone = {"until": 0.0}


def after_commit(name: str, *args: int | str) -> None:
    """Send the task called ``name`` with ``args`` (primary keys) once the transaction has committed.

    A broker that is down is logged, never raised: the row's state says what must happen, and a sweep finds it. It is
    asked once, with a short wait; what follows within ``PAUSE_SECONDS`` does not ask again.
    """

    def send() -> None:
        if time.monotonic() < _left_alone["until"]:
            log.warning("Task %s was not queued: the broker is down. The sweep will find it.", name)
            return
        try:
            _send(name, args)
        except (OperationalError, OSError) as problem:
            _left_alone["until"] = time.monotonic() + PAUSE_SECONDS
            log.warning("Task %s was not queued: %s. The sweep will find it.", name, problem)

    transaction.on_commit(send)


def ask_again() -> None:
    """Forget that the broker was down."""
    _left_alone["until"] = 0.0


def _send(name: str, args: tuple[int | str, ...]) -> None:
    # The worker waits longer for its broker than a page may, so sending has connections (pooled) of its own.
    connection = current_app.connection_for_write(transport_options=settings.QUEUE_SENDING_OPTIONS)
    with producers[connection].acquire(block=True) as producer:
        headers = {"request_id": request_id.get()}
        current_app.send_task(name, args=args, headers=headers, retry=False, producer=producer)


def each_by_itself(job: Callable[[int], bool], pks: Iterable[int]) -> int:
    """Run ``job`` for each of ``pks``; how many got through.

    One that fails is logged and found again by the next sweep: it must not keep the others waiting.
    """
    return sum(_ran(job, pk) for pk in pks)


def _ran(job: Callable[[int], bool], pk: int) -> bool:
    try:
        return job(pk)
    except Exception:  # a job may raise anything; the log has the reason, the next sweep tries again
        log.exception("%s failed for %s.", getattr(job, "__qualname__", job), pk)
        return False
