"""What the schema cannot say of a report: what refers to nothing, what has no single answer, what gives the answer away."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from quizzes.engines.registry import Case, Fault
from quizzes.engines.report.grading import TOLERANCE
from quizzes.engines.report.schema import BEST, OPTIONS
from quizzes.engines.report.tables import averaged_value, cells, columns_of, counts, is_rate, right_value, table_of


def faults_of(case: Case) -> list[Fault]:
    """The shape of tables first: nothing else can be judged while it is broken."""
    return list(_table_faults(case)) or [
        *_ask_faults(case),
        *_chart_faults(case),
        *_option_faults(case),
        *_evidence_faults(case),
    ]


def _table_faults(case: Case) -> Iterator[Fault]:
    if len({table["id"] for table in case["tables"]}) < len(case["tables"]):
        yield "tables", _("Two tables have the same id.")
    for number, table in enumerate(case["tables"]):
        for what in ("columns", "rows"):
            if len({each["id"] for each in table[what]}) < len(table[what]):
                yield f"tables.{number}.{what}", _("An id is there twice.")
        for at, row in enumerate(table["rows"]):
            if len(row["cells"]) != len(table["columns"]):
                yield f"tables.{number}.rows.{at}.cells", _("A row needs a number for each column.")


def _ask_faults(case: Case) -> Iterator[Fault]:
    if len({ask["id"] for ask in case["asks"]}) < len(case["asks"]):
        yield "asks", _("Two values have the same id.")
    for number, ask in enumerate(case["asks"]):
        table, where = table_of(case, ask["table"]), f"asks.{number}"
        top, base = columns_of(ask)
        known = {column["id"] for column in table["columns"]}
        if not top or (is_rate(ask) and not base) or not {*top, *base} <= known:
            yield where, _("The table does not have the columns that this measure needs.")
        elif not set(ask.get("rows", ())) <= {row["id"] for row in table["rows"]} or not table["rows"]:
            yield f"{where}.rows", _("The table does not have these rows.")
        elif is_rate(ask):
            yield from ((where, text) for text in _rate_faults(case, ask))


def _rate_faults(case: Case, ask: Case) -> Iterator[str]:
    """A pooled rate must not be reached by averaging, or nobody could tell which of the two was done."""
    if any(base == 0 or top > base for top, base in counts(case, ask)):
        yield _("A rate needs something under it, and no more above it.")
        return
    trap = averaged_value(case, ask)
    if trap is not None and abs(trap - right_value(case, ask)) <= TOLERANCE:
        yield _("Averaging the rates comes to the same; choose other counts.")


def _chart_faults(case: Case) -> Iterator[Fault]:
    rates = [columns_of(ask) for ask in case["asks"] if is_rate(ask)]
    for number, chart in enumerate(case["charts"]):
        table, where = table_of(case, chart["table"]), f"charts.{number}"
        known = {column["id"] for column in table["columns"]}
        if not table["rows"] or chart["high"] <= chart["low"]:
            yield where, _("A chart needs a table, and an axis that rises.")
        for at, series in enumerate(chart["series"]):
            used = {*series.get("top", ()), *series.get("base", ())} or {series.get("column")}
            if (
                not used <= known
                or ("top" in series) != ("base" in series)
                or ("top" in series) == ("column" in series)
            ):
                yield f"{where}.series.{at}", _("A series is a column of the table, or a rate of its columns.")
            elif series.get("headline") and _same_rate(series, rates):
                yield f"{where}.series.{at}", _("This headline prints a rate that is asked for.")
            elif "base" in series and any(_under(table, series, row) == 0 for row in table["rows"]):
                yield f"{where}.series.{at}", _("A rate needs something under it, and no more above it.")


def _same_rate(series: Case, rates: Sequence[tuple[Sequence[str], Sequence[str]]]) -> bool:
    return any(set(series["top"]) == set(top) and set(series["base"]) == set(base) for top, base in rates)


def _under(table: Case, series: Case, row: Case) -> int:
    cell = {column["id"]: count for column, count in zip(table["columns"], row["cells"], strict=True)}
    return sum(int(cell[each]) for each in series["base"])


def _option_faults(case: Case) -> Iterator[Fault]:
    for name in OPTIONS:
        worths = [option["worth"] for option in case[name]]
        if worths.count(BEST) != 1:
            yield name, _("One option must be worth 100, and only one.")
        if len({option["id"] for option in case[name]}) < len(worths):
            yield name, _("Two options have the same id.")


def _evidence_faults(case: Case) -> Iterator[Fault]:
    if not set(case["evidence"]) <= {where for where, _row, _text in cells(case)}:
        yield "evidence", _("There is no such cell.")
