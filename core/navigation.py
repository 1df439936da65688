"""Registry of navigation items: the menu shows what a person can do, nothing else.

An app registers its items in ``AppConfig.ready()``; templates read them through ``core.context.site``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

Visible = Callable[[HttpRequest], bool]


@dataclass(frozen=True)
class Item:
    """A place in the menu.

    ``area`` is ``main`` (header and phone bar), ``work`` (after the rule: team, author …), ``account``, ``catalogue`` or
    ``organisation`` (the bar under the header there; addresses of ``organisation`` take the slug of the library, so the
    template makes them of ``url_name``). A place ``holds`` another area when each of its places is this one, too.
    ``match`` is the path prefix that marks it as the current place; one that ends in ``$`` is the whole
    path. ``count`` gives a badge number (0 = none).
    """

    area: str
    order: int
    label: Any
    url_name: str
    icon: str
    match: str
    visible: Visible = lambda request: True
    count: Callable[[HttpRequest], int] = lambda request: 0
    holds: str = ""


OF_ONE = "organisation"
_items: list[Item] = []


def register(item: Item) -> None:
    """Add ``item``; registering the same item twice is harmless."""
    if item not in _items:
        _items.append(item)
        _items.sort(key=lambda each: (each.area, each.order))


def _is_here(path: str, match: str) -> bool:
    return path == match[:-1] if match.endswith("$") else path.startswith(match)


def items_for(request: HttpRequest) -> dict[str, list[dict[str, Any]]]:
    """The items this request may see, by area, each with its url and whether it is the current place."""
    menu: dict[str, list[dict[str, Any]]] = {"main": [], "work": [], "account": [], "catalogue": [], OF_ONE: []}
    for item in _items:  # in the order of areas, so what main holds is known before
        if item.visible(request):
            held = any(each["current"] for each in menu.get(item.holds, ()))
            menu[item.area].append(
                {
                    "label": item.label,
                    "url": "" if item.area == OF_ONE else reverse(item.url_name),
                    "url_name": item.url_name,
                    "icon": item.icon,
                    "current": held or _is_here(request.path, item.match),
                    "count": item.count(request),
                }
            )
    return menu
