"""Celery shells over ``progress.jobs``."""

from celery import shared_task

from progress.jobs import certificates, films, reminders
from progress.services import counting_films


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


@shared_task(name="progress.count_film", acks_late=True, ignore_result=True, soft_time_limit=540)
def count_film(pk: int) -> None:
    """How far one film is watched."""
    counting_films.count_film(pk)


@shared_task(name="progress.sweep_films", acks_late=True, ignore_result=True, soft_time_limit=840)
def sweep_films() -> None:
    """Every minute: films to count that a lost task left."""
    films.sweep_films()


@shared_task(name="progress.refresh_films", acks_late=True, ignore_result=True, soft_time_limit=840)
def refresh_films() -> None:
    """Every night: films that were watched since they were counted."""
    films.refresh_films()
