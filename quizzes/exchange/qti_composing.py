"""How a question becomes a QTI item: what all types share."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from quizzes.exchange.qti_html import xhtml
from quizzes.exchange.qti_names import Dialect
from quizzes.exchange.writing import Cannot
from quizzes.exchange.xml import element, text
from quizzes.types.numbers import plain_number

RESPONSE, SCORE, FEEDBACK = "RESPONSE", "SCORE", "FEEDBACK"
Content = Mapping[str, Any]
Parts = tuple[list[str], str, list[str]]  # declarations of responses, what stands in the body, rules of scoring
Writer = Callable[["Composer"], Parts]


def no(problem: Any) -> None:
    """Raise ``Cannot`` when there is anything that QTI has no place for."""
    if problem:
        raise Cannot(str(problem))


class Composer:
    """Writes one question. ``content`` has HTML in all its texts; ``address`` says where a file of it lies."""

    def __init__(self, dialect: Dialect, content: Content, address: Callable[[str], str]) -> None:
        self.dialect, self.content, self.address = dialect, content, address
        self.points = Decimal(content.get("points", 1))
        self.most = self.points
        self.replies: dict[str, str] = {}

    def q(self, tag: str, *inside: str, **attributes: Any) -> str:
        return self.dialect.element(tag, *inside, **attributes)

    def html(self, words: str) -> str:
        """A text as XHTML, with its pictures at their place in the package."""
        local = re.compile(r'(\s(?:src|href)=")media/([^"]+)"')
        return local.sub(lambda found: f'{found[1]}{text(self.address(found[2]))}"', xhtml(words))

    def item(self, writer: Writer | None, title: str) -> str:
        """The whole ``assessmentItem`` as a file. Raises ``Cannot``."""
        no(writer is None and _("QTI has no question of this type that is judged the same way."))
        no(self.content.get("hints") and _("It has hints, which a QTI item has no place for."))
        declared, body, rules = writer(self) if writer else ([], "", [])
        item = self.q(
            "assessmentItem",
            *declared,
            self._outcome(SCORE, "float", normalMaximum=plain_number(self.most)),
            self._outcome("MAXSCORE", "float", "defaultValue", str(self.points)),
            *([self._outcome(FEEDBACK, "identifier", cardinality="multiple")] if self.replies else []),
            *([self._outcome("GENERAL", "identifier", "defaultValue", "general")] if self._general else []),
            self.q("itemBody", body),
            self.q("responseProcessing", *rules) if rules else "",
            *(self._modal(FEEDBACK, name, reply) for name, reply in self.replies.items()),
            *([self._modal("GENERAL", "general", self._general)] if self._general else []),
            xmlns=self.dialect.item_space,
            xmlns__xsi="http://www.w3.org/2001/XMLSchema-instance",
            xsi__schemaLocation=f"{self.dialect.item_space} {self.dialect.item_schema}",
            identifier=self.content["uid"],
            title=title,
            adaptive="false",
            timeDependent="false",
        )
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{item}\n'

    @property
    def _general(self) -> str:
        said: str = self.content.get("general_feedback", "")
        return said

    def _outcome(self, name: str, base: str, holds: str = "", value: str = "", **more: str) -> str:
        inside = self.q(holds, self.q("value", text(value))) if holds else ""
        said = {"cardinality": "single", **more}
        return self.q("outcomeDeclaration", inside, identifier=name, baseType=base, **said)

    def _modal(self, outcome: str, name: str, reply: str) -> str:
        inside = self.html(reply)
        inside = self.q("contentBody", inside) if self.dialect.kebab else inside
        return self.q("modalFeedback", inside, outcomeIdentifier=outcome, identifier=name, showHide="show")

    # what all types use

    def stem(self, *after: str) -> str:
        return element("div", self.html(self.content["stem"])) + "".join(after)

    def shuffle(self) -> str:
        return "true" if self.content.get("shuffle", True) else "false"

    def response(
        self,
        base: str,
        cardinality: str,
        correct: Sequence[str],
        mapping: Mapping[str, Decimal] | None = None,
        *,
        name: str = RESPONSE,
        case: bool = True,
    ) -> str:
        """A declaration: the right response and what each answer earns, never below nothing nor above ``most``."""
        values = self.q("correctResponse", *(self.q("value", text(each)) for each in correct))
        entries = [
            self.q(
                "mapEntry", mapKey=key, mappedValue=plain_number(worth), **({} if case else {"caseSensitive": "false"})
            )
            for key, worth in (mapping or {}).items()
        ]
        bounds = {"upperBound": plain_number(self.points)} if name == RESPONSE else {}
        mapped = self.q("mapping", *entries, lowerBound="0", **bounds, defaultValue="0") if mapping else ""
        return self.q("responseDeclaration", values, mapped, identifier=name, cardinality=cardinality, baseType=base)

    def variable(self, name: str) -> str:
        return self.q("variable", identifier=name)

    def base(self, kind: str, value: str) -> str:
        return self.q("baseValue", text(value), baseType=kind)

    def sets(self, outcome: str, *expression: str) -> str:
        return self.q("setOutcomeValue", *expression, identifier=outcome)

    def mapped(self) -> list[str]:
        """The score is what the mapping says; the replies are those of the answer."""
        score = self.sets(SCORE, self.q("mapResponse", identifier=RESPONSE))
        return [score, *([self.sets(FEEDBACK, self.variable(RESPONSE))] if self.replies else [])]

    def compared(self) -> list[str]:
        """All or nothing."""
        right = self.q("match", self.variable(RESPONSE), self.q("correct", identifier=RESPONSE))
        earned = self.sets(SCORE, self.base("float", str(self.points)))
        nothing = self.sets(SCORE, self.base("float", "0"))
        rule = self.q("responseCondition", self.q("responseIf", right, earned), self.q("responseElse", nothing))
        return [rule, *([self.sets(FEEDBACK, self.variable(RESPONSE))] if self.replies else [])]

    def reply(self, name: str, part: Content) -> None:
        if part.get("feedback"):
            self.replies[name] = part["feedback"]
