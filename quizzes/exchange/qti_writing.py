"""Questions as QTI items, one for each. What the format has no place for is refused by name, never bent."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from quizzes.exchange.moodle_cloze import has_accents
from quizzes.exchange.moodle_kinds import standard_rubric
from quizzes.exchange.qti_composing import FEEDBACK, RESPONSE, SCORE, Composer, Content, Parts, Writer, no
from quizzes.exchange.writing import plain_of
from quizzes.exchange.xml import element, text
from quizzes.types.base import share_of
from quizzes.types.cloze import PLACE
from quizzes.types.numbers import plain_number
from quizzes.types.shapes import coords_of

OTHER = "other"


def _worth(part: Content, most: Decimal, default: str = "100") -> Decimal:
    return share_of(part, default) * most


# choices


def _single(writer: Composer) -> Parts:
    options = writer.content["options"]
    rights = [str(each["id"]).lower() for each in options if each["right"]]
    worths = {
        str(each["id"]).lower(): writer.points if each["right"] else _worth(each, writer.points, "0")
        for each in options
    }
    no(any(not 0 <= each <= writer.points for each in worths.values()) and _("An answer takes credit away."))
    mapping = {name: worth for name, worth in worths.items() if worth}
    return _choice(writer, "single", rights, mapping)


def _multi(writer: Composer) -> Parts:
    options, credit = writer.content["options"], writer.content.get("credit", "penalty")
    no(credit == "each" and _("Its credit for each option, ticked or left, has no place in QTI."))
    rights = [each["id"] for each in options if each["right"]]
    if credit == "all":
        return _choice(writer, "multiple", rights, None)
    equal = writer.points / len(rights)
    if credit == "shares":
        worths = {each["id"]: _worth(each, writer.points, "0") for each in options}
    else:
        worths = {each["id"]: equal if each["right"] else -equal for each in options}
    return _choice(
        writer, "multiple", rights, {name: worth.quantize(Decimal("1e-9")) for name, worth in worths.items()}
    )


def _choice(writer: Composer, cardinality: str, rights: Sequence[str], mapping: Mapping[str, Decimal] | None) -> Parts:
    options = writer.content["options"]
    for each in options:
        writer.reply(str(each["id"]).lower(), each)
    choices = [
        writer.q("simpleChoice", writer.html(each["text"]), identifier=str(each["id"]).lower()) for each in options
    ]
    several = cardinality == "multiple"
    body = writer.q(
        "choiceInteraction",
        *choices,
        responseIdentifier=RESPONSE,
        shuffle="false" if writer.content["type"] == "tf" else writer.shuffle(),
        maxChoices="0" if several else "1",
    )
    declared = writer.response("identifier", cardinality, rights, mapping)
    return [declared], writer.stem(body), writer.mapped() if mapping else writer.compared()


# parts


def _match(writer: Composer) -> Parts:
    pairs, extras = writer.content["pairs"], writer.content.get("extras", [])
    no(any(each.get("feedback") for each in pairs) and _("Its pairs have replies of their own."))
    rights = [(f"R{each['id']}", each["right"]) for each in pairs] + [
        (f"R{each['id']}", each["text"]) for each in extras
    ]
    twice = len({words for _name, words in rights}) < len(rights)
    no(twice and _("Two right sides read the same; QTI would take them for two."))
    lefts = [(f"L{each['id']}", each["left"]) for each in pairs]
    return _matching(writer, lefts, rights, [f"L{each['id']} R{each['id']}" for each in pairs], most="1")


def _group(writer: Composer) -> Parts:
    items, groups = writer.content["items"], writer.content["groups"]
    no(any(each.get("feedback") for each in items) and _("Its items have replies of their own."))
    lefts = [(f"L{each['id']}", each["text"]) for each in items]
    rights = [(f"R{each['id']}", each["text"]) for each in groups]
    return _matching(writer, lefts, rights, [f"L{each['id']} R{each['group']}" for each in items], most="0")


def _matching(
    writer: Composer,
    lefts: Sequence[tuple[str, str]],
    rights: Sequence[tuple[str, str]],
    right: Sequence[str],
    most: str,
) -> Parts:
    def one_set(rows: Sequence[tuple[str, str]], limit: str) -> str:
        return writer.q(
            "simpleMatchSet",
            *(
                writer.q("simpleAssociableChoice", writer.html(words), identifier=name, matchMax=limit)
                for name, words in rows
            ),
        )

    worth = (writer.points / len(right)).quantize(Decimal("1e-9"))
    body = writer.q(
        "matchInteraction",
        one_set(lefts, "1"),
        one_set(rights, most),
        responseIdentifier=RESPONSE,
        shuffle=writer.shuffle(),
        maxAssociations=str(len(lefts)),
    )
    declared = writer.response("directedPair", "multiple", right, dict.fromkeys(right, worth))
    return [declared], writer.stem(body), writer.mapped()


def _order(writer: Composer) -> Parts:
    no(
        writer.content.get("credit", "adjacent") != "all"
        and _("It gives part of the credit for a part of the order; an order in QTI is right or wrong.")
    )
    items = writer.content["items"]
    # Not named in the right order: that would be the answer.
    choices = [writer.q("simpleChoice", writer.html(each["text"]), identifier=f"I{each['id']}") for each in items]
    body = writer.q("orderInteraction", *sorted(choices), responseIdentifier=RESPONSE, shuffle=writer.shuffle())
    declared = writer.response("identifier", "ordered", [f"I{each['id']}" for each in items])
    return [declared], writer.stem(body), writer.compared()


# typed


def _text(writer: Composer) -> Parts:
    content = writer.content
    answers, case = content["answers"], content.get("case", False)
    _check_words(answers, accents=content.get("accents", False) or not has_accents(answers))
    rights = [each["text"] for each in answers if share_of(each) == 1]
    worths = {each["text"]: _worth(each, writer.points) for each in answers}
    no(len(worths) < len(answers) and _("The same answer is there twice."))
    if any(each.get("feedback") for each in answers) or content.get("other_feedback"):
        rules = [_cases(writer, [(_string(writer, each, case), each) for each in answers])]
        return [writer.response("string", "single", rights)], _entry(writer), rules
    return [writer.response("string", "single", rights, worths, case=case)], _entry(writer), writer.mapped()


def _check_words(answers: Sequence[Content], *, accents: bool) -> None:
    no(any(each.get("match") == "wildcard" for each in answers) and _("It accepts patterns; QTI compares whole words."))
    no(not accents and _("Its accents do not count; to QTI é is not e."))
    no(any(share_of(each) < 0 for each in answers) and _("An answer takes credit away."))


def _entry(writer: Composer) -> str:
    field = writer.q("textEntryInteraction", responseIdentifier=RESPONSE)
    return writer.stem(element("p", field))


def _string(writer: Composer, answer: Content, case: bool, name: str = RESPONSE) -> str:
    said = writer.base("string", answer["text"])
    return writer.q("stringMatch", writer.variable(name), said, caseSensitive="true" if case else "false")


def _equal(writer: Composer, answer: Content, name: str = RESPONSE) -> str:
    bound = answer.get("tolerance", "0")
    mode = "relative" if answer.get("relative") else "exact" if bound == "0" else "absolute"
    tolerance = {} if mode == "exact" else {"tolerance": f"{bound} {bound}"}
    value = writer.base("float", answer["value"])
    return writer.q("equal", writer.variable(name), value, toleranceMode=mode, **tolerance)


def _cases(writer: Composer, tests: Sequence[tuple[str, Content]]) -> str:
    """The first test that holds says what is earned and which reply is shown."""
    branches = []
    for at, (test, answer) in enumerate(tests):
        writer.reply(f"A{answer['id']}", answer)
        sets = [writer.sets(SCORE, writer.base("float", plain_number(_worth(answer, writer.points))))]
        if answer.get("feedback"):
            sets.append(writer.sets(FEEDBACK, writer.q("multiple", writer.base("identifier", f"A{answer['id']}"))))
        branches.append(writer.q("responseElseIf" if at else "responseIf", test, *sets))
    if other := writer.content.get("other_feedback"):
        writer.replies[OTHER] = other
        said = writer.sets(FEEDBACK, writer.q("multiple", writer.base("identifier", OTHER)))
        branches.append(writer.q("responseElse", said))
    return writer.q("responseCondition", *branches)


def _num(writer: Composer) -> Parts:
    content = writer.content
    no(content.get("units") and _("It takes units, which QTI does not."))
    no("significant" in content and _("It asks for significant figures."))
    no(any(share_of(each) < 0 for each in content["answers"]) and _("An answer takes credit away."))
    rights = [each["value"] for each in content["answers"] if share_of(each) == 1]
    tests = [_equal(writer, each) for each in content["answers"]]
    no(len(set(tests)) < len(tests) and _("The same answer is there twice."))
    rules = [_cases(writer, list(zip(tests, content["answers"], strict=True)))]
    return [writer.response("float", "single", rights[:1])], _entry(writer), rules


def _essay(writer: Composer) -> Parts:
    content = writer.content
    usual = content["rubric"] == standard_rubric(int(writer.points))
    no(not usual and _("Its rubric has no place in a QTI item."))
    kept = {"words_min", "words_max", "template"} & set(content)
    no(kept and _("It has a length or a text to begin with, which has no place in a QTI item."))
    notes = writer.q("rubricBlock", writer.html(content["notes"]), view="scorer") if content.get("notes") else ""
    field = writer.q("extendedTextInteraction", responseIdentifier=RESPONSE)
    declared = writer.q("responseDeclaration", identifier=RESPONSE, cardinality="single", baseType="string")
    return [declared], writer.stem(notes, field), []


# gaps


def _cloze(writer: Composer) -> Parts:
    gaps = {each["id"]: each for each in writer.content["gaps"]}
    names = {name: f"GAP{at}" for at, name in enumerate(gaps, start=1)}
    writer.most = Decimal(sum(each.get("points", 1) for each in gaps.values()))
    body = PLACE.sub(
        lambda found: _field(writer, gaps[found[1]], names[found[1]]) if found[1] in gaps else found[0],
        writer.html(writer.content["stem"]),
    )
    declared = [_gap(writer, gap, names[name]) for name, gap in gaps.items()]
    mapped = [writer.q("mapResponse", identifier=names[name]) for name, gap in gaps.items() if gap["kind"] != "num"]
    rules = [writer.sets(SCORE, writer.q("sum", *mapped))] if mapped else []
    rules += [_number_rule(writer, gap, names[name]) for name, gap in gaps.items() if gap["kind"] == "num"]
    return declared, element("div", body), rules


def _field(writer: Composer, gap: Content, name: str) -> str:
    if gap["kind"] != "choice":
        return writer.q("textEntryInteraction", responseIdentifier=name)
    choices = [writer.q("inlineChoice", writer.html(each["text"]), identifier=each["id"]) for each in gap["options"]]
    return writer.q("inlineChoiceInteraction", *choices, responseIdentifier=name, shuffle=writer.shuffle())


def _gap(writer: Composer, gap: Content, name: str) -> str:
    rows = gap.get("options") or gap["answers"]
    no(gap.get("feedback") and _("A gap has a reply of its own."))
    no(any(each.get("feedback") for each in rows) and _("An answer of a gap has a reply of its own."))
    most = Decimal(gap.get("points", 1))
    if gap["kind"] == "choice":
        worths = {each["id"]: most if each["right"] else _worth(each, most, "0") for each in rows}
        rights = [each["id"] for each in rows if each["right"]]
        return writer.response(
            "identifier", "single", rights, {key: each for key, each in worths.items() if each}, name=name
        )
    rights = [each.get("value", each.get("text")) for each in rows if share_of(each) == 1]
    if gap["kind"] == "num":
        return writer.response("float", "single", rights[:1], name=name)
    _check_words(rows, accents=gap.get("accents", False) == has_accents(rows))
    worths = {each["text"]: _worth(each, most) for each in rows}
    no(len(worths) < len(rows) and _("The same answer is there twice."))
    return writer.response("string", "single", rights, worths, name=name, case=gap.get("case", False))


def _number_rule(writer: Composer, gap: Content, name: str) -> str:
    most = Decimal(gap.get("points", 1))
    branches = []
    for at, each in enumerate(gap["answers"]):
        worth = writer.base("float", plain_number(_worth(each, most)))
        more = writer.sets(SCORE, writer.q("sum", writer.variable(SCORE), worth))
        branches.append(writer.q("responseElseIf" if at else "responseIf", _equal(writer, each, name), more))
    return writer.q("responseCondition", *branches)


# pictures


def _hotspot(writer: Composer) -> Parts:
    content = writer.content
    areas = content["areas"]
    rights = [each["id"] for each in areas if each["right"]]
    for each in areas:
        writer.reply(each["id"], each)
    places = [
        writer.q(
            "hotspotChoice",
            identifier=each["id"],
            shape=each["shape"],
            coords=",".join(map(str, coords_of(each))),
            hotspotLabel=plain_of(each["text"], "html"),
        )
        for each in areas
    ]
    kinds = {"png": "image/png", "gif": "image/gif", "webp": "image/webp", "svg": "image/svg+xml"}
    name = content["image"].removeprefix("media/")
    picture = element(
        "object",
        text(content["alt"]),
        data=writer.address(name),
        type=kinds.get(name.rpartition(".")[2].lower(), "image/jpeg"),
        width=content["width"],
        height=content["height"],
    )
    equal = (writer.points / len(rights)).quantize(Decimal("1e-9"))
    worths = {each["id"]: equal if each["right"] else -equal for each in areas}
    body = writer.q("hotspotInteraction", picture, *places, responseIdentifier=RESPONSE, maxChoices="0")
    return [writer.response("identifier", "multiple", rights, worths)], writer.stem(body), writer.mapped()


WRITERS: Mapping[str, Writer] = {
    "single": _single,
    "tf": _single,
    "multi": _multi,
    "match": _match,
    "group": _group,
    "order": _order,
    "text": _text,
    "num": _num,
    "essay": _essay,
    "cloze": _cloze,
    "hotspot": _hotspot,
}
