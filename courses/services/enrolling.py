"""Enrolling, opening, leaving (D3)."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from core.errors import Conflict, InvalidInput
from courses.models import Course, EditionText, Enrolment

REASON = Enrolment.CloseReason


def _live_or_last(learner: User, course: Course) -> Enrolment | None:
    rows = Enrolment.objects.filter(learner=learner, course=course).select_related("edition", "course")
    return rows.order_by("-cycle").first()


def _language_for(learner: User, course: Course) -> str:
    """The learner's own language if readers get it, also where the draft no longer speaks it; else the first one."""
    spoken = learner.language
    if spoken in course.languages or _is_read(course.current_edition_id, spoken):
        return spoken
    return course.first_language


def _is_read(edition_id: int | None, language: str) -> bool:
    return bool(language) and EditionText.objects.filter(edition=edition_id, language=language).exists()


def enrol(*, learner: User, course: Course, language: str = "") -> Enrolment:
    """Give ``learner`` a place in ``course``, unopened unless it was opened before; a second call returns the live row.

    Coming back after leaving reopens the same row with everything done in it. ``language`` is the content language,
    by default the learner's own if the course has it, else the course's first. The unique constraints decide between
    two calls at once.
    """
    row = _live_or_last(learner, course)
    if row is not None and row.closed_at is None:
        return row
    return _place(learner, course, row, language=language or _language_for(learner, course))


def _place(learner: User, course: Course, last: Enrolment | None, **values: Any) -> Enrolment:
    """The live row after ``last``: that one again when it was left, else the next cycle, with ``values``."""
    if last is not None and last.close_reason == REASON.LEFT:
        Enrolment.objects.filter(pk=last.pk, close_reason=REASON.LEFT).update(closed_at=None, close_reason="")
    else:
        fresh = Enrolment(learner=learner, course=course, cycle=last.cycle + 1 if last else 1, **values)
        Enrolment.objects.bulk_create([fresh], ignore_conflicts=True)
    live = _live_or_last(learner, course)
    if live is None or live.closed_at is not None:
        raise Conflict(_("The enrolment changed at the same moment. Try again."))
    return live


def open_enrolment(*, learner: User, course: Course) -> Enrolment:
    """Enrol if need be, and on the first call pin the current edition and say when. Later calls change nothing.

    Raises ``Conflict`` when the course has no edition to pin.
    """
    opened = {"edition_id": course.current_edition_id, "opened_at": clock.now()} if course.current_edition_id else {}
    row = _live_or_last(learner, course)
    if row is None or row.closed_at is not None:
        row = _place(learner, course, row, language=_language_for(learner, course), **opened)
    if row.opened_at is not None:
        return row
    if not opened:
        raise Conflict(_("This course has no edition to read yet."))
    Enrolment.objects.filter(pk=row.pk, opened_at=None).update(**opened)
    row.refresh_from_db()
    return row


def leave(*, enrolment: Enrolment) -> Enrolment:
    """Close ``enrolment`` with the reason 'left'. What was done stays; enrolling again reopens it. Twice is harmless."""
    Enrolment.objects.filter(pk=enrolment.pk, closed_at=None).update(closed_at=clock.now(), close_reason=REASON.LEFT)
    enrolment.refresh_from_db()
    return enrolment


def choose_language(*, enrolment: Enrolment, language: str) -> Enrolment:
    """Read ``enrolment`` in ``language``. Raises ``InvalidInput`` when the course does not have it."""
    edition = enrolment.edition_id or enrolment.course.current_edition_id
    if language not in enrolment.course.languages and not _is_read(edition, language):
        raise InvalidInput(_("The course is not available in this language."))
    Enrolment.objects.filter(pk=enrolment.pk).update(language=language)
    enrolment.language = language
    return enrolment


def keep_edition(*, enrolment: Enrolment) -> Enrolment:
    """Note that the learner was asked about the current edition and keeps theirs; asked again at the next one."""
    current = enrolment.course.current_edition
    if current is not None:
        Enrolment.objects.filter(pk=enrolment.pk).update(declined_edition=current.number)
        enrolment.declined_edition = current.number
    return enrolment


def start_cycle(*, enrolment: Enrolment) -> Enrolment:
    """Close ``enrolment`` and open the next cycle of the same course, in one transaction (D3)."""
    with transaction.atomic():
        closed = Enrolment.objects.filter(pk=enrolment.pk, closed_at=None).update(
            closed_at=clock.now(), close_reason=REASON.NEXT_CYCLE
        )
        if not closed:
            raise Conflict(_("This enrolment is closed already."))
        return open_enrolment(learner=enrolment.learner, course=enrolment.course)
