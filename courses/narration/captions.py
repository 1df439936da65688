"""From narration to captions: sentences, phrases that fit a caption, cues with times, WebVTT."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

LINE = 42
LINES = 2
LARGEST = LINE * LINES - 4  # two lines rarely fill to the last column

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
            clauses = _pack(CLAUSE_END.split(sentence)) if len(sentence) > LARGEST else [sentence]
            spoken += [Phrase(clause, PAUSE_CLAUSE) for clause in clauses[:-1]]
            spoken.append(Phrase(clauses[-1], PAUSE_SENTENCE))
        if spoken:
            spoken[-1] = Phrase(spoken[-1].text, PAUSE_PARAGRAPH)
    return spoken


def _pack(clauses: Sequence[str]) -> list[str]:
    packed = [clauses[0]]
    for clause in clauses[1:]:
        joined = f"{packed[-1]} {clause}"
        if len(joined) <= LARGEST:
            packed[-1] = joined
        else:
            packed.append(clause)
    return packed


def cues(text: str, start: float, end: float) -> Iterator[Cue]:
    """Cues for one phrase. One longer than a caption is shared out by length: only there is a time a guess."""
    parts = _by_words(text)
    total = sum(map(len, parts))
    at = start
    for part in parts:
        until = at + (end - start) * len(part) / total
        yield Cue(round(at, 3), round(until, 3), part)
        at = until


def _by_words(text: str) -> list[str]:
    count = -(-len(text) // LARGEST)
    aim = len(text) / count
    parts = [""]
    for word in text.split():
        if (len(parts) < count and len(parts[-1]) >= aim) or len(parts[-1]) + 1 + len(word) > LARGEST:
            parts.append("")
        parts[-1] = f"{parts[-1]} {word}".strip()
    return [part for part in parts if part]


def wrap(text: str) -> str:
    """Break a caption into two lines of about equal length where it does not fit one."""
    if len(text) <= LINE:
        return text
    gaps = [match.start() for match in re.finditer(" ", text)]
    fitting = [gap for gap in gaps if gap <= LINE and len(text) - gap - 1 <= LINE] or gaps
    middle = min(fitting, key=lambda gap: abs(gap - len(text) / 2))
    return f"{text[:middle]}\n{text[middle + 1 :]}"


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
        text = wrap(_escape(cue.text)) if wrapped else _escape(cue.text)
        blocks.append(f"{number}\n{_clock(cue.start)} --> {_clock(cue.end)}\n{text}")
    return "\n\n".join(blocks) + "\n"


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _clock(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02}.{whole % 1000:03}"
