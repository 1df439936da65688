"""Question types are plug-ins: one module in ``quizzes/types/`` and one registration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from django.http import QueryDict

from quizzes.editor import Editor

Content = Mapping[str, Any]
Fault = tuple[str, str]


@dataclass(frozen=True)
class Mark:
    """What an answer earned: ``fraction`` between 0 and 1, and a reason for each part (part id -> Markdown key or text).

    ``parts`` says of each part (option, pair, gap) what it earned, for those types that have several.
    """

    fraction: Decimal
    reasons: Mapping[str, str]
    message: str = ""
    parts: Mapping[str, Decimal] = field(default_factory=dict)


class QuestionType(Protocol):
    """``content`` is the question as stored in its version; ``answer`` is plain JSON, checked by ``clean``.

    ``seed`` belongs to one question of one attempt: it decides the order of options and the values of variables;
    0 = as written. ``manual`` types are marked by a person; types that ``varies`` have values of their own in each
    attempt, also where nothing is shuffled.
    """

    name: str
    label: Any
    icon: str
    manual: bool
    varies: bool
    content_schema: Mapping[str, Any]
    template: str
    editor: Editor

    def snapshot(self, content: Content) -> dict[str, Any]:
        """The canonical question, as its version keeps it. No floats; what says nothing is left out."""

    def texts(self, content: Content) -> dict[str, str]:
        """Every piece of Markdown by the key under which ``template`` finds its HTML; with ``stem``, ``general``."""

    def files(self, content: Content) -> Sequence[str]:
        """Names of the files it uses outside of its texts, without ``media/``."""

    def faults(self, content: Content) -> list[Fault]:
        """What the schema cannot say, as ``(dotted path, sentence)``."""

    def warnings(self, content: Content) -> list[Fault]:
        """What an author should know and may leave as it is."""

    def order(self, content: Content, seed: int) -> Sequence[str]:
        """Ids of the parts in the order in which they are shown for ``seed``; 0 = as written."""

    def parse(self, content: Content, data: QueryDict, prefix: str) -> Any:
        """The answer in a form's data; None when nothing was answered. Unknown ids are dropped."""

    def fields(self, content: Content, answer: Any) -> list[tuple[str, str]]:
        """The form data that ``parse`` reads ``answer`` from, as ``(name after the prefix, value)``: "" or ".part"."""

    def named(self, content: Content, answer: Any) -> Any:
        """``answer`` in the names that a page uses, where ids would hint at what is right; ``clean`` reads both."""

    def heard(self, content: Content, answer: Any) -> Any:
        """``answer`` as a client sent it, for ``clean``: what only an author knows is no answer of a learner's."""

    def clean(self, content: Content, answer: Any) -> Any:
        """The answer from JSON. Raises ``core.errors.InvalidInput`` when it has the wrong shape."""

    def chosen(self, content: Content, answer: Any) -> Sequence[str]:
        """The ids of written options that ``answer`` chose; nonsense counts as none."""

    def fill(self, content: Content, html: Mapping[str, str], seed: int) -> Mapping[str, str]:
        """``html`` with the values of variables put in."""

    def show(
        self, content: Content, html: Mapping[str, str], seed: int, answer: Any, mark: Mark | None = None
    ) -> dict[str, Any]:
        """What ``template`` needs, as ``fields``. Without ``mark`` nothing in it says what is right."""

    def grade(self, content: Content, answer: Any, seed: int = 0) -> Mark:
        """Never raises: an answer that makes no sense earns nothing and says so in ``message``."""

    def said(self, content: Content, answer: Any, seed: int = 0) -> list[str]:
        """The answer in plain words, a line for each part; empty when there is none."""

    def right(self, content: Content, seed: int = 0) -> list[str]:
        """The right answer in plain words, a line for each part."""

    def responses(self, content: Content, answer: Any, seed: int = 0) -> list[tuple[str, str]]:
        """What analysis counts of an answer, as ``(key, plain words)``: options chosen, pairs made, the words typed."""


types: dict[str, QuestionType] = {}


def register_type(question_type: QuestionType) -> None:
    """Add ``question_type`` under its name. Raises ``ValueError`` when another class holds the name."""
    if type(types.get(question_type.name, question_type)) is not type(question_type):
        raise ValueError(f"question type {question_type.name!r} is taken")
    types[question_type.name] = question_type
