"""What follows a lesson that is copied or goes into another course: slides, earlier versions, notes, hints that were left.

The caller holds the courses' rows. The original keeps its slides and its history, so that it can be restored whole; notes
go along, since one conversation should not go on in two places.
"""

from collections.abc import Callable

from courses.models import HintLeft, Lesson, LessonRevision, LessonText, Remark, Slide, SlideDeck
from courses.registry import Content

BATCH = 200


def copy_decks(lesson: Lesson, copy: Lesson) -> None:
    """The slides that the film of ``lesson`` was made from, for ``copy`` too. Three statements at most for each deck.

    Pictures and recordings are the same files; what was made of them is not copied, only the slides.
    """
    for deck in SlideDeck.objects.filter(course=lesson.course_id, lesson_uid=lesson.uid).order_by("pk"):
        slides = list(deck.slides.all())
        deck.pk, deck.course_id, deck.lesson_uid, deck.version = None, copy.course_id, copy.uid, 1
        deck._state.adding = True
        deck.save(force_insert=True)
        for slide in slides:
            slide.pk, slide.deck, slide.version = None, deck, 1
        Slide.objects.bulk_create(slides)


def copy_history(lesson: Lesson, copy: Lesson, say: Callable[[Content], Content]) -> None:
    """Earlier versions of the texts of ``lesson``, and their numbers, for ``copy``.

    ``say`` gives a content with the names that files and lessons have there. A file that only an earlier version used
    does not come along: whoever brings that version back is told what is missing.
    """
    before = {text.language: text for text in LessonText.objects.filter(lesson=lesson)}
    texts = list(LessonText.objects.filter(lesson=copy))
    for text in texts:
        was = before[text.language]
        text.version, text.changed_at, text.changed_by_id = was.version, was.changed_at, was.changed_by_id
        revisions = list(LessonRevision.objects.filter(text=was))
        for each in revisions:
            each.pk, each.text, each.content = None, text, say(each.content)
        LessonRevision.objects.bulk_create(revisions, batch_size=BATCH)
    LessonText.objects.bulk_update(texts, ["version", "changed_at", "changed_by"])


def move_notes(lesson: Lesson, to: Lesson) -> None:
    """Notes between authors go along, with their answers; comments of a review stay with what was reviewed."""
    rows = Remark.objects.filter(course=lesson.course_id, lesson_uid=lesson.uid, review=None)
    rows.update(course=to.course_id, lesson_uid=to.uid)


def copy_hints(lesson: Lesson, copy: Lesson) -> None:
    """Hints that somebody left stay left."""
    rows = list(HintLeft.objects.filter(course=lesson.course_id, lesson_uid=lesson.uid))
    for row in rows:
        row.pk, row.course_id, row.lesson_uid = None, copy.course_id, copy.uid
    HintLeft.objects.bulk_create(rows, ignore_conflicts=True)
