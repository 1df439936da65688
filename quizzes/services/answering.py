"""Saving answers as they are given: appended, replayed without harm, never overwritten by an older one (D9)."""

import re
import secrets
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Conflict, InvalidInput
from quizzes.models import Slot, Step
from quizzes.registry import types

CLIENT_ID = re.compile(r"[a-z0-9]{1,40}\Z")
LAST_SEQ = 2**53 - 1  # the greatest whole number that every browser counts exactly


class AttemptFinished(Conflict):
    """The attempt was handed in before this answer arrived."""


@dataclass(frozen=True)
class Standing:
    """The answer that stands after a save: is it the one just given (``stands``), or one from another device?"""

    answer: Any
    client_id: str
    seq: int
    stands: bool
    other_device: bool


def save_answer(*, slot: Slot, answer: Any, client_id: str, seq: int) -> Standing:
    """Append ``answer`` to ``slot`` and say which answer stands: the one with the greatest ``(seq, client_id)``.

    ``slot`` comes with ``attempt`` and ``version``. The same ``(client_id, seq)`` again changes nothing. Returns only
    after commit: call it outside a transaction. Raises ``AttemptFinished`` when the attempt was handed in first,
    ``InvalidInput`` for an answer of the wrong shape. Two statements.
    """
    _check_numbering(client_id, seq)
    given = types[slot.version.type].clean(slot.version.content, answer)
    if slot.attempt.finished_at is not None:
        return _counted(slot, given, client_id, seq)
    Step.objects.bulk_create([Step(slot=slot, client_id=client_id, seq=seq, answer=given)], ignore_conflicts=True)
    # Asked after the commit: whoever hands in waits for this row or comes first, and then it is seen here.
    newest = (
        Step.objects.filter(slot=slot)
        .order_by("-seq", "-client_id")
        .values("answer", "client_id", "seq", "slot__attempt__finished_at")[0]
    )
    if newest["slot__attempt__finished_at"] is not None:
        raise _finished()
    stands = (newest["client_id"], newest["seq"]) == (client_id, seq) and newest["answer"] == given
    return Standing(
        answer=newest["answer"],
        client_id=newest["client_id"],
        seq=newest["seq"],
        stands=stands,
        other_device=newest["client_id"] != client_id,
    )


def save_form(*, slot: Slot, answer: Any) -> Standing:
    """Save what a plain form says. It is the newest act, so it is numbered after everything seen so far."""
    last = Step.objects.filter(slot=slot).order_by("-seq").values_list("seq", flat=True).first() or 0
    return save_answer(slot=slot, answer=answer, client_id=secrets.token_hex(10), seq=last + 1)


def _check_numbering(client_id: str, seq: int) -> None:
    if not isinstance(client_id, str) or not CLIENT_ID.match(client_id):
        message = _("Use 1 to 40 small letters and digits.")
        raise InvalidInput(message, fields={"client_id": message})
    if isinstance(seq, bool) or not isinstance(seq, int) or not 0 < seq <= LAST_SEQ:
        message = _("Use a whole number from 1 on.")
        raise InvalidInput(message, fields={"seq": message})


def _counted(slot: Slot, given: Any, client_id: str, seq: int) -> Standing:
    """The replay of an answer that was saved in time is acknowledged again; anything else comes too late."""
    step = Step.objects.filter(slot=slot, client_id=client_id, seq=seq).first()
    if step is None or step.answer != given:
        raise _finished()
    return Standing(answer=step.answer, client_id=client_id, seq=seq, stands=True, other_device=False)


def _finished() -> AttemptFinished:
    return AttemptFinished(_("This quiz is handed in already, so this answer no longer counts. Your result is ready."))
