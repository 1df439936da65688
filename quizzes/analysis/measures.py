"""The measures of classical test theory, from sums alone: rows can be added up anywhere and in any order. Pure.

Facility, corrected item-total correlation, Cronbach's alpha (L. J. Cronbach, Psychometrika 16, 1951; for items that are
only right or wrong it is Kuder and Richardson's formula 20, Psychometrika 2, 1937) and the standard error of measurement,
SD × √(1 − reliability) (F. M. Lord and M. R. Novick, Statistical Theories of Mental Test Scores, 1968).
"""

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

# A variance below this is rounding, for every point that was to be had: fractions have five places, so three thirds of a
# question are 0.99999. Taking such a spread for one would make a figure of nothing but noise.
NOTHING = 1e-9


@dataclass(frozen=True)
class Sums:
    """Sums over the attempts that were asked one question.

    ``n`` attempts; ``x`` what the answer is worth (0 to 1), ``rest`` the share of all other points of the same attempt
    (0 to 1), ``full`` the answers worth 1; ``xt`` is the sum of the points earned here times those of the attempt.
    ``ms`` is the time of the ``timed`` attempts whose time is known.
    """

    n: int = 0
    x: float = 0.0
    xx: float = 0.0
    rest: float = 0.0
    rest2: float = 0.0
    x_rest: float = 0.0
    xt: float = 0.0
    full: int = 0
    timed: int = 0
    ms: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(one + two for one, two in zip(astuple(self), astuple(other), strict=True)))

    @property
    def facility(self) -> float:
        """The mean of what the answers are worth, 0 to 1."""
        return self.x / self.n

    @property
    def mean_ms(self) -> int | None:
        return round(self.ms / self.timed) if self.timed else None

    @property
    def scored_only_0_or_1(self) -> bool:
        return abs(self.x - self.full) < 1e-12 * self.n

    @property
    def discrimination(self) -> float | None:
        """The correlation between this question and the rest of the same attempt, −1 to 1.

        The question itself is not in the rest, or it would agree with itself. None when everybody did equally well at
        one of the two: then nothing can be said.
        """
        both = variance(self.n, self.x, self.xx), variance(self.n, self.rest, self.rest2)
        if min(both) < NOTHING:
            return None
        covariance = self.x_rest - self.x * self.rest / self.n
        return max(-1.0, min(1.0, covariance / (self.n - 1) / math.sqrt(both[0] * both[1])))


def variance(n: int, total: float, squares: float) -> float:
    """The sample variance (n − 1) of ``n`` values with this sum and sum of squares; 0 below two values."""
    return max(0.0, (squares - total * total / n) / (n - 1)) if n > 1 else 0.0


@dataclass(frozen=True)
class Scale:
    """The quiz as a measuring instrument: ``sem`` is in points, as ``sd`` and ``mean`` are, of ``most``."""

    mean: float
    sd: float
    most: int
    alpha: float | None
    sem: float | None


def scale_of(items: Sequence[tuple[int, Sums]]) -> Scale:
    """Mean, spread and reliability of attempts that were all asked the same ``items``, each with its points.

    ``alpha`` and ``sem`` are None for fewer than two items, and when all attempts have the same total but for rounding.
    """
    n = items[0][1].n
    total, squares = sum(points * sums.x for points, sums in items), sum(sums.xt for _points, sums in items)
    spread = variance(n, total, squares)
    most = sum(points for points, _sums in items)
    told_apart = len(items) > 1 and spread >= NOTHING * most**2
    variances = [points**2 * variance(sums.n, sums.x, sums.xx) for points, sums in items]
    alpha = _alpha(variances, spread) if told_apart else None
    sem = math.sqrt(spread * max(0.0, 1 - alpha)) if alpha is not None else None
    return Scale(total / n, math.sqrt(spread), most, alpha, sem)


def _alpha(variances: Sequence[float], spread: float) -> float:
    k = len(variances)
    return k / (k - 1) * (1 - sum(variances) / spread)
