"""Outside addresses in drafts: which there are, and what became of asking for them. One row for each, whoever links to it."""

import datetime as dt
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.core.cache import cache
from django.db.models import Q, QuerySet

from core import clock
from courses.advice import reading
from courses.link_asking import Answer
from courses.models import LessonText, LinkCheck

URL_MAX = 800
AGAIN_DAYS = 7
FAILED_AGAIN_DAYS = 1  # what did not answer once may do so tomorrow
PER_HOST_A_MINUTE = 6
CHUNK = 200


def note_links(*, since: dt.datetime | None = None) -> int:
    """Give every outside address in a lesson (of texts changed ``since``) a row; gives how many were new or are gone.

    Without ``since`` everything is read, and addresses that nobody links to any more are forgotten.
    """
    rows = LessonText.objects.filter(lesson__archived_at=None, lesson__course__archived_at=None)
    if since is not None:
        rows = rows.filter(changed_at__gte=since)
    found = {address for text in _texts(rows) for address in text}
    known = set(LinkCheck.objects.values_list("url", flat=True))
    new = sorted(found - known)
    LinkCheck.objects.bulk_create([LinkCheck(url=url) for url in new], ignore_conflicts=True, batch_size=CHUNK)
    gone = sorted(known - found) if since is None else []
    for start in range(0, len(gone), CHUNK):
        LinkCheck.objects.filter(url__in=gone[start : start + CHUNK]).delete()
    return len(new) + len(gone)


def _texts(rows: QuerySet[LessonText]) -> Iterator[list[str]]:
    values = rows.values_list("lesson__kind", "language", "content")
    for kind, language, content in values.iterator(chunk_size=CHUNK):
        if "http" in str(content.get("body", "")):
            root = reading.view_of(kind, language, {**content, "body": str(content["body"])}).root
            yield [url for url in reading.outside_links(root) if len(url) <= URL_MAX]


def due_links(*, limit: int) -> list[LinkCheck]:
    """The addresses to ask for now, those first that were never asked, then those asked longest ago."""
    now = clock.now()
    due = (
        Q(checked_at=None)
        | Q(checked_at__lt=now - dt.timedelta(days=AGAIN_DAYS))
        | Q(ok=False, checked_at__lt=now - dt.timedelta(days=FAILED_AGAIN_DAYS))
    )
    never = LinkCheck.objects.filter(checked_at=None).order_by("pk")[:limit]
    return [*never, *LinkCheck.objects.filter(due, checked_at__isnull=False).order_by("checked_at", "pk")[:limit]][
        :limit
    ]


def claim_link(*, link: LinkCheck) -> bool:
    """Take ``link`` for asking; False when its host was asked often enough this minute, or somebody else took it.

    The claim counts as asked: an address that kills whoever asks is not asked again at once.
    """
    host = urlsplit(link.url).netloc.lower()
    key = f"links-asked:{host}:{clock.now():%Y%m%d%H%M}"
    cache.add(key, 0, 120)
    if cache.incr(key) > PER_HOST_A_MINUTE:
        return False
    return bool(LinkCheck.objects.filter(pk=link.pk, checked_at=link.checked_at).update(checked_at=clock.now()))


def keep_answer(*, link: LinkCheck, answer: Answer) -> None:
    """What became of asking for ``link``."""
    LinkCheck.objects.filter(pk=link.pk).update(ok=answer.ok, said=answer.said, checked_at=clock.now())
