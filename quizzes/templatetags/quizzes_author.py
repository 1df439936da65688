"""What an author reads about kinds of questions."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from quizzes.registry import QuestionType

register = template.Library()

ABOUT: Mapping[str, Any] = {
    "single": _("Several answers, one of them right."),
    "multi": _("Several answers, as many right as you like, and four ways to count them."),
    "tf": _("A statement that is true or is not."),
    "match": _("What belongs to what: pairs, with wrong ones among them if you like."),
    "order": _("Steps to be put in order."),
    "group": _("Items to be sorted into groups."),
    "text": _("A word or a few, compared with those that you accept."),
    "num": _("A number, with a tolerance and units if you like."),
    "cloze": _("Gaps inside a text: lists, words or numbers."),
    "hotspot": _("A place in a picture, or its name in a list."),
    "date": _("A day, with days before and after that count too."),
    "essay": _("A text that a person marks by your criteria."),
    "calc": _("A number worked out from values that differ for everybody."),
}


@register.filter
def about(kind: QuestionType) -> Any:
    """A line on what a kind of question is for; nothing for a kind that nobody described."""
    return ABOUT.get(kind.name, "")
