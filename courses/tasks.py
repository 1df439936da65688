"""Celery shells over ``courses.jobs``."""

from celery import shared_task

from courses import jobs, jobs_links, jobs_making, jobs_publishing, jobs_upkeep, jobs_writing


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


@shared_task(name="courses.run_media_job", acks_late=True, ignore_result=True)
def run_media_job(job_id: int) -> None:
    jobs_making.run_media_job(job_id)


@shared_task(name="courses.sweep_media_jobs", acks_late=True, ignore_result=True)
def sweep_media_jobs() -> None:
    jobs_making.sweep_media_jobs()


@shared_task(name="courses.remind_of_upkeep", acks_late=True, ignore_result=True, soft_time_limit=900)
def remind_of_upkeep() -> None:
    jobs_upkeep.remind_of_upkeep()


@shared_task(name="courses.thin_revisions", acks_late=True, ignore_result=True, soft_time_limit=1800)
def thin_revisions() -> None:
    jobs_writing.thin_revisions()


@shared_task(name="courses.sweep_uploads", acks_late=True, ignore_result=True, soft_time_limit=1800)
def sweep_uploads() -> None:
    jobs_making.sweep_uploads()


@shared_task(name="courses.sweep_plans", acks_late=True, ignore_result=True, soft_time_limit=1800)
def sweep_plans() -> None:
    jobs_publishing.sweep_plans()


@shared_task(name="courses.check_links", acks_late=True, ignore_result=True, soft_time_limit=600)
def check_links() -> None:
    jobs_links.check_links()


@shared_task(name="courses.gather_links", acks_late=True, ignore_result=True, soft_time_limit=1800)
def gather_links() -> None:
    jobs_links.gather_links()
