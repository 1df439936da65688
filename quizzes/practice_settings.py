"""How a practice lesson offers its worlds: the settings of its source, with their defaults."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from quizzes.engines.dice import Dice
from quizzes.engines.scoring import COACH, EXAM, starts_of

LAST_SEED = 2**32 - 1
SEEDS = ("attempt", "person", "shared")
MODES = (COACH, EXAM)


@dataclass(frozen=True)
class Met:
    """A world that somebody has been through in this lesson."""

    case_uid: str
    generated: bool
    seed: int


@dataclass(frozen=True)
class World:
    """The next world: an authored case, or one to be generated (``case`` None). ``seed`` also orders what is shown."""

    case: Mapping[str, Any] | None
    seed: int


@dataclass(frozen=True)
class PracticeSettings:
    """``seeds``: whose worlds are the same: nobody's, one person's each time they begin anew, or everybody's.

    ``side``: from which side of the desk new worlds are made, where the engine has several; empty: the usual one.
    """

    engine: str
    cases: Sequence[Mapping[str, Any]] = ()
    generated: bool = False
    level: str = "working"
    mode: str = COACH
    seeds: str = "attempt"
    side: str = ""
    back_to: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, source: Mapping[str, Any]) -> "PracticeSettings":
        names = ("engine", "cases", "generated", "level", "mode", "seeds", "side", "back_to")
        return cls(**{name: source[name] for name in names if name in source})

    def case(self, uid: str) -> Mapping[str, Any] | None:
        return next((each for each in self.cases if each["uid"] == uid), None)

    def next_world(self, met: Sequence[Met], *, who: str, where: str) -> World:
        """The world that comes after those in ``met`` (oldest first) for ``who`` in the lesson ``where``.

        Authored cases first, in their order; then new worlds, where there are any; else the case that rested longest,
        never one of the last three if there are others.
        """
        seen = [each.case_uid for each in met if not each.generated]
        for case in self.cases:
            if case["uid"] not in seen:
                return World(case, self.seed(len(met), who=who, where=where))
        if self.generated or not self.cases:
            return World(None, self.seed(len(met), who=who, where=where))
        last = {uid: place for place, uid in enumerate(seen)}
        rested = sorted(self.cases, key=lambda case: last[case["uid"]])
        return World(rested[0], self.seed(len(met), who=who, where=where))

    def seed(self, turn: int, *, who: str, where: str) -> int:
        """The seed of the world number ``turn``, from 1 to 2**32 - 1."""
        if self.seeds == "attempt":
            return 1 + secrets.randbelow(LAST_SEED)
        names = (where, turn) if self.seeds == "shared" else (where, who, turn)
        return Dice("seed", *names).whole(1, LAST_SEED)

    def lesson_for(self, case: Mapping[str, Any], part: str, facts: Sequence[str] = ()) -> str:
        """The lesson that explains a part: the case's own word first; by key, by what stands before its dots, by the first
        of its ``facts`` that one teaches, by ``all``."""
        names = [*starts_of(part), *facts, "all"]
        for known in (case.get("back_to", {}), self.back_to):
            found = next((known[name] for name in names if name in known), None)
            if found is not None:
                return str(found)
        return ""


def fresh_seed() -> int:
    """A seed for a world of free practice."""
    return 1 + secrets.randbelow(LAST_SEED)


def longest_row(percents: Sequence[int], mark: int) -> int:
    """The most of ``percents`` that reach ``mark`` one after another."""
    longest = now = 0
    for percent in percents:
        now = now + 1 if percent >= mark else 0
        longest = max(longest, now)
    return longest
