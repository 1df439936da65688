"""Queries that are written out once: for the few that every page asks and whose making costs more than their answer."""

import threading
from collections.abc import Callable, Hashable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

FIRST_MARK = -2_147_000_000
KEPT = 200


class Compiled:
    """A query as SQL with places for ``values``, kept for each thread.

    ``build`` makes the queryset, a ``values_list``, from a number that stands for each value, and from nothing else
    that may differ between two calls of the same ``shape``. So only whole numbers are values, as ids are; what changes
    the form of the query belongs into ``shape``.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *names: str) -> None:
        self.build = build
        self.marks = {name: FIRST_MARK - place for place, name in enumerate(names)}
        self.local = threading.local()

    def rows(self, *shape: Hashable, **values: int) -> list[tuple[Any, ...]]:
        """The rows for ``values``. Raises ``KeyError`` for a value that was not announced."""
        kept = self.local.__dict__.setdefault("kept", {})
        key = (connections[DEFAULT_DB_ALIAS].vendor, shape)
        if key not in kept:
            if len(kept) >= KEPT:
                kept.clear()
            kept[key] = self._compile(shape)
        sql, params, converters = kept[key]
        given = {self.marks[name]: value for name, value in values.items()}
        connection = connections[DEFAULT_DB_ALIAS]
        with connection.cursor() as cursor:
            cursor.execute(sql, [given.get(each, each) if isinstance(each, int) else each for each in params])
            rows = cursor.fetchall()
        for place, functions, expression in converters:
            for convert in functions:
                rows = [(*r[:place], convert(r[place], expression, connection), *r[place + 1 :]) for r in rows]
        return rows

    def _compile(self, shape: tuple[Hashable, ...]) -> tuple[str, tuple[Any, ...], list[Any]]:
        query = self.build(*shape, **self.marks).query
        compiler = query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        selected = [column[0] for column in compiler.select[: compiler.col_count]]
        converters = compiler.get_converters(selected)
        return sql, tuple(params), [(place, *each) for place, each in converters.items()]
