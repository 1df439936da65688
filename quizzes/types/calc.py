"""Calculated: a number worked out from variables, whose values differ from attempt to attempt."""

import re
from collections.abc import Mapping, Sequence
from decimal import Context, Decimal
from itertools import islice, product
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.editor import Editor, Field, Rows
from quizzes.registry import Content, Fault
from quizzes.types.base import DECIMAL, lean, repeated, schema_of
from quizzes.types.formulas import (
    FUNCTIONS,
    NAME,
    FormulaError,
    names_in,
    steps_of,
    value_at,
    values_for,
    work_out,
)
from quizzes.types.num import RULE_FIELDS, RULES, TOLERANCE_FIELDS, UNIT_ROWS, NumberType
from quizzes.types.numbers import (
    NOT_NEGATIVE,
    Target,
    plain_number,
    to_figures,
    to_places,
    tolerance_of,
    with_unit,
)
from quizzes.types.typed import FEEDBACK_FIELD, SHARE_FIELD, Found, answers_schema, in_full

# Not the doubled braces of a reader's local words.
PLACE = re.compile(r"(?<!\{)\{(" + NAME.pattern + r")\}(?!\})")
SAMPLE = 60  # seeds with which a formula is tried when it is written
CORNERS = 64
SHOWN = Context(prec=10)  # figures of an answer for which no places are asked

VARIABLES = {
    "type": "array",
    "minItems": 1,
    "maxItems": 20,
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["id"],
        "properties": {
            "id": {"type": "string", "pattern": f"^{NAME.pattern}$"},
            "min": DECIMAL,
            "max": DECIMAL,
            "step": NOT_NEGATIVE,
            "values": {"type": "array", "minItems": 1, "maxItems": 500, "items": DECIMAL},
        },
        "oneOf": [{"required": ["values"]}, {"required": ["min", "max", "step"]}],
    },
}
ANSWERS = answers_schema(
    {
        "formula": {"type": "string", "minLength": 1, "maxLength": 500},
        "tolerance": NOT_NEGATIVE,
        "relative": {"type": "boolean"},
        "places": {"type": "integer", "minimum": 0, "maximum": 10},
    },
    required=["formula"],
)


class Calculated(NumberType):
    """A number whose right value is a formula. Seed 0 has the first value of each variable."""

    name = "calc"
    varies = True
    label = gettext_lazy("Calculated")
    template = "quizzes/types/calc.html"
    content_schema = schema_of({"variables": VARIABLES, "answers": ANSWERS, **RULES}, required=["variables", "answers"])
    editor = Editor(
        fields=RULE_FIELDS,
        rows=(
            Rows(
                name="variables",
                named=True,
                label=gettext_lazy("Variables"),
                fields=(
                    Field("min", gettext_lazy("From"), "decimal"),
                    Field("max", gettext_lazy("To"), "decimal"),
                    Field("step", gettext_lazy("In steps of"), "decimal"),
                    Field(
                        "values",
                        gettext_lazy("Or one of these values"),
                        "decimals",
                        help=gettext_lazy("Separated by spaces or commas. Then the three fields above stay empty."),
                    ),
                ),
                least=1,
                most=20,
                add=gettext_lazy("Add a variable"),
            ),
            Rows(
                name="answers",
                label=gettext_lazy("Accepted answers"),
                fields=(
                    Field(
                        "formula",
                        gettext_lazy("Formula"),
                        "line",
                        help=gettext_lazy("Variables, + - * / **, min, max, abs, round, floor, ceil, sqrt."),
                        required=True,
                    ),
                    *TOLERANCE_FIELDS,
                    Field("places", gettext_lazy("Rounded to so many places"), "whole"),
                    SHARE_FIELD,
                    FEEDBACK_FIELD,
                ),
                least=1,
                most=50,
                add=gettext_lazy("Add an answer"),
            ),
            UNIT_ROWS,
        ),
    )

    def snapshot(self, content: Content) -> dict[str, Any]:
        said = super().snapshot(content)
        said["variables"] = [lean(each) for each in content["variables"]]
        return said

    def targets(self, content: Content, seed: int) -> list[Target]:
        """The exact value of each formula, and the value as it would be written. Raises ``FormulaError``."""
        values = values_for(content["variables"], seed)
        found = []
        for at, answer in enumerate(content["answers"]):
            exact = work_out(answer["formula"], values)
            tolerance = tolerance_of(answer, exact)
            found += [Target(at, exact, tolerance), Target(at, _rounded(answer, exact), tolerance)]
        return found

    def find(self, content: Content, answer: Any, seed: int) -> Found:
        try:
            return super().find(content, answer, seed)
        except FormulaError as problem:
            return Found(None, _("This question cannot be worked out: %(problem)s") % {"problem": problem})

    def faults(self, content: Content) -> list[Fault]:
        found = super().faults(content) + _variable_faults(content["variables"])
        return found or _formula_faults(content)

    def warnings(self, content: Content) -> list[Fault]:
        """Variables that nobody uses, and braces in a text that are no variable."""
        texts = " ".join(self.texts(content).values())
        known = {each["id"] for each in content["variables"]}
        used = set(PLACE.findall(texts)).union(*(_names(each["formula"]) for each in content["answers"]))
        idle = [
            (f"variables.{at}.id", _("The variable “%(name)s” is not used.") % {"name": each["id"]})
            for at, each in enumerate(content["variables"])
            if each["id"] not in used
        ]
        message = _("“{%(name)s}” is no variable and stays as it is.")
        return idle + [("stem", message % {"name": each}) for each in sorted(set(PLACE.findall(texts)) - known)]

    def fill(self, content: Content, html: Mapping[str, str], seed: int) -> Mapping[str, str]:
        """``{name}`` becomes the value of that variable in every text; other braces stay."""
        values = values_for(content["variables"], seed)
        return {key: PLACE.sub(lambda found: _value(found, values), text) for key, text in html.items()}

    def right(self, content: Content, seed: int = 0) -> list[str]:
        try:
            numbers = _right_numbers(content, seed)
        except FormulaError:  # what no seed tried at writing showed; the mark says so
            return []
        return [" / ".join(with_unit(each, content) for each in dict.fromkeys(numbers))]


def _right_numbers(content: Content, seed: int) -> list[str]:
    values = values_for(content["variables"], seed)
    figures = content.get("significant")
    numbers = []
    for answer in in_full(content["answers"]):
        exact = work_out(answer["formula"], values)
        numbers.append(to_figures(exact, figures) if figures else _written(answer, exact))
    return numbers


def _rounded(answer: Content, exact: Decimal) -> Decimal:
    return to_places(exact, answer["places"]) if "places" in answer else SHOWN.plus(exact)


def _written(answer: Content, exact: Decimal) -> str:
    rounded = _rounded(answer, exact)
    return format(rounded, "f") if "places" in answer else plain_number(rounded)


def _value(found: re.Match[str], values: Mapping[str, Decimal]) -> str:
    name = found[1]
    return escape(format(values[name], "f")) if name in values else found[0]


def _names(formula: str) -> set[str]:
    try:
        return names_in(formula)
    except FormulaError:
        return set()


def _variable_faults(variables: Sequence[Content]) -> list[Fault]:
    found = repeated(variables, "variables")
    for number, each in enumerate(variables):
        if each["id"] in FUNCTIONS:
            taken = _("“%(name)s” is a function; give the variable another name.") % {"name": each["id"]}
            found.append((f"variables.{number}.id", taken))
        if steps_of(each) < 1:
            found.append(
                (f"variables.{number}", _("No value fits: the step must be above nought, “to” not below “from”."))
            )
    return found


def _formula_faults(content: Content) -> list[Fault]:
    found = []
    for number, answer in enumerate(content["answers"]):
        problem = _trouble(answer["formula"], content["variables"])
        if problem:
            found.append((f"answers.{number}.formula", problem))
    return found


def _trouble(formula: str, variables: Sequence[Content]) -> str:
    """Why ``formula`` cannot be worked out, with the values for which it cannot; empty when it can for all tried."""
    known = {each["id"] for each in variables}
    try:
        strange = sorted(names_in(formula) - known)
        if strange:
            return _("“%(name)s” is no variable of this question.") % {"name": strange[0]}
    except FormulaError as problem:
        return str(problem)
    for values in _samples(variables):
        try:
            work_out(formula, values)
        except FormulaError as problem:
            said = ", ".join(f"{name} = {format(value, 'f')}" for name, value in values.items() if name in formula)
            return _("%(problem)s (with %(values)s)") % {"problem": problem, "values": said} if said else str(problem)
    return ""


def _samples(variables: Sequence[Content]) -> list[dict[str, Decimal]]:
    """The values for the first seeds, and the ends of the ranges put together."""
    ends = [[value_at(each, 0), value_at(each, steps_of(each) - 1), *_nought(each)] for each in variables]
    corners = [
        dict(zip((each["id"] for each in variables), row, strict=True)) for row in islice(product(*ends), CORNERS)
    ]
    return corners + [values_for(variables, seed) for seed in range(SAMPLE)]


def _nought(variable: Content) -> list[Decimal]:
    """0 when the variable can be 0: that is where formulas break."""
    if "values" in variable:
        return [Decimal(0)] if any(not Decimal(each) for each in variable["values"]) else []
    least, step = Decimal(variable["min"]), Decimal(variable["step"])
    index = -least / step
    inside = 0 <= index < steps_of(variable) and index == index.to_integral_value()
    return [Decimal(0)] if inside else []
