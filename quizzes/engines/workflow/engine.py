"""The engine of both desks: moves are offered, tried against the table and the rules, and written into the log."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from quizzes.engines.base import BaseEngine
from quizzes.engines.registry import Action, Case, DeskSide, Fault, Move, Part, Reply, State, Told
from quizzes.engines.workflow import generator, grading, lending_generator, play, scene, soundness, walking
from quizzes.engines.workflow.moves import desk_of, offer, offers
from quizzes.engines.workflow.schema import CASE, EDITOR


class Workflow(BaseEngine):
    name = "workflow"
    label = gettext_lazy("Run a day at the desk")
    lede = gettext_lazy("One request from the first check to the last message, from the borrowing or the lending desk.")
    icon = "parcel"
    topic = "borrowing"
    minutes = 10
    sides = (
        DeskSide("borrow", gettext_lazy("Borrowing"), "borrowing"),
        DeskSide("lend", gettext_lazy("Lending"), "lending"),
    )
    case_schema = CASE
    editor = EDITOR
    template = "quizzes/engines/workflow.html"

    def faults(self, case: Case) -> list[Fault]:
        return soundness.faults(case)

    def generate(self, seed: int, level: str = "working") -> dict[str, Any]:
        return generator.generate(seed, level)

    def world(self, seed: int, level: str, side: str) -> dict[str, Any]:
        return lending_generator.generate(seed, level) if side == "lend" else self.generate(seed, level)

    def begin(self, case: Case, *, seed: int, mode: str) -> State:
        return desk_of(case).side.begin(case, seed=seed, mode=mode)

    def actions(self, case: Case, state: State) -> Sequence[Action]:
        return offers(case, state)

    def offered(self, case: Case, state: State, verb: Any) -> Action:
        """As the base has it, without drawing what was not asked for."""
        return offer(case, state, verb) or super().offered(case, state, verb)

    def act(self, case: Case, state: State, move: Move) -> State:
        return play.act(case, state, move, self.offered(case, state, move.get("verb")))

    def reply(self, case: Case, state: State) -> Reply | None:
        return scene.reply(case, state)

    def show(self, case: Case, state: State) -> dict[str, Any]:
        return scene.show(case, state)

    def grade(self, case: Case, state: State) -> list[Part]:
        return grading.parts(case, state)

    def hints(self, case: Case, state: State) -> Mapping[str, str]:
        return grading.hints(case, state)

    def expert(self, case: Case) -> list[Move]:
        return walking.expand(case, case["key"]["walks"][0])

    def walk(self, case: Case, path: Mapping[str, Any]) -> list[Move]:
        """``moves`` written as walks are, or ``but``: what stands instead at a place of the expert's walk."""
        return walking.expand(case, walking.written(case, path))

    def told(self, case: Case, state: State, moves: Sequence[Move]) -> list[Told]:
        return scene.told(case, state)
