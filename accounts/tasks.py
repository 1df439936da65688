"""Celery shells over ``accounts.jobs``."""

from celery import shared_task

from accounts import jobs


@shared_task(name="accounts.send_notices", acks_late=True, ignore_result=True, soft_time_limit=300)
def send_notices() -> None:
    """Fast path after a notice or invitation, and the sweep each minute."""
    jobs.send_waiting_mail()
    jobs.send_waiting_invitations()
