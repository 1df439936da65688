"""Starting a course anew: older events stop counting, nothing is deleted, and the learner sees who and why."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.notifying import notify
from core import clock
from core.errors import InvalidInput
from courses.models import Enrolment
from progress.models import Event, EventKind
from progress.services.projecting import locked_state, refold

NOTICE = "progress_reset"


def reset(*, enrolment: Enrolment, reason: str, actor: User) -> Event:
    """Let ``enrolment`` begin anew: what was done so far stops counting. A completion and its certificate stay.

    The learner gets a notice and sees name and reason in the log. Raises ``InvalidInput`` without a reason.
    """
    reason = reason.strip()
    if not reason:
        raise InvalidInput(_("Say why: the learner sees the reason."), fields={"reason": _("Say why.")})
    with transaction.atomic():
        state = locked_state(enrolment)
        event = Event.objects.create(
            enrolment=enrolment,
            generation=state.generation,
            kind=EventKind.RESET,
            payload={"reason": reason[:300]},
            occurred_at=clock.now(),
            actor=actor,
            key=f"reset:{state.generation + 1}",
        )
        refold(state)
        _tell(event, reason)
    return event


def _tell(event: Event, reason: str) -> None:
    enrolment = event.enrolment
    notify(
        person=enrolment.learner,
        kind=NOTICE,
        key=f"reset:{enrolment.pk}:{event.key}",
        title=_("%(course)s starts anew for you") % {"course": enrolment.course.code},
        body=_("%(name)s set your progress back and says: “%(reason)s” What you did stays in your log.")
        % {"name": event.actor, "reason": reason},
        url=reverse("courses:course", args=[enrolment.course.slug]),
        action=_("Open the course"),
    )
