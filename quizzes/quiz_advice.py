"""What authors of quizzes and practice may want to think about; see ``courses.advice``."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.advice.registry import Around, Finding
from quizzes.access import PASS_MARK

FEW = 3


def pass_mark(around: Around) -> Iterator[Finding]:
    """A quiz that names no pass mark gets the usual one, which its author may not know."""
    if around.kind == "quiz" and not around.rule.get("pass_mark"):
        sentence = _("The quiz names no pass mark: %(mark)d percent counts as passed.")
        yield Finding("pass-mark", sentence % {"mark": PASS_MARK}, about=str(PASS_MARK))


def few_questions(around: Around) -> Iterator[Finding]:
    """So few questions that luck decides. What is drawn from a bank or a pool counts as what is asked."""
    asked = len(around.content.get("questions", ())) if around.kind == "quiz" else 0
    if 0 < asked < FEW:
        sentence = ngettext(
            "The quiz asks %(number)d question; with so few, one slip or lucky guess decides.",
            "The quiz asks %(number)d questions; with so few, one slip or lucky guess decides.",
            asked,
        )
        yield Finding("few-questions", sentence % {"number": asked}, about=str(asked))


def no_lesson(around: Around) -> Iterator[Finding]:
    """Practice whose mistakes lead to no lesson at all: who went wrong is told what, and not where it is taught."""
    said = [around.content, *around.content.get("cases", ())] if around.kind == "practice" else []
    if said and not any(each.get("back_to") for each in said):
        yield Finding(
            "no-lesson", _("Mistakes here lead to no lesson; say which one explains what, where there is one.")
        )
