"""Controls of a form as templates draw them, for engines whose work is filled in like a form."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _

from quizzes.engines.registry import Part

FieldKind = Literal["choice", "radio", "cards", "checks", "line", "code", "text", "date", "whole", "decimal"]
Groups = Iterable[tuple[Any, Mapping[str, Any]]]  # heading, and under it label by value


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Mark:
    """What is said of a control: ``tone`` ok or bad, and a sentence."""

    tone: str
    text: str


@dataclass(frozen=True)
class FormField:
    """A control with what stands in it. ``groups`` are headings with their options; one without heading stands alone.

    A ``code`` is a line in which every character counts, such as an ISSN; ``cards`` are a ``radio`` of whole sentences.
    """

    name: str
    label: str
    kind: FieldKind
    value: Any = ""
    groups: Sequence[tuple[str, Sequence[Option]]] = ()
    help: str = ""
    unit: str = ""
    mark: Mark | None = None

    @property
    def html_id(self) -> str:
        return f"f-{self.name.replace('.', '-')}"


def options(groups: Groups, chosen: Collection[str]) -> list[tuple[str, list[Option]]]:
    """``groups`` with those of ``chosen`` marked."""
    return [
        (str(heading), [Option(value, str(label), value in chosen) for value, label in labels.items()])
        for heading, labels in groups
    ]


def mark_of(part: Part | None, *, over: bool, reply: str | None = None) -> Mark | None:
    """What may be said of ``part``: how to look again while the work goes on, what was right when it is over.

    ``reply`` is said instead of how to look again, where that is a hint with a price; empty for no more than that it
    does not hold.
    """
    if part is None:
        return None
    if part.fraction == 1:
        return Mark("ok", _("This holds."))
    start = _("Partly right.") if part.fraction else _("Not this.") if part.did else _("Still open.")
    if over:
        rest = f"{_sentence(part.expected)} {part.why}"
    elif reply is None:
        rest = part.next_time or _("Look again.")
    else:
        rest = (reply or _("Look again.")) if part.did else ""
    return Mark("bad", f"{start} {rest}".strip())


def _sentence(text: str) -> str:
    return f"{text}." if text and text[-1].isalnum() else text
