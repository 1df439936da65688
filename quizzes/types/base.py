"""What the types share whose answer is a choice among written options."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.errors import InvalidInput
from quizzes.registry import Mark

Content = Mapping[str, Any]
ID_PATTERN = r"^[A-Za-z0-9-]{1,40}$"
UID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"


def options_schema(option_id: Mapping[str, Any], *, least: int, most: int) -> dict[str, Any]:
    """JSON Schema of a question with ``least`` to ``most`` options whose id is ``option_id``."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["uid", "type", "stem", "options"],
        "properties": {
            "uid": {"type": "string", "pattern": ID_PATTERN},
            "type": {"type": "string"},
            "facts": {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True},
            "stem": {"type": "string", "minLength": 1, "maxLength": 4000},
            "options": {
                "type": "array",
                "minItems": least,
                "maxItems": most,
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["id", "text", "right"],
                    "properties": {
                        "id": option_id,
                        "text": {"type": "string", "minLength": 1, "maxLength": 2000},
                        "right": {"type": "boolean"},
                        "feedback": {"type": "string", "maxLength": 4000},
                    },
                },
            },
            "general_feedback": {"type": "string", "maxLength": 4000},
            "back_to": {"type": "string", "pattern": UID_PATTERN, "maxLength": 60},
            "shuffle": {"type": "boolean"},
        },
    }


def tidy(text: str) -> str:
    """Line ends as LF, nothing around: YAML's block texts end in a line end, quoted ones do not."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def option_id(option: Content) -> str:
    """The id as text: YAML reads an unquoted ``true`` as a truth value."""
    value = option.get("id")
    return str(value).lower() if isinstance(value, bool) else str(value)


def ids(content: Content) -> list[str]:
    """Option ids in the order in which they were written."""
    return [option_id(option) for option in content["options"]]


def right_ids(content: Content) -> list[str]:
    return [option_id(option) for option in content["options"] if option["right"]]


@dataclass(frozen=True)
class Option:
    """An option as it stands on a page; ``right`` and ``reason`` stay empty until the attempt is graded."""

    id: str
    html: str
    chosen: bool
    right: bool
    reason: str


class ChoiceType:
    """Base of single choice, multiple response and true/false."""

    name: str
    content_schema: Mapping[str, Any]
    template = "quizzes/types/choices.html"
    several = False

    def snapshot(self, content: Content) -> dict[str, Any]:
        """The canonical question: what says nothing is left out, so that one question has one hash."""
        said = {
            "facts": list(content.get("facts", ())),
            "general_feedback": tidy(content.get("general_feedback", "")),
            "back_to": content.get("back_to", ""),
        }
        if not content.get("shuffle", True):
            said["shuffle"] = False
        return {
            "uid": content["uid"],
            "type": self.name,
            "stem": tidy(content["stem"]),
            "options": [
                {
                    "id": option_id(option),
                    "text": tidy(option["text"]),
                    "right": option["right"],
                    "feedback": tidy(option.get("feedback", "")),
                }
                for option in content["options"]
            ],
        } | {name: value for name, value in said.items() if value != "" and value != []}

    def faults(self, content: Content) -> list[tuple[str, str]]:
        seen: set[str] = set()
        found = []
        for number, each in enumerate(ids(content)):
            if each in seen:
                found.append((f"options.{number}.id", _("The id “%(id)s” is taken; give each its own.") % {"id": each}))
            seen.add(each)
        return found + self._wrong_number_of_rights(len(right_ids(content)))

    def _wrong_number_of_rights(self, rights: int) -> list[tuple[str, str]]:
        if rights == 1:
            return []
        return [("options", _("%(rights)d options are right; exactly one must be.") % {"rights": rights})]

    def warnings(self, content: Content) -> list[tuple[str, str]]:
        """What an author should know and may leave: an option without a reply."""
        return [
            (f"options.{number}.feedback", _("This option has no reply of its own."))
            for number, option in enumerate(content["options"])
            if not option.get("feedback")
        ]

    def texts(self, content: Content) -> dict[str, str]:
        """Every piece of Markdown under the key by which templates find its HTML."""
        found = {"stem": content["stem"], "general": content.get("general_feedback", "")}
        for option in content["options"]:
            found[f"text:{option_id(option)}"] = option["text"]
            found[f"feedback:{option_id(option)}"] = option.get("feedback", "")
        return found

    def order(self, content: Content, seed: int) -> Sequence[str]:
        written = ids(content)
        if not seed or not content.get("shuffle", True):
            return written
        # A digest, not random.shuffle: the order must stay the same whatever Python says later.
        return sorted(written, key=lambda each: hashlib.sha256(f"{seed}:{each}".encode()).digest())

    def show(
        self, content: Content, html: Mapping[str, str], seed: int, answer: Any, mark: Mark | None = None
    ) -> dict[str, Any]:
        """The options as they stand on the page; right ones and replies only with ``mark``, when all is over."""
        chosen = set(self.chosen(content, answer))
        rights = set(right_ids(content)) if mark else set()
        options = [
            Option(
                id=each,
                html=html.get(f"text:{each}", ""),
                chosen=each in chosen,
                right=each in rights,
                reason=html.get(f"feedback:{each}", "") if mark and each in mark.reasons else "",
            )
            for each in self.order(content, seed)
        ]
        return {"several": self.several, "options": options, "marked": mark is not None}

    def _known(self, content: Content, chosen: Iterable[str]) -> list[str]:
        wanted = set(chosen)
        return [each for each in ids(content) if each in wanted]

    def chosen(self, content: Content, answer: Any) -> list[str]:
        """The known option ids in ``answer``, in written order; whatever is no answer counts as nothing chosen."""
        given = answer if isinstance(answer, list) else [answer]
        return self._known(content, (each for each in given if isinstance(each, str)))

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

    def clean(self, content: Content, answer: Any) -> str | None:
        if answer is None:
            return None
        if not isinstance(answer, str) or answer not in ids(content):
            message = _("Choose one of the options of this question.")
            raise InvalidInput(message, fields={"answer": message})
        return answer

    def grade(self, content: Content, answer: Any) -> Mark:
        chosen = self.chosen(content, answer) if isinstance(answer, str) else []
        earned = Decimal(1) if chosen and chosen[0] in right_ids(content) else Decimal(0)
        message = "" if chosen else _("You did not answer this question.")
        return Mark(earned, self._reasons(content, chosen), message)
