"""What is due, what a sitting has left, and how much somebody has reviewed."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, DateField, DurationField, ExpressionWrapper, F, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest, TruncDate

from accounts import badges
from accounts.badges import badges_of
from accounts.models import User
from accounts.selectors import zone_of
from core import clock
from quizzes import scheduling
from quizzes.models import ReviewCard, ReviewLog, ReviewPlan, ReviewSitting

SECONDS_A_CARD = 25  # what twelve cards in five minutes allow each
AHEAD = 7
COMES = Greatest(
    "due_at", Coalesce("buried_until", "due_at")
)  # what rests today comes tomorrow, however long it is due


@dataclass(frozen=True)
class Standing:
    """Where somebody stands: cards ``due`` by the calendar, what the caps leave ``open`` of them, and their plan.

    ``today`` and ``week`` count cards turned over since the day and the week (Monday) began where the person is.
    """

    due: int
    today: int
    week: int
    plan: ReviewPlan
    day: dt.date

    @property
    def away(self) -> bool:
        """On holiday today."""
        plan = self.plan
        return bool(plan.holiday_from and plan.holiday_to and plan.holiday_from <= self.day <= plan.holiday_to)

    @property
    def resting(self) -> bool:
        return self.plan.paused_at is not None or self.away

    @property
    def left(self) -> int:
        """How many cards the caps still allow today."""
        return max(0, min(self.plan.per_day - self.today, self.plan.per_week - self.week))

    @property
    def open(self) -> int:
        return min(self.due, self.left)

    @property
    def shown(self) -> int:
        """What the menu and the home page count: nothing while somebody rests."""
        return 0 if self.resting else self.open

    @property
    def sitting(self) -> int:
        """How many cards the next sitting takes up."""
        return min(self.open, cards_in(self.plan.minutes))

    @property
    def minutes(self) -> int:
        return minutes_for(self.open)


def cards_in(minutes: int) -> int:
    """How many cards fit into ``minutes``."""
    return minutes * 60 // SECONDS_A_CARD


def minutes_for(cards: int) -> int:
    """About how many minutes ``cards`` take, one at least."""
    return max(1, round(cards * SECONDS_A_CARD / 60)) if cards else 0


def standing_of(person: User, *, known: Mapping[str, Any] | None = None) -> Standing:
    """Where ``person`` stands now. One statement, none when their badges are ``known``."""
    known = badges_of(person) if known is None else known
    values = {name: known[f"review_{name}"] for name in PLAN}
    plan = ReviewPlan(**values) if values["id"] else ReviewPlan(learner=person)
    day = clock.today(zone_of(person))
    return Standing(known["review_due"], known["review_today"], known["review_week"], plan, day)


PLAN = tuple(field.attname for field in ReviewPlan._meta.concrete_fields)


def register_badges() -> None:
    """What the frame of every page asks along with the rest: the badge of the menu needs no statement of its own."""
    badges.register("review_due", lambda when: badges.count_of(ReviewCard.objects.due(when.now), "learner"))
    badges.register("review_today", lambda when: _turned(when.day))
    badges.register("review_week", lambda when: _turned(when.week))
    for name in PLAN:
        badges.register(f"review_{name}", partial(_of_plan, name))


def _of_plan(name: str, _when: badges.When) -> F:
    return F(f"review_plan__{name}")


def _turned(since: dt.datetime) -> Any:
    logs = ReviewLog.objects.standing().filter(at__gte=since)
    return badges.count_of(logs, "learner", Count("card", distinct=True))


def queue_of(person: User, *, at: dt.datetime, most: int) -> list[int]:
    """The keys of the cards to renew next, in order. One statement that an index answers alone."""
    due = ReviewCard.objects.due(at).filter(learner=person).in_turn()
    return list(due.values_list("pk", flat=True)[:most])


@dataclass(frozen=True)
class Progress:
    """A sitting as its pages show it: keys in order, those turned over, and the one to show next (None: done). ``last`` is
    the entry of the log that would be taken back."""

    sitting: ReviewSitting
    cards: Sequence[int]
    turned: frozenset[int]
    card: ReviewCard | None
    last: int | None = None

    @property
    def number(self) -> int:
        return self.cards.index(self.card.pk) + 1 if self.card else len(self.cards)

    @property
    def minutes_left(self) -> int:
        return minutes_for(len(self.cards) - len(self.turned))

    @property
    def states(self) -> list[str]:
        """``done``, ``now`` or nothing for each card, in order."""
        now = self.card.pk if self.card else None
        return ["done" if pk in self.turned else "now" if pk == now else "" for pk in self.cards]


def progress_of(sitting: ReviewSitting, *, at: dt.datetime) -> Progress:
    """What ``sitting`` has left; cards that were put away meanwhile are out of it. Two statements."""
    logs = ReviewLog.objects.standing().filter(
        learner=sitting.learner_id, at__gte=sitting.started_at, card__in=sitting.cards
    )
    rated = list(logs.order_by("at", "pk").values_list("pk", "card"))
    turned = frozenset(card for _pk, card in rated)
    rows = ReviewCard.objects.filter(learner=sitting.learner_id, pk__in=sitting.cards)
    found = {card.pk: card for card in rows.select_related("item__course", "item__version")}
    there = [pk for pk in sitting.cards if pk in turned or (pk in found and _shown(found[pk], at))]
    waiting = next((pk for pk in there if pk not in turned), None)
    last = rated[-1][0] if rated else None
    return Progress(sitting, there, turned, found[waiting] if waiting else None, last)


def _shown(card: ReviewCard, at: dt.datetime) -> bool:
    return card.suspended_at is None and (card.buried_until is None or card.buried_until <= at)


def open_sitting_of(person: User, *, at: dt.datetime) -> ReviewSitting | None:
    """The sitting that ``person`` can go on with: of today, where they are."""
    sitting = ReviewSitting.objects.filter(learner=person, ended_at=None).first()
    if sitting is None or scheduling.days_between(sitting.started_at, at, zone_of(person)):
        return None
    return sitting


def next_due(person: User) -> dt.datetime | None:
    """When the next card comes back, due already or not. One statement."""
    cards = ReviewCard.objects.filter(learner=person).active().annotate(comes=COMES)
    return cards.order_by("comes").values_list("comes", flat=True).first()


def days_ahead(person: User, *, at: dt.datetime, days: int = AHEAD) -> list[tuple[dt.date, int]]:
    """How many cards come back on each of the next ``days`` after today, where there are any. One statement."""
    zone = zone_of(person)
    today = clock.today(zone, at=at)
    until = clock.start_of_day(today + dt.timedelta(days=days + 1), zone)
    cards = ReviewCard.objects.filter(learner=person).active().annotate(comes=COMES)
    coming = cards.filter(due_at__lt=until, comes__gt=at, comes__lt=until).values_list("comes", flat=True)
    counts = Counter(clock.today(zone, at=moment) for moment in coming)
    return sorted((day, count) for day, count in counts.items() if day > today)


def days_reviewed(person: User, *, at: dt.datetime, days: int = 28) -> int:
    """On how many of the last ``days`` (today is one) ``person`` reviewed anything; all that others may know."""
    zone = zone_of(person)
    first = clock.today(zone, at=at) - dt.timedelta(days=days - 1)
    times = ReviewLog.objects.standing().filter(learner=person, at__gte=clock.start_of_day(first, zone))
    return len({clock.today(zone, at=moment) for moment in times.values_list("at", flat=True)})


SORTS = {
    "due": ("due_at", "rank", "pk"),
    "-due": ("-due_at", "pk"),
    "words": ("item__words", "pk"),
    "-words": ("-item__words", "-pk"),
    "recall": (F("worn").desc(nulls_first=True), "pk"),
    "-recall": (F("worn").asc(nulls_last=True), "-pk"),
}
STATES = ("due", "later", "suspended")


def _worn(person: User, at: dt.datetime) -> Any:
    """The days since a card was turned over by its stability: the more, the less recall is expected. As pages say it, by
    calendar days."""
    zone = zone_of(person)
    last = TruncDate("last_at", tzinfo=ZoneInfo(zone))
    days = ExpressionWrapper(Value(clock.today(zone, at=at), DateField()) - last, DurationField())
    return ExpressionWrapper(days / F("stability"), DurationField())


def cards_of(
    person: User,
    *,
    at: dt.datetime,
    words: str = "",
    source: str = "",
    topic: str = "",
    state: str = "",
    sort: str = "",
) -> QuerySet[ReviewCard]:
    """The cards of ``person``, filtered and sorted; what makes no sense filters nothing."""
    rows = ReviewCard.objects.visible_to(person).select_related("item__course")
    if sort.endswith("recall"):
        rows = rows.annotate(worn=_worn(person, at))
    for word in words.split():
        rows = rows.filter(item__words__icontains=word)
    if source in ReviewCard.Source.values:
        rows = rows.filter(source=source)
    if topic:
        rows = rows.filter(item__topic=topic)
    if state == "due":
        rows = rows.due(at)
    elif state == "later":
        rows = rows.active().exclude(pk__in=rows.due(at).values("pk"))
    elif state == "suspended":
        rows = rows.exclude(suspended_at=None)
    return rows.order_by(*SORTS.get(sort, SORTS["due"]))
