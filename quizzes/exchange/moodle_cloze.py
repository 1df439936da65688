r"""Moodle's embedded answers, ``{1:MULTICHOICE:=right#yes~%50%half~wrong}``, as gaps of a text and back.

A gap is ``{weight:KIND:alternatives}``; alternatives are parted by ``~``, the credit stands before (``=`` or ``%n%``),
the reply after ``#``; a backslash before ``} ~ # / " \`` takes their meaning away (Moodle's documentation, "Embedded
answers (Cloze) question type").
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from html import unescape
from typing import Any

from django.utils.html import escape, strip_tags
from django.utils.translation import gettext as _

from quizzes.exchange.html import Text, TextFormat
from quizzes.exchange.moodle_source import Refused
from quizzes.exchange.numbers import decimal_text, number, part_id, share
from quizzes.types.base import share_of
from quizzes.types.cloze import PLACE
from quizzes.types.numbers import plain_number

KINDS = {
    **dict.fromkeys(("NUMERICAL", "NM"), "num"),
    **dict.fromkeys(("SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"), "text"),
    **dict.fromkeys(("MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH"), "choice"),
    **dict.fromkeys(("MULTICHOICE_S", "MCS", "MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS"), "choice"),
}
SEVERAL = frozenset(
    f"{kind}{way}"
    for kind, ways in (("MULTIRESPONSE", ("", "_H", "_S", "_HS")), ("MR", ("", "H", "S", "HS")))
    for way in ways
)
_START = re.compile(r"\{(\d{0,9}):([A-Z_]{2,20}):")
_PIECE = re.compile(r"\\.|&(?:amp;)?#|.", re.DOTALL)
_CREDIT = re.compile(r"\s*(?:(=)|%(-?\d{1,3}(?:[.,]\d*)?)%)")
_ESCAPED = re.compile(r"\\([}{~#/\"\\=%])")
_SPECIAL = re.compile(r"&(?:amp;)?#|[}~#\\]")


class BadGap(Refused):
    """A gap that cannot be read, or not be written; its text says why."""


@dataclass(frozen=True)
class Alternative:
    """One answer of a gap; ``credit`` in percent."""

    credit: Decimal
    text: str
    feedback: str


def read_cloze(text: Text) -> tuple[Text, list[dict[str, Any]], bool]:
    """The stem with ``[[1]]``, ``[[2]]`` … in place of its gaps, the gaps, and whether a list of choices is shuffled.

    Raises ``BadGap``.
    """
    written: list[str] = []
    gaps: list[dict[str, Any]] = []
    at, shuffled = 0, False
    while found := _START.search(text.text, at):
        body, end = _body(text.text, found.end())
        gaps.append(_gap(str(len(gaps) + 1), found[1], found[2], body, text.format))
        shuffled = shuffled or (found[2].endswith("S") and found[2] in KINDS)
        written += [text.text[at : found.start()], f"[[{len(gaps)}]]"]
        at = end
    if not gaps:
        raise BadGap(_("There is no gap in its text."))
    written.append(text.text[at:])
    return Text("".join(written), text.format), gaps, shuffled


def read_choice_gaps(text: Text, choices: list[tuple[Text, str]]) -> tuple[Text, list[dict[str, Any]]]:
    """The gaps of “select missing words” and “drag and drop into text”: ``[[n]]`` where the nth of ``choices`` belongs.

    ``choices`` come with the name of their group: a gap offers those of the group of the right one. Raises ``BadGap``.
    """
    gaps: list[dict[str, Any]] = []

    def gap(found: re.Match[str]) -> str:
        right = int(found[1]) - 1
        if not 0 <= right < len(choices):
            raise BadGap(_("The gap %(gap)s names no choice.") % {"gap": found[0]})
        same = [each for each in dict.fromkeys(choices) if each[1] == choices[right][1]]
        options = [
            {"id": part_id(at), "text": each[0], "right": each == choices[right]} for at, each in enumerate(same)
        ]
        gaps.append({"id": str(len(gaps) + 1), "kind": "choice", "options": options})
        return f"[[{len(gaps)}]]"

    stem = re.sub(r"\[\[(\d{1,4})\]\]", gap, text.text)
    if not gaps:
        raise BadGap(_("There is no gap in its text."))
    return Text(stem, text.format), gaps


def _body(text: str, start: int) -> tuple[str, int]:
    """What stands in a gap that begins at ``start``, and where the text goes on."""
    for piece in _PIECE.finditer(text, start):
        if piece[0] == "}":
            return text[start : piece.start()], piece.end()
    raise BadGap(_("The gap “%(start)s…” is not closed.") % {"start": text[start - 3 : start + 30]})


def _gap(name: str, weight: str, word: str, body: str, form: TextFormat) -> dict[str, Any]:
    kind = KINDS.get(word)
    if word in SEVERAL:
        raise BadGap(_("The gap %(name)s asks for several choices at once, which a gap here cannot.") % {"name": name})
    if kind is None:
        raise BadGap(_("The gap %(name)s is of the unknown kind “%(kind)s”.") % {"name": name, "kind": word})
    gap: dict[str, Any] = {"id": name, "kind": kind, "points": int(weight or 1)}
    alternatives = [_alternative(each) for each in _split(body, "~")]
    if kind == "choice":
        return gap | {"options": [_option(at, each, form) for at, each in enumerate(alternatives)]}
    if alternatives[-1].text == "*" and alternatives[-1].credit <= 0:
        gap |= _reply(alternatives.pop(), form)
    if kind == "num":
        return gap | {"answers": [_number(name, at, each, form) for at, each in enumerate(alternatives)]}
    answers = [_typed(at, each, form) for at, each in enumerate(alternatives)]
    return gap | {"answers": answers, "accents": has_accents(answers)} | ({"case": True} if word.endswith("C") else {})


def _split(text: str, sign: str, most: int = 0) -> list[str]:
    """``text`` at each ``sign`` that nothing takes the meaning from; at ``most`` so many times."""
    parts = [""]
    for piece in _PIECE.findall(text):
        if piece == sign and not (most and len(parts) > most):
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _alternative(text: str) -> Alternative:
    answer, *reply = _split(text, "#", most=1)
    found = _CREDIT.match(answer)
    credit = Decimal(0)
    if found:
        credit = Decimal(100) if found[1] else Decimal(found[2].replace(",", ".").rstrip("."))
        answer = answer[found.end() :]
    return Alternative(credit, _unescaped(answer).strip(), _unescaped("".join(reply)).strip())


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def _reply(alternative: Alternative, form: TextFormat) -> dict[str, Any]:
    return {"feedback": Text(alternative.feedback, form)} if alternative.feedback else {}


def _option(at: int, each: Alternative, form: TextFormat) -> dict[str, Any]:
    option = {"id": part_id(at), "text": Text(each.text, form), "right": each.credit >= 100} | _reply(each, form)
    return option | ({"share": share(each.credit / 100)} if 0 < each.credit < 100 else {})


def _credit(each: Alternative) -> dict[str, str]:
    return {"share": share(max(Decimal(0), each.credit) / 100)}


def _typed(at: int, each: Alternative, form: TextFormat) -> dict[str, Any]:
    text = unescape(strip_tags(each.text)) if form in ("html", "moodle") else each.text
    return {"id": part_id(at), **pattern(text), **_credit(each), **_reply(each, form)}


def _number(name: str, at: int, each: Alternative, form: TextFormat) -> dict[str, Any]:
    value, _colon, tolerance = each.text.partition(":")
    texts = [decimal_text(number(part)) for part in (value, tolerance or "0")]
    if not all(texts):
        raise BadGap(
            _("In the gap %(name)s “%(text)s” is no number.") % {"name": name, "text": strip_tags(each.text)[:40]}
        )
    answer = {"id": part_id(at), "value": texts[0], "tolerance": texts[1]}
    return answer | _credit(each) | _reply(each, form)


def pattern(text: str) -> dict[str, str]:
    r"""An accepted answer of Moodle, in which ``*`` is anything and ``\*`` a star, as ours."""
    if re.search(r"(?<!\\)\*", text):
        return {"text": text, "match": "wildcard"}
    return {"text": text.replace("\\*", "*")}


def moodle_pattern(answer: Mapping[str, Any]) -> str:
    """The inverse of ``pattern``."""
    text: str = answer["text"]
    return text if answer.get("match") == "wildcard" else text.replace("*", "\\*")


def has_accents(answers: list[dict[str, Any]]) -> bool:
    """Whether any answer has letters beyond ASCII: Moodle tells é from e, and then so do we."""
    return any(not each["text"].isascii() for each in answers)


# writing


def write_cloze(content: Mapping[str, Any], *, html: bool) -> str:
    """The stem of a question with its gaps in Moodle's way. Raises ``BadGap`` for what has no place in it."""
    stem: str = content["stem"]
    if _START.search(stem):
        raise BadGap(_("Its text holds what Moodle takes for a gap."))
    gaps = {gap["id"]: gap for gap in content["gaps"]}
    shuffled = content.get("shuffle", True)
    return PLACE.sub(lambda found: _written(gaps[found[1]], shuffled, html) if found[1] in gaps else found[0], stem)


def _written(gap: Mapping[str, Any], shuffled: bool, html: bool) -> str:
    kind = {"choice": "MULTICHOICE_S" if shuffled else "MULTICHOICE", "num": "NUMERICAL"}.get(gap["kind"])
    if gap["kind"] == "text":
        kind = "SHORTANSWER_C" if gap.get("case") else "SHORTANSWER"
    parts = [_part(each, gap["kind"], html) for each in gap.get("options") or gap["answers"]]
    if gap.get("feedback"):
        parts.append(f"%0%*#{_safe(gap['feedback'])}")
    _check_gap(gap)
    return f"{{{gap.get('points', 1)}:{kind}:{'~'.join(parts)}}}"


def _check_gap(gap: Mapping[str, Any]) -> None:
    """Raise ``BadGap`` for what a gap of Moodle cannot say."""
    name = {"name": gap["id"]}
    if gap["kind"] == "choice" and gap.get("feedback"):
        raise BadGap(_("The gap %(name)s has a reply beside those of its choices.") % name)
    if gap["kind"] == "num" and any(each.get("relative") for each in gap["answers"]):
        raise BadGap(_("The tolerance of the gap %(name)s is a percentage.") % name)
    if gap["kind"] == "text" and has_accents(gap["answers"]) != gap.get("accents", False):
        raise BadGap(_("How accents count in the gap %(name)s is not known to Moodle.") % name)
    last = {} if gap["kind"] == "choice" or gap.get("feedback") else gap["answers"][-1]
    if last.get("text") == "*" and last.get("share") == "0":
        raise BadGap(_("The last answer of the gap %(name)s is its reply to any other.") % name)


def _part(part: Mapping[str, Any], kind: str, html: bool) -> str:
    credit = share_of(part, "0" if kind == "choice" else "100") * 100
    if kind == "choice":
        credit = Decimal(100) if part["right"] else credit
        said = part["text"]
    elif kind == "num":
        said = f"{part['value']}:{part.get('tolerance', '0')}"
    else:
        said = moodle_pattern(part)
        if pattern(said) != {key: part[key] for key in ("text", "match") if key in part}:
            raise BadGap(_("“%(text)s” would be another pattern in Moodle.") % {"text": part["text"][:60]})
        said = str(escape(said)) if html else said
    if not 0 <= credit <= 100 or (kind == "choice" and credit == 100 and not part["right"]):
        raise BadGap(_("An answer takes credit away, or a wrong one earns everything."))
    mark = "=" if credit == 100 else f"%{plain_number(credit)}%"
    reply = f"#{_safe(part['feedback'])}" if part.get("feedback") else ""
    return f"{mark}{_safe(said)}{reply}"


def _safe(text: str) -> str:
    """``text`` in a gap: signs that mean something there lose it, but not the ``#`` of an entity (``&#39;``)."""
    return _SPECIAL.sub(lambda found: found[0] if len(found[0]) > 1 else f"\\{found[0]}", text)
