"""What other systems have no place for, kept as labels beside their own: ``lendcraft:language=de``.

A label says nothing that changes how a question is judged; it only brings back what a bank or course here knows of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from quizzes.exchange.values import Meta

PREFIX = "lendcraft:"
_META = ("difficulty", "language", "author", "licence", "review_by")


def labels(content: Mapping[str, Any], meta: Meta, extra: Mapping[str, str] | None = None) -> list[str]:
    """The tags of ``meta``, then a label for each thing that is known besides; ``extra`` names more of them."""
    said = {name: value for name in _META if (value := getattr(meta, name))}
    said |= {"back_to": content["back_to"]} if content.get("back_to") else {}
    said |= {"keep": "1"} if content.get("keep") else {}
    known = [f"{PREFIX}{name}={value}" for name, value in {**said, **(extra or {})}.items()]
    return [*meta.tags, *known, *(f"{PREFIX}fact={each}" for each in content.get("facts", ()))]


def unlabelled(given: Iterable[str], meta: Meta) -> tuple[Meta, dict[str, Any]]:
    """The inverse of ``labels``: ``meta`` with what they say, and the content and extras in them by name."""
    tags, facts = [], []
    said: dict[str, Any] = {}
    for each in given:
        name, equals, value = each.removeprefix(PREFIX).partition("=")
        if not each.startswith(PREFIX) or not equals:
            tags.append(each)
        elif name == "fact":
            facts.append(value)
        elif name == "keep":
            said[name] = value == "1"
        else:
            said[name] = value
    known = {name: said.pop(name) for name in _META if name in said}
    return replace(meta, tags=tuple(tags), **known), {**said, **({"facts": facts} if facts else {})}


def unlike(meta: Meta) -> Sequence[str]:
    """Tags of ``meta`` that would be taken for labels, which no format can hold."""
    return [each for each in meta.tags if each.startswith(PREFIX)]
