"""Lending queues out of a seed: each decision at least once, no reason twice, and a day that the courier divides."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quizzes.engines.dice import Dice
from quizzes.engines.triage.desk import clock, minute
from quizzes.engines.triage.loans import due_today
from quizzes.engines.triage.reasons import ISO, LEGACY, WAITING

FIRST_MONDAY = dt.date(2026, 1, 5)
OPENS = "09:00"
SLACK = 5  # minutes that are left when the courier leaves, in the right order
HERE = ("Mill River State University", "Prairie Health Sciences", "Mesa Ridge College", "Harbor County Public")
ABROAD = ("Seefeld University Library, Austria", "Nordhavn City Library, Denmark", "Port Alder Library, Canada")
BOOKS = (
    "Bridges of the Lower Plain", "A Winter of Small Boats", "The Ferry Question", "Lamps and Lighters",
    "Orchards without Fences", "Tide Tables Explained", "The Clerk of Mill Lane", "Notes from a Dry Well",
    "A Short History of Gates", "The Heron Keeper", "Salt Roads", "Houses on Stilts", "The Quiet Weir",
    "Songs of the Weir", "Atlas of Hedgerows", "Bells of the Upper Valley",
)  # fmt: skip
JOURNALS = (
    "Kelp Quarterly", "Delta News", "Harbor Studies", "Alloy Letters", "Annals of Footpaths", "Silt and Sediment",
    "Journal of Small Museums", "The Millwright",
)  # fmt: skip
OVERDUE = {"grace": 7, "notice": [8, 15], "contact": 30, "bill_after": 45, "recall_days": 7}
WORK = (
    "The courier comes once a day and takes two days. What is needed before the third day from now must leave today. "
    "First what leaves with the courier, what must be printed, and recalls; then all other answers and overdue steps; "
    "what only waits comes last."
)


@dataclass(frozen=True)
class Scene:
    """How a situation looks at the desk. ``notes`` are ``(id, text)``, the first ``musts`` of them required."""

    service: str
    holding: str
    notes: Sequence[tuple[str, str]] = ()
    musts: int = 0
    suffix: str = ""
    rule: str = ""
    note: str = ""
    abroad: bool = False


_SUGGEST = ("suggest", "Suggest that the patron writes to us directly")
_SORRY = ("history", "Tell them how long we have had this problem")
SCENES: Mapping[str, Scene] = {
    "supply": Scene("loan", "In, main stacks, good condition"),
    "print-only": Scene(
        "copy",
        "Only as an e-journal",
        (
            ("print", "Print the article from the licensed copy, then scan or post the print"),
            ("notice", "Include the copyright notice"),
            ("file", "Send the publisher's file as it is"),
        ),
        musts=2,
    ),
    "licence-bars": Scene(
        "copy",
        "Only as an e-journal",
        (("other", "Say that another library may hold it in print"), _SUGGEST, _SORRY),
        musts=1,
    ),
    "on-loan": Scene("loan", "One copy, on loan"),
    "at-bindery": Scene("loan", "One copy, at the bindery"),
    "on-order": Scene("loan", "On order"),
    "not-owned": Scene("loan", "No title like this, in no catalogue of ours"),
    "lacking": Scene(
        "copy",
        "Volumes 1–11 and 13 onwards",
        (("volume", "Say that volume 12 is lacking"), _SUGGEST, _SORRY),
        musts=1,
        suffix=" 12:44–51",
    ),
    "not-on-shelf": Scene("loan", "Catalogue: in. Searched twice this week, not at its place"),
    "reference": Scene("loan", "In, reference collection", rule="Reference books do not leave the house."),
    "fragile": Scene("loan", "In, one copy; the spine is broken and leaves are loose"),
    "policy": Scene(
        "loan",
        "In, disc collection",
        (("pointer", "Name, kindly, a place in their own country to ask"), _SUGGEST, _SORRY),
        musts=1,
        suffix=" (disc)",
        rule="Discs and films go to libraries in this country only.",
        abroad=True,
    ),
    "not-as-cited": Scene(
        "copy",
        "Volume 13(2) in hand: another article begins on page 80",
        (("there", "Say what really begins on page 80"), _SUGGEST, _SORRY),
        musts=1,
        suffix=" 13(2):80–95",
    ),
    "cost": Scene("loan", "In, main stacks"),
    "delivery": Scene(
        "loan",
        "In, main stacks",
        (("way", "Say that it can go by our courier or by post"), _SUGGEST, _SORRY),
        musts=1,
        note="Please send by motorcycle messenger",
        rule="We send by our courier or by post, in no other way.",
    ),
    "format": Scene(
        "loan",
        "In, as a printed book only",
        (("form", "Say that the printed book can go"), _SUGGEST, _SORRY),
        musts=1,
        note="As large-print edition, please",
    ),
    "no-code": Scene(
        "copy",
        "In, bound volumes",
        (("code", "Say that the compliance code is missing"), _SUGGEST, _SORRY),
        musts=1,
        suffix=" 3:5–9",
    ),
    "library-use": Scene(
        "loan",
        "In, local history shelf",
        (("where", "Ask them to confirm that it stays in their reading room"), _SUGGEST, _SORRY),
        musts=1,
        rule="Books of the local history shelf go out for use in the library only.",
    ),
    "supervised": Scene(
        "loan",
        "In, special collections",
        (("where", "Ask them to confirm a supervised reading room"), _SUGGEST, _SORRY),
        musts=1,
        rule="Special collections go to supervised reading rooms only.",
    ),
}
OFFERS = ("library-use", "supervised")
AGAIN = ("on-loan", "at-bindery", "on-order", "not-as-cited", "cost", "delivery", "format")
NO = ("not-owned", "lacking", "not-on-shelf", "reference", "fragile", "policy")
LICENCES = {"print-only": "paper_only", "licence-bars": "no"}

# Open loans: days past due from and to, none within a day of a rung, and after how many days what was done.
LOANS: Mapping[str, tuple[int, int, Sequence[tuple[str, int]]]] = {
    "early": (-20, -3, ()),
    "grace": (1, 5, ()),
    "first": (10, 13, ()),
    "noticed": (10, 13, (("notice", 8),)),
    "second": (17, 28, (("notice", 8),)),
    "silent": (17, 28, (("notice", 8), ("notice", 15))),
    "personal": (32, 43, (("notice", 8), ("notice", 15))),
    "lost": (17, 28, (("notice", 8), ("lost_reported", 10), ("shelf_here", 11), ("shelf_there", 12))),
    "unsearched": (47, 60, (("notice", 8), ("notice", 15), ("contact", 30), ("shelf_here", 31))),
    "ended": (47, 60, (("notice", 8), ("notice", 15), ("contact", 30), ("shelf_here", 40), ("shelf_there", 41))),
    "wanted": (-20, -3, ()),
}


def generate(seed: int, level: str) -> dict[str, Any]:
    dice = Dice("triage", 1, level, seed)
    today = FIRST_MONDAY + dt.timedelta(days=7 * dice.whole(0, 45))
    reasons = dice.choice((ISO, LEGACY))
    situations = _situations(dice, reasons, level)
    books, journals = iter(dice.shuffled(BOOKS)), iter(dice.shuffled(JOURNALS))
    requests = [
        _request(dice, number, each, today, next(journals if SCENES[each].service == "copy" else books))
        for number, each in enumerate(situations, start=1)
    ]
    kinds = dice.sample(list(LOANS), 2) if level == "advanced" else []
    loans = [_loan(dice, f"l{number}", kind, today, next(books)) for number, kind in enumerate(kinds, start=1)]
    case: dict[str, Any] = {
        "uid": f"queue-{level}-{seed}",
        "title": f"A Monday at the desk, {today.day} {today:%B}",
        "level": level,
        "brief": "A Monday at the lending desk. Answer every row, then put the rows in the order in which you work.",
        "list": reasons,
        "today": today.isoformat(),
        "opens": OPENS,
        "courier_at": OPENS,
        "work": WORK,
        "loan_days": dice.choice((21, 28, 35)),
        "require_code": True,
        "card": [{"text": text} for text in _rules(situations)],
        "licences": [
            {"resource": each["resource"], "terms": LICENCES[each["situation"]]}
            for each in requests
            if "resource" in each
        ],
        "requests": requests,
    }
    if "cost" in situations:
        case["charge"] = dice.choice((10, 12, 15))
    if loans:
        case |= {"overdue": OVERDUE, "loans": loans}
    first = sum(row["minutes"] for row in (*requests, *loans) if row["turn"] == 1)
    return case | {"courier_at": clock(minute(OPENS) + first + SLACK)}


def _situations(dice: Dice, reasons: str, level: str) -> list[str]:
    """One situation for each decision; then a code that is missing and a licence that says something."""
    again = AGAIN if reasons == ISO else ("not-as-cited",)  # the older list has no other reason that asks to try again
    found = ["supply", dice.choice(OFFERS), dice.choice(again), dice.choice(NO)]
    if level != "basic":
        found += ["no-code", dice.choice(list(LICENCES))]
    return dice.shuffled(found)


def _rules(situations: Sequence[str]) -> list[str]:
    """Rules of the card for what is in the queue."""
    return [SCENES[each].rule for each in sorted(situations) if SCENES[each].rule]


def _request(dice: Dice, number: int, situation: str, today: dt.date, title: str) -> dict[str, Any]:
    scene = SCENES[situation]
    copy = scene.service == "copy"
    first = situation in ("supply", "print-only")
    back = today + dt.timedelta(days=dice.whole(4, 25))
    needed = today + dt.timedelta(days=3 if situation == "supply" else dice.whole(10, 30))
    suffix = scene.suffix or (f" {dice.whole(3, 30)}:{dice.whole(20, 40)}–{dice.whole(44, 60)}" if copy else "")
    found: dict[str, Any] = {
        "id": f"r{number}",
        "service": scene.service,
        "item": f"{title}{suffix}",
        "borrower": dice.choice(ABROAD if scene.abroad else HERE),
        "holding": scene.holding,
        "situation": situation,
        "need_before": needed.isoformat(),
        "minutes": 5 * (dice.whole(4, 7) if first else dice.whole(2, 3)),
        "turn": 1 if first else 2,
    }
    if situation == "supply":
        found["courier"] = True
    if copy:
        found["code"] = "" if situation == "no-code" else dice.choice(("CCG", "CCL"))
    if situation in WAITING:
        found["back"] = back.isoformat()
    if situation in LICENCES:
        found["resource"] = title
    if situation == "cost":
        found["max_cost"] = dice.choice((0, 5))
    if scene.note:
        found["note"] = scene.note
    if scene.notes:
        found["notes"] = _notes(dice, scene)
    return found


def _notes(dice: Dice, scene: Scene) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"id": name, "text": text, "must": True} if number < scene.musts else {"id": name, "text": text}
        for number, (name, text) in enumerate(scene.notes)
    ]
    return dice.shuffled([{**row, "critical": True} if row["id"] == "file" else row for row in rows])


def _loan(dice: Dice, name: str, kind: str, today: dt.date, title: str) -> dict[str, Any]:
    low, high, done = LOANS[kind]
    due = today - dt.timedelta(days=dice.whole(low, high))
    loan: dict[str, Any] = {
        "id": name,
        "item": title,
        "borrower": dice.choice(HERE),
        "due": due.isoformat(),
        "own_hold": kind == "wanted",
        "log": [{"date": (due + dt.timedelta(days=days)).isoformat(), "act": act} for act, days in done],
        "minutes": 10,
    }
    turn = {"recall": 1, "wait": 3}.get(due_today(loan, today, OVERDUE).action, 2)
    return loan | {"turn": turn}
