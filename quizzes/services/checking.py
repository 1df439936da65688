"""Checking an answer while the attempt goes on, under a behaviour that says at once how it stands."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from core import clock
from core.errors import Conflict, InvalidInput
from quizzes.behaviours import behaviours
from quizzes.models import Attempt, Slot, Try
from quizzes.registry import types
from quizzes.services.answering import AttemptFinished, next_seq, save_answer
from quizzes.services.grading import worth


def check(*, slot: Slot, answer: Any, client_id: str, seq: int, ms: int | None = None) -> Try:
    """Save ``answer`` and judge it: the next try of ``slot``, which comes with ``attempt`` and ``version``.

    Checking the same answer again gives the same try, so a double click costs nothing. After the last try, or a right
    one, the question is closed. Raises what ``save_answer`` raises, ``Conflict`` when the behaviour checks nothing or
    another device answered later, ``InvalidInput`` without an answer.
    """
    if not behaviours[slot.attempt.behaviour].checks:
        raise Conflict(_("In this quiz answers are judged when it is handed in."))
    given = types[slot.version.type].clean(slot.version.content, answer)
    if given is None:
        raise InvalidInput(_("Answer first, then check."), fields={"answer": _("Answer first, then check.")})
    tries = _tries(slot)
    if tries and tries[-1].answer == given:
        return tries[-1]
    standing = save_answer(slot=slot, answer=given, client_id=client_id, seq=seq, ms=ms)
    if not standing.stands:
        raise Conflict(_("You answered this on another device; the newer answer stands. Look at it before you check."))
    return _judged(slot, given, tries)


def check_form(*, slot: Slot, answer: Any) -> Try:
    """Check what a plain form says: it is the newest act."""
    return check(slot=slot, answer=answer, client_id="form", seq=next_seq(slot))


def _tries(slot: Slot) -> list[Try]:
    return list(Try.objects.filter(slot=slot).order_by("number"))


def _judged(slot: Slot, answer: Any, before: Sequence[Try]) -> Try:
    """Append the try. The unique number lets one of two checks at once win; the other one looks again."""
    fraction = worth(slot.version, slot.seed, answer)
    fresh = Try(slot=slot, number=len(before) + 1, answer=answer, fraction=fraction, recorded_at=clock.now())
    Try.objects.bulk_create([fresh], ignore_conflicts=True)
    finished = Attempt.objects.filter(pk=slot.attempt_id).values_list("finished_at", flat=True).get()
    if finished is not None:
        # Nobody counted it, so nobody may later: a correction judges all tries that are there.
        Try.objects.filter(slot=slot, number=fresh.number, recorded_at=fresh.recorded_at).delete()
        raise AttemptFinished(_("This quiz is handed in already, so this answer no longer counts."))
    tries = _tries(slot)
    if tries[len(before)].answer == answer:
        return tries[len(before)]
    raise Conflict(_("This question was checked on another device at the same moment. Look at it, then check again."))
