"""Small helpers that tests of every app share."""

import gc
import tracemalloc
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


def count_queries(action: Callable[[], Any]) -> int:
    """How many statements ``action`` sends to the database."""
    with CaptureQueriesContext(connection) as captured:
        action()
    return len(captured)


def statements_of(action: Callable[[], Any]) -> list[str]:
    """The statements that do something: begin, commit and savepoints are left out, as the benchmarks do."""
    frame = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK")
    return [sql for sql in queries_of(action) if not sql.startswith(frame)]


def queries_of(action: Callable[[], Any]) -> list[str]:
    """The statements themselves, to read in a failing test."""
    with CaptureQueriesContext(connection) as captured:
        action()
    return [query["sql"] for query in captured.captured_queries]


def count_statements(action: Callable[[], Any]) -> int:
    """As ``count_queries``, without what only opens and closes transactions (as the project counts its ceilings)."""
    return sum(
        not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")) for sql in queries_of(action)
    )


def peak_memory(action: Callable[[], Any]) -> int:
    """The most bytes that ``action`` held at once in Python, which looks for rubbish as often as it does by itself."""
    rarely = gc.get_threshold()
    gc.collect()
    gc.set_threshold(700, 10, 10)
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.set_threshold(*rarely)
