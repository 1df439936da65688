"""A state table as data, and what a trigger does in it. Both tables are read the same way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SAME, PREVIOUS = "same", "previous"
ANY, ANY_OPEN = "any", "any but final"
States = tuple[str, ...] | str


@dataclass(frozen=True)
class Row:
    """In ``states``, ``trigger`` leads to ``target``. A row for any state gives way to one that names the state."""

    states: States
    trigger: str
    target: str
    note: str = ""


def rows(states: str, triggers: str, targets: str, note: str = "") -> list[Row]:
    """The rows of one line of the written table: `` / `` parts alternatives, the first trigger leads to the first target."""
    where: States = ANY if states == ANY else ANY_OPEN if states == ANY_OPEN else tuple(states.split(", "))
    pairs = zip(triggers.split(" / "), targets.split(" / "), strict=True)
    return [Row(where, trigger, target, note) for trigger, target in pairs]


class Table:
    """The machine of one side. It keeps nothing: the state and the one before it come in with each question."""

    def __init__(self, *, start: str, final: Sequence[str], lines: Iterable[Sequence[Row]]) -> None:
        self.start, self.final = start, tuple(final)
        self.rows = [row for line in lines for row in line]
        named = [state for row in self.rows if isinstance(row.states, tuple) for state in row.states]
        self.states = tuple(dict.fromkeys([start, *named, *final]))
        self._targets: dict[tuple[str, str], str] = {}
        for row in sorted(self.rows, key=lambda row: isinstance(row.states, tuple)):
            for state in self.covered(row):
                self._targets[state, row.trigger] = row.target
        self._acts = {
            state: [each.removeprefix("act:") for each in self.triggers(state) if each.startswith("act:")]
            for state in self.states
        }
        self.pending = tuple({state for (state, _each), target in self._targets.items() if target == PREVIOUS})

    def covered(self, row: Row) -> Sequence[str]:
        """The states that ``row`` speaks of."""
        if isinstance(row.states, tuple):
            return row.states
        return self.states if row.states == ANY else [state for state in self.states if state not in self.final]

    def target(self, status: str, trigger: str) -> str | None:
        """``SAME``, ``PREVIOUS`` or a state; None when the table has no such row."""
        return self._targets.get((status, trigger))

    def fire(self, status: str, previous: str, trigger: str) -> tuple[str, str] | None:
        """State after ``trigger``, and the one before it where that is pending; None when it is illegal here."""
        target = self.target(status, trigger)
        if target is None:
            return None
        after = {SAME: status, PREVIOUS: previous}.get(target, target)
        if after not in self.pending:
            return after, ""
        return after, previous if after == status else status

    def triggers(self, status: str) -> list[str]:
        """What may happen in ``status``, in the order of the table."""
        return list(dict.fromkeys(row.trigger for row in self.rows if (status, row.trigger) in self._targets))

    def acts(self, status: str) -> Sequence[str]:
        """The learner's moves that are legal in ``status``."""
        return self._acts[status]
