"""How far films are watched: what is wanted is written down, a task counts it, pages show what was counted and when."""

import datetime as dt
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.db.models import F, Max, Q, QuerySet

from core import clock
from core.queue import after_commit
from courses.access import film_length
from courses.models import Course, EditionLesson, EditionLessonText
from progress.film_counts import Counts, scaled
from progress.models import FilmCurve, VideoSession

STALE = dt.timedelta(days=1)
TASK = "progress.count_film"
CHUNK = 500


def curve_for(*, course_id: int, lesson_uid: str) -> FilmCurve:
    """The curve of a film; one that was never counted, or more than a day ago, is wanted from now on."""
    row, _made = FilmCurve.objects.get_or_create(course_id=course_id, lesson_uid=lesson_uid)
    if row.wanted_at is None and (row.computed_at is None or row.computed_at < clock.now() - STALE):
        want(row)
    return row


def want(row: FilmCurve) -> None:
    """Have ``row`` counted by a task, which a second call does not double."""
    row.wanted_at = clock.now()
    if FilmCurve.objects.filter(pk=row.pk, wanted_at=None).update(wanted_at=row.wanted_at):
        after_commit(TASK, row.pk)


def count_film(pk: int) -> bool:
    """Count a curve that is wanted and that nobody holds. True when its figures were written.

    The lease is the claim: a worker that dies leaves it, and the sweep goes on when it has passed. Whoever has lost the
    lease meanwhile writes nothing.
    """
    now = clock.now()
    lease = now + settings.CLAIM_LEASE
    if not FilmCurve.objects.filter(_free(), pk=pk, wanted_at__isnull=False).update(lease_until=lease):
        return False
    held = FilmCurve.objects.filter(pk=pk, lease_until=lease)
    try:
        row = held.select_related("course__current_edition").get()
        figures = compute(course=row.course, lesson_uid=row.lesson_uid)
    except BaseException:
        held.update(lease_until=None)
        raise
    return bool(held.update(figures=figures, computed_at=now, lease_until=None, wanted_at=None))


def waiting() -> QuerySet[FilmCurve]:
    """Those that a lost task or a killed worker left."""
    return FilmCurve.objects.filter(_free(), wanted_at__isnull=False).order_by("wanted_at")


def _free() -> Q:
    return Q(lease_until=None) | Q(lease_until__lt=clock.now())


def compute(*, course: Course, lesson_uid: str) -> dict[str, Any]:
    """The figures of a film as ``FilmCurve`` keeps them: the play sessions that count in the current edition.

    A few statements; sessions are streamed in the order of people, so memory holds those of one person.
    """
    lesson = EditionLesson.objects.filter(edition=course.current_edition_id, uid=lesson_uid).first()
    sessions = VideoSession.objects.filter(
        enrolment__course=course,
        lesson_uid=lesson_uid,
        lesson_rev__gte=lesson.rev if lesson else 1,
        generation=F("enrolment__state__generation"),
    )
    length = _length(course, lesson) or sessions.aggregate(most=Max("duration_ms"))["most"] or 0
    counts = Counts(length)
    if length:
        for takings in _people(sessions, length):
            counts.add(takings)
    return counts.figures()


def _people(sessions: QuerySet[VideoSession], length: int) -> Iterator[list[list[list[list[int]]]]]:
    """For each person, for each time they took the course, the stretches of each play session."""
    rows = (
        sessions.order_by("enrolment__learner", "enrolment")
        .values_list("enrolment__learner", "enrolment", "spans", "duration_ms")
        .iterator(chunk_size=CHUNK)
    )
    for _learner, of_person in groupby(rows, key=itemgetter(0)):
        yield [
            [scaled(spans, duration, length) for _person, _enrolment, spans, duration in taking]
            for _enrolment, taking in groupby(of_person, key=itemgetter(1))
        ]


def _length(course: Course, lesson: EditionLesson | None) -> int:
    """The length of the film in the course's first language; 0 when it is not known."""
    if lesson is None:
        return 0
    parts = dict(EditionLessonText.objects.filter(edition_lesson=lesson).values_list("language", "part"))
    found = parts.get(course.first_language) or next(iter(parts.values()), "")
    return film_length(str(found)) if found else 0
