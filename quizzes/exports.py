"""What quizzes keep about a person."""

from typing import Any

from accounts.models import User
from quizzes.models import Attempt, Slot
from quizzes.selectors import newest_results, newest_steps


def export_for(person: User) -> list[dict[str, Any]]:
    """Every attempt of ``person`` with the questions as asked, the answers that stand and the score. Four queries."""
    attempts = list(Attempt.objects.visible_to(person).select_related("enrolment__course").order_by("pk"))
    results = {result.attempt_id: result for result in newest_results(attempts)}
    slots = list(Slot.objects.filter(attempt__in=attempts).select_related("version").order_by("attempt", "position"))
    steps = newest_steps(slots)
    answers: dict[int, list[dict[str, Any]]] = {}
    for slot in slots:
        step = steps.get(slot.pk)
        answers.setdefault(slot.attempt_id, []).append(
            {"question": slot.version.content["stem"], "answer": step.answer if step else None}
        )
    return [
        {
            "course": attempt.enrolment.course.slug if attempt.enrolment else None,
            "lesson": attempt.lesson_uid,
            "purpose": attempt.purpose,
            "number": attempt.number,
            "started": attempt.started_at.isoformat(),
            "finished": attempt.finished_at.isoformat() if attempt.finished_at else None,
            "percent": results[attempt.pk].percent if attempt.pk in results else None,
            "answers": answers.get(attempt.pk, []),
        }
        for attempt in attempts
    ]
