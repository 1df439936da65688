"""Practice engines are plug-ins: one module or package in ``quizzes/engines/`` and one registration.

An engine is pure: a case and the moves made so far give the state, the state gives what may be done next and, in the end,
what every decision was worth. It knows neither database nor request; the frame (``quizzes.services.practising``) keeps
the moves, and replays them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, Protocol

from django.http import QueryDict

from core.errors import Conflict
from quizzes.editor import Editor

Case = Mapping[str, Any]
State = dict[str, Any]
Move = Mapping[str, Any]  # {"verb": "send", ...}: plain JSON without floats
Fault = tuple[str, str]

ControlKind = Literal["choice", "checks", "line", "text", "date", "whole"]


class NotAllowed(Conflict):
    """The move is none of those that the present state offers: nothing changes, and no mark is lost."""


@dataclass(frozen=True)
class Control:
    """Something to fill in for an action; its value stands in the move under ``name``.

    ``choices`` are ``(value, label)`` pairs, for ``choice`` (one) and ``checks`` (any number). ``value`` is what stands in
    it before.
    """

    name: str
    label: str
    kind: ControlKind = "line"
    choices: Sequence[tuple[str, str]] = ()
    help: str = ""
    value: Any = None
    required: bool = False


@dataclass(frozen=True)
class Action:
    """What may be done now. One of a list is ``primary`` at most; ``group`` is the heading under which it stands."""

    verb: str
    label: str
    controls: Sequence[Control] = ()
    help: str = ""
    primary: bool = False
    group: str = ""


@dataclass(frozen=True)
class Part:
    """What one decision was worth.

    ``key`` names it within the case and never changes ("field.year", "row.3"); ``label`` says what was decided. ``did``,
    ``expected`` and ``why`` are plain sentences, ``next_time`` says how to see it next time, ``facts`` are the numbers
    of the sources ("F-31"). A ``critical`` error caps the whole at one half. ``asked`` is the decision as a question of
    its own, to be asked again in review; empty when it makes no sense alone.
    """

    key: str
    label: str
    weight: Decimal
    fraction: Decimal
    did: str = ""
    expected: str = ""
    why: str = ""
    next_time: str = ""
    facts: Sequence[str] = ()
    critical: bool = False
    asked: str = ""


@dataclass(frozen=True)
class Told:
    """A line of a path as the debrief shows it: ``words``, what came of it (``reply``), and ``tone`` ok, bad or empty."""

    words: str
    reply: str = ""
    tone: str = ""
    when: str = ""


@dataclass(frozen=True)
class Reply:
    """What the engine says to the move just made; shown to those who are coached."""

    text: str
    tone: str = "info"
    details: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True)
class DeskSide:
    """A side of a desk that has more than one: cases say its name under ``side``; ``topic`` is a topic of courses."""

    name: str
    label: Any
    topic: str


class Engine(Protocol):
    """``case`` is sound under ``case_schema`` and ``faults``; ``state`` is plain JSON and came from ``begin`` and ``act``.

    Nothing here is random: ``generate`` draws from its seed alone, ``act`` and ``grade`` from their arguments alone.
    ``version`` rises when the same seed gives another world or the same moves another grade.
    """

    name: str
    version: int
    label: Any
    lede: Any  # a sentence for the gallery
    notice: Any  # what stands on every page of a run, such as that it is no legal advice; mostly empty
    icon: str  # of the sprite, without "i-"
    topic: str  # a topic of courses: borrowing, lending, copyright, citations, care, systems, leading
    minutes: int
    sides: Sequence[DeskSide]  # from which worlds can be made, the usual one first; mostly none
    drill: bool  # short questions rather than decisions at a desk: so its review cards are called
    case_schema: Mapping[str, Any]
    editor: Editor
    takes_back: bool  # may a coach let the last move be taken back?
    template: str  # draws the situation (``show`` as ``scene``) and, for forms, what is filled in

    def faults(self, case: Case) -> list[Fault]:
        """What the schema cannot say, as ``(dotted path, sentence)``. Whether the key can be reached is asked elsewhere."""

    def generate(self, seed: int, level: str = "working") -> dict[str, Any]:
        """A sound case. The same seed gives the same case, byte for byte; ``level`` is basic, working or advanced."""

    def world(self, seed: int, level: str, side: str) -> dict[str, Any]:
        """What ``generate`` makes, from the ``side`` of the desk that is asked for; the usual one when it is empty."""

    def topic_of(self, case: Case) -> str:
        """The topic of ``case``: that of its side of the desk, else the engine's."""

    def begin(self, case: Case, *, seed: int, mode: str) -> State:
        """The state before the first move. ``seed`` orders options; ``mode`` is coach (a reply to each step) or exam."""

    def actions(self, case: Case, state: State) -> Sequence[Action]:
        """What may be done now; empty when it is over."""

    def parse(self, case: Case, state: State, verb: str, data: QueryDict) -> Move:
        """The move in a form's data. Unknown values are dropped; nothing is trusted."""

    def act(self, case: Case, state: State, move: Move) -> State:
        """The state after ``move``; ``state`` itself is not changed. Raises ``NotAllowed`` with the reason,
        ``core.errors.InvalidInput`` with ``fields`` by control for values that make no sense."""

    def over(self, case: Case, state: State) -> bool: ...

    def reply(self, case: Case, state: State) -> Reply | None:
        """What there is to say to the last move."""

    def show(self, case: Case, state: State) -> dict[str, Any]:
        """What ``template`` needs. Nothing in it gives the key away before it is over, or checked by a coach."""

    def grade(self, case: Case, state: State) -> list[Part]:
        """What each decision is worth so far. Always the same parts in the same order for a case."""

    def misses(self, case: Case, state: State) -> list[Part]:
        """What is worth asking again in review: the parts that earned less than all, or decisions of a finer grain."""

    def keepable(self, case: Case) -> list[Part]:
        """What a case may mark as worth keeping: decisions that can be asked again, whatever was done."""

    def hints(self, case: Case, state: State) -> Mapping[str, str]:
        """A hint for each part that has one, by part key; taking it costs a quarter of that part."""

    def expert(self, case: Case) -> list[Move]:
        """The best moves: they end the case and earn everything."""

    def walk(self, case: Case, path: Mapping[str, Any]) -> list[Move]:
        """The moves of a named wrong path of the case: ``moves`` written out, or ``but``, what differs from the expert's."""

    def told(self, case: Case, state: State, moves: Sequence[Move]) -> list[Told]:
        """A path in words for the debrief: ``moves`` led from the beginning to ``state``."""


engines: dict[str, Engine] = {}


def register_engine(engine: Engine) -> None:
    """Add ``engine`` under its name. Raises ``ValueError`` when another class holds the name."""
    if type(engines.get(engine.name, engine)) is not type(engine):
        raise ValueError(f"practice engine {engine.name!r} is taken")
    engines[engine.name] = engine
