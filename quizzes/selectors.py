"""Reads over several tables: the start card, the attempt as a page shows it, the result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from courses.registry import PlayerLesson
from quizzes.access import attempts_allowed, attempts_of, pass_mark_of
from quizzes.models import Attempt, Result, Slot, Step


@dataclass(frozen=True)
class Card:
    """What a quiz says of itself before it begins."""

    questions: int
    pass_mark: int
    allowed: int | None
    left: int | None
    open: Attempt | None
    results: Sequence[Result]
    best: int | None
    passed: bool


def card_of(player: PlayerLesson, user: "User | AnonymousUser") -> Card:
    """The start card for ``user``; two queries at most."""
    attempts = list(attempts_of(player=player, learner=user).order_by("-number"))
    current = [each for each in attempts if player.preview or each.lesson_rev >= player.lesson.rev]
    results = newest_results([each for each in current if each.finished_at])
    allowed = attempts_allowed(player)
    best = max((result.percent for result in results), default=None)
    return Card(
        questions=player.rendered["questions"],
        pass_mark=pass_mark_of(player),
        allowed=allowed,
        left=None if allowed is None else max(0, allowed - len(current)),
        open=next((each for each in attempts if each.finished_at is None), None),
        results=results,
        best=best,
        passed=best is not None and best >= pass_mark_of(player),
    )


def newest_results(attempts: Sequence[Attempt]) -> list[Result]:
    """The result that stands of each finished attempt, newest attempt first, ``attempt`` filled in. One query."""
    by_pk: Mapping[int, Attempt] = {each.pk: each for each in attempts}
    newest: dict[int, Result] = {}
    for result in Result.objects.filter(attempt__in=by_pk).order_by("number") if by_pk else ():
        result.attempt = by_pk[result.attempt_id]
        newest[result.attempt_id] = result
    return [newest[pk] for pk in by_pk if pk in newest]


def newest_answers(slots: Sequence[Slot]) -> dict[int, Any]:
    """The answer that stands in each slot, by the slot's key. One query."""
    steps = Step.objects.filter(slot__in=[slot.pk for slot in slots]).order_by("seq", "client_id")
    return dict(steps.values_list("slot_id", "answer"))
