"""Files that no lesson uses are taken out of the drafts that hold them, many at once, and can be put back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import User
from courses.models import Course, CourseMedia, MediaFile
from courses.selectors.all_media import used_in

MOST = 200


@dataclass(frozen=True)
class Tidied:
    """How many files went and their bytes together; ``rows`` are plain values that ``put_back_all`` makes them from."""

    count: int
    size: int
    rows: list[list[Any]]


@transaction.atomic
def take_out_unused(*, files: Collection[int], actor: User) -> Tidied:
    """Take the rows ``files`` (primary keys, at most ``MOST``) out of their drafts.

    What is used by now (also by a lesson in the archive), or stands in a course that ``actor`` may not change, stays.
    Editions and the shelf keep theirs; the bytes go when nothing has held them for 30 days. Locks the courses, the
    oldest first.
    """
    mine = Course.objects.editable_by(actor).values("pk")
    rows = CourseMedia.objects.filter(pk__in=sorted(files)[:MOST], course__in=mine)
    keys = sorted(set(rows.values_list("course", flat=True)))
    list(Course.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    where = {*used_in(keys), *used_in(keys, archived=True)}
    gone = [row for row in rows.select_related("media") if (row.course_id, row.name) not in where]
    kept = [[row.course_id, row.name, row.media_id, row.licence, row.source] for row in gone]
    CourseMedia.objects.filter(pk__in=[row.pk for row in gone]).delete()
    return Tidied(len(gone), sum(row.media.size for row in gone), kept)


@transaction.atomic
def put_back_all(*, rows: Collection[Sequence[Any]], actor: User) -> int:
    """Undo ``take_out_unused``; gives how many came back. A name that is taken by now stays as it is.

    ``rows`` are what ``Tidied`` kept. The number of statements does not depend on theirs.
    """
    mine = set(Course.objects.editable_by(actor).filter(pk__in=[row[0] for row in rows]).values_list("pk", flat=True))
    list(Course.objects.select_for_update().filter(pk__in=mine).order_by("pk"))
    held = set(CourseMedia.objects.filter(course__in=mine).values_list("course", "name"))
    media = MediaFile.objects.in_bulk([row[2] for row in rows])
    back = [
        CourseMedia(course_id=course, name=name, media=media[key], licence=licence, source=source)
        for course, name, key, licence, source in rows
        if course in mine and key in media and (course, name) not in held
    ]
    CourseMedia.objects.bulk_create(back)
    MediaFile.objects.filter(pk__in=[row.media_id for row in back]).update(unused_since=None)
    return len(back)
