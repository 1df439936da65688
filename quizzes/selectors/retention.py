"""What is remembered: for a person what the scheduler expects, for an instructor what was measured."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, FloatField, Q, QuerySet
from django.db.models.functions import Cast

from accounts.models import User
from accounts.selectors import zone_of
from courses.models import Course
from quizzes import scheduling
from quizzes.models import ReviewCard, ReviewItem, ReviewLog

AHEAD = 90
STEP = 6
DAYS = tuple(range(0, AHEAD + 1, STEP))
FEWEST = 3  # people: of fewer an instructor could tell who it was
SMALL = 10  # people: of fewer a percentage says too much
# The days since the last time that count as a week, a month, two months.
WINDOWS: dict[int, tuple[int, int]] = {7: (5, 10), 30: (20, 44), 60: (45, 90)}


@dataclass(frozen=True)
class Forecast:
    """What is expected of one topic: percent remembered on each of ``DAYS`` when nothing is reviewed meanwhile."""

    topic: str
    label: str
    cards: int
    percents: tuple[int, ...]

    @property
    def now(self) -> int:
        return self.percents[0]

    @property
    def then(self) -> int:
        return self.percents[-1]


def forecasts_of(person: User, *, at: dt.datetime) -> list[Forecast]:
    """Predicted recall by topic over the next 90 days, the weakest first. One statement.

    Cards that were never turned over are left out: nothing is known of them yet. Those that are put away count: what
    is remembered does not ask.
    """
    zone = zone_of(person)
    rows = ReviewCard.objects.filter(learner=person, last_at__isnull=False, stability__gt=0)
    by_topic: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for topic, stability, last in rows.values_list("item__topic", "stability", "last_at"):
        if stability and last:
            by_topic[topic].append((stability, scheduling.days_between(last, at, zone)))
    found = [
        Forecast(topic, ReviewItem(topic=topic).topic_label, len(cards), tuple(_percent(cards, day) for day in DAYS))
        for topic, cards in by_topic.items()
    ]
    return sorted(found, key=lambda each: (each.then, each.label))


def _percent(cards: Iterable[tuple[float, int]], day: int) -> int:
    """The mean expected recall of ``cards``, ``day`` days from now."""
    recalls = [scheduling.recall_after(stability, past + day) for stability, past in cards]
    return round(100 * sum(recalls) / len(recalls))


def courses_of(user: User) -> QuerySet[Course]:
    """Courses that ``user`` works on and of which somebody has cards."""
    asked = ReviewItem.objects.filter(course__isnull=False).values("course")
    return Course.objects.authored_by(user).filter(pk__in=asked).order_by("code", "pk")


SORTS = {
    "forgotten": (F("share").desc(nulls_last=True), "-people", "pk"),
    "people": ("-people", "pk"),
    "words": ("words", "pk"),
    "course": ("course__code", "words", "pk"),
}


def forgotten_in(user: User, *, course: str = "", words: str = "", sort: str = "") -> QuerySet[Any]:
    """What people turned over of the courses that ``user`` works on, forgotten most first.

    Each item with ``people``, ``ratings``, ``forgot`` and for each window ``people_7``, ``asked_7``, ``known_7`` and so on.
    Items that fewer than three people turned over are left out; ``windows_of`` says what of a window may be told.
    """
    rows: QuerySet[Any] = ReviewItem.objects.filter(course__in=Course.objects.authored_by(user)).select_related(
        "course"
    )
    if course:
        rows = rows.filter(course__slug=course)
    for word in words.split():
        rows = rows.filter(words__icontains=word)
    rated = Q(cards__log__kind=ReviewLog.Kind.RATED, cards__log__undone=None)
    counted = {
        "people": Count("cards__learner", filter=rated, distinct=True),
        "ratings": Count("cards__log", filter=rated),
        "forgot": Count("cards__log", filter=rated & Q(cards__log__rating=ReviewLog.Rating.FORGOT)),
    }
    rows = rows.annotate(**counted, **_windows("cards__log__", rated)).filter(people__gte=FEWEST)
    rows = rows.annotate(share=Cast("forgot", FloatField()) / F("ratings"))
    return rows.order_by(*SORTS.get(sort, SORTS["forgotten"]))


def _windows(path: str, rated: Q) -> dict[str, Count]:
    counts: dict[str, Count] = {}
    for days, (first, last) in WINDOWS.items():
        inside = rated & Q(**{f"{path}days__gte": first, f"{path}days__lte": last})
        known = inside & ~Q(**{f"{path}rating": ReviewLog.Rating.FORGOT})
        column = path.removesuffix("__") or "pk"
        counts |= {f"asked_{days}": Count(column, filter=inside), f"known_{days}": Count(column, filter=known)}
        counts |= {f"people_{days}": Count(f"{path}learner", filter=inside, distinct=True)}
    return counts


@dataclass(frozen=True)
class Measured:
    """Recall measured ``days`` after the last time: ``known`` of ``asked`` ratings, by ``people``."""

    days: int
    asked: int
    known: int
    people: int

    @property
    def percent(self) -> int | None:
        """None where too few people make a percentage say too much."""
        return round(100 * self.known / self.asked) if self.asked and self.people >= SMALL else None

    @property
    def hidden(self) -> bool:
        """Fewer people than may be told of at all."""
        return self.people < FEWEST


def measured_in(user: User, *, course: str = "") -> list[Measured]:
    """Measured recall after a week, a month and two, over the courses that ``user`` works on. One statement."""
    logs = ReviewLog.objects.standing().filter(card__item__course__in=Course.objects.authored_by(user))
    if course:
        logs = logs.filter(card__item__course__slug=course)
    found = logs.aggregate(**_windows("", Q()))
    return [_measured(days, found) for days in WINDOWS]


def windows_of(item: Any) -> list[Measured]:
    """What was measured of an ``item`` of ``forgotten_in``."""
    return [_measured(days, vars(item)) for days in WINDOWS]


def _measured(days: int, found: Mapping[str, Any]) -> Measured:
    return Measured(days, found[f"asked_{days}"], found[f"known_{days}"], found[f"people_{days}"])
