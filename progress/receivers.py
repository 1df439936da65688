"""What the floors below tell progress; each is one call to a service, inside the sender's transaction."""

from collections.abc import Mapping
from typing import Any

from django.dispatch import receiver

from courses.signals import enrolment_moved, lesson_activity
from progress.services.moving import record_move
from progress.services.recording import record_activity, record_result
from quizzes.asking import settings_of
from quizzes.models import Attempt
from quizzes.selectors import visible
from quizzes.signals import attempt_graded, practice_finished


@receiver(lesson_activity, dispatch_uid="progress.lesson_activity")
def on_lesson_activity(
    sender: Any,
    enrolment: Any,
    lesson: Any,
    kind: str,
    payload: Mapping[str, Any],
    key: str,
    occurred_at: Any,
    actor: Any,
    **kwargs: Any,
) -> None:
    record_activity(
        enrolment=enrolment,
        lesson=lesson,
        kind=kind,
        payload=payload,
        key=key,
        occurred_at=occurred_at,
        actor=actor,
    )


@receiver(attempt_graded, dispatch_uid="progress.attempt_graded")
def on_attempt_graded(sender: Any, attempt: Any, result: Any, **kwargs: Any) -> None:
    if attempt.enrolment_id is None or attempt.purpose != Attempt.Purpose.COURSE:
        return
    record_result(
        enrolment=attempt.enrolment,
        lesson_uid=attempt.lesson_uid,
        lesson_rev=attempt.lesson_rev,
        attempt_number=attempt.number,
        percent=result.percent,
        passed=result.passed,
        key=f"graded:{attempt.pk}:{result.number}",
        occurred_at=result.graded_at,
        actor=attempt.learner,
        grading=result.number,
        reason=result.reason,
        silent=not visible(settings_of(attempt), closed=False).score,
    )


@receiver(practice_finished, dispatch_uid="progress.practice_finished")
def on_practice_finished(sender: Any, run: Any, **kwargs: Any) -> None:
    record_result(
        enrolment=run.enrolment,
        lesson_uid=run.lesson_uid,
        lesson_rev=run.lesson_rev,
        attempt_number=run.number,
        percent=run.percent,
        passed=run.passed,
        key=f"practice:{run.pk}",
        occurred_at=run.finished_at,
        actor=run.learner,
    )


@receiver(enrolment_moved, dispatch_uid="progress.enrolment_moved")
def on_enrolment_moved(
    sender: Any, enrolment: Any, from_edition: Any, to_edition: Any, actor: Any, **kwargs: Any
) -> None:
    record_move(enrolment=enrolment, from_edition=from_edition, to_edition=to_edition, actor=actor)
