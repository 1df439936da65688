"""Citation repair: search, open, compare, mend as little as possible, and know when to stop."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quizzes.engines.base import LINE, LONGEST, FormEngine
from quizzes.engines.citation import generator
from quizzes.engines.citation.cases import NONE, contents_of, given_of, rights_of, target_of
from quizzes.engines.citation.desk import shown
from quizzes.engines.citation.evidence import MENU
from quizzes.engines.citation.grading import VERDICTS, parts_of, right_answers
from quizzes.engines.citation.matching import same
from quizzes.engines.citation.records import FIELDS, GENRES, HITS_MOST, line_of, records_of, search
from quizzes.engines.citation.schema import EDITOR, SCHEMA
from quizzes.engines.citation.soundness import faults_of
from quizzes.engines.registry import Action, Case, Control, Fault, Move, Part, Reply, State, Told

SEARCH, LAY = "search", "lay"
SIDE_BY_SIDE = 2
ALWAYS = ("verdict", "record", "genre")
LOG_MOST = 100


class Citation(FormEngine):
    """Answers: ``verdict``, ``record`` (an id or ``none``), ``genre``, ``note``, a list ``evidence``, and the fields by
    name. The state also has ``log`` (what was searched for), ``query`` and ``desk`` (records laid side by side)."""

    name = "citation"
    label = gettext_lazy("Repair a citation")
    lede = gettext_lazy("Find what is behind a damaged citation, mend no more than you must, and say when nothing is.")
    icon = "search"
    topic = "citations"
    minutes = 10
    case_schema = SCHEMA
    editor = EDITOR
    template = "quizzes/engines/citation.html"
    check_label = gettext_lazy("Check my repair")

    def faults(self, case: Case) -> list[Fault]:
        return faults_of(case)

    def generate(self, seed: int, level: str = "working") -> dict[str, Any]:
        return generator.generate(self.version, seed, level)

    def begin(self, case: Case, *, seed: int, mode: str) -> State:
        return {**super().begin(case, seed=seed, mode=mode), "log": [], "query": "", "desk": [], "last": ""}

    def actions(self, case: Case, state: State) -> Sequence[Action]:
        if state["over"]:
            return []
        group = _("The catalogue")
        records = [(each["id"], line_of(each)) for each in self.hits(case, state)]
        return [
            *super().actions(case, state),
            Action(SEARCH, _("Search"), [Control("q", _("Words or numbers"))], group=group),
            Action(LAY, _("Lay side by side"), [Control("desk", _("Records"), "checks", records)], group=group),
        ]

    def hits(self, case: Case, state: State) -> list[Mapping[str, Any]]:
        """What the last search found, the first ten of it, and what lies side by side already."""
        found = search(records_of(case), state["query"])[:HITS_MOST]
        known = [each["id"] for each in found]
        return [*found, *(each for each in records_of(case) if each["id"] in state["desk"] and each["id"] not in known)]

    def parse(self, case: Case, state: State, verb: str, data: QueryDict) -> Move:
        move = dict(super().parse(case, state, verb, data))
        if verb == SEARCH:
            move["q"] = data.get("q", "").strip()[:LINE]
        if verb == LAY:
            move["desk"] = data.getlist("desk")[:LOG_MOST]
        return move

    def act(self, case: Case, state: State, move: Move) -> State:
        """Looking around keeps what was filled in so far."""
        verb = self.offered(case, state, move.get("verb")).verb
        if verb not in (SEARCH, LAY):
            return {**super().act(case, state, move), "last": verb}
        answers = self.clean(case, move["answers"]) if "answers" in move else state["answers"]
        kept = {**state, "answers": answers, "last": verb}
        if verb == LAY:
            return kept | {"desk": self._laid(case, state, move.get("desk"))}
        query = move.get("q", "")
        query = query.strip()[:LINE] if isinstance(query, str) else ""
        return kept | {"query": query, "log": [*state["log"], *([query] if query else [])][-LOG_MOST:]}

    def _laid(self, case: Case, state: State, wanted: Any) -> list[str]:
        """The first two of the records that are at hand and wanted."""
        known = [each["id"] for each in self.hits(case, state)]
        return [each for each in known if isinstance(wanted, list) and each in wanted][:SIDE_BY_SIDE]

    def right(self, case: Case) -> dict[str, Any]:
        return right_answers(case)

    def read(self, case: Case, data: QueryDict) -> dict[str, Any]:
        lines = {name: data.get(name, "") for name in ("verdict", "record", "genre", "note", *FIELDS)}
        return {**lines, "evidence": data.getlist("evidence")}

    def clean(self, case: Case, answers: Any) -> dict[str, Any]:
        if not isinstance(answers, Mapping):
            return {}
        texts = {name: _line(answers.get(name), LINE) for name in FIELDS}
        chosen = answers.get("evidence")
        known = {
            "verdict": _one_of(answers.get("verdict"), VERDICTS),
            "record": _one_of(answers.get("record"), [NONE, *(each["id"] for each in records_of(case))]),
            "genre": _one_of(answers.get("genre"), GENRES),
            "evidence": [name for name in MENU if isinstance(chosen, list) and name in chosen],
            "note": _line(answers.get("note"), LONGEST),
        }
        return {name: value for name, value in {**texts, **known}.items() if value}

    def parts(self, case: Case, answers: Mapping[str, Any], state: State) -> list[Part]:
        return parts_of(case, answers)

    def hints(self, case: Case, state: State) -> Mapping[str, str]:
        """Before the coach was asked only what every case has: how many fields count would tell whether there is a record."""
        parts = [part for part in parts_of(case, {}) if not part.key.startswith("note.")]
        return {part.key: part.next_time for part in parts if state["checked"] or part.key in ALWAYS}

    def reply(self, case: Case, state: State) -> Reply | None:
        """The coach speaks of the repair when asked, and of what was changed without need or never looked at."""
        said = None if state["last"] in (SEARCH, LAY) else super().reply(case, state)
        return Reply(said.text, said.tone, remarks(case, state)) if said else None

    def show(self, case: Case, state: State) -> dict[str, Any]:
        return shown(case, state, self.hits(case, state), self.marks(case, state))

    def expert(self, case: Case) -> list[Move]:
        """Search the title, then the contents list of the volume; mend what differs, and hand it in."""
        target, contents = target_of(case), contents_of(case)
        queries = [target["title"] if target else given_of(case).get("title", "")]
        if contents:
            queries.append(f"{contents[0]['container']} {contents[0]['volume']}")
        looked = [{"verb": SEARCH, "q": each} for each in queries if each]
        return [*looked, *super().expert(case)]

    def told(self, case: Case, state: State, moves: Sequence[Move]) -> list[Told]:
        """The searches, then each decision, then what might have been left alone or looked at."""
        looked = [
            Told(_("Searched for “%(words)s”") % {"words": move["q"]}, _found(case, move["q"]))
            for move in moves
            if move["verb"] == SEARCH and move.get("q")
        ]
        return [*looked, *super().told(case, state, moves), *(Told(each) for each in remarks(case, state))]


def _found(case: Case, query: str) -> str:
    count = len(search(records_of(case), query))
    return ngettext("%(count)d record", "%(count)d records", count) % {"count": count}


def _line(value: Any, most: int) -> str:
    return value.strip()[:most] if isinstance(value, str) else ""


def _one_of(value: Any, known: Any) -> str:
    return value if isinstance(value, str) and value in known else ""


def remarks(case: Case, state: State) -> list[str]:
    """What costs nothing and is worth saying: repair the least, and open the contents list of the volume."""
    answers, rights, target = state["answers"], rights_of(case), target_of(case)
    found = []
    for name, given in given_of(case).items() if target else ():
        was_right = same(name, given, rights.get(name) or str((target or {}).get(name, "")))
        if was_right and not same(name, answers.get(name, ""), given):
            text = _("You changed “%(field)s”; it was already right: repair the least.")
            found.append(text % {"field": FIELDS[name]})
    contents = [each["id"] for each in contents_of(case)]
    seen = [{each["id"] for each in search(records_of(case), query)} for query in state["log"]]
    if contents and not any(set(contents) <= each for each in seen):
        found.append(_("You never searched the contents of the volume."))
    return found
