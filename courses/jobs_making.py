"""The slow work on media: one job at a time, taken up again after a kill."""

import logging
import shutil
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from core import clock
from courses.making.registry import Cancelled, JobFailed, Work, kinds
from courses.models import MediaJob
from courses.services import making, uploading

logger = logging.getLogger(__name__)
AT_ONCE = 20


def run_media_job(pk: int) -> bool:
    """Do the job if it is free; False when it was not. A kill in the middle leaves it to the next sweep after its lease."""
    job = making.claim(pk)
    if job is None:
        return False
    with translation.override((job.created_by and job.created_by.language) or settings.LANGUAGE_CODE):
        if job.attempts > making.ATTEMPTS_MAX:
            _failed(job, _("This was begun several times and never came to its end. Try a smaller file."))
            return False
        _work(job)
    return True


def _failed(job: MediaJob, said: str, *, keep: bool = False) -> None:
    """It is over without success, and whoever began it is told. A job that another worker has by now is left to it.

    ``keep``: a fault of our own leaves its folder, to be looked at.
    """
    if making.fail(job, said=said):
        if not keep:
            _forget(job)
        making.tell(job)


def _work(job: MediaJob) -> None:
    folder = folder_of(job)
    folder.mkdir(parents=True, exist_ok=True)

    def report(percent: int, step: str = "") -> None:
        if not making.report_on(job, percent=percent, step=step):
            raise Cancelled

    try:
        report(job.progress)
        made = kinds[job.kind](Work(job=job, folder=folder, report=report))
    except Cancelled:
        making.call_off(job)
        if MediaJob.objects.filter(pk=job.pk, state=MediaJob.State.CANCELLED).exists():
            _forget(job)
        return
    except JobFailed as problem:
        _failed(job, str(problem))
        return
    except Exception:
        # The author gets a sentence, the log the reason; retrying is theirs.
        logger.exception("media job %s (%s) failed", job.pk, job.kind)
        said = _(
            "Something went wrong that should not. Try again; if it comes back, tell your site’s administrator (job %(uid)s)."
        )
        _failed(job, said % {"uid": job.uid}, keep=True)
        return
    if making.finish(job, made=made):
        # Only now: whoever takes the job up after a kill needs the file again.
        if job.upload:
            uploading.used_up(upload=job.upload)
        _forget(job)
        making.tell(job)


def folder_of(job: MediaJob) -> Path:
    """Where the job keeps what its steps made."""
    return Path(settings.WORK_DIR) / f"job-{job.uid}"


def _forget(job: MediaJob) -> None:
    shutil.rmtree(folder_of(job), ignore_errors=True)


def sweep_media_jobs() -> int:
    """Take up what nobody works on: a lost task's, a killed worker's. Gives how many were run."""
    waiting = MediaJob.objects.filter(making.free()).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    return sum(run_media_job(pk) for pk in waiting)


def sweep_uploads() -> int:
    """Forget files and work that nobody went on with for a week; gives how many went."""
    return uploading.sweep_uploads() + _sweep_work()


def _sweep_work() -> int:
    """Folders of jobs that are over: a fault of our own leaves its folder, to be looked at."""
    going = {folder_of(job) for job in MediaJob.objects.waiting()}
    before = (clock.now() - uploading.KEPT_FOR).timestamp()
    gone = 0
    for folder in Path(settings.WORK_DIR).glob("job-*"):
        if folder not in going and folder.stat().st_mtime < before:
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone
