"""The tables of a report, and what is asked of them."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.engines.registry import Case
from quizzes.engines.report.measures import RATES, averaged, mean, median, nearest_rank, pooled, rounded

OWN_RATE = "rate"
SPREADS: Mapping[str, Any] = {
    "total": gettext_lazy("total"),
    "mean": gettext_lazy("mean"),
    "median": gettext_lazy("median"),
    "p90": gettext_lazy("90th percentile, nearest rank"),
}
FACTS: Mapping[str, str] = {**dict.fromkeys(SPREADS, "F-154"), OWN_RATE: "F-151"}


def table_of(case: Case, name: str) -> Case:
    """The table called ``name``; empty when there is none."""
    return next((table for table in case["tables"] if table["id"] == name), {"rows": [], "columns": []})


def rows_of(case: Case, ask: Case) -> list[dict[str, int]]:
    """The rows that ``ask`` looks at, all of its table or those it names, each as count by column."""
    table = table_of(case, ask["table"])
    names = [column["id"] for column in table["columns"]]
    wanted = ask.get("rows")
    return [
        dict(zip(names, row["cells"], strict=False)) for row in table["rows"] if wanted is None or row["id"] in wanted
    ]


def is_rate(ask: Case) -> bool:
    return ask["measure"] not in SPREADS


def columns_of(ask: Case) -> tuple[Sequence[str], Sequence[str]]:
    """The columns over which a rate stands, and those under it; for the others their columns and nothing."""
    if ask["measure"] in RATES:
        rate = RATES[ask["measure"]]
        return rate.top, rate.base
    return (ask.get("top", ()), ask.get("base", ())) if is_rate(ask) else (ask.get("columns", ()), ())


def counts(case: Case, ask: Case) -> list[tuple[int, int]]:
    """Top and base of a rate, row by row."""
    top, base = columns_of(ask)
    return [(sum(row[each] for each in top), sum(row[each] for each in base)) for row in rows_of(case, ask)]


def values(case: Case, ask: Case) -> list[int]:
    """What a mean, a median or a percentile is taken of: the sum of the columns, row by row."""
    columns, _base = columns_of(ask)
    return [sum(row[each] for each in columns) for row in rows_of(case, ask)]


def right_value(case: Case, ask: Case) -> Decimal:
    """The answer to ``ask``, to one decimal."""
    if is_rate(ask):
        return rounded(pooled(counts(case, ask)))
    found = values(case, ask)
    by_name = {"total": lambda: Decimal(sum(found)), "mean": lambda: mean(found), "median": lambda: median(found)}
    return rounded(by_name.get(ask["measure"], lambda: Decimal(nearest_rank(found)))())


def averaged_value(case: Case, ask: Case) -> Decimal | None:
    """What comes of averaging the rates of several rows; None where nothing could be averaged."""
    pairs = counts(case, ask) if is_rate(ask) else []
    return rounded(averaged(pairs)) if len(pairs) > 1 else None


def cells(case: Case) -> Iterator[tuple[str, str, str]]:
    """Every cell as its name (``table.row.column``), its row, and what it says."""
    for table in case["tables"]:
        for row in table["rows"]:
            for column, cell in zip(table["columns"], row["cells"], strict=False):
                where = f"{table['id']}.{row['id']}.{column['id']}"
                yield where, f"{table['caption']}: {row['label']}", f"{row['label']}, {column['label']}: {cell}"


def formula_of(ask: Case, case: Case) -> str:
    """How the measure is worked out, in the words of the table."""
    if ask["measure"] in RATES:
        return str(RATES[ask["measure"]].formula)
    labels = {column["id"]: column["label"] for column in table_of(case, ask["table"])["columns"]}
    top, base = (" + ".join(labels.get(each, each) for each in part) for part in columns_of(ask))
    if is_rate(ask):
        return f"{top} ÷ ({base})"
    return _("%(measure)s of %(columns)s") % {"measure": SPREADS[ask["measure"]], "columns": top}


def working(case: Case, ask: Case) -> str:
    """The figures that go into the answer: ``120 of 140``, or the days in their order."""
    if is_rate(ask):
        pairs = counts(case, ask)
        return _("%(top)d of %(base)d") % {
            "top": sum(top for top, _b in pairs),
            "base": sum(base for _t, base in pairs),
        }
    return ", ".join(str(each) for each in sorted(values(case, ask)))
