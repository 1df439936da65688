"""Writing the search index: from the current edition only (D10)."""

from collections.abc import Iterator

from django.db import transaction

from core import clock
from courses.composing import decode
from courses.markup import LOCAL
from courses.models import Course, Edition, EditionLessonText, SearchDocument
from courses.registry import kinds


@transaction.atomic
def index_course(*, course: Course) -> int:
    """Make the documents of ``course`` those of its current edition; gives their number. Locks the course row."""
    course = Course.objects.select_for_update(of=("self",)).select_related("current_edition").get(pk=course.pk)
    SearchDocument.objects.filter(course=course).delete()
    if course.current_edition is None:
        return 0
    documents = [*_of_course(course, course.current_edition), *_of_lessons(course)]
    SearchDocument.objects.bulk_create(documents)
    Edition.objects.filter(pk=course.current_edition.pk).update(indexed_at=clock.now())
    return len(documents)


def _of_course(course: Course, edition: Edition) -> Iterator[SearchDocument]:
    for text in edition.texts.select_related("part"):
        about = decode(text.part.source)
        words = [course.code, text.summary, about["for_whom"], *about["objectives"]]
        yield SearchDocument(
            kind="course",
            key=course.slug,
            course=course,
            language=text.language,
            title=text.title,
            body=_clean(" ".join(filter(None, words))),
        )


def _of_lessons(course: Course) -> Iterator[SearchDocument]:
    rows = EditionLessonText.objects.filter(edition_lesson__edition=course.current_edition_id)
    for row in rows.select_related("edition_lesson", "part"):
        source = decode(row.part.source)
        yield SearchDocument(
            kind="lesson",
            key=f"{course.slug}/{row.edition_lesson.uid}",
            course=course,
            language=row.language,
            title=row.title,
            body=_clean(kinds[source["kind"]].search_text(source)),
            position=row.edition_lesson.position,
        )


def _clean(text: str) -> str:
    """Local words differ from library to library, so nobody finds a lesson by them."""
    return " ".join(LOCAL.sub("", text).split())
