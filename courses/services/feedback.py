"""'Was this clear?': a learner's one tap at the end of a lesson, and perhaps words."""

from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from core.errors import Conflict, InvalidInput
from courses.models import Edition, Enrolment, LessonFeedback

WORDS_MAX = 1000


def give_feedback(
    *, enrolment: Enrolment | None, edition: Edition, lesson_uid: str, learner: User, clear: bool | None, words: str
) -> LessonFeedback:
    """Keep what ``learner`` says of a lesson; the last answer stands. One statement.

    Raises ``Conflict`` for whoever does not take the course, ``InvalidInput`` without an answer or with endless words.
    """
    if enrolment is None or enrolment.learner_id != learner.pk or enrolment.closed_at is not None:
        raise Conflict(_("Only people who take this course can say whether it is clear. Enrol first."))
    if clear is None:
        raise InvalidInput(_("Choose “Yes” or “Not quite”."), fields={"clear": _("Choose “Yes” or “Not quite”.")})
    words = words.replace("\x00", "").strip()
    if len(words) > WORDS_MAX:
        sentence = _("Keep it to %(limit)d characters.") % {"limit": WORDS_MAX}
        raise InvalidInput(sentence, fields={"words": sentence})
    row = LessonFeedback(
        course_id=enrolment.course_id,
        edition=edition,
        lesson_uid=lesson_uid,
        learner=learner,
        clear=clear,
        words=words,
        given_at=clock.now(),
    )
    LessonFeedback.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["learner", "course", "lesson_uid"],
        update_fields=["edition", "clear", "words", "given_at"],
    )
    return row
