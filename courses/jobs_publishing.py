"""Planned editions go live: claimed, published once, or failed with a reason."""

import datetime as dt
import logging

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from core import clock
from core.errors import DomainError
from courses.models import PublishPlan
from courses.services import planning

logger = logging.getLogger(__name__)
AT_ONCE = 50
PATIENCE = dt.timedelta(days=1)  # how long something unforeseen is tried again


def due() -> QuerySet[PublishPlan]:
    """Plans whose moment has come and that nobody works on."""
    now = clock.now()
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - settings.CLAIM_LEASE)
    return PublishPlan.objects.filter(free, state=PublishPlan.State.PLANNED, due_at__lte=now)


def publish_due(plan_id: int) -> bool:
    """Carry out the plan if its moment has come and nobody else does; True when there is an edition now.

    A kill in between leaves it claimed, and the sweep takes it up again after the lease: nothing was published then,
    since the plan is done in the same transaction.
    """
    if not due().filter(pk=plan_id).update(claimed_at=clock.now()):
        return False
    plan = PublishPlan.objects.select_related("planned_by").get(pk=plan_id)
    language = plan.planned_by.language if plan.planned_by else ""
    with translation.override(language or settings.LANGUAGE_CODE):
        try:
            return planning.carry_out(plan_id=plan_id) is not None
        except DomainError as problem:
            planning.fail(plan_id=plan_id, said=str(problem))
        except Exception:
            # Whatever it was, the next sweep tries again until patience ends; then the author is told, and the log knows.
            logger.exception("planned edition %s could not be published", plan_id)
            if plan.due_at < clock.now() - PATIENCE:
                planning.fail(plan_id=plan_id, said=_("Something went wrong that should not. Plan it again."))
    return False


def sweep_plans() -> int:
    """Carry out every plan whose moment has come; gives how many went live."""
    return sum(publish_due(pk) for pk in due().order_by("due_at", "pk").values_list("pk", flat=True)[:AT_ONCE])
