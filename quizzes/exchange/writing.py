"""What writers share: no question leaves that would come back as another one."""

import io
from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.exchange.html import escaped
from quizzes.exchange.numbers import part_id
from quizzes.exchange.proving import label, prove
from quizzes.exchange.registry import Read
from quizzes.exchange.values import Exported, Item, Refusal, Where
from quizzes.registry import types
from quizzes.rendering import used_media
from quizzes.types.base import words

Content = Mapping[str, Any]
NAMES = {
    "accents": gettext_lazy("accents that count"),
    "back_to": gettext_lazy("the lesson it sends back to"),
    "case": gettext_lazy("capital letters that count"),
    "credit": gettext_lazy("the way of giving credit"),
    "facts": gettext_lazy("facts"),
    "feedback": gettext_lazy("replies"),
    "general_feedback": gettext_lazy("general feedback"),
    "hints": gettext_lazy("hints"),
    "keep": gettext_lazy("that it is worth a review card"),
    "notes": gettext_lazy("notes for markers"),
    "other_feedback": gettext_lazy("a reply to any other answer"),
    "points": gettext_lazy("points"),
    "relative": gettext_lazy("a tolerance in percent"),
    "rubric": gettext_lazy("a rubric"),
    "share": gettext_lazy("part credit"),
    "shuffle": gettext_lazy("a fixed order"),
    "significant": gettext_lazy("significant figures"),
    "template": gettext_lazy("a text to begin with"),
    "units": gettext_lazy("units"),
    "unit_required": gettext_lazy("a required unit"),
    "words_max": gettext_lazy("a number of words"),
    "words_min": gettext_lazy("a number of words"),
}


class Cannot(Exception):
    """The format cannot hold a question; ``reason`` for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def must_be_sound(content: Content) -> None:
    """Raise ``Cannot`` for a question with faults, such as a draft: nobody could read it back."""
    if found := prove(content):
        raise Cannot(_("It is not finished: %(fault)s") % {"fault": found[0]})


def only(content: Content, *keys: str) -> None:
    """Raise ``Cannot`` when ``content`` holds anything besides ``keys`` and what every question has."""
    known = {"uid", "type", "stem", "format", *keys}
    extra = [str(NAMES.get(key, key)) for key in sorted(content) if key not in known]
    if extra:
        raise Cannot(_("The format has no place for: %(names)s.") % {"names": ", ".join(dict.fromkeys(extra))})


def no_files(content: Content) -> None:
    """Raise ``Cannot`` when ``content`` shows files."""
    if used := used_media(content):
        raise Cannot(_("The format has no place for files: %(names)s.") % {"names": ", ".join(used)})


def no_type(content: Content) -> Cannot:
    """That the format has no question of this type."""
    kind = types.get(str(content.get("type")))
    return Cannot(_("The format has no questions of the type “%(type)s”.") % {"type": kind.label if kind else "?"})


def plain_of(text: str, text_format: str) -> str:
    """What a text without any mark-up reads like. Raises ``Cannot`` when it has some."""
    plain = words(text, text_format)
    if plain and (escape(plain, quote=False) if text_format == "html" else escaped(plain)) == text:
        return plain
    if not text:
        return ""
    reason = _("The format holds plain text only, and “%(text)s” has mark-up or several lines.")
    raise Cannot(reason % {"text": text[:60]})


def comparable(content: Content) -> dict[str, Any]:
    """The canonical content without what a format may give anew: the uid and the ids of parts."""
    said = types[content["type"]].snapshot(content)
    return {key: _unnamed(value) for key, value in said.items() if key != "uid"}


def _unnamed(value: Any) -> Any:
    if isinstance(value, list):
        return [
            _unnamed(each) | {"id": part_id(at)} if isinstance(each, dict) else each for at, each in enumerate(value)
        ]
    if isinstance(value, dict):
        # A share of nothing says nothing where an option is simply wrong.
        bare = {key: _unnamed(each) for key, each in value.items()}
        return {key: each for key, each in bare.items() if not ("right" in bare and key == "share" and each == "0")}
    return value


def check(content: Content, found: Iterable[Item | Refusal]) -> None:
    """Raise ``Cannot`` unless what was read back is the very question."""
    back = list(found)
    if len(back) != 1 or isinstance(back[0], Refusal):
        said = next((each.reason for each in back if isinstance(each, Refusal)), "")
        raise Cannot(_("The format cannot hold it as it is. %(reason)s") % {"reason": said})
    asked, given = comparable(content), comparable(back[0].content)
    unlike = [key for key in sorted({*asked, *given}) if asked.get(key) != given.get(key)]
    if unlike:
        names = ", ".join(str(NAMES.get(key, key)) for key in unlike)
        raise Cannot(_("The format would change: %(names)s.") % {"names": names})


def check_with_files(asked: Exported, found: Iterable[Item | Refusal]) -> None:
    """``check``, and that the files came along. Raises ``Cannot``."""
    back = list(found)
    check(asked.content, back)
    shown = {name: asked.files[name] for name in used_media(asked.content) if name in asked.files}
    if isinstance(back[0], Item) and dict(back[0].files) != shown:
        raise Cannot(_("The format would lose a file it shows."))


def write_each(
    questions: Iterable[Exported],
    out: BinaryIO,
    compose: Callable[[Exported], str],
    read: Read,
    written: Callable[[Exported], None] = lambda each: None,
) -> list[Refusal]:
    """Write what ``compose`` makes of each question as UTF-8, if ``read`` reads the very question back from it.

    ``written`` is told of each question that is in the file.
    """
    refused = []
    for number, each in enumerate(questions, start=1):
        try:
            must_be_sound(each.content)
            data = compose(each).encode()
            check(each.content, read(io.BytesIO(data), name=""))
        except Cannot as problem:
            refused.append(Refusal(Where(number=number), label(each.content, each.meta), problem.reason))
        else:
            out.write(data)
            written(each)
    return refused
