"""What stands between the braces of a GIFT question, as the content of one of our types."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from quizzes.exchange.gift_text import Broken, find, marked, marks, read_as, split, text_of, unescaped
from quizzes.exchange.html import Text, TextFormat
from quizzes.exchange.moodle_cloze import pattern
from quizzes.exchange.moodle_kinds import standard_rubric
from quizzes.exchange.numbers import decimal_text, near, number, part_id, share

Content = dict[str, Any]
TRUTH = {"T": True, "TRUE": True, "F": False, "FALSE": False}
WEIGHT = re.compile(r"\s*%\s{0,9}(-?[0-9]{1,6}(?:[.,][0-9]{0,20})?)\s{0,9}%")
GENERAL = re.compile(r"\\.|(#{4,})", re.DOTALL)
OPEN_TAG = re.compile(r"<[a-zA-Z][^<>]*\s[a-zA-Z-]{1,40}\Z")  # as before the = of an attribute
ANYTHING = "*"
MOST = 100  # answers; no type of question takes as many


@dataclass(frozen=True)
class Entry:
    """One answer: its ``sign`` ``=`` or ``~``, the weight written before it in percent, and what follows, still raw."""

    sign: str
    weight: Decimal | None
    raw: str
    feedback: str
    at: int

    @property
    def worth(self) -> Decimal:
        if self.weight is not None:
            return self.weight
        return Decimal(100 if self.sign == "=" else 0)


@dataclass
class Answers:
    """What the braces hold. ``form`` is the format of texts that do not say their own; ``moodle``: Moodle wrote it."""

    raw: str
    form: TextFormat
    at: int = 0
    moodle: bool = False
    warnings: list[str] = field(default_factory=list)

    def content(self) -> Content:
        """The type and its own keys, and the feedback for all. Raises ``Broken``."""
        body, general = self._general()
        kind = self._kind(body)
        return kind(body) | ({"general_feedback": text_of(general, self.form)} if general.strip() else {})

    def _general(self) -> tuple[str, str]:
        for match in GENERAL.finditer(self.raw):
            if match[1]:
                return self.raw[: match.end() - 4], self.raw[match.end() :]
        return self.raw, ""

    def _kind(self, body: str) -> Callable[[str], Content]:
        if not body.strip():
            return self._essay
        if body.lstrip().startswith("#"):
            return self._number
        if split(body, "#", 1)[0].strip().upper() in TRUTH:
            return self._truth
        signs = {sign for _at, sign in marks(body, "=", "~")}
        if "~" in signs:
            return self._choice if "=" in signs else self._several
        if not signs:
            return self._bare
        arrows = ["->" in entry.raw for entry in self._entries(body)]
        return self._match if any(arrows) else self._words

    def _entries(self, body: str) -> list[Entry]:
        places = list(marks(body, "=", "~"))
        if len(places) > MOST:
            raise Broken(_("It has more than %(most)d answers.") % {"most": MOST}, self.at)
        first = body[: places[0][0]] if places else body
        if first.strip():
            reason = _("“%(text)s” stands before the first = or ~.") % {"text": first.strip()[:60]}
            raise Broken(reason, self.at)
        ends = [*(at for at, _sign in places[1:]), len(body)]
        return [self._entry(sign, body[at + 1 : end], at) for (at, sign), end in zip(places, ends, strict=True)]

    def _entry(self, sign: str, raw: str, at: int) -> Entry:
        place = self.at + at
        if OPEN_TAG.search(raw):
            raise Broken(_("A sign within an HTML tag lacks its backslash: write \\= and \\~."), place)
        weighed = WEIGHT.match(raw)
        weight = number(weighed[1]) if weighed else None
        if weight is not None and abs(weight) > 100:
            raise Broken(_("The weight %(weight)s is not from -100 to 100.") % {"weight": weight}, place)
        text, *feedback = split(raw[weighed.end() :] if weighed else raw, "#", 1)
        return Entry(sign, weight, text, "".join(feedback), place)

    def _reply(self, entry: Entry) -> Content:
        return {"feedback": text_of(entry.feedback, self.form)} if entry.feedback.strip() else {}

    def _essay(self, body: str) -> Content:
        self.warnings.append(_("It comes without a rubric: one criterion, met or not, stands in for it."))
        return {"type": "essay", "rubric": standard_rubric(1)}

    def _truth(self, body: str) -> Content:
        said, *replies = split(body, "#", 2)
        true = TRUTH[said.strip().upper()]
        # Moodle says the reply to a wrong answer first, other programs the reply to "true".
        if true and replies and self.moodle:
            replies = [replies[1] if len(replies) > 1 else "", replies[0]]
        elif true and replies:
            self.warnings.append(_("Its first reply was taken for whoever answers “true”; Moodle means the others."))
        options = []
        for at, (name, words) in enumerate((("true", _("True")), ("false", _("False")))):
            reply = replies[at] if at < len(replies) else ""
            told = {"feedback": text_of(reply, self.form)} if reply.strip() else {}
            options.append({"id": name, "text": Text(words), "right": (name == "true") == true, **told})
        return {"type": "tf", "options": options}

    def _choice(self, body: str) -> Content:
        entries = self._entries(body)
        full = [at for at, entry in enumerate(entries) if entry.worth == 100]
        if not full:
            raise Broken(_("No answer earns 100 percent; one of them must be right."), self.at)
        if len(full) > 1:
            self.warnings.append(_("Several answers earn everything and one may be chosen: the first counts as right."))
        if any(entry.worth < 0 for entry in entries):
            self.warnings.append(_("Answers that take credit away earn nothing here."))
        return {"type": "single", "options": [self._option(*each, full[0]) for each in enumerate(entries)]}

    def _option(self, at: int, entry: Entry, right: int) -> Content:
        part = {"share": share(entry.worth / 100)} if at != right and entry.worth > 0 else {}
        text = text_of(entry.raw, self.form)
        return {"id": part_id(at), "text": text, "right": at == right, **part, **self._reply(entry)}

    def _several(self, body: str) -> Content:
        """Without an = there are as many right answers as have a weight above 0."""
        entries = self._entries(body)
        rights = sum(entry.worth > 0 for entry in entries)
        if not rights:
            raise Broken(_("No answer is right: mark one with = or give weights such as %%50%%.") % {}, self.at)
        equal = all(near(abs(entry.worth), Decimal(100) / rights) for entry in entries)
        options = []
        for at, entry in enumerate(entries):
            part = {"share": share(entry.worth / 100)} if entry.worth and not equal else {}
            text = text_of(entry.raw, self.form)
            options.append({"id": part_id(at), "text": text, "right": entry.worth > 0, **part, **self._reply(entry)})
        return {"type": "multi", "options": options, **({} if equal else {"credit": "shares"})}

    def _match(self, body: str) -> Content:
        pairs: list[Content] = []
        extras: list[Text] = []
        for entry in self._entries(body):
            left, arrow, right = entry.raw.partition("->")
            if not arrow:
                raise Broken(_("Some answers are pairs with -> and this one is not."), entry.at)
            told, said = text_of(left, self.form), Text(read_as(right, "moodle").text, "plain")
            if told.text:
                pairs.append({"id": part_id(len(pairs)), "left": told, "right": said, **self._reply(entry)})
            else:
                extras.append(said)
        named = [{"id": part_id(at), "text": text} for at, text in enumerate(extras, start=len(pairs))]
        return {"type": "match", "pairs": pairs, "extras": named}

    def _bare(self, body: str) -> Content:
        self.warnings.append(_("Its braces hold neither = nor ~: the words in them are the one accepted answer."))
        return self._words(f"={body}")

    def _words(self, body: str) -> Content:
        entries = self._entries(body)
        content: Content = {"type": "text"}
        if self._word(entries[-1]) == ANYTHING and entries[-1].worth == 0:
            content["other_feedback"] = text_of(entries.pop().feedback, self.form)
        return content | {"answers": [self._accepted(at, each, self._word(each)) for at, each in enumerate(entries)]}

    def _word(self, entry: Entry) -> str:
        """Accepted answers are compared with what is typed, so they are plain whatever the format of the question."""
        return text_of(entry.raw, self.form).text

    def _accepted(self, at: int, entry: Entry, text: str) -> Content:
        return {"id": part_id(at), **pattern(text), **self._credit(entry), **self._reply(entry)}

    def _credit(self, entry: Entry) -> Content:
        if entry.worth < 0:
            raise Broken(_("An accepted answer cannot take credit away."), entry.at)
        return {"share": share(entry.worth / 100)} if entry.worth != 100 else {}

    def _number(self, body: str) -> Content:
        inner = body.lstrip()[1:]
        start = self.at + len(body) - len(inner)
        if any(marks(inner, "=", "~")):
            entries = self._entries(inner)
        else:
            text, *feedback = split(inner, "#", 1)
            entries = [Entry("=", None, text, "".join(feedback), start)]
        content: Content = {"type": "num"}
        if entries[-1].raw.strip() in ("", ANYTHING) and entries[-1].worth == 0:
            content["other_feedback"] = text_of(entries.pop().feedback, self.form)
        return content | {"answers": [self._accepted_number(at, each) for at, each in enumerate(entries)]}

    def _accepted_number(self, at: int, entry: Entry) -> Content:
        _form, written = marked(entry.raw, self.form)
        value, tolerance = _span(unescaped(written).strip(), entry.at)
        near_enough = {"tolerance": tolerance} if tolerance != "0" else {}
        return {"id": part_id(at), "value": value, **near_enough, **self._credit(entry), **self._reply(entry)}


def _span(text: str, at: int) -> tuple[str, str]:
    """``5``, ``5:0.1`` and ``4.9..5.1`` as value and tolerance."""
    if ".." in text:
        low, high = (_decimal(each, at) for each in text.split("..", 1))
        parts: Sequence[Decimal] = ((low + high) / 2, (high - low) / 2)
    else:
        value, colon, tolerance = text.partition(":")
        parts = (_decimal(value, at), _decimal(tolerance, at) if colon else Decimal(0))
    if parts[1] < 0:
        raise Broken(_("“%(text)s” accepts nothing: say the smaller number first.") % {"text": text[:60]}, at)
    value, tolerance = (decimal_text(each) for each in parts)
    if not value or not tolerance:
        raise Broken(_("“%(text)s” has too many digits.") % {"text": text[:60]}, at)
    return value, tolerance


def _decimal(text: str, at: int) -> Decimal:
    # A comma parts thousands in some countries and decimals in others, so nobody can know.
    value = None if "," in text else number(text)
    if value is None:
        reason = _("“%(text)s” is no number; write 1.5, 1.5:0.1 or 1.4..1.6.") % {"text": text.strip()[:60]}
        raise Broken(reason, at)
    return value


def braces(body: str) -> tuple[int, int] | None:
    """Where the braces open and close in ``body``; None when there are none. Raises ``Broken``."""
    opened, closed = find(body, "{"), find(body, "}")
    if opened < 0 and closed < 0:
        return None
    if opened < 0 or 0 <= closed < opened:
        raise Broken(_("A “}” closes nothing; write \\} when it belongs to the text."), closed)
    if closed < 0:
        raise Broken(_("The “{” is not closed before the blank line."), opened)
    for at, sign in marks(body[opened + 1 :], "{", "}"):
        if opened + 1 + at != closed:
            place = opened + 1 + at
            raise Broken(
                _("A second “%(sign)s”; write \\%(sign)s when it belongs to the text.") % {"sign": sign}, place
            )
    return opened, closed
