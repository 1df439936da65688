"""What runs by the clock: attempts whose time is up are handed in, also when the browser is gone."""

import logging

from core import clock
from quizzes.models import Attempt
from quizzes.services.grading import hand_in
from quizzes.services.timing import overdue

log = logging.getLogger(__name__)

BATCH = 200


def hand_in_overdue(*, batch: int = BATCH) -> int:
    """Hand in every attempt whose time is up, and say how many were found.

    Each is claimed by one conditional update in a transaction of its own: two workers hand it in once, and one that is
    killed leaves it to the next run. One that fails does not stop the others.
    """
    done = last = 0
    now = clock.now()
    while pks := list(overdue(now).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:batch]):
        last = pks[-1]
        attempts = Attempt.objects.filter(pk__in=pks).select_related("enrolment__course", "learner").order_by("pk")
        done += sum(_hand_in(attempt) for attempt in attempts)
    return done


def _hand_in(attempt: Attempt) -> bool:
    """Did it work, or did somebody else hand it in meanwhile?"""
    try:
        hand_in(attempt, among=overdue(clock.now()))
    except Exception:  # one attempt that cannot be graded must not keep the others waiting; it is logged
        log.exception("Attempt %s could not be handed in.", attempt.pk)
        return False
    return True
