"""Date: a day of the calendar, such as a due date, with days accepted before and after."""

import re
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.editor import Editor, Field, Rows
from quizzes.registry import Content, Fault
from quizzes.types.base import MARKDOWN, schema_of, wrong_shape
from quizzes.types.folding import folded
from quizzes.types.typed import (
    FEEDBACK_FIELD,
    OTHER_FIELD,
    SHARE_FIELD,
    Found,
    TypedType,
    answers_schema,
    in_full,
)

ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
YEAR_FIRST = re.compile(r"([0-9]{4})\s?[-/. ]\s?([0-9]{1,2})\s?[-/. ]\s?([0-9]{1,2})\.?")
DAYS = {"type": "integer", "minimum": 0, "maximum": 3660}


def day_of(text: Any) -> date | None:
    """The day that ``YYYY-MM-DD`` means; None when it means none."""
    if not isinstance(text, str) or not ISO.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def day_typed(text: str) -> str:
    """What a form says, as ``YYYY-MM-DD`` where it is clear (the year stands first); else as it was typed."""
    found = YEAR_FIRST.fullmatch(folded(text))
    return f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}" if found else text


class DateQuestion(TypedType):
    """An answer is ``YYYY-MM-DD``, or None for none."""

    name = "date"
    label = gettext_lazy("Date")
    template = "quizzes/types/date.html"
    longest = 40
    content_schema = schema_of(
        {
            "answers": answers_schema(
                {"value": {"type": "string", "pattern": f"^{ISO.pattern}$"}, "before": DAYS, "after": DAYS},
                required=["value"],
            ),
            "other_feedback": MARKDOWN,
        },
        required=["answers"],
    )
    editor = Editor(
        fields=(OTHER_FIELD,),
        rows=(
            Rows(
                name="answers",
                label=gettext_lazy("Accepted days"),
                fields=(
                    Field("value", gettext_lazy("Day"), "date", required=True),
                    Field("before", gettext_lazy("Days before that count too"), "whole", default=0),
                    Field("after", gettext_lazy("Days after that count too"), "whole", default=0),
                    SHARE_FIELD,
                    FEEDBACK_FIELD,
                ),
                least=1,
                most=50,
                add=gettext_lazy("Add a day"),
            ),
        ),
    )

    def find(self, content: Content, answer: Any, seed: int) -> Found:
        day = day_of(answer)
        if day is None:
            return Found(None, _("This is no day of the calendar. Write it as YYYY-MM-DD."))
        return Found(next((at for at, each in enumerate(content["answers"]) if _near(each, day)), None))

    def faults(self, content: Content) -> list[Fault]:
        message = _("There is no such day.")
        absent = [at for at, each in enumerate(content["answers"]) if day_of(each["value"]) is None]
        return super().faults(content) + [(f"answers.{at}.value", message) for at in absent]

    def parse(self, content: Content, data: QueryDict, prefix: str) -> str | None:
        text = super().parse(content, data, prefix)
        return day_typed(text) if text else None

    def clean(self, content: Content, answer: Any) -> str | None:
        text = super().clean(content, answer)
        if text is not None and day_of(text) is None:
            raise wrong_shape(_("This is no day of the calendar. Write it as YYYY-MM-DD."))
        return text

    def said(self, content: Content, answer: Any, seed: int = 0) -> list[str]:
        day = day_of(answer)
        return [in_words(day)] if day else super().said(content, answer, seed)

    def right(self, content: Content, seed: int = 0) -> list[str]:
        days = [day_of(each["value"]) for each in in_full(content["answers"])]
        return [" / ".join(in_words(each) for each in days if each)]

    def responses(self, content: Content, answer: Any, seed: int = 0) -> list[tuple[str, str]]:
        return [(str(answer), line) for line in self.said(content, answer, seed)]


def in_words(day: date) -> str:
    """With the name of the weekday, in the reader's language."""
    return date_format(day, "l, j F Y")


def _near(answer: Content, day: date) -> bool:
    wanted = day_of(answer["value"])
    if wanted is None:
        return False
    return -answer.get("before", 0) <= (day - wanted).days <= answer.get("after", 0)
