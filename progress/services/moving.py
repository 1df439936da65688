"""An enrolment moved to another edition: an event that the learner sees, and everything folded anew."""

from django.db import transaction

from accounts.models import User
from core import clock
from courses.models import Edition, Enrolment
from progress.models import Event, EventKind
from progress.services.completing import complete
from progress.services.projecting import locked_state, refold, rules_under


def record_move(*, enrolment: Enrolment, from_edition: Edition | None, to_edition: Edition, actor: User | None) -> None:
    """Note the move and show the enrolment under the rules of ``to_edition``; a repeat changes nothing.

    What was done stays done, except in lessons that the new edition asks for again. ``actor`` None: it moved by itself.
    """
    with transaction.atomic(savepoint=False):
        state = locked_state(enrolment)
        key = f"move:{from_edition.pk if from_edition else 0}:{to_edition.pk}"
        if Event.objects.filter(enrolment=enrolment, key=key).exists():
            return
        Event.objects.create(
            enrolment=enrolment,
            generation=state.generation,
            kind=EventKind.MOVE,
            payload={
                "from": from_edition.number if from_edition else None,
                "to": to_edition.number,
                "kind": to_edition.kind,
                "note": to_edition.note,
            },
            occurred_at=clock.now(),
            actor=actor,
            key=key,
        )
        state.edition = to_edition
        if refold(state).complete:
            complete(state=state, rules=rules_under(state))
