"""The engine: say a line, hear what comes of it, go back to try another when it has ended."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.engines.base import BaseEngine, required
from quizzes.engines.conversation import generator, grading, soundness
from quizzes.engines.conversation.schema import CHANNELS, EDITOR, ENDS, SCHEMA
from quizzes.engines.conversation.ways import (
    CRITICAL,
    Line,
    best,
    best_way,
    by_id,
    ending,
    lines,
    mood,
    place,
    token,
    worth,
)
from quizzes.engines.dice import Dice
from quizzes.engines.registry import Action, Case, Control, Fault, Move, Part, Reply, State, Told
from quizzes.engines.scoring import COACH

SAY = {
    "desk": gettext_lazy("Say it"),
    "phone": gettext_lazy("Say it"),
    "email": gettext_lazy("Send it"),
    "chat": gettext_lazy("Send it"),
}
MOODS = (  # the most that is still called so
    (2, gettext_lazy("Angry")),
    (4, gettext_lazy("Tense")),
    (6, gettext_lazy("Waiting to see")),
    (8, gettext_lazy("Calm")),
    (10, gettext_lazy("Relieved")),
)


class Conversation(BaseEngine):
    """The state has ``way``, the lines said, and ``first``, the first way that ended: that one counts."""

    name = "conversation"
    label = gettext_lazy("Have the conversation")
    lede = gettext_lazy(
        "A late book, an angry bill, a reference that is not there. Choose your words; go back and try others."
    )
    icon = "chat"
    topic = "care"
    minutes = 7
    case_schema = SCHEMA
    editor = EDITOR
    takes_back = False  # what was said was said; one goes back at the end, and the first way counts
    template = "quizzes/engines/conversation.html"

    def faults(self, case: Case) -> list[Fault]:
        return soundness.faults(case)

    def generate(self, seed: int, level: str = "working") -> dict[str, Any]:
        return generator.generate(Dice(self.name, self.version, seed, level), seed, level)

    def begin(self, case: Case, *, seed: int, mode: str) -> State:
        return {"seed": seed, "mode": mode, "way": [], "first": None, "back": False, "over": False}

    def actions(self, case: Case, state: State) -> Sequence[Action]:
        if state["over"]:
            return []
        if ending(case, state["way"]):
            return self._at_the_end(case, state)
        node = by_id(case["nodes"])[place(case, state["way"])]
        ordered = Dice(self.name, self.version, state["seed"], node["id"]).shuffled(node["choices"])
        choices = [(token(node["id"], line["id"]), line["text"]) for line in ordered]
        line = Control("line", _("What do you say?"), "choice", choices, required=True)
        return [Action("say", str(SAY[case["channel"]]), [line], primary=True)]

    def _at_the_end(self, case: Case, state: State) -> list[Action]:
        finish = Action("finish", _("See how it went"), primary=True)
        if state["mode"] != COACH:
            return [finish]
        nodes = by_id(case["nodes"])
        turns = [(str(at), nodes[node]["says"]) for at, (node, _line) in enumerate(state["way"])]
        back = Control("turn", _("Back to what was said"), "choice", turns, required=True)
        note = _("Your first way through counts. Going back is for learning and changes nothing in your result.")
        return [finish, Action("back", _("Go back and try another line"), [back], help=note)]

    def act(self, case: Case, state: State, move: Move) -> State:
        action = self.offered(case, state, move.get("verb"))
        if action.verb == "finish":
            return {**state, "over": True}
        control = action.controls[0]
        chosen = move.get(control.name)
        if chosen not in [value for value, _label in control.choices]:
            raise required(control.name, _("Choose one of them."))
        if action.verb == "back":
            return {**state, "way": state["way"][: int(str(chosen))], "back": True}
        node = by_id(case["nodes"])[place(case, state["way"])]
        line = next(each["id"] for each in node["choices"] if token(node["id"], each["id"]) == chosen)
        way = [*state["way"], [node["id"], line]]
        first = state["first"] or (way if ending(case, way) else None)
        return {**state, "way": way, "first": first, "back": False}

    def counted(self, state: State) -> list[Any]:
        """The way that counts: the first that ended, until then the one being gone."""
        return list(state["first"] or state["way"])

    def reply(self, case: Case, state: State) -> Reply | None:
        if state["back"] or not state["way"]:
            return None
        line = lines(case, state["way"][-1:])[0]
        return Reply(grading.judged(line), self._tone(case, state["way"][-1]))

    def _tone(self, case: Case, step: Sequence[str]) -> str:
        node = by_id(case["nodes"])[step[0]]
        line: Line = by_id(node["choices"])[step[1]]
        if line is best(node):
            return "ok"
        return "bad" if line.get("flag", "") in CRITICAL or 2 * worth(line) < worth(best(node)) else "warn"

    def show(self, case: Case, state: State) -> dict[str, Any]:
        nodes, way = by_id(case["nodes"]), state["way"]
        coached = state["mode"] == COACH or state["over"]
        told = (
            len(way) if state["over"] or state["back"] else len(way) - 1
        )  # the last line's reason is the coach's reply
        end, now = ending(case, way), mood(case, way)
        label, icon = CHANNELS[case["channel"]]
        return {
            "channel": str(label),
            "icon": icon,
            "person": case["person"],
            "need": case["need"],
            "known": grading.facts_of(case.get("known", "")),
            "secret": grading.facts_of(case.get("secret", "")),
            "turns": [
                {
                    "says": nodes[step[0]]["says"],
                    "line": line["text"],
                    "why": grading.judged(line) if coached and at < told else "",
                    "tone": self._tone(case, step) if coached else "",
                }
                for at, (step, line) in enumerate(zip(way, lines(case, way), strict=True))
            ],
            "says": "" if end else nodes[place(case, way)]["says"],
            "end": {"label": str(ENDS[end["type"]][0]), "tone": ENDS[end["type"]][1], "says": end["says"]}
            if end
            else None,
            "mood": {"value": now, "label": mood_words(now)} if coached else None,
            "again": bool(state["first"]) and way != state["first"],
        }

    def grade(self, case: Case, state: State) -> list[Part]:
        return grading.parts(case, self.counted(state))

    def misses(self, case: Case, state: State) -> list[Part]:
        return grading.misses(case, self.counted(state))

    def keepable(self, case: Case) -> list[Part]:
        return grading.turns(case)

    def hints(self, case: Case, state: State) -> Mapping[str, str]:
        """None once it has ended: there is nothing left to say."""
        return {} if ending(case, state["way"]) else {name: str(text) for name, text in grading.HINTS.items()}

    def expert(self, case: Case) -> list[Move]:
        return self.walk(case, {})

    def walk(self, case: Case, path: Mapping[str, Any]) -> list[Move]:
        """``but`` names the lines that differ from the best by the turn at which they are said."""
        if "moves" in path:
            return list(path["moves"])
        said = [{"verb": "say", "line": token(*step)} for step in best_way(case, path.get("but"))]
        return [*said, {"verb": "finish"}]

    def told(self, case: Case, state: State, moves: Sequence[Move]) -> list[Told]:
        """Each line with what it did, each time one went back, and how it ended."""
        found, now = [], self.begin(case, seed=state["seed"], mode=state["mode"])
        nodes = by_id(case["nodes"])
        for move in moves:
            now = self.act(case, now, move)
            if move["verb"] == "say":
                node, line = now["way"][-1]
                words = by_id(nodes[node]["choices"])[line]
                found.append(Told(words["text"], grading.judged(words), self._tone(case, (node, line))))
            elif move["verb"] == "back":
                says = nodes[place(case, now["way"])]["says"]
                found.append(Told(_("You went back to “%(says)s”.") % {"says": says}))
        end = ending(case, now["way"])
        if end:
            label, tone = ENDS[end["type"]]
            found.append(Told(str(label), end["says"], tone if tone in ("ok", "bad") else ""))
        return found


def mood_words(value: int) -> str:
    """A mood of 0 to 10 in words."""
    return str(next(label for most, label in MOODS if value <= most))
