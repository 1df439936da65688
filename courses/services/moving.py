"""Moving learners to a newer edition (D3a)."""

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import InvalidInput
from courses.models import Course, Edition, EditionKind, Enrolment
from courses.signals import enrolment_moved


@transaction.atomic
def move(*, enrolment: Enrolment, edition: Edition, actor: User | None) -> Enrolment:
    """Pin ``enrolment`` to ``edition``; everything done so far comes along. A second call changes nothing.

    ``actor`` is the learner who chose it, or ``None`` when publishing moved them. Locks the enrolment's row and sends
    ``enrolment_moved`` inside the transaction. Raises ``InvalidInput`` for an edition of another course or a preview.
    """
    # No key is changed: a learner who is being recorded at this moment refers to the row and must not wait in a circle.
    locked = Enrolment.objects.select_for_update(of=("self",), no_key=True)
    row = locked.select_related("edition").get(pk=enrolment.pk)
    if edition.course_id != row.course_id or edition.number is None:
        raise InvalidInput(_("This edition does not belong to the course."))
    before = row.edition
    if before is None or before.pk == edition.pk:
        return row
    # A conditional update, since the row lock does nothing on SQLite: whoever comes second finds it moved.
    if not Enrolment.objects.filter(pk=row.pk, edition=before).update(edition=edition):
        return Enrolment.objects.get(pk=row.pk)
    row.edition = edition
    enrolment_moved.send(sender=Enrolment, enrolment=row, from_edition=before, to_edition=edition, actor=actor)
    return row


def waiting_for(edition: Edition) -> models.QuerySet[Enrolment]:
    """Open enrolments that ``edition`` takes along without asking."""
    return taken_along(edition.course, upto=edition.number).exclude(edition=edition.pk)


def taken_along(course: Course, *, upto: int | None = None) -> models.QuerySet[Enrolment]:
    """Open enrolments that a minor or refresh edition (after number ``upto``, by default the next one) takes along.

    Those on an edition before the last *redo* stay: that step is the learner's own choice, and no later minor edition
    takes it for them.
    """
    redone = course.editions.filter(kind=EditionKind.REDO)
    if upto is not None:
        redone = redone.filter(number__lte=upto)
    floor = redone.aggregate(last=models.Max("number"))["last"]
    return Enrolment.objects.live().opened().filter(course=course.pk, edition__number__gte=floor or 1)
