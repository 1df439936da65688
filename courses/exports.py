"""What courses keep about a person, for their own download."""

from typing import Any

from accounts.models import User
from courses.models import Enrolment, LessonReport


def export_for(person: User) -> dict[str, list[dict[str, Any]]]:
    """Enrolments and reports of ``person``: two queries."""
    enrolments = Enrolment.objects.filter(learner=person).select_related("course", "edition").order_by("pk")
    reports = LessonReport.objects.filter(reporter=person).select_related("course").order_by("pk")
    return {
        "enrolments": [
            {
                "course": row.course.slug,
                "code": row.course.code,
                "cycle": row.cycle,
                "language": row.language,
                "edition": row.edition.number if row.edition else None,
                "enrolled_at": row.created_at.isoformat(),
                "opened_at": row.opened_at.isoformat() if row.opened_at else None,
                "closed_at": row.closed_at.isoformat() if row.closed_at else None,
                "close_reason": row.close_reason,
            }
            for row in enrolments
        ],
        "lesson_reports": [
            {
                "course": row.course.slug,
                "lesson": row.lesson_uid,
                "text": row.text,
                "sent_at": row.created_at.isoformat(),
            }
            for row in reports
        ],
    }
