"""Question types are plug-ins: one module in ``quizzes/types/`` and one registration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from django.http import QueryDict


@dataclass(frozen=True)
class Mark:
    """What an answer earned: ``fraction`` between 0 and 1, and a reason for each part (option id -> sentence)."""

    fraction: Decimal
    reasons: Mapping[str, str]
    message: str = ""


class QuestionType(Protocol):
    """``content`` is the question as stored in its version; ``answer`` is plain JSON, checked by ``parse``."""

    name: str
    label: Any
    content_schema: Mapping[str, Any]
    template: str

    def snapshot(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """The canonical question, as its version keeps it. No floats."""

    def texts(self, content: Mapping[str, Any]) -> dict[str, str]:
        """Every piece of Markdown by the key under which ``template`` finds its HTML; with ``stem``, ``general``."""

    def faults(self, content: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What the schema cannot say, as ``(dotted path, sentence)``."""

    def warnings(self, content: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What an author should know and may leave as it is."""

    def order(self, content: Mapping[str, Any], seed: int) -> Sequence[str]:
        """Option ids in the order in which they are shown for ``seed``; 0 = as written."""

    def parse(self, content: Mapping[str, Any], data: QueryDict, prefix: str) -> Any:
        """The answer in a form's data; None when nothing was chosen. Unknown option ids are dropped."""

    def clean(self, content: Mapping[str, Any], answer: Any) -> Any:
        """The answer from JSON. Raises ``core.errors.InvalidInput`` when it has the wrong shape."""

    def chosen(self, content: Mapping[str, Any], answer: Any) -> Sequence[str]:
        """The option ids that ``answer`` chose; nonsense counts as none."""

    def show(
        self, content: Mapping[str, Any], html: Mapping[str, str], seed: int, answer: Any, mark: Mark | None = None
    ) -> dict[str, Any]:
        """What ``template`` needs, as ``fields``. Without ``mark`` nothing in it says what is right."""

    def grade(self, content: Mapping[str, Any], answer: Any) -> Mark:
        """Never raises: an answer that makes no sense earns nothing and says so in ``message``."""


types: dict[str, QuestionType] = {}


def register_type(question_type: QuestionType) -> None:
    """Add ``question_type`` under its name. Raises ``ValueError`` when another class holds the name."""
    if type(types.get(question_type.name, question_type)) is not type(question_type):
        raise ValueError(f"question type {question_type.name!r} is taken")
    types[question_type.name] = question_type
