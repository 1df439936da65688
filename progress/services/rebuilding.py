"""Rebuilding what is shown from the ledger alone: wipe, then fold. A path of its own, which a test compares (D8)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from courses.models import Enrolment
from progress.models import CourseState, LessonState
from progress.services.projecting import locked_state, refold


def rebuild(*, enrolment: Enrolment) -> CourseState:
    """Wipe the projection of ``enrolment`` and fold it again. Completions and certificates are left alone."""
    with transaction.atomic():
        edition = locked_state(enrolment).edition
        LessonState.objects.filter(enrolment=enrolment).delete()
        CourseState.objects.filter(enrolment=enrolment).delete()
        state = locked_state(enrolment)
        state.edition = edition
        refold(state)
    return state


def shown_of(enrolment: Enrolment) -> tuple[Mapping[str, Any] | None, list[Mapping[str, Any]]]:
    """Everything that is shown of ``enrolment``, to compare: its state and its lessons by uid."""
    state = CourseState.objects.filter(enrolment=enrolment).values(
        "percent", "done_count", "lesson_count", "minutes_left", "unmet", "generation", "last_uid", "last_at"
    )
    lessons = LessonState.objects.filter(enrolment=enrolment).order_by("uid")
    return state.first(), list(lessons.values("uid", "state", "facts", "times", "unmet", "done_at"))
