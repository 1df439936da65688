"""Texts with gaps in QTI: fields and lists within the text, and words to be put into gaps."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from quizzes.exchange.html import Text
from quizzes.exchange.moodle_source import Refused
from quizzes.exchange.numbers import part_id, share
from quizzes.exchange.qti_item import QtiItem
from quizzes.exchange.qti_kinds import numbers, words, worths_of
from quizzes.exchange.xml import Node

Content = dict[str, Any]
INLINE = frozenset({"textEntryInteraction", "inlineChoiceInteraction"})
MOST_SCALE = 20  # gaps worth 0.5 and 1 become 1 and 2; further apart they count alike


def cloze(item: QtiItem) -> Content:
    """Every field and list of the text is a gap."""
    names = {id(each): str(at) for at, each in enumerate(item.interactions, start=1)}
    gaps, worths = [], []
    for each in item.interactions:
        gap, most = _list(item, each) if each.tag == "inlineChoiceInteraction" else _field(item, each)
        gaps.append({"id": names[id(each)], **gap})
        worths.append(most)
    stem = item.stem(lambda node: f"[[{names[id(node)]}]]" if id(node) in names else None)
    shuffled = {each.get("shuffle") == "true" for each in item.interactions if each.tag == "inlineChoiceInteraction"}
    fixed = {"shuffle": False} if shuffled == {False} else {}
    return {
        "type": "cloze",
        "stem": stem,
        "gaps": _weighed(item, gaps, worths),
        **fixed,
        "points": item.points(sum(worths, Decimal(0))),
    }


def _list(item: QtiItem, node: Node) -> tuple[Content, Decimal]:
    response = node.get("responseIdentifier")
    choices = node.all("inlineChoice")
    _scoring, worths = worths_of(item, response, [each.get("identifier") for each in choices])
    best = max(worths.values(), default=Decimal(0))
    if best <= 0:
        raise Refused(_("In one of its gaps no answer earns anything."))
    right = next(name for name, worth in worths.items() if worth == best)
    options = []
    for at, each in enumerate(choices):
        name = each.get("identifier")
        option = {"id": part_id(at), "text": item.text(each), "right": name == right}
        option |= {"share": share(worths[name] / best)} if name != right and worths[name] > 0 else {}
        options.append({**option, **item.reply(item.keys_for(response, name, right=name == right), each)})
    return {"kind": "choice", "options": options}, best


def _field(item: QtiItem, node: Node) -> tuple[Content, Decimal]:
    response = node.get("responseIdentifier")
    if item.declaration(response).get("baseType") in ("float", "integer"):
        answers, most, other = numbers(item, response)
        return {"kind": "num", "answers": answers, **other}, most
    answers, most, flags, other = words(item, response)
    return {"kind": "text", "answers": answers, **flags, **other}, most


def _weighed(item: QtiItem, gaps: list[Content], worths: list[Decimal]) -> list[Content]:
    """Each gap with a whole weight."""
    for factor in range(1, MOST_SCALE + 1):
        scaled = [each * factor for each in worths]
        if all(each == each.to_integral_value() and 1 <= each <= 100 for each in scaled):
            return [{**gap, "points": int(each)} for gap, each in zip(gaps, scaled, strict=True)]
    if len(set(worths)) > 1:
        item.warn(_("Its gaps count in a ratio that is not known here; all count alike."))
    return gaps


def gap_match(item: QtiItem, node: Node) -> Content:
    """Words to be put into gaps: each gap offers all of them."""
    response = node.get("responseIdentifier")
    choices = {each.get("identifier"): item.text(each) for each in node.all("gapText")}
    places = [each for each in node.walk() if each.tag == "gap"]
    if not choices or node.all("gapImg"):
        raise Refused(_("Its gaps take pictures, or there is nothing to put into them."))
    right = _placed(item, response)
    names = {id(each): str(at) for at, each in enumerate(places, start=1)}
    gaps = [_offer(names[id(each)], choices, right.get(each.get("identifier"), "")) for each in places]

    def mark(inner: Node) -> str | None:
        if inner is node:
            prompt = node.find("prompt")
            before = item.text(prompt).text if prompt else ""
            return f"{before}\n{item.text(_without_choices(node), mark).text}".strip()
        return f"[[{names[id(inner)]}]]" if id(inner) in names else None

    stem: Text = item.stem(mark)
    most = item.mapping(response).top if item.scoring(response).kind == "map" else None
    fixed = {} if node.get("shuffle") == "true" else {"shuffle": False}
    return {"type": "cloze", "stem": stem, "gaps": gaps, "points": item.points(most or Decimal(len(gaps))), **fixed}


def _without_choices(node: Node) -> Node:
    inside = [each for each in node.children if each.tag not in ("gapText", "prompt")]
    return Node(node.tag, text=node.text, line=node.line, children=inside)


def _placed(item: QtiItem, response: str) -> dict[str, str]:
    """The right word of each gap."""
    scoring = item.scoring(response)
    if scoring.kind == "map":
        said = [key for key, worth in item.mapping(response).worths.items() if worth > 0]
    elif scoring.kind == "correct":
        item.warn(_("All gaps must be right there to earn anything; here each counts."))
        said = item.correct(response)
    else:
        raise Refused(_("Its gaps are scored in a way that is not known here."))
    pairs = [each.split() for each in said]
    placed = {each[1]: each[0] for each in pairs if len(each) == 2}
    if len(placed) != len(pairs):
        raise Refused(_("One of its gaps has several right words."))
    return placed


def _offer(name: str, choices: dict[str, Text], right: str) -> Content:
    if right not in choices:
        raise Refused(_("The gap %(name)s has no right word.") % {"name": name})
    options = [
        {"id": part_id(at), "text": text, "right": each == right} for at, (each, text) in enumerate(choices.items())
    ]
    return {"id": name, "kind": "choice", "options": options}
