"""What an uploaded file is for: one entry says what may come in and what becomes of it (as kinds of jobs are plug-ins)."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MIB = 1024 * 1024
HEAD_BYTES = 2048  # enough of a file to tell what it is


@dataclass(frozen=True)
class Arrival:
    """What became of a file that is whole: words for the author, the page to go on with, and the job on it if any."""

    said: str
    url: str
    job: Any = None


@dataclass(frozen=True)
class Purpose:
    """``endings`` of names with their dots; ``limit()`` in bytes. ``about_lesson``: it belongs to a lesson.

    ``doubt(name, head)`` gives a sentence when the first bytes are not what the name says, else nothing. ``take(upload,
    path, actor)`` puts the whole file where it belongs; it may run again after a kill, raises ``DomainError`` with what
    is wrong, and leaves the file at ``path`` (``uploading`` deletes it unless a job was begun on it).
    """

    name: str
    endings: tuple[str, ...]
    limit: Callable[[], int]
    doubt: Callable[[str, bytes], str]
    take: Callable[[Any, Path, Any], Arrival]
    about_lesson: bool = False


purposes: dict[str, Purpose] = {}


def register_purpose(purpose: Purpose) -> None:
    """Add ``purpose`` under its name. Raises ``ValueError`` when another one holds the name."""
    if purposes.get(purpose.name, purpose) != purpose:
        raise ValueError(f"the purpose {purpose.name!r} is taken")
    purposes[purpose.name] = purpose
