"""Queries that are written out once: for the few that every page asks and whose making costs more than their answer."""

import datetime as dt
import threading
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet

FIRST_MARK = -2_147_000_000
TEXT_MARK = "\x7f{}\x7f"
FIRST_MOMENT = dt.datetime(1, 2, 1, tzinfo=dt.UTC)
KEPT = 200


class Compiled:
    """A query as SQL with places for ``values``, kept for each thread.

    ``build`` makes the queryset, a ``values_list``, from what stands for each value, and from nothing else that may
    differ between two calls of the same ``shape``. Values are whole numbers, as ids are, ``texts``, which are compared
    as they are, and ``moments``; what changes the form of the query belongs into ``shape``.
    """

    def __init__(
        self,
        build: Callable[..., QuerySet[Any, Any]],
        *names: str,
        texts: Iterable[str] = (),
        moments: Iterable[str] = (),
    ) -> None:
        self.build = build
        self.marks: dict[str, int | str | dt.datetime] = {name: FIRST_MARK - place for place, name in enumerate(names)}
        self.marks |= {name: TEXT_MARK.format(name) for name in texts}
        self.marks |= {name: FIRST_MOMENT + place * dt.timedelta(days=1) for place, name in enumerate(moments)}
        self.local = threading.local()

    def rows(self, *shape: Hashable, **values: int | str | dt.datetime) -> list[tuple[Any, ...]]:
        """The rows for ``values``. Raises ``KeyError`` for a value that was not announced."""
        kept = self.local.__dict__.setdefault("kept", {})
        key = (connections[DEFAULT_DB_ALIAS].vendor, shape)
        if key not in kept:
            if len(kept) >= KEPT:
                kept.clear()
            kept[key] = self._compile(shape)
        sql, params, converters = kept[key]
        connection = connections[DEFAULT_DB_ALIAS]
        given = {_sent(self.marks[name], connection): _sent(value, connection) for name, value in values.items()}
        with connection.cursor() as cursor:
            cursor.execute(sql, [given.get(each, each) if isinstance(each, Hashable) else each for each in params])
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


def _sent(value: int | str | dt.datetime, connection: BaseDatabaseWrapper) -> Any:
    """``value`` as the database of ``connection`` is sent it."""
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, dt.datetime) else value
