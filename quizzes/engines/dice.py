"""The one source of chance of the practice engines: the same names give the same throws, on every machine and Python."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
BYTES = 8


class Dice:
    """A stream of throws that its ``names`` alone decide: ``Dice("citation", 1, seed)``.

    A digest, not ``random``: the stream must stay the same whatever Python says later.
    """

    def __init__(self, *names: object) -> None:
        self._name = "/".join(map(str, names))
        self._thrown = 0

    def whole(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        self._thrown += 1
        digest = hashlib.sha256(f"{self._name}:{self._thrown}".encode()).digest()
        return low + int.from_bytes(digest[:BYTES], "big") % (high - low + 1)

    def chance(self, times: int, of: int) -> bool:
        """True ``times`` times in ``of``."""
        return self.whole(1, of) <= times

    def choice(self, rows: Sequence[T]) -> T:
        return rows[self.whole(0, len(rows) - 1)]

    def shuffled(self, rows: Sequence[T]) -> list[T]:
        left = list(rows)
        return [left.pop(self.whole(0, len(left) - 1)) for _each in rows]

    def sample(self, rows: Sequence[T], count: int) -> list[T]:
        """``count`` different ones of ``rows``, in the order drawn."""
        return self.shuffled(rows)[:count]
