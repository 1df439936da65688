"""Registry of the words that a library may fill in (D18). Whoever writes lessons registers the list in ``ready()``."""

from collections.abc import Iterable
from typing import Any, Protocol


class LocalWordRow(Protocol):
    """``key`` as lessons write it; ``label`` and ``help`` for the form; ``default`` is what readers see until then."""

    @property
    def key(self) -> str: ...
    @property
    def label(self) -> Any: ...
    @property
    def default(self) -> Any: ...
    @property
    def help(self) -> Any: ...


_rows: dict[str, LocalWordRow] = {}


def register(rows: Iterable[LocalWordRow]) -> None:
    """Add ``rows``; registering the same keys twice is harmless."""
    _rows.update({row.key: row for row in rows})


def all_words() -> list[LocalWordRow]:
    """Every word, in the order of registration."""
    return list(_rows.values())
