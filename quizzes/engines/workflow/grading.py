"""What a run was worth: goals 50, legality 15, the right answer to each message 20, telling 10, economy 5."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from quizzes.engines.registry import Case, Part, State
from quizzes.engines.workflow import goal_words, rules, words
from quizzes.engines.workflow.conditions import done, holds
from quizzes.engines.workflow.desk import ME, days_between
from quizzes.engines.workflow.moves import desk_of
from quizzes.engines.workflow.walking import FINISH, UNTIL, Walker, is_act

LEGALITY, RESPONSES, TELLING, ECONOMY = Decimal(15), Decimal(20), Decimal(10), Decimal(5)
EACH_SLIP = 3
HALF, WHOLE, NONE = Decimal("0.5"), Decimal(1), Decimal(0)
PROMPT = 3  # days within which a message is answered in time
BESIDE = ("tellUser", "notification", "statusRequest", "answerStatus", "shelfCheck")  # never the answer that counts
Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Awaited:
    """An event of the expert's walk, and the moves that answer it."""

    number: int
    event: str
    nth: int
    verbs: tuple[str, ...]
    entry: Entry


def parts(case: Case, state: State) -> list[Part]:
    """All parts of ``case`` in their fixed order."""
    return [
        *(goal_part(case, state, spec) for spec in case["key"]["goals"]),
        legality(case, state),
        *response_parts(case, state),
        *tell_parts(case, state),
        economy(case, state),
    ]


# --- goals and telling


def reached(case: Case, state: State, spec: Mapping[str, Any]) -> Decimal:
    """1 when the condition holds, or one that counts the same; a half for what ``half`` says."""
    if any(holds(case, state, each) for each in (spec, *spec.get("or", ()))):
        return WHOLE
    return HALF if any(holds(case, state, each) for each in spec.get("half", ())) else NONE


def undone(state: State, words: str) -> str:
    """``words``, once there is no more time to do it; before, nothing was decided."""
    return words if state["over"] else ""


def goal_part(case: Case, state: State, spec: Mapping[str, Any]) -> Part:
    said = goal_words.of_goal(case, spec)
    fraction = reached(case, state, spec)
    return Part(
        key=f"goal.{spec['id']}",
        label=said.label,
        weight=Decimal(spec["w"]),
        fraction=fraction,
        did={WHOLE: _("Reached."), HALF: _("Reached in part.")}.get(fraction) or undone(state, _("Not reached.")),
        expected=said.expected,
        why=said.why,
        next_time=said.next_time,
        facts=said.facts,
        asked=said.asked,
    )


def tell_parts(case: Case, state: State) -> Iterator[Part]:
    moments = case["key"].get("tell", ())
    for spec in moments:
        said = goal_words.of_moment(case, spec)
        yield Part(
            key=f"tell.{spec['id']}",
            label=said.label,
            weight=TELLING / len(moments),
            fraction=(fraction := reached(case, state, spec)),
            did=_("Said.") if fraction == WHOLE else undone(state, _("Not said, or not so.")),
            expected=said.expected,
            why=said.why,
            next_time=said.next_time,
            facts=said.facts,
            asked=said.asked,
        )


# --- answers to messages


def awaited(case: Case) -> list[Awaited]:
    """What the expert's walk waits for, and how it answers: the moves up to the next event, else waiting on."""
    walker = Walker(case)
    found: list[Awaited] = []
    items = case["key"]["walks"][0]
    for place, item in enumerate(items):
        walker.go(item)
        if is_act(case, item) or item["verb"] == UNTIL:
            continue
        entry = walker.state["log"][walker.events[-1]]
        if at_once(case, walker, items[place + 1 :]):
            continue
        log = walker.state["log"][: walker.read]
        nth = sum(each["what"] == entry["what"] and each["who"] not in (ME, "dropped") for each in log)
        verbs = answering(case, items[place + 1 :], entry["day"])
        found.append(Awaited(len(found) + 1, entry["what"], nth, verbs, entry))
    return found


def at_once(case: Case, walker: Walker, following: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the next event has come with this one, so that there is nothing to answer in between."""
    came = {entry["what"] for entry in walker.state["log"][walker.read :]}
    return bool(following) and not is_act(case, following[0]) and following[0]["verb"] in came


def answering(case: Case, following: Sequence[Mapping[str, Any]], today: str) -> tuple[str, ...]:
    """The moves that answer an event: of those before the next one the weighty, else any; none of them is waiting on."""
    verbs = []
    for item in following:
        if item["verb"] == UNTIL and days_between(today, item["day"]) <= PROMPT:
            continue
        if not is_act(case, item):
            break
        verbs.append("wait" if item["verb"].startswith("wait") else item["verb"])
    if not following:
        return (FINISH,)
    weighty = [verb for verb in verbs if verb not in BESIDE and verb != "wait"]
    return tuple(weighty[:1] or verbs[:1]) or ("wait",)


def answered(state: State, each: Awaited) -> tuple[Decimal, str | None]:
    """How the run answered the event: its worth, and the move that decided ("" for none); None: it did not come to it."""
    log = state["log"]
    places = [n for n, entry in enumerate(log) if entry["what"] == each.event and entry["who"] not in (ME, "dropped")]
    if len(places) < each.nth:
        return NONE, None
    place = places[each.nth - 1]
    for entry in log[place + 1 :]:
        if entry["who"] != ME or not entry["legal"]:
            continue
        if entry["what"] in each.verbs:
            late = days_between(log[place]["day"], entry["day"]) > PROMPT
            return (HALF if late else WHOLE), entry["what"]
        if entry["what"] not in (*BESIDE, "wait"):
            return NONE, entry["what"]
    return NONE, ""


def response_parts(case: Case, state: State) -> Iterator[Part]:
    expected = awaited(case)
    special = {each["n"]: each for each in case["key"].get("replies", ())}
    for each in expected:
        own = special.get(each.number, {})
        fraction, verb = answered(state, each)
        if any(holds(case, state, spec) for spec in own.get("or", ())):
            fraction = WHOLE
        happened = words.event(each.event, each.entry.get("line", {}), each.entry.get("due"))
        right = verb_label(case, each.verbs[0])
        why, facts = goal_words.why_answer(each.event, each.verbs[0])
        yield Part(
            key=f"response.{each.number}",
            label=_("Answer: %(event)s") % {"event": happened},
            weight=RESPONSES / len(expected),
            fraction=fraction,
            did=verb_label(case, verb) if verb else "" if verb is None else _("Not answered."),
            expected=right,
            why=own.get("why", why),
            facts=own.get("facts", facts),
            asked=_("%(request)s\n\n%(who)s, %(day)s: %(event)s\n\nWhat is your next step?")
            % {
                "request": goal_words.request_line(case),
                "who": each.entry.get("name") or _("News"),
                "day": words.on(each.entry["day"]),
                "event": happened,
            },
        )


def verb_label(case: Case, verb: str) -> str:
    """A move in words, without the name of a library."""
    if verb == "wait":
        return _("Wait")
    if verb == FINISH:
        return _("Put the request away")
    return str(desk_of(case).verbs[verb].label) % {"next": _("the first supplier")}


# --- legality and economy


def best_steps(case: Case) -> list[int]:
    """How many moves each of the equal best walks takes; waiting and telling cost nothing."""
    return [sum(is_act(case, item) and counts(item["verb"]) for item in walk) for walk in case["key"]["walks"]]


def counts(verb: str) -> bool:
    return verb not in ("wait", "waitNext", "tellUser", "notification", FINISH)


def steps(state: State) -> int:
    """The moves made; a slip has its price under legality."""
    return sum(counts(each["what"]) for _n, each in done(state))


def legality(case: Case, state: State) -> Part:
    """Three points for each slip and each lapse; what is not done yet has earned nothing yet."""
    entries = [each for each in state["log"] if each["who"] == ME]
    slips = [each for each in entries if not each["legal"]]
    found = [name for each in entries for name in each.get("lapses", ())]
    bad = [name for name in found if name in rules.CRITICAL]
    ended = state["status"] in case["key"]["ends_in"]
    share = Fraction(1) if ended else min(Fraction(1), Fraction(steps(state), max(min(best_steps(case)), 1)))
    left = max(Fraction(0), 1 - Fraction(EACH_SLIP * (len(slips) + len(found)), int(LEGALITY)))
    fraction = Decimal((left * share).numerator) / Decimal((left * share).denominator)
    said = [each["rule"] for each in slips] + [str(rules.ALL_LAPSES[name][1].text) for name in found]
    facts = [fact for each in slips for fact in each["facts"]]
    facts += [fact for name in found for fact in rules.ALL_LAPSES[name][1].facts]
    return Part(
        key="legality",
        label=_("Steps within the protocol"),
        weight=LEGALITY,
        fraction=fraction,
        did=" ".join(dict.fromkeys(said)) or _("No step against the protocol."),
        expected=_("Each step fits the state that the request is in."),
        why=_("A step out of turn tells the other library something that is not so."),
        next_time=_("Read the state first, then choose among the steps that it allows."),
        facts=tuple(dict.fromkeys(facts)),
        critical=bool(bad),
    )


def economy(case: Case, state: State) -> Part:
    """A half for the cost, a half for the steps, each within 120 % of the best; only for a run that ended as it should."""
    best = case["key"].get("best_path_cost", 0)
    most = max(best_steps(case))
    cheap, short = state["spent"] * 5 <= best * 6, steps(state) * 5 <= most * 6
    ended = state["status"] in case["key"]["ends_in"]
    return Part(
        key="economy",
        label=_("Cost and number of steps"),
        weight=ECONOMY,
        fraction=(HALF * cheap + HALF * short) if ended else NONE,
        did=_("%(steps)d steps, cost: %(cost)s.") % {"steps": steps(state), "cost": words.money(state["spent"])},
        expected=_("About %(steps)d steps, cost: %(cost)s.") % {"steps": most, "cost": words.money(best)},
        why=_("Each further step is somebody's time, each fee somebody's money."),
    )


def hints(case: Case, state: State) -> dict[str, str]:
    """A hint for each goal and moment not reached yet, and for the answer to the last message."""
    found = {}
    for spec in case["key"]["goals"]:
        said = goal_words.of_goal(case, spec)
        if not reached(case, state, spec) and said.hint:
            found[f"goal.{spec['id']}"] = said.hint
    return found
