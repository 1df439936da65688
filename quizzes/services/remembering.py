"""Misses become review cards, and so does what a course marks as worth keeping."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import User
from core import clock
from courses import markup
from quizzes import scheduling
from quizzes.models import ReviewCard, ReviewItem
from quizzes.models.review import rank_of

KEPT_REST = dt.timedelta(days=1)  # what was known a moment ago says nothing when it is asked again at once
LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)
WORDS_MOST = 500


@dataclass(frozen=True)
class Miss:
    """Something to be asked again. ``key`` names it for everybody and never changes.

    ``kind`` is one of ``ReviewItem.Kind``, ``source`` one of ``ReviewCard.Source``, ``topic`` one of the courses'.
    A question has its ``version_id``, or, where no bank has it, stands here as ``asked``, as the ``edition`` of that number
    words it; all else is Markdown: ``front`` (the question), ``back`` (the answer) and ``why``;
    ``facts`` are numbers of the sources. ``words`` is what lists call it; empty: the first words of ``front``.
    ``language`` is that of all this; a version knows its own.
    """

    key: str
    kind: str
    source: str
    topic: str
    course_id: int | None
    lesson_uid: str
    version_id: int | None = None
    front: str = ""
    back: str = ""
    why: str = ""
    facts: tuple[str, ...] = ()
    words: str = ""
    asked: Mapping[str, Any] | None = None
    edition: int = 0
    language: str = ""


@transaction.atomic
def remember(*, learner: User, misses: Sequence[Miss], at: dt.datetime | None = None) -> list[ReviewCard]:
    """Give ``learner`` a card of each of ``misses``; a card that is there already is made due again.

    ``at`` is when it happened: a miss that a card knows already (not later than its last) changes nothing, so a second
    call with the same ``at`` is harmless. Past ratings and the scheduler's state stay as they are, a card that the
    person put away stays away. Several misses of one key count as the gravest. At most eight statements.
    """
    gravest: dict[str, Miss] = {}
    for miss in sorted(misses, key=lambda each: rank_of(each.source)):
        gravest.setdefault(miss.key, miss)
    if not gravest:
        return []
    when = at or clock.now()
    items = _items(gravest)
    wanted = {items[key].pk: miss for key, miss in gravest.items()}
    mine = ReviewCard.objects.filter(learner=learner, item__in=wanted).select_for_update(of=("self",)).order_by("pk")
    known = list(mine)
    have = {card.item_id for card in known}
    new = [
        _card(learner, pk, miss, when) for pk, miss in wanted.items() if pk not in have
    ]  # in the order of the misses
    ReviewCard.objects.bulk_create(new, ignore_conflicts=True)
    again = [card for card in known if _missed_again(card, wanted[card.item_id], when)]
    if again:
        ReviewCard.objects.bulk_update(again, ["source", "rank", "due_at", "misses", "missed_at"])
    return list(ReviewCard.objects.filter(learner=learner, item__in=wanted).order_by("pk"))


def _items(misses: Mapping[str, Miss]) -> dict[str, ReviewItem]:
    """The item of each miss by key; what it says is renewed where it has changed. At most four statements."""
    found = _by_key(misses)
    missing = [_described(ReviewItem(key=key), miss) for key, miss in sorted(misses.items()) if key not in found]
    if missing:  # in one order for all: a class that hands in together would wait for each other in a circle
        ReviewItem.objects.bulk_create(missing, ignore_conflicts=True)
        found = _by_key(misses)
    changed = [item for key, item in found.items() if _differs(item, misses[key])]
    if changed:
        ReviewItem.objects.bulk_update(changed, [*DESCRIBED])
    return found


def _by_key(keys: Iterable[str]) -> dict[str, ReviewItem]:
    return {item.key: item for item in ReviewItem.objects.filter(key__in=list(keys))}


DESCRIBED = ("kind", "topic", "course_id", "lesson_uid", "version_id", "content", "words")


def _described(item: ReviewItem, miss: Miss) -> ReviewItem:
    for name, value in _description(miss).items():
        setattr(item, name, value)
    return item


def _description(miss: Miss) -> dict[str, Any]:
    said: dict[str, Any] = {"front": miss.front, "back": miss.back, "why": miss.why, "facts": list(miss.facts)}
    said |= {"asked": dict(miss.asked or {}), "edition": miss.edition, "language": miss.language}
    return {
        "kind": miss.kind,
        "topic": miss.topic,
        "course_id": miss.course_id,
        "lesson_uid": miss.lesson_uid,
        "version_id": miss.version_id,
        "content": {name: each for name, each in said.items() if each},
        "words": (miss.words or markup.plain(markup.render(miss.front)))[:WORDS_MOST],
    }


def _differs(item: ReviewItem, miss: Miss) -> bool:
    """Has what the item says changed? Of a question the newer version stays."""
    if item.version_id and miss.version_id and item.version_id > miss.version_id:
        return False
    if item.content.get("edition", 0) > miss.edition:
        return False
    before = {name: getattr(item, name) for name in DESCRIBED}
    _described(item, miss)
    return before != {name: getattr(item, name) for name in DESCRIBED}


def _card(learner: User, item_id: int, miss: Miss, at: dt.datetime) -> ReviewCard:
    kept = miss.source == ReviewCard.Source.KEPT
    due = at + KEPT_REST if kept else at
    return ReviewCard(
        learner=learner,
        item_id=item_id,
        source=miss.source,
        rank=rank_of(miss.source),
        state=scheduling.fresh(due),
        due_at=due,
        misses=0 if kept else 1,
        missed_at=None if kept else at,
        created_at=at,
    )


def _missed_again(card: ReviewCard, miss: Miss, at: dt.datetime) -> bool:
    """Make ``card`` due for a miss that it does not know yet; what is only worth keeping changes nothing."""
    if miss.source == ReviewCard.Source.KEPT or (card.missed_at or LONG_AGO) >= at:
        return False
    card.source, card.rank = miss.source, rank_of(miss.source)
    card.due_at = min(card.due_at, at)
    card.misses += 1
    card.missed_at = at
    return True
