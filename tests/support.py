"""Small helpers that tests of every app share."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


def count_queries(action: Callable[[], Any]) -> int:
    """How many statements ``action`` sends to the database."""
    with CaptureQueriesContext(connection) as captured:
        action()
    return len(captured)


def queries_of(action: Callable[[], Any]) -> list[str]:
    """The statements themselves, to read in a failing test."""
    with CaptureQueriesContext(connection) as captured:
        action()
    return [query["sql"] for query in captured.captured_queries]
