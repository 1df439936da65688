"""What a bank keeps beside a question, made to fit its fields."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from quizzes.exchange.values import Meta

# As long as the fields of quizzes.models.Question and QuestionTag.
LONGEST: Mapping[str, int] = {"name": 200, "topic": 100, "language": 12, "author": 120, "licence": 40}
LONGEST_TAG = 60
DIFFICULTIES = ("", "easy", "medium", "hard")


UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # what no database keeps


def fitted(meta: Meta) -> tuple[Meta, list[str]]:
    """``meta`` as a bank can keep it, and a sentence for each thing that had to be cut or left out."""
    said: list[str] = []
    lines = {key: _line(getattr(meta, key)) for key in LONGEST}
    for key, most in LONGEST.items():
        if len(lines[key]) > most:
            said.append(_("“%(name)s” was cut to %(most)d characters.") % {"name": key, "most": most})
    tags = [_line(each) for each in meta.tags]
    if any(len(each) > LONGEST_TAG for each in tags):
        said.append(_("“%(name)s” was cut to %(most)d characters.") % {"name": "tags", "most": LONGEST_TAG})
    difficulty, review_by = meta.difficulty.strip().lower(), meta.review_by.strip()
    if difficulty not in DIFFICULTIES:
        known = ", ".join(DIFFICULTIES[1:])
        said.append(_("The difficulty “%(value)s” is none of %(known)s.") % {"value": difficulty[:40], "known": known})
    if review_by and not _is_date(review_by):
        said.append(_("“%(value)s” is no date to review it by; write it as 2026-12-31.") % {"value": review_by[:40]})
    return replace(
        meta,
        **{key: text[: LONGEST[key]].strip() for key, text in lines.items()},
        tags=tuple(dict.fromkeys(each[:LONGEST_TAG].strip() for each in tags if each)),
        difficulty=difficulty if difficulty in DIFFICULTIES else "",
        review_by=review_by if _is_date(review_by) else "",
    ), said


def _line(text: str) -> str:
    return " ".join(UNSTORABLE.sub(" ", text).split())


def _is_date(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) and date.fromisoformat(text))
    except ValueError:
        return False
