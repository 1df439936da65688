"""Short answer: some words, compared with accepted patterns."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.editor import Editor, Field, Rows
from quizzes.registry import Content, Fault
from quizzes.types.base import MARKDOWN, schema_of
from quizzes.types.folding import fits, folded, shown
from quizzes.types.typed import (
    FEEDBACK_FIELD,
    OTHER_FIELD,
    SHARE_FIELD,
    Found,
    TypedType,
    answers_schema,
    in_full,
)

ANSWERS = answers_schema(
    {"text": {"type": "string", "minLength": 1, "maxLength": 1000}, "match": {"enum": ["exact", "wildcard"]}},
    required=["text"],
)


def find_words(answers: Sequence[Content], answer: Any, rules: Content) -> Found:
    """The first of ``answers`` whose pattern ``answer`` fits; ``case`` and ``accents`` of ``rules`` say what counts."""
    if not isinstance(answer, str):
        return Found(None, _("This is no text."))
    strict = {"case": rules.get("case", False), "accents": rules.get("accents", False)}
    text = folded(answer[:4000], **strict)
    return Found(next((at for at, each in enumerate(answers) if _fits(each, text, strict)), None))


def _fits(answer: Content, text: str, strict: dict[str, bool]) -> bool:
    if answer.get("match") == "wildcard":
        return fits(answer["text"], text, **strict)
    return folded(answer["text"], **strict) == text


def words_of(answer: Content) -> str:
    """An accepted answer as people read it."""
    text = str(answer["text"])
    return shown(text) if answer.get("match") == "wildcard" else text


def blank_answers(answers: Sequence[Content], where: str = "answers") -> list[Fault]:
    """A fault for each accepted answer that nobody could type."""
    message = _("This answer is empty once spaces are folded; write what one should type.")
    return [(f"{where}.{at}.text", message) for at, each in enumerate(answers) if not folded(each["text"])]


class ShortAnswer(TypedType):
    """An answer is a text of up to 1000 characters, or None for none."""

    name = "text"
    label = gettext_lazy("Short answer")
    template = "quizzes/types/text.html"
    content_schema = schema_of(
        {
            "answers": ANSWERS,
            "case": {"type": "boolean"},
            "accents": {"type": "boolean"},
            "other_feedback": MARKDOWN,
        },
        required=["answers"],
    )
    defaults = {"case": False, "accents": False}
    editor = Editor(
        fields=(
            Field("case", gettext_lazy("Capital letters count"), "flag", default=False),
            Field("accents", gettext_lazy("Accents count"), "flag", default=False),
            OTHER_FIELD,
        ),
        rows=(
            Rows(
                name="answers",
                label=gettext_lazy("Accepted answers"),
                fields=(
                    Field("text", gettext_lazy("Words"), "line", required=True),
                    Field(
                        "match",
                        gettext_lazy("Compared"),
                        "choice",
                        help=gettext_lazy("In a pattern * is anything, and \\* a star."),
                        choices=(("exact", gettext_lazy("As written")), ("wildcard", gettext_lazy("As a pattern"))),
                        default="exact",
                    ),
                    SHARE_FIELD,
                    FEEDBACK_FIELD,
                ),
                least=1,
                most=50,
                add=gettext_lazy("Add an answer"),
            ),
        ),
    )

    def find(self, content: Content, answer: Any, seed: int) -> Found:
        return find_words(content["answers"], answer, content)

    def faults(self, content: Content) -> list[Fault]:
        return super().faults(content) + blank_answers(content["answers"])

    def right(self, content: Content, seed: int = 0) -> list[str]:
        return [" / ".join(words_of(each) for each in in_full(content["answers"]))]

    def responses(self, content: Content, answer: Any, seed: int = 0) -> list[tuple[str, str]]:
        """The words as they are compared, so that analysis counts what is the same as one."""
        given = "".join(self.said(content, answer, seed))
        text = folded(given, case=content.get("case", False), accents=content.get("accents", False))
        return [(text, text)] if text else []
