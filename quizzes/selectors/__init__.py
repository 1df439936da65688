"""Reads over several tables: the start card, the attempt as its pages show it, the result."""

from quizzes.selectors.answers import (
    Paper,
    marks_of,
    newest_markings,
    newest_results,
    newest_steps,
    paper_of,
    tries_of,
)
from quizzes.selectors.card import Card, Review, card_of, review_of, visible_among, visible_of
from quizzes.selectors.showing import (
    EVERYTHING,
    NOTHING,
    Shown,
    Visible,
    show_question,
    shown,
    verdict_for,
    verdict_of,
    visible,
)

__all__ = [
    "EVERYTHING",
    "NOTHING",
    "Card",
    "Paper",
    "Review",
    "Shown",
    "Visible",
    "card_of",
    "marks_of",
    "newest_markings",
    "newest_results",
    "newest_steps",
    "paper_of",
    "review_of",
    "show_question",
    "shown",
    "tries_of",
    "verdict_for",
    "verdict_of",
    "visible",
    "visible_among",
    "visible_of",
]
