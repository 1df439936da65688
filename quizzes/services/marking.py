"""Written answers, marked by a person along the rubric: once each, reopened with a reason."""

from collections.abc import Mapping

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.notifying import notify
from core import clock
from core.errors import Conflict, InvalidInput
from quizzes.asking import settings_of
from quizzes.models import Attempt, Marking, Result, Slot, SlotMark
from quizzes.registry import types
from quizzes.selectors import visible_of
from quizzes.services.grading import given_in, grade, judge, locked, mark_of, record, waits
from quizzes.types.essay import rubric_fraction

NOTICE = "quiz_marked"
LONGEST_COMMENT = 4000


def mark(*, slot: Slot, levels: Mapping[str, str], comment: str, marker: User) -> Marking:
    """Give the answer in ``slot`` a level of each criterion (``levels``: criterion id to level id) and a comment.

    With the last one of an attempt the attempt is graded and its learner told. Raises ``InvalidInput`` when a criterion
    is missing or a level unknown (fields by criterion id), ``Conflict`` when somebody marked it first or there is
    nothing to mark.
    """
    fraction = rubric_fraction(slot.version.content, levels)
    if len(comment) > LONGEST_COMMENT:
        message = _("At most %(most)d characters.") % {"most": LONGEST_COMMENT}
        raise InvalidInput(message, fields={"comment": message})
    with transaction.atomic():
        attempt = locked(slot.attempt_id)
        if attempt.finished_at is None or not types[slot.version.type].manual:
            raise Conflict(_("There is nothing to mark here."))
        last = Marking.objects.filter(slot=slot).select_related("marker").order_by("-number").first()
        if last is not None and last.reopened_at is None:
            raise _marked_already(last)
        given = Marking.objects.create(
            slot=slot,
            number=last.number + 1 if last else 1,
            levels=dict(levels),
            fraction=fraction,
            comment=comment.strip(),
            marker=marker,
        )
        _grade(attempt, marker, last.reopen_reason if last else "")
    return given


def reopen(*, marking: Marking, by: User, reason: str) -> Marking:
    """Put ``marking`` back into the queue. The result that stands stays until somebody marks the answer again.

    Raises ``InvalidInput`` without a reason, ``Conflict`` when it was reopened or marked anew already.
    """
    reason = reason.strip()[:200]
    if not reason:
        raise InvalidInput(_("Say why it is marked again."), fields={"reason": _("Say why it is marked again.")})
    with transaction.atomic():
        attempt = locked(marking.slot.attempt_id)
        standing = Marking.objects.filter(pk=marking.pk, reopened_at=None)
        if not standing.update(reopened_at=clock.now(), reopened_by=by, reopen_reason=reason):
            raise Conflict(_("This was reopened already."))
        Attempt.objects.filter(pk=attempt.pk).update(marking=Attempt.Marks.WAITING)
        marking.refresh_from_db()
    return marking


def _marked_already(last: Marking) -> Conflict:
    at = time_format(timezone.localtime(last.marked_at))
    said = _("%(name)s marked this at %(time)s. Reopen it to mark it again.")
    return Conflict(said % {"name": last.marker or _("Somebody"), "time": at})


def _grade(attempt: Attempt, marker: User, reason: str) -> None:
    """Grade once nothing waits: for the first time as a handing in does, later from the marks that stand."""
    slots = list(Slot.objects.filter(attempt=attempt).select_related("version").order_by("position"))
    given = given_in(attempt, slots)
    if any(waits(slot, given[slot.pk]) for slot in slots):
        return
    Attempt.objects.filter(pk=attempt.pk).update(marking=Attempt.Marks.DONE)
    standing = attempt.results.order_by("-number").first()
    if standing is None:
        result = grade(attempt, graded_by=marker)
    else:
        result = record(attempt, slots, _marks_after(standing, attempt, slots), reason=reason, graded_by=marker)
    if result is not None and attempt.enrolment_id is not None:
        _tell(attempt, result)


def _marks_after(standing: Result, attempt: Attempt, slots: list[Slot]) -> list[SlotMark]:
    """The marks that stand, with those anew that a person gave: a correction of another question stays."""
    given, asking = given_in(attempt, slots), settings_of(attempt)
    before = {each.slot_id: each for each in SlotMark.objects.filter(result=standing)}
    marks = []
    for slot in slots:
        old = before[slot.pk]
        if types[slot.version.type].manual:
            judged = judge(slot.version, slot.seed, given[slot.pk], attempt.behaviour, asking)
            marks.append(mark_of(slot, given[slot.pk], judged))
        else:
            old.pk = None
            old._state.adding = True
            marks.append(old)
    return marks


def _said(attempt: Attempt, result: Result) -> str:
    """What came of it, as far as the learner may see that now."""
    if not visible_of(attempt).score:
        return _("You will see your result once the quiz is closed.")
    if result.number == 1:
        return _("You have %(percent)d%%.") % {"percent": result.percent}
    said = _("It was marked again: “%(reason)s” You have %(percent)d%% now.")
    return said % {"percent": result.percent, "reason": result.reason}


def _tell(attempt: Attempt, result: Result) -> None:
    course = attempt.enrolment.course if attempt.enrolment else None
    if course is None:
        return
    with translation.override(attempt.learner.language or course.first_language):
        address = reverse("quizzes:result", args=[course.slug, attempt.lesson_uid])
        notify(
            person=attempt.learner,
            kind=NOTICE,
            key=f"marked:{attempt.pk}:{result.number}",
            title=_("Your quiz in %(course)s is marked") % {"course": course.code},
            body=_said(attempt, result),
            url=f"{address}?attempt={attempt.number}",
            action=_("See your result"),
        )
