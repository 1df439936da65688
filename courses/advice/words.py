"""How a text reads: hard English, long sentences, and what only colours tell.

The grade is Flesch–Kincaid's (Kincaid, Fishburne, Rogers and Chissom: Derivation of new readability formulas for Navy
enlisted personnel, 1975): 0.39 words a sentence + 11.8 syllables a word - 15.59. It knows English only, and syllables
are guessed by groups of vowels, so it is said as 'about'.
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.advice.registry import Finding, View

MIN_WORDS = 100
GRADE_MAX = 12
SENTENCE_MAX = 30
QUOTED = 8
SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“‘(]?[A-Z0-9])")
WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
VOWELS = re.compile(r"[aeiouy]+")

COLOUR = r"(?:red|green|blue|yellow|orange|purple|pink|amber|grey|gray|turquoise|brown)"
THING = (
    r"(?:ones?|items?|rows?|cells?|fields?|lines?|words?|texts?|parts?|box|boxes|buttons?|areas?|entries|entry|columns?|"
    r"marks?|dots?|arrows?|labels?|letters?|bars?|icons?)"
)
COLOUR_ONLY = re.compile(
    rf"\b(?:shown|marked|highlighted|printed|written|displayed|flagged|coloured|colored)\s+(?:in\s+)?{COLOUR}\b"
    rf"|\b(?:the|all|every|each)\s+{COLOUR}\s+{THING}\b"
    rf"|\b(?:anything|everything|those|items|words)\s+in\s+{COLOUR}\b"
    rf"|\b{COLOUR}\s+means\b",
    re.IGNORECASE,
)


def syllables(word: str) -> int:
    """About how many syllables an English word has; at least one."""
    small = word.lower().replace("’", "'")
    count = len(VOWELS.findall(small))
    if small.endswith("e") and not small.endswith(("le", "ee", "ye")) and count > 1:
        count -= 1
    return max(count, 1)


def sentences(passages: list[str]) -> list[list[str]]:
    """The words of each sentence; a passage ends one whether it has a full stop or not."""
    found = [WORD.findall(each) for passage in passages for each in SENTENCE_END.split(passage)]
    return [words for words in found if words]


def grade(said: list[list[str]]) -> float:
    """Flesch–Kincaid grade of sentences; 0 without any."""
    count = sum(map(len, said))
    if not count:
        return 0.0
    return 0.39 * count / len(said) + 11.8 * sum(syllables(word) for words in said for word in words) / count - 15.59


def reading_level(view: View) -> Iterator[Finding]:
    """English of at least 100 words that is hard to read, and its sentences that are long."""
    if not view.is_english:
        return
    said = sentences(view.passages)
    if sum(map(len, said)) < MIN_WORDS:
        return
    if (level := grade(said)) > GRADE_MAX:
        sentence = _(
            "The text reads at about grade %(grade)d (Flesch–Kincaid); shorter sentences and plainer words help, also "
            "those whose first language is another."
        )
        yield Finding("reading-level", sentence % {"grade": round(level)})
    long = [words for words in said if len(words) > SENTENCE_MAX]
    if long:
        sentence = ngettext(
            "%(number)d sentence has more than %(limit)d words, beginning “%(words)s…”.",
            "%(number)d sentences have more than %(limit)d words, the first beginning “%(words)s…”.",
            len(long),
        )
        words = {"number": len(long), "limit": SENTENCE_MAX, "words": " ".join(long[0][:QUOTED])}
        yield Finding("long-sentences", sentence % words, about="\n".join(map(" ".join, long)))


def colour_only(view: View) -> Iterator[Finding]:
    """English words that may send readers to a colour. A guess, and it says so."""
    if not view.is_english:
        return
    found: dict[str, list[str]] = {}
    for passage in view.passages:
        for match in COLOUR_ONLY.finditer(passage):
            found.setdefault(match[0].lower(), []).append(passage)
    for words, passages in found.items():
        sentence = _(
            "“%(words)s”: does this rest on colour alone? If so, name the thing in words too, for those who do not see it."
        )
        yield Finding("colour-only", sentence % {"words": words}, about="\n".join([words, *passages]))
