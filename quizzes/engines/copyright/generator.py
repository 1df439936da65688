"""New worlds for the copyright desk by seed: a log with so many rows that count, one distractor a reason, one new request.

A draw may leave a line of policy unsaid. Where the key would change with it, the draw has no single answer: it is
rejected, and the next one of the same seed is taken.
"""

import datetime as dt
import itertools
from dataclasses import dataclass, field
from typing import Any

from quizzes.engines.copyright import cases, contu, names
from quizzes.engines.dice import Dice

BASIC, WORKING, ADVANCED = "basic", "working", "advanced"
DAY = dt.timedelta(days=1)
QUIET = 14  # days before the new request in which only rows of one's own copies stand
EDGE = 29  # days from the five-year edge
SOON_FILLED = (2, 9)
Row = dict[str, Any]


def generate(version: int, seed: int, level: str) -> dict[str, Any]:
    """The first sound draw of the seed."""
    for attempt in itertools.count():
        case = drawn(version, seed, level, attempt)
        if not cases.faults(case):
            return case
    raise AssertionError  # pragma: no cover - the draws of a seed do not end


def drawn(version: int, seed: int, level: str, attempt: int) -> dict[str, Any]:
    """Draw number ``attempt`` of a seed, sound or not."""
    dice = Dice("copyright", version, seed, level, attempt)
    desk = Desk.drawn(dice, level)
    case = desk.head()
    log = sorted(desk.log(case), key=lambda row: row["requested"])
    rows = [{"id": str(number), **row} for number, row in enumerate(log, 1)]
    return {"uid": f"world-{seed}-{level}", "level": level, **case, "log": rows}


@dataclass
class Desk:
    """What a draw keeps in mind: the dice, the level, kind and date of the new request, and how the year is told."""

    dice: Dice
    level: str
    kind: str
    requested: dt.date
    by_fill: bool
    shape: str
    policy: dict[str, str] = field(default_factory=dict)

    @classmethod
    def drawn(cls, dice: Dice, level: str) -> "Desk":
        kind = "periodical" if level == BASIC or dice.chance(3, 4) else "other"
        requested = dt.date(dice.whole(2025, 2027), dice.whole(3, 12), dice.whole(1, 28))
        by_fill = level != BASIC and dice.chance(1, 6)
        shape = "gate" if dice.chance(1, 8) else "other" if dice.chance(1, 5) else "plain"
        if shape == "other":
            shape = dice.choice(SHAPES[kind])
        return cls(dice, level, kind, requested, by_fill, shape)

    # The new request

    def head(self) -> dict[str, Any]:
        dice = self.dice
        gate = dice.choice(GATES[self.kind]) if self.shape == "gate" else {}
        work = names.work(dice, self.kind, gate.get("work_type", "text"))
        own: dict[str, Any] = {
            "title": work, "kind": self.kind, "work": work, "requested": self.requested.isoformat(),
            "item": names.item(dice), "patron": names.patron(dice, gate), "brief": names.BRIEF,
        }  # fmt: skip
        if self.kind == "other":
            own |= {"issue": str(dice.whole(1988, 2019)), "portion": "small_part"}
        else:
            own["issue"] = self._issue(self.requested, old=self.shape == "outside")
        return own | self._basis() | gate | self._stated()

    def _basis(self) -> dict[str, Any]:
        if self.shape == "loan":
            return {"service": "loan"}
        if self.shape == "whole":
            return {"basis": "section_108e", "portion": "whole", "fair_price_search": True}
        if self.shape in ("own_unavailable", "on_order", "royalty_paid", "fair_use", "open_access"):
            return {"basis": self.shape}
        return {}

    def _stated(self) -> dict[str, str]:
        """The policy card: each line said three times in four, and always to beginners."""
        dice = self.dice
        lines = {
            "year_basis": "fill" if self.by_fill else "request",
            "count_pending": "yes" if dice.chance(3, 4) else "no",
            "partial_date": "conservative",
            "require_code": "yes",
        }
        if self.kind == "other":
            lines["chapter_code"] = dice.choice(("CCG", "CCG", "CCL", "either"))
        if self.shape in contu.OWN:
            lines["own_code"] = dice.choice(("CCG", "CCL", "either"))
        self.policy = {line: value for line, value in lines.items() if self.level == BASIC or dice.chance(3, 4)}
        if self.by_fill:
            self.policy["year_basis"] = "fill"
        return self.policy

    # The log

    def log(self, case: dict[str, Any]) -> list[Row]:
        dice = self.dice
        counted = [self._counted() for _each in range(dice.whole(0, 7))]
        against = dice.sample(AGAINST[self.kind], dice.whole(3, 3 if self.level == BASIC else 5))
        others = [self._against(reason) for reason in against]
        if self.kind == "periodical":
            others.append(self._at_the_edge(counted))
        if dice.chance(1, 3):
            self._leave_open(counted, others)
        if self.shape in contu.OWN:
            others.append(self._row(self.requested - dice.whole(9, QUIET - 1) * DAY, basis=case["basis"]))
        return [*counted, *others]

    def _counted(self) -> Row:
        if self.by_fill and self.dice.chance(1, 4):  # asked for in the old year, filled in the new
            asked = dt.date(self.requested.year - 1, 12, self.dice.whole(27, 30))
            return self._row(asked) | {"filled_on": dt.date(self.requested.year, 1, self.dice.whole(4, 9)).isoformat()}
        return self._row(self._this_year())

    def _against(self, reason: str) -> Row:
        dice = self.dice
        if reason == "not_filled":
            row = self._row(self._this_year())
            row.pop("filled_on", None)
            return row | {"status": dice.choice(("unfilled", "cancelled"))}
        if reason == "other_year":
            return self._row(dt.date(self.requested.year - 1, 12, dice.whole(1, 15)))
        if reason == "too_old":
            return self._row(self._this_year(), old=True)
        if reason == "loan":
            return self._row(self._this_year(), service="loan")
        if reason == "other_work":
            return self._row(self._this_year(), title=names.sister(dice, self.kind), other_work=True)
        return self._row(self._this_year(), basis=dice.choice(BASES[reason]))

    def _at_the_edge(self, counted: list[Row]) -> Row:
        """An issue within thirty days of the edge of its own window; inside, it stands for one of those that count."""
        dice = self.dice
        row = self._row(self._this_year())
        edge = contu.cutoff(dt.date.fromisoformat(row["requested"]))
        if counted and dice.chance(2, 3):
            counted.pop()
            inside = (edge + dice.whole(0, EDGE) * DAY).isoformat()
            return row | {"issue": dice.choice((inside, edge.isoformat()[: len("2026-01")]))}
        return row | {"issue": (edge - dice.whole(1, EDGE) * DAY).isoformat()}

    def _leave_open(self, counted: list[Row], others: list[Row]) -> None:
        """One or two requests of the last weeks have not ended yet."""
        for _each in range(self.dice.whole(1, 2)):
            row = counted.pop() if counted else self._row(self._this_year())
            others.append({key: value for key, value in row.items() if key != "filled_on"} | {"status": "pending"})

    def _row(self, requested: dt.date, *, old: bool = False, **more: Any) -> Row:
        row: Row = {"requested": requested.isoformat(), "status": "filled"}
        if self.kind == "periodical":
            row["issue"] = self._issue(requested, old=old)
        if self.by_fill or (self.level == ADVANCED and self.dice.chance(1, 6)):
            row["filled_on"] = (requested + self.dice.whole(*SOON_FILLED) * DAY).isoformat()
        return row | more

    def _this_year(self) -> dt.date:
        first = dt.date(self.requested.year, 1, 2)
        return first + self.dice.whole(0, (self.requested - first).days - QUIET) * DAY

    def _issue(self, requested: dt.date, *, old: bool) -> str:
        """A date of issue well inside the window of ``requested``, or well outside; mostly a month."""
        dice = self.dice
        edge = contu.cutoff(requested)
        if old:
            return (edge - dice.whole(40, 1500) * DAY).isoformat()[: dice.choice((7, 7, 10))]
        lengths = (7, 7, 10) if self.level == BASIC else (7, 7, 7, 10, 4)
        return (edge + dice.whole(40, 1700) * DAY).isoformat()[: dice.choice(lengths)]


SHAPES = {
    "periodical": (
        "outside",
        "outside",
        "loan",
        "own_unavailable",
        "on_order",
        "royalty_paid",
        "fair_use",
        "open_access",
    ),
    "other": ("whole", "whole", "loan", "own_unavailable", "on_order", "royalty_paid"),
}
GATES: dict[str, tuple[dict[str, Any], ...]] = {
    "periodical": ({"same_issue_same_user": True}, {"concerted": True}, {"other_use_known": True}),
    "other": ({"portion": "whole"}, {"portion": "substantial"}, {"concerted": True}, {"work_type": "music"}),
}
AGAINST = {
    "periodical": ("not_filled", "other_year", "too_old", "loan", "paid", "free", "fair_use", "other_work"),
    "other": ("not_filled", "other_year", "loan", "paid", "free", "fair_use", "section_108e", "other_work"),
}
BASES = {
    "paid": ("royalty_paid", "permission"),
    "free": ("open_access", "licence"),
    "fair_use": ("fair_use",),
    "section_108e": ("section_108e",),
}
