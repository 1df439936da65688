"""The full-text index beside ``SearchDocument``: what it is made of on each database, and how it is asked (D10).

PostgreSQL: a generated ``tsvector`` column with the stemming of the document's language, and ``pg_trgm`` for parts of
words and slips of the finger. SQLite: FTS5 with the Porter stemmer (English only), and a second table with the trigram
tokeniser for parts of words. Triggers keep the SQLite tables in step, so deleting a course needs no extra care.
"""

import re
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, FloatField, QuerySet
from django.db.models.expressions import RawSQL

from courses.models import SearchDocument

TABLE = "courses_searchdocument"
WORDS, TRIGRAMS = "courses_search_words", "courses_search_trigrams"
MAX_WORDS, MAX_LENGTH = 12, 60
STEMMERS = {"en": "english", "es": "spanish", "fr": "french", "de": "german", "pt": "portuguese", "it": "italian"}
SIMILAR = 0.5


def create(connection: BaseDatabaseWrapper) -> None:
    """Make the index; calling it again changes nothing. For the migration, and for tests that run without migrations."""
    with connection.cursor() as cursor:
        for statement in _postgres() if connection.vendor == "postgresql" else _sqlite():
            cursor.execute(statement)


def drop(connection: BaseDatabaseWrapper) -> None:
    """Take the index away again; the documents stay."""
    statements = (
        [f"ALTER TABLE {TABLE} DROP COLUMN IF EXISTS vector", f"DROP INDEX IF EXISTS {TABLE}_title_trgm"]
        if connection.vendor == "postgresql"
        else [f"DROP TABLE IF EXISTS {name}" for name in (WORDS, TRIGRAMS)]
        + [f"DROP TRIGGER IF EXISTS {name}_{when}" for name in (WORDS, TRIGRAMS) for when in ("ai", "ad", "au")]
    )
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _postgres() -> list[str]:
    cases = " ".join(f"WHEN '{code}' THEN '{name}'::regconfig" for code, name in STEMMERS.items())
    stemmer = f"CASE split_part(language, '-', 1) {cases} ELSE 'simple'::regconfig END"
    vector = (
        f"setweight(to_tsvector({stemmer}, title), 'A') || setweight(to_tsvector({stemmer}, left(body, 500000)), 'B')"
    )
    return [
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        f"ALTER TABLE {TABLE} ADD COLUMN IF NOT EXISTS vector tsvector GENERATED ALWAYS AS ({vector}) STORED",
        f"CREATE INDEX IF NOT EXISTS {TABLE}_vector ON {TABLE} USING gin (vector)",
        f"CREATE INDEX IF NOT EXISTS {TABLE}_title_trgm ON {TABLE} USING gin (title gin_trgm_ops)",
    ]


def _sqlite() -> list[str]:
    statements: list[str] = []
    for name, tokeniser in ((WORDS, "porter unicode61 remove_diacritics 2"), (TRIGRAMS, "trigram")):
        insert = f"INSERT INTO {name}(rowid, title, body) VALUES (new.id, new.title, new.body)"
        forget = f"INSERT INTO {name}({name}, rowid, title, body) VALUES ('delete', old.id, old.title, old.body)"
        statements += [
            (
                f"CREATE VIRTUAL TABLE IF NOT EXISTS {name} "
                f"USING fts5(title, body, content='{TABLE}', content_rowid='id', tokenize='{tokeniser}')"
            ),
            f"CREATE TRIGGER IF NOT EXISTS {name}_ai AFTER INSERT ON {TABLE} BEGIN {insert}; END",
            f"CREATE TRIGGER IF NOT EXISTS {name}_ad AFTER DELETE ON {TABLE} BEGIN {forget}; END",
            f"CREATE TRIGGER IF NOT EXISTS {name}_au AFTER UPDATE ON {TABLE} BEGIN {forget}; {insert}; END",
        ]
    return statements


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
