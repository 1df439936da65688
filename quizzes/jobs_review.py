"""Cards from attempts, and the reminder that some are due back: safe to run twice and beside itself."""

import logging

from django.db.models import QuerySet

from core import clock
from quizzes.models import Attempt
from quizzes.services.remembering_attempts import remember_attempt
from quizzes.services.review_reminding import remind_batch

log = logging.getLogger(__name__)

BATCH = 500


def remember(pk: int) -> bool:
    """Make cards of one attempt: the fast path right after it was graded; whatever it misses the sweep finds."""
    attempt = _waiting().filter(pk=pk).first()
    return attempt is not None and remember_attempt(attempt=attempt)


def sweep_unremembered(*, batch: int = BATCH) -> int:
    """Every attempt whose cards are still owed, such as that of an exam that has closed. Says how many got them."""
    done = last = 0
    while attempts := list(_waiting().filter(pk__gt=last).order_by("pk")[:batch]):
        last = attempts[-1].pk
        done += sum(_remember(attempt) for attempt in attempts)
    return done


def _remember(attempt: Attempt) -> bool:
    try:
        return remember_attempt(attempt=attempt)
    except Exception:  # one attempt that cannot be read must not keep the others waiting; it is logged
        log.exception("Attempt %s could not be remembered.", attempt.pk)
        return False


def _waiting() -> QuerySet[Attempt]:
    owed = Attempt.objects.filter(finished_at__isnull=False, remembered_at=None, purpose=Attempt.Purpose.COURSE)
    owed = owed.exclude(marking=Attempt.Marks.WAITING)
    return owed.in_courses().select_related("enrolment__course__organisation", "learner")


def run_reminders(*, batch: int = BATCH) -> int:
    """Tell everybody who asked for it that cards are due back. Says how many were told."""
    told, at = 0, clock.now()
    while (count := remind_batch(at=at, size=batch)) is not None:
        told += count
    return told
