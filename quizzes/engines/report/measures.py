"""Measures of resource sharing: rates with their definitions, and the middle and the tail of a row of days. Exact numbers.

A rate over several periods is pooled, all that count over all that could (F-152): rates are never averaged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.types.numbers import to_places

TAIL = 90  # the percentile that reports print beside mean and median (F-154)


@dataclass(frozen=True)
class Rate:
    """What a rate puts over what: ``top`` and ``base`` are columns of counts, by their usual names."""

    label: Any
    formula: Any
    top: tuple[str, ...]
    base: tuple[str, ...]
    fact: str


RATES: Mapping[str, Rate] = {
    "borrowing": Rate(
        _("borrowing fill rate"), _("filled ÷ (filled + unfilled)"), ("filled",), ("filled", "unfilled"), "F-152"
    ),
    "service": Rate(
        _("service fill rate"),
        _("(filled + found locally) ÷ (filled + found locally + unfilled)"),
        ("filled", "local"),
        ("filled", "local", "unfilled"),
        "F-152",
    ),
    "raw": Rate(_("raw fill rate"), _("filled ÷ all submitted"), ("filled",), ("submitted",), "F-152"),
    "lending": Rate(
        _("lending fill rate"),
        _("filled ÷ (filled + answered no + expired unanswered)"),
        ("filled",),
        ("filled", "no", "expired"),
        "F-153",
    ),
}


def percentage(top: int, base: int) -> Decimal:
    """``top`` in percent of ``base``, not rounded."""
    return Decimal(100 * top) / base


def pooled(counts: Sequence[tuple[int, int]]) -> Decimal:
    """The rate of all ``counts`` (top, base) together, in percent."""
    return percentage(sum(top for top, _base in counts), sum(base for _top, base in counts))


def averaged(counts: Sequence[tuple[int, int]]) -> Decimal:
    """The mean of the single rates: a number without a meaning, known here only to be told apart."""
    return mean([percentage(top, base) for top, base in counts])


def mean(values: Sequence[int | Decimal]) -> Decimal:
    return sum((Decimal(value) for value in values), Decimal(0)) / len(values)


def median(values: Sequence[int]) -> Decimal:
    """The value in the middle; of an even number the mean of the two in the middle."""
    ordered, half = sorted(values), len(values) // 2
    return Decimal(ordered[half]) if len(ordered) % 2 else Decimal(ordered[half - 1] + ordered[half]) / 2


def nearest_rank(values: Sequence[int], percent: int = TAIL) -> int:
    """The smallest value that ``percent`` of all do not exceed: the one at the rank ⌈percent × n ÷ 100⌉."""
    rank = -(-percent * len(values) // 100)
    return sorted(values)[max(rank, 1) - 1]


def rounded(value: Decimal) -> Decimal:
    """To one decimal, halves up, as reports print it."""
    return to_places(value, 1)
