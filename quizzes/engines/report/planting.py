"""One anomaly in one report: what is drawn, what is asked, and how far the anomaly stands out of the noise."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from quizzes.engines.dice import Dice
from quizzes.engines.report.measures import mean, median, percentage

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun")
QUARTERS = ("Q1", "Q2", "Q3", "Q4")
BRANCHES = ("North", "Harbour", "Hill", "Riverside")
Row = tuple[str, str, list[int]]
Option = tuple[str, str, int, str]


@dataclass(frozen=True)
class Planted:
    """The parts of a case, and what was planted: its ``size`` against the ``noise`` around it."""

    case: dict[str, Any]
    size: Decimal
    noise: Decimal


def table(name: str, caption: str, label: str, columns: Mapping[str, str], rows: Sequence[Row]) -> dict[str, Any]:
    return {
        "id": name,
        "caption": caption,
        "label": label,
        "columns": [{"id": each, "label": text} for each, text in columns.items()],
        "rows": [{"id": each, "label": text, "cells": cells} for each, text, cells in rows],
    }


def choices(dice: Dice, *options: Option) -> list[dict[str, Any]]:
    return dice.shuffled([{"id": each, "text": text, "worth": worth, "why": why} for each, text, worth, why in options])


def definition(term: str, text: str) -> dict[str, str]:
    return {"term": term, "text": text}


BORROWING = definition(
    "Borrowing fill rate",
    "Filled by partners ÷ (filled + unfilled), of what was closed in the period. Found locally and cancelled ones stay out.",
)
LENDING = definition(
    "Lending fill rate", "Filled ÷ (filled + answered no + expired unanswered). Withdrawn ones stay out."
)


def honesty(dice: Dice, key: str) -> list[dict[str, Any]]:
    """Is the chart honest? ``key`` is yes, or what it does wrong."""
    said = {
        "yes": ("Yes: the axis begins at 0, one definition holds all along, and the counts are printed.",
                "Axis from 0, one definition, counts on the marks: nothing here misleads."),
        "axis": ("No: the axis does not begin at 0.", "Bars are read by their length; the axis must begin at 0."),
        "definition": ("No: the definition changes on the way.", "A rate may only be compared with itself."),
        "left-out": ("No: some requests are left out of it.", "What expired unanswered belongs under the rate."),
    }  # fmt: skip
    wrong = "Look again: axis, definition, and what is counted."
    return choices(dice, *((each, text, 100 * (each == key), why if each == key else wrong)
                           for each, (text, why) in said.items()))  # fmt: skip


def _monthly(dice: Dice, base: int, noise: int, more: Mapping[int, int]) -> list[tuple[int, int]]:
    """Filled and unfilled month by month around ``base`` percent; ``more`` requests in some months."""
    found = []
    for at in range(len(MONTHS)):
        total = dice.whole(110, 150) + more.get(at, 0)
        filled = round(Decimal(total * (10 * base + dice.whole(-10 * noise, 10 * noise))) / 1000)
        found.append((filled, total - filled))
    return found


def _rates(pairs: Sequence[tuple[int, int]]) -> list[Decimal]:
    return [percentage(filled, filled + other) for filled, other in pairs]


def _spread(rates: Sequence[Decimal]) -> Decimal:
    """The noise: how far the furthest of ``rates`` lies from their mean."""
    middle = mean(rates)
    return max(abs(rate - middle) for rate in rates)


def _rate_asks(label: str, measure: str, names: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {"id": name.lower(), "label": f"{label}, {name}", "measure": measure, "table": "counts", "rows": [name.lower()]}
        for name in names
    ]


REASONS = {"code": "Lacks compliance code", "shelf": "Not on shelf", "lacking": "Lacking", "loan": "On loan"}
MENDING = {
    "code": ("Mend the request form so that it asks for the code, and send the refused ones again",
             "The request form sent copies without a code"),
    "shelf": ("Tell the partner whose shelf lists are wrong, and ask another one first for now",
              "A partner's holdings no longer match the shelf"),
    "lacking": ("Mend the holdings that the union catalogue shows, and check volumes before sending",
                "The union catalogue shows volumes that are not there"),
}  # fmt: skip


def spike(dice: Dice) -> Planted:
    """A drop in one month, and the one reason that rises with it."""
    reason, at = dice.choice(list(MENDING)), dice.whole(1, 4)
    month = MONTHS[at]
    pairs = _monthly(dice, dice.whole(82, 88), 1, {at: dice.whole(50, 80)})
    lost = (pairs[at][0] + pairs[at][1]) * dice.whole(18, 26) // 100
    others = [each for each in REASONS if each != reason]
    rows: list[Row] = []
    for number, (_filled, unfilled) in enumerate(pairs):
        few = dice.whole(1, 2)
        split = [few + lost * (number == at), *_split(dice, unfilled - few, 3)]
        cells = dict(zip([reason, *others], split, strict=True))
        rows.append((MONTHS[number].lower(), MONTHS[number], [cells[each] for each in REASONS]))
    pairs[at] = (pairs[at][0] - lost, pairs[at][1] + lost)
    rates = _rates(pairs)
    rest = [rate for number, rate in enumerate(rates) if number != at]
    best, cause = MENDING[reason]
    counted = {"filled": "Filled", "unfilled": "Unfilled"}
    case = {
        "title": "Half a year of borrowing",
        "brief": "Six months of copies that your library asked for. One of them is not like the others.",
        "definitions": [BORROWING],
        "tables": [
            table("counts", "Copies asked for", "Month", counted,
                  [(name.lower(), name, list(pair)) for name, pair in zip(MONTHS, pairs, strict=True)]),
            table("reasons", "Why unfilled", "Month", REASONS, rows),
        ],
        "charts": [
            {"title": "Fill rate by month", "kind": "bar", "table": "counts", "low": 0, "high": 100,
             "series": [{"label": "Filled of all closed, %", "top": ["filled"], "base": ["filled", "unfilled"]}]},
            {"title": "Why unfilled, by month", "kind": "stacked", "table": "reasons", "low": 0,
             "high": 20 * (max(sum(cells) for _id, _label, cells in rows) // 20 + 1),
             "series": [{"label": text, "column": each} for each, text in REASONS.items()]},
        ],
        "asks": [
            *_rate_asks("Fill rate", "borrowing", (MONTHS[at - 1], month)),
            {"id": "pooled", "label": "Fill rate, half a year", "measure": "borrowing", "table": "counts"},
        ],
        "problems": choices(
            dice,
            ("drop", f"{month}: the rate drops.", 100, f"{month} stands far below; the others lie close together."),
            ("before", f"{MONTHS[at - 1]}: the rate drops.", 0, "This month lies among the others."),
            ("trend", "The rate falls all the time.", 0, "Leave one month out, and nothing falls."),
            ("none", "No problem: it goes up and down.", 0, "One month is many times further off than the rest."),
        ),
        "causes": choices(
            dice,
            (reason, f"{cause}.", 100, "One reason rises in the same month; the others stay as they are."),
            *((each, f"{MENDING[each][1]}.", 0, "This reason is much as in the other months.")
              for each in MENDING if each != reason),
            ("volume", "There were too many requests.", 0, "More requests do not lower a share by themselves."),
        ),
        "evidence": [f"reasons.{month.lower()}.{reason}"],
        "actions": choices(
            dice,
            ("mend", f"{best}.", 100, "This reaches the cause, and the requests that it cost."),
            ("tell", "Tell the users why their requests take longer.", 50, "Kind, and it mends nothing yet."),
            ("leave-out", f"Leave {month} out of the report.", 0, "That mends the number, not the service."),
            ("change", "Change all suppliers.", 0, "The suppliers did what they always do."),
        ),
        "honesty": honesty(dice, "yes"),
    }  # fmt: skip
    return Planted(case, mean(rest) - rates[at], _spread(rest))


def _split(dice: Dice, total: int, parts: int) -> list[int]:
    """``total`` in about equal whole parts."""
    each = [total // parts] * parts
    each[dice.whole(0, parts - 1)] += total - sum(each)
    return each


STAGES = {"own": "Own desk", "supplier": "Supplier", "transit": "Transit", "receiving": "Receiving"}


def delay(dice: Dice) -> Planted:
    """Receiving takes long at one branch of two; transit is the longest stage, and the same at both."""
    branch = dice.choice(BRANCHES)
    ids = [f"r{number}" for number in range(1, 9)]
    rows: list[Row] = []
    for number, each in enumerate(ids):
        late = number >= 4
        receiving = dice.whole(6, 8) if late else dice.whole(0, 1)
        cells = [dice.whole(0, 2), dice.whole(1, 3), dice.whole(4, 5), receiving]
        rows.append((each, f"{each} ({branch if late else 'Main'})", cells))
    received = [cells[3] for _id, _label, cells in rows]
    rounds: list[Row] = [("main", "Main", [5]), (branch.lower(), branch, [1])]
    asks = [
        {"id": measure, "label": f"{text} of all totals", "measure": measure, "table": "days", "columns": list(STAGES)}
        for measure, text in (("mean", "Mean"), ("median", "Median"), ("p90", "90th percentile"))
    ] + [
        {"id": f"at-{number}", "label": f"Median of receiving, {name}", "measure": "median", "table": "days",
         "columns": ["receiving"], "rows": list(part)}
        for number, (name, part) in enumerate((("Main", ids[:4]), (branch, ids[4:])), start=1)
    ]  # fmt: skip
    case = {
        "title": "Eight loans, day by day",
        "brief": "Two branches complain that loans take too long. The report shows each stage of eight loans in calendar days.",
        "definitions": [
            definition("Turnaround", "From the day the user asks to the day the user is told. Calendar days; loans only."),
            definition("Receiving", "From the day the parcel reaches our house to the day the user is told."),
            definition("90th percentile", "Nearest rank: the day count at the rank nine tenths of their number, rounded up."),
        ],
        "tables": [
            table("days", "Days for each stage", "Loan", STAGES, rows),
            table("rounds", "House mail", "Branch", {"rounds": "Rounds a week"}, rounds),
        ],
        "charts": [{"title": "Days by loan", "kind": "stacked", "table": "days", "low": 0, "high": 20,
                    "series": [{"label": text, "column": each} for each, text in STAGES.items()]}],
        "asks": asks,
        "problems": choices(
            dice,
            ("branch", f"Receiving at {branch}.", 100, f"At Main it takes a day at most, at {branch} about a week."),
            ("transit", "Transit.", 0, "It is long, and much the same for both branches."),
            ("supplier", "The suppliers.", 0, "Their days are few, and the same for both branches."),
            ("main", "Receiving at Main.", 0, "It takes a day at most there."),
        ),
        "causes": choices(
            dice,
            ("mail", f"Parcels wait in the house: the mail goes to {branch} once a week.", 100,
             "One round a week explains waiting of about a week."),
            ("courier", "The courier is slow.", 0, "The courier brings both branches their parcels equally fast."),
            ("desk", "Requests are sent late.", 0, "Our own desk takes two days at most."),
        ),
        "evidence": [f"rounds.{branch.lower()}.rounds"],
        "actions": choices(
            dice,
            ("rounds", f"Agree on more rounds of house mail to {branch}, and tell users on arrival.", 100,
             "This reaches the stage that takes too long."),
            ("warn", f"Tell users at {branch} to expect a week more.", 50, "Honest, and nothing gets faster."),
            ("supplier", "Ask faster suppliers first.", 0, "The suppliers are not what takes long."),
        ),
        "honesty": honesty(dice, "yes"),
    }  # fmt: skip
    size = median(received[4:]) - median(received[:4])
    return Planted(case, size, max(Decimal(max(received[:4]) - min(received[:4])), Decimal(1)))


def expired(dice: Dice) -> Planted:
    """A headline that rises because what expired unanswered is left out of it."""
    unanswered = [dice.whole(4, 6), dice.whole(7, 9), dice.whole(35, 45), dice.whole(70, 85)]
    base, rows, pairs = dice.whole(68, 72), [], []
    for number, (name, late) in enumerate(zip(QUARTERS, unanswered, strict=True)):
        counted = dice.whole(390, 420)
        filled = counted * (base - number) // 100
        rows.append((name.lower(), name, [counted + 10, filled, counted - filled - late, late, 10]))
        pairs.append((filled, counted - filled - late))
    columns = {
        "received": "Received",
        "filled": "Filled",
        "no": "Answered no",
        "expired": "Expired",
        "withdrawn": "Withdrawn",
    }
    headline = _rates(pairs)
    case = {
        "title": "A year of lending",
        "brief": f"The headline says: “Fill rate up from {round(headline[0])} to {round(headline[3])} %”. Is it?",
        "definitions": [LENDING, definition("Headline", "Filled ÷ (filled + answered no).")],
        "tables": [table("counts", "Requests from other libraries", "Quarter", columns, rows)],
        "charts": [{"title": "Fill rate by quarter", "kind": "bar", "table": "counts", "low": 0, "high": 100,
                    "series": [{"label": "Headline, %", "top": ["filled"], "base": ["filled", "no"], "headline": True}]}],
        "asks": _rate_asks("Fill rate", "lending", QUARTERS),
        "problems": choices(
            dice,
            ("worse", "The service got worse; the headline hides it.", 100, "With what expired under the rate it falls."),
            ("better", "None: the service got better.", 0, "The headline leaves out what was never answered."),
            ("no", "Too many requests are answered with no.", 0, "Fewer are answered with no than before."),
            ("demand", "Too many requests come in.", 0, "The number received hardly moves."),
        ),
        "causes": choices(
            dice,
            ("queue", "The queue is not worked in time: requests expire unanswered.", 100,
             "Expired requests rise from a handful to dozens."),
            ("withdrawn", "Other libraries withdraw their requests.", 0, "As many were withdrawn in each quarter."),
            ("stock", "We hold less of what is asked for.", 0, "Then answers of no would rise; they fall."),
        ),
        "evidence": ["counts.q4.expired"],
        "actions": choices(
            dice,
            ("triage", "Look through the queue daily, say no early, and close lending when we are closed.", 100,
             "Then requests are answered, and move on when we cannot help."),
            ("print", "Print the number of expired requests beside the rate.", 50, "Honest, but they still expire."),
            ("keep", "Keep the headline, it is a good one.", 0, "It is flattering and wrong."),
        ),
        "honesty": honesty(dice, "left-out"),
    }  # fmt: skip
    return Planted(case, Decimal(unanswered[3] - unanswered[0]), Decimal(unanswered[1] - unanswered[0]))


def changed(dice: Dice) -> Planted:
    """A headline that jumps in the month from which found-locally counts as filled."""
    at = dice.whole(2, 4)
    month = MONTHS[at]
    pairs = _monthly(dice, dice.whole(80, 86), 1, {})
    local = [(filled + unfilled) * dice.whole(85, 95) // 100 for filled, unfilled in pairs]
    rows, headline = [], []
    for number, (filled, unfilled) in enumerate(pairs):
        more = local[number] * (number >= at)
        counts = [filled, unfilled, local[number], filled + more, filled + unfilled + more]
        rows.append((MONTHS[number].lower(), MONTHS[number], counts))
        headline.append(percentage(filled + more, filled + unfilled + more))
    columns = {"filled": "Filled by partners", "unfilled": "Unfilled", "local": "Found locally",
               "counted": "Headline: filled", "of": "Headline: of"}  # fmt: skip
    case = {
        "title": "A rise that pleases everybody",
        "brief": f"Since {month} the chart looks much better. Find out what changed before anybody is praised for it.",
        "definitions": [
            BORROWING,
            definition("Headline", f"Filled ÷ closed. From {month} on, found locally counts as filled."),
        ],
        "tables": [table("counts", "Requests of our users", "Month", columns, rows)],
        "charts": [{"title": "Headline by month", "kind": "bar", "table": "counts", "low": 0, "high": 100,
                    "series": [{"label": "Headline, %", "top": ["counted"], "base": ["of"], "headline": True}]}],
        "asks": _rate_asks("Borrowing fill rate", "borrowing", MONTHS[at - 1 : at + 2]),
        "problems": choices(
            dice,
            ("same", f"Nothing got better in {month}; another thing is counted.", 100, "By one definition the rate stays."),
            ("better", f"None: partners fill more since {month}.", 0, "Partners fill much the same share as before."),
            ("worse", f"The service got worse in {month}.", 0, "By one definition the rate stays."),
        ),
        "causes": choices(
            dice,
            ("definition", f"From {month} on, found locally counts as filled.", 100,
             "The headline counts more than partners filled, from that month on."),
            ("local", f"Much more is found locally since {month}.", 0, "As much was found locally before; it was not counted."),
            ("partners", "New partners were found.", 0, "Nothing in the report tells of partners."),
        ),
        "evidence": [f"counts.{month.lower()}.counted", f"counts.{month.lower()}.of"],
        "actions": choices(
            dice,
            ("one", "Work out all months by one definition, and mark the day of the change.", 100,
             "Then months can be compared, and the change is told."),
            ("note", "Put a note under the chart.", 50, "Better than silence; the bars still compare two things."),
            ("praise", "Report the success.", 0, "There is none."),
        ),
        "honesty": honesty(dice, "definition"),
    }  # fmt: skip
    before, after = headline[:at], headline[at:]
    return Planted(case, mean(after) - mean(before), _spread(_rates(pairs)))


def axis(dice: Dice) -> Planted:
    """Rates that hardly move, drawn with an axis that begins just under them."""
    pairs = _monthly(dice, dice.whole(82, 88), 2, {})
    rates = _rates(pairs)
    low, high = int(min(rates)) - 1, int(max(rates)) + 2
    worst = MONTHS[rates.index(min(rates))]
    rows = [(name.lower(), name, list(pair)) for name, pair in zip(MONTHS, pairs, strict=True)]
    case = {
        "title": "A terrible month?",
        "brief": f"The director saw this chart and asks what happened in {worst}. What do you say?",
        "definitions": [BORROWING],
        "tables": [
            table("counts", "Copies asked for", "Month", {"filled": "Filled", "unfilled": "Unfilled"}, rows),
            table("drawn", "How the chart is drawn", "Axis", {"begins": "Begins at", "ends": "Ends at"},
                  [("axis", "Fill rate, %", [low, high])]),
        ],
        "charts": [{"title": "Fill rate by month", "kind": "bar", "table": "counts", "low": low, "high": high,
                    "series": [{"label": "Filled of all closed, %", "top": ["filled"], "base": ["filled", "unfilled"]}]}],
        "asks": _rate_asks("Fill rate", "borrowing", MONTHS),
        "problems": choices(
            dice,
            ("none", "None: the months lie within a few points of each other.", 100, "The rates hardly move."),
            ("worst", f"{worst}: the service broke down.", 0, "Work the rate out: it is a few points below the others."),
            ("trend", "The rate falls all the time.", 0, "It goes up and down by a few points."),
        ),
        "causes": choices(
            dice,
            ("axis", "The axis begins just under the lowest bar and makes little look much.", 100,
             "Where the axis begins stands in the table on how the chart is drawn."),
            ("unfilled", f"Partners refused more in {worst}.", 0, "A handful more of well over a hundred."),
            ("staff", "The desk was not staffed.", 0, "Nothing in the report tells of staff."),
        ),
        "evidence": ["drawn.axis.begins"],
        "actions": choices(
            dice,
            ("redraw", "Draw it again from 0 with the counts, and explain that nothing happened.", 100,
             "An honest chart answers the question."),
            ("table", "Send the director the table.", 50, "True, but the chart stays in the report."),
            ("inquiry", f"Begin an inquiry into {worst}.", 0, "There is nothing to inquire into."),
        ),
        "honesty": honesty(dice, "axis"),
    }  # fmt: skip
    drawn = (max(rates) - low) / (min(rates) - low)  # how many times as high the longest bar looks
    return Planted(case, drawn, max(rates) / min(rates))


ANOMALIES: Mapping[str, Callable[[Dice], Planted]] = {
    "spike": spike, "delay": delay, "expired": expired, "changed": changed, "axis": axis,
}  # fmt: skip
