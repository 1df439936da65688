"""Rebuilding what is shown from the ledger alone: wipe, then fold. A path of its own, which a test compares (D8)."""

from django.db import transaction

from courses.models import Enrolment
from progress.models import CourseState, LessonState
from progress.services.projecting import locked_state, refold


def rebuild(*, enrolment: Enrolment) -> CourseState:
    """Wipe the projection of ``enrolment`` and fold it again. Completions and certificates are left alone."""
    with transaction.atomic():
        LessonState.objects.filter(enrolment=enrolment).delete()
        CourseState.objects.filter(enrolment=enrolment).delete()
        state = locked_state(enrolment)
        refold(enrolment, state)
    return state
