"""What the page of a copyright case needs, ready to be drawn: the slip, the policy card, the log, and the questions.

Marks stand beside what they judge, and only where the engine says that they may be shown; what would have been right is
said when it is over.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from quizzes.engines.copyright import contu
from quizzes.engines.copyright.cases import Key
from quizzes.engines.copyright.grading import COUNTS
from quizzes.engines.copyright.telling import card, policy_told, result, what
from quizzes.engines.copyright.words import (
    CODES,
    DECISIONS,
    REASONS,
    ROAD_WHY,
    ROADS,
    SOON,
    STATUS_SIGNS,
    kept,
    published,
    short,
)
from quizzes.engines.registry import Case, Part

Answers = Mapping[str, Any]
N_MOST = 99


@dataclass(frozen=True)
class Seen:
    """What may be shown: the marks by part, and whether it is over."""

    marks: Mapping[str, Part]
    over: bool

    def mark(self, key: str) -> dict[str, str] | None:
        part = self.marks.get(key)
        if part is None:
            return None
        tone = "ok" if part.fraction == 1 else "bad"
        if self.over and tone == "bad":
            return {"tone": tone, "words": part.expected, "why": part.why}
        words = _("That holds") if tone == "ok" else _("Look again") if part.did else _("Not answered yet")
        return {"tone": tone, "words": words, "why": part.why if self.over else ""}

    def row_mark(self, row: str, reason: str) -> dict[str, str] | None:
        """One mark for the tick of a row and its reason: of the tick first, for the reason hangs on it."""
        tick, why = self.mark(row), self.mark(reason)
        if not (tick and why):
            return None
        if self.over and "bad" in (tick["tone"], why["tone"]):
            words = f"{self.marks[row].expected} {self.marks[reason].expected}"
            return {"tone": "bad", "words": words, "why": self.marks[row].why}
        if tick["tone"] == "bad":
            return tick | {"words": _("The tick: look again") if self.marks[row].did else tick["words"]}
        if why["tone"] == "bad":
            return why | {"words": _("The tick holds; the reason does not yet")}
        return why


def reasons_for(case: Case) -> list[str]:
    """The menu of reasons: all that any log may need, and the rare ones where this log shows their matter."""
    shown = {
        "other_work": any("title" in row for row in case["log"]),
        "other_branch": any("branch" in row for row in case["log"]),
        "replacement": any(row.get("basis") == "replacement_108c" for row in case["log"]),
    }
    return [reason for reason in REASONS if shown.get(reason, True)]


def records_for(case: Case) -> list[str]:
    """The menu of dates: the right one stands among its usual mistakes."""
    requested = dt.date.fromisoformat(case["requested"])
    same_month = contu.days_of(f"{requested.year + contu.KEPT_YEARS}-{requested.month:02d}")[1]
    ends = [dt.date(requested.year + years, 12, 31) for years in (1, 2, 3, 5)]
    return [*(each.isoformat() for each in sorted({*ends, same_month})), SOON]


def scene(case: Case, answers: Answers, key: Key, seen: Seen) -> dict[str, Any]:
    return {
        "requested": short(dt.date.fromisoformat(case["requested"])),
        "card": card(case),
        "policy": policy_told(case),
        "work": case["work"],
        "periodical": case["kind"] == "periodical",
        "rows": [_row(case, number, row, answers, seen) for number, row in enumerate(case["log"], 1)],
        "n": {"value": answers.get("n", ""), "most": N_MOST, "mark": seen.mark("n")},
        "decision": _question("decision", DECISIONS, DECISIONS, answers, seen),
        "code": _question("code", CODES, CODES, answers, seen),
        "retain": _question(
            "retain", records_for(case), {each: kept(each) for each in records_for(case)}, answers, seen
        ),
        "roads": _roads(answers, key, seen),
        "roads_mark": None if seen.over else seen.mark("roads"),  # then each road says how it ended
        "note": answers.get("note", ""),
    }


def _row(case: Case, number: int, row: Case, answers: Answers, seen: Seen) -> dict[str, Any]:
    icon, tone = STATUS_SIGNS[row["status"]]
    name, reason = f"row.{row['id']}", f"reason.{row['id']}"
    return {
        "number": number,
        "name": name,
        "counts": answers.get(name) == COUNTS,
        "requested": row["requested"],
        "day": short(dt.date.fromisoformat(row["requested"])),
        "title": row.get("title", ""),
        "branch": row.get("branch", ""),
        "published": published(row["issue"]) if "issue" in row else "",
        "what": what(case, row),
        "result": {"words": result(row), "icon": icon, "tone": tone},
        "reason": _question(reason, reasons_for(case), REASONS, answers, seen) | {"mark": seen.row_mark(name, reason)},
    }


def _question(
    name: str, values: Iterable[str], labels: Mapping[str, Any], answers: Answers, seen: Seen
) -> dict[str, Any]:
    chosen = answers.get(name)
    choices = [{"value": value, "label": str(labels[value]), "chosen": value == chosen} for value in values]
    return {"name": name, "choices": choices, "mark": seen.mark(name)}


def _roads(answers: Answers, key: Key, seen: Seen) -> list[dict[str, Any]]:
    told = seen.over and "roads" in seen.marks
    rows = []
    for road, label in ROADS.items():
        chosen = road in answers.get("roads", ())
        outcome = _outcome(road, chosen, key) if told else {}
        rows.append({"value": road, "label": str(label), "chosen": chosen, **outcome})
    return rows


def _outcome(road: str, chosen: bool, key: Key) -> dict[str, str]:
    """How a road ended: open and chosen, open too, or none; nothing of one that leaves room."""
    if road in key.open_roads:
        words = _("Open, and you chose it") if chosen else _("Open too")
        return {"tone": "ok", "icon": "check-circle", "words": words, "why": str(ROAD_WHY[road])}
    if road in key.closed_roads:
        words = _("Not a road here") if chosen else _("Rightly left out")
        return {"tone": "bad" if chosen else "", "icon": "x-circle", "words": words, "why": str(ROAD_WHY[road])}
    return {"tone": "", "icon": "info", "words": _("Depends on the case; not judged"), "why": ""}
