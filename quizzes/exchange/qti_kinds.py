"""What each interaction of QTI is here. Each reader gives the content without what all questions have."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from quizzes.exchange.html import Text
from quizzes.exchange.moodle_cloze import has_accents
from quizzes.exchange.moodle_kinds import standard_rubric
from quizzes.exchange.moodle_source import Refused
from quizzes.exchange.numbers import decimal_text, near, number, part_id, share
from quizzes.exchange.qti_item import QtiItem
from quizzes.exchange.qti_processing import Scoring
from quizzes.exchange.xml import Node

Content = dict[str, Any]
SHAPES = {"rect": 4, "circle": 3, "poly": 0}


def worths_of(item: QtiItem, response: str, ids: Sequence[str]) -> tuple[Scoring, dict[str, Decimal]]:
    """How ``response`` is scored, and what each of ``ids`` earns by itself."""
    scoring = item.scoring(response)
    rights = item.correct(response)
    if scoring.kind == "map":
        mapping = item.mapping(response)
        return scoring, {each: mapping.worths.get(each, mapping.otherwise) for each in ids}
    if scoring.kind == "cases":
        worth: dict[str, Decimal] = {}
        for case in scoring.cases:
            for name in rights if case.value is None else [case.value]:
                worth.setdefault(name, case.worth)
        return scoring, {each: worth.get(each, Decimal(0)) for each in ids}
    if scoring.kind == "point":
        raise Refused(_("It scores points on a picture, and there is none."))
    best = scoring.cases[0].worth if scoring.cases else Decimal(1)
    return scoring, {each: best if each in rights else Decimal(0) for each in ids}


def fixed(node: Node) -> Content:
    return {} if node.get("shuffle") == "true" else {"shuffle": False}


# choices


def choice(item: QtiItem, node: Node) -> Content:
    response = node.get("responseIdentifier")
    choices = node.all("simpleChoice")
    ids = [each.get("identifier") for each in choices]
    scoring, worths = worths_of(item, response, ids)
    if item.declaration(response).get("cardinality") == "multiple":
        content = several(item, scoring, worths, response)
    else:
        content = one(item, worths, response)
    texts = [item.text(each) for each in choices]
    named = set(ids) == {"true", "false"} and len(ids) == 2
    names = ids if named else [part_id(at) for at in range(len(ids))]
    for at, option in enumerate(content["options"]):
        keys = item.keys_for(response, ids[at], right=option["right"])
        option |= {"id": names[at], "text": texts[at], **item.reply(keys, choices[at])}
    if named and content["type"] == "single":
        options = sorted(content["options"], key=lambda option: option["id"] == "false")
        return {**content, "type": "tf", "options": options}
    return {**content, **fixed(node)}


def one(item: QtiItem, worths: Mapping[str, Decimal], response: str) -> Content:
    """The option that earns most is right; what others earn is their share of it."""
    best = max(worths.values(), default=Decimal(0))
    if best <= 0:
        raise Refused(_("No answer earns anything; one must be right."))
    full = [each for each, worth in worths.items() if worth == best]
    right = next((each for each in item.correct(response) if each in full), full[0])
    if len(full) > 1:
        item.warn(_("Several answers earn everything: one is the right one, the others earn 100 percent."))
    if any(worth < 0 for worth in worths.values()):
        item.warn(_("A wrong answer that takes credit away earns nothing here."))
    options: list[Content] = []
    for name, worth in worths.items():
        part = {"share": share(worth / best)} if name != right and worth > 0 else {}
        options.append({"right": name == right, **part})
    return {"type": "single", "options": options, "points": item.points(best)}


def several(item: QtiItem, scoring: Scoring, worths: Mapping[str, Decimal], response: str) -> Content:
    """All or nothing when the whole response is compared; else each choice counts by itself."""
    rights = [worth for worth in worths.values() if worth > 0]
    if not rights:
        raise Refused(_("No answer earns anything; at least one must be right."))
    options: list[Content] = [{"right": worth > 0} for worth in worths.values()]
    if scoring.kind == "correct":
        return {"type": "multi", "credit": "all", "options": options, "points": item.points(rights[0])}
    if scoring.kind == "cases":
        raise Refused(_("Its choices are scored in a way that is not known here."))
    most = item.mapping(response).top or sum(rights, Decimal(0))
    points = item.points(most)
    percents = [worth / most * 100 for worth in worths.values()]
    if all(near(abs(each), Decimal(100) / len(rights)) for each in percents):
        return {"type": "multi", "options": options, "points": points}
    shares = ({"share": share(each / 100)} if each else {} for each in percents)
    options = [{**option, **worth} for option, worth in zip(options, shares, strict=True)]
    return {"type": "multi", "credit": "shares", "options": options, "points": points}


def order(item: QtiItem, node: Node) -> Content:
    response = node.get("responseIdentifier")
    if item.scoring(response).kind != "correct":
        raise Refused(_("Its order is scored in a way that is not known here."))
    texts = {each.get("identifier"): item.text(each) for each in node.all("simpleChoice")}
    row = item.correct(response)
    if sorted(row) != sorted(texts):
        raise Refused(_("Its right order does not hold every item once."))
    items = [{"id": part_id(at), "text": texts[each]} for at, each in enumerate(row)]
    worth = _all_worth(item, response)
    return {"type": "order", "credit": "all", "items": items, "points": item.points(worth), **fixed(node)}


def _all_worth(item: QtiItem, response: str) -> Decimal:
    cases = item.scoring(response).cases
    return cases[0].worth if cases else Decimal(1)


def match(item: QtiItem, node: Node) -> Content:
    """Each left side goes to one right side. Where right sides take several, they are groups."""
    response = node.get("responseIdentifier")
    sets = node.all("simpleMatchSet")
    if len(sets) != 2:
        raise Refused(_("It does not match two sets."))
    lefts, rights = (
        {each.get("identifier"): each for each in one_set.all("simpleAssociableChoice")} for one_set in sets
    )
    wanted = _pairs(item, response)
    if len(wanted) != len(dict(wanted)) and len({right for _left, right in wanted}) == len(wanted):
        # Each right side has one left side, and a left one may have several: it is the same the other way round.
        lefts, rights, wanted = rights, lefts, [(right, left) for left, right in wanted]
    goes = dict(wanted)
    if len(goes) != len(wanted) or set(goes) != set(lefts) or not set(goes.values()) <= set(rights):
        raise Refused(_("Not every left side belongs to one right side."))
    many = len(set(goes.values())) < len(goes) or all(each.get("matchMax", "1") != "1" for each in rights.values())
    made = _groups(item, lefts, rights, goes) if many else _matched(item, lefts, rights, goes)
    return {**made, "points": _pair_points(item, response), **fixed(node)}


def _pairs(item: QtiItem, response: str) -> list[tuple[str, str]]:
    """The right pairs: those that earn something, else the right response."""
    scoring = item.scoring(response)
    if scoring.kind == "map":
        worths = item.mapping(response).worths
        earning = {worth for worth in worths.values() if worth > 0}
        if len(earning) > 1:
            item.warn(_("Its pairs earn more or less; here all count alike."))
        if any(worth < 0 for worth in worths.values()):
            item.warn(_("A wrong pair that takes credit away earns nothing here."))
        said = [key for key, worth in worths.items() if worth > 0]
    elif scoring.kind == "correct":
        item.warn(_("All pairs must be right there to earn anything; here each counts."))
        said = item.correct(response)
    else:
        raise Refused(_("Its pairs are scored in a way that is not known here."))
    pairs = [each.split() for each in said]
    if not pairs or any(len(each) != 2 for each in pairs):
        raise Refused(_("Its right pairs cannot be read."))
    return [(left, right) for left, right in pairs]


def _pair_points(item: QtiItem, response: str) -> int:
    if item.scoring(response).kind == "correct":
        return item.points(_all_worth(item, response))
    mapping = item.mapping(response)
    return item.points(mapping.top or sum(worth for worth in mapping.worths.values() if worth > 0) or Decimal(1))


def _matched(item: QtiItem, lefts: Mapping[str, Node], rights: Mapping[str, Node], goes: Mapping[str, str]) -> Content:
    pairs = [
        {"id": part_id(at), "left": item.text(each), "right": item.text(rights[goes[name]])}
        for at, (name, each) in enumerate(lefts.items())
    ]
    extras = [item.text(each) for name, each in rights.items() if name not in goes.values()]
    named = [{"id": part_id(at), "text": text} for at, text in enumerate(extras, start=len(pairs))]
    return {"type": "match", "pairs": pairs, "extras": named}


def _groups(item: QtiItem, lefts: Mapping[str, Node], rights: Mapping[str, Node], goes: Mapping[str, str]) -> Content:
    names = {name: part_id(at) for at, name in enumerate(rights)}
    return {
        "type": "group",
        "groups": [{"id": names[name], "text": item.text(each)} for name, each in rights.items()],
        "items": [
            {"id": part_id(at), "text": item.text(each), "group": names[goes[name]]}
            for at, (name, each) in enumerate(lefts.items())
        ],
    }


# typed


def text_entry(item: QtiItem, node: Node) -> Content:
    """Words or a number, by the base type of the response."""
    response = node.get("responseIdentifier")
    if item.declaration(response).get("baseType") in ("float", "integer"):
        answers, most, other = numbers(item, response)
        return {"type": "num", "answers": answers, "points": item.points(most), **_other(other)}
    answers, most, flags, other = words(item, response)
    return {"type": "text", "answers": answers, "points": item.points(most), **flags, **_other(other)}


def _other(reply: Content) -> Content:
    return {"other_feedback": reply["feedback"]} if reply else {}


def _accepted(item: QtiItem, response: str) -> list[tuple[str, Decimal, bool, str, bool]]:
    """Accepted answers as ``(value, worth, case, tolerance, relative)``, in order."""
    scoring, rights = item.scoring(response), item.correct(response)
    if scoring.kind == "map":
        mapping = item.mapping(response)
        return [(key, worth, key not in mapping.folded, "0", False) for key, worth in mapping.worths.items()]
    if scoring.kind == "correct" and not scoring.cases:
        return [(each, Decimal(1), True, "0", False) for each in rights]
    found = []
    for case in scoring.cases:
        values = rights if case.value is None else [case.value]
        found += [(value, case.worth, case.case, case.tolerance, case.relative) for value in values]
    return found


def _typed(item: QtiItem, response: str) -> tuple[list[tuple[Content, Any]], Decimal, Content]:
    """Each accepted answer with its credit and reply beside what it was; what the best earns; the reply to others."""
    accepted = _accepted(item, response)
    most = max((worth for _value, worth, *_rest in accepted), default=Decimal(0))
    if most <= 0:
        raise Refused(_("No answer earns anything; one must be right."))
    found = []
    for at, each in enumerate(accepted):
        right = each[0] in item.correct(response)
        reply = item.reply(item.keys_for(response, each[0], right=right))
        found.append(({"id": part_id(at), "share": share(max(Decimal(0), each[1]) / most), **reply}, each))
    scoring = item.processing.responses.get(response)
    return found, most, item.reply(scoring.otherwise.items()) if scoring else {}


def words(item: QtiItem, response: str) -> tuple[list[Content], Decimal, Content, Content]:
    rows, most, other = _typed(item, response)
    answers = [{**answer, "text": each[0]} for answer, each in rows]
    cases = {each[2] for _answer, each in rows}
    if len(cases) > 1:
        item.warn(_("Capitals count in some of its answers; here they count in all."))
    return answers, most, {"case": True in cases, "accents": has_accents(answers)}, other


def numbers(item: QtiItem, response: str) -> tuple[list[Content], Decimal, Content]:
    rows, most, other = _typed(item, response)
    answers = []
    for answer, (value, _worth, _case, tolerance, relative) in rows:
        said = decimal_text(number(value)), decimal_text(number(tolerance))
        if not all(said):
            raise Refused(_("“%(value)s” is no number that can be kept.") % {"value": value[:40]})
        answers.append({**answer, "value": said[0], "tolerance": said[1], "relative": relative})
    return answers, most, other


def slider(item: QtiItem, node: Node) -> Content:
    item.warn(
        _("It was a slider from %(low)s to %(high)s; here a number is typed.")
        % {
            "low": node.get("lowerBound"),
            "high": node.get("upperBound"),
        }
    )
    answers, most, other = numbers(item, node.get("responseIdentifier"))
    return {"type": "num", "answers": answers, "points": item.points(most), **_other(other)}


def essay(item: QtiItem, node: Node) -> Content:
    """Marked by a person: one criterion; what only scorers see are the notes."""
    if item.declaration(node.get("responseIdentifier")).get("cardinality") not in ("", "single"):
        raise Refused(_("It asks for several texts at once."))
    if item.processing.responses:
        item.warn(_("It was scored by its words there; here a person marks it."))
    notes = [item.text(each) for each in item.body.all("rubricBlock") if "scorer" in each.get("view").split()]
    points = item.points(Decimal(1))
    content: Content = {"type": "essay", "rubric": standard_rubric(points), "points": points}
    return content | ({"notes": notes[0]} if notes else {})


# pictures


def hotspot(item: QtiItem, node: Node) -> Content:
    response = node.get("responseIdentifier")
    choices = node.all("hotspotChoice")
    scoring, worths = worths_of(item, response, [each.get("identifier") for each in choices])
    rights = {name for name, worth in worths.items() if worth > 0}
    if scoring.kind == "correct" and len(rights) > 1:
        item.warn(_("All places must be right there to earn anything; here each counts."))
    if any(not each.get("hotspotLabel") for each in choices):
        item.warn(_("Its places have no words for those who cannot see the picture; write them."))
    areas = []
    for at, each in enumerate(choices):
        name = each.get("identifier")
        keys = item.keys_for(response, name, right=name in rights)
        said = each.get("hotspotLabel") or _("Area %(number)d") % {"number": at + 1}
        areas.append(
            {
                "id": part_id(at),
                **_shape(each),
                "text": Text(said, "plain"),
                "right": name in rights,
                **item.reply(keys),
            }
        )
    most = _most(item, response, scoring, [worth for worth in worths.values() if worth > 0])
    return {"type": "hotspot", **_picture(item, node), "areas": areas, "points": item.points(most)}


def _most(item: QtiItem, response: str, scoring: Scoring, earning: Sequence[Decimal]) -> Decimal:
    several = item.declaration(response).get("cardinality") == "multiple"
    if scoring.kind == "map" and several:
        return item.mapping(response).top or sum(earning) or Decimal(1)
    return max(earning, default=Decimal(1))


def _shape(node: Node) -> Content:
    coords = [number(each) for each in node.get("coords").replace(" ", ",").split(",") if each]
    shape = node.get("shape")
    if shape not in SHAPES or not coords or any(each is None for each in coords):
        raise Refused(
            _("A place on its picture has the shape “%(shape)s”, which is not known here.") % {"shape": shape}
        )
    return {"shape": shape, "coords": [int(each) for each in coords if each is not None]}


def _picture(item: QtiItem, node: Node) -> Content:
    picture = node.find("object") or node.find("img")
    width, height = (number(picture.get(side)) if picture else None for side in ("width", "height"))
    if picture is None or width is None or height is None:
        raise Refused(_("Its picture is missing, or does not say how large it is."))
    alt = picture.get("alt") or " ".join(picture.whole().split())
    if not alt:
        item.warn(_("Its picture has no words for those who cannot see it; write them."))
    address = item.local(picture.get("data") or picture.get("src"))
    return {"image": address, "alt": alt or _("Picture"), "width": int(width), "height": int(height)}


def select_point(item: QtiItem, node: Node) -> Content:
    """Any point within one of the areas that earn something."""
    response = node.get("responseIdentifier")
    found = item.declaration(response).find("areaMapping")
    if item.scoring(response).kind != "point" or found is None:
        raise Refused(_("It does not say which places of its picture are right."))
    item.warn(_("Its places have no words for those who cannot see the picture; write them."))
    entries = [each for each in found.all("areaMapEntry") if (number(each.get("mappedValue")) or 0) > 0]
    areas = [
        {"id": part_id(at), **_shape(each), "text": Text(_("Area %(number)d") % {"number": at + 1}), "right": True}
        for at, each in enumerate(entries)
    ]
    most = max((number(each.get("mappedValue")) or Decimal(0) for each in entries), default=Decimal(1))
    return {"type": "hotspot", **_picture(item, node), "areas": areas, "points": item.points(most)}


READERS: Mapping[str, Callable[[QtiItem, Node], Content]] = {
    "choiceInteraction": choice,
    "orderInteraction": order,
    "matchInteraction": match,
    "textEntryInteraction": text_entry,
    "sliderInteraction": slider,
    "extendedTextInteraction": essay,
    "hotspotInteraction": hotspot,
    "selectPointInteraction": select_point,
}
