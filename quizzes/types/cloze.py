"""Fill the gaps: a text with ``[[gap]]`` in it, each gap a choice, some words or a number."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.editor import Editor, Field
from quizzes.registry import Content, Fault, Mark
from quizzes.rendering import rendered
from quizzes.types.base import BaseType, clamp, repeated, schema_of, shuffled, wrong_shape
from quizzes.types.gaps import (
    GAP_ROWS,
    GAPS,
    as_compared,
    gap_faults,
    is_known,
    judge,
    kept_as,
    lean_gap,
    name_of,
    plain,
    right_of,
    rows_of,
    words_of,
)
from quizzes.types.typed import LONGEST, kept_text, no_answer, typed, verdict

PLACE = re.compile(r"\[\[([A-Za-z0-9-]{1,40})\]\]")
TAG_OR_PLACE = re.compile(r"<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>|" + PLACE.pattern)
LINK = re.compile(r"<(/?)(?:a|summary)\b")
BLOCK = re.compile(r"<(?:blockquote|details|div|dl|figure|h[1-6]|hr|ol|p|pre|section|table|ul)\b")
BLANK, WITH_GAPS = "____", "with-gaps"


@dataclass(frozen=True)
class GapOption:
    """An option of a gap's list, in plain words, under its name on pages."""

    id: str
    text: str
    chosen: bool


@dataclass(frozen=True)
class Gap:
    """A gap on a page; what follows ``options`` stays empty until the attempt is graded."""

    id: str
    number: int
    kind: str
    value: str
    options: Sequence[GapOption] = ()
    verdict: str = ""
    said: str = ""
    right: str = ""
    reason: str = ""
    message: str = ""

    @property
    def right_lines(self) -> list[str]:
        return [self.right] if self.right else []


@dataclass(frozen=True)
class Piece:
    """A run of HTML, or the gap that stands between two of them."""

    html: str = ""
    gap: Gap | None = None


class Cloze(BaseType):
    """An answer is ``{gap id: text, or option id}`` of the gaps that were filled, or None for none."""

    name = "cloze"
    label = gettext_lazy("Fill the gaps")
    template = "quizzes/types/cloze.html"
    content_schema = schema_of({"gaps": GAPS}, required=["gaps"])
    editor = Editor(
        fields=(Field("shuffle", gettext_lazy("Shuffle the choices of a gap"), "flag", default=True),),
        rows=(GAP_ROWS,),
    )

    def snapshot(self, content: Content) -> dict[str, Any]:
        said = super().snapshot(content)
        said["gaps"] = [lean_gap(gap) for gap in content["gaps"]]
        return said

    def own_texts(self, content: Content) -> dict[str, str]:
        found = {}
        for gap in content["gaps"]:
            found[f"feedback:{gap['id']}"] = gap.get("feedback", "")
            for row in rows_of(gap):
                found[f"feedback:{gap['id']}:{row['id']}"] = row.get("feedback", "")
            for option in gap.get("options", ()):
                found[f"text:{gap['id']}:{option['id']}"] = option["text"]
        return found

    def faults(self, content: Content) -> list[Fault]:
        found = repeated(content["gaps"], "gaps") + _places_at_fault(content)
        for number, gap in enumerate(content["gaps"]):
            found += gap_faults(gap, f"gaps.{number}")
        return found

    def order(self, content: Content, seed: int) -> Sequence[str]:
        """The gaps as they stand in the text, whatever the seed."""
        known = _by_id(content)
        return [each for each in dict.fromkeys(PLACE.findall(content["stem"])) if each in known]

    def parse(self, content: Content, data: QueryDict, prefix: str) -> dict[str, str] | None:
        return self._given(content, {key: typed(data.get(f"{prefix}.{key}", "")) for key in _by_id(content)}) or None

    def fields(self, content: Content, answer: Any) -> list[tuple[str, str]]:
        return [(f".{key}", value) for key, value in (self.named(content, answer) or {}).items()]

    def named(self, content: Content, answer: Any) -> dict[str, str] | None:
        gaps = _by_id(content)
        return {key: name_of(content, gaps[key], each) for key, each in self._given(content, answer).items()} or None

    def clean(self, content: Content, answer: Any) -> dict[str, str] | None:
        if answer is None:
            return None
        if not isinstance(answer, dict) or not set(answer) <= set(_by_id(content)):
            raise wrong_shape(_("Fill the gaps of this question."))
        texts = {key: kept_text(answer.get(key), LONGEST) for key in _by_id(content)}
        filled = {key: text for key, text in texts.items() if text}
        given = self._given(content, filled)
        if set(given) != set(filled):
            raise wrong_shape(_("Choose one of the words offered for each gap."))
        return given or None

    def chosen(self, content: Content, answer: Any) -> list[str]:
        """Options chosen in lists, as ``gap:option``."""
        given = self._given(content, answer)
        gaps = _by_id(content)
        return [f"{key}:{value}" for key, value in given.items() if gaps[key]["kind"] == "choice"]

    def fill(self, content: Content, html: Mapping[str, str], seed: int) -> Mapping[str, str]:
        """Blanks in place of the gaps, for lists of questions; the text that ``show`` cuts is kept beside it."""
        known = _by_id(content)
        blank = {
            key: PLACE.sub(lambda found: BLANK if found[1] in known else found[0], html.get(key, ""))
            for key in ("stem", "stem_more")
        }
        return {**html, **blank, WITH_GAPS: _whole(html)}

    def show(
        self, content: Content, html: Mapping[str, str], seed: int, answer: Any, mark: Mark | None = None
    ) -> dict[str, Any]:
        """The text cut at its gaps; ``heading`` stands above it, as the text itself holds the controls."""
        given = self._given(content, answer)
        gaps = _by_id(content)
        shown = {
            each: self._gap(content, gaps[each], number, html, given.get(each, ""), seed, marked=mark is not None)
            for number, each in enumerate(self.order(content, seed), start=1)
        }
        pieces = list(_pieces(html.get(WITH_GAPS) or _whole(html), shown.get))
        return {
            "heading": _("Fill the gaps"),
            "pieces": pieces,
            "gaps": list(shown.values()),
            "longest": LONGEST,
            "marked": mark is not None,
            "message": mark.message if mark else "",
        }

    def _gap(
        self,
        content: Content,
        gap: Content,
        number: int,
        html: Mapping[str, str],
        value: str,
        seed: int,
        *,
        marked: bool,
    ) -> Gap:
        name = name_of(content, gap, value) if value else ""
        asked = Gap(gap["id"], number, gap["kind"], name, self._options(content, gap, value, seed))
        if not marked:
            return asked
        judged = judge(gap, value)
        return Gap(
            id=asked.id,
            number=number,
            kind=asked.kind,
            value=name,
            options=asked.options,
            verdict=verdict(judged.fraction),
            said=words_of(content, gap, value),
            right=right_of(content, gap),
            reason=html.get(judged.key, "") if judged.feedback else "",
            message=judged.message,
        )

    def _options(self, content: Content, gap: Content, value: str, seed: int) -> list[GapOption]:
        texts = {each["id"]: plain(content, each["text"]) for each in gap.get("options", ())}
        order = shuffled(texts, seed if content.get("shuffle", True) else 0)
        return [GapOption(name_of(content, gap, each), texts[each], each == value) for each in order]

    def grade(self, content: Content, answer: Any, seed: int = 0) -> Mark:
        """The share of the points of all gaps; ``reasons`` and ``parts`` by gap."""
        given = self._given(content, answer)
        judged = {gap["id"]: judge(gap, given.get(gap["id"], "")) for gap in content["gaps"]}
        points = {gap["id"]: gap.get("points", 1) for gap in content["gaps"]}
        earned = sum((judged[key].fraction * points[key] for key in points), Decimal(0)) / sum(points.values())
        return Mark(
            clamp(Decimal(1) if all(each.fraction == 1 for each in judged.values()) else earned),
            {key: each.feedback or each.message for key, each in judged.items()} if given else {},
            "" if given else _nothing_given(answer),
            {key: each.fraction for key, each in judged.items()},
        )

    def said(self, content: Content, answer: Any, seed: int = 0) -> list[str]:
        given = self._given(content, answer)
        return self._lines(content, {key: words_of(content, _by_id(content)[key], each) for key, each in given.items()})

    def right(self, content: Content, seed: int = 0) -> list[str]:
        return self._lines(content, {gap["id"]: right_of(content, gap) for gap in content["gaps"]})

    def _lines(self, content: Content, words: Mapping[str, str]) -> list[str]:
        return [
            _("Gap %(number)d: %(words)s") % {"number": number, "words": words[key]}
            for number, key in enumerate(self.order(content, 0), start=1)
            if key in words
        ]

    def responses(self, content: Content, answer: Any, seed: int = 0) -> list[tuple[str, str]]:
        given = self._given(content, answer)
        found = []
        for number, key in enumerate(self.order(content, 0), start=1):
            if key in given:
                gap = _by_id(content)[key]
                words = words_of(content, gap, given[key])
                counted = given[key] if gap["kind"] == "choice" else as_compared(gap, words)
                label = _("Gap %(number)d → %(words)s") % {"number": number, "words": words}
                found.append((f"{key}:{counted}", label))
        return found

    def _given(self, content: Content, answer: Any) -> dict[str, str]:
        """What was filled in, by gap in written order; whatever is no answer counts as nothing."""
        given = answer if isinstance(answer, dict) else {}
        texts = {key: (gap, given.get(key)) for key, gap in _by_id(content).items()}
        kept = {key: (gap, kept_as(content, gap, text)) for key, (gap, text) in texts.items() if isinstance(text, str)}
        return {key: text for key, (gap, text) in kept.items() if is_known(gap, text)}


def _nothing_given(answer: Any) -> str:
    return no_answer(None) if answer in (None, {}, "", []) else _("This cannot be read as an answer to the gaps.")


def _by_id(content: Content) -> dict[str, Content]:
    return {gap["id"]: gap for gap in content["gaps"]}


def _places_at_fault(content: Content) -> list[Fault]:
    """A fault for each gap that does not stand in the text exactly once, where a control can stand."""
    written = PLACE.findall(content["stem"])
    usable = _usable(rendered(content, content["stem"], {}))
    known = _by_id(content)
    found = []
    for number, key in enumerate(known):
        times = written.count(key)
        if times == 1 and key in usable:
            continue
        found.append((f"gaps.{number}.id", _misplaced(key, times)))
    unknown = _("The text holds [[%(id)s]], but there is no such gap.")
    return found + [("stem", unknown % {"id": each}) for each in dict.fromkeys(written) if each not in known]


def _misplaced(key: str, times: int) -> str:
    if not times:
        return _("The text does not hold [[%(id)s]]; write it where the gap stands.") % {"id": key}
    if times > 1:
        return _("The text holds [[%(id)s]] %(times)d times; once is right.") % {"id": key, "times": times}
    return _("[[%(id)s]] stands where nothing can be filled in: in a link, or in the words for a picture.") % {
        "id": key
    }


def _usable(html: str) -> set[str]:
    """The gaps of ``html`` outside of tags and links."""
    found, within = set(), 0
    for match in TAG_OR_PLACE.finditer(html):
        if match[1]:
            found |= {match[1]} if not within else set()
        elif link := LINK.match(match[0]):
            within = max(0, within + (-1 if link[1] else 1))
    return found


def _pieces(html: str, gap: Callable[[str], Gap | None]) -> Iterator[Piece]:
    """``html`` cut at the gaps that stand in its text; a gap within a tag stays as it is."""
    at = 0
    for match in TAG_OR_PLACE.finditer(html):
        found = gap(match[1]) if match[1] else None
        if found:
            yield Piece(html=html[at : match.start()])
            yield Piece(gap=found)
            at = match.end()
    yield Piece(html=html[at:])


def _whole(html: Mapping[str, str]) -> str:
    """The stem and what follows it, in one; a first paragraph gets back the frame that a heading does not need."""
    stem, more = html.get("stem", ""), html.get("stem_more", "")
    return f"{stem if BLOCK.search(stem) else f'<p>{stem}</p>'}{more}"
