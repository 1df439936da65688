"""Reads over several tables, as typed rows."""

from courses.selectors.catalogue import Card, Catalogue, Filters, cards_of, catalogue, first_courses
from courses.selectors.outline import (
    Outline,
    OutlineGroup,
    OutlineLesson,
    OutlineRow,
    done_uids,
    first_check,
    forget_outlines,
    minutes_left,
    next_lesson,
    outline_of,
    outline_rows,
)
from courses.selectors.words import resolved, words_for

__all__ = [
    "Card",
    "Catalogue",
    "Filters",
    "Outline",
    "OutlineGroup",
    "OutlineLesson",
    "OutlineRow",
    "cards_of",
    "catalogue",
    "done_uids",
    "first_check",
    "first_courses",
    "forget_outlines",
    "minutes_left",
    "next_lesson",
    "outline_of",
    "outline_rows",
    "resolved",
    "words_for",
]
