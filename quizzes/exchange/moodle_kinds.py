"""What each kind of question in Moodle XML is here. Each reader gives the content without what all kinds have."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from html import unescape
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from quizzes.exchange.html import Text
from quizzes.exchange.moodle_cloze import has_accents, pattern, read_choice_gaps, read_cloze
from quizzes.exchange.moodle_numbers import calculated, numerical
from quizzes.exchange.moodle_source import Refused, Source, joined
from quizzes.exchange.numbers import near, number, part_id, share
from quizzes.exchange.xml import Node

Content = dict[str, Any]
COMBINED = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
GRADINGS = {"ALL_OR_NOTHING": "all", "ABSOLUTE_POSITION": "position", "RELATIVE_NEXT_EXCLUDE_LAST": "adjacent"}
GRADINGS |= {"-1": "all", "0": "position", "1": "adjacent"}


def drop_combined(source: Source) -> None:
    """Replies to the whole answer have no place in a question of several parts."""
    for name in COMBINED:
        said = source.text(name)
        if said.text:
            source.warn(_("The reply “%(reply)s” to a whole answer is left out.") % {"reply": said.text[:60]})


# multiple choice


def multichoice(source: Source) -> Content:
    """Single or several. What a single choice earns as a whole answer becomes part of the reply to each option."""
    rows = [(source.credit(each), source.text_of(each), source.feedback(each)) for each in source.node.all("answer")]
    if source.flag("single", default=True):
        return {"type": "single", "options": _single(source, rows)}
    drop_combined(source)
    return {"type": "multi", **_several(rows)}


def _single(source: Source, rows: Sequence[tuple[Decimal, Text, Mapping[str, Text]]]) -> list[Content]:
    whole = [source.text(name) for name in COMBINED]
    rights = [at for at, (credit, _text, _reply) in enumerate(rows) if credit >= 100]
    if not rights:
        raise Refused(_("No answer earns 100 percent; one must."))
    if len(rights) > 1:
        source.warn(_("Several answers earn everything: the first is the right one, the others earn 100 percent."))
    if any(credit < 0 for credit, _text, _reply in rows):
        source.warn(_("A wrong answer that takes credit away earns nothing here."))
    options = []
    for at, (credit, text, reply) in enumerate(rows):
        option: Content = {"id": part_id(at), "text": text, "right": at == rights[0], **reply}
        if at != rights[0] and credit > 0:
            option["share"] = share(credit / 100)
        said = whole[0 if credit >= 100 else 1 if credit > 0 else 2]
        if said.text:
            option["feedback"] = joined(option.get("feedback"), said)
        options.append(option)
    return options


def _several(rows: Sequence[tuple[Decimal, Text, Mapping[str, Text]]]) -> Content:
    rights = sum(credit > 0 for credit, _text, _reply in rows)
    equal = Decimal(100) / max(rights, 1)
    plain = all(near(abs(credit), equal) for credit, _text, _reply in rows)
    options = [
        {"id": part_id(at), "text": text, "right": credit > 0, **reply} for at, (credit, text, reply) in enumerate(rows)
    ]
    if plain:
        return {"options": options}
    worths = ({"share": share(credit / 100)} if credit else {} for credit, _text, _reply in rows)
    return {"options": [{**each, **worth} for each, worth in zip(options, worths, strict=True)], "credit": "shares"}


def multichoiceset(source: Source) -> Content:
    """The plug-in “All-or-nothing multiple choice”."""
    drop_combined(source)
    options = [
        {
            "id": part_id(at),
            "text": source.text_of(each),
            "right": source.credit(each) > 0,
            **source.feedback(each),
        }
        for at, each in enumerate(source.node.all("answer"))
    ]
    return {"type": "multi", "credit": "all", "options": options}


def truefalse(source: Source) -> Content:
    answers = source.node.all("answer")
    if len(answers) != 2:
        raise Refused(_("It has %(count)d answers; true or false has two.") % {"count": len(answers)})
    said = [each.words("text").lower() for each in answers]
    if set(said) != {"true", "false"}:
        # Old files hold the words of a language instead, and true stands first.
        said = ["true", "false"]
        source.warn(_("Its answers do not say which is true; the first is taken for it."))
    options = []
    for name, each in zip(said, answers, strict=True):
        words = _("True") if name == "true" else _("False")
        options.append({"id": name, "text": words, "right": source.credit(each) >= 100, **source.feedback(each)})
    options.sort(key=lambda option: option["id"] == "false")
    return {"type": "tf", "options": options}


# words


def shortanswer(source: Source) -> Content:
    """A last ``*`` that earns nothing is the reply to any other answer."""
    answers: list[Content] = [
        {
            "id": part_id(at),
            **pattern(each.words("text")),
            "share": share(max(Decimal(0), source.credit(each)) / 100),
            **source.feedback(each),
        }
        for at, each in enumerate(source.node.all("answer"))
    ]
    content: Content = {"type": "text", "answers": answers}
    if answers and answers[-1]["text"] == "*" and answers[-1]["share"] == "0":
        content["other_feedback"] = answers.pop().get("feedback", "")
    return content | {"case": source.flag("usecase", default=False), "accents": has_accents(answers)}


def essay(source: Source) -> Content:
    """One criterion that earns nothing or everything; what the grader should know are the notes."""
    if (source.number("attachmentsrequired") or 0) > 0 or source.node.words("responseformat") == "noinline":
        raise Refused(_("It asks for files, which cannot be handed in here."))
    if (source.number("attachments") or 0) > 0:
        source.warn(_("It allows files to be handed in, which is not possible here."))
    worth = source.number("defaultgrade")
    points = int(worth) if worth and worth == worth.to_integral_value() and 1 <= worth <= 100 else 1
    return {
        "type": "essay",
        "rubric": standard_rubric(points),
        "notes": source.text("graderinfo"),
        "template": _bare(source.text("responsetemplate")),
        **{
            key: int(value)
            for key, name in (("words_min", "minwordlimit"), ("words_max", "maxwordlimit"))
            if (value := source.number(name))
        },
    }


def _bare(text: Text) -> str:
    """A text to begin with stands in a plain field."""
    return unescape(strip_tags(re.sub(r"<br ?/?>|</p>", "\n", text.text))).strip() if text.is_html else text.text


def standard_rubric(points: int) -> list[Content]:
    """What stands for a grade without a rubric: a criterion that is met or not, and half way when that is whole."""
    steps = [(_("Not met"), 0), *([(_("Partly met"), points // 2)] if points > 1 else []), (_("Met"), points)]
    levels = [{"id": part_id(at), "text": text, "points": worth} for at, (text, worth) in enumerate(steps)]
    return [{"id": "a", "text": _("The answer as a whole"), "levels": levels}]


# parts


def match(source: Source) -> Content:
    """Pairs; a right side without a left one is an extra."""
    drop_combined(source)
    pairs: list[Content] = []
    extras: list[Text] = []
    for each in source.node.all("subquestion"):
        left, right = source.text_of(each), _right(source, each)
        if left.text:
            pairs.append({"id": part_id(len(pairs)), "left": left, "right": right})
        else:
            extras.append(right)
    said = [text for text in extras if text.text]
    named = [{"id": part_id(at), "text": text} for at, text in enumerate(said, start=len(pairs))]
    return {"type": "match", "pairs": pairs, "extras": named}


def _right(source: Source, subquestion: Node) -> Text:
    node = subquestion.find("answer")
    if node is None:
        return Text("")
    # Moodle writes a format only where it keeps one (drag-and-drop matching); else right sides are plain text.
    return source.text_of(node) if node.get("format") else Text(node.words("text"), "plain")


def ordering(source: Source) -> Content:
    drop_combined(source)
    rows = source.node.all("answer")
    rows.sort(key=lambda each: number(each.get("fraction")) or Decimal(0))
    graded = source.node.words("gradingtype").upper()
    if graded and graded not in GRADINGS:
        source.warn(
            _("Its way of giving credit (%(way)s) is not known here: neighbours in order count.") % {"way": graded[:40]}
        )
    if source.node.words("selecttype").upper() not in ("", "ALL", "0"):
        source.warn(_("It shows some of its items by chance; here all of them are shown."))
    items = [{"id": part_id(at), "text": source.text_of(each)} for at, each in enumerate(rows)]
    return {"type": "order", "items": items, "credit": GRADINGS.get(graded, "adjacent")}


def cloze(source: Source) -> Content:
    """The stem changes with its gaps, so this reader gives one of its own."""
    stem, gaps, shuffled = read_cloze(source.text("questiontext"))
    worth = sum(gap["points"] for gap in gaps)
    ordered = any(gap["kind"] == "choice" for gap in gaps) and not shuffled
    content: Content = {"type": "cloze", "stem": stem, "gaps": gaps}
    content |= {} if source.node.find("shuffleanswers") else {"shuffle": not ordered}
    return content | ({"points": worth} if worth <= 100 else {})


def choice_gaps(source: Source) -> Content:
    drop_combined(source)
    rows = source.node.all("dragbox") or source.node.all("selectoption")
    choices = [(source.text_of(each), each.words("group") or "1") for each in rows]
    stem, gaps = read_choice_gaps(source.text("questiontext"), choices)
    return {"type": "cloze", "stem": stem, "gaps": gaps}


READERS: Mapping[str, Callable[[Source], Content]] = {
    "multichoice": multichoice,
    "multichoiceset": multichoiceset,
    "truefalse": truefalse,
    "shortanswer": shortanswer,
    "numerical": numerical,
    "matching": match,
    "match": match,
    "ddmatch": match,
    "essay": essay,
    "ordering": ordering,
    "cloze": cloze,
    "multianswer": cloze,
    "gapselect": choice_gaps,
    "ddwtos": choice_gaps,
    "calculated": calculated,
    "calculatedsimple": calculated,
}
