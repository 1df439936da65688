"""The shape of a report, and what an author fills in."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.editor import Editor, Field, Rows
from quizzes.engines.base import LINE, TEXT, case_schema
from quizzes.engines.report.measures import RATES
from quizzes.engines.report.tables import OWN_RATE, SPREADS
from quizzes.types.base import ID

KINDS = ("bar", "line", "stacked")
WORDS = {"type": "string", "minLength": 1, "maxLength": LINE}
COUNT = {"type": "integer", "minimum": 0, "maximum": 1_000_000}
NAMES = {"type": "array", "minItems": 1, "maxItems": 20, "items": ID, "uniqueItems": True}
OPTIONS, BEST = ("problems", "causes", "actions", "honesty"), 100


def _list(own: Mapping[str, Any], *required: str, least: int, most: int) -> dict[str, Any]:
    item = {"type": "object", "additionalProperties": False, "required": list(required), "properties": dict(own)}
    return {"type": "array", "minItems": least, "maxItems": most, "items": item}


NAMED = {"id": ID, "label": WORDS}
TABLES = _list(
    {
        "id": ID,
        "caption": WORDS,
        "label": WORDS,
        "columns": _list(NAMED, "id", "label", least=1, most=8),
        "rows": _list(
            {**NAMED, "cells": {"type": "array", "items": COUNT, "minItems": 1, "maxItems": 8}},
            "id", "label", "cells", least=1, most=16,
        ),
    },
    "id", "caption", "label", "columns", "rows", least=1, most=3,
)  # fmt: skip
CHARTS = _list(
    {
        "title": WORDS,
        "kind": {"enum": list(KINDS)},
        "table": ID,
        "low": COUNT,
        "high": {**COUNT, "minimum": 1},
        "note": {"type": "string", "maxLength": LINE},
        # Counts of a column, or a rate of columns; a rate shows what it is made of unless it is a headline.
        "series": _list(
            {"label": WORDS, "column": ID, "top": NAMES, "base": NAMES, "headline": {"type": "boolean"}},
            "label", least=1, most=5,
        ),
    },
    "title", "kind", "table", "low", "high", "series", least=1, most=3,
)  # fmt: skip
ASKS = _list(
    {
        **NAMED,
        "measure": {"enum": [*RATES, OWN_RATE, *SPREADS]},
        "table": ID,
        "rows": NAMES,
        "columns": NAMES,
        "top": NAMES,
        "base": NAMES,
    },
    "id", "label", "measure", "table", least=1, most=24,
)  # fmt: skip
CHOICES = _list(
    {
        "id": ID,
        "text": WORDS,
        "worth": {"type": "integer", "minimum": 0, "maximum": BEST},
        "why": {"type": "string", "maxLength": TEXT},
    },
    "id", "text", "worth", "why", least=2, most=6,
)  # fmt: skip
SCHEMA = case_schema(
    {
        "definitions": _list({"id": ID, "term": WORDS, "text": WORDS}, "term", "text", least=1, most=8),
        "tables": TABLES,
        "charts": CHARTS,
        "asks": ASKS,
        "evidence": {
            "type": "array",
            "minItems": 1,
            "maxItems": 6,
            "items": {"type": "string", "pattern": r"^[A-Za-z0-9-]+\.[A-Za-z0-9-]+\.[A-Za-z0-9-]+$"},
        },
        **dict.fromkeys(OPTIONS, CHOICES),
    },
    required=["definitions", "tables", "charts", "asks", "evidence", *OPTIONS],
)


def _options(name: str, label: Any) -> Rows:
    return Rows(
        name,
        label,
        (
            Field("text", _("Option"), required=True),
            Field("worth", _("Worth in percent"), "whole", help=_("100 for the right one."), required=True, default=0),
            Field("why", _("Why"), "markdown", required=True),
        ),
        2,
        6,
        add=_("Add an option"),
    )


EDITOR = Editor(
    rows=(
        Rows(
            "definitions",
            _("Definitions that the report prints"),
            (Field("term", _("Term"), required=True), Field("text", _("What it means"), required=True)),
            1,
            8,
            add=_("Add a definition"),
        ),
        _options("problems", _("Where is the problem?")),
        _options("causes", _("What is the likely cause?")),
        _options("actions", _("What is done next?")),
        _options("honesty", _("Is the chart honest?")),
    ),
)
