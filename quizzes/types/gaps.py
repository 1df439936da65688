"""A gap in a text: what an author says of it, what an answer to it earns, and the words that show both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import markup
from quizzes.editor import Field, Rows
from quizzes.registry import Content, Fault
from quizzes.rendering import rendered
from quizzes.types import num, text
from quizzes.types.base import ID, LINE, MARKDOWN, SHARE, clamp, lean, repeated, rows_schema, share_of, token
from quizzes.types.folding import folded
from quizzes.types.numbers import find as find_number
from quizzes.types.numbers import plain_number
from quizzes.types.typed import FEEDBACK_FIELD, SHARE_FIELD, Found, in_full, lean_answers, no_answer, nothing_right

GAP_DEFAULTS: Mapping[str, Any] = {"points": 1, "case": False, "accents": False}
OPTIONS = rows_schema(
    {
        "text": {"type": "string", "minLength": 1, "maxLength": LINE},
        "right": {"type": "boolean"},
        "share": SHARE,
        "feedback": MARKDOWN,
    },
    required=["text", "right"],
    least=2,
    most=20,
)
# The flags only say something of words; a form may leave them on a gap that became a list.
FLAGS = ("case", "accents")
COMMON_GAP = {
    "id": ID,
    "points": {"type": "integer", "minimum": 1, "maximum": 100},
    "feedback": MARKDOWN,
    **{flag: {"type": "boolean"} for flag in FLAGS},
}


def _gap_schema(kind: str, own: Mapping[str, Any], required: str) -> dict[str, Any]:
    said = {
        "additionalProperties": False,
        "required": ["id", "kind", required],
        "properties": {**COMMON_GAP, "kind": {"const": kind}, **own},
    }
    of_kind = {"type": "object", "required": ["kind"], "properties": {"kind": {"const": kind}}}
    return {"if": of_kind, "then": said}


GAPS = {
    "type": "array",
    "minItems": 1,
    "maxItems": 50,
    "items": {
        "type": "object",
        "required": ["id", "kind"],
        "properties": {"id": ID, "kind": {"enum": ["choice", "text", "num"]}},
        "allOf": [
            _gap_schema("choice", {"options": OPTIONS}, "options"),
            _gap_schema("text", {"answers": text.ANSWERS}, "answers"),
            _gap_schema("num", {"answers": num.ANSWERS}, "answers"),
        ],
    },
}

GAP_ROWS = Rows(
    name="gaps",
    named=True,
    label=gettext_lazy("Gaps: write [[a]] into the question where gap a stands"),
    fields=(
        Field(
            "kind",
            gettext_lazy("Kind"),
            "choice",
            choices=(
                ("choice", gettext_lazy("A list to choose from")),
                ("text", gettext_lazy("Words")),
                ("num", gettext_lazy("A number")),
            ),
            required=True,
            default="choice",
        ),
        Field("points", gettext_lazy("Weight"), "whole", default=1),
        Field("case", gettext_lazy("Capital letters count"), "flag", default=False),
        Field("accents", gettext_lazy("Accents count"), "flag", default=False),
        Field("feedback", gettext_lazy("Reply to a wrong answer"), "markdown"),
    ),
    least=1,
    most=50,
    add=gettext_lazy("Add a gap"),
    inner=Rows(
        name="options",
        label=gettext_lazy("Choices of a list"),
        fields=(
            Field("text", gettext_lazy("Choice"), "markdown", required=True),
            Field("right", gettext_lazy("Right"), "flag", default=False),
            FEEDBACK_FIELD,
        ),
        least=0,
        most=20,
        add=gettext_lazy("Add a choice"),
    ),
    also=(
        Rows(
            name="answers",
            label=gettext_lazy("Accepted words or numbers"),
            fields=(
                Field("text", gettext_lazy("Words"), "line"),
                Field(
                    "match",
                    gettext_lazy("Compared"),
                    "choice",
                    choices=(
                        ("exact", gettext_lazy("As written")),
                        ("wildcard", gettext_lazy("As a pattern")),
                    ),
                ),
                Field("value", gettext_lazy("Number"), "decimal"),
                Field("tolerance", gettext_lazy("May be off by"), "decimal"),
                SHARE_FIELD,
                FEEDBACK_FIELD,
            ),
            least=0,
            most=50,
            add=gettext_lazy("Add an answer"),
        ),
    ),
)


@dataclass(frozen=True)
class Judged:
    """What an answer to one gap earned; ``key`` is where its reply is among the texts."""

    fraction: Decimal
    key: str
    feedback: str
    message: str = ""


def rows_of(gap: Content) -> Sequence[Content]:
    """The options or the accepted answers of ``gap``."""
    return list(gap["options"] if gap["kind"] == "choice" else gap["answers"])


def lean_gap(gap: Content) -> dict[str, Any]:
    """``gap`` without what is said by default, or says nothing of its kind."""
    said = lean(gap, GAP_DEFAULTS)
    if gap["kind"] != "text":
        said = {key: each for key, each in said.items() if key not in FLAGS}
    if gap["kind"] == "choice":
        return said | {"options": [lean(each) for each in gap["options"]]}
    return said | {"answers": lean_answers(gap["answers"])}


def is_known(gap: Content, value: str) -> bool:
    """Is ``value`` something that ``gap`` can hold: any text, or the id of one of its options?"""
    if gap["kind"] == "choice":
        return any(each["id"] == value for each in gap["options"])
    return bool(value.strip())


def name_of(content: Content, gap: Content, value: str) -> str:
    """``value`` as pages have it: of an option its name there, which in no two gaps is the same."""
    return token(content, f"{gap['id']}:{value}") if gap["kind"] == "choice" else value


def kept_as(content: Content, gap: Content, value: str) -> str:
    """``value`` as answers keep it: the id of the option that has this name on pages, else as it is."""
    return next((each["id"] for each in gap.get("options", ()) if name_of(content, gap, each["id"]) == value), value)


def judge(gap: Content, value: str) -> Judged:
    """What ``value``, a text or the id of an option, earns in ``gap``; an empty one earns nothing."""
    found = _find(gap, value) if value else Found(None, no_answer(None))
    if found.index is None:
        return Judged(Decimal(0), f"feedback:{gap['id']}", gap.get("feedback", "") if value else "", found.message)
    row = rows_of(gap)[found.index]
    fraction = Decimal(1) if row.get("right") else clamp(share_of(row, "0" if gap["kind"] == "choice" else "100"))
    own = row.get("feedback", "")
    if own or fraction == 1:
        return Judged(fraction, f"feedback:{gap['id']}:{row['id']}", own)
    return Judged(fraction, f"feedback:{gap['id']}", gap.get("feedback", ""))


def _find(gap: Content, value: str) -> Found:
    if gap["kind"] == "choice":
        return Found(next((at for at, each in enumerate(gap["options"]) if each["id"] == value), None))
    if gap["kind"] == "num":
        return find_number(value, num.targets_of(gap["answers"]), gap)
    return text.find_words(gap["answers"], value, gap)


def plain(content: Content, markdown: str) -> str:
    """``markdown`` of the question in words without marks, as an option of a list must be."""
    return markup.plain(rendered(content, markdown, {}))


def words_of(content: Content, gap: Content, value: str) -> str:
    """``value`` as people read it: of an option its words, not its id."""
    if gap["kind"] != "choice":
        return value
    return next((plain(content, each["text"]) for each in gap["options"] if each["id"] == value), "")


def right_of(content: Content, gap: Content) -> str:
    """Everything that earns all of ``gap``, for people to read."""
    if gap["kind"] == "choice":
        return " / ".join(plain(content, each["text"]) for each in gap["options"] if each["right"])
    answers = in_full(gap["answers"])
    if gap["kind"] == "num":
        return " / ".join(plain_number(Decimal(each["value"])) for each in answers)
    return " / ".join(text.words_of(each) for each in answers)


def as_compared(gap: Content, words: str) -> str:
    """``words`` as they count in ``gap``, so that answers that mean the same are counted together."""
    return folded(words, case=gap.get("case", False), accents=gap.get("accents", False))


def gap_faults(gap: Content, where: str) -> list[Fault]:
    """What an author must mend in ``gap``; ``where`` is its path in the content."""
    if gap["kind"] == "choice":
        found = repeated(gap["options"], f"{where}.options")
        if not any(each["right"] for each in gap["options"]):
            found.append((f"{where}.options", _("No option is right; at least one must be.")))
        return found
    found = repeated(gap["answers"], f"{where}.answers") + nothing_right(gap["answers"], f"{where}.answers")
    return found + (text.blank_answers(gap["answers"], f"{where}.answers") if gap["kind"] == "text" else [])
