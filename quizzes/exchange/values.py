"""What readers of question files give and writers take."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError


class Unreadable(DomainError):
    """The container cannot be read at all: no zip, no XML, no text. Nothing of it was taken."""

    status = 422


@dataclass(frozen=True)
class Where:
    """A place in a file: ``line`` and ``number`` count from 1 (0: none), ``path`` is a file within a package."""

    line: int | None = None
    path: str = ""
    number: int = 0

    def __str__(self) -> str:
        parts = [self.path, _("line %(line)d") % {"line": self.line} if self.line else ""]
        if not any(parts) and self.number:
            parts = [_("no. %(number)d") % {"number": self.number}]
        return ", ".join(filter(None, parts))


@dataclass(frozen=True)
class Meta:
    """What a bank keeps beside a question. ``topic`` is a path such as ``Copyright/Lending``; ``review_by`` is ISO."""

    name: str = ""
    topic: str = ""
    difficulty: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    author: str = ""
    licence: str = ""
    review_by: str = ""


NOWHERE = Where()
NO_META = Meta()


@dataclass(frozen=True)
class Item:
    """A question that was read and proved: ``content`` is canonical, ``files`` what it shows, by name within media/.

    ``nameless``: its uid was not in the file, so it says nothing about which question it is.
    """

    content: Mapping[str, Any]
    meta: Meta = NO_META
    files: Mapping[str, bytes] = field(default_factory=dict)
    where: Where = NOWHERE
    warnings: tuple[str, ...] = ()
    nameless: bool = False


@dataclass(frozen=True)
class Refusal:
    """A question that cannot be taken (or, when writing, not be put into the format), and why."""

    where: Where
    name: str
    reason: str


@dataclass(frozen=True)
class Exported:
    """A question on its way out; ``files`` holds what it shows, by name within ``media/``."""

    content: Mapping[str, Any]
    meta: Meta = NO_META
    files: Mapping[str, bytes] = field(default_factory=dict)


def topic_of(category: str) -> str:
    """The path of a Moodle category without the steps that name no topic: ``$course$/top/Lending`` is ``Lending``.

    Moodle doubles a slash that belongs to a name; here it becomes a hyphen.
    """
    steps = [each.replace("\0", "-").strip() for each in category.replace("//", "\0").split("/")]
    steps = [each for each in steps if each]
    if steps and re.fullmatch(r"\$\w+\$", steps[0]):
        del steps[0]
    if steps and steps[0] == "top":
        del steps[0]
    return "/".join(steps)
