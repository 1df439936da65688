"""Questions as GIFT, as Moodle itself writes it, so that both read it alike."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from quizzes.exchange.gift_text import escape, marked
from quizzes.exchange.labels import labels
from quizzes.exchange.moodle_cloze import moodle_pattern
from quizzes.exchange.moodle_kinds import standard_rubric
from quizzes.exchange.numbers import share
from quizzes.exchange.values import Exported
from quizzes.exchange.writing import Cannot, no_files, no_type, only, plain_of
from quizzes.types.base import share_of

Content = Mapping[str, Any]
COMMON = ("general_feedback", "shuffle", "facts", "back_to", "keep")


class Composer:
    """Composes questions one after another; a category stands where the topic changes."""

    def __init__(self) -> None:
        self._topic = ""

    def compose(self, exported: Exported) -> str:
        """One question with the blank line that ends it. Raises ``Cannot``."""
        content, meta = exported.content, exported.meta
        no_files(content)
        body = BODIES.get(content["type"])
        if body is None:
            raise no_type(content)
        form = "html" if content.get("format") == "html" else "markdown"
        title = f"::{escape(_line(meta.name))}::" if _line(meta.name) else ""
        general = content.get("general_feedback")
        inside = body(content) + (f"\n\t####{_text(general, form)}" if general else "")
        category = self._category(meta.topic)
        notes = _notes(exported)
        return f"{category}{notes}{title}[{form}]{escape(content['stem'])}{{{inside}}}\n\n"

    def _category(self, topic: str) -> str:
        return f"$CATEGORY: $course$/top/{_line(topic)}\n\n" if topic != self._topic else ""

    def written(self, exported: Exported) -> None:
        """Remember the topic under which the next question stands."""
        self._topic = exported.meta.topic


def _notes(exported: Exported) -> str:
    """Comments: the line of Moodle's exporter, then id and tags."""
    content, meta = exported.content, exported.meta
    extra = {"shuffle": "false"} if content.get("shuffle") is False else {}
    tags = [f"[tag:{_tag(each)}]" for each in labels(content, meta, extra)]
    named = " ".join([f"[id:{content['uid']}]", *tags])
    return f"// question: 0  name: {_line(meta.name)}\n// {named}\n"


def _tag(text: str) -> str:
    return _line(text).replace("\\", "\\\\").replace("]", "\\]")


def _line(text: str) -> str:
    return " ".join(text.split())


def _text(text: str, form: str) -> str:
    """A text in the format of the question; said again where it begins with what looks like a format or a weight."""
    said = escape(text)
    return f"[{form}]{said}" if marked(text, "moodle")[1] != text else said


def _form(content: Content) -> str:
    return "html" if content.get("format") == "html" else "markdown"


def _answer(sign: str, text: str, weight: str, feedback: str | None) -> str:
    """``weight`` in percent; empty when the sign says it all."""
    weighed = f"%{weight}%" if weight or text.lstrip().startswith("%") else ""
    if weighed == "%%":
        weighed = "%100%" if sign == "=" else "%0%"
    return f"\n\t{sign}{weighed}{text}{f'#{feedback}' if feedback else ''}"


def _reply(part: Content, form: str) -> str:
    return _text(part.get("feedback", ""), form)


def single(content: Content) -> str:
    only(content, "options", *COMMON)
    form = _form(content)
    return "".join(
        _answer(
            "=" if each["right"] else "~",
            _text(each["text"], form),
            "" if each["right"] or not share_of(each, "0") else each["share"],
            _reply(each, form),
        )
        for each in content["options"]
    )


def multi(content: Content) -> str:
    """Without a = there are several right answers. The default credit is the same as equal weights."""
    only(content, "options", "credit", *COMMON)
    credit = content.get("credit", "penalty")
    if credit not in ("penalty", "shares"):
        raise Cannot(_("The format gives credit by weights only, and this question does so in another way."))
    form = _form(content)
    equal = share(Decimal(1) / (sum(each["right"] for each in content["options"]) or 1))
    weights = [
        each.get("share", "0") if credit == "shares" else equal if each["right"] else f"-{equal}"
        for each in content["options"]
    ]
    return "".join(
        _answer("~", _text(each["text"], form), weight, _reply(each, form))
        for each, weight in zip(content["options"], weights, strict=True)
    )


def truth(content: Content) -> str:
    """The reply to the wrong answer stands first, as in Moodle. Its words for true and false are its own."""
    only(content, "options", *COMMON)
    right = next(each for each in content["options"] if each["right"])
    wrong = next(each for each in content["options"] if not each["right"])
    replies = [_reply(each, _form(content)) for each in (wrong, right)]
    while replies and not replies[-1]:
        replies.pop()
    return str(right["id"]).upper() + "".join(f"#{each}" for each in replies)


def match(content: Content) -> str:
    only(content, "pairs", "extras", *COMMON)
    if any(each.get("feedback") for each in content["pairs"]):
        raise Cannot(_("The format has no place for: %(names)s.") % {"names": _("replies to pairs")})
    form = _form(content)
    if any("->" in each["left"] for each in content["pairs"]):
        raise Cannot(_("The format reads -> as the middle of a pair, and a left side holds one."))
    rows = [(_text(each["left"], form), each["right"]) for each in content["pairs"]]
    rows += [("", each["text"]) for each in content.get("extras", ())]
    return "".join(
        _answer("=", f"{left} -> {escape(plain_of(right, content.get('format', 'md')))}", "", "")
        for left, right in rows
    )


def _words(content: Content) -> list[str]:
    return [each["text"] for each in content["answers"]]


def words(content: Content) -> str:
    only(content, "answers", "other_feedback", *COMMON)
    replies = [each.get("feedback", "") for each in content["answers"]]
    if any("->" in text for text in (*replies, *_words(content), content.get("other_feedback", ""))):
        raise Cannot(_("The format reads -> as the middle of a pair, and an accepted answer or a reply holds one."))
    rows = [
        _answer("=", _text(moodle_pattern(each), "plain"), _weight(each), _reply(each, _form(content)))
        for each in content["answers"]
    ]
    return "".join(rows) + _other(content)


def _weight(answer: Content) -> str:
    weight: str = answer.get("share", "100")
    return "" if weight == "100" else weight


def _other(content: Content) -> str:
    other = content.get("other_feedback")
    return f"\n\t=%0%*#{_text(other, _form(content))}" if other else ""


def numbers(content: Content) -> str:
    only(content, "answers", "other_feedback", *COMMON)
    if any(each.get("relative") for each in content["answers"]):
        raise Cannot(_("The format has no place for: %(names)s.") % {"names": _("a tolerance in percent")})
    rows = [
        _answer("=", f"{each['value']}:{each.get('tolerance', '0')}", _weight(each), _reply(each, _form(content)))
        for each in content["answers"]
    ]
    return "#" + "".join(rows) + _other(content)


def essay(content: Content) -> str:
    """Only the rubric that reading gives to a question without one: the format has no other."""
    only(content, "rubric", *COMMON)
    for language, _name in settings.LANGUAGES:
        with override(language):
            if content["rubric"] == standard_rubric(1):
                return ""
    raise Cannot(_("The format has no place for: %(names)s.") % {"names": _("a rubric")})


BODIES = {
    "single": single,
    "multi": multi,
    "tf": truth,
    "match": match,
    "text": words,
    "num": numbers,
    "essay": essay,
}
