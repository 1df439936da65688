"""The copyright desk: which earlier requests count, may this one go, under which code, and which roads are open."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.engines.base import LONGEST, FormEngine
from quizzes.engines.copyright import cases, contu, generator, grading, screen
from quizzes.engines.copyright.cases import key_of
from quizzes.engines.copyright.editor import EDITOR
from quizzes.engines.copyright.grading import COUNTS, NOT
from quizzes.engines.copyright.words import CODES, DECISIONS, NOTICE, ROADS, SOON, spoken
from quizzes.engines.registry import Case, Fault, Part, State


class CopyrightDesk(FormEngine):
    """Answers by name: ``row.<id>`` counts or not, ``reason.<id>``, ``n``, ``decision``, ``code``, ``retain`` (a day or
    none), ``roads``, and ``note``, the sentence for the records, which is kept and not graded.

    A row counts as answered when it is ticked or has a reason: a box left alone, with no reason, says nothing.
    """

    name = "copyright"
    label = gettext_lazy("Decide a copyright case")
    lede = gettext_lazy("Which copies count, may the next one go, and on which basis? Training, not legal advice.")
    notice = NOTICE
    icon = "scales"
    topic = "copyright"
    minutes = 8
    case_schema = cases.SCHEMA
    editor = EDITOR
    template = "quizzes/engines/copyright.html"
    check_label = gettext_lazy("Check my decision")

    def faults(self, case: Case) -> list[Fault]:
        return cases.faults(case)

    def generate(self, seed: int, level: str = "working") -> dict[str, Any]:
        return generator.generate(self.version, seed, level)

    def right(self, case: Case) -> dict[str, Any]:
        key = key_of(case)
        answers: dict[str, Any] = {}
        for row, counted, reasons in zip(case["log"], key.ruling.counts, key.reasons, strict=True):
            answers[f"row.{row['id']}"] = COUNTS if counted else NOT
            answers[f"reason.{row['id']}"] = reasons[0]
        until = key.ruling.retain_until
        return {
            **answers,
            "n": key.ruling.n,
            "decision": key.ruling.decision,
            "code": next(code for code in CODES if code in key.ruling.codes),
            "retain": until.isoformat() if until else SOON,
            "roads": list(key.open_roads),
        }

    def read(self, case: Case, data: QueryDict) -> dict[str, Any]:
        answers: dict[str, Any] = {name: data.get(name, "") for name in ("decision", "code", "retain", "note")}
        for row in case["log"]:
            ticked, reason = f"row.{row['id']}" in data, data.get(f"reason.{row['id']}", "")
            answers[f"row.{row['id']}"] = COUNTS if ticked else NOT if reason else None
            answers[f"reason.{row['id']}"] = reason
        n = data.get("n", "").strip()
        answers["n"] = int(n) if n.isascii() and n.isdecimal() and len(n) <= len(str(screen.N_MOST)) else None
        answers["roads"] = data.getlist("roads")
        return answers

    def fields(self, case: Case, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
        """A box that is not ticked sends nothing; the row's reason says that it was looked at."""
        return [(name, value) for name, value in super().fields(case, answers) if value != NOT]

    def clean(self, case: Case, answers: Any) -> dict[str, Any]:
        if not isinstance(answers, Mapping):
            return {}
        menus: dict[str, list[str]] = {
            "decision": list(DECISIONS), "code": list(CODES), "retain": screen.records_for(case),
        }  # fmt: skip
        reasons = screen.reasons_for(case)
        for row in case["log"]:
            menus[f"row.{row['id']}"], menus[f"reason.{row['id']}"] = [COUNTS, NOT], reasons
        known: dict[str, Any] = {name: answers[name] for name, menu in menus.items() if answers.get(name) in menu}
        n, roads, note = answers.get("n"), answers.get("roads"), answers.get("note")
        if isinstance(n, int) and not isinstance(n, bool) and 0 <= n <= screen.N_MOST:
            known["n"] = n
        if isinstance(roads, list) and any(road in roads for road in ROADS):
            known["roads"] = [road for road in ROADS if road in roads]
        if isinstance(note, str) and (kept := note.replace("\x00", "").strip()[:LONGEST]):
            known["note"] = kept
        return known

    def parts(self, case: Case, answers: Mapping[str, Any], state: State) -> list[Part]:
        return grading.parts(case, answers)

    def show(self, case: Case, state: State) -> dict[str, Any]:
        seen = screen.Seen(self.marks(case, state), self.over(case, state))
        return screen.scene(case, state["answers"], key_of(case), seen)

    def hints(self, case: Case, state: State) -> Mapping[str, str]:
        found = {f"row.{row['id']}": _row_hint(case, number, row) for number, row in enumerate(case["log"], 1)}
        found["n"] = _("Count only rows of this work that were filled, or hold a place by the policy, this year.")
        found["decision"] = _(
            "First what the slip says of portion, kind and use; then basis and age; only then the count."
        )
        found["code"] = _(
            "CCG says “one of the five”. CCL says “another lawful basis”. What is not copied says nothing."
        )
        keys = {part.key for part in self.grade(case, state)}
        if "retain" in keys:
            found["retain"] = _(
                "Ask whether the guideline covers it at all. If so: three complete years after this one."
            )
        if "roads" in keys:
            found["roads"] = _("Take each by itself: does it make a copy, and if so, what makes that copy lawful?")
        return found


def _row_hint(case: Case, number: int, row: Case) -> str:
    """Where to look, by what the row shows; never whether it counts."""
    said = _("%(row)s: look at its result, its year and its basis.") % {"row": grading.label_of(number, row)}
    if case["kind"] == "periodical":
        opened = contu.cutoff(dt.date.fromisoformat(row["requested"]))
        age = _("Five years before its own request was %(day)s.") % {"day": spoken(opened)}
    else:
        age = _("Parts of books have no age test.")
    return f"{said} {age}"
