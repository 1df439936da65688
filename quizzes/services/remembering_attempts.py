"""What an attempt says about what to ask again: wrong, right only after a hint, sure and wrong, or worth keeping."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from core import clock
from courses import markup
from courses.models import Course
from quizzes.asking import settings_of
from quizzes.behaviours import CERTAINTY
from quizzes.models import Attempt, QuestionVersion, ReviewCard, ReviewItem, Slot, SlotMark, Try
from quizzes.registry import types
from quizzes.rendering import rendered
from quizzes.selectors import marks_of, newest_results, tries_of, visible, visible_of
from quizzes.services.regrading import key_for, newest_by_language
from quizzes.services.remembering import WORDS_MOST, Miss, remember

Source = ReviewCard.Source
SURE = max(CERTAINTY)


@transaction.atomic
def remember_attempt(*, attempt: Attempt) -> bool:
    """Make cards of what the finished ``attempt`` missed, once. False when it was done already, or is not to be done yet.

    It waits until the attempt is graded and its learner may see what is right: a card must not tell what an exam hides.
    Of a quiz that never shows it there are no cards.
    The claim is one conditional update. ``attempt`` comes with enrolment, course and organisation.
    """
    results = newest_results([attempt])
    if not results or attempt.enrolment is None:
        return False
    ever = visible(settings_of(attempt), closed=True).right
    if ever and not visible_of(attempt).right:
        return False
    mine = Attempt.objects.filter(pk=attempt.pk, remembered_at=None)
    if not mine.update(remembered_at=clock.now()):
        return False
    if not ever:
        return True
    slots = list(Slot.objects.filter(attempt=attempt).select_related("version").order_by("position"))
    misses = misses_in(attempt.enrolment.course, attempt.lesson_uid, slots, marks_of(results[0]))
    remember(learner=attempt.learner, misses=misses, at=attempt.finished_at)
    return True


def misses_in(course: Course, lesson_uid: str, slots: Sequence[Slot], marks: Mapping[int, SlotMark]) -> list[Miss]:
    """What to ask again of the ``slots`` of a quiz. One query for answers that were checked on the way."""
    tries = tries_of(slots)
    found = []
    for slot in slots:
        mark = marks[slot.pk]
        source = source_of(slot.version, mark, tries.get(slot.pk, ()))
        if source is not None:
            found.append(_miss(course, lesson_uid, mark.version or slot.version, source))
    return found


def source_of(version: QuestionVersion, mark: SlotMark, tries: Sequence[Try]) -> Source | None:
    """Why a question is to be asked again; None when it is not. What a person marks has no answer to turn over."""
    if types[version.type].manual:
        return None
    if mark.fraction < 1:
        return Source.CONFIDENT if mark.certainty == SURE and mark.answer is not None else Source.WRONG
    if any(each.fraction < 1 for each in tries):
        return Source.HINTED if version.content.get("hints") else Source.WRONG
    return Source.KEPT if version.content.get("keep") else None


def _miss(course: Course, lesson_uid: str, version: QuestionVersion, source: Source) -> Miss:
    """The question as this course asks it, in the language in which it was asked: others may meet it in another one, and a
    course that draws on the same bank is told of its own learners only."""
    return Miss(
        key=":".join(filter(None, ("question", str(course.pk), str(version.question_id), version.language))),
        kind=ReviewItem.Kind.QUESTION,
        source=source,
        topic=course.topic,
        course_id=course.pk,
        lesson_uid=version.content.get("back_to") or lesson_uid,
        version_id=version.pk,
        words=_words(version),
    )


def correct_items(*, version: QuestionVersion) -> int:
    """Cards of a question show ``version`` from now on, those in another language the newest in that one: its key was found
    to be wrong. Past ratings stay as they are."""
    keys = newest_by_language(version)
    items = list(ReviewItem.objects.filter(version__question=version.question_id).select_related("version"))
    for item in items:
        item.version = key_for(item.version or version, version, keys)
        item.words = _words(item.version)
    return ReviewItem.objects.bulk_update(items, ["version", "words"])


def _words(version: QuestionVersion) -> str:
    return markup.plain(rendered(version.content, version.content["stem"], {}))[:WORDS_MOST]
