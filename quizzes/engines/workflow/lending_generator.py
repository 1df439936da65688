"""Lending worlds from a seed: whether it can go and on what terms, and what becomes of the loan."""

from typing import Any

from django.utils.translation import gettext as _

from quizzes.engines.dice import Dice
from quizzes.engines.workflow.lending_pieces import AFTER, ENDS, MET, shipped
from quizzes.engines.workflow.lending_world import LendingWorld

VERSION = 1
BEGINNINGS = {  # a name stands as often as it shall come
    "basic": ("found", "found", "found", "refused", "copied"),
    "working": ("found", "found", "asks", "asks", "asks", "refused"),
    "advanced": ("found", "asks", "asks", "asks", "asks", "called_off"),
}
ENDINGS = {
    "basic": ("on_time", "on_time", "damaged"),
    "working": ("on_time", "renewed", "not_renewed", "damaged"),
    "advanced": ("renewed", "not_renewed", "recalled", "chased", "lost"),
}


def generate(seed: int, level: str = "working") -> dict[str, Any]:
    """A world of ``level`` from the lender's desk. The same seed gives the same world."""
    dice = Dice("workflow-lending", VERSION, level, seed)
    met = dice.choice(BEGINNINGS[level])
    community = level != "basic" and dice.chance(1, 2)
    if met == "asks":
        met = "conditioned" if community else "priced"
    world = LendingWorld(dice, copy=met == "copied", community=community)
    world.location = dice.choice((_("main stacks"), _("open stacks, second floor"), _("storage building")))
    MET[met](world)
    ends = ENDS.get(met, "COMPLETE")
    if met not in ("refused", "called_off", "copied"):
        after = dice.choice(ENDINGS[level])
        shipped(world)
        AFTER[after](world)
        ends = ENDS.get(after, "COMPLETE")
    tell_situation(world)
    return world.case(seed, level, ends)


def tell_situation(world: LendingWorld) -> None:
    """The brief, from what the world became; what the shelf says is left to those who look."""
    values = {"name": world.requester, "title": world.title, "container": world.container, "where": world.location}
    if world.copy:
        world.brief.append(_("%(name)s asks for a copy of *%(title)s* from *%(container)s*.") % values)
    elif "volume" in world.request:
        values["volume"] = world.request["volume"]
        world.brief.append(_("%(name)s asks to borrow volume %(volume)s of *%(title)s*.") % values)
    else:
        world.brief.append(_("%(name)s asks to borrow *%(title)s*.") % values)
    world.brief.append(_("By the catalogue you hold it: %(where)s.") % values)
    if world.community:
        world.brief.append(_("Your network negotiates conditions; the requester accepts by a note."))
    if world.edition == "2021":
        world.brief.append(_("Both sides work with the edition of 2021."))
