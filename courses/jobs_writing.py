"""What is left of writing: old versions are thinned, closed tabs forgotten."""

import datetime as dt
from collections.abc import Iterator
from itertools import groupby, pairwise
from operator import attrgetter

from core import clock
from courses.models import LessonRevision, Presence

KEEP_ALL = dt.timedelta(hours=24)
SITTING_GAP = dt.timedelta(minutes=10)
BATCH = 500


def thin_revisions() -> int:
    """Delete the versions that nobody will miss; gives how many.

    Kept: everything of the last 24 hours; then the last of each sitting (one person's saves, each within 10 minutes of
    the one before); always the newest of a text, whatever was brought back, and what that was.
    """
    now = clock.now()
    Presence.objects.filter(seen_at__lt=now - KEEP_ALL).delete()
    rows = LessonRevision.objects.defer("content", "title", "minutes").order_by("text_id", "version")
    gone: list[int] = []
    for _text, kept in groupby(rows.iterator(chunk_size=BATCH), key=attrgetter("text_id")):
        gone += _dispensable(list(kept), now - KEEP_ALL)
    for start in range(0, len(gone), BATCH):
        LessonRevision.objects.filter(pk__in=gone[start : start + BATCH]).delete()
    return len(gone)


def _dispensable(revisions: list[LessonRevision], before: dt.datetime) -> Iterator[int]:
    """Those of one text, in order, that are older than ``before`` and that the same person soon saved over."""
    restored = {each.restores for each in revisions}
    for revision, after in pairwise(revisions):
        same_sitting = after.saved_by_id == revision.saved_by_id and after.saved_at - revision.saved_at <= SITTING_GAP
        wanted = revision.restores is not None or revision.version in restored
        if same_sitting and not wanted and revision.saved_at < before:
            yield revision.pk
