"""What the types share whose answer is a choice among written options."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.editor import Editor, Field, Rows
from quizzes.registry import Content, Fault, Mark
from quizzes.types.base import (
    DEFAULTS,
    LINE,
    MARKDOWN,
    SHARE,
    BaseType,
    clamp,
    known_as,
    lean,
    repeated,
    schema_of,
    share_of,
    shuffled,
    tidied,
    token,
    words,
    wrong_shape,
)


def options_schema(option_id: Mapping[str, Any], *, least: int, most: int, **own: Any) -> dict[str, Any]:
    """JSON Schema of a question with ``least`` to ``most`` options whose id is ``option_id``."""
    item = {
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "text", "right"],
        "properties": {
            "id": option_id,
            "text": {"type": "string", "minLength": 1, "maxLength": LINE},
            "right": {"type": "boolean"},
            "share": SHARE,
            "feedback": MARKDOWN,
        },
    }
    options = {"type": "array", "minItems": least, "maxItems": most, "items": item}
    return schema_of({"options": options, **own}, required=["options"])


def option_id(option: Content) -> str:
    """The id as text: YAML reads an unquoted ``true`` as a truth value."""
    value = option.get("id")
    return str(value).lower() if isinstance(value, bool) else str(value)


def ids(content: Content) -> list[str]:
    """Option ids in the order in which they were written."""
    return [option_id(option) for option in content["options"]]


def right_ids(content: Content) -> list[str]:
    return [option_id(option) for option in content["options"] if option["right"]]


SHUFFLE = Field("shuffle", gettext_lazy("Shuffle answers"), "flag", default=True)


def option_rows(*fields: Field) -> Rows:
    """The answers of a question in its form, with ``fields`` besides those that every answer has."""
    return Rows(
        name="options",
        label=gettext_lazy("Answers"),
        fields=(
            Field("text", gettext_lazy("Answer"), "markdown", required=True),
            Field("right", gettext_lazy("Right"), "flag", default=False),
            *fields,
            Field("feedback", gettext_lazy("Reply to whoever chooses it"), "markdown"),
        ),
        least=2,
        most=20,
        add=gettext_lazy("Add an answer"),
    )


@dataclass(frozen=True)
class Option:
    """An option as it stands on a page; ``right``, ``partly`` and ``reason`` stay empty until the attempt is graded.

    ``id`` is its name on pages, not the id that the author gave.
    """

    id: str
    html: str
    chosen: bool
    right: bool
    reason: str
    partly: bool = False


class ChoiceType(BaseType):
    """Base of single choice, multiple response and true/false."""

    template = "quizzes/types/choices.html"
    several = False
    editor = Editor(fields=(SHUFFLE,), rows=(option_rows(),))

    def snapshot(self, content: Content) -> dict[str, Any]:
        said = lean({**content, "type": self.name}, {**DEFAULTS, **self.defaults})
        # An option without a reply always said so, and hashes of editions hold to it.
        said["options"] = [self._option(option) for option in content["options"]]
        return said

    def _option(self, option: Content) -> dict[str, Any]:
        said = {
            "id": option_id(option),
            "text": tidied(option["text"]),
            "right": option["right"],
            "feedback": tidied(option.get("feedback", "")),
        }
        return said | ({"share": option["share"]} if option.get("share") else {})

    def faults(self, content: Content) -> list[Fault]:
        options = [{"id": each} for each in ids(content)]
        return repeated(options, "options") + self._wrong_number_of_rights(len(right_ids(content)))

    def _wrong_number_of_rights(self, rights: int) -> list[Fault]:
        if rights == 1:
            return []
        return [("options", _("%(rights)d options are right; exactly one must be.") % {"rights": rights})]

    def warnings(self, content: Content) -> list[Fault]:
        """What an author should know and may leave: an option without a reply."""
        return [
            (f"options.{number}.feedback", _("This option has no reply of its own."))
            for number, option in enumerate(content["options"])
            if not option.get("feedback")
        ]

    def own_texts(self, content: Content) -> dict[str, str]:
        found = {}
        for option in content["options"]:
            found[f"text:{option_id(option)}"] = option["text"]
            found[f"feedback:{option_id(option)}"] = option.get("feedback", "")
        return found

    def order(self, content: Content, seed: int) -> Sequence[str]:
        return shuffled(ids(content), seed if content.get("shuffle", True) else 0)

    def name_of(self, content: Content, option: str) -> str:
        """The name of an option on pages."""
        return token(content, option)

    def fields(self, content: Content, answer: Any) -> list[tuple[str, str]]:
        return [("", self.name_of(content, each)) for each in self.chosen(content, answer)]

    def show(
        self, content: Content, html: Mapping[str, str], seed: int, answer: Any, mark: Mark | None = None
    ) -> dict[str, Any]:
        """The options as they stand on the page; right ones and replies only with ``mark``, when all is over."""
        chosen = set(self.chosen(content, answer))
        rights = set(right_ids(content)) if mark else set()
        options = [
            Option(
                id=self.name_of(content, each),
                html=html.get(f"text:{each}", ""),
                chosen=each in chosen,
                right=each in rights,
                reason=html.get(f"feedback:{each}", "") if mark and each in mark.reasons else "",
                partly=mark is not None and not self.several and 0 < mark.parts.get(each, 0) < 1,
            )
            for each in self.order(content, seed)
        ]
        return {"several": self.several, "options": options, "marked": mark is not None}

    def _known(self, content: Content, chosen: Iterable[str]) -> list[str]:
        known = known_as(content, ids(content))
        wanted = {known.get(each) for each in chosen}
        return [each for each in ids(content) if each in wanted]

    def chosen(self, content: Content, answer: Any) -> list[str]:
        """The known option ids in ``answer``, in written order; whatever is no answer counts as nothing chosen."""
        given = answer if isinstance(answer, list) else [answer]
        return self._known(content, (each for each in given if isinstance(each, str)))

    def said(self, content: Content, answer: Any, seed: int = 0) -> list[str]:
        return [text for _key, text in self.responses(content, answer, seed)]

    def right(self, content: Content, seed: int = 0) -> list[str]:
        return self.said(content, right_ids(content))

    def responses(self, content: Content, answer: Any, seed: int = 0) -> list[tuple[str, str]]:
        chosen = self.chosen(content, answer)
        written = content.get("format", "md")
        return [
            (option_id(option), words(option["text"], written))
            for option in content["options"]
            if option_id(option) in chosen
        ]

    def _reasons(self, content: Content, chosen: Sequence[str]) -> dict[str, str]:
        """A reply for what was chosen and for what was missed."""
        return {
            option_id(option): option.get("feedback", "")
            for option in content["options"]
            if option_id(option) in chosen or option["right"]
        }


class OneChoiceType(ChoiceType):
    """An answer is one option id, or None for none."""

    def parse(self, content: Content, data: Any, prefix: str) -> str | None:
        known = self._known(content, [data.get(prefix, "")])
        return known[0] if known else None

    def named(self, content: Content, answer: Any) -> str | None:
        return next((self.name_of(content, each) for each in self.chosen(content, answer)), None)

    def clean(self, content: Content, answer: Any) -> str | None:
        if answer is None:
            return None
        known = self._known(content, [answer]) if isinstance(answer, str) else []
        if not known:
            raise wrong_shape(_("Choose one of the options of this question."))
        return known[0]

    def grade(self, content: Content, answer: Any, seed: int = 0) -> Mark:
        chosen = self.chosen(content, answer) if isinstance(answer, str) else []
        parts = {option_id(option): worth(option) for option in content["options"] if option_id(option) in chosen}
        message = "" if chosen else _("You did not answer this question.")
        return Mark(max(parts.values(), default=Decimal(0)), self._reasons(content, chosen), message, parts)


def worth(option: Content) -> Decimal:
    """What choosing ``option`` alone earns: everything when it is right, else its share."""
    return Decimal(1) if option["right"] else clamp(share_of(option, "0"))
