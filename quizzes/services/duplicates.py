"""Questions that say the same, or nearly: found within one bank, settled by an author.

Near ones are compared by w-shingling (A. Broder, On the resemblance and containment of documents, 1997): the share of
runs of three words that two questions have in common, of all that either has.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from django.db import transaction

from accounts.models import User
from core import clock
from quizzes.models import Bank, KnownToDiffer, Question
from quizzes.selectors_bank import differing

WORD = re.compile(r"\w+")
RUN = 3
ALIKE = 0.6
LOOKED_AT = 5000  # of a bank, the newest; the page says so
COMMON = 40  # a run of words that more questions share says nothing about any two of them
PAIRS_MOST = 200


@dataclass(frozen=True)
class Pair:
    """Two questions of a bank, the older one first. ``alike`` is percent; ``same``: nothing but order or case differs."""

    first: int
    second: int
    alike: int
    same: bool


@dataclass(frozen=True)
class Look:
    """What was found in a bank: ``pairs``, most alike first, and how many of ``total`` questions were compared."""

    pairs: Sequence[Pair]
    compared: int
    total: int


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """The runs of three words in ``text``; all of its words when it has fewer."""
    words = [word.casefold() for word in WORD.findall(text)]
    return (
        frozenset(tuple(words[at : at + RUN]) for at in range(max(1, len(words) - RUN + 1))) if words else frozenset()
    )


def alike(first: frozenset[tuple[str, ...]], second: frozenset[tuple[str, ...]]) -> float:
    """Share of what both have of what either has: 0 to 1."""
    return len(first & second) / len(first | second) if first or second else 0.0


def look_through(bank: Bank) -> Look:
    """Pairs of questions in use that look alike and are not known to differ. Three queries; bounded by ``LOOKED_AT``."""
    rows = bank.questions.filter(retired_at=None).order_by("-pk")
    found = list(rows.values_list("pk", "words", "fingerprint")[:LOOKED_AT])
    total = len(found) if len(found) < LOOKED_AT else rows.count()
    known = differing(pk for pk, _words, _print in found)
    runs = {pk: shingles(words) for pk, words, _print in found}
    prints = {pk: print_ for pk, _words, print_ in found}
    pairs = []
    for first, second in _candidates(runs, prints) - known:
        share = alike(runs[first], runs[second])
        same = bool(prints[first]) and prints[first] == prints[second]
        if same or share >= ALIKE:
            pairs.append(Pair(first, second, round(share * 100), same))
    pairs.sort(key=lambda each: (not each.same, -each.alike, each.first, each.second))
    return Look(pairs[:PAIRS_MOST], len(found), total)


def _candidates(runs: dict[int, frozenset[tuple[str, ...]]], prints: dict[int, str]) -> set[tuple[int, int]]:
    """Pairs worth comparing: an equal fingerprint, or enough runs of words that are not everybody's."""
    holders: dict[tuple[str, ...], list[int]] = {}
    for pk, each in runs.items():
        for run in each:
            holders.setdefault(run, []).append(pk)
    shared: Counter[tuple[int, int]] = Counter()
    for pks in holders.values():
        if 1 < len(pks) <= COMMON:
            shared.update(combinations(sorted(pks), 2))
    same: dict[str, list[int]] = {}
    for pk, print_ in prints.items():
        if print_:
            same.setdefault(print_, []).append(pk)
    # Of many that say the same, each is shown beside the oldest: n pairs, not n².
    equal = {(min(pks), pk) for pks in same.values() for pk in pks if pk != min(pks)}
    return set(shared) | equal


@transaction.atomic
def they_differ(*, first: Question, second: Question, actor: User) -> None:
    """Remember that these two only look alike."""
    low, high = sorted((first.pk, second.pk))
    KnownToDiffer.objects.get_or_create(first_id=low, second_id=high, defaults={"by": actor, "at": clock.now()})
