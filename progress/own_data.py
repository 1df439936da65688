"""What this floor keeps about a person's learning."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import personal_data
from progress.models import Certificate, Completion, CourseState, Event, VideoSession


def export(person: User) -> dict[str, Any]:
    """Every event, watched stretch, state, completion and certificate of ``person``."""
    mine = {"enrolment__learner": person}
    return {
        "events": [
            {
                "course": event.enrolment.course.slug,
                "lesson": event.lesson_uid,
                "kind": event.kind,
                "details": _details(event.payload),
                "at": event.occurred_at.isoformat(),
                "by": str(event.actor) if event.actor else None,
            }
            for event in Event.objects.filter(**mine).select_related("enrolment__course", "actor").order_by("pk")
        ],
        "watched": [
            {
                "course": session.enrolment.course.slug,
                "lesson": session.lesson_uid,
                "stretches_ms": session.spans,
                "stopped_at_ms": session.position_ms,
                "last": session.updated_at.isoformat(),
            }
            for session in VideoSession.objects.filter(**mine).select_related("enrolment__course").order_by("pk")
        ],
        "courses": [
            {
                "course": state.enrolment.course.slug,
                "percent": state.percent,
                "lessons_done": state.done_count,
                "lessons": state.lesson_count,
                "last": state.last_at.isoformat() if state.last_at else None,
            }
            for state in CourseState.objects.filter(**mine).select_related("enrolment__course").order_by("pk")
        ],
        "completions": [
            {
                "course": completion.enrolment.course.slug,
                "edition": completion.edition.number,
                "at": completion.at.isoformat(),
                "score": completion.score,
            }
            for completion in Completion.objects.filter(**mine).select_related("enrolment__course", "edition")
        ],
        "certificates": [
            {
                "code": row.code,
                "name": row.holder_name,
                "issued": row.issued_at.isoformat(),
                "expires": row.expires_at.isoformat() if row.expires_at else None,
                "state": row.state,
                "shared": row.shared,
            }
            for row in Certificate.objects.filter(holder=person).order_by("pk")
        ],
    }


def _details(payload: Mapping[str, Any]) -> dict[str, Any]:
    """What an event says; a score that its quiz does not show at once stands with the quiz, once it may be seen."""
    hidden = ("percent", "passed") if payload.get("silent") else ()
    return {name: value for name, value in payload.items() if name not in hidden}


def register() -> None:
    personal_data.register(
        "learning",
        export,
        _("What you did in your courses, what was watched, your results and certificates: your learning record."),
    )
