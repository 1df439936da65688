"""What answers to a case of the copyright desk are worth.

Of a hundred: rows 35 and reasons 15 (each row alike), the count 15 (off by one 5), the decision 15, the code 10, the
record 5, the roads 5 (right less wrong, never below nothing, over all that are open). A part that is not asked is left
out, and the others weigh on alone: roads where the request may go as it stands, the record where the sources leave open
whether the duty reaches it. Sending as CCG when the five are taken, or against the gate, is critical.

All weights are taken times the number of rows, so that the share of a row is a whole number.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from quizzes.engines.copyright import contu
from quizzes.engines.copyright.cases import Key, key_of
from quizzes.engines.copyright.contu import CCG, OWN
from quizzes.engines.copyright.telling import codes_why, count_why, request_told, roads_why, row_told, row_why, told
from quizzes.engines.copyright.words import (
    CODES,
    DECISION_WHY,
    DECISIONS,
    REASON_WHY,
    REASONS,
    ROADS,
    SOON,
    kept,
    short,
    spoken,
)
from quizzes.engines.registry import Case, Part

ROWS, REASON, COUNT, DECISION, CODE, RECORD, ROADS_WEIGHT = map(Decimal, (35, 15, 15, 15, 10, 5, 5))
OFF_BY_ONE = Decimal(5) / COUNT
COUNTS, NOT = "counts", "not"
SENT = ("SEND", "SEND_NOCOUNT", "OUTSIDE")
Answers = Mapping[str, Any]


def parts(case: Case, answers: Answers) -> list[Part]:
    key, rows = key_of(case), Decimal(len(case["log"]))
    found = [*_row_parts(case, key, answers), *_reason_parts(case, key, answers)]
    found += [_count(case, key, answers, rows), _decision(case, key, answers, rows), _code(case, key, answers, rows)]
    if not key.ruling.retain_open:
        found.append(_record(case, key, answers, rows))
    if key.open_roads:
        found.append(_roads(case, key, answers, rows))
    return found


def label_of(number: int, row: Case) -> str:
    return _("Row %(number)d (%(day)s)") % {"number": number, "day": short(dt.date.fromisoformat(row["requested"]))}


def _yes(holds: bool) -> Decimal:
    return Decimal(int(holds))


def _counts_words(value: str | None) -> str:
    return {COUNTS: _("It counts."), NOT: _("It does not count.")}.get(value or "", "")


def _row_parts(case: Case, key: Key, answers: Answers) -> list[Part]:
    found = []
    for number, row in enumerate(case["log"]):
        right = COUNTS if key.ruling.counts[number] else NOT
        given = answers.get(f"row.{row['id']}")
        found.append(
            Part(
                key=f"row.{row['id']}",
                label=label_of(number + 1, row),
                weight=ROWS,
                fraction=_yes(given == right),
                did=_counts_words(given),
                expected=_counts_words(right),
                why=row_why(case, row, key.reasons[number]),
                next_time=_(
                    "Ask each row: this work, a copy, filled, this year, no other basis, inside its own window?"
                ),
                facts=_facts(key.reasons[number]),
                asked=_("%(row)s Does it use up one of the five for a request of %(day)s?")
                % {"row": row_told(case, row), "day": spoken(dt.date.fromisoformat(case["requested"]))},
            )
        )
    return found


def _facts(reasons: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fact for reason in reasons for fact in REASON_WHY[reason][1]))


def _reason_parts(case: Case, key: Key, answers: Answers) -> list[Part]:
    found = []
    for number, row in enumerate(case["log"]):
        right = key.reasons[number]
        given = answers.get(f"reason.{row['id']}", "")
        asked = "" if key.ruling.counts[number] else _("%(row)s It uses up none of the five. Why?")
        found.append(
            Part(
                key=f"reason.{row['id']}",
                label=_("Reason of row %(number)d") % {"number": number + 1},
                weight=REASON,
                fraction=_yes(given in right),
                did=told(REASONS, [given] if given else []),
                expected=told(REASONS, right),
                why=row_why(case, row, right),
                facts=_facts(right),
                asked=asked and asked % {"row": row_told(case, row)},
            )
        )
    return found


def _count(case: Case, key: Key, answers: Answers, rows: Decimal) -> Part:
    given = answers.get("n")
    right = key.ruling.n
    near = given is not None and abs(given - right) == 1
    return Part(
        key="n",
        label=_("How many count"),
        weight=COUNT * rows,
        fraction=OFF_BY_ONE if near else _yes(given == right),
        did="" if given is None else str(given),
        expected=str(right),
        why=case.get("why_n") or count_why(case, key.ruling.counts),
        next_time=_("Count the rows you ticked, once more, before you decide."),
        facts=("F-31",) if case["kind"] == "periodical" else ("F-33",),
    )


def _decision(case: Case, key: Key, answers: Answers, rows: Decimal) -> Part:
    right, given = key.ruling.decision, answers.get("decision", "")
    why, facts = DECISION_WHY[right]
    said = [case["why_decision"]] if case.get("why_decision") else [str(why)]
    if right == "SEND":
        said.append(_("It takes place %(number)d of 5.") % {"number": key.ruling.n + 1})
    if right == "SEND" and key.ruling.n + 1 == contu.FIVE:
        said.append(_("The next one this year is over."))
    return Part(
        key="decision",
        label=_("The decision"),
        weight=DECISION * rows,
        fraction=_yes(given == right),
        did=told(DECISIONS, [given] if given else []),
        expected=str(DECISIONS[right]),
        why=" ".join(said),
        next_time=_(
            "In this order: the gate of §108, a loan, another basis, your own, the age, and only then the count."
        ),
        facts=facts,
        critical=_sends_as_ccg(key, answers),
        asked=_("%(request)s Requests that count so far this year: %(n)d. What do you decide?")
        % {"request": request_told(case), "n": key.ruling.n},
    )


def _sends_as_ccg(key: Key, answers: Answers) -> bool:
    """Whether it is sent as CCG although the five are taken or §108 stops it; the roads are asked for themselves."""
    if not key.open_roads:
        return False
    decision = answers.get("decision")
    return decision == "SEND" or (decision in SENT and answers.get("code") == CCG)


def _code(case: Case, key: Key, answers: Answers, rows: Decimal) -> Part:
    given = answers.get("code", "")
    right = [code for code in CODES if code in key.ruling.codes]
    return Part(
        key="code",
        label=_("The code"),
        weight=CODE * rows,
        fraction=_yes(given in right),
        did=told(CODES, [given] if given else []),
        expected=told(CODES, right),
        why=case.get("why_code") or codes_why(case, key.ruling),
        facts=("F-48",)
        if case.get("basis") in OWN
        else ("F-46",)
        if key.ruling.decision == "NOT_A_COPY"
        else ("F-47",),
        asked=_("%(request)s The decision: %(decision)s. Which compliance code goes with it?")
        % {"request": request_told(case), "decision": DECISIONS[key.ruling.decision]},
    )


def _record(case: Case, key: Key, answers: Answers, rows: Decimal) -> Part:
    until = key.ruling.retain_until
    given = answers.get("retain", "")
    right = until.isoformat() if until else SOON
    why = (
        _("What the guidelines cover is kept to the end of the third complete calendar year after that of the request.")
        if until
        else _("The guidelines do not cover it, so they ask for no record; keeping more works against privacy.")
    )
    return Part(
        key="retain",
        label=_("How long the request is kept"),
        weight=RECORD * rows,
        fraction=_yes(given == right),
        did=kept(given) if given else "",
        expected=kept(right),
        why=why,
        next_time=_("Year of the request plus three, 31 December, for what the guidelines cover, filled or not."),
        facts=("F-39",),
        asked=_("%(request)s The decision: %(decision)s. Until when must the request be kept?")
        % {"request": request_told(case), "decision": DECISIONS[key.ruling.decision]},
    )


def _roads(case: Case, key: Key, answers: Answers, rows: Decimal) -> Part:
    given = answers.get("roads", ())
    right = sum(road in key.open_roads for road in given)
    wrong = sum(road in key.closed_roads for road in given)
    return Part(
        key="roads",
        label=_("The open roads"),
        weight=ROADS_WEIGHT * rows,
        fraction=max(Decimal(right - wrong), Decimal(0)) / len(key.open_roads),
        did=told(ROADS, given),
        expected=told(ROADS, key.open_roads),
        why=roads_why(key, given),
        facts=("F-16", "F-37") if key.ruling.decision == "GATE_108E" else ("F-42", "F-43", "F-47"),
        critical="send_ccg" in given,
        asked=_("%(request)s The decision: %(decision)s. Which roads are open?")
        % {"request": request_told(case), "decision": DECISIONS[key.ruling.decision]},
    )
