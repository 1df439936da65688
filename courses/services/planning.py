"""Editions that go live by themselves: the draft frozen as it stands, and a moment."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.notice_kinds import NoticeKind
from accounts.services.announcing import Draft, notify_many
from core import clock
from core.errors import Conflict, InvalidInput
from courses.models import Course, CourseEditor, Edition, PublishPlan
from courses.services import approving
from courses.services.publishing import (
    NothingChanged,
    composition_of,
    keep_preview,
    publish,
    refuse_kind,
    refuse_unready,
    refuse_unseen,
)

State = PublishPlan.State
LATEST = dt.timedelta(days=366)
SOONEST = dt.timedelta(minutes=2)
SAID_MAX = 500
NOTICE_KIND = "planned_edition"


@transaction.atomic
def plan(*, course: Course, kind: str, note: str, due_at: dt.datetime, actor: User, seen: str = "") -> PublishPlan:
    """Freeze the draft of ``course`` and let it go live at ``due_at``; what is edited later does not slip in.

    ``seen`` is as in ``publish``. Raises ``InvalidInput`` when the draft could not be published now or the moment makes
    no sense, ``Conflict`` when another edition is planned already or the draft is not what was seen. What a policy still
    asks may be given until the moment comes.
    """
    refuse_kind(kind)
    _refuse_moment(due_at)
    course = Course.objects.select_for_update().get(pk=course.pk)
    refuse_unready(course)
    composition = composition_of(course)
    refuse_unseen(composition, seen)
    current = course.current_edition
    if current and current.hash == composition.hash:
        raise NothingChanged(_("Nothing has changed since edition %(number)d.") % {"number": current.number})
    frozen = keep_preview(course, composition, actor, expires_at=due_at)
    try:
        with transaction.atomic():
            return PublishPlan.objects.create(
                course=course, frozen=frozen, kind=kind, note=note, due_at=due_at, planned_by=actor
            )
    except IntegrityError as problem:
        raise Conflict(_("An edition is planned already. Change that one, or take it back first.")) from problem


def change(*, plan: PublishPlan, kind: str, note: str, due_at: dt.datetime) -> PublishPlan:
    """Another moment, kind or note for what is frozen. Raises ``Conflict`` when it is no longer waiting."""
    refuse_kind(kind)
    _refuse_moment(due_at)
    with transaction.atomic():
        waiting = PublishPlan.objects.filter(pk=plan.pk, state=State.PLANNED)
        if not waiting.update(kind=kind, note=note, due_at=due_at, claimed_at=None):
            raise Conflict(_("This edition no longer waits: it has gone live, or was taken back."))
        Edition.objects.filter(pk=plan.frozen_id).update(expires_at=due_at)
    plan.refresh_from_db()
    return plan


def cancel(*, plan: PublishPlan, actor: User) -> PublishPlan:
    """Take the plan back. Raises ``Conflict`` when it is no longer waiting."""
    said = _("Taken back by %(name)s.") % {"name": actor}
    if not PublishPlan.objects.filter(pk=plan.pk, state=State.PLANNED).update(state=State.CANCELLED, said=said):
        raise Conflict(_("This edition no longer waits: it has gone live, or was taken back."))
    plan.refresh_from_db()
    return plan


@transaction.atomic
def carry_out(*, plan_id: int) -> Edition | None:
    """Publish what is planned, exactly once: the plan is done in the transaction that makes the edition.

    None when it is not waiting any more. Raises ``DomainError`` with the reason why it cannot be published.
    """
    course_id = PublishPlan.objects.values_list("course", flat=True).get(pk=plan_id)
    course = Course.objects.select_for_update().get(pk=course_id)
    if not PublishPlan.objects.filter(pk=plan_id, state=State.PLANNED, due_at__lte=clock.now()).update(
        state=State.DONE
    ):
        return None
    row = PublishPlan.objects.select_related("planned_by", "frozen__course").get(pk=plan_id)
    _refuse_overtaken(row, course)
    _refuse_unapproved(row, course)
    edition = publish(course=course, kind=row.kind, note=row.note, actor=row.planned_by, source_edition=row.frozen)
    PublishPlan.objects.filter(pk=plan_id).update(edition=edition)
    _tell(row, _("Edition %(n)d of %(course)s is live") % {"n": edition.number, "course": course.code}, edition.note)
    return edition


@transaction.atomic
def fail(*, plan_id: int, said: str) -> bool:
    """Note why the plan could not be carried out, and tell the owners and whoever planned it. False: it did not wait."""
    waiting = PublishPlan.objects.filter(pk=plan_id, state=State.PLANNED)
    if not waiting.update(state=State.FAILED, said=said[:SAID_MAX]):
        return False
    row = PublishPlan.objects.select_related("course").get(pk=plan_id)
    title = _("A planned edition of %(course)s could not be published") % {"course": row.course.code}
    _tell(row, title, said)
    return True


def _refuse_moment(due_at: dt.datetime) -> None:
    now = clock.now()
    if due_at < now + SOONEST:
        sentence = _("Choose a moment that is still to come, or publish now.")
    elif due_at > now + LATEST:
        sentence = _("Choose a moment within a year.")
    else:
        return
    raise InvalidInput(sentence, fields={"day": sentence})


def _refuse_overtaken(row: PublishPlan, course: Course) -> None:
    """Raise ``InvalidInput`` when what was planned is no longer what anybody can mean."""
    newer = course.editions.published().filter(published_at__gt=row.planned_at).order_by("-number").first()
    if newer is not None:
        sentence = _("Edition %(n)d was published after this was planned. Look at what changed, then plan it again.")
        raise InvalidInput(sentence % {"n": newer.number})
    if course.archived_at is not None:
        raise InvalidInput(_("The course is archived."))
    planner = row.planned_by
    if planner is None or not Course.objects.editable_by(planner).filter(pk=course.pk).exists():
        raise InvalidInput(_("Whoever planned it may no longer publish this course. Plan it again."))


def _refuse_unapproved(row: PublishPlan, course: Course) -> None:
    """Raise ``InvalidInput`` with what a policy still asks, whoever planned it: nobody stands by who could answer for it."""
    asked = approving.refusals(course=course, hash=row.frozen.hash, actor=row.planned_by)
    if asked:
        raise InvalidInput(" ".join(asked))


def _tell(row: PublishPlan, title: str, body: str) -> None:
    owners = CourseEditor.objects.filter(
        course=row.course_id, role=CourseEditor.Role.OWNER, person__is_active=True
    ).values_list("person_id", flat=True)
    people = {*owners, *([row.planned_by_id] if row.planned_by_id else [])}
    notify_many(
        [
            Draft(
                person_id=person,
                kind=NOTICE_KIND,
                key=f"plan:{row.pk}",
                title=title,
                body=body,
                url=reverse("courses:author_editions", args=[row.course.slug]),
                action=_("Open the editions"),
            )
            for person in sorted(people)
        ]
    )


NOTICE = NoticeKind(
    NOTICE_KIND,
    gettext_lazy("An edition that was planned"),
    help=gettext_lazy("When it has gone live, or could not."),
    icon="calendar",
)
