"""A check question as its template shows it, and numbers in words."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from courses import markup
from quizzes.registry import types
from quizzes.selectors import Shown, show_question

register = template.Library()


@register.simple_tag
def check_question(segment: dict[str, Any]) -> Shown:
    """The question of a ``check`` block: with its reply once ``answered`` holds an answer."""
    content, answer = segment["source"], segment.get("answered", {}).get("answer")
    mark = None if answer is None else types[content["type"]].grade(content, answer)
    return show_question(content, segment["rendered"]["html"], answer, mark)


@register.filter
def in_words(number: int) -> str:
    """``three`` for 3; figures from thirteen on."""
    words = (
        _("none"), _("one"), _("two"), _("three"), _("four"), _("five"), _("six"),
        _("seven"), _("eight"), _("nine"), _("ten"), _("eleven"), _("twelve"),
    )  # fmt: skip
    return words[number] if 0 <= number < len(words) else str(number)


@register.filter
def plain(text: str) -> str:
    """The words of rendered HTML, to be escaped again where they are shown."""
    return markup.plain(text)
