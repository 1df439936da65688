"""A lending world in the making: the request, our shelf and policy, the requester's script, and the key that grows with them."""

import datetime as dt
from typing import Any

from quizzes.engines.dice import Dice
from quizzes.engines.registry import State
from quizzes.engines.workflow.made_up import ARTICLES, BOOKS, LIBRARIES, LOAN_DAYS, weighed
from quizzes.engines.workflow.walking import Walker

RESPOND, NEEDED_IN = 3, (35, 42, 50)
FORBIDDEN = (
    "wrong_reason", "willSupply_before_search", "overdue_before_grace", "bill_before_contact",
    "refuse_renewal_without_reason", "recall_without_need", "cancel_refused_without_cause", "suspend_at_once",
    "ship_before_accept", "blame_user",
)  # fmt: skip


class LendingWorld:
    """A case in the making. Each piece of ``lending_pieces`` writes its part of script, walk and key, so that the three
    cannot disagree."""

    location, status, note, price, edition = "", "in", "", 0, "1.2"

    def __init__(self, dice: Dice, *, copy: bool, community: bool) -> None:
        self.dice = dice
        self.copy, self.community = copy, community
        self.requester = dice.choice(LIBRARIES)
        self.start = dt.date(2026, 1, 5) + dt.timedelta(days=dice.whole(0, 700))
        self.loan_days = dice.choice(LOAN_DAYS)
        self.title, self.container = dice.choice(ARTICLES) if copy else (dice.choice(BOOKS), "")
        self.request = self._request()
        self.policy: dict[str, Any] = {"respond_days": RESPOND, "loan_days": self.loan_days, "grace": 7}
        self.script: list[dict[str, Any]] = []
        self.user: list[dict[str, Any]] = []
        self.walk: list[dict[str, Any]] = []
        self.goals: list[dict[str, Any]] = []
        self.tell: list[dict[str, Any]] = []
        self.reasons: list[str] = []
        self.brief: list[str] = []

    def _request(self) -> dict[str, Any]:
        need = (self.start + dt.timedelta(days=self.dice.choice(NEEDED_IN))).isoformat()
        said: dict[str, Any] = {"service": "Copy" if self.copy else "Loan", "title": self.title}
        if self.copy:
            said |= {"container": self.container, "date": str(self.start.year - self.dice.whole(1, 4)), "code": "CCG"}
        return said | {"need_before": need, "max_cost": self.dice.choice((0, 0, 10, 15))}

    @property
    def answer_by(self) -> str:
        """The last day on which an answer is in time."""
        return (self.start + dt.timedelta(days=RESPOND)).isoformat()

    def goal(self, weight: int, **spec: Any) -> None:
        self.goals.append({**spec, "w": weight})

    def told(self, name: str, move: str, label: str, *, times: int = 1, **values: Any) -> None:
        """A moment at which the requester hears something, by ``move`` with these ``values``."""
        spec: dict[str, Any] = {"id": name, "kind": "did", "move": move, "label": label}
        spec |= {"with": values} if values else {}
        self.tell.append(spec | ({"times": times} if times > 1 else {}))

    def played(self) -> State:
        """The state after the walk so far."""
        walker = Walker(self.case(0, "working", "COMPLETE"))
        for item in self.walk:
            walker.go(item)
        return walker.state

    def case(self, seed: int, level: str, ends: str) -> dict[str, Any]:
        """The case as it stands."""
        holdings: dict[str, Any] = {"location": self.location, "status": self.status}
        holdings |= {"list_price": self.price} if self.price else {}
        holdings |= {"note": self.note} if self.note else {}
        return {
            "uid": f"lends-{seed}",
            "title": self.title,
            "level": level,
            "brief": " ".join(self.brief),
            "side": "lend",
            "profile": "community" if self.community else "standard",
            "edition": self.edition,
            "start": self.start.isoformat(),
            "request": dict(self.request),
            "holdings": holdings,
            "policy": {**self.policy, **({"require_code": True} if self.copy else {})},
            **({"user": {"script": list(self.user)}} if self.user else {}),
            "requester": {"name": self.requester, "script": list(self.script)},
            "key": {
                "goals": weighed(self.goals),
                "tell": list(self.tell),
                "forbidden": list(FORBIDDEN),
                "reasons": list(self.reasons),
                "walks": [list(self.walk)],
                "ends_in": [ends],
            },
        }
