"""Queries that are written out once: for the few that every page asks and whose making costs more than their answer."""

import datetime as dt
import threading
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.models.query import ModelIterable, get_related_populators

FIRST_MARK = 2_147_000_000  # no query asks for it, and every column of whole numbers takes it
TEXT_MARK = "\x7f{}\x7f"
FIRST_MOMENT = dt.datetime(1, 2, 1, tzinfo=dt.UTC)
KEPT = 200

Value = int | str | dt.datetime
Row = Sequence[Any]


@dataclass(frozen=True)
class Written:
    """A query as SQL: ``places`` says which of ``params`` stand for which value, ``made`` makes of a row what is given."""

    sql: str
    params: tuple[Any, ...]
    places: tuple[tuple[int, str], ...]
    converters: tuple[tuple[int, Callable[..., Any], Any], ...]
    made: Callable[[Row], Any]

    def filled(self, values: dict[str, Any]) -> list[Any]:
        """The params with ``values`` in their places."""
        params = list(self.params)
        for place, name in self.places:
            params[place] = values[name]
        return params

    def converted(self, rows: list[Row], connection: BaseDatabaseWrapper) -> list[Row]:
        """``rows`` as Python has them: of JSON, for example, the database gives the text."""
        if not self.converters:
            return rows
        changed = [list(row) for row in rows]
        for place, convert, expression in self.converters:
            for row in changed:
                row[place] = convert(row[place], expression, connection)
        return [*changed]


class Compiled:
    """A query as SQL with places for ``values``, kept for each thread.

    ``build`` makes the queryset from what stands for each value, and from nothing else that may differ between two calls
    of the same ``shape``. Values are whole numbers, as ids are, ``texts``, which are compared as they are, and
    ``moments``; what changes the form of the query belongs into ``shape``. A ``values_list`` gives tuples, other
    querysets instances with what ``select_related`` and ``annotate`` ask for, but nothing that is prefetched.
    """

    def __init__(
        self,
        build: Callable[..., QuerySet[Any, Any]],
        *names: str,
        texts: Iterable[str] = (),
        moments: Iterable[str] = (),
    ) -> None:
        self.build = build
        self.marks: dict[str, Value] = {name: FIRST_MARK - place for place, name in enumerate(names)}
        self.marks |= {name: TEXT_MARK.format(name) for name in texts}
        self.marks |= {name: FIRST_MOMENT + place * dt.timedelta(days=1) for place, name in enumerate(moments)}
        self.local = threading.local()
        _all.append(self)

    def rows(self, *shape: Hashable, **values: Value) -> list[Any]:
        """What the queryset gives for ``values``. Raises ``KeyError`` for one that was not announced, or is missing."""
        connection = connections[DEFAULT_DB_ALIAS]
        written = self._written(shape, connection)
        sent = {name: _sent(value, self.marks[name], connection) for name, value in values.items()}
        with _cursor(connection) as cursor:
            cursor.execute(written.sql, written.filled(sent))
            rows = cursor.fetchall()
        return [written.made(row) for row in written.converted(rows, connection)]

    def first(self, *shape: Hashable, **values: Value) -> Any:
        """The first of ``rows``, None when there is none."""
        return next(iter(self.rows(*shape, **values)), None)

    def _written(self, shape: tuple[Hashable, ...], connection: BaseDatabaseWrapper) -> Written:
        kept = self.local.__dict__.setdefault("kept", {})
        key = (connection.vendor, shape)
        if key not in kept:
            if len(kept) >= KEPT:
                kept.clear()
            kept[key] = self._write(shape, connection)
        written: Written = kept[key]
        return written

    def _write(self, shape: tuple[Hashable, ...], connection: BaseDatabaseWrapper) -> Written:
        queryset = self.build(*shape, **self.marks)
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        names = {_sent(mark, mark, connection): name for name, mark in self.marks.items()}
        known = [names.get(each) if isinstance(each, Hashable) else None for each in params]
        if connection.vendor == "postgresql":
            sql = _with_constants(sql, params, known, connection)
            known = [name for name in known if name is not None]
            params = known
        converters = compiler.get_converters([column[0] for column in compiler.select])
        return Written(
            sql=sql,
            params=tuple(params),
            places=tuple((place, name) for place, name in enumerate(known) if name is not None),
            converters=tuple((place, each, of) for place, (several, of) in converters.items() for each in several),
            made=_maker(compiler) if queryset._iterable_class is ModelIterable else tuple,
        )


_all: list[Compiled] = []


def forget() -> None:
    """Write every query out again in this thread: after a rule was changed, as tests do."""
    for each in _all:
        each.local.__dict__.clear()


def _sent(value: Value, mark: Value, connection: BaseDatabaseWrapper) -> Any:
    """``value`` as the database of ``connection`` is sent it."""
    if isinstance(mark, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    # One type for every whole number: by their size they would make statements of their own.
    return connection.ops.adapt_integerfield_value(value, "BigIntegerField") if isinstance(mark, int) else value


def _cursor(connection: Any) -> Any:
    """A cursor that sends values beside the statement: PostgreSQL then plans once what a connection asks often.

    Where statements are logged they are written out with their values, as all others: one that was planned has no text.
    """
    if connection.vendor != "postgresql" or connection.queries_logged:
        return connection.cursor()
    from django.db.backends.postgresql.base import ServerBindingCursor  # noqa: PLC0415  (SQLite needs no driver)

    connection.close_if_health_check_failed()
    connection.ensure_connection()
    return connection._prepare_cursor(ServerBindingCursor(connection.connection))


def _with_constants(sql: str, params: Sequence[Any], known: Sequence[str | None], connection: Any) -> str:
    """``sql`` in which only what is ``known`` keeps a place; beside the statement PostgreSQL could not tell the types."""
    connection.ensure_connection()
    first, *rest = sql.split("%s")
    written = [first]
    for piece, param, name in zip(rest, params, known, strict=True):
        written += ["%s" if name else connection.ops.compose_sql("%s", [param]).replace("%", "%%"), piece]
    return "".join(written)


def _maker(compiler: Any) -> Callable[[Row], Any]:
    """What makes an instance of a row, as Django's own ``ModelIterable`` does."""
    made_of, select = compiler.klass_info, compiler.select
    first, last = made_of["select_fields"][0], made_of["select_fields"][-1] + 1
    names = [column[0].target.attname for column in select[first:last]]
    related = get_related_populators(made_of, select, DEFAULT_DB_ALIAS)
    annotations = tuple(compiler.annotation_col_map.items())
    model = made_of["model"]

    def made(row: Row) -> Any:
        instance = model.from_db(DEFAULT_DB_ALIAS, names, row[first:last])
        for each in related:
            each.populate(row, instance)
        for name, place in annotations:
            setattr(instance, name, row[place])
        return instance

    return made
