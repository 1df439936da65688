"""Slow work of courses: each job may run twice, and claims what it works on (D12, D13)."""

import datetime as dt
from functools import reduce
from operator import or_

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import PROTECT, Exists, OuterRef, ProtectedError, Q

from core import clock
from courses.models import (
    Course,
    Edition,
    EditionKind,
    LessonReport,
    MediaFile,
    PublishPlan,
    Review,
)
from courses.services import searching
from courses.services.moving import move, waiting_for
from courses.standing import standing

BATCH = 200
KEEP_UNUSED = dt.timedelta(days=30)


def move_enrolments(edition_id: int) -> int:
    """Take open, unfinished enrolments to the edition, batch by batch; gives how many moved.

    The edition's row is the claim and the memory: a killed run leaves it unfinished, and once its lease has passed the
    sweep goes on. An edition that is no longer the current one has nothing to move.
    """
    if not _claim(edition_id):
        return 0
    edition = Edition.objects.select_related("course").get(pk=edition_id)
    moved, last = 0, 0
    while edition.course.current_edition_id == edition.pk:
        batch = list(waiting_for(edition).filter(pk__gt=last).order_by("pk")[:BATCH])
        if not batch:
            break
        finished = standing().completed_among([row.pk for row in batch])
        for enrolment in batch:
            if enrolment.pk not in finished:
                move(enrolment=enrolment, edition=edition, actor=None)
                moved += 1
        last = batch[-1].pk
        Edition.objects.filter(pk=edition_id).update(moves_claimed_at=clock.now())
        edition.course.refresh_from_db(fields=["current_edition"])
    Edition.objects.filter(pk=edition_id).update(moves_done_at=clock.now(), moves_claimed_at=None)
    return moved


def _free() -> Q:
    return Q(moves_claimed_at=None) | Q(moves_claimed_at__lt=clock.now() - settings.CLAIM_LEASE)


def _claim(edition_id: int) -> bool:
    waiting = Edition.objects.published().filter(_free(), pk=edition_id, moves_done_at=None)
    return waiting.update(moves_claimed_at=clock.now()) == 1


def sweep_moves() -> int:
    """Finish what a lost task or a killed worker left; gives how many enrolments moved."""
    waiting = Edition.objects.published().filter(_free(), moves_done_at=None).order_by("pk")
    return sum(move_enrolments(pk) for pk in waiting.values_list("pk", flat=True)[:BATCH])


def collect_media() -> dict[str, int]:
    """Forget previews that have expired and delete files that nothing has used for 30 days.

    Previews that a review, a plan or a reader's report is about stay. The row of a file goes first and its bytes after
    commit: a file without a row is only waste, a row without a file is a fault.
    """
    now = clock.now()
    held = (
        Review.objects.values("edition"),
        PublishPlan.objects.values("frozen"),
        LessonReport.objects.values("edition"),
    )
    expired_at_all = Edition.objects.filter(kind=EditionKind.PREVIEW, expires_at__lt=now)
    previews = expired_at_all.exclude(reduce(or_, (Q(pk__in=rows) for rows in held)))
    expired = previews.count()
    previews.delete()
    used = _used()
    MediaFile.objects.filter(used, unused_since__isnull=False).update(unused_since=None)
    MediaFile.objects.filter(~used, unused_since=None).update(unused_since=now)
    deleted = 0
    for media in MediaFile.objects.filter(~used, unused_since__lt=now - KEEP_UNUSED)[:1000]:
        deleted += _delete(media)
    return {"expired_previews": expired, "deleted_files": deleted}


def _used() -> Q:
    """Whatever holds a file, in this app or above it: drafts, editions, the library's shelf, slides, questions of banks.

    What holds one says so with ``PROTECT``. A holder that was left out would have its files tried each night in vain, and
    with enough of them nothing else would ever be deleted.
    """
    holders = [each for each in MediaFile._meta.related_objects if each.on_delete is PROTECT]
    rows = (each.related_model._base_manager.filter(**{each.field.name: OuterRef("pk")}) for each in holders)
    return reduce(or_, (Q(Exists(each)) for each in rows))


def _delete(media: MediaFile) -> int:
    """Delete one row and its file; PROTECT refuses when somebody has taken the file into use in between."""
    try:
        with transaction.atomic():
            gone, _rows = MediaFile.objects.filter(pk=media.pk, unused_since=media.unused_since).delete()
    except ProtectedError:
        return 0
    if gone and not MediaFile.objects.filter(sha256=media.sha256).exists():
        transaction.on_commit(lambda: default_storage.delete(media.path))
    return int(bool(gone))


def index_course(course_id: int) -> int:
    """Write the search index of the course's current edition anew; gives the number of documents."""
    course = Course.objects.select_related("current_edition").filter(pk=course_id).first()
    return searching.index_course(course=course) if course else 0


def sweep_index() -> int:
    """Index what a lost task left; gives the number of courses. Indexing twice is harmless, so nothing is claimed."""
    waiting = Course.objects.filter(current_edition__isnull=False, current_edition__indexed_at=None).order_by("pk")
    courses = list(waiting[:BATCH])
    for course in courses:
        searching.index_course(course=course)
    return len(courses)
