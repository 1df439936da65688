"""What a learner did, told through the same signals as the real thing."""

import datetime as dt
import uuid
from typing import Any

from core import clock
from courses.models import EditionLesson, Enrolment
from courses.services.enrolling import open_enrolment
from courses.signals import lesson_activity
from progress.models import Certificate
from progress.services.recording import record_result
from tests.factories.accounts import UserFactory
from tests.factories.courses import publish_course

THREE = (
    ("text", "reading", {"minutes": 4, "title": "Reading"}),
    ("text", "checking", {"minutes": 6, "title": "Checking"}),
    ("text", "sending", {"minutes": 10, "title": "Sending"}),
)


def opened_enrolment(*, learner: Any = None, course: Any = None, **course_args: Any) -> Enrolment:
    """An open enrolment, by default in a new published course of three texts of 4, 6 and 10 minutes."""
    course = course or publish_course(**{"lessons": THREE, **course_args})
    return open_enrolment(learner=learner or UserFactory(), course=course)


def lesson_of(enrolment: Enrolment, uid: str) -> EditionLesson:
    return EditionLesson.objects.get(edition=enrolment.edition_id, uid=uid)


def did(
    enrolment: Enrolment,
    uid: str,
    kind: str = "done",
    *,
    payload: dict[str, Any] | None = None,
    key: str = "",
    at: dt.datetime | None = None,
    lesson: EditionLesson | None = None,
) -> None:
    """The learner did something in a lesson."""
    lesson_activity.send(
        sender=EditionLesson,
        enrolment=enrolment,
        lesson=lesson or lesson_of(enrolment, uid),
        kind=kind,
        payload=payload or {},
        key=key or uuid.uuid4().hex,
        occurred_at=at or clock.now(),
        actor=enrolment.learner,
    )


def beat(enrolment: Enrolment, uid: str, *spans: tuple[int, int], session: str = "tab-one", **payload: Any) -> None:
    """A beat of a film of 100 seconds."""
    did(
        enrolment,
        uid,
        "watched",
        payload={
            "session": session,
            "spans": [list(span) for span in spans],
            "position_ms": spans[-1][1] if spans else 0,
            "duration_ms": 100_000,
            **payload,
        },
    )


def graded(enrolment: Enrolment, uid: str, percent: int, *, attempt: int = 1, grading: int = 1, **given: Any) -> None:
    """An attempt was graded; the pass mark is 80."""
    record_result(
        **{
            "enrolment": enrolment,
            "lesson_uid": uid,
            "lesson_rev": lesson_of(enrolment, uid).rev,
            "attempt_number": attempt,
            "grading": grading,
            "percent": percent,
            "passed": percent >= 80,
            "key": f"graded:{uid}:{attempt}:{grading}",
            "occurred_at": clock.now(),
            "actor": enrolment.learner,
            **given,
        }
    )


def finished(**given: Any) -> Enrolment:
    """An enrolment in which every lesson is done, so that it is completed and has its certificate."""
    enrolment = opened_enrolment(**given)
    for lesson in EditionLesson.objects.filter(edition=enrolment.edition_id).order_by("position"):
        did(enrolment, lesson.uid)
    enrolment.refresh_from_db()
    return enrolment


def certificate_of(enrolment: Enrolment) -> Certificate:
    return Certificate.objects.get(completion__enrolment=enrolment)
