"""Walks as cases write them: moves, and between them the messages and days that are waited for."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from quizzes.engines.registry import Case, Move, NotAllowed, State
from quizzes.engines.workflow import play
from quizzes.engines.workflow.desk import days_between
from quizzes.engines.workflow.moves import WAITS, desk_of, offer

UNTIL, FINISH = "until", "finish"
PATIENCE = 60  # waits for one event before it is said that it never comes
Item = Mapping[str, Any]


def is_act(case: Case, item: Item) -> bool:
    """Whether an item of a walk is a move of the learner, and not something that is waited for."""
    return item["verb"] in desk_of(case).verbs or item["verb"] in (*WAITS, FINISH)


def written(case: Case, path: Mapping[str, Any]) -> list[Item]:
    """The items of a named path. ``but`` replaces items of the expert's walk by place, from 1: with one, with several,
    or with none."""
    if "moves" in path:
        return list(path["moves"])
    items: list[Item] = []
    for number, item in enumerate(case["key"]["walks"][0], start=1):
        instead = path.get("but", {}).get(str(number), item)
        items += instead if isinstance(instead, list) else [instead] if instead else []
    return items


def expand(case: Case, items: Sequence[Item]) -> list[Move]:
    """The moves of a walk, with the waits written out, and the last one that puts the request away.

    Raises ``NotAllowed`` when a move is not offered, or what is waited for never comes.
    """
    walker = Walker(case)
    for item in items:
        walker.go(item)
    if desk_of(case).side.final(walker.state) and not walker.state["over"]:
        walker.move({"verb": FINISH})
    return walker.moves


class Walker:
    """Plays a walk and remembers how far the log has been read."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.state: State = desk_of(case).side.begin(case, seed=0, mode="coach")
        self.moves: list[Move] = []
        self.read = 0
        self.events: list[int] = []  # where in the log each event of the walk stands

    def move(self, move: Move) -> None:
        action = offer(self.case, self.state, move["verb"])
        if action is None:
            raise NotAllowed(_("“%(verb)s” is not offered in the state %(state)s.") % self.where(move["verb"]))
        self.state = play.act(self.case, self.state, move, action)
        self.moves.append(dict(move))

    def where(self, verb: str) -> dict[str, str]:
        return {"verb": verb, "state": self.state["status"]}

    def go(self, item: Item) -> None:
        if is_act(self.case, item):
            self.move(item)
        elif item["verb"] == UNTIL:
            self.wait_until(item["day"])
        else:
            self.wait_for(item["verb"])

    def wait_until(self, day: str) -> None:
        while self.state["today"] < day:
            self.move({"verb": "wait", "days": min(days_between(self.state["today"], day), 60)})

    def wait_for(self, event: str) -> None:
        for _turn in range(PATIENCE):
            for number in range(self.read, len(self.state["log"])):
                entry = self.state["log"][number]
                if entry["what"] == event and entry["who"] != "dropped":
                    self.read = number + 1
                    self.events.append(number)
                    return
            self.move({"verb": "waitNext"})
        raise NotAllowed(_("“%(verb)s” never comes; the request stands in %(state)s.") % self.where(event))
