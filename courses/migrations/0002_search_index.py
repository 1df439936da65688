"""The full-text index beside the search documents, on either database (D10).

What it is made of is written out here and not imported, so that this migration does tomorrow what it did today. Tests,
which run without migrations, call ``create``.
"""

from django.db import migrations
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "courses_searchdocument"
WORDS, TRIGRAMS = "courses_search_words", "courses_search_trigrams"
STEMMERS = {"en": "english", "es": "spanish", "fr": "french", "de": "german", "pt": "portuguese", "it": "italian"}


def create(connection: BaseDatabaseWrapper) -> None:
    """Make the index; calling it again changes nothing."""
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


def make(apps, schema_editor) -> None:
    create(schema_editor.connection)


def unmake(apps, schema_editor) -> None:
    drop(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("courses", "0001_initial")]

    operations = [migrations.RunPython(make, unmake)]
