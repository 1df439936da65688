"""A simulated learner who forgets by another theory than the scheduler's: FSRS, fixed intervals, massed practice.

    python bench/forgetting.py [--people 100] [--items 60] [--figure docs/retention.svg]

Model, parameters and comparison are those of docs/retention.md, fixed before the first run. Prints the table; the same seed
gives the same figures.
"""

import argparse
import datetime as dt
import math
import random
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from quizzes import scheduling

A, C, TAU, S, H = 0.177, 0.217, -0.704, 0.255, 0.025
ITEM_DEVIATION, PERSON_DEVIATION = 0.4, 0.3
SEED = 20261129
DAYS, SECONDS_A_DAY = 60, 86_400
RIGHT, WRONG = 10, 20
CAP = 300
LADDER = (1, 3, 7, 14, 30)
START = dt.datetime(2026, 11, 2, 15, 0, tzinfo=dt.UTC)
FORGOT, KNEW = 1, 3


@dataclass
class Item:
    """Something to remember: how easy it is, and when it was met, each with its own decay."""

    beta: float
    met: list[tuple[float, float]] = field(default_factory=list)

    def activation(self, now: float) -> float:
        """Without ``beta``; minus infinity for what was never met."""
        strength = sum(max(1.0, now - at) ** -decay for at, decay in self.met)
        return math.log(strength) if strength else -math.inf

    def recall(self, now: float) -> float:
        """The probability of recall at the moment ``now`` (in counted seconds)."""
        return 1 / (1 + math.exp((TAU - self.beta - self.activation(now)) / S))

    def meet(self, now: float) -> None:
        self.met.append((now, C * math.exp(self.activation(now)) + A))


@dataclass
class Person:
    """A learner with their items. ``clock`` counts seconds as the model does: those between sittings count ``H``."""

    items: list[Item]
    chance: random.Random
    clock: float = 0.0
    spent: int = 0
    day: int = 0

    def sit_down(self, day: int) -> None:
        self.clock += (day - self.day) * SECONDS_A_DAY * H
        self.day = day

    def look_at(self, item: Item) -> None:
        """See it for the first time."""
        item.meet(self.clock)
        self.clock += RIGHT

    def turn_over(self, item: Item) -> bool:
        """Try to recall it, and see the answer. Was it known?"""
        known = self.chance.random() < item.recall(self.clock)
        item.meet(self.clock)
        took = RIGHT if known else WRONG
        self.clock += took
        self.spent += took
        return known

    def test(self) -> float:
        """Expected recall of all items on the last day."""
        self.sit_down(DAYS)
        return statistics.fmean(item.recall(self.clock) for item in self.items)


def person_number(number: int, items: int) -> Person:
    """The same person whenever they are asked for: only the schedule may differ."""
    chance = random.Random(f"{SEED}:{number}")
    own = chance.gauss(0, PERSON_DEVIATION)
    person = Person([Item(own + chance.gauss(0, ITEM_DEVIATION)) for _item in range(items)], chance)
    for item in person.items:
        person.look_at(item)
    return person


def with_fsrs(person: Person, budget: int, *, cap: int = CAP) -> None:
    """The real schedule, due first, within the ``cap`` of a day."""
    cards = [(scheduling.rate(scheduling.fresh(START), KNEW, at=START, zone="UTC"), item) for item in person.items]
    for day in range(1, DAYS):
        person.sit_down(day)
        at, start = START + dt.timedelta(days=day), person.spent
        due = sorted((card.due_at, place) for place, (card, _item) in enumerate(cards) if card.due_at <= at)
        for _due, place in due:
            if person.spent - start >= cap or person.spent >= budget:
                break
            card, item = cards[place]
            rating = KNEW if person.turn_over(item) else FORGOT
            cards[place] = (scheduling.rate(card.state, rating, at=at, zone="UTC"), item)


def with_fsrs_spread(person: Person, budget: int) -> None:
    """The real schedule with ``budget`` spread over all days."""
    with_fsrs(person, budget, cap=math.ceil(budget / (DAYS - 1)))


def with_fixed(person: Person, budget: int, *, filled: bool = False) -> None:
    """The same steps for every item, whatever came of it; ``filled``: what is left of a day's minutes goes to the items
    that were met longest ago."""
    plan = [(LADDER[0], 0) for _item in person.items]
    for day in range(1, DAYS):
        person.sit_down(day)
        start = person.spent
        for _due, place in sorted((due, place) for place, (due, _step) in enumerate(plan) if due <= day):
            if person.spent - start >= CAP or person.spent >= budget:
                break
            person.turn_over(person.items[place])
            step = min(plan[place][1] + 1, len(LADDER) - 1)
            plan[place] = (day + LADDER[step], step)
        while filled and person.spent - start < CAP and person.spent < budget:
            person.turn_over(min(person.items, key=lambda item: item.met[-1][0]))


def with_fixed_filled(person: Person, budget: int) -> None:
    with_fixed(person, budget, filled=True)


def with_massed(person: Person, budget: int) -> None:
    """Round after round in one sitting on the first day."""
    while person.spent < budget:
        for item in person.items:
            if person.spent >= budget:
                break
            person.turn_over(item)


Schedule = Callable[[Person, int], None]
# Each schedule, and the one whose seconds it is given (empty: as many as it likes).
SCHEDULES: dict[str, tuple[Schedule, str]] = {
    "FSRS": (with_fsrs, ""),
    "fixed": (with_fixed, "FSRS"),
    "massed": (with_massed, "FSRS"),
    "fixed, filled up": (with_fixed_filled, "FSRS"),
    "FSRS, as short": (with_fsrs_spread, "fixed"),
    "massed, as short": (with_massed, "fixed"),
}


@dataclass(frozen=True)
class Outcome:
    """Of one schedule: each person's recall on the last day, and the seconds they spent."""

    recalls: tuple[float, ...]
    seconds: tuple[int, ...]


def compare(people: int, items: int) -> dict[str, Outcome]:
    """Every schedule with the same people, each with the seconds that the same person used under another."""
    found: dict[str, Outcome] = {}
    for name, (schedule, like) in SCHEDULES.items():
        budgets: Sequence[int] = found[like].seconds if like else [sys.maxsize] * people
        recalls, seconds = [], []
        for number in range(people):
            person = person_number(number, items)
            schedule(person, budgets[number])
            recalls.append(person.test())
            seconds.append(person.spent)
        found[name] = Outcome(tuple(recalls), tuple(seconds))
    return found


def quarters(values: Sequence[float]) -> tuple[float, float, float]:
    low, middle, high = statistics.quantiles(values, n=4)
    return low, middle, high


def table(found: dict[str, Outcome]) -> str:
    lines = [
        "| schedule | recall on day 60, mean | middle half of people | minutes, mean |",
        "| --- | ---: | ---: | ---: |",
    ]
    for name, each in found.items():
        low, _middle, high = quarters(each.recalls)
        minutes = statistics.fmean(each.seconds) / 60
        lines.append(
            f"| {name} | {100 * statistics.fmean(each.recalls):.1f}% | {100 * low:.0f} to {100 * high:.0f}% | {minutes:.1f} |"
        )
    return "\n".join(lines)


def figure(found: dict[str, Outcome]) -> str:
    """Bars from zero with the middle half of people as a line; numbers on the marks."""
    parts = []
    for place, (name, each) in enumerate(found.items()):
        mean = 100 * statistics.fmean(each.recalls)
        low, _middle, high = (100 * part for part in quarters(each.recalls))
        x, top = 80 + 140 * place, 250 - 2 * mean
        parts.append(f'<rect x="{x}" y="{top:.0f}" width="80" height="{2 * mean:.0f}" fill="#16584a"/>')
        parts.append(
            f'<path d="M{x + 40} {250 - 2 * low:.0f}V{250 - 2 * high:.0f}" stroke="#f3b73f" stroke-width="5"/>'
        )
        parts.append(f'<text x="{x + 40}" y="{top - 10:.0f}" text-anchor="middle">{mean:.0f}%</text>')
        parts.append(f'<text x="{x + 40}" y="274" text-anchor="middle">{name}</text>')
    grid = "".join(
        f'<path d="M60 {250 - 2 * percent}H900" stroke="#c9d2cc"/><text x="52" y="{255 - 2 * percent}" text-anchor="end">'
        f"{percent}%</text>"
        for percent in (0, 25, 50, 75, 100)
    )
    title = "Expected recall on day 60 by schedule"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 920 290" role="img" font-family="sans-serif" font-size="15">'
        f'<title>{title}</title><rect width="920" height="290" fill="#fff"/>{grid}{"".join(parts)}</svg>\n'
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--items", type=int, default=60)
    parser.add_argument("--figure", type=Path)
    options = parser.parse_args()
    found = compare(options.people, options.items)
    print(table(found))
    if options.figure:
        options.figure.write_text(figure(found))


if __name__ == "__main__":
    main()
