"""Celery shells over the jobs of quizzes."""

from celery import shared_task

from quizzes import jobs, jobs_evidence, jobs_exchange, jobs_practice, jobs_review
from quizzes.services import analysing


@shared_task(name="quizzes.hand_in_overdue", acks_late=True, ignore_result=True, soft_time_limit=840)
def hand_in_overdue() -> None:
    """Every minute: attempts whose time is up; two at once hand each in once."""
    jobs.hand_in_overdue()


@shared_task(name="quizzes.read_import", acks_late=True, ignore_result=True, soft_time_limit=1800)
def read_import(import_id: int) -> None:
    jobs_exchange.go_on(import_id)


@shared_task(name="quizzes.take_import", acks_late=True, ignore_result=True, soft_time_limit=1800)
def take_import(import_id: int) -> None:
    jobs_exchange.go_on(import_id)


@shared_task(name="quizzes.sweep_imports", acks_late=True, ignore_result=True, soft_time_limit=1800)
def sweep_imports() -> None:
    """What lost tasks left: files to read or to take."""
    jobs_exchange.sweep_imports()


@shared_task(name="quizzes.analyse", acks_late=True, ignore_result=True, soft_time_limit=540)
def analyse(pk: int) -> None:
    """The figures of one quiz."""
    analysing.analyse(pk)


@shared_task(name="quizzes.regrade", acks_late=True, ignore_result=True, soft_time_limit=1800)
def regrade(pk: int) -> None:
    """Try a correction on the attempts that answered the question, or carry it into them."""
    jobs_evidence.regrade(pk)


@shared_task(name="quizzes.sweep_evidence", acks_late=True, ignore_result=True, soft_time_limit=1800)
def sweep_evidence() -> None:
    """What lost tasks left: quizzes to analyse, corrections to try or to carry out."""
    jobs_evidence.sweep_evidence()


@shared_task(name="quizzes.refresh_analyses", acks_late=True, ignore_result=True, soft_time_limit=1800)
def refresh_analyses() -> None:
    """Every night: quizzes with new results are analysed anew."""
    jobs_evidence.refresh_analyses()


@shared_task(name="quizzes.remember_run", acks_late=True, ignore_result=True, soft_time_limit=60)
def remember_run(pk: int) -> None:
    """Misses of a practice run become review cards."""
    jobs_practice.remember_run(pk)


@shared_task(name="quizzes.sweep_practice", acks_late=True, ignore_result=True, soft_time_limit=540)
def sweep_practice() -> None:
    """What lost tasks left: runs whose misses are no cards yet."""
    jobs_practice.sweep_practice()


@shared_task(name="quizzes.remember_attempt", acks_late=True, ignore_result=True, soft_time_limit=60)
def remember_attempt(attempt_id: int) -> None:
    """Review cards of one attempt, right after it was graded."""
    jobs_review.remember(attempt_id)


@shared_task(name="quizzes.sweep_review", acks_late=True, ignore_result=True, soft_time_limit=1800)
def sweep_review() -> None:
    """What lost tasks left, and exams that have closed: attempts whose review cards are owed."""
    jobs_review.sweep_unremembered()


@shared_task(name="quizzes.remind_of_review", acks_late=True, ignore_result=True, soft_time_limit=840)
def remind_of_review() -> None:
    """Every quarter of an hour; two at once never say anything twice."""
    jobs_review.run_reminders()
