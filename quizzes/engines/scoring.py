"""What all engines share about worth: the sum of the parts, the price of a hint, and whether a case's key can be reached."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError
from quizzes.engines.registry import Case, Engine, Fault, Move, Part, State

CAP = Decimal("0.5")  # the most that a run with a critical error earns
HINT = Decimal("0.25")  # what a hint takes from its part
COACH, EXAM = "coach", "exam"


def earned(part: Part, *, hinted: bool) -> Decimal:
    """What ``part`` counts, 0 to 1: its fraction, less a quarter where a hint was taken."""
    return part.fraction * (1 - HINT) if hinted else part.fraction


def worth(parts: Sequence[Part], hinted: Collection[str] = ()) -> Decimal:
    """The whole as a fraction of 1: the mean of the parts by weight, at most one half after a critical error."""
    weight = sum((part.weight for part in parts), Decimal(0))
    if not weight:
        return Decimal(0)
    sum_of = sum((part.weight * earned(part, hinted=part.key in hinted) for part in parts), Decimal(0))
    share = sum_of / weight
    return min(share, CAP) if any(part.critical for part in parts) else share


def percent(parts: Sequence[Part], hinted: Collection[str] = ()) -> int:
    """``worth`` in whole percent, halves up; 100 only when nothing is missing."""
    share = worth(parts, hinted)
    rounded = int((share * 100).quantize(Decimal(1), ROUND_HALF_UP))
    return 99 if rounded == 100 and share < 1 else rounded


def play(engine: Engine, case: Case, moves: Iterable[Move], *, seed: int = 0, mode: str = COACH) -> State:
    """The state after ``moves``. Raises what ``act`` raises."""
    state = engine.begin(case, seed=seed, mode=mode)
    for move in moves:
        state = engine.act(case, state, move)
    return state


def key_faults(engine: Engine, case: Case) -> list[Fault]:
    """Why the key of ``case`` cannot be reached: the expert's moves must end it with 100 %, an untouched case is worth
    nothing, and every named wrong path earns what it says."""
    try:
        state = play(engine, case, engine.expert(case))
    except DomainError as problem:
        return [("key", _("The key cannot be reached: %(why)s") % {"why": problem})]
    found: list[Fault] = []
    reached = percent(engine.grade(case, state))
    if not engine.over(case, state):
        found.append(("key", _("The key cannot be reached: its moves do not end the case.")))
    elif reached != 100:
        lost = ", ".join(part.label for part in engine.grade(case, state) if part.fraction < 1 or part.critical)
        text = _("The key cannot be reached: its moves earn %(percent)d%% (%(lost)s).")
        found.append(("key", text % {"percent": reached, "lost": lost}))
    untouched = engine.grade(case, engine.begin(case, seed=0, mode=COACH))
    if percent(untouched):
        found.append(("key", _("Doing nothing earns something; the key gives it away.")))
    found += name_faults(engine, case, untouched)
    for number, path in enumerate(case.get("paths", ())):
        found += [(f"paths.{number}.{where}", text) for where, text in path_faults(engine, case, path)]
    return found


def name_faults(engine: Engine, case: Case, parts: Sequence[Part]) -> list[Fault]:
    """Names under ``back_to`` and ``keep`` that nothing in ``case`` bears, as its ``parts`` tell: they would be passed
    over in silence."""
    kept = [each.key for each in engine.keepable(case)]
    known = {"all", *case.get("facts", ())}
    for part in parts:
        known |= {*starts_of(part.key), *part.facts}
    known |= {start for key in kept for start in starts_of(key)}
    found = [
        (f"back_to.{name}", _("No decision of this case is called “%(name)s”.") % {"name": name})
        for name in case.get("back_to", ())
        if name not in known
    ]
    message = _("“%(name)s” makes no card of its own; what does: %(names)s.")
    for number, name in enumerate(case.get("keep", ())):
        if name not in kept:
            text = message % {"name": name, "names": ", ".join(kept) or _("nothing in this case")}
            found.append((f"keep.{number}", text))
    return found


def starts_of(key: str) -> list[str]:
    """The key of a part and whatever stands before its dots, longest first: a.b.c, a.b, a."""
    pieces = key.split(".")
    return [".".join(pieces[:count]) for count in range(len(pieces), 0, -1)]


def path_faults(engine: Engine, case: Case, path: Case) -> list[Fault]:
    """Why the named wrong ``path`` of ``case`` does not earn what it says."""
    try:
        got = percent(engine.grade(case, play(engine, case, engine.walk(case, path))))
    except DomainError as problem:
        return [("moves", _("This path cannot be walked: %(why)s") % {"why": problem})]
    if got != path["percent"]:
        return [("percent", _("This path earns %(percent)d%%.") % {"percent": got})]
    return []


def kept_part(part: Part) -> dict[str, Any]:
    """A part as it is kept: numbers as text, so that none is rounded."""
    return asdict(part) | {
        "weight": str(part.weight),
        "fraction": str(part.fraction),
        "facts": list(part.facts),
    }


def read_part(kept: Mapping[str, Any]) -> Part:
    """A part from how it was kept."""
    values = dict(kept) | {"weight": Decimal(kept["weight"]), "fraction": Decimal(kept["fraction"])}
    return Part(**values)
