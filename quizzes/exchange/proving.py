"""From what a reader found to a question that is known to be sound, or to the reason why it is not."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from courses.shapes import problems
from quizzes.exchange.fitting import UNSTORABLE, fitted
from quizzes.exchange.html import losses, settle
from quizzes.exchange.values import NO_META, NOWHERE, Item, Meta, Refusal, Where
from quizzes.registry import types
from quizzes.rendering import used_media
from quizzes.types.base import words

LONGEST_UID = 40
LONGEST_NAME = 80
LONGEST_REASON = 1000
MOST_FAULTS = 5  # told of one question
MOST_TEXTS = 10_000  # in one question, names counted; schemas say less of each list, but are slow to say it
UID = re.compile(r"[A-Za-z0-9-]{1,40}")


def prove(content: Mapping[str, Any]) -> list[str]:
    """What is wrong with ``content`` as sentences: its type's schema first, then the type's faults. Empty: sound."""
    texts = list(islice(_strings(content), MOST_TEXTS + 1))
    if len(texts) > MOST_TEXTS:
        return [_("It has too many parts.")]
    if any(UNSTORABLE.search(each) for each in texts):
        return [_("There is a NUL character or half of a character in it.")]
    kind = types.get(str(content.get("type", "")))
    if kind is None:
        return [_("“%(type)s” is no type of question here.") % {"type": content.get("type", "")}]
    broken: Sequence[tuple[Any, str]] = problems(kind.content_schema, content)
    return [_sentence(path, said) for path, said in broken or kind.faults(content)]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list | tuple):
        for each in [*value, *value.values()] if isinstance(value, Mapping) else value:
            yield from _strings(each)


def _sentence(path: str | Sequence[str | int], said: str) -> str:
    steps = path.split(".") if isinstance(path, str) else [str(each) for each in path]
    place = " ".join(str(int(each) + 1) if each.isdigit() else each for each in steps[:2])
    return f"{place}: {said}" if len(steps) > 1 and steps[1].isdigit() else said


class Uids:
    """Gives the questions of one file their uids: the one written if it is sound and free, else one that can be read."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}  # so that a thousand namesakes are not counted from the beginning each time

    def give(self, wanted: str = "", *said: str) -> str:
        """``wanted``, or the first of ``said`` that has words in it as a slug, each made unique by a number."""
        base = wanted if UID.fullmatch(wanted) else self._slug(wanted, *said)
        uid, number = base, self._last.get(base, 1)
        while uid in self._taken:
            number += 1
            uid = f"{base[: LONGEST_UID - len(str(number)) - 1].rstrip('-')}-{number}"
        self._last[base] = number
        self._taken.add(uid)
        return uid

    @staticmethod
    def _slug(*said: str) -> str:
        slugs = (slugify(each[:400]).replace("_", "-") for each in said)
        slug = next((each for each in (re.sub("-+", "-", slug).strip("-") for slug in slugs) if each), "question")
        return slug if len(slug) <= LONGEST_UID else slug[: LONGEST_UID + 1].rpartition("-")[0] or slug[:LONGEST_UID]


def label(content: Mapping[str, Any], meta: Meta = NO_META) -> str:
    """How a question is called in a report: its name, or the beginning of its stem in plain words."""
    stem = UNSTORABLE.sub(" ", str(content.get("stem", ""))[:400])
    said = UNSTORABLE.sub(" ", meta.name) or words(stem, str(content.get("format", "md")))
    return said if len(said) <= LONGEST_NAME else f"{said[: LONGEST_NAME - 1]}…"


def outcome(
    content: Mapping[str, Any],
    *,
    uids: Uids,
    meta: Meta = NO_META,
    files: Mapping[str, bytes] | None = None,
    where: Where = NOWHERE,
    warnings: Sequence[str] = (),
) -> Item | Refusal:
    """The question as an ``Item`` with canonical content, or a ``Refusal`` whose reason are its faults.

    ``content`` may hold ``html.Text`` wherever a text belongs; ``uid`` may be missing. Of ``files`` those that the
    question shows are kept; one that it shows and that is not there is a warning.
    """
    content, wanted = settle(content), str(content.get("uid", ""))
    name = label(content, meta)
    trial = {**content, "uid": wanted if UID.fullmatch(wanted) else "question"}
    if found := prove(trial):
        return Refusal(where, name, " ".join(found[:MOST_FAULTS])[:LONGEST_REASON])
    trial["uid"] = uids.give(wanted, meta.name, name)
    settled = types[trial["type"]].snapshot(trial)
    used = used_media(settled)
    missing = [each for each in used if each not in (files or {})]
    meta, unfit = fitted(meta)
    said = [*warnings, *losses(settled), *unfit]
    if wanted not in ("", trial["uid"]):
        said.append(
            _("Its uid “%(wanted)s” is taken or no uid; it became “%(uid)s”.")
            % {"wanted": wanted[:60], "uid": trial["uid"]}
        )
    said += [_("It shows the file “%(name)s”, which does not come with it.") % {"name": each} for each in missing]
    kept = {each: data for each, data in (files or {}).items() if each in used}
    return Item(settled, meta, kept, where, tuple(dict.fromkeys(said)), nameless=trial["uid"] != wanted)
