"""Two versions of a question word by word."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from django.utils.translation import gettext as _

from quizzes.registry import types

WORD = re.compile(r"\s+|[^\s]+")
WORDS_MOST = 1500  # compared one by one; what is longer is shown as taken out and put in
UNSAID = ("uid", "type", "format")

Piece = tuple[Literal["same", "out", "in"], str]


@dataclass(frozen=True)
class Change:
    """What one place of a question says in both versions, as pieces that stay, go out or come in."""

    place: str
    pieces: Sequence[Piece]

    @property
    def changed(self) -> bool:
        return any(kind != "same" for kind, _text in self.pieces)


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Every value of either content, in the order of the newer, with how it differs."""
    old, new = flat(before), flat(after)
    places = [*new, *(place for place in old if place not in new)]
    return [Change(place, pieces(old.get(place, ""), new.get(place, ""))) for place in places]


def flat(content: Mapping[str, Any]) -> dict[str, str]:
    """Every value as text by its place in words: ``Answers a, Reply``. Rows are named by their ids, which stay."""
    labels = _labels(content)
    found: dict[str, str] = {}
    for key, value in content.items():
        if key not in UNSAID:
            _flatten(labels.get(key, key), value, labels, found)
    return found


def _labels(content: Mapping[str, Any]) -> dict[str, str]:
    labels = {
        "stem": _("Question"),
        "general_feedback": _("What everybody reads afterwards"),
        "hints": _("Hints"),
        "points": _("Points"),
        "back_to": _("Lesson that explains it"),
        "facts": _("Facts"),
        "keep": _("Worth a review card"),
    }
    kind = types.get(str(content.get("type")))
    lists = list(kind.editor.rows) if kind else []
    while lists:
        rows = lists.pop()
        labels.setdefault(rows.name, str(rows.label))
        labels |= {each.name: str(each.label) for each in rows.fields if each.name not in labels}
        lists += [*([rows.inner] if rows.inner else []), *rows.also]
    return labels | ({each.name: str(each.label) for each in kind.editor.fields} if kind else {})


def _flatten(place: str, value: Any, labels: Mapping[str, str], found: dict[str, str]) -> None:
    if isinstance(value, Mapping):
        for key, each in value.items():
            if key != "id":
                _flatten(f"{place}, {labels.get(key, key)}", each, labels, found)
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for each in value:
            _flatten(f"{place} {each.get('id', '')}", each, labels, found)
    else:
        found[place] = _said(value)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def pieces(before: str, after: str) -> list[Piece]:
    """The words of both texts: those that stay, those that went out, those that came in, in reading order."""
    old, new = WORD.findall(before), WORD.findall(after)
    if max(len(old), len(new)) > WORDS_MOST:
        whole: list[Piece] = [("same", after)] if before == after else [("out", before), ("in", after)]
        return [each for each in whole if each[1]]
    found: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("same", "".join(old[a:b])))
            continue
        found += [("out", "".join(old[a:b]))] if a < b else []
        found += [("in", "".join(new[c:d]))] if c < d else []
    return found
