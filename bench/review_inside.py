"""Inside the process that ``review.py`` starts: fills the database, measures, prints one JSON line."""

import datetime as dt
import heapq
import json
import random
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
django.setup()

from django.db import connection

from accounts.badges import badges_of
from accounts.models import User
from quizzes import scheduling
from quizzes.models import ReviewCard, ReviewItem, ReviewLog
from quizzes.selectors.reviewing import queue_of

NOW = dt.datetime(2026, 11, 24, 15, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
ITEMS, ASKED, BATCH = 100, 500, 5_000
FORGOT, KNEW = 1, 3


def crowd(count: int, name: str) -> list[User]:
    people = [
        User(email=f"{name}{number}@example.org", name=f"{name} {number}", time_zone="UTC") for number in range(count)
    ]
    return User.objects.bulk_create(people, batch_size=BATCH)


def fill(cards: int) -> list[User]:
    """``cards`` cards: each person has one of each item, due within forty days around now; one in fifty is put away."""
    items = ReviewItem.objects.bulk_create(ReviewItem(key=f"item:{number}", kind="decision") for number in range(ITEMS))
    people = crowd(cards // ITEMS, "reader")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO quizzes_reviewcard (learner_id, item_id, source, rank, state, due_at, steps, renewed, forgotten,
                                            misses, suspended_at, created_at)
            SELECT u.id, i.id, 'wrong', 1, %s, %s::timestamptz + ((u.id * 31 + i.id * 17) %% 40 - 20) * interval '1 day',
                   0, 0, 0, 1, CASE WHEN (u.id + i.id) %% 50 = 0 THEN %s::timestamptz END, %s
            FROM accounts_user u CROSS JOIN quizzes_reviewitem i WHERE u.id = ANY(%s) AND i.id = ANY(%s)
            """,
            [
                json.dumps(scheduling.fresh(NOW)),
                NOW,
                NOW,
                NOW,
                [each.pk for each in people],
                [each.pk for each in items],
            ],
        )
        cursor.execute("VACUUM ANALYZE quizzes_reviewcard")
    return people


def plan_of(person: User) -> str:
    due = ReviewCard.objects.due(NOW).filter(learner=person).in_turn().values_list("pk", flat=True)[:12]
    sql, params = due.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", params)
        return "\n".join(line for (line,) in cursor.fetchall())


def timed(people: list[User], ask: Any) -> list[float]:
    """Milliseconds of asking for each of some people by chance."""
    chance, found = random.Random(1), []
    for person in chance.choices(people, k=ASKED):
        start = time.perf_counter()
        ask(person)
        found.append(1000 * (time.perf_counter() - start))
    return found


def year(count: int, deck: int) -> dict[str, Any]:
    """A year of ``count`` people with ``deck`` cards each: due cards are rated each day, known as the scheduler expects."""
    chance, start = random.Random(2), time.perf_counter()
    items = list(ReviewItem.objects.order_by("pk")[:deck])
    fresh = {"source": "wrong", "rank": 1, "state": scheduling.fresh(NOW), "due_at": NOW}
    cards = ReviewCard.objects.bulk_create(
        (ReviewCard(learner=person, item=item, **fresh) for person in crowd(count, "year") for item in items), BATCH
    )
    waiting = [(NOW, place) for place in range(len(cards))]
    heapq.heapify(waiting)
    logs: list[ReviewLog] = []
    ratings, spent = 0, 0.0
    for day in range(365):
        at = NOW + day * DAY
        while waiting and waiting[0][0] <= at:
            _due, place = heapq.heappop(waiting)
            began = time.perf_counter()
            logs.append(turn_over(cards[place], at, chance))
            spent += time.perf_counter() - began
            ratings += 1
            heapq.heappush(waiting, (cards[place].due_at, place))
            if len(logs) >= BATCH:
                ReviewLog.objects.bulk_create(logs)
                logs = []
    ReviewLog.objects.bulk_create(logs)
    changed = ["state", "due_at", "stability", "last_at", "steps", "renewed", "forgotten"]
    ReviewCard.objects.bulk_update(cards, changed, batch_size=1_000)
    return {"ratings": ratings, "year_s": time.perf_counter() - start, "schedule_s": spent}


def turn_over(card: ReviewCard, at: dt.datetime, chance: random.Random) -> ReviewLog:
    past = scheduling.days_between(card.last_at, at, "UTC") if card.last_at else 0
    known = chance.random() < (scheduling.recall_after(card.stability, past) if card.stability else 0.5)
    after = scheduling.rate(card.state, KNEW if known else FORGOT, at=at, zone="UTC")
    card.state, card.due_at, card.stability, card.last_at = after.state, after.due_at, after.stability, at
    card.steps += 1
    card.renewed += known
    card.forgotten += not known
    return ReviewLog(
        card=card,
        learner_id=card.learner_id,
        number=card.steps,
        rating=KNEW if known else FORGOT,
        at=at,
        days=after.days,
        recall=after.recall,
        due_at=card.due_at,
    )


def main() -> None:
    cards, people, deck = (int(each) for each in sys.argv[1:4])
    start = time.perf_counter()
    readers = fill(cards)
    found: dict[str, Any] = {"fill_s": time.perf_counter() - start, "plan": plan_of(readers[len(readers) // 2])}
    times = sorted(timed(readers, lambda person: queue_of(person, at=NOW, most=12)))
    badge = timed(readers, badges_of)
    found |= {"median_ms": statistics.median(times), "slow_ms": times[len(times) * 19 // 20]}
    found |= {"badge_ms": statistics.median(badge)}
    print(json.dumps(found | year(people, deck)))


if __name__ == "__main__":
    main()
