"""Time at the desk: what waits to happen, whose script says so, and what happens when the day comes.

Everything here changes the state it is given; the engine hands in a copy. Nothing is random and nothing is forgotten: what
cannot happen any more is dropped and logged, never held against the learner.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from quizzes.engines.registry import Case, State
from quizzes.engines.workflow.machine import Table

WHEN_PATTERN = r"^(on:[A-Za-z]+(\+[1-9]\d?)?|at:\d{4}-\d{2}-\d{2}|due[+-]\d{1,2})$"
ME, THEM, USER, CLOCK, WORLD = "me", "them", "user", "clock", "world"
LONGEST_WAIT = 60
Line = Mapping[str, Any]


def date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def plus(text: str, days: int) -> str:
    """The day ``days`` after the day ``text``, both as cases write days."""
    return (date(text) + dt.timedelta(days=days)).isoformat()


def days_between(first: str, second: str) -> int:
    return (date(second) - date(first)).days


def fits(line: Line, values: Mapping[str, Any]) -> bool:
    """Whether the ``if`` of a script line fits: ``2021*`` means begins so."""
    for name, pattern in line.get("if", {}).items():
        text = str(values.get(name, ""))
        if not (text.startswith(pattern[:-1]) if pattern.endswith("*") else text == pattern):
            return False
    return True


def cause_of(when: str) -> tuple[str, int] | None:
    """``on:New+2`` as its cause and its days, a day where none are given; None for lines that name a date."""
    found = re.fullmatch(r"on:([A-Za-z]+)(?:\+(\d+))?", when)
    return (found[1], int(found[2] or 1)) if found else None


class Side:
    """One side of a request: its table, its clock, its script. The two desks are subclasses."""

    table: Table

    def begin(self, case: Case, *, seed: int, mode: str) -> State:
        state: State = {
            "seed": seed,
            "mode": mode,
            "over": False,
            "today": case["start"],
            "status": case.get("start_state", self.table.start),
            "previous": "",
            "since": case["start"],
            "turn": 0,
            "supplier": 0,
            "rota": 0,
            "request": dict(case["request"]),
            "due": case.get("loan", {}).get("dueDate"),
            "queue": [],
            "used": [],
            "marks": {},
            "spent": 0,
            "offer": {},
            "log": [],
        }
        self.open(case, state)
        self.happen(case, state)
        return state

    # --- what a desk says of itself

    def open(self, case: Case, state: State) -> None:
        """Prepare the state of a case that has just begun."""
        raise NotImplementedError

    def scripts(self, case: Case, state: State) -> Sequence[tuple[str, Sequence[Line]]]:
        """Who has a script now, and its lines."""
        raise NotImplementedError

    def silent(self, case: Case, state: State, cause: str) -> list[tuple[int, Line]]:
        """What the other side does after ``cause`` where its script is silent: days and line."""
        raise NotImplementedError

    def trigger(self, state: State, line: Line) -> str:
        """The trigger of the table that a script line pulls."""
        raise NotImplementedError

    def take(self, case: Case, state: State, trigger: str, line: Line) -> None:
        """What else changes when ``line`` has arrived."""
        raise NotImplementedError

    def timers(self, case: Case, state: State) -> Iterator[tuple[str, str]]:
        """Day and trigger of what the clock does in the present state."""
        raise NotImplementedError

    def rang(self, case: Case, state: State, trigger: str) -> None:
        """What else changes when a timer has rung."""
        raise NotImplementedError

    def name(self, case: Case, state: State) -> str:
        """The other library."""
        raise NotImplementedError

    def perform(self, case: Case, state: State, verb: str, values: Mapping[str, Any]) -> None:
        """What the legal move ``verb`` changes besides the state of the table, before its answer is queued."""
        raise NotImplementedError

    def cause(self, verb: str) -> str:
        """The name under which scripts answer a move."""
        return verb[0].upper() + verb[1:]

    # --- the log and the table

    def note(self, state: State, who: str, what: str, **data: Any) -> dict[str, Any]:
        """Write a line into the log; ``to`` is the state as it stands."""
        entry = {"day": state["today"], "who": who, "what": what, "to": state["status"], **data}
        state["log"].append(entry)
        return entry

    def fire(self, state: State, trigger: str) -> bool:
        """Let the table answer to ``trigger``; False, and nothing changes, when it is illegal here."""
        answer = self.table.fire(state["status"], state["previous"], trigger)
        if answer is None:
            return False
        if answer[0] != state["status"]:
            state["since"] = state["today"]
        state["status"], state["previous"] = answer
        return True

    def final(self, state: State) -> bool:
        return state["status"] in self.table.final

    # --- what waits

    def later(self, state: State, days: int, line: Line, *, by: str = THEM, cause: str = "") -> None:
        """Queue ``line`` for the day ``days`` from now."""
        entry = {"day": plus(state["today"], days), "by": by, "line": dict(line), "cause": cause}
        state["queue"].append(entry | {"turn": state["turn"], "supplier": state["supplier"]})

    def schedule(self, case: Case, state: State, cause: str, values: Mapping[str, Any]) -> None:
        """Queue what follows from ``cause``: of lines with one ``when``, the first whose ``if`` fits."""
        for by, lines in self.scripts(case, state):
            spoken, done = False, set()
            for number, line in enumerate(lines):
                found = cause_of(line["when"])
                key = f"{by}.{state['supplier']}.{number}"
                if found is None or found[0] != cause or (line.get("once") and key in state["used"]):
                    continue
                spoken = spoken or "if" not in line
                if line["when"] in done or not fits(line, {**state["request"], **values}):
                    continue
                spoken = True
                done.add(line["when"])
                state["used"].append(key)
                if not line.get("silent"):
                    self.later(state, found[1], line, by=by, cause=cause)
            if by == THEM and not spoken:
                for days, line in self.silent(case, state, cause):
                    self.later(state, days, line, cause=cause)

    def schedule_dates(self, case: Case, state: State) -> None:
        """Queue the lines that name a date, once for each script."""
        for by, lines in self.scripts(case, state):
            for line in lines:
                if line["when"].startswith("at:"):
                    days = days_between(state["today"], line["when"][3:])
                    if days >= (0 if by == USER else 1):
                        self.later(state, days, line, by=by, cause="at")

    def set_due(self, case: Case, state: State, due: str) -> None:
        """The item is due on ``due`` from now on: what hangs on the date moves along."""
        state["due"] = due
        state["queue"] = [each for each in state["queue"] if each["cause"] != "due"]
        for by, lines in self.scripts(case, state):
            dated = [line for line in lines if line["when"].startswith("due")]
            for line in dated or (self.silent_due(case, state) if by == THEM else []):
                days = days_between(state["today"], due) + int(line["when"][3:])
                if days > 0:
                    self.later(state, days, line, by=by, cause="due")

    def silent_due(self, case: Case, state: State) -> list[Line]:
        """What happens around the due date where the script is silent."""
        return []

    # --- time

    def next_day(self, case: Case, state: State) -> str | None:
        """The next day on which something happens by itself; None when nothing will."""
        days = [each["day"] for each in state["queue"]]
        days += [max(day, plus(state["today"], 1)) for day, _trigger in self.timers(case, state)]
        return min(days, default=None)

    def wait(self, case: Case, state: State, until: str) -> None:
        """Let days pass until ``until``, or until something happens that the desk should see."""
        while state["today"] < until:
            reached = self.next_day(case, state)
            state["today"] = until if reached is None or reached > until else reached
            if self.happen(case, state):
                return

    def happen(self, case: Case, state: State) -> bool:
        """Let everything happen that this day holds. True when the desk notices."""
        before = len(state["log"])
        today = [each for each in state["queue"] if each["day"] <= state["today"]]
        state["queue"] = [each for each in state["queue"] if each["day"] > state["today"]]
        for each in today:
            self.arrive(case, state, each)
        for day, trigger in list(self.timers(case, state)):
            if day <= state["today"] and not self.final(state) and self.fire(state, trigger):
                self.note(state, CLOCK, trigger)
                self.rang(case, state, trigger)
        return any(each["who"] != "dropped" for each in state["log"][before:])

    def arrive(self, case: Case, state: State, waiting: Mapping[str, Any]) -> None:
        """One queued line comes true, or is dropped because what it answers is gone."""
        line = waiting["line"]
        if waiting["by"] != THEM:
            self.hear_user(case, state, line)
            return
        left = waiting["supplier"] != state["supplier"]
        replaced = waiting["cause"] in ("New", "Retry") and waiting["turn"] != state["turn"]
        trigger = self.trigger(state, line)
        who, came_from = self.name(case, state), state["status"]
        if left or replaced or self.final(state) or not self.fire(state, trigger):
            why = "left" if left else "replaced" if replaced else "final" if self.final(state) else "illegal"
            self.note(state, "dropped", trigger, why=why, line=line, at=state["status"])
            return
        entry = self.note(state, THEM, trigger, line=line, name=who, **{"from": came_from})
        self.take(case, state, trigger, line)
        entry["due"], entry["to"] = state["due"], state["status"]

    def hear_user(self, case: Case, state: State, line: Line) -> None:
        """The library's own user, or the world, says or does something."""
        raise NotImplementedError
