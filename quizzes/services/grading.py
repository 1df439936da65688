"""Handing in and grading."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction

from core import clock
from quizzes.models import Attempt, Result, Slot, SlotMark
from quizzes.registry import types
from quizzes.selectors import newest_steps
from quizzes.signals import attempt_graded

PLACES = Decimal("0.00001")


def finish(*, attempt: Attempt) -> Result:
    """Hand ``attempt`` in and grade it; a second call returns the result that stands.

    The claim is one conditional update, so of two calls at once one grades and the other waits for its result. Sends
    ``attempt_graded`` in the same transaction for attempts that belong to an enrolment.
    """
    with transaction.atomic():
        now = clock.now()
        if not Attempt.objects.open().filter(pk=attempt.pk).update(finished_at=now):
            attempt.refresh_from_db(fields=["finished_at"])
            return attempt.results.latest("number")
        attempt.finished_at = now
        result = _grade(attempt)
        if attempt.enrolment_id is not None:
            attempt_graded.send(sender=Attempt, attempt=attempt, result=result)
    return result


def _grade(attempt: Attempt) -> Result:
    # The lock waits for answers that are being saved (their foreign key holds the slot) and keeps later ones out, so
    # every acknowledged answer counts. It has to be a statement of its own: the answers are read after the wait.
    slots = list(
        Slot.objects.filter(attempt=attempt)
        .select_related("version")
        .select_for_update(of=("self",))
        .order_by("position")
    )
    steps = newest_steps(slots)
    marks = [(slot, steps[slot.pk].answer if slot.pk in steps else None) for slot in slots]
    fractions = [types[slot.version.type].grade(slot.version.content, answer).fraction for slot, answer in marks]
    percent = percent_of(fractions)
    result = Result.objects.create(attempt=attempt, percent=percent, passed=percent >= attempt.pass_mark)
    SlotMark.objects.bulk_create(
        [
            SlotMark(result=result, slot=slot, fraction=fraction.quantize(PLACES, ROUND_HALF_UP), answer=answer)
            for (slot, answer), fraction in zip(marks, fractions, strict=True)
        ]
    )
    return result


def percent_of(fractions: Sequence[Decimal]) -> int:
    """Whole percent, halves up; 100 only when everything is right."""
    if not fractions:
        return 0
    share = sum(fractions, Decimal(0)) / len(fractions)
    percent = int((share * 100).quantize(Decimal(1), ROUND_HALF_UP))
    return percent if share == 1 else min(percent, 99)
