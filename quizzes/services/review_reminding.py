"""'12 cards are due back': only to who asked for it, and through the one planner of notices, with its limits."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Membership, Notice
from accounts.notice_kinds import NoticeKind
from accounts.services.announcing import Draft, notify_many
from core import clock
from quizzes.models import ReviewCard, ReviewLog, ReviewPlan
from quizzes.selectors.reviewing import minutes_for, standing_of
from quizzes.services.review_planning import tomorrow_morning

REST_DAYS = 3  # between two reminders, whatever is due
A_WEEK = dt.timedelta(days=8)  # reaches back to Monday wherever somebody is


@transaction.atomic
def remind_batch(*, at: dt.datetime, size: int) -> int | None:
    """Tell up to ``size`` people whose plan asks for it now, and set when to look again: five statements.

    Who rests, has nothing due, or has turned over as many as the plan allows, is asked again tomorrow morning. Returns
    how many were told; None when nobody is left.
    """
    plans = list(_due_plans(at)[:size])
    if not plans:
        return None
    turned = _turned([plan.learner_id for plan in plans if plan.due], at)
    drafts = []
    for plan in plans:
        zone = _zone(plan)
        count = min(plan.due, _left(plan, turned.get(plan.learner_id, []), clock.today(zone, at=at), zone))
        if count:
            drafts.append(_draft(plan, count, zone, at))
        plan.remind_at = tomorrow_morning(zone, days=REST_DAYS if count else 1)
    notify_many(drafts)
    ReviewPlan.objects.bulk_update(plans, ["remind_at"])
    return len(drafts)


def still_true(notice: Notice) -> bool:
    """May it still be mailed? The reminder is wanted, cards are due, and nothing was reviewed since it was written."""
    person = notice.person
    standing = standing_of(person)
    since = ReviewLog.objects.filter(learner=person, at__gte=notice.created_at)
    return bool(standing.plan.remind and standing.shown and not since.exists())


NOTICE = NoticeKind(
    "review",
    gettext_lazy("Cards are due back"),
    help=gettext_lazy("Only when you ask for it on the page of your review plan; at most every third day."),
    icon="renew",
    capped=True,
    still_true=still_true,
)


# A plan with what is read beside it: attributes that the model does not declare.
def _due_plans(at: dt.datetime) -> Any:
    home = Membership.objects.filter(person=OuterRef("learner"), is_primary=True)
    mine = ReviewCard.objects.due(at).filter(learner=OuterRef("learner")).order_by()
    due = mine.values("learner").annotate(n=Count("pk")).values("n")
    return (
        ReviewPlan.objects.filter(remind=True, remind_at__lte=at, learner__is_active=True)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("learner")
        .annotate(home_zone=Subquery(home.values("organisation__time_zone")[:1]), due=Coalesce(Subquery(due), 0))
        .order_by("remind_at", "pk")
    )


def _zone(plan: Any) -> str:
    return plan.learner.time_zone or plan.home_zone or "UTC"


def _turned(learners: Sequence[int], at: dt.datetime) -> dict[int, list[tuple[int, dt.datetime]]]:
    """By learner the cards turned over in the last days, with the moment. One statement, none without learners."""
    found: dict[int, list[tuple[int, dt.datetime]]] = {}
    if learners:
        logs = ReviewLog.objects.standing().filter(learner__in=learners, at__gte=at - A_WEEK)
        for learner, card, moment in logs.values_list("learner", "card", "at"):
            found.setdefault(learner, []).append((card, moment))
    return found


def _left(plan: ReviewPlan, turned: Sequence[tuple[int, dt.datetime]], day: dt.date, zone: str) -> int:
    """How many cards the plan still allows on ``day``; none while its owner rests. As ``Standing.left`` counts."""
    if _rests(plan, day):
        return 0
    monday = day - dt.timedelta(days=day.weekday())
    since = {begin: clock.start_of_day(begin, zone) for begin in (day, monday)}
    today, week = (len({card for card, moment in turned if moment >= since[begin]}) for begin in (day, monday))
    return max(0, min(plan.per_day - today, plan.per_week - week))


def _rests(plan: ReviewPlan, day: dt.date) -> bool:
    away = plan.holiday_from and plan.holiday_to and plan.holiday_from <= day <= plan.holiday_to
    return bool(plan.paused_at or away)


def _draft(plan: ReviewPlan, count: int, zone: str, at: dt.datetime) -> Draft:
    minutes = minutes_for(count)
    with translation.override(plan.learner.language or "en"):
        return Draft(
            person_id=plan.learner_id,
            kind=NOTICE.name,
            key=f"review:{clock.today(zone, at=at)}",
            title=ngettext("%(n)d card is due back", "%(n)d cards are due back", count) % {"n": count},
            body=ngettext("About %(n)d minute.", "About %(n)d minutes.", minutes) % {"n": minutes},
            url=reverse("review:start"),
            action=ngettext("Renew %(n)d card", "Renew %(n)d cards", count) % {"n": count},
            zone=zone,
        )
