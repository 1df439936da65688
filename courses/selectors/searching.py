"""Finding courses and lessons by their words."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from accounts.models import User
from courses.models import Course, SearchDocument
from courses.search_index import by_pieces, by_words, words_of

SNIPPET = 160
Visible = Callable[[User], Q]


@dataclass(frozen=True)
class Hit:
    """A document that matches. ``course`` is selected along; ``uid`` is the lesson's, empty for other kinds."""

    kind: str
    key: str
    course: Course | None
    uid: str
    title: str
    snippet: str
    language: str


_visible: dict[str, Visible] = {}


def register_searchable(kind: str, visible: Visible) -> None:
    """Documents of ``kind`` may be found by whom ``visible`` lets through; a kind without one is found by nobody."""
    _visible[kind] = visible


def _listed(user: User) -> Q:
    return Q(course__in=Course.objects.listed_for(user).values("pk"))


register_searchable("course", _listed)
register_searchable("lesson", _listed)


def visible_documents(user: User, kinds: Collection[str] | None = None) -> QuerySet[SearchDocument]:
    """The documents that ``user`` may find."""
    allowed = Q(pk__in=[])
    for kind, visible in _visible.items():
        if kinds is None or kind in kinds:
            allowed |= Q(kind=kind) & visible(user)
    return SearchDocument.objects.filter(allowed)


def search(
    user: User, query: str, *, limit: int, kinds: Collection[str] | None = None, language: str = "en"
) -> list[Hit]:
    """What matches ``query`` among what ``user`` may find, best first, in one query (two when words are cut short).

    First whole words in any form; if they find nothing, pieces of words. Whatever is typed, this never raises.
    """
    words = words_of(query)
    if not words:
        return []
    documents = visible_documents(user, kinds).select_related("course")
    asked = max(limit, 1) * 2  # a document stands once for each language
    rows = list(by_words(documents, words, vendor=connection.vendor, language=language)[:asked])
    rows = rows or list(by_pieces(documents, words, vendor=connection.vendor)[:asked])
    best: dict[tuple[str, str], SearchDocument] = {}
    for row in rows:
        standing = best.setdefault((row.kind, row.key), row)
        if standing.language != language and row.language == language:
            best[row.kind, row.key] = row
    return [_hit(row, words) for row in list(best.values())[:limit]]


def _hit(row: SearchDocument, words: list[str]) -> Hit:
    uid = row.key.partition("/")[2] if row.kind == "lesson" else ""
    return Hit(row.kind, row.key, row.course, uid, row.title, snippet(row.body, words), row.language)


def snippet(body: str, words: list[str]) -> str:
    """A piece of ``body`` around the first of ``words``, cut between words."""
    found = re.search("|".join(re.escape(word[:5]) for word in words), body, re.IGNORECASE)
    start = max(0, (found.start() if found else 0) - SNIPPET // 3)
    start = body.find(" ", start) + 1 if start else 0
    piece = body[start : start + SNIPPET]
    if start + SNIPPET < len(body):
        piece = f"{piece.rpartition(' ')[0] or piece}…"
    return f"…{piece}" if start else piece
