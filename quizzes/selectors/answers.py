"""What was given and how it was judged, for several questions at once: one query each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.compiled import Compiled
from quizzes.behaviours import behaviours
from quizzes.models import Attempt, Marking, Result, Slot, SlotMark, Step, Try


def newest_results(attempts: Sequence[Attempt]) -> list[Result]:
    """The result that stands of each finished attempt, in their order, ``attempt`` filled in. One query."""
    by_pk = {each.pk: each for each in attempts}
    newest: dict[int, Result] = {}
    for result in Result.objects.filter(attempt__in=list(by_pk)).order_by("number") if by_pk else ():
        result.attempt = by_pk[result.attempt_id]
        newest[result.attempt_id] = result
    return [newest[pk] for pk in by_pk if pk in newest]


def newest_steps(slots: Sequence[Slot]) -> dict[int, Step]:
    """The step that stands in each slot, by the slot's key; what came too late does not. One query."""
    steps = Step.objects.filter(slot__in=[slot.pk for slot in slots], late=False).order_by("seq", "client_id")
    return {step.slot_id: step for step in steps}


def tries_of(slots: Sequence[Slot]) -> dict[int, tuple[Try, ...]]:
    """The checked answers of each slot in order, by the slot's key. One query."""
    found: dict[int, tuple[Try, ...]] = {}
    for each in Try.objects.filter(slot__in=[slot.pk for slot in slots]).order_by("number"):
        found[each.slot_id] = (*found.get(each.slot_id, ()), each)
    return found


def newest_markings(slots: Sequence[Slot]) -> dict[int, Marking]:
    """What a person gave each slot, where that was not reopened, by the slot's key. One query."""
    standing = Marking.objects.filter(slot__in=[slot.pk for slot in slots], reopened_at=None)
    return {each.slot_id: each for each in standing.select_related("marker").order_by("number")}


def marks_of(result: Result) -> dict[int, SlotMark]:
    """The marks of ``result`` by the slot's key, each with the version whose key graded it, if another. One query."""
    marks = SlotMark.objects.filter(result=result).select_related("version")
    return {mark.slot_id: mark for mark in marks}


@dataclass(frozen=True)
class Paper:
    """An attempt as its pages show it: the questions in order, and what stands in each by the slot's key."""

    slots: Sequence[Slot]
    steps: Mapping[int, Step]
    tries: Mapping[int, tuple[Try, ...]] = field(default_factory=dict)

    @property
    def answers(self) -> dict[int, Any]:
        """The answer that stands, by the slot's key."""
        return {key: step.answer for key, step in self.steps.items()}

    @property
    def missing(self) -> list[int]:
        """Positions of the questions without an answer."""
        answers = self.answers
        return [slot.position for slot in self.slots if answers.get(slot.pk) is None]


# Asked by each page of an attempt.
ASKED = Compiled(
    lambda *, attempt: Slot.objects.filter(attempt=attempt).select_related("version").order_by("position"), "attempt"
)
GIVEN = Compiled(
    lambda *, attempt: Step.objects.filter(slot__attempt=attempt, late=False).order_by("seq", "client_id"), "attempt"
)


def paper_of(attempt: Attempt) -> Paper:
    """The questions of ``attempt`` and the answers so far. Two queries, three where answers are checked."""
    slots = ASKED.rows(attempt=attempt.pk)
    for slot in slots:
        slot.attempt = attempt
    steps = {step.slot_id: step for step in GIVEN.rows(attempt=attempt.pk)}
    return Paper(slots, steps, tries_of(slots) if behaviours[attempt.behaviour].checks else {})
