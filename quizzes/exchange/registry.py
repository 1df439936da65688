"""Formats of question files by name. A format is one module with ``FORMAT``, and a line in ``quizzes.exchange``."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from quizzes.exchange.values import Exported, Item, Refusal

HEAD = 4096  # bytes from the start of a file that ``guess`` wants to see


class Read(Protocol):
    """Yields each question in the file as it is met. Raises ``Unreadable`` when the container cannot be read.

    ``name`` is the file's name. The file stands at its start and can seek; it is left open.
    """

    def __call__(self, file: BinaryIO, *, name: str) -> Iterator[Item | Refusal]: ...


Write = Callable[[Iterable[Exported], BinaryIO], list[Refusal]]


@dataclass(frozen=True)
class Format:
    """``suffixes`` with their dot, the one for writing first. ``fits`` says whether the first bytes look like it.

    ``write`` gives back what the format cannot hold, each with a reason; the rest is written. ``holds_files`` is false
    for a format that has no place for pictures.
    """

    name: str
    label: Any
    suffixes: Sequence[str]
    content_type: str
    read: Read
    write: Write
    fits: Callable[[bytes], bool]
    holds_files: bool = False


formats: dict[str, Format] = {}


def register(each: Format) -> None:
    """Add a format under its name."""
    formats[each.name] = each


def guess(name: str, head: bytes) -> Format | None:
    """The format of the file ``name`` that begins with ``head``; None when nothing speaks for any.

    What a file looks like weighs more than how it is called, and both together most.
    """
    ending = [each for each in formats.values() if name.lower().endswith(tuple(each.suffixes))]
    fitting = [each for each in formats.values() if each.fits(head[:HEAD])]
    both = [each for each in ending if each in fitting]
    return next(iter([*both, *fitting, *ending]), None)
