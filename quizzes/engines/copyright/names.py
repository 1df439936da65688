"""Invented titles and people of generated copyright cases. They are data, like those of written cases."""

from collections.abc import Mapping
from typing import Any

from quizzes.engines.dice import Dice

PLACES = ("Prairie", "Fenland", "Upland", "Saltmarsh", "Harbour", "Lakeshore", "Moorland", "Delta")
SUBJECTS = ("Hydrology", "Beekeeping", "Lichen", "Orchard", "Signal", "Ferry", "Peat", "Lantern")
FORMS = ("Notes", "Letters", "Annals", "Quarterly")
BOOKS = ("Essays on", "A Short History of", "Letters about", "The Making of")
THINGS = ("Salt", "Lanterns", "Weirs", "Ferries", "Ink", "Peat", "Bells", "Maps")
SCORES = ("String Quartet", "Six Songs", "Sonata")
ITEMS = (
    "Silt and the sturgeon nursery", "What the tide gauge kept", "Two winters of ledger entries", "Reading a weir log",
    "On mending nets", "The ferry that ran at night", "A count of quiet hours", "Wind, reed and bank",
)  # fmt: skip
PATRONS = (
    "Undergraduate, for a thesis", "Doctoral student", "Retired teacher, for private study", "Nurse, for a course",
    "Member of the public", "Visiting researcher",
)  # fmt: skip
BRIEF = "A new request is on your desk. Read the slip and the policy, then go through the log."


def work(dice: Dice, kind: str, work_type: str) -> str:
    if work_type == "music":
        return f"{dice.choice(SCORES)} “{dice.choice(THINGS)}”"
    if kind == "other":
        return f"{dice.choice(BOOKS)} {dice.choice(THINGS)}"
    return f"{dice.choice(PLACES)} {dice.choice(SUBJECTS)} {dice.choice(FORMS)}"


def sister(dice: Dice, kind: str) -> str:
    """Another work with a title of the same make; never one that ``work`` gives."""
    if kind == "other":
        return f"More {dice.choice(BOOKS[:1])} {dice.choice(THINGS)}"
    return f"{dice.choice(PLACES)} {dice.choice(SUBJECTS)} Abstracts"


def item(dice: Dice) -> str:
    return dice.choice(ITEMS)


def patron(dice: Dice, gate: Mapping[str, Any]) -> str:
    """Who asks, in a way that fits what the gate is about."""
    if gate.get("concerted"):
        return "One of fifteen students who were all told to ask for this same item"
    if gate.get("other_use_known"):
        return "Consultant, who says it is for a report to a paying client"
    if gate.get("same_issue_same_user"):
        return "The user whose first article from this issue was filled last month"
    return dice.choice(PATRONS)
