"""One move: tried against the table and the rules, written into the log, and answered when its day comes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from core.errors import InvalidInput
from quizzes.engines.base import day, required
from quizzes.engines.registry import Action, Case, Control, Move, NotAllowed, State
from quizzes.engines.workflow import rules
from quizzes.engines.workflow.desk import ME, date, days_between, plus
from quizzes.engines.workflow.moves import WAITS, desk_of, longest

LAST_DAY = 730  # a request that waits for two years has been forgotten; no date lies further ahead either


def act(case: Case, state: State, move: Move, action: Action) -> State:
    """The state after ``move``, which is ``action`` with its values. The state that came in is not changed."""
    state = copied(state)
    if action.verb == "finish":
        state["over"] = True
        note_move(case, state, "finish", {}, legal=True)
    elif action.verb in WAITS:
        pass_time(case, state, action, move)
    else:
        attempt(case, state, action, move)
    return state


def pass_time(case: Case, state: State, action: Action, move: Move) -> None:
    """Let time pass: some days, or until something happens; where nothing will, to the due date, else a week."""
    side = desk_of(case).side
    if days_between(case["start"], state["today"]) > LAST_DAY:
        raise NotAllowed(_("Nothing more will come of waiting. Decide what to do."))
    if action.verb == "wait":
        days = move.get("days")
        if not isinstance(days, int) or isinstance(days, bool) or days < 1:
            raise required("days", _("Say how many days, 1 or more."))
        until = plus(state["today"], longest(days))
    else:
        week = plus(state["today"], 7)
        quiet = state["due"] if state["due"] and state["today"] < state["due"] else week
        until = side.next_day(case, state) or quiet
    note_move(case, state, "wait", {}, legal=True)
    side.wait(case, state, until)


def attempt(case: Case, state: State, action: Action, move: Move) -> None:
    """Try ``action``: a slip changes nothing but the log; a legal move does what it does, and is answered later."""
    side, verb = desk_of(case).side, action.verb
    legal = side.table.target(state["status"], f"act:{verb}") is not None
    values = cleaned(action.controls, move, today=state["today"]) if legal else {}
    rule = rules.refused(case, state, verb, values, legal=legal)
    if rule is not None:
        note_move(case, state, verb, values, legal=False, rule=str(rule.text), facts=list(rule.facts))
        return
    lapses = rules.lapses(case, state, verb, values)
    old_due = state["due"]
    entry = note_move(case, state, verb, values, legal=True, lapses=lapses, old_due=old_due)
    side.fire(state, f"act:{verb}")
    side.perform(case, state, verb, values)
    if verb in ("tellUser", "notification"):
        entry["said"] = next(label for key, label in action.controls[0].choices if key in values.values())
    entry |= {"request": dict(state["request"]), "due": state["due"], "to": state["status"]}
    if verb in ("send", "nextSupplier"):
        entry["name"] = side.name(case, state)
    side.schedule(case, state, side.cause(verb), values)


def copied(state: State) -> State:
    """A copy that may be changed: what is in the log and in the queue is only ever added or left out, never rewritten."""
    fresh: State = {name: dict(state[name]) for name in ("marks", "request", "offer")}
    fresh |= {name: list(state[name]) for name in ("log", "queue", "used")}
    return {**state, **fresh}


def note_move(case: Case, state: State, verb: str, values: Mapping[str, Any], **data: Any) -> dict[str, Any]:
    side = desk_of(case).side
    known = {"values": {**values, **offer_of(state)}, "name": side.name(case, state), "due": state["due"]}
    return side.note(state, ME, verb, **{"from": state["status"]}, **known, **data)


def offer_of(state: State) -> dict[str, Any]:
    """What stood on the table when a move was made, so that the log says what was accepted or declined."""
    offered = {"asked_reason": state["offer"].get("reasonRetry"), "asked_condition": state.get("condition")}
    return {name: value for name, value in offered.items() if value}


def cleaned(controls: Sequence[Control], move: Move, *, today: str) -> dict[str, Any]:
    """The values of a move as its controls know them. Raises ``InvalidInput`` naming the control that is missing."""
    values = {}
    for control in controls:
        value = clean_value(control, move.get(control.name))
        if value is None and control.value is not None and control.kind == "choice":
            value = control.value
        if value is None and control.required:
            raise required(control.name, _("Fill in “%(label)s”.") % {"label": control.label})
        if control.kind == "date" and value is not None and not 0 <= days_between(today, value) <= LAST_DAY:
            message = _("Choose a day from today on, within two years.")
            raise InvalidInput(message, fields={control.name: message})
        if value is not None:
            values[control.name] = value
    return values


def clean_value(control: Control, value: Any) -> Any:
    """``value`` when it is one that ``control`` can hold; None otherwise."""
    known = [key for key, _label in control.choices]
    if control.kind == "choice":
        return value if isinstance(value, str) and value in known else None
    if control.kind == "checks":
        return [key for key in known if isinstance(value, list) and key in value]
    if control.kind == "date":
        return date(value).isoformat() if isinstance(value, str) and day(value) else None
    if control.kind == "whole":
        return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**6 else None
    return value.strip()[:300] if isinstance(value, str) and value.strip() else None
