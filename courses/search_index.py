"""How the full-text index beside ``SearchDocument`` is asked (D10); the migration ``0002_search_index`` makes it.

PostgreSQL: a generated ``tsvector`` column with the stemming of the document's language, and ``pg_trgm`` for parts of
words and slips of the finger. SQLite: FTS5 with the Porter stemmer (English only), and a second table with the trigram
tokeniser for parts of words. Triggers keep the SQLite tables in step, so deleting a course needs no extra care.
"""

import re
from typing import Any

from django.db.models import BooleanField, FloatField, QuerySet
from django.db.models.expressions import RawSQL

from courses.models import SearchDocument

TABLE = "courses_searchdocument"
WORDS, TRIGRAMS = "courses_search_words", "courses_search_trigrams"
MAX_WORDS, MAX_LENGTH = 12, 60
STEMMERS = {"en": "english", "es": "spanish", "fr": "french", "de": "german", "pt": "portuguese", "it": "italian"}
SIMILAR = 0.5


def words_of(query: str) -> list[str]:
    """The words of what somebody typed; signs that mean something to a search engine mean nothing here."""
    return [word[:MAX_LENGTH] for word in re.findall(r"\w+", query)[:MAX_WORDS]]


def by_words(
    rows: QuerySet[SearchDocument], words: list[str], *, vendor: str, language: str
) -> QuerySet[SearchDocument]:
    """``rows`` that hold every word (in any of its forms), with ``rank``, best first."""
    if vendor == "postgresql":
        query, params = _tsquery(words, language)
        matches: Any = RawSQL(f"{TABLE}.vector @@ ({query})", params, output_field=BooleanField())
        rank: Any = RawSQL(f"-ts_rank({TABLE}.vector, {query})", params, output_field=FloatField())
        return rows.filter(matches).annotate(rank=rank).order_by("rank", "kind", "pk")
    phrase = " ".join(f'"{word}"' for word in words[:-1]) + f' "{words[-1]}"*'
    return _fts(rows, WORDS, phrase.strip())


def _tsquery(words: list[str], language: str) -> tuple[str, list[str]]:
    """The words in the stemming of the reader's language, in English, and as they are: any of them may be the document's."""
    names = {STEMMERS.get(language.partition("-")[0], "english"), "english", "simple"}
    text = " ".join(words)
    query = " || ".join(f"plainto_tsquery('{name}', %s)" for name in sorted(names))
    return f"({query})", [text] * len(names)


def by_pieces(rows: QuerySet[SearchDocument], words: list[str], *, vendor: str) -> QuerySet[SearchDocument]:
    """``rows`` that hold pieces of words; on PostgreSQL also titles that only look alike. With ``rank``, best first."""
    text = " ".join(words)
    if vendor == "postgresql":
        similar: Any = RawSQL(f"word_similarity(%s, {TABLE}.title)", [text], output_field=FloatField())
        return rows.annotate(alike=similar, rank=-similar).filter(alike__gte=SIMILAR).order_by("rank", "kind", "pk")
    long_enough = [word for word in words if len(word) >= 3]
    if not long_enough:
        return rows.none()
    return _fts(rows, TRIGRAMS, " ".join(f'"{word}"' for word in long_enough))


def _fts(rows: QuerySet[SearchDocument], table: str, match: str) -> QuerySet[SearchDocument]:
    found = RawSQL(f"SELECT rowid FROM {table} WHERE {table} MATCH %s", [match])
    weight = f"SELECT bm25({table}, 10.0, 1.0) FROM {table} WHERE {table} MATCH %s AND rowid = {TABLE}.id"
    rank: Any = RawSQL(weight, [match], output_field=FloatField())
    return rows.filter(pk__in=found).annotate(rank=rank).order_by("rank", "kind", "pk")
