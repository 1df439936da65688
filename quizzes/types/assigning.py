"""What the types share whose answer gives each of several parts one of several choices: pairs and groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from courses import markup
from quizzes.registry import Content, Mark
from quizzes.types.base import DEFAULTS, BaseType, lean, lean_rows, shuffled, words, wrong_shape


def text_of(content: Content, text: str) -> str:
    """``text`` of the question ``content`` as one plain line."""
    return words(text, content.get("format", "md"))


@dataclass(frozen=True)
class Part:
    """A part as it stands on a page. What is right and why stays empty until the attempt is graded."""

    id: str
    html: str
    words: str
    value: str
    chosen: str
    tone: str = ""
    right: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Choice:
    """What a part may get: ``value`` in the form, and its words for a list that shows no pictures."""

    value: str
    html: str
    words: str


class AssigningType(BaseType):
    """An answer is ``{part id: choice id}``, or None for none. Parts without a choice may be missing.

    Credit is the share of parts that got the right choice. The source of the rule: each part is a question of its own
    with one right choice, and all count the same.
    """

    def snapshot(self, content: Content) -> dict[str, Any]:
        said = lean({**content, "type": self.name}, {**DEFAULTS, **self.defaults})
        return {key: lean_rows(value) if key in self.lists else value for key, value in said.items()}

    lists: Sequence[str]

    def parts(self, content: Content) -> Mapping[str, str]:
        """The text of each part by id, as written."""
        raise NotImplementedError

    def choices(self, content: Content) -> Mapping[str, str]:
        """The text of each choice by id, as written; each choice once."""
        raise NotImplementedError

    def known(self, content: Content) -> Mapping[str, str]:
        """The choice that each name stands for which an answer may use."""
        return {each: each for each in self.choices(content)}

    def wanted(self, content: Content) -> Mapping[str, str]:
        """The right choice of each part."""
        raise NotImplementedError

    def value(self, content: Content, choice: str) -> str:
        """The name of ``choice`` in a form."""
        return choice

    def name_of(self, content: Content, part: str) -> str:
        """The name of ``part`` in a form."""
        return part

    def choice_order(self, content: Content, seed: int) -> Sequence[str]:
        """Ids of the choices as they are shown."""
        return list(self.choices(content))

    def choice_key(self, choice: str) -> str:
        """The key of the text of ``choice``."""
        raise NotImplementedError

    def part_key(self, part: str) -> str:
        """The key of the text of ``part``."""
        raise NotImplementedError

    def order(self, content: Content, seed: int) -> Sequence[str]:
        return shuffled(self.parts(content), seed if content.get("shuffle", True) else 0)

    def parse(self, content: Content, data: QueryDict, prefix: str) -> dict[str, str] | None:
        parts = self.parts(content)
        names = {name for part in parts for name in (part, self.name_of(content, part)) if f"{prefix}.{name}" in data}
        return self._given(content, {name: data[f"{prefix}.{name}"] for name in names}) or None

    def fields(self, content: Content, answer: Any) -> list[tuple[str, str]]:
        return [(f".{part}", choice) for part, choice in (self.named(content, answer) or {}).items()]

    def named(self, content: Content, answer: Any) -> dict[str, str] | None:
        given = self._given(content, answer)
        return {self.name_of(content, part): self.value(content, each) for part, each in given.items()} or None

    def clean(self, content: Content, answer: Any) -> dict[str, str] | None:
        if answer is None:
            return None
        given = self._given(content, answer)
        if not isinstance(answer, dict) or len(given) != len(answer):
            raise wrong_shape(_("Give each part one of the choices of this question."))
        return given or None

    def _given(self, content: Content, answer: Any) -> dict[str, str]:
        """The known parts of ``answer`` that got a known choice, in written order."""
        if not isinstance(answer, dict):
            return {}
        known = self.known(content)
        pairs = ((part, answer.get(self.name_of(content, part), answer.get(part))) for part in self.parts(content))
        return {part: known[choice] for part, choice in pairs if isinstance(choice, str) and choice in known}

    def grade(self, content: Content, answer: Any, seed: int = 0) -> Mark:
        given, wanted = self._given(content, answer), self.wanted(content)
        parts = {part: Decimal(given.get(part) == right) for part, right in wanted.items()}
        reasons = {row["id"]: row.get("feedback", "") for row in content[self.lists[0]]}
        message = "" if given else _("You did not answer this question.")
        return Mark(sum(parts.values(), Decimal(0)) / len(parts), reasons, message, parts)

    def show(
        self, content: Content, html: Mapping[str, str], seed: int, answer: Any, mark: Mark | None = None
    ) -> dict[str, Any]:
        choices = [self._choice(content, html, each) for each in self.choice_order(content, seed)]
        given = self._given(content, answer)
        parts = [self._part(content, html, each, given.get(each), mark) for each in self.order(content, seed)]
        return {
            "parts": parts,
            "choices": choices,
            "rich": any("<" in each.html for each in choices),
            "marked": mark is not None,
        }

    def _choice(self, content: Content, html: Mapping[str, str], choice: str) -> Choice:
        shown = html.get(self.choice_key(choice), "")
        return Choice(self.value(content, choice), shown, markup.plain(shown))

    def _part(self, content: Content, html: Mapping[str, str], part: str, given: str | None, mark: Mark | None) -> Part:
        shown = html.get(self.part_key(part), "")
        found = {
            "id": self.name_of(content, part),
            "html": shown,
            "words": markup.plain(shown),
            "value": self.value(content, given) if given else "",
            "chosen": html.get(self.choice_key(given), "") if given else "",
        }
        if mark is None:
            return Part(**found)
        right = mark.parts.get(part) == 1
        wanted = html.get(self.choice_key(self.wanted(content)[part]), "")
        reason = html.get(f"feedback:{part}", "")
        return Part(**found, tone="ok" if right else "bad", right="" if right else wanted, reason=reason)

    def said(self, content: Content, answer: Any, seed: int = 0) -> list[str]:
        return [line for _key, line in self.responses(content, answer, seed)]

    def right(self, content: Content, seed: int = 0) -> list[str]:
        return self.said(content, self.wanted(content))

    def responses(self, content: Content, answer: Any, seed: int = 0) -> list[tuple[str, str]]:
        """The pairs made: part id and choice id, joined by ``=``."""
        parts, choices = self.parts(content), self.choices(content)
        return [
            (f"{part}={choice}", f"{text_of(content, parts[part])} → {text_of(content, choices[choice])}")
            for part, choice in self._given(content, answer).items()
        ]
