"""What the types share whose answer is one typed line, compared with accepted answers in their order."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.editor import Field
from quizzes.registry import Content, Fault, Mark
from quizzes.types.base import (
    DEFAULTS,
    MARKDOWN,
    SHARE,
    BaseType,
    clamp,
    lean,
    repeated,
    rows_schema,
    share_of,
    tidy,
    wrong_shape,
)

LONGEST = 1000
ANSWER_DEFAULTS: Mapping[str, Any] = {
    "share": "100",
    "match": "exact",
    "tolerance": "0",
    "relative": False,
    "before": 0,
    "after": 0,
}
SHARE_FIELD = Field(
    "share", gettext_lazy("Credit in percent"), "decimal", help=gettext_lazy("100 is a right answer."), default="100"
)
FEEDBACK_FIELD = Field("feedback", gettext_lazy("Reply to whoever gives it"), "markdown")
OTHER_FIELD = Field("other_feedback", gettext_lazy("Reply to any other answer"), "markdown")


@dataclass(frozen=True)
class Found:
    """The place of the first accepted answer that fits, or None, and what to say when the answer could not count."""

    index: int | None
    message: str = ""


def answers_schema(own: Mapping[str, Any], *, required: Sequence[str]) -> dict[str, Any]:
    """JSON Schema of 1 to 50 accepted answers, each with its credit and reply."""
    return rows_schema({**own, "share": SHARE, "feedback": MARKDOWN}, required=required, least=1, most=50)


def lean_answers(answers: Sequence[Content]) -> list[dict[str, Any]]:
    return [lean(each, ANSWER_DEFAULTS) for each in answers]


def nothing_right(answers: Sequence[Content], where: str = "answers") -> list[Fault]:
    """A fault when no answer earns everything: then nobody could be right."""
    if any(share_of(each) == 1 for each in answers):
        return []
    return [(where, _("No answer earns 100 percent; at least one must."))]


def in_full(answers: Sequence[Content]) -> list[Content]:
    return [each for each in answers if share_of(each) == 1]


def typed(text: str) -> str:
    """``text`` as it is kept: tidied, without signs that no database holds (nought bytes, halves of characters)."""
    return tidy("".join(each for each in text if each != "\0" and unicodedata.category(each) != "Cs"))


def kept_text(answer: Any, longest: int) -> str | None:
    """A typed answer from JSON. Raises ``InvalidInput`` when it is no text or has more than ``longest`` characters."""
    if answer is None:
        return None
    if not isinstance(answer, str):
        raise wrong_shape(_("Write your answer as text."))
    if len(answer) > longest:
        raise wrong_shape(_("Write at most %(most)d characters.") % {"most": longest})
    return typed(answer) or None


def no_answer(answer: Any) -> str:
    """What to say when nothing was answered; empty when something was."""
    blank = answer is None or (isinstance(answer, str) and not typed(answer))
    return _("You did not answer this question.") if blank else ""


def verdict(fraction: Decimal) -> str:
    """``right``, ``partly`` or ``wrong``."""
    if fraction == 1:
        return "right"
    return "partly" if fraction else "wrong"


class TypedType(BaseType):
    """Base of short answer, number, calculated and date. A type says with ``find`` which accepted answer fits."""

    longest = LONGEST

    def find(self, content: Content, answer: Any, seed: int) -> Found:
        """The first of ``answers`` that ``answer``, any JSON, fits. Never raises."""
        raise NotImplementedError

    def snapshot(self, content: Content) -> dict[str, Any]:
        said = lean({**content, "type": self.name}, {**DEFAULTS, **self.defaults})
        said["answers"] = lean_answers(content["answers"])
        return said

    def own_texts(self, content: Content) -> dict[str, str]:
        replies = {f"feedback:{each['id']}": each.get("feedback", "") for each in content["answers"]}
        return {**replies, "other": content.get("other_feedback", "")}

    def faults(self, content: Content) -> list[Fault]:
        return repeated(content["answers"], "answers") + nothing_right(content["answers"])

    def parse(self, content: Content, data: QueryDict, prefix: str) -> str | None:
        return typed(data.get(prefix, "")) or None

    def clean(self, content: Content, answer: Any) -> str | None:
        return kept_text(answer, self.longest)

    def grade(self, content: Content, answer: Any, seed: int = 0) -> Mark:
        """The credit of the first accepted answer that fits; its reply, or the reply to any other answer under ""."""
        missing = no_answer(answer)
        if missing:
            return Mark(Decimal(0), {}, missing)
        found = self.find(content, answer, seed)
        if found.index is None:
            return Mark(Decimal(0), {"": content.get("other_feedback", "")}, found.message)
        fitting = content["answers"][found.index]
        return Mark(clamp(share_of(fitting)), {fitting["id"]: fitting.get("feedback", "")}, found.message)

    def show(
        self, content: Content, html: Mapping[str, str], seed: int, answer: Any, mark: Mark | None = None
    ) -> dict[str, Any]:
        fields = {"value": answer if isinstance(answer, str) else "", "longest": self.longest, "marked": bool(mark)}
        if mark is None:
            return fields
        replies = [html.get(f"feedback:{key}" if key else "other", "") for key in mark.reasons]
        return {
            **fields,
            "verdict": verdict(mark.fraction),
            "message": mark.message,
            "reason": next(filter(None, replies), ""),
            "right": self.right(content, seed),
        }

    def said(self, content: Content, answer: Any, seed: int = 0) -> list[str]:
        return [answer] if isinstance(answer, str) and answer else []
