"""Saving answers as they are given: appended, replayed without harm, never overwritten by an older one (D9)."""

import datetime as dt
import re
import secrets
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Max, QuerySet
from django.utils.translation import gettext as _

from core import clock
from core.compiled import Compiled
from core.errors import Conflict, InvalidInput
from quizzes.asking import settings_of
from quizzes.behaviours import behaviours
from quizzes.models import Slot, SlotMark, Step
from quizzes.registry import types

CLIENT_ID = re.compile(r"[a-z0-9]{1,40}\Z")
LAST_SEQ = 2**53 - 1  # the greatest whole number that every browser counts exactly
LONGEST_MS = 2**31 - 1
MOST_CERTAIN = 3


class AttemptFinished(Conflict):
    """The attempt was over before this answer arrived: it is kept, and does not count."""


class QuestionClosed(Conflict):
    """The question was checked for the last time before this answer arrived: it is kept, and does not count."""


@dataclass(frozen=True)
class Standing:
    """The answer that stands after a save: is it the one just given (``stands``), or one from another device?"""

    answer: Any
    client_id: str
    seq: int
    stands: bool
    other_device: bool
    certainty: int | None = None


def save_answer(
    *, slot: Slot, answer: Any, client_id: str, seq: int, certainty: int | None = None, ms: int | None = None
) -> Standing:
    """Append ``answer`` to ``slot`` and say which answer stands: the one with the greatest ``(seq, client_id)``.

    ``slot`` comes with ``attempt`` and ``version``. The same ``(client_id, seq)`` again changes nothing. ``certainty``
    is 1 to 3 or None, ``ms`` the time on the question so far. Returns only after commit: call it outside a
    transaction. Two statements.

    Raises ``AttemptFinished`` when the attempt was handed in or its time was up by the server's clock,
    ``QuestionClosed`` when the question takes no more answers (both keep the answer, and it does not count),
    ``InvalidInput`` for an answer of the wrong shape.
    """
    _check_numbering(client_id, seq)
    given = types[slot.version.type].clean(slot.version.content, answer)
    now, attempt = clock.now(), slot.attempt
    step = Step(
        slot=slot,
        client_id=client_id,
        seq=seq,
        answer=given,
        certainty=_certainty(slot, certainty),
        ms=_ms(ms),
        late=attempt.finished_at is not None or (attempt.closes_at is not None and attempt.closes_at < now),
        recorded_at=now,
    )
    Step.objects.append(step)
    # Asked after the commit: whoever hands in waits for this row or comes first, and then it is seen here.
    newest = _newest(slot)
    if step.late or newest["finished"] is not None or _closed(slot, newest):
        return _too_late(step, newest["finished"])
    return _standing(newest, step)


def save_form(*, slot: Slot, answer: Any, certainty: int | None = None) -> Standing:
    """Save what a plain form says. It is the newest act, so it is numbered after everything seen so far."""
    return save_answer(
        slot=slot, answer=answer, client_id=secrets.token_hex(10), seq=next_seq(slot), certainty=certainty
    )


def next_seq(slot: Slot) -> int:
    """The number of an act that comes after everything seen so far."""
    return (Step.objects.filter(slot=slot).aggregate(last=Max("seq"))["last"] or 0) + 1


def _check_numbering(client_id: str, seq: int) -> None:
    if not isinstance(client_id, str) or not CLIENT_ID.match(client_id):
        message = _("Use 1 to 40 small letters and digits.")
        raise InvalidInput(message, fields={"client_id": message})
    if not _whole(seq) or not 0 < seq <= LAST_SEQ:
        message = _("Use a whole number from 1 on.")
        raise InvalidInput(message, fields={"seq": message})


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _certainty(slot: Slot, certainty: int | None) -> int | None:
    """How sure, where it is asked; elsewhere nothing of it is kept."""
    if certainty is None or not behaviours[slot.attempt.behaviour].certainty:
        return None
    if not _whole(certainty) or not 1 <= certainty <= MOST_CERTAIN:
        message = _("Say how sure you are: 1, 2 or 3.")
        raise InvalidInput(message, fields={"certainty": message})
    return certainty


def _ms(ms: int | None) -> int | None:
    if ms is None:
        return None
    if not _whole(ms) or ms < 0:
        message = _("Use a whole number of milliseconds.")
        raise InvalidInput(message, fields={"ms": message})
    return min(ms, LONGEST_MS)


def _newest_query(checks: bool, *, slot: int) -> QuerySet[Step, Any]:
    counting = Step.objects.filter(slot=slot).order_by("late", "-seq", "-client_id")
    values: dict[str, Any] = {"finished": F("slot__attempt__finished_at")}
    if checks:
        values |= {"tried": Max("slot__tries__number"), "best": Max("slot__tries__fraction")}
    return counting.annotate(**values).values_list("answer", "client_id", "seq", "certainty", *values)[:1]


NEWEST = Compiled(_newest_query, "slot")  # asked at each save


def _newest(slot: Slot) -> dict[str, Any]:
    """The answer that stands with what may have happened meanwhile: handed in, checked. One query."""
    [row] = NEWEST.rows(behaviours[slot.attempt.behaviour].checks, slot=slot.pk)
    return dict(zip(("answer", "client_id", "seq", "certainty", "finished", "tried", "best"), row, strict=False))


def _closed(slot: Slot, newest: dict[str, Any]) -> bool:
    if not newest.get("tried"):
        return False
    behaviour = behaviours[slot.attempt.behaviour]
    return behaviour.closed(newest["tried"], newest["best"], settings_of(slot.attempt))


def _standing(newest: dict[str, Any], step: Step) -> Standing:
    own = (newest["client_id"], newest["seq"]) == (step.client_id, step.seq)
    return Standing(
        answer=newest["answer"],
        client_id=newest["client_id"],
        seq=newest["seq"],
        stands=own and newest["answer"] == step.answer,
        other_device=newest["client_id"] != step.client_id,
        certainty=newest["certainty"],
    )


def _too_late(step: Step, finished: dt.datetime | None) -> Standing:
    """The replay of an answer that was saved in time is acknowledged again; anything else is kept as late."""
    kept = Step.objects.filter(slot=step.slot, client_id=step.client_id, seq=step.seq).get()
    replayed = kept.recorded_at != step.recorded_at
    if (replayed or finished is not None) and _in_time(kept, step, finished):
        return Standing(
            kept.answer, kept.client_id, kept.seq, stands=True, other_device=False, certainty=kept.certainty
        )
    if not replayed and not kept.late:
        Step.objects.filter(pk=kept.pk).update(late=True)
    if finished is None and not step.late:
        raise QuestionClosed(
            _("This question was checked already, so a new answer no longer counts. It is kept, but changes nothing.")
        )
    raise _over(finished)


def _in_time(kept: Step, step: Step, finished: dt.datetime | None) -> bool:
    """Was ``kept`` there when the answers were counted? Two saves and a handing in may meet at the same moment."""
    if kept.late or kept.answer != step.answer:
        return False
    if finished is None:
        return True
    marks = SlotMark.objects.filter(slot=kept.slot).order_by("-result__number")
    counted = list(marks.values_list("answer", flat=True)[:1])
    later = Step.objects.filter(slot=kept.slot, late=False, seq__gt=kept.seq).exists()
    return later or not counted or counted[0] == kept.answer


def _over(finished: dt.datetime | None) -> AttemptFinished:
    if finished is None:
        return AttemptFinished(_("The time was up when this answer arrived. It is kept, but it does not count."))
    return AttemptFinished(
        _("This quiz is handed in already, so this answer no longer counts. It is kept, but changes nothing.")
    )
