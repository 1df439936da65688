"""Borrowing worlds from a seed: who fails and why, who supplies, what the user can live with, and what comes after."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quizzes.engines.dice import Dice
from quizzes.engines.workflow import pieces
from quizzes.engines.workflow.made_up import ARTICLES, BOOKS, World

VERSION = 1
FAILING = {"basic": (0, 1), "working": (1, 2), "advanced": (2, 3)}  # how many suppliers fail before one supplies
EASY = ("unfilled", "silence", "too_late")
IN_FIVE_YEARS, OLDER = (10, 50), (62, 200)  # months between the issue and the request


def generate(seed: int, level: str = "working") -> dict[str, Any]:
    """A world of ``level``. One advanced world in six ends with nobody left on the list, every other one completes."""
    dice = Dice("workflow", VERSION, level, seed)
    copy, community = dice.chance(1, 3), level != "basic" and dice.chance(1, 2)
    world = World(dice, copy=copy, community=community)
    (cite if copy else name)(world)
    world.walk.append({"verb": "verify"})
    hopeless = level == "advanced" and dice.chance(1, 6)
    known = EASY if level == "basic" else (*EASY, "too_dear")
    known = (*known, "library_use") if community and not copy else known
    failures = dice.sample(known, dice.whole(*FAILING[level]))
    if hopeless:
        failures = [each for each in failures if each != "too_dear"] or ["unfilled"]
    for each in failures:
        pieces.FAILURES[each](world)
    world.goal(6, id="sent", kind="did", move="send")
    if hopeless:
        pieces.end_of_list(world)
    elif copy:
        pieces.copy_supplied(world)
    else:
        after = dice.choice({"basic": ("",), "working": ("", "renewal"), "advanced": ("renewal", "recall")}[level])
        pieces.loan_supplied(world, pieces.AFTER[after])
    tell_situation(world)
    return world.case(seed, level, "CLOSED" if hopeless else "COMPLETED")


def name(world: World) -> None:
    world.title = world.dice.choice(BOOKS)


def cite(world: World) -> None:
    """An article, inside the five years of the guidelines or well outside of them."""
    world.title, world.container = world.dice.choice(ARTICLES)
    inside = world.dice.chance(1, 2)
    months = world.dice.whole(*(IN_FIVE_YEARS if inside else OLDER))
    year, month = divmod(world.start.year * 12 + world.start.month - 1 - months, 12)
    world.issue = f"{year}-{month + 1:02d}"
    world.code = "CCG" if inside else "CCL"


def tell_situation(world: World) -> None:
    """The brief, from what the world became."""
    count = len(world.rota)
    values = {"title": world.title, "container": world.container, "limit": world.limit, "count": count}
    if world.copy:
        world.brief.append(_("A user asks for a copy of the article *%(title)s* from *%(container)s*.") % values)
        world.brief.append(_("Your library has had one copy from this journal this year, and does not subscribe."))
    else:
        world.brief.append(_("A user asks for the book *%(title)s*.") % values)
    world.brief.append(
        _("Your library pays up to $%(limit)s.") % values if world.limit else _("Your library pays nothing.")
    )
    text = ngettext("One library holds it.", "%(count)d libraries hold it, in the order of your list.", count)
    world.brief.append(text % values)
