"""Emptying PostgreSQL after a test that commits."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations


@pytest.fixture(scope="session", autouse=True)
def only_what_was_filled_is_emptied() -> Iterator[None]:
    """TRUNCATE writes every table and index anew, a second or two for all of them; most are empty anyway."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
        yield


def sql_flush(self: DatabaseOperations, style: Any, tables: Iterable[str], **_options: bool) -> list[str]:
    """As Django's; in one transaction, at whose end foreign keys are checked."""
    names = [self.quote_name(table) for table in tables]
    found = " UNION ALL ".join(f"SELECT %s WHERE EXISTS (SELECT FROM {name})" for name in names)
    with self.connection.cursor() as cursor:
        cursor.execute(found, names)
        return [f"DELETE FROM {name}" for (name,) in cursor.fetchall()]
