"""Celery shells over ``progress.jobs``."""

from celery import shared_task

from progress.jobs import certificates, reminders


@shared_task(name="progress.run_reminders", acks_late=True, ignore_result=True, soft_time_limit=840)
def run_reminders() -> None:
    """Every quarter of an hour; two at once never say anything twice."""
    reminders.run_reminders()


@shared_task(
    name="progress.render_certificate",
    acks_late=True,
    ignore_result=True,
    soft_time_limit=60,
    autoretry_for=(OSError,),
    retry_backoff=10,
    retry_backoff_max=600,
    max_retries=6,
)
def render_certificate(pk: int) -> None:
    """The fast path right after completion; whatever it misses the sweep finds."""
    certificates.render(pk)


@shared_task(name="progress.sweep_certificates", acks_late=True, ignore_result=True, soft_time_limit=840)
def sweep_certificates() -> None:
    """Every minute: certificates whose PDF is still owed."""
    certificates.run_certificates()
