"""Reviewing: a few minutes at a time, each card turned over and rated once. Never touches a grade."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import zone_of
from core import clock
from core.errors import Conflict, InvalidInput
from quizzes import scheduling
from quizzes.models import ReviewCard, ReviewLog, ReviewSitting
from quizzes.scheduling import MOST_DAYS
from quizzes.selectors.reviewing import open_sitting_of, progress_of, queue_of, standing_of

MS_MOST = 10 * 60 * 1000  # longer than this, somebody was away from the desk
RESTORED = ("state", "due_at", "stability", "last_at", "renewed", "forgotten", "set_by_hand_at")
MOMENTS = ("due_at", "last_at", "set_by_hand_at")


def begin(*, learner: User) -> ReviewSitting | None:
    """Go on with today's sitting, or take up the cards of the next one; None when nothing may be renewed now.

    The unique constraint decides between two calls at once: both get the same sitting.
    """
    now = clock.now()
    if (sitting := open_sitting_of(learner, at=now)) and progress_of(sitting, at=now).card:
        return sitting
    cards = queue_of(learner, at=now, most=standing_of(learner).sitting)
    try:
        with transaction.atomic():
            end(learner=learner)
            return ReviewSitting.objects.create(learner=learner, cards=cards, started_at=now) if cards else None
    except IntegrityError:
        return open_sitting_of(learner, at=now)


def end(*, learner: User) -> None:
    """Stop for now; what was rated stands, what was not stays due. A second call changes nothing."""
    ReviewSitting.objects.filter(learner=learner, ended_at=None).update(ended_at=clock.now())


@transaction.atomic
def rate(*, card: ReviewCard, rating: int, step: int, ms: int | None = None) -> ReviewCard:
    """Renew ``card`` by how well it was known (1 to 4).

    ``step`` is how many entries its log had when it was shown: a second call with the same one changes nothing, so a
    double click or a second tab counts once. Raises ``InvalidInput`` for a rating that does not exist, ``Conflict`` for
    a card that was put away.
    """
    if rating not in ReviewLog.Rating.values:
        raise InvalidInput(
            _("Choose one of the four answers."), fields={"rating": _("Choose one of the four answers.")}
        )
    card = _locked(card)
    if card.steps != step:
        return card
    if card.suspended_at:
        raise Conflict(_("This card is put away. Take it back first."))
    now = clock.now()
    after = scheduling.rate(card.state, rating, at=now, zone=zone_of(card.learner))
    time = min(ms, MS_MOST) if ms is not None and ms >= 0 else None
    _log(card, now, due_at=after.due_at, rating=rating, days=after.days, recall=after.recall, ms=time)
    forgot = rating == ReviewLog.Rating.FORGOT
    card.state, card.due_at, card.stability, card.last_at = after.state, after.due_at, after.stability, now
    card.forgotten += forgot
    card.renewed += not forgot
    card.set_by_hand_at = None
    card.buried_until = None
    card.save(update_fields=[*RESTORED, "buried_until", "steps"])
    return card


@transaction.atomic
def undo(*, learner: User, seen: int | None = None) -> ReviewCard | None:
    """Take back the last rating of the newest sitting, and go back to its card; the log keeps both.

    ``seen`` is the entry that the page showed as the last one: where it is that no more, nothing changes, so a double click
    takes back one rating. Raises ``Conflict`` when there is nothing to take back.
    """
    nothing = Conflict(_("There is nothing to take back in this sitting."))
    sitting = ReviewSitting.objects.filter(learner=learner).order_by("-started_at", "-pk").first()
    if sitting is None:
        raise nothing
    logs = ReviewLog.objects.standing().filter(learner=learner, at__gte=sitting.started_at, card__in=sitting.cards)
    last = logs.select_related("card").order_by("-at", "-pk").first()
    if seen is not None and (last is None or last.pk != seen):
        return None
    if last is None:
        raise nothing
    card = _locked(last.card)
    if card.steps != last.number:
        raise nothing
    for name in RESTORED:
        value = last.before[name]
        setattr(card, name, parse_datetime(value) if value and name in MOMENTS else value)
    _log(card, clock.now(), due_at=card.due_at, kind=ReviewLog.Kind.UNDONE, undoes=last)
    card.save(update_fields=[*RESTORED, "steps"])
    ReviewSitting.objects.filter(learner=learner, ended_at=None).exclude(pk=sitting.pk).update(ended_at=clock.now())
    ReviewSitting.objects.filter(pk=sitting.pk).update(ended_at=None)
    return card


@transaction.atomic
def bury(*, card: ReviewCard) -> ReviewCard:
    """Leave ``card`` until tomorrow begins where its owner is; nothing else about it changes."""
    zone = zone_of(card.learner)
    card.buried_until = clock.start_of_day(clock.today(zone) + dt.timedelta(days=1), zone)
    card.save(update_fields=["buried_until"])
    return card


@transaction.atomic
def suspend(*, card: ReviewCard) -> ReviewCard:
    """Put ``card`` away until it is taken back; a new miss does not bring it back either."""
    card.suspended_at = card.suspended_at or clock.now()
    card.save(update_fields=["suspended_at"])
    return card


@transaction.atomic
def take_back(*, card: ReviewCard) -> ReviewCard:
    """``card`` comes again, with its date and all that is known of it."""
    card.suspended_at = card.buried_until = None
    card.save(update_fields=["suspended_at", "buried_until"])
    return card


@transaction.atomic
def set_interval(*, card: ReviewCard, days: int) -> ReviewCard:
    """Let ``card`` come back in ``days`` (1 to 365), counted from today, whatever the scheduler would say.

    What is known about how well it is remembered stays as it is: the log says that the date was set by hand.
    """
    if not 1 <= days <= MOST_DAYS:
        message = _("Choose 1 to %(most)d days.") % {"most": MOST_DAYS}
        raise InvalidInput(message, fields={"days": message})
    card = _locked(card)
    now, zone = clock.now(), zone_of(card.learner)
    due = clock.start_of_day(clock.today(zone, at=now) + dt.timedelta(days=days), zone)
    _log(card, now, due_at=due, kind=ReviewLog.Kind.INTERVAL)
    card.due_at, card.set_by_hand_at = due, now
    card.save(update_fields=["due_at", "set_by_hand_at", "steps"])
    return card


def _locked(card: ReviewCard) -> ReviewCard:
    return ReviewCard.objects.select_for_update(of=("self",)).select_related("learner").get(pk=card.pk)


def _log(card: ReviewCard, at: dt.datetime, **said: Any) -> None:
    """Append what happens to ``card``, which still is as it was before; counts its step."""
    before = {name: getattr(card, name) for name in RESTORED}
    kept = {name: each.isoformat() if name in MOMENTS and each else each for name, each in before.items()}
    card.steps += 1
    ReviewLog.objects.create(card=card, learner=card.learner, number=card.steps, at=at, before=kept, **said)
