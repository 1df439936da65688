"""A small set of combinations in which any two values that can meet do meet."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import combinations, product

Row = tuple[str, ...]
Pair = tuple[tuple[int, str], tuple[int, str]]


def full(factors: Sequence[Sequence[str]], allowed: Callable[..., bool]) -> list[Row]:
    """Every combination of one value of each of ``factors`` that is ``allowed(*values)``."""
    return [row for row in product(*factors) if allowed(*row)]


def pairs_of(row: Row) -> set[Pair]:
    """Every two values of ``row``, each with its place."""
    return set(combinations(enumerate(row), 2))


def pairwise(factors: Sequence[Sequence[str]], allowed: Callable[..., bool]) -> list[Row]:
    """Rows of ``full`` that hold every pair which is in any of them; the same ones each time.

    Greedy: the row with the most pairs that are still missing comes next; of several, the one whose values were had
    least, so that each value gets its share.
    """
    rows = full(factors, allowed)
    missing = set().union(*map(pairs_of, rows))
    had: Counter[tuple[int, str]] = Counter()
    chosen = []
    while missing:
        best = max(rows, key=lambda row: (len(pairs_of(row) & missing), -sum(had[each] for each in enumerate(row))))
        chosen.append(best)
        had.update(enumerate(best))
        missing -= pairs_of(best)
    return chosen
