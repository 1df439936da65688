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

    def faults(self, content: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What the schema cannot say, as ``(dotted path, sentence)``."""

    def order(self, content: Mapping[str, Any], seed: int) -> Sequence[str]:
        """Option ids in the order in which they are shown for ``seed``."""

    def parse(self, content: Mapping[str, Any], data: QueryDict, prefix: str) -> Any:
        """The answer in a form's data; None when nothing was chosen. Unknown option ids are dropped."""

    def clean(self, content: Mapping[str, Any], answer: Any) -> Any:
        """The answer from JSON. Raises ``core.errors.InvalidInput`` when it has the wrong shape."""

    def grade(self, content: Mapping[str, Any], answer: Any) -> Mark: ...


types: dict[str, QuestionType] = {}


def register_type(question_type: QuestionType) -> None:
    """Add ``question_type`` under its name. Raises ``ValueError`` when another class holds the name."""
    if type(types.get(question_type.name, question_type)) is not type(question_type):
        raise ValueError(f"question type {question_type.name!r} is taken")
    types[question_type.name] = question_type
