"""Reading a resource sharing report: work out the values, find the problem and its cause, and say what is done next."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.engines.base import FormEngine
from quizzes.engines.dice import Dice
from quizzes.engines.fields import FormField, mark_of, options
from quizzes.engines.registry import Case, Fault, Part, State
from quizzes.engines.report.chart import chart_of
from quizzes.engines.report.faults import faults_of
from quizzes.engines.report.generator import generate
from quizzes.engines.report.grading import averaged_instead, parts_of, questions, reply_to, right_answers
from quizzes.engines.report.schema import EDITOR, OPTIONS, SCHEMA
from quizzes.engines.report.tables import SPREADS, cells, formula_of, is_rate

LONGEST = 20


class ReadingReports(FormEngine):
    """Answers: ``value.<ask>`` as typed, ``problems``, ``causes`` with their ``evidence``, ``actions``, ``honesty``."""

    name = "report"
    label = gettext_lazy("Read a report")
    lede = gettext_lazy("Work out the rates, find what went wrong and why, and mind the axis.")
    icon = "chart"
    topic = "leading"
    minutes = 10
    case_schema = SCHEMA
    editor = EDITOR
    template = "quizzes/engines/report.html"
    check_label = gettext_lazy("Check my reading")
    finish_label = gettext_lazy("Hand in my reading")

    def faults(self, case: Case) -> list[Fault]:
        return faults_of(case)

    def generate(self, seed: int, level: str = "working") -> dict[str, Any]:
        return generate(seed, level)

    def right(self, case: Case) -> dict[str, Any]:
        return right_answers(case)

    def read(self, case: Case, data: QueryDict) -> dict[str, Any]:
        names = [*(f"value.{ask['id']}" for ask in case["asks"]), *OPTIONS, "evidence"]
        return {name: data.get(name, "") for name in names}

    def clean(self, case: Case, answers: Any) -> dict[str, Any]:
        given = answers if isinstance(answers, Mapping) else {}
        found = {}
        for name in (f"value.{ask['id']}" for ask in case["asks"]):
            text = given.get(name)
            if isinstance(text, str) and text.strip():
                found[name] = text.strip()[:LONGEST]
        known = {name: {option["id"] for option in case[name]} for name in OPTIONS}
        known["evidence"] = {where for where, _row, _text in cells(case)}
        for name, values in known.items():
            if isinstance(given.get(name), str) and given[name] in values:
                found[name] = given[name]
        return found

    def parts(self, case: Case, answers: Mapping[str, Any], state: State) -> list[Part]:
        return parts_of(case, answers)

    def hints(self, case: Case, state: State) -> Mapping[str, str]:
        """One for each way of working something out, and one for each question."""
        parts = {part.next_time: part for part in reversed(parts_of(case, {}))}  # the first part of each way stays
        return {part.key: f"{part.label}: {way}" for way, part in reversed(parts.items())}

    def show(self, case: Case, state: State) -> dict[str, Any]:
        answers, marks = state["answers"], self.marks(case, state)
        return {
            "definitions": case["definitions"],
            "charts": [chart_of(case, chart) for chart in case["charts"]],
            "tables": [_table(table) for table in case["tables"]],
            "asks": [_asked(case, ask, state, marks.get(f"value.{ask['id']}")) for ask in case["asks"]],
            "choices": [_chosen(case, name, state, marks.get(name)) for name in OPTIONS],
            "evidence": _evidence(case, answers),
        }


def _asked(case: Case, ask: Case, state: State, part: Part | None) -> FormField:
    """A value to work out; the definitions box has the formulas, so that only plain measures name theirs here."""
    name, answers = f"value.{ask['id']}", state["answers"]
    text = formula_of(ask, case) if ask["measure"] in SPREADS else ""
    unit = "%" if is_rate(ask) else _("days")
    mark = mark_of(part, over=state["over"], reply=averaged_instead(case, ask, answers))
    return FormField(name, ask["label"], "decimal", answers.get(name, ""), help=text, unit=unit, mark=mark)


def _chosen(case: Case, name: str, state: State, part: Part | None) -> FormField:
    """A question with its options in the order of this run."""
    answers = state["answers"]
    texts = {each["id"]: each["text"] for each in Dice("report", state["seed"], name).shuffled(case[name])}
    mark = mark_of(part, over=state["over"], reply=reply_to(case, name, answers))
    groups = options([("", texts)], [answers.get(name, "")])
    return FormField(name, questions()[name], "cards", groups=groups, mark=mark)


def _table(table: Case) -> dict[str, Any]:
    columns = [column["label"] for column in table["columns"]]
    rows = [{"label": row["label"], "cells": list(zip(columns, row["cells"], strict=True))} for row in table["rows"]]
    return {"caption": table["caption"], "label": table["label"], "columns": columns, "rows": rows}


def _evidence(case: Case, answers: Mapping[str, Any]) -> FormField:
    """The cells to choose from, row by row."""
    rows: dict[str, dict[str, str]] = {}
    for where, row, text in cells(case):
        rows.setdefault(row, {})[where] = text
    groups = options(rows.items(), [answers.get("evidence", "")])
    return FormField("evidence", _("The cell that shows the cause"), "choice", groups=groups)
