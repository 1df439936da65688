"""A row of the table of who may open what, and what several rows name in their addresses."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.doors.world import QUIZ, World

Arguments = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Row:
    """``expect`` holds a letter for visitor, stranger, trainee, supervisor, instructor, manager, site admin."""

    route: str
    expect: str
    arguments: Arguments = field(default=lambda world: {})
    method: str = "get"
    data: dict[str, Any] | Arguments = field(default_factory=dict)
    shows: str = ""


def public(world: World) -> dict[str, Any]:
    return {"slug": world.public.slug}


def inner(world: World) -> dict[str, Any]:
    return {"slug": world.inner.slug}


def quiz(world: World) -> dict[str, Any]:
    return {"slug": world.public.slug, "uid": QUIZ}


def only(**more: Callable[[World], Any]) -> Arguments:
    return lambda world: {name: pick(world) for name, pick in more.items()}
