"""The shapes of areas in a picture, and what lies in them. Pixels from the top left."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from quizzes.registry import Content

Point = tuple[int, int]
NUMBERS = re.compile(r"-?\d{1,5}")


def in_rect(coords: Sequence[int], point: Point) -> bool:
    left, top, right, bottom = coords
    return left <= point[0] <= right and top <= point[1] <= bottom


def in_circle(coords: Sequence[int], point: Point) -> bool:
    x, y, radius = coords
    return (point[0] - x) ** 2 + (point[1] - y) ** 2 <= radius**2


def in_polygon(coords: Sequence[int], point: Point) -> bool:
    """By the even-odd rule: a ray from the point crosses the outline an odd number of times. The outline is inside."""
    corners = list(zip(coords[::2], coords[1::2], strict=True))
    sides = list(zip(corners, [*corners[1:], corners[0]], strict=True))
    return any(_on(side, point) for side in sides) or sum(_crosses(side, point) for side in sides) % 2 == 1


def _turn(side: tuple[Point, Point], point: Point) -> int:
    """Above 0 when ``point`` is to the left of the side, below when to the right, 0 on its line."""
    (x1, y1), (x2, y2) = side
    return (x2 - x1) * (point[1] - y1) - (point[0] - x1) * (y2 - y1)


def _on(side: tuple[Point, Point], point: Point) -> bool:
    (x1, y1), (x2, y2) = side
    within = min(x1, x2) <= point[0] <= max(x1, x2) and min(y1, y2) <= point[1] <= max(y1, y2)
    return within and _turn(side, point) == 0


def _crosses(side: tuple[Point, Point], point: Point) -> bool:
    """Does the ray from ``point`` towards greater x cross the side?"""
    (_x1, y1), (_x2, y2) = side
    upwards = y1 <= point[1] < y2
    downwards = y2 <= point[1] < y1
    return (upwards and _turn(side, point) > 0) or (downwards and _turn(side, point) < 0)


INSIDE: Mapping[str, Callable[[Sequence[int], Point], bool]] = {
    "rect": in_rect,
    "circle": in_circle,
    "poly": in_polygon,
}


def coords_of(area: Content) -> list[int]:
    """The numbers of an area; an author's form writes them as ``10, 20, 30, 40``."""
    written = area["coords"]
    return [int(each) for each in NUMBERS.findall(written)] if isinstance(written, str) else list(written)


def shape_fault(shape: str, coords: Sequence[int], width: int, height: int) -> str:
    """Why these numbers draw no area in a picture of this size; empty when they do."""
    sizes = {"rect": len(coords) == 4, "circle": len(coords) == 3, "poly": len(coords) >= 6 and len(coords) % 2 == 0}
    if not sizes[shape]:
        return _("A rectangle needs 4 numbers, a circle 3, a polygon 2 for each of 3 or more corners.")
    if shape == "rect" and not (coords[0] < coords[2] and coords[1] < coords[3]):
        return _("Left must be before right, and top above bottom.")
    if shape == "circle" and coords[2] == 0:
        return _("The radius must be more than 0.")
    across, down = (coords[:1], coords[1:2]) if shape == "circle" else (coords[::2], coords[1::2])
    if max(across) > width or max(down) > height:
        return _("This is outside of the picture, which is %(width)d by %(height)d pixels.") % {
            "width": width,
            "height": height,
        }
    return ""


def is_point(value: Any, content: Content) -> bool:
    """Is ``value`` two whole numbers that are in the picture?"""
    if not isinstance(value, list | tuple) or len(value) != 2 or any(type(each) is not int for each in value):
        return False
    return bool(0 <= value[0] <= content["width"] and 0 <= value[1] <= content["height"])


def area_at(content: Content, point: Point) -> str | None:
    """The id of the first area that holds ``point``; None outside of all."""
    for area in content["areas"]:
        if INSIDE[area["shape"]](coords_of(area), point):
            return str(area["id"])
    return None
