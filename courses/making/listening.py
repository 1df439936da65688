"""Heard words become captions: at most two short lines, seven seconds, broken where sentences and clauses end."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from courses import captions, webvtt
from courses.narration.captions import fits, wrap

PAUSE = 1.2  # seconds of stillness that end a caption
GAP = 0.7  # a shorter one between two captions is closed, or they would flicker
STAYS = 1.0  # a caption stands so long at least, if the next one leaves it the time
LONGEST = captions.LONGEST_MS / 1000

SENTENCE = re.compile(r"[.?!…][\"”’)]?\Z")
CLAUSE = re.compile(r"[,;:–][\"”’)]?\Z")
SHORT_FORM = re.compile(r"(?:\b(?:Dr|Mr|Mrs|Ms|St|vol|no|pp|p|ed|e\.g|i\.e)|\b[A-Z])\.\Z")


@dataclass(frozen=True, slots=True)
class Word:
    """One word (with its punctuation), and when it was said, in seconds."""

    text: str
    start: float
    end: float


def cues_of(words: Sequence[Word]) -> list[webvtt.Cue]:
    """Captions for ``words`` in their order; every word is in exactly one."""
    shown = [(group[0].start, group[-1].end, _text(group)) for group in _groups(words)]
    times = _times([(start, end, len(text)) for start, end, text in shown])
    return [
        webvtt.Cue(start, max(end, start + 1), webvtt.typed(_lines(text)))
        for (start, end), (_start, _end, text) in zip(times, shown, strict=True)
    ]


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _lines(text: str) -> str:
    """In two lines where one is too short: at the end of a clause if both lines hold then, else near the middle."""
    size = captions.LINE
    ends = [found.end() for found in re.finditer(r"[,;:.?!–][\"”’)]?(?= )", text)]
    ends = [end for end in ends if end <= size and len(text) - end - 1 <= size]
    if len(text) <= size or not ends:
        return wrap(text)
    end = min(ends, key=lambda each: abs(each - len(text) / 2))
    return f"{text[:end]}\n{text[end + 1 :]}"


def _groups(words: Sequence[Word]) -> Iterator[list[Word]]:
    for sentence in _sentences(words):
        rest = sentence
        while rest:
            many = _most(rest)
            yield rest[:many]
            rest = rest[many:]


def _sentences(words: Sequence[Word]) -> Iterator[list[Word]]:
    current: list[Word] = []
    for place, word in enumerate(words):
        current.append(word)
        ends = SENTENCE.search(word.text) and not SHORT_FORM.search(word.text)
        if ends or place + 1 == len(words) or words[place + 1].start - word.end > PAUSE:
            yield current
            current = []


def _most(words: list[Word]) -> int:
    """How many of a sentence's words go into its next caption."""
    many = 1
    while many < len(words) and _holds(words[: many + 1]):
        many += 1
    if many == len(words):
        return many
    clause = next((count for count in range(many, many // 3, -1) if CLAUSE.search(words[count - 1].text)), 0)
    if clause:
        return clause
    left = len(words) - many
    return many if left >= many // 2 else max(1, (len(words) + 1) // 2)  # no caption of a word or two at the end


def _holds(words: Sequence[Word]) -> bool:
    return words[-1].end - words[0].start <= LONGEST and fits(_text(words))


def _times(spans: Sequence[tuple[float, float, int]]) -> list[tuple[int, int]]:
    """Starts and ends in milliseconds: no two at once, each as long as it takes to read where there is stillness."""
    out: list[tuple[int, int]] = []
    for place, (start, end, letters) in enumerate(spans):
        after = spans[place + 1][0] if place + 1 < len(spans) else end + LONGEST
        wanted = max(end, start + STAYS, start + letters / captions.SPEED)
        until = after if 0 <= after - end < GAP else min(wanted, max(after, end))
        begins = max(round(start * 1000), out[-1][1] if out else 0)
        out.append((begins, max(min(round(until * 1000), max(round(after * 1000), begins + 1)), begins + 1)))
    return out
