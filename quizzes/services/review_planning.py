"""How somebody wants to review: minutes, caps, pauses, holidays, a reminder if they like."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import zone_of
from core import clock
from core.errors import InvalidInput
from quizzes.models import ReviewPlan

MORNING = dt.timedelta(hours=7)


@transaction.atomic
def choose(*, learner: User, **chosen: Any) -> ReviewPlan:
    """Keep ``minutes``, ``per_day``, ``per_week``, ``holiday_from``, ``holiday_to`` and ``remind`` as chosen.

    Raises ``InvalidInput`` for a holiday without both ends, or one that ends before it begins, and for a week that
    allows less than a day. When the next reminder may come at the earliest stays, however often a plan is saved.
    """
    first, last = chosen.get("holiday_from"), chosen.get("holiday_to")
    if (first is None) != (last is None):
        raise _refused("holiday_to" if last is None else "holiday_from", _("Give both days, or neither."))
    if first and last and last < first:
        raise _refused("holiday_to", _("The last day comes before the first."))
    if chosen["per_week"] < chosen["per_day"]:
        raise _refused("per_week", _("A week allows at least as many cards as a day."))
    plan, _new = ReviewPlan.objects.select_for_update().get_or_create(learner=learner)
    for name, value in chosen.items():
        setattr(plan, name, value)
    if plan.remind:
        morning = tomorrow_morning(zone_of(learner))
        plan.remind_at = max(plan.remind_at or morning, morning)
    plan.save(update_fields=[*chosen, "remind_at"])
    return plan


def pause(*, learner: User) -> None:
    """Nothing is counted and nobody is reminded until ``go_on``; a second call keeps the first moment."""
    plan, _new = ReviewPlan.objects.get_or_create(learner=learner)
    ReviewPlan.objects.filter(pk=plan.pk, paused_at=None).update(paused_at=clock.now())


def go_on(*, learner: User) -> None:
    """The pause is over. What fell due meanwhile waits under the caps as always."""
    ReviewPlan.objects.filter(learner=learner).update(paused_at=None)


def tomorrow_morning(zone: str, *, days: int = 1) -> dt.datetime:
    """Seven o'clock, ``days`` from today, in ``zone``."""
    return clock.start_of_day(clock.today(zone) + dt.timedelta(days=days), zone) + MORNING


def _refused(field: str, message: str) -> InvalidInput:
    return InvalidInput(message, fields={field: message})
