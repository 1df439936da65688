"""The form in which an author writes a copyright case. All of a case stands in it but ``key``, the author's own check."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from quizzes.editor import Editor, Field, Rows
from quizzes.engines.copyright.cases import ROWS_MOST
from quizzes.engines.copyright.words import BASES, GATE_FLAGS, KINDS, POLICY, PORTIONS, SERVICES, STATUSES, WORK_TYPES

PARTIAL = lazy("As exactly as it is known: 2021, 2021-11 or 2021-11-20.")
LINES: Mapping[str, Any] = {
    "year_basis": lazy("Policy: year of a copy"),
    "count_pending": lazy("Policy: open requests"),
    "partial_date": lazy("Policy: dates without day or month"),
    "own_code": lazy("Policy: code of what you own"),
    "chapter_code": lazy("Policy: code of chapters"),
    "entity_scope": lazy("Policy: branches"),
    "require_code": lazy("Policy: codes"),
}


def choice(name: str, label: Any, choices: Mapping[str, Any], **more: Any) -> Field:
    return Field(name, label, "choice", choices=tuple(choices.items()), **more)


EDITOR = Editor(
    fields=(
        choice("kind", lazy("Kind"), KINDS, required=True, default="periodical"),
        Field("work", lazy("Title of the work"), required=True),
        Field("formerly", lazy("Former title")),
        Field("item", lazy("Article or chapter")),
        Field("patron", lazy("Who asks, and what for"), help=lazy("A role, never a name.")),
        Field("requested", lazy("Date of the new request"), "date", required=True),
        Field("issue", lazy("Published"), required=True, help=PARTIAL),
        choice("service", lazy("Asked as"), SERVICES, default="copy"),
        choice("basis", lazy("Basis"), BASES, default="none"),
        Field("expected", lazy("Expected to be filled on"), "date", help=lazy("Where the year of the fill decides.")),
        Field("branch", lazy("Branch that asks")),
        choice("work_type", lazy("Kind of work"), WORK_TYPES, default="text"),
        choice("portion", lazy("Portion"), PORTIONS, default="one_item"),
        *(Field(flag, label, "flag") for flag, label in GATE_FLAGS.items()),
        *(
            choice(line, label, POLICY[line], help=lazy("Shown to the learner. Left out, it has its usual value."))
            for line, label in LINES.items()
        ),
        Field("why_n", lazy("Said of the count")),
        Field("why_decision", lazy("Said of the decision")),
        Field("why_code", lazy("Said of the code")),
    ),
    rows=(
        Rows(
            name="log",
            label=lazy("Earlier requests"),
            fields=(
                Field("requested", lazy("Requested"), "date", required=True),
                Field("issue", lazy("Published"), help=PARTIAL),
                choice("service", lazy("Asked as"), SERVICES, default="copy"),
                choice("status", lazy("Result"), STATUSES, required=True, default="filled"),
                choice("basis", lazy("Basis"), BASES, default="none"),
                Field("filled_on", lazy("Filled on"), "date"),
                Field("title", lazy("Title then"), help=lazy("Where it differs from the title now.")),
                Field("other_work", lazy("That title is another work"), "flag"),
                Field("branch", lazy("Branch")),
                Field("why", lazy("Said of this row")),
            ),
            least=1,
            most=ROWS_MOST,
            add=lazy("Add a request"),
        ),
    ),
)
