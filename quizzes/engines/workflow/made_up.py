"""A borrowing world in the making: its names, its days, its list of suppliers, and the key that grows with them.

Each piece of ``pieces`` writes its part of the script, of the expert's walk and of the key, so the three cannot disagree.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from quizzes.engines.dice import Dice

LOAN_DAYS, RESPOND = (21, 28, 42), 4
LIBRARIES = (
    "Alder College", "Birch Library", "Cedar Institute", "Delta Public", "Elm Society", "Fir Academy",
    "Hazel University", "Larch Polytechnic", "Maple County Library", "Osier Museum Library", "Rowan State",
    "Willow Seminary",
)  # fmt: skip
BOOKS = (
    "Bridges of the Lower Plain", "Night Ferries", "Salt Roads of the Interior", "A History of Small Gates",
    "Lamps and Lighthouses", "The Weaver's Almanac", "Gardens under Glass", "Letters from the Weir",
    "The Mapmaker's Apprentice", "Songs of the Upper Valley",
)  # fmt: skip
ARTICLES = (
    ("Reed beds as filters", "Journal of Applied Estuaries"),
    ("Counting swifts at dusk", "Field Notes on Birds"),
    ("Ice and rail bridges", "Northern Engineering Review"),
    ("Dialect on the ferry", "Studies in Spoken Words"),
    ("Orchards after frost", "Upper Valley Botany"),
)
Send = dict[str, Any]


def weighed(goals: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """``goals`` with their weights brought to 50."""
    total = sum(goal["w"] for goal in goals)
    shares = [50 * goal["w"] // total for goal in goals]
    shares[0] += 50 - sum(shares)
    return [{**goal, "w": share} for goal, share in zip(goals, shares, strict=True)]


class World:
    """A case in the making."""

    def __init__(self, dice: Dice, *, copy: bool, community: bool) -> None:
        self.dice = dice
        self.copy, self.community = copy, community
        self.names = dice.shuffled(LIBRARIES)
        self.start = dt.date(2026, 1, 5) + dt.timedelta(days=dice.whole(0, 700))
        self.offset = dice.choice((3, 4, 5))
        self.limit = dice.choice((0, 10, 15, 20))
        self.loan_days = dice.choice(LOAN_DAYS)
        self.need = self.start + dt.timedelta(days=dice.choice((35, 42, 50)))
        self.rota: list[dict[str, Any]] = []
        self.user: dict[str, Any] = {}
        self.walk: list[dict[str, Any]] = []
        self.goals: list[dict[str, Any]] = []
        self.tell: list[dict[str, Any]] = []
        self.brief: list[str] = []
        self.code = ""

    def supplier(self, script: list[Send], **terms: Any) -> str:
        """Add the next supplier to the list; its name."""
        name = self.names[len(self.rota)]
        days = {} if self.copy else {"loan_days": self.loan_days}
        self.rota.append({"supplier": name, "terms": {"cost": 0, **days, **terms}, "script": script})
        return name

    def ask(self) -> None:
        """Send the request to the supplier that was added last."""
        values = {"code": self.code} if self.code else {}
        self.walk.append({"verb": "send" if len(self.rota) == 1 else "nextSupplier", **values})

    def goal(self, weight: int, **spec: Any) -> None:
        self.goals.append({**spec, "w": weight})

    def case(self, seed: int, level: str, ends: str) -> dict[str, Any]:
        """The case as it stands: the weights of its goals brought to 50."""
        self.goals = weighed(self.goals)
        request = self.request()
        return {
            "uid": f"world-{seed}",
            "title": request["title"],
            "level": level,
            "brief": " ".join(self.brief),
            "profile": "community" if self.community else "standard",
            "start": self.start.isoformat(),
            "request": request,
            "user": self.user,
            "policy": {
                "user_offset_days": self.offset,
                "respond_days": RESPOND,
                "require_code": True,
                "user_pays": False,
            },
            "rota": self.rota,
            "key": {
                "goals": self.goals,
                "tell": self.tell,
                "forbidden": ["accept_over_max", "renew_without_need", "cancel_without_need", "close_too_early"],
                "walks": [self.walk],
                "best_path_cost": 0,
                "ends_in": [ends],
            },
        }

    def request(self) -> dict[str, Any]:
        if not self.copy:
            said: dict[str, Any] = {"service": "Loan", "title": self.title}
        else:
            said = {"service": "Copy", "title": self.title, "container": self.container, "date": self.issue}
        return said | {"max_cost": self.limit, "need_before": self.need.isoformat()}

    title = container = issue = ""
