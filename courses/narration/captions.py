"""From narration to captions: sentences, phrases that fit a caption, cues with times, WebVTT."""

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from courses.narration.script import Script

LINE = 42
LINES = 2

SENTENCE_END = re.compile(r"""(?:(?<=[.?!…])|(?<=[.?!…]["”’)]))\s+(?=["“‘(]?[A-Z0-9])""")
ABBREVIATION = re.compile(r"(?:\b(?:Dr|Mr|Mrs|Ms|St|vol|no|pp|p|ed|e\.g|i\.e)|\b[A-Z])\.$")
CLAUSE_END = re.compile(r"(?<=[,;:–])\s+")

PAUSE_CLAUSE = 0.12
PAUSE_SENTENCE = 0.4
PAUSE_PARAGRAPH = 0.65


@dataclass(frozen=True, slots=True)
class Phrase:
    """A piece that is spoken in one breath, and the silence after it in seconds."""

    text: str
    pause: float


@dataclass(frozen=True, slots=True)
class Cue:
    """Text that is shown from ``start`` to ``end`` (seconds)."""

    start: float
    end: float
    text: str


def sentences(paragraph: str) -> list[str]:
    """Split at full stops, question and exclamation marks that end a sentence, not after initials and abbreviations."""
    found: list[str] = []
    for piece in SENTENCE_END.split(paragraph.strip()):
        if found and ABBREVIATION.search(found[-1]):
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return found


def phrases(paragraphs: Iterable[str]) -> list[Phrase]:
    """What the voice says one by one: a sentence each, or its clauses where the sentence is longer than a caption."""
    spoken: list[Phrase] = []
    for paragraph in paragraphs:
        for sentence in sentences(paragraph):
            clauses = [sentence] if fits(sentence) else _packed(CLAUSE_END.split(sentence))
            spoken += [Phrase(clause, PAUSE_CLAUSE) for clause in clauses[:-1]]
            spoken.append(Phrase(clauses[-1], PAUSE_SENTENCE))
        if spoken:
            spoken[-1] = Phrase(spoken[-1].text, PAUSE_PARAGRAPH)
    return spoken


def fits(text: str) -> bool:
    """Whether ``text`` can be shown in one caption."""
    return len(_lines(text)) <= LINES


def _lines(text: str) -> list[str]:
    return textwrap.wrap(text, LINE, break_long_words=False, break_on_hyphens=False)


def _packed(pieces: Iterable[str], *, at_least: float = float("inf")) -> list[str]:
    """Join pieces to as few captions as they fit in; one of ``at_least`` characters is full."""
    packed: list[str] = []
    for piece in pieces:
        joined = f"{packed[-1]} {piece}" if packed else ""
        if packed and len(packed[-1]) < at_least and fits(joined):
            packed[-1] = joined
        else:
            packed.append(piece)
    return packed


def cues(text: str, start: float, end: float) -> Iterator[Cue]:
    """Cues for one phrase. One longer than a caption is shared out by length: only there is a time a guess."""
    words = text.split()
    parts = _packed(words, at_least=len(text) / len(_packed(words)))
    total = sum(map(len, parts))
    at = start
    for part in parts:
        until = at + (end - start) * len(part) / total
        yield Cue(round(at, 3), round(until, 3), part)
        at = until


def wrap(text: str) -> str:
    """Break a caption into lines, of about equal length where two are enough."""
    gaps = [match.start() for match in re.finditer(" ", text)]
    fitting = [gap for gap in gaps if gap <= LINE and len(text) - gap - 1 <= LINE]
    if len(text) <= LINE or not fitting:
        return "\n".join(_lines(text))
    middle = min(fitting, key=lambda gap: abs(gap - len(text) / 2))
    return f"{text[:middle]}\n{text[middle + 1 :]}"


def chapters(script: Script, lengths: Sequence[float]) -> list[Cue]:
    """A chapter for each heading, from its first slide to the next heading. ``lengths`` are the slides' seconds."""
    marks: list[Cue] = []
    at = 0.0
    for slide, seconds in zip(script.slides, lengths, strict=True):
        until = round(at + seconds, 3)
        if slide.opens_chapter or not marks:
            marks.append(Cue(round(at, 3), until, slide.heading))
        else:
            marks[-1] = Cue(marks[-1].start, until, marks[-1].text)
        at += seconds
    return marks


def bridged(shown: Sequence[Cue], *, gap: float = 0.7) -> list[Cue]:
    """Let a caption stay until the next one comes if the silence between them is shorter than ``gap``: no flicker."""
    out = list(shown)
    for place, (this, following) in enumerate(pairwise(shown)):
        if following.start - this.end < gap:
            out[place] = Cue(this.start, following.start, this.text)
    return out


def webvtt(shown: Iterable[Cue], *, wrapped: bool = True) -> str:
    """The cues as a WebVTT file."""
    blocks = ["WEBVTT"]
    for number, cue in enumerate(shown, 1):
        text = _escape(wrap(cue.text) if wrapped else cue.text)
        blocks.append(f"{number}\n{_clock(cue.start)} --> {_clock(cue.end)}\n{text}")
    return "\n\n".join(blocks) + "\n"


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _clock(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02}.{whole % 1000:03}"
