"""What the address of a practice page filters by. What does not exist is left out: a shared address never breaks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Value, When
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from courses.models import Level, Topic
from quizzes.models import PracticeCaseQuerySet
from quizzes.selectors.practice import EngineRow

WORDS_MAX = 120
TIMES = {"5": _("Up to 5 minutes"), "10": _("Up to 10 minutes"), "15": _("Up to 15 minutes")}
BY_LEVEL = Case(*(When(level=level, then=Value(place)) for place, level in enumerate(Level.values)))
ORDERS: dict[str, tuple[Any, Sequence[Any]]] = {
    "level": (_("Easiest first"), (BY_LEVEL, "title", "pk")),
    "title": (_("By title"), ("title", "pk")),
    "minutes": (_("Shortest first"), ("minutes", "title", "pk")),
    "course": (_("By course"), ("course__code", "position", "pk")),
}


def words_in(data: QueryDict) -> str:
    return " ".join(data.get("q", "").split())[:WORDS_MAX]


@dataclass(frozen=True)
class GalleryFilter:
    """Words, a skill (a topic of courses) and the longest time, each empty when it is not asked for."""

    q: str = ""
    skill: str = ""
    time: str = ""

    @classmethod
    def read(cls, data: QueryDict) -> "GalleryFilter":
        skill, time = data.get("skill", ""), data.get("time", "")
        return cls(words_in(data), skill if skill in Topic.values else "", time if time in TIMES else "")

    def chosen(self, rows: Sequence[EngineRow]) -> list[EngineRow]:
        found = [row for row in rows if self._fits(row)]
        for row in found:
            row.side = row.side_for(self.skill)
        return found

    def _fits(self, row: EngineRow) -> bool:
        engine = row.engine
        said = f"{engine.label} {engine.lede}".casefold()
        return (
            all(word in said for word in self.q.casefold().split())
            and (not self.skill or self.skill in row.topics)
            and (not self.time or engine.minutes <= int(self.time))
        )


@dataclass(frozen=True)
class CaseFilter:
    """Words, a level, and the order of the list of cases."""

    q: str = ""
    level: str = ""
    sort: str = "level"

    @classmethod
    def read(cls, data: QueryDict) -> "CaseFilter":
        level, sort = data.get("level", ""), data.get("sort", "")
        return cls(words_in(data), level if level in Level.values else "", sort if sort in ORDERS else "level")

    def chosen(self, cases: PracticeCaseQuerySet) -> PracticeCaseQuerySet:
        for word in self.q.split():
            cases = cases.filter(words__icontains=word)
        if self.level:
            cases = cases.filter(level=self.level)
        return cases.order_by(*ORDERS[self.sort][1])
