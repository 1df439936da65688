"""What all practice engines share: the common part of a case, and the two shapes that work comes in.

``BaseEngine`` is for work that goes step by step, each move chosen from a list. ``FormEngine`` is for work that is filled
in like a form, looked over by a coach as often as one likes, and handed in.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import InvalidInput
from quizzes.editor import Editor
from quizzes.engines.registry import Action, Case, Control, DeskSide, Fault, Move, NotAllowed, Part, Reply, State, Told
from quizzes.types.base import ID_PATTERN, UID_PATTERN

LEVELS = ("basic", "working", "advanced")
REF_PATTERN = rf"{UID_PATTERN[:-1]}(/[a-z0-9]+(-[a-z0-9]+)*)?$"  # a lesson of this course, or course/lesson
LINE, TEXT, LONGEST = 300, 4000, 1000
NAMED = 5  # parts that the coach calls by name; each is marked at its field, too

COMMON: Mapping[str, Any] = {
    "uid": {"type": "string", "pattern": ID_PATTERN},
    "title": {"type": "string", "minLength": 1, "maxLength": 120},
    "level": {"enum": list(LEVELS)},
    "minutes": {"type": "integer", "minimum": 1, "maximum": 120},
    "brief": {"type": "string", "maxLength": TEXT},  # Markdown: the situation, before anything is done
    "facts": {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True},
    "credit": {"type": "string", "maxLength": LINE},
    "forked_from": {"type": "string", "pattern": ID_PATTERN},  # the shared case that it was made of
    "back_to": {  # part key, or what stands before its first dot -> lesson that explains it
        "type": "object",
        "additionalProperties": {"type": "string", "pattern": REF_PATTERN},
    },
    "keep": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},  # parts worth a review card
    "paths": {
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": ["name", "percent"],
            "properties": {
                "name": {"type": "string", "minLength": 1, "maxLength": 120},
                "percent": {"type": "integer", "minimum": 0, "maximum": 99},
                "moves": {"type": "array", "items": {"type": "object", "required": ["verb"]}},
                "but": {"type": "object"},
            },
        },
    },
}


def case_schema(own: Mapping[str, Any], *, required: Sequence[str]) -> dict[str, Any]:
    """JSON Schema of a case with what all have and its engine's ``own`` properties."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["uid", "title", *required],
        "properties": {**COMMON, **own},
    }


class BaseEngine:
    """Defaults of the protocol ``Engine`` for work that goes step by step."""

    name: str
    version = 1
    label: Any
    lede: Any
    notice: Any = ""
    icon = "tool"
    topic = "borrowing"
    minutes = 8
    sides: Sequence[DeskSide] = ()
    drill = False
    case_schema: Mapping[str, Any]
    editor = Editor()
    takes_back = True
    template: str

    def faults(self, case: Case) -> list[Fault]:
        return []

    def generate(self, seed: int, level: str = "working") -> dict[str, Any]:
        raise NotImplementedError

    def world(self, seed: int, level: str, side: str) -> dict[str, Any]:
        return self.generate(seed, level)

    def topic_of(self, case: Case) -> str:
        return next((each.topic for each in self.sides if each.name == case.get("side")), self.topic)

    def begin(self, case: Case, *, seed: int, mode: str) -> State:
        return {"seed": seed, "mode": mode}

    def actions(self, case: Case, state: State) -> Sequence[Action]:
        raise NotImplementedError

    def parse(self, case: Case, state: State, verb: str, data: QueryDict) -> Move:
        """The values of the controls that ``verb`` has now; a verb that is not offered has none."""
        action = next((each for each in self.actions(case, state) if each.verb == verb), None)
        values = {control.name: value_of(control, data) for control in action.controls} if action else {}
        return {"verb": verb, **{name: value for name, value in values.items() if value not in (None, [])}}

    def offered(self, case: Case, state: State, verb: Any) -> Action:
        """The action called ``verb``. Raises ``NotAllowed`` when the state does not offer it."""
        for action in self.actions(case, state):
            if action.verb == verb:
                return action
        raise NotAllowed(_("That cannot be done now. The page shows what can; nothing was changed."))

    def act(self, case: Case, state: State, move: Move) -> State:
        raise NotImplementedError

    def over(self, case: Case, state: State) -> bool:
        return bool(state.get("over"))

    def reply(self, case: Case, state: State) -> Reply | None:
        return None

    def show(self, case: Case, state: State) -> dict[str, Any]:
        raise NotImplementedError

    def grade(self, case: Case, state: State) -> list[Part]:
        raise NotImplementedError

    def misses(self, case: Case, state: State) -> list[Part]:
        return [part for part in self.grade(case, state) if part.fraction < 1]

    def keepable(self, case: Case) -> list[Part]:
        begun = self.begin(case, seed=0, mode="coach")
        return [part for part in self.grade(case, begun) if part.asked]

    def hints(self, case: Case, state: State) -> Mapping[str, str]:
        return {}

    def expert(self, case: Case) -> list[Move]:
        raise NotImplementedError

    def walk(self, case: Case, path: Mapping[str, Any]) -> list[Move]:
        return list(path.get("moves", ()))

    def told(self, case: Case, state: State, moves: Sequence[Move]) -> list[Told]:
        """Every move by the label of its action."""
        lines, now = [], self.begin(case, seed=state.get("seed", 0), mode=state.get("mode", "coach"))
        for move in moves:
            lines.append(Told(self.offered(case, now, move["verb"]).label))
            now = self.act(case, now, move)
        return lines


class FormEngine(BaseEngine):
    """Work that is filled in like a form: ``keep`` saves it, ``check`` asks the coach, ``finish`` hands it in.

    An engine says what the right answers are (``right``), how answers look (``read``, ``clean``) and what they are worth
    (``parts``). The state has ``answers`` and ``checked``, how often the coach was asked.
    """

    takes_back = False  # what is filled in is changed; the last step back would take along what was saved since
    finish_label: Any = gettext_lazy("I am done")
    check_label: Any = gettext_lazy("Check my work")

    def right(self, case: Case) -> dict[str, Any]:
        """The answers that earn everything."""
        raise NotImplementedError

    def read(self, case: Case, data: QueryDict) -> dict[str, Any]:
        """The answers in a form's data, unchecked."""
        raise NotImplementedError

    def fields(self, case: Case, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
        """The form data that ``read`` reads ``answers`` from, as ``(name, value)``; a list stands once for each value."""
        return [
            (name, str(each))
            for name, value in answers.items()
            for each in (value if isinstance(value, list) else [value])
        ]

    def clean(self, case: Case, answers: Any) -> dict[str, Any]:
        """Answers of any JSON as this engine knows them: unknown names dropped, nonsense as not answered. Never raises."""
        raise NotImplementedError

    def parts(self, case: Case, answers: Mapping[str, Any], state: State) -> list[Part]:
        """What the answers are worth; what was not answered is worth nothing."""
        raise NotImplementedError

    def begin(self, case: Case, *, seed: int, mode: str) -> State:
        return {"seed": seed, "mode": mode, "answers": {}, "checked": 0, "over": False}

    def actions(self, case: Case, state: State) -> Sequence[Action]:
        if state["over"]:
            return []
        check = [Action("check", str(self.check_label))] if state["mode"] == "coach" else []
        return [Action("finish", str(self.finish_label), primary=True), *check, Action("keep", _("Save"))]

    def parse(self, case: Case, state: State, verb: str, data: QueryDict) -> Move:
        return {"verb": verb, "answers": self.clean(case, self.read(case, data))}

    def act(self, case: Case, state: State, move: Move) -> State:
        verb = self.offered(case, state, move.get("verb")).verb
        answers = self.clean(case, move.get("answers", {}))
        return {
            **state,
            "answers": answers,
            "checked": state["checked"] + (verb == "check"),
            "shown": answers if verb == "check" else state.get("shown"),
            "over": verb == "finish",
        }

    def grade(self, case: Case, state: State) -> list[Part]:
        return self.parts(case, state["answers"], state)

    def marks(self, case: Case, state: State) -> dict[str, Part]:
        """The parts by key that may be shown now: none before the coach was asked, and of what changed since none."""
        if not (state["over"] or state.get("shown") == state["answers"]):
            return {}
        return {part.key: part for part in self.grade(case, state)}

    def reply(self, case: Case, state: State) -> Reply | None:
        if state["over"] or state.get("shown") != state["answers"]:
            return None
        parts = self.grade(case, state)
        open_ones = [part for part in parts if part.fraction < 1]
        if not open_ones:
            return Reply(_("All of it holds."), "ok")
        named = "; ".join(part.label for part in open_ones[:NAMED])
        more = len(open_ones) - NAMED
        if more > 0:
            named = _("%(parts)s; and %(more)d more, marked below") % {"parts": named, "more": more}
        text = _("%(right)d of %(all)d hold. Look again at: %(parts)s.") % {
            "right": len(parts) - len(open_ones),
            "all": len(parts),
            "parts": named,
        }
        return Reply(text, "info")

    def expert(self, case: Case) -> list[Move]:
        return [{"verb": "finish", "answers": self.right(case)}]

    def walk(self, case: Case, path: Mapping[str, Any]) -> list[Move]:
        """``but`` are the answers that differ from the right ones; null leaves one out."""
        if "moves" in path:
            return list(path["moves"])
        merged = {**self.right(case), **path.get("but", {})}
        return [{"verb": "finish", "answers": {name: each for name, each in merged.items() if each is not None}}]

    def told(self, case: Case, state: State, moves: Sequence[Move]) -> list[Told]:
        """What each decision was, those that were left out together; saving is no step worth telling."""
        parts = self.grade(case, state)
        lines = [
            Told(f"{part.label}: {part.did}", tone="ok" if part.fraction == 1 else "bad") for part in parts if part.did
        ]
        left = ", ".join(part.label for part in parts if not part.did and part.fraction < 1)
        return [*lines, Told(_("Not decided: %(parts)s.") % {"parts": left}, tone="bad")] if left else lines


def value_of(control: Control, data: QueryDict) -> Any:
    """The value of ``control`` in a form's data; None when there is none, or none that it offers."""
    if control.kind == "checks":
        known = {value for value, _label in control.choices}
        return [each for each in dict.fromkeys(data.getlist(control.name)) if each in known]
    text = data.get(control.name, "").strip()[:LONGEST]
    if control.kind == "choice":
        return text if text in {value for value, _label in control.choices} else None
    if control.kind == "whole":
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
    return text or None


def day(text: Any) -> dt.date | None:
    """A date as forms and cases write it (2026-11-30); None for anything else."""
    try:
        return dt.date.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def required(control: str, message: str) -> InvalidInput:
    """The refusal of a move in which the value of ``control`` is missing or makes no sense."""
    return InvalidInput(message, fields={control: message})
