"""Questions as Moodle XML. What the format has no place for is refused by name, never bent."""

import base64
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from quizzes.exchange.labels import labels, unlike
from quizzes.exchange.moodle_cloze import has_accents, moodle_pattern, pattern, write_cloze
from quizzes.exchange.moodle_kinds import GRADINGS, standard_rubric
from quizzes.exchange.moodle_numbers import DECIMALS, NO_UNITS, NOMINAL, RELATIVE
from quizzes.exchange.moodle_source import Refused
from quizzes.exchange.numbers import SHARE_STEP, decimal_text
from quizzes.exchange.proving import label
from quizzes.exchange.registry import Read
from quizzes.exchange.values import Exported, Refusal, Where
from quizzes.exchange.writing import Cannot, check_with_files, plain_of
from quizzes.exchange.xml import element, text, unwritable
from quizzes.types.base import share_of
from quizzes.types.formulas import value_at, values_for
from quizzes.types.numbers import plain_number

ITEMS = 20  # sets of values that go with a calculated question: Moodle shows no others
SIGNIFICANT, FIGURES = "2", "10"
_NAME = re.compile(r"[A-Za-z_]\w*(?!\w*\s*\()")
Content = Mapping[str, Any]


HEAD, TAIL = b'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n', b"</quiz>\n"


def write_with(read: Read, questions: Iterable[Exported], out: BinaryIO) -> list[Refusal]:
    """Write what Moodle XML can hold, and ``read`` reads back as it is; give back the rest, each with the reason."""
    refused: list[Refusal] = []
    topic = ""
    out.write(HEAD)
    for number, each in enumerate(questions, start=1):
        try:
            written = question(each).encode()
            check_with_files(each, read(io.BytesIO(HEAD + written + TAIL), name=""))
        except (Cannot, Refused) as problem:
            refused.append(Refusal(Where(number=number), label(each.content, each.meta), str(problem)))
            continue
        if each.meta.topic != topic:
            topic = each.meta.topic
            out.write(_category(topic).encode())
        out.write(written)
    out.write(TAIL)
    return refused


def _category(topic: str) -> str:
    path = "/".join(["$course$", "top", *filter(None, topic.split("/"))])
    return element("question", element("category", element("text", text(path))), type="category") + "\n"


def question(exported: Exported) -> str:
    """The ``<question>``. Raises ``Cannot``."""
    content = exported.content
    if content["type"] not in WRITERS:
        raise Cannot(_("Moodle XML has no question of this type that is judged the same way."))
    _check(exported)
    texts = Texts(content, exported.files)
    kind, *parts = WRITERS[content["type"]](content, texts)
    stem = texts.cloze() if kind == "cloze" else content["stem"]
    extra = {"accents": "1"} if _accents_need_saying(content) else {}
    tags = [element("tag", element("text", text(each))) for each in labels(content, exported.meta, extra)]
    return (
        element(
            "question",
            element("name", element("text", text(label(content, exported.meta)))),
            texts.node("questiontext", stem),
            texts.node("generalfeedback", content.get("general_feedback", "")),
            element("defaultgrade", str(content.get("points", 1))),
            element("penalty", "0.3333333"),
            element("hidden", "0"),
            element("idnumber", text(content["uid"])),
            element("shuffleanswers", "true" if content.get("shuffle", True) else "false"),
            *parts,
            *(texts.node("hint", each) for each in content.get("hints", ())),
            element("tags", *tags) if tags else "",
            type=kind,
        )
        + "\n"
    )


def _check(exported: Exported) -> None:
    for each in strings([exported.content, vars(exported.meta)]):
        if unwritable(each):
            raise Cannot(_("It holds a character that XML cannot (%(sign)s).") % {"sign": unwritable(each)})
        if "@@PLUGINFILE@@" in each:
            raise Cannot(_("It holds the word “@@PLUGINFILE@@”, which Moodle takes for an address."))
    if unlike(exported.meta):
        raise Cannot(_("It has a tag that begins with “lendcraft:”."))


def strings(value: Any) -> Iterator[str]:
    """Every string within a value of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from strings(list(value.values()))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from strings(each)


class Texts:
    """Writes the texts of one question with the pictures they show."""

    def __init__(self, content: Content, files: Mapping[str, bytes]) -> None:
        self.content, self.files = content, files
        self.html = content.get("format") == "html"
        names = "|".join(re.escape(each) for each in files)
        self._media = re.compile(rf"media/({names})(?=[\s\"'()<>]|\Z)") if files else None

    def node(self, tag: str, words: str, *inside: str, **attributes: Any) -> str:
        """An element with a text, its pictures, and ``inside`` after them."""
        form = "html" if self.html else "markdown"
        used = dict.fromkeys(self._media.findall(words)) if self._media else {}
        told = self._media.sub(r"@@PLUGINFILE@@/\1", words) if self._media else words
        files = (
            element("file", base64.b64encode(self.files[each]).decode(), name=each, path="/", encoding="base64")
            for each in used
        )
        return element(tag, element("text", text(told)), *files, *inside, **attributes, format=form)

    def feedback(self, part: Content) -> str:
        return self.node("feedback", part.get("feedback", ""))

    def plain(self, words: str) -> str:
        """``words`` as plain text that reads the same. Raises ``Cannot`` when marks would be lost."""
        return plain_of(words, "html" if self.html else "md")

    def cloze(self) -> str:
        """The stem with its gaps in it."""
        return write_cloze(self.content, html=self.html)


def _no(problem: Any) -> None:
    """Refuse when there is anything that Moodle has no place for."""
    if problem:
        raise Cannot(str(problem))


def _percent(value: Decimal) -> str:
    return plain_number(value.quantize(SHARE_STEP))


def _share(part: Content, default: str = "100") -> str:
    worth = share_of(part, default) * 100
    _no(worth < 0 and _("An answer takes credit away, which Moodle does not do here."))
    return plain_number(worth)


# one writer for each type


def _single(content: Content, texts: Texts) -> list[str]:
    worths = ["100" if each["right"] else _share(each, "0") for each in content["options"]]
    return ["multichoice", element("single", "true"), *_options(content, texts, worths)]


def _multi(content: Content, texts: Texts) -> list[str]:
    credit, options = content.get("credit", "penalty"), content["options"]
    _no(credit == "each" and _("Its credit for each option, ticked or left, is not known to Moodle."))
    if credit == "shares":
        worth = [share_of(each, "0") * 100 for each in options]
        wrong = any((each > 0) != option["right"] for each, option in zip(worth, options, strict=True))
        _no(wrong and _("A right option earns nothing or a wrong one something; to Moodle right is what earns."))
        worths = [plain_number(each) for each in worth]
    else:
        _no(any("share" in each for each in options) and _("Its options have credit that does not count."))
        equal = Decimal(100) / sum(each["right"] for each in options)
        worths = [_percent(equal if each["right"] else -equal) for each in options]
    if credit == "all":
        worths = ["100" if each["right"] else "0" for each in options]
        return ["multichoiceset", *_options(content, texts, worths)]
    return ["multichoice", element("single", "false"), *_options(content, texts, worths)]


def _options(content: Content, texts: Texts, worths: list[str]) -> list[str]:
    answers = [
        texts.node("answer", each["text"], texts.feedback(each), fraction=credit)
        for each, credit in zip(content["options"], worths, strict=True)
    ]
    return [element("answernumbering", "abc"), *answers]


def _tf(content: Content, texts: Texts) -> list[str]:
    usual = {"true": _("True"), "false": _("False")}
    given = {str(each["id"]).lower(): each for each in content["options"]}
    own = any(each["text"] != usual[name] for name, each in given.items())
    _no(own and _("Its two options have words of their own; Moodle has its own."))
    _no(any("share" in each for each in given.values()) and _("Its wrong option earns something."))
    return [
        "truefalse",
        *(_typed(name, given[name], texts, "100" if given[name]["right"] else "0") for name in ("true", "false")),
    ]


def _typed(words: str, answer: Content, texts: Texts, credit: str, *inside: str) -> str:
    return element("answer", element("text", text(words)), *inside, texts.feedback(answer), fraction=credit)


def _text(content: Content, texts: Texts) -> list[str]:
    answers = content["answers"]
    _no(has_accents(answers) and not content.get("accents") and _("Its accents do not count; to Moodle é is not e."))
    for each in answers:
        same = {key: each[key] for key in ("text", "match") if key in each} == pattern(moodle_pattern(each))
        _no(not same and _("“%(text)s” would be another pattern in Moodle.") % {"text": each["text"][:60]})
    last = answers[-1]
    _no(moodle_pattern(last) == "*" and _share(last) == "0" and _("Its last answer is the reply to any other answer."))
    written = [_typed(moodle_pattern(each), each, texts, _share(each)) for each in answers]
    return ["shortanswer", element("usecase", "1" if content.get("case") else "0"), *written, *_other(content, texts)]


def _other(content: Content, texts: Texts) -> list[str]:
    reply = content.get("other_feedback", "")
    return [_typed("*", {"feedback": reply}, texts, "0")] if reply else []


def _accents_need_saying(content: Content) -> bool:
    return bool(content["type"] == "text" and content.get("accents") and not has_accents(content["answers"]))


def _num(content: Content, texts: Texts) -> list[str]:
    _no(any(each.get("relative") for each in content["answers"]) and _("Its tolerance is a percentage."))
    answers = [
        _typed(each["value"], each, texts, _share(each), element("tolerance", each.get("tolerance", "0")))
        for each in content["answers"]
    ]
    return ["numerical", *answers, *_other(content, texts), *_units(content)]


def _units(content: Content) -> list[str]:
    _no("significant" in content and _("It asks for significant figures, which Moodle does not."))
    units = content.get("units", ())
    if not units:
        return [element("showunits", NO_UNITS)]
    required = content.get("unit_required", False)
    return [
        element("units", *(_unit(each) for each in units)),
        element("unitgradingtype", "1" if required else "0"),
        element("unitpenalty", "1" if required else "0.1"),
        element("showunits", "0"),
    ]


def _unit(unit: Content) -> str:
    factor = Decimal(unit["factor"])
    multiplier = decimal_text(1 / factor)
    exact = multiplier and Decimal(multiplier) * factor == 1
    _no(not exact and _("The unit “%(unit)s” has no multiplier that is exact.") % {"unit": unit["text"]})
    return element("unit", element("multiplier", multiplier), element("unit_name", text(unit["text"])))


def _calc(content: Content, texts: Texts) -> list[str]:
    _no(any("{=" in each for each in strings(content)) and _("There is “{=” in it, which Moodle works out."))
    _no(content.get("other_feedback") and _("It has a reply to any other answer."))
    answers = [_formula(each, texts) for each in content["answers"]]
    variables = content["variables"]
    most = max(ITEMS, *(len(each.get("values", ())) for each in variables))
    rows = [values_for(variables, seed) for seed in range(1, most + 1)]
    sets = [_dataset(each, [row[each["id"]] for row in rows]) for each in variables]
    return ["calculated", *answers, *_units(content), element("dataset_definitions", *sets)]


def _formula(answer: Content, texts: Texts) -> str:
    relative = answer.get("relative", False) and answer.get("tolerance", "0") != "0"
    tolerance = Decimal(answer.get("tolerance", "0"))
    places = answer.get("places")
    return _typed(
        _NAME.sub(lambda found: f"{{{found[0]}}}", answer["formula"]),
        answer,
        texts,
        _share(answer),
        element("tolerance", plain_number(tolerance / 100 if relative else tolerance)),
        element("tolerancetype", RELATIVE if relative else NOMINAL),
        element("correctanswerformat", SIGNIFICANT if places is None else DECIMALS),
        element("correctanswerlength", FIGURES if places is None else str(places)),
    )


def _dataset(variable: Content, values: list[Decimal]) -> str:
    """Moodle needs the values themselves; ``step`` and ``listed`` it passes over, and they bring back what we have."""
    listed = variable.get("values", ())
    numbers = [Decimal(each) for each in listed] or [Decimal(variable["min"]), Decimal(variable["max"])]
    shown = [*numbers, *values[len(numbers) :]] if listed else values
    places = max(0, *(-int(each.as_tuple().exponent) for each in [*numbers, value_at(variable, 0)]))
    said = {
        "status": "private",
        "name": variable["id"],
        "distribution": "uniform",
        "minimum": plain_number(min(numbers)) if listed else variable["min"],
        "maximum": plain_number(max(numbers)) if listed else variable["max"],
        "decimals": str(places),
    }
    items = [
        element("dataset_item", element("number", str(at)), element("value", format(each, "f")))
        for at, each in enumerate(shown, start=1)
    ]
    return element(
        "dataset_definition",
        *(element(tag, element("text", text(words))) for tag, words in said.items()),
        element("type", "calculated"),
        element("itemcount", str(len(items))),
        element("dataset_items", *items),
        element("number_of_items", str(len(items))),
        element("listed", str(len(listed))) if listed else element("step", variable["step"]),
    )


def _match(content: Content, texts: Texts) -> list[str]:
    replies = any(each.get("feedback") for each in content["pairs"])
    _no(replies and _("Its pairs have replies of their own, which Moodle has no place for."))
    rows = [(each["left"], each["right"]) for each in content["pairs"]]
    rows += [("", each["text"]) for each in content.get("extras", ())]
    return [
        "matching",
        *(
            texts.node("subquestion", left, element("answer", element("text", text(texts.plain(right)))))
            for left, right in rows
        ),
    ]


def _order(content: Content, texts: Texts) -> list[str]:
    names = {ours: name for name, ours in GRADINGS.items() if not name.lstrip("-").isdecimal()}
    answers = [
        texts.node("answer", each["text"], fraction=str(at)) for at, each in enumerate(content["items"], start=1)
    ]
    way = element("gradingtype", names[content.get("credit", "adjacent")])
    return ["ordering", element("layouttype", "VERTICAL"), element("selecttype", "ALL"), way, *answers]


def _cloze(content: Content, texts: Texts) -> list[str]:
    return ["cloze"]


def _essay(content: Content, texts: Texts) -> list[str]:
    _no(
        content["rubric"] != standard_rubric(content.get("points", 1))
        and _("Its rubric has no place in Moodle XML, which keeps rubrics with an assignment.")
    )
    limits = [
        element(name, str(content[key]))
        for key, name in (("words_min", "minwordlimit"), ("words_max", "maxwordlimit"))
        if key in content
    ]
    return [
        "essay",
        element("responseformat", "editor"),
        element("responserequired", "1"),
        element("responsefieldlines", "15"),
        element("attachments", "0"),
        *limits,
        texts.node("graderinfo", content.get("notes", "")),
        element("responsetemplate", element("text", text(content.get("template", ""))), format="plain_text"),
    ]


WRITERS: Mapping[str, Callable[[Content, Texts], list[str]]] = {
    "single": _single,
    "multi": _multi,
    "tf": _tf,
    "text": _text,
    "num": _num,
    "calc": _calc,
    "match": _match,
    "order": _order,
    "cloze": _cloze,
    "essay": _essay,
}
