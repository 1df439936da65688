"""Handing in and grading: what an answer is worth by its type, what it counts by the behaviour, weighed by points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction

from core import clock
from core.queue import after_commit
from quizzes.asking import Settings, settings_of
from quizzes.behaviours import behaviours
from quizzes.models import Attempt, AttemptQuerySet, Marking, QuestionVersion, Result, Slot, SlotMark, Step, Try
from quizzes.registry import types
from quizzes.selectors import newest_markings, newest_steps, tries_of
from quizzes.signals import attempt_graded

REMEMBER = "quizzes.remember_attempt"
PLACES = Decimal("0.00001")
ALMOST = Decimal(1) - PLACES


@dataclass(frozen=True)
class Given:
    """What somebody gave to one question: the answer that stands, how sure they were, every answer they had checked.

    ``marking`` is what a person gave it, for types that are marked by hand.
    """

    answer: Any = None
    certainty: int | None = None
    ms: int | None = None
    tries: tuple[Any, ...] = ()
    marking: Marking | None = None


@dataclass(frozen=True)
class Judged:
    """What an answer is worth by itself (0 to 1) and what it counts after the behaviour (-2 to 1), to five places."""

    fraction: Decimal
    earned: Decimal


def finish(*, attempt: Attempt) -> Result | None:
    """Hand ``attempt`` in and grade it; a second call returns the result that stands.

    None while a person still has to mark something in it. The claim is one conditional update, so of two calls at once
    one grades and the other waits for its result. Sends ``attempt_graded`` in the same transaction for attempts that
    belong to an enrolment.
    """
    return hand_in(attempt, among=Attempt.objects.open())


def hand_in(attempt: Attempt, *, among: AttemptQuerySet) -> Result | None:
    """As ``finish``, for whoever still finds ``attempt`` ``among`` those that they may hand in."""
    with transaction.atomic():
        now = clock.now()
        if not among.filter(pk=attempt.pk).update(finished_at=now):
            attempt.refresh_from_db(fields=["finished_at", "closes_at", "marking"])
            return attempt.results.order_by("-number").first()
        attempt.finished_at = now
        return grade(attempt)


def locked(pk: int) -> Attempt:
    """The attempt as it is now, for whoever grades it again: of two at once (markers, a correction) the second sees what
    the first did. In a transaction. (SQLite: the transaction does it.)"""
    return (
        Attempt.objects.select_for_update(of=("self",))
        .select_related("enrolment__course", "enrolment__learner", "learner")
        .get(pk=pk)
    )


def grade(attempt: Attempt, **why: Any) -> Result | None:
    """Grade the finished ``attempt`` for the first time, unless somebody has to mark it before. In a transaction.

    ``why`` as ``record`` takes it.
    """
    # The lock waits for answers that are being saved (their foreign key holds the slot) and keeps later ones out, so
    # every acknowledged answer counts. It has to be a statement of its own: the answers are read after the wait.
    slots = list(
        Slot.objects.filter(attempt=attempt)
        .select_related("version")
        .select_for_update(of=("self",))
        .order_by("position")
    )
    given = given_in(attempt, slots)
    if any(waits(slot, given[slot.pk]) for slot in slots):
        Attempt.objects.filter(pk=attempt.pk).update(marking=Attempt.Marks.WAITING)
        attempt.marking = Attempt.Marks.WAITING
        return None
    asking = settings_of(attempt)
    judged = [judge(slot.version, slot.seed, given[slot.pk], attempt.behaviour, asking) for slot in slots]
    marks = [mark_of(slot, given[slot.pk], each) for slot, each in zip(slots, judged, strict=True)]
    result = record(attempt, slots, marks, number=1, **why)
    if attempt.enrolment_id is not None and attempt.purpose == Attempt.Purpose.COURSE:
        after_commit(REMEMBER, attempt.pk)
    return result


def waits(slot: Slot, given: Given) -> bool:
    """Must a person look at it? What was left empty earns nothing without anybody's help."""
    return types[slot.version.type].manual and given.answer is not None and given.marking is None


def given_in(attempt: Attempt, slots: Sequence[Slot]) -> dict[int, Given]:
    """What stands in each of ``slots`` by its key. One query, one more each for checked answers and for markings."""
    steps = newest_steps(slots)
    checks = behaviours[attempt.behaviour].checks
    tries = tries_of(slots) if checks else {}
    manual = [slot for slot in slots if types[slot.version.type].manual]
    markings = newest_markings(manual) if manual else {}
    return {slot.pk: _given(steps.get(slot.pk), tries.get(slot.pk, ()), markings.get(slot.pk)) for slot in slots}


def _given(step: Step | None, tries: Sequence[Try], marking: Marking | None) -> Given:
    checked = tuple(each.answer for each in tries)
    if step is None:
        return Given(tries=checked, marking=marking)
    return Given(step.answer, step.certainty, step.ms, checked, marking)


def judge(version: QuestionVersion, seed: int, given: Given, behaviour: str, asking: Settings) -> Judged:
    """What ``given`` counts by the key of ``version``. Pure, but for what types read of their content."""
    if types[version.type].manual:
        fraction = given.marking.fraction if given.marking and given.answer is not None else Decimal(0)
        return Judged(fraction, fraction)
    kept = [worth(version, seed, answer) for answer in counted(given, behaviour, asking)]
    # How sure somebody is of no answer at all costs nothing.
    certainty = given.certainty if given.answer is not None else None
    earned = behaviours[behaviour].earned(kept, certainty, asking)
    return Judged(worth(version, seed, given.answer), in_places(earned))


def counted(given: Given, behaviour: str, asking: Settings) -> list[Any]:
    """The answers that count as tries: those that were checked, and the one that stands unless it was or comes after."""
    tries = list(given.tries)
    left = len(tries) < behaviours[behaviour].tries(asking)
    if not tries or (left and given.answer is not None and given.answer != tries[-1]):
        tries.append(given.answer)
    return tries


def worth(version: QuestionVersion, seed: int, answer: Any) -> Decimal:
    """What ``answer`` is worth by itself, to five places."""
    return in_places(types[version.type].grade(version.content, answer, seed).fraction)


def in_places(fraction: Decimal) -> Decimal:
    """``fraction`` to five places, halves up; nothing that is less than everything becomes everything."""
    rounded = fraction.quantize(PLACES, ROUND_HALF_UP)
    return ALMOST if rounded == 1 and fraction < 1 else rounded


def mark_of(slot: Slot, given: Given, judged: Judged, version: QuestionVersion | None = None) -> SlotMark:
    """The mark to record for ``slot``; ``version`` says whose key graded it, when it is not the one that was asked."""
    return SlotMark(
        slot=slot,
        fraction=judged.fraction,
        earned=judged.earned,
        answer=given.answer,
        certainty=given.certainty,
        ms=given.ms,
        version=version,
    )


def record(
    attempt: Attempt, slots: Sequence[Slot], marks: Sequence[SlotMark], *, number: int | None = None, **why: Any
) -> Result:
    """Append the next result of ``attempt`` with ``marks``, one for each of ``slots``, and tell. In a transaction.

    ``number`` is the result's, for whoever knows it. ``why`` are ``reason``, ``graded_by`` and ``regrade`` of it.
    """
    points = {slot.pk: points_of(slot.version.content) for slot in slots}
    percent = percent_of([mark.earned for mark in marks], [points[mark.slot_id] for mark in marks])
    if number is None:
        number = (attempt.results.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    result = Result.objects.create(
        attempt=attempt, number=number, percent=percent, passed=percent >= attempt.pass_mark, **why
    )
    for mark in marks:
        mark.result = result
    SlotMark.objects.bulk_create(marks)
    if attempt.enrolment_id is not None:
        attempt_graded.send(sender=Attempt, attempt=attempt, result=result)
    return result


def points_of(content: Mapping[str, Any]) -> int:
    """How much a question weighs."""
    return int(content.get("points", 1))


def percent_of(earned: Sequence[Decimal], points: Sequence[int] = ()) -> int:
    """Whole percent of all points, halves up, from 0 to 100; 100 only when everything is right. No points: all alike."""
    if not earned:
        return 0
    weights = points or [1] * len(earned)
    total = sum(each * weight for each, weight in zip(earned, weights, strict=True))
    share = Decimal(total) / sum(weights)
    percent = int((share * 100).quantize(Decimal(1), ROUND_HALF_UP))
    return 100 if share >= 1 else min(max(percent, 0), 99)
