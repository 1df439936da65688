"""Charts of a report as an inline SVG draws them: whole pixels, a pattern as well as a colour, a number on each mark. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from core.charts import Tick
from quizzes.engines.registry import Case
from quizzes.engines.report.measures import percentage, rounded
from quizzes.engines.report.tables import table_of

LEFT, RIGHT, TOP, BASE = 60, 708, 44, 260
FILLS = ("plain", "hatch", "dots", "lines", "bare")
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000)
MOST_TICKS = 6
LETTER = 8  # the width of a letter of the usual size
SMALL = 17  # a segment lower than this has no room for its number


@dataclass(frozen=True)
class Mark:
    """A bar, a segment of one or a point; ``text`` stands at ``text_y``. A stack has no sum on it: that may be asked."""

    x: int
    y: int
    width: int
    height: int
    fill: str
    text: str
    text_y: int

    @property
    def middle(self) -> int:
        return self.x + self.width // 2


@dataclass(frozen=True)
class Chart:
    title: str
    desc: str
    kind: str
    note: str
    marks: Sequence[Mark]
    lines: Sequence[str]  # what joins the points of a line chart
    ticks: Sequence[Tick]
    labels: Sequence[tuple[int, str]]
    legend: Sequence[tuple[str, str]]  # fill and what it stands for
    font: str  # the size of the names under the axis


@dataclass(frozen=True)
class Value:
    """A number to be drawn and what is written on it."""

    number: Decimal
    text: str


def value_of(series: Case, row: Case, columns: Sequence[str]) -> Value:
    """A count as it is; a rate by what it is made of, or as the headline that the report makes of it."""
    counts = dict(zip(columns, row["cells"], strict=False))
    if "column" in series:
        return Value(Decimal(counts[series["column"]]), str(counts[series["column"]]))
    top, base = (sum(counts[each] for each in series[part]) for part in ("top", "base"))
    rate = percentage(top, base)
    return Value(rate, f"{rounded(rate)}%" if series.get("headline") else f"{top}/{base}")


def chart_of(case: Case, chart: Case) -> Chart:
    table = table_of(case, chart["table"])
    columns = [column["id"] for column in table["columns"]]
    values = [[value_of(series, row, columns) for series in chart["series"]] for row in table["rows"]]
    draw = {"bar": _bars, "stacked": _stacks, "line": _points}[chart["kind"]]
    marks = draw(chart, values)
    wide = (RIGHT - LEFT) // len(values)
    return Chart(
        title=chart["title"],
        desc=_desc(chart),
        kind=chart["kind"],
        note=chart.get("note", ""),
        marks=marks,
        lines=_lines(marks, len(chart["series"])) if chart["kind"] == "line" else (),
        ticks=_ticks(chart),
        labels=[(LEFT + wide * at + wide // 2, row["label"]) for at, row in enumerate(table["rows"])],
        font="14.5" if max(len(row["label"]) for row in table["rows"]) * LETTER <= wide else "11",
        legend=[(FILLS[at], series["label"]) for at, series in enumerate(chart["series"])],
    )


def _desc(chart: Case) -> str:
    """What the picture is, not what it shows: the numbers stand in the table under it."""
    kinds = {"bar": _("Bars"), "line": _("Lines"), "stacked": _("Stacked bars")}
    return _("%(kind)s of %(series)s. The axis runs from %(low)d to %(high)d.") % {
        "kind": kinds[chart["kind"]],
        "series": ", ".join(each["label"] for each in chart["series"]),
        "low": chart["low"],
        "high": chart["high"],
    }


def _y(chart: Case, number: Decimal) -> int:
    low, high = int(chart["low"]), int(chart["high"])
    return BASE - round((min(max(number, Decimal(low)), Decimal(high)) - low) * (BASE - TOP) / (high - low))


def _ticks(chart: Case) -> list[Tick]:
    low, high = chart["low"], chart["high"]
    step = next((each for each in STEPS if (high - low) <= each * MOST_TICKS), high - low)
    return [Tick(_y(chart, Decimal(at)), str(at)) for at in range(low, high + 1, step)]


def _bars(chart: Case, values: Sequence[Sequence[Value]]) -> list[Mark]:
    wide = (RIGHT - LEFT) // len(values)
    bar = min(64, (wide - 12) // len(chart["series"]))
    found = []
    for at, group in enumerate(values):
        start = LEFT + wide * at + (wide - bar * len(group)) // 2
        for number, value in enumerate(group):
            y = _y(chart, value.number)
            found.append(Mark(start + bar * number, y, bar - 4, BASE - y, FILLS[number], value.text, y - 8))
    return found


def _stacks(chart: Case, values: Sequence[Sequence[Value]]) -> list[Mark]:
    wide = (RIGHT - LEFT) // len(values)
    bar = min(64, wide - 12)
    found = []
    for at, group in enumerate(values):
        below = Decimal(0)
        for number, value in enumerate(group):
            bottom, top = _y(chart, below), _y(chart, below + value.number)
            text = value.text if bottom - top >= SMALL else ""
            x = LEFT + wide * at + (wide - bar) // 2
            found.append(Mark(x, top, bar, bottom - top, FILLS[number], text, (bottom + top) // 2 + 5))
            below += value.number
    return found


def _points(chart: Case, values: Sequence[Sequence[Value]]) -> list[Mark]:
    """Points, series by series."""
    wide = (RIGHT - LEFT) // len(values)
    return [
        Mark(
            LEFT + wide * at + wide // 2, _y(chart, group[number].number), 0, 0, FILLS[number], group[number].text,
            _y(chart, group[number].number) - 12,
        )
        for number in range(len(chart["series"]))
        for at, group in enumerate(values)
    ]  # fmt: skip


def _lines(marks: Sequence[Mark], series: int) -> list[str]:
    """The points of each series as an SVG path."""
    each = len(marks) // series
    return ["M" + "L".join(f"{mark.x} {mark.y}" for mark in marks[at : at + each]) for at in range(0, len(marks), each)]
