"""Celery shells over ``courses.jobs``."""

from celery import shared_task

from courses import jobs


@shared_task(name="courses.move_enrolments", acks_late=True, ignore_result=True, soft_time_limit=1800)
def move_enrolments(edition_id: int) -> None:
    jobs.move_enrolments(edition_id)


@shared_task(name="courses.sweep_moves", acks_late=True, ignore_result=True, soft_time_limit=1800)
def sweep_moves() -> None:
    """What lost tasks left: learners to move up, editions to index."""
    jobs.sweep_moves()
    jobs.sweep_index()


@shared_task(name="courses.index_course", acks_late=True, ignore_result=True, soft_time_limit=300)
def index_course(course_id: int) -> None:
    jobs.index_course(course_id)


@shared_task(name="courses.collect_media", acks_late=True, ignore_result=True, soft_time_limit=1800)
def collect_media() -> None:
    jobs.collect_media()
