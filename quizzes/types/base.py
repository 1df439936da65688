"""What all question types share."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django.http import QueryDict
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from courses import markup
from quizzes.editor import Editor
from quizzes.registry import Content, Fault, Mark

ID_PATTERN = r"^[A-Za-z0-9-]{1,40}$"
UID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
DECIMAL_PATTERN = r"^-?(0|[1-9]\d{0,14})(\.\d{1,10})?$"
SHARE_PATTERN = r"^-?(100|\d{1,2}(\.\d{1,5})?)$"
LINE, TEXT = 2000, 4000

ID = {"type": "string", "pattern": ID_PATTERN}
MARKDOWN = {"type": "string", "maxLength": TEXT}
DECIMAL = {"type": "string", "pattern": DECIMAL_PATTERN}
SHARE = {"type": "string", "pattern": SHARE_PATTERN}

COMMON: Mapping[str, Any] = {
    "uid": ID,
    "type": {"type": "string"},
    "format": {"enum": ["md", "html"]},
    "facts": {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True},
    "stem": {"type": "string", "minLength": 1, "maxLength": TEXT},
    "general_feedback": MARKDOWN,
    "back_to": {"type": "string", "pattern": UID_PATTERN, "maxLength": 60},
    "shuffle": {"type": "boolean"},
    "points": {"type": "integer", "minimum": 1, "maximum": 100},
    "keep": {"type": "boolean"},  # worth a review card, also for whoever got it right
    "hints": {"type": "array", "maxItems": 5, "items": {"type": "string", "minLength": 1, "maxLength": LINE}},
}
# What a property has when it is not written: then it is not part of the canonical question either.
DEFAULTS: Mapping[str, Any] = {"format": "md", "shuffle": True, "points": 1, "keep": False}


def schema_of(own: Mapping[str, Any], *, required: Sequence[str]) -> dict[str, Any]:
    """JSON Schema of a question with what all have and its ``own`` properties."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["uid", "type", "stem", *required],
        "properties": {**COMMON, **own},
    }


def rows_schema(own: Mapping[str, Any], *, required: Sequence[str], least: int, most: int) -> dict[str, Any]:
    """JSON Schema of a list of ``least`` to ``most`` parts, each with an id."""
    item = {
        "type": "object",
        "additionalProperties": False,
        "required": ["id", *required],
        "properties": {"id": ID, **own},
    }
    return {"type": "array", "minItems": least, "maxItems": most, "items": item}


def tidy(text: str) -> str:
    """Line ends as LF, nothing around: YAML's block texts end in a line end, quoted ones do not."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def tidied(value: Any) -> Any:
    """``value`` with every text in it tidied."""
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, list | tuple):
        return [tidied(each) for each in value]
    if isinstance(value, Mapping):
        return {key: tidied(each) for key, each in value.items()}
    return value


def lean(value: Mapping[str, Any], defaults: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """``value`` tidied, without what is empty or as ``defaults`` say."""
    known = defaults or {}
    return {
        key: each
        for key, each in tidied(value).items()
        if each not in ("", [], {}, None) and not (key in known and each == known[key])
    }


def lean_rows(rows: Sequence[Content]) -> list[dict[str, Any]]:
    """Parts as a canonical question keeps them: tidied, without what is empty."""
    return [lean(row) for row in rows]


def number_of(text: Any) -> Decimal | None:
    """A written decimal as a number; None when it is none, or none that anybody counts with."""
    try:
        value = Decimal(str(text))
    except InvalidOperation:
        return None
    return value if value.is_finite() and -15 <= value.adjusted() <= 15 else None


def share_of(part: Content, default: str = "100") -> Decimal:
    """The credit written at ``part`` as a fraction: ``share: "50"`` is 0.5."""
    return (number_of(part.get("share", default)) or Decimal(0)) / 100


def clamp(fraction: Decimal) -> Decimal:
    """``fraction`` not below nothing and not above everything."""
    return min(Decimal(1), max(Decimal(0), fraction))


def shuffled(names: Iterable[str], seed: int) -> list[str]:
    """``names`` in an order of their own for ``seed``; as given for 0.

    A digest, not random.shuffle: the order must stay the same whatever Python says later.
    """
    written = list(names)
    if not seed:
        return written
    return sorted(written, key=lambda each: hashlib.sha256(f"{seed}:{each}".encode()).digest())


def token(content: Content, part: str) -> str:
    """The name of ``part`` on pages of the question ``content``, where its id would say what is right.

    Ids were given as the author wrote, and what is right is often written first; some even say so.
    """
    return _token(content["uid"], part)


@lru_cache(maxsize=16_384)
def _token(uid: str, part: str) -> str:
    return salted_hmac("quizzes.types", f"{uid}:{part}").hexdigest()[:12]


def known_as(content: Content, parts: Iterable[str]) -> dict[str, str]:
    """The part that each name stands for which an answer may use: its name on pages, or its id."""
    written = list(parts)
    return {token(content, each): each for each in written} | {each: each for each in written}


def repeated(rows: Sequence[Content], where: str) -> list[Fault]:
    """A fault for each id in ``rows`` that is there twice."""
    seen: set[str] = set()
    found = []
    for number, row in enumerate(rows):
        if row["id"] in seen:
            message = _("The id “%(id)s” is taken; give each its own.") % {"id": row["id"]}
            found.append((f"{where}.{number}.id", message))
        seen.add(row["id"])
    return found


def words(text: str, text_format: str = "md") -> str:
    """A text of a question as one plain line; ``text_format`` is the ``format`` of its content."""
    return markup.plain(markup.sanitise(text) if text_format == "html" else markup.render(text))


def wrong_shape(message: str) -> InvalidInput:
    """The refusal of an answer that has the wrong shape."""
    return InvalidInput(message, fields={"answer": message})


class BaseType:
    """Defaults of the protocol ``QuestionType``; a type says what differs."""

    name: str
    label: Any
    icon = "quiz"
    manual = False
    varies = False
    content_schema: Mapping[str, Any]
    template: str
    editor = Editor()
    defaults: Mapping[str, Any] = {}

    def snapshot(self, content: Content) -> dict[str, Any]:
        """The canonical question: what says nothing is left out, so that one question has one hash."""
        return lean({**content, "type": self.name}, {**DEFAULTS, **self.defaults})

    def texts(self, content: Content) -> dict[str, str]:
        """Every piece of Markdown under the key by which templates find its HTML."""
        hints = {f"hint:{number}": text for number, text in enumerate(content.get("hints", ()))}
        return {
            "stem": content["stem"],
            "general": content.get("general_feedback", ""),
            **hints,
            **self.own_texts(content),
        }

    def own_texts(self, content: Content) -> dict[str, str]:
        """The Markdown that only this type has."""
        return {}

    def files(self, content: Content) -> Sequence[str]:
        return ()

    def faults(self, content: Content) -> list[Fault]:
        return []

    def warnings(self, content: Content) -> list[Fault]:
        return []

    def order(self, content: Content, seed: int) -> Sequence[str]:
        return []

    def parse(self, content: Content, data: QueryDict, prefix: str) -> Any:
        """A typed line: its text, None when it is blank."""
        return data.get(prefix, "").strip() or None

    def fields(self, content: Content, answer: Any) -> list[tuple[str, str]]:
        return [("", answer)] if isinstance(answer, str) else []

    def named(self, content: Content, answer: Any) -> Any:
        return answer

    def heard(self, content: Content, answer: Any) -> Any:
        return answer

    def clean(self, content: Content, answer: Any) -> Any:
        raise NotImplementedError

    def chosen(self, content: Content, answer: Any) -> Sequence[str]:
        return []

    def fill(self, content: Content, html: Mapping[str, str], seed: int) -> Mapping[str, str]:
        return html

    def show(
        self, content: Content, html: Mapping[str, str], seed: int, answer: Any, mark: Mark | None = None
    ) -> dict[str, Any]:
        raise NotImplementedError

    def grade(self, content: Content, answer: Any, seed: int = 0) -> Mark:
        raise NotImplementedError

    def said(self, content: Content, answer: Any, seed: int = 0) -> list[str]:
        return [str(answer)] if answer is not None else []

    def right(self, content: Content, seed: int = 0) -> list[str]:
        return []

    def responses(self, content: Content, answer: Any, seed: int = 0) -> list[tuple[str, str]]:
        return [(line, line) for line in self.said(content, answer, seed)]
