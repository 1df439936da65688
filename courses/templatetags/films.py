"""The film of a lesson on the lesson's own page."""

from typing import Any

from django import template

from courses.models import LessonText
from courses.views.film import FILM_KINDS, film_context

register = template.Library()


@register.inclusion_tag("courses/author/film_panel.html", takes_context=True)
def film_panel(context: dict[str, Any], text: LessonText) -> dict[str, Any]:
    """Nothing for a lesson without a film; the lesson of ``text`` is loaded."""
    if text.lesson.kind not in FILM_KINDS:
        return {}
    return film_context(context["course"], text, may_change=bool(context.get("may_edit")))
