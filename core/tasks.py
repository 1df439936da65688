"""Heartbeat, and the request id that travels with a task."""

from celery import shared_task
from celery.signals import task_postrun, task_prerun, worker_ready

from core import health
from core.logs import request_id


@shared_task(name="core.heartbeat", ignore_result=True, soft_time_limit=10)
def heartbeat() -> None:
    health.beat()


@worker_ready.connect(dispatch_uid="core.first_beat")
def first_beat(**kwargs) -> None:
    """A new schedule sends its first heartbeat only after a whole period; a site that just started is ready before."""
    health.beat()


@task_prerun.connect(dispatch_uid="core.take_request_id")
def take_request_id(task=None, **kwargs) -> None:
    request_id.set(getattr(task.request, "request_id", None) or "")


@task_postrun.connect(dispatch_uid="core.drop_request_id")
def drop_request_id(**kwargs) -> None:
    request_id.set("")
