"""Media jobs: begun, claimed, reported on, ended. Every change is a conditional UPDATE, so two workers cannot both win."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.announcing import Draft, notify_many
from core import clock
from core.errors import Conflict
from core.queue import after_commit
from courses.models import Course, MediaJob, SlideDeck, Upload

NOTICE_KIND = "media_job"
LOOKED_AT = frozenset({"listen", "slides", "document"})  # kinds whose author waits at the page
ATTEMPTS_MAX = 3  # how often a job is taken up again after its worker was killed


def begin_job(
    *,
    course: Course,
    kind: str,
    title: str,
    actor: User | None,
    lesson_uid: str = "",
    language: str = "",
    upload: Upload | None = None,
    deck: SlideDeck | None = None,
    given: Mapping[str, Any] | None = None,
) -> MediaJob:
    """File a job and tell the workers after commit; the sweep finds it if they are not told."""
    job = MediaJob.objects.create(
        course=course,
        kind=kind,
        title=title,
        created_by=actor,
        lesson_uid=lesson_uid,
        language=language,
        upload=upload,
        deck=deck,
        given=dict(given or {}),
    )
    after_commit("courses.run_media_job", job.pk)
    return job


def free() -> Q:
    """Jobs that a worker may take: nobody has them, or whoever had them has not been heard of."""
    lapsed = clock.now() - dt.timedelta(seconds=settings.MEDIA_JOB_LEASE_SECONDS)
    state = MediaJob.State
    return Q(state=state.WAITING) | Q(state=state.RUNNING, claimed_at__lt=lapsed)


def claim(pk: int) -> MediaJob | None:
    """Take the job, or nothing when another worker has it or it is over."""
    won = MediaJob.objects.filter(free(), pk=pk).update(
        state=MediaJob.State.RUNNING, claimed_at=clock.now(), attempts=F("attempts") + 1
    )
    return MediaJob.objects.select_related("course", "upload", "deck", "created_by").get(pk=pk) if won else None


def _mine(job: MediaJob) -> Any:
    """The row while this claim of it still stands: a job given to another worker counts another attempt."""
    return MediaJob.objects.filter(pk=job.pk, state=MediaJob.State.RUNNING, attempts=job.attempts)


def report_on(job: MediaJob, *, percent: int, step: str) -> bool:
    """Say how far it is and keep the lease; False when the job was cancelled or is another's by now."""
    changes: dict[str, Any] = {"claimed_at": clock.now(), "progress": max(0, min(percent, 100))}
    if step:
        changes["step"] = step[:200]
    return bool(_mine(job).filter(cancel_asked_at=None).update(**changes))


def finish(job: MediaJob, *, made: Mapping[str, Any]) -> bool:
    """It is done and ``made`` is the outcome; False when another worker has it by now."""
    done = {"state": MediaJob.State.DONE, "made": dict(made), "progress": 100, "step": "", "said": ""}
    return bool(_mine(job).update(**done, finished_at=clock.now()))


def fail(job: MediaJob, *, said: str) -> bool:
    """It cannot be done; ``said`` tells the author why and what to do. False when another worker has it by now."""
    failed = {"state": MediaJob.State.FAILED, "said": said[:1000], "step": ""}
    return bool(_mine(job).update(**failed, finished_at=clock.now()))


def call_off(job: MediaJob) -> None:
    """The worker saw that it was cancelled."""
    gone = MediaJob.objects.filter(pk=job.pk, state=MediaJob.State.RUNNING, cancel_asked_at__isnull=False)
    gone.update(state=MediaJob.State.CANCELLED, step="", finished_at=clock.now())


def cancel(*, job: MediaJob) -> None:
    """Stop it: at once while it waits, as soon as its worker looks up while it runs. Twice is harmless.

    Raises ``Conflict`` when it is over already.
    """
    now = clock.now()
    waiting = MediaJob.objects.filter(pk=job.pk, state=MediaJob.State.WAITING)
    if waiting.update(state=MediaJob.State.CANCELLED, finished_at=now, cancel_asked_at=now):
        return
    if not MediaJob.objects.filter(pk=job.pk, state=MediaJob.State.RUNNING).update(cancel_asked_at=now):
        raise Conflict(_("This is over already; there is nothing to stop."))


def retry(*, job: MediaJob) -> None:
    """Begin a failed or cancelled job again. Raises ``Conflict`` when it is neither."""
    over = MediaJob.objects.filter(pk=job.pk, state__in=[MediaJob.State.FAILED, MediaJob.State.CANCELLED])
    again = {"said": "", "step": "", "progress": 0, "attempts": 0, "claimed_at": None}
    if not over.update(state=MediaJob.State.WAITING, cancel_asked_at=None, finished_at=None, **again):
        raise Conflict(_("This is not over; there is nothing to begin again."))
    after_commit("courses.run_media_job", job.pk)


def tell(job: MediaJob) -> None:
    """Tell whoever began the job that it is over; each attempt at most once. Who looks on is not told."""
    job.refresh_from_db(fields=["state", "said", "finished_at"])
    if job.created_by is None or job.finished_at is None or job.kind in LOOKED_AT:
        return
    done = job.state == MediaJob.State.DONE
    title = _("“%(title)s” is ready") if done else _("“%(title)s” did not work")
    where = reverse("courses:author_course_jobs", args=[job.course.slug])
    if done and job.lesson_uid:
        where = reverse("courses:author_lesson", args=[job.course.slug, job.lesson_uid])
    action = _("Open the lesson") if done and job.lesson_uid else _("See the jobs")
    if job.kind == "deck" and job.deck_id:
        where = reverse("courses:author_deck", args=[job.course.slug, job.deck_id])
        action = _("See the video") if done else _("Open the slides")
    draft = Draft(
        person_id=job.created_by.pk,
        kind=NOTICE_KIND,
        key=f"media_job:{job.pk}:{job.finished_at:%Y%m%d%H%M%S}",
        title=title % {"title": job.title},
        body=job.said,
        url=where,
        action=action,
    )
    notify_many([draft])
