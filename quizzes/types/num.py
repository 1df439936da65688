"""Number: typed as people write numbers, compared within a tolerance, in any of the units given."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.editor import Editor, Field, Rows
from quizzes.registry import Content, Fault, Mark
from quizzes.types.base import DECIMAL, MARKDOWN, lean, schema_of
from quizzes.types.folding import folded
from quizzes.types.numbers import (
    NOT_NEGATIVE,
    UNITS_SCHEMA,
    Target,
    find,
    plain_number,
    read,
    to_figures,
    tolerance_of,
    unit_faults,
    with_unit,
)
from quizzes.types.typed import FEEDBACK_FIELD, OTHER_FIELD, SHARE_FIELD, Found, TypedType, answers_schema, in_full

ANSWERS = answers_schema(
    {"value": DECIMAL, "tolerance": NOT_NEGATIVE, "relative": {"type": "boolean"}}, required=["value"]
)
RULES: Mapping[str, Any] = {
    "units": UNITS_SCHEMA,
    "unit_required": {"type": "boolean"},
    "significant": {"type": "integer", "minimum": 1, "maximum": 15},
    "other_feedback": MARKDOWN,
}
TOLERANCE_FIELDS = (
    Field("tolerance", gettext_lazy("May be off by"), "decimal", default="0"),
    Field("relative", gettext_lazy("This is a percentage of the value"), "flag", default=False),
)
RULE_FIELDS = (
    Field("unit_required", gettext_lazy("A unit must be given"), "flag", default=False),
    Field(
        "significant",
        gettext_lazy("Significant figures"),
        "whole",
        help=gettext_lazy("Leave it empty to accept any number of figures."),
    ),
    OTHER_FIELD,
)
UNIT_ROWS = Rows(
    name="units",
    label=gettext_lazy("Units"),
    fields=(
        Field("text", gettext_lazy("Unit"), "line", required=True),
        Field(
            "factor",
            gettext_lazy("Counts as"),
            "decimal",
            help=gettext_lazy("How many of the unit of the answers one of it is: weeks count as 7 days."),
            required=True,
            default="1",
        ),
    ),
    least=0,
    most=20,
    add=gettext_lazy("Add a unit"),
)


def targets_of(answers: Sequence[Content]) -> list[Target]:
    """The numbers that ``answers`` accept."""
    values = [Decimal(each["value"]) for each in answers]
    return [Target(at, value, tolerance_of(answers[at], value)) for at, value in enumerate(values)]


class NumberType(TypedType):
    """Base of number and calculated. An answer is the text as it was typed, or None for none."""

    defaults = {"unit_required": False}

    def targets(self, content: Content, seed: int) -> list[Target]:
        """The numbers that are accepted for ``seed``."""
        raise NotImplementedError

    def find(self, content: Content, answer: Any, seed: int) -> Found:
        return find(answer, self.targets(content, seed), content)

    def snapshot(self, content: Content) -> dict[str, Any]:
        said = super().snapshot(content)
        return said | ({"units": [lean(each) for each in said["units"]]} if "units" in said else {})

    def faults(self, content: Content) -> list[Fault]:
        return super().faults(content) + unit_faults(content)

    def show(
        self, content: Content, html: Mapping[str, str], seed: int, answer: Any, mark: Mark | None = None
    ) -> dict[str, Any]:
        """With words of how to write the answer, which say nothing of what it is."""
        return {**super().show(content, html, seed, answer, mark), "help": self._help(content)}

    def _help(self, content: Content) -> str:
        figures = content.get("significant")
        said = [_("Give %(figures)d significant figures.") % {"figures": figures}] if figures else []
        units = ", ".join(each["text"] for each in content.get("units", ()))
        if not units:
            return " ".join([_("Write the number alone, without a unit."), *said])
        asked = _("With a unit: %(units)s.") if content.get("unit_required") else _("Units you may use: %(units)s.")
        return " ".join([asked % {"units": units}, *said])

    def responses(self, content: Content, answer: Any, seed: int = 0) -> list[tuple[str, str]]:
        """The number and its unit in one spelling; what is no number as it was typed."""
        given = "".join(self.said(content, answer, seed))
        reading = read(given)
        text = f"{plain_number(reading.values[0])} {folded(reading.unit)}".strip() if reading else folded(given)
        return [(text, text)] if text else []


class Number(NumberType):
    name = "num"
    label = gettext_lazy("Number")
    template = "quizzes/types/num.html"
    content_schema = schema_of({"answers": ANSWERS, **RULES}, required=["answers"])
    editor = Editor(
        fields=RULE_FIELDS,
        rows=(
            Rows(
                name="answers",
                label=gettext_lazy("Accepted answers"),
                fields=(
                    Field("value", gettext_lazy("Number"), "decimal", required=True),
                    *TOLERANCE_FIELDS,
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

    def targets(self, content: Content, seed: int) -> list[Target]:
        return targets_of(content["answers"])

    def right(self, content: Content, seed: int = 0) -> list[str]:
        figures = content.get("significant")
        values = [Decimal(each["value"]) for each in in_full(content["answers"])]
        numbers = [to_figures(each, figures) if figures else plain_number(each) for each in values]
        return [" / ".join(with_unit(each, content) for each in numbers)]
