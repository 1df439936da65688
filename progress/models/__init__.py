"""The ledger and what is folded from it; certificates; assignments."""

from progress.models.assigning import Assignment, DueKind, Obligation
from progress.models.certificate import Certificate
from progress.models.curve import FilmCurve
from progress.models.ledger import Event, EventKind, VideoSession
from progress.models.state import Completion, CourseState, LessonState

__all__ = [
    "Assignment",
    "Certificate",
    "Completion",
    "CourseState",
    "DueKind",
    "Event",
    "EventKind",
    "FilmCurve",
    "LessonState",
    "Obligation",
    "VideoSession",
]
