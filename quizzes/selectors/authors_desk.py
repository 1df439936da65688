"""Where a run stands that an author plays: its subject says so in one string, and only this module reads it."""

from dataclasses import dataclass

from courses.models import LessonText
from quizzes.models import PracticeRun

DRAFT = "draft:"  # before the subject of a run that an author plays: draft:LESSON-TEXT/CASE, or draft:shared/CASE
SHARED = "shared"


@dataclass(frozen=True)
class AuthorsDesk:
    """What an author plays: ``case`` of the draft ``text`` of a lesson, or of the shared ones. Neither: it is gone."""

    case: str
    shared: bool
    text: LessonText | None


def authors_desk(run: PracticeRun) -> AuthorsDesk | None:
    """The desk of the author who plays ``run``; None for the run of a learner. One query, mostly none."""
    if not run.subject_key.startswith(DRAFT):
        return None
    where, _slash, case = run.subject_key.removeprefix(DRAFT).partition("/")
    texts = LessonText.objects.filter(pk=where) if where.isdecimal() else LessonText.objects.none()
    return AuthorsDesk(case, where == SHARED, texts.select_related("lesson__course").first())
