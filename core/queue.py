"""The one door to the task queue (D12)."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from core.logs import request_id

log = logging.getLogger(__name__)


def after_commit(name: str, *args: int | str) -> None:
    """Send the task called ``name`` with ``args`` (primary keys) once the transaction has committed.

    A broker that is down is logged, never raised: the row's state says what must happen, and a sweep finds it.
    """

    def send() -> None:
        try:
            current_app.send_task(name, args=args, headers={"request_id": request_id.get()}, retry=False)
        except (OperationalError, OSError) as problem:
            log.warning("Task %s was not queued: %s. The sweep will find it.", name, problem)

    transaction.on_commit(send)
