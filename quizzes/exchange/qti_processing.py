"""How a QTI item scores its responses, as far as it can be said plainly.

The standard rules (match correct, map response, map response point) and what says the same in full are understood, one
after the other and added up; everything else is a program of the item's own, and refused.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from quizzes.exchange.moodle_source import Refused
from quizzes.exchange.numbers import number
from quizzes.exchange.xml import Node

STANDARD = {
    "match_correct": "correct",
    "map_response": "map",
    "map_response_point": "point",
    "CC2_match": "correct",
    "CC2_map_response": "map",
}
SCORE = "SCORE"


@dataclass(frozen=True)
class Case:
    """What one test of a response earns. ``value`` None stands for the right response of its declaration."""

    value: str | None
    worth: Decimal
    tolerance: str = "0"
    relative: bool = False
    case: bool = True
    feedback: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Scoring:
    """How one response is scored: ``kind`` is correct, map, point or cases."""

    kind: str
    cases: list[Case] = field(default_factory=list)
    otherwise: dict[str, str] = field(default_factory=dict)


@dataclass
class Processing:
    """``responses`` says how each is scored, ``copies`` which outcome is simply a response, ``declared`` if at all."""

    responses: dict[str, Scoring] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)
    declared: bool = True


def own_program() -> Refused:
    return Refused(_("Its response processing is of its own: how it is scored cannot be kept."))


def processing_of(item: Node) -> Processing:
    """What the item says of its scoring. Raises ``Refused`` when it cannot be said plainly."""
    responses = [each.get("identifier") for each in item.all("responseDeclaration")]
    rules = item.find("responseProcessing")
    template = rules.get("template").rpartition("/")[2].removesuffix(".xml") if rules else ""
    if template:
        if template not in STANDARD:
            raise own_program()
        return Processing({each: Scoring(STANDARD[template]) for each in responses[:1]})
    if rules is None or not rules.children:
        return Processing(declared=False)
    reader = _Rules(responses, [each.get("identifier") for each in item.all("outcomeDeclaration")])
    for rule in rules.children:
        reader.rule(rule)
    return reader.result()


class _Rules:
    """Follows rules in order. ``sums`` holds, for each outcome, the responses that add to it."""

    def __init__(self, responses: Sequence[str], outcomes: Sequence[str]) -> None:
        self.names, self.outcomes = responses, {SCORE, *outcomes}
        self.found = Processing()
        self.sums: dict[str, list[str]] = {}

    def result(self) -> Processing:
        counted = self.sums.get(SCORE, [])
        if any(name not in counted for name in self.found.responses):
            raise own_program()
        return self.found

    def rule(self, rule: Node) -> None:
        if rule.tag == "setOutcomeValue":
            self.outcome(rule)
        elif rule.tag == "responseCondition":
            self.condition(rule)
        else:
            raise own_program()

    def outcome(self, rule: Node) -> None:
        """An outcome that is a sum, or the response itself (which reply to show)."""
        name = rule.get("identifier")
        for part in _added(rule):
            if part.tag == "variable" and part.get("identifier") in self.names:
                self.found.copies[name] = part.get("identifier")
            elif part.tag == "variable" and part.get("identifier") in self.outcomes:
                self.sums.setdefault(name, []).extend(
                    each for each in self.sums.get(part.get("identifier"), []) if part.get("identifier") != name
                )
            elif part.tag in ("mapResponse", "mapResponsePoint"):
                kind = "map" if part.tag == "mapResponse" else "point"
                self.score(name, part.get("identifier"), Scoring(kind))
            elif not _is_nothing(part):
                raise own_program()

    def score(self, outcome: str, response: str, scoring: Scoring) -> None:
        if response not in self.names or response in self.found.responses:
            raise own_program()
        self.found.responses[response] = scoring
        self.sums.setdefault(outcome, []).append(response)

    def condition(self, rule: Node) -> None:
        """Tests of one response in turn, each with what it earns; or a rule that only waits for an answer."""
        if self.waits(rule):
            return
        cases: list[tuple[str, Case]] = []
        otherwise: dict[str, str] = {}
        outcomes: set[str] = set()
        for branch in rule.children:
            if branch.tag == "responseElse":
                _worth, otherwise, _outcome = self.consequence(branch.children)
                continue
            test, *body = branch.children or [Node("")]
            worth, feedback, outcome = self.consequence(body)
            response, case = _tested(test, worth, feedback)
            cases.append((response, case))
            outcomes.add(outcome or SCORE)
        responses = {response for response, _case in cases}
        if len(responses) != 1 or len(outcomes) != 1:
            raise own_program()
        self.tests(outcomes.pop(), responses.pop(), [case for _response, case in cases], otherwise)

    def tests(self, outcome: str, response: str, cases: list[Case], otherwise: dict[str, str]) -> None:
        known = self.found.responses.get(response)
        if known and not any(each.worth for each in cases):
            # Scored already: these tests only say which reply to show.
            known.cases, known.otherwise = cases, otherwise
            return
        kind = "correct" if len(cases) == 1 and cases[0].value is None else "cases"
        self.score(outcome, response, Scoring(kind, cases, otherwise))

    def waits(self, rule: Node) -> bool:
        """``if no answer: nothing, else: …`` says only what stands in the second part."""
        first = rule.children[0] if rule.children else Node("")
        test, *body = first.children or [Node("")]
        if test.tag != "isNull":
            return False
        worth, _feedback, _outcome = self.consequence(body)
        rest = rule.children[1:]
        if worth or len(rest) > 1 or any(each.tag != "responseElse" for each in rest):
            raise own_program()
        for each in rest:
            for inner in each.children:
                self.rule(inner)
        return True

    def consequence(self, body: Sequence[Node]) -> tuple[Decimal, dict[str, str], str]:
        """What a branch sets: the score, and other outcomes (replies to show) by name; and the outcome of the score."""
        worth, feedback, scored = Decimal(0), {}, ""
        for each in body:
            if each.tag != "setOutcomeValue":
                raise own_program()
            name = each.get("identifier")
            for part in _added(each):
                if part.tag == "variable" and part.get("identifier") == name:
                    continue
                value = number(part.whole()) if part.tag == "baseValue" else None
                if part.tag != "baseValue":
                    raise own_program()
                if value is not None and part.get("baseType") != "identifier":
                    worth, scored = worth + value, name
                else:
                    feedback[name] = part.whole().strip()
        return worth, feedback, scored


def _added(rule: Node) -> Iterator[Node]:
    """What is added up in the value of ``setOutcomeValue``."""
    for each in rule.children:
        if each.tag in ("sum", "multiple", "ordered"):
            yield from _added(each)
        else:
            yield each


def _is_nothing(node: Node) -> bool:
    return node.tag in ("baseValue", "null") and not number(node.whole() or "0")


def _tested(test: Node, worth: Decimal, feedback: Mapping[str, str]) -> tuple[str, Case]:
    """The response that ``test`` looks at, and the value it wants."""
    if test.tag not in ("match", "equal", "stringMatch", "member") or len(test.children) != 2:
        raise own_program()
    variables = [each for each in test.children if each.tag == "variable"]
    values = [each for each in test.children if each.tag in ("correct", "baseValue")]
    if len(variables) != 1 or len(values) != 1:
        raise own_program()
    response, value = variables[0].get("identifier"), values[0]
    if value.tag == "correct" and value.get("identifier") != response:
        raise own_program()
    said = None if value.tag == "correct" else value.whole().strip()
    mode = test.get("toleranceMode", "exact")
    bounds = test.get("tolerance").split() if mode != "exact" else ["0"]
    if not bounds or len(set(bounds)) > 1 or mode not in ("exact", "absolute", "relative"):
        raise own_program()
    case = test.tag != "stringMatch" or test.get("caseSensitive") == "true"
    return response, Case(said, worth, bounds[0], mode == "relative", case, dict(feedback))
