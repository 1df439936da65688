"""Behaviours: when an answer is judged and what it counts, apart from what kind of question it is.

A quiz chooses one. The table of what goes with what is ``Behaviour.refuses`` over the registered types.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.asking import Settings
from quizzes.registry import QuestionType

# Marks out of three for a right and for a wrong answer, by certainty 1 to 3: certainty-based marking as A. R.
# Gardner-Medwin published it. Being sure pays only for those who are right more than two times in three (level 2) or
# four in five (level 3).
CERTAINTY: Mapping[int, tuple[int, int]] = {1: (1, 0), 2: (2, -2), 3: (3, -6)}
MOST_CERTAIN = Decimal(3)


@dataclass(frozen=True)
class Behaviour:
    """``checks``: each question has a Check button while the attempt goes on. ``certainty``: how sure one is, is asked."""

    name: str
    label: Any
    summary: Any
    checks: bool = False
    certainty: bool = False

    def refuses(self, kind: QuestionType) -> str:
        """Why questions of ``kind`` cannot be asked this way; empty when they can."""
        if kind.manual and (self.checks or self.certainty):
            return _("A person marks “%(type)s”, so there is nothing to say at once.") % {"type": kind.label}
        return ""

    def tries(self, settings: Settings) -> int:
        """How many checked tries a question has."""
        return 1

    def closed(self, tried: int, best: Decimal, settings: Settings) -> bool:
        """Does a question take no more answers after ``tried`` checked ones, of which the best is worth ``best``?"""
        return self.checks and tried > 0 and (best == 1 or tried >= self.tries(settings))

    def earned(self, tries: Sequence[Decimal], certainty: int | None, settings: Settings) -> Decimal:
        """What a question counts, of 1: ``tries`` are the fractions of its checked answers in order, at least one."""
        return tries[0]


@dataclass(frozen=True)
class SeveralTries(Behaviour):
    def refuses(self, kind: QuestionType) -> str:
        if kind.name == "tf":
            return _("With two options to choose from, a second try gives the answer away.")
        return super().refuses(kind)

    def tries(self, settings: Settings) -> int:
        return settings.tries

    def earned(self, tries: Sequence[Decimal], certainty: int | None, settings: Settings) -> Decimal:
        """The best of the tries, each less the penalty for those before it, never below nothing."""
        penalty = Decimal(settings.penalty) / 100
        return max(max(Decimal(0), each - penalty * before) for before, each in enumerate(tries))


@dataclass(frozen=True)
class CertaintyBased(Behaviour):
    def earned(self, tries: Sequence[Decimal], certainty: int | None, settings: Settings) -> Decimal:
        """Right and wrong marks of the level, weighed by how right the answer is; no level said counts as the lowest."""
        right, wrong = CERTAINTY.get(certainty or 1, CERTAINTY[1])
        return (tries[0] * right + (1 - tries[0]) * wrong) / MOST_CERTAIN


behaviours: dict[str, Behaviour] = {
    each.name: each
    for each in (
        Behaviour(
            "deferred",
            gettext_lazy("Feedback at the end"),
            gettext_lazy("Answers are judged when the quiz is handed in."),
        ),
        Behaviour(
            "immediate",
            gettext_lazy("Feedback at once"),
            gettext_lazy("Each answer is judged when it is checked; then it stands."),
            checks=True,
        ),
        SeveralTries(
            "tries",
            gettext_lazy("Several tries"),
            gettext_lazy("A wrong answer gets a hint and another try, for a little less."),
            checks=True,
        ),
        CertaintyBased(
            "certainty",
            gettext_lazy("How sure are you?"),
            gettext_lazy("Being sure and right counts most, being sure and wrong costs most."),
            certainty=True,
        ),
        Behaviour(
            "exam",
            gettext_lazy("Exam"),
            gettext_lazy("Nothing is shown before the quiz is closed."),
        ),
    )
}
