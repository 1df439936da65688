"""Registry of the panels of ``/home/``. A panel builds its context in a bounded number of queries."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

Build = Callable[[HttpRequest], dict[str, Any] | None]


@dataclass(frozen=True)
class Panel:
    """``place`` is ``lede`` (under the greeting), ``strap`` (the one next thing), ``main`` or ``aside``.

    ``build`` returns None to stay away.
    """

    place: str
    order: int
    template: str
    build: Build


_panels: list[Panel] = []


def register(panel: Panel) -> None:
    """Add ``panel``; registering the same panel twice is harmless."""
    if panel not in _panels:
        _panels.append(panel)
        _panels.sort(key=lambda each: each.order)


def panels_for(request: HttpRequest) -> dict[str, list[dict[str, Any]]]:
    """The panels that have something to say, by place: ``{"template": …, "context": …}`` each.

    Only the first panel of ``strap`` is kept: a page has one primary action.
    """
    places: dict[str, list[dict[str, Any]]] = {"lede": [], "strap": [], "main": [], "aside": []}
    for panel in _panels:
        if panel.place == "strap" and places["strap"]:
            continue
        context = panel.build(request)
        if context is not None:
            places[panel.place].append({"template": panel.template, "context": context})
    return places
