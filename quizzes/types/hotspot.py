"""Pointing in a picture, or choosing the same areas from a list."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.markup import MEDIA_NAME
from quizzes.editor import Editor, Field, Rows
from quizzes.registry import Content, Fault, Mark
from quizzes.types.base import (
    DEFAULTS,
    LINE,
    MARKDOWN,
    BaseType,
    clamp,
    lean,
    repeated,
    rows_schema,
    schema_of,
    shuffled,
    words,
    wrong_shape,
)
from quizzes.types.choices import SHUFFLE

Point = tuple[int, int]
MOST_SIZE, MOST_POINTS = 10_000, 20
NUMBERS = re.compile(r"-?\d{1,5}")
COORDS_TEXT = r"^\[?\s*\d{1,5}(\s*,\s*\d{1,5})*\s*\]?$"
POINT = re.compile(r"(\d{1,5}),(\d{1,5})")
PUNCTUATION = re.compile(r"([\\`*_{}\[\]()<>#+.!|~&:-])")


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


def right_ids(content: Content) -> list[str]:
    return [area["id"] for area in content["areas"] if area["right"]]


@dataclass(frozen=True)
class Area:
    """An area as a page shows it: in the list, and once graded in the picture (``shape``, ``coords``)."""

    id: str
    html: str
    chosen: bool
    right: bool = False
    reason: str = ""
    shape: str = ""
    coords: Sequence[int] = ()
    number: int = 0

    @property
    def tone(self) -> str:
        """How it is drawn once graded; empty for an area that is neither right nor chosen."""
        if self.right:
            return "ok"
        return "bad" if self.chosen else ""

    @property
    def corners(self) -> str:
        """The points of a polygon as SVG wants them."""
        return " ".join(f"{x},{y}" for x, y in zip(self.coords[::2], self.coords[1::2], strict=True))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of a rectangle."""
        left, top, right, bottom = self.coords
        return right - left, bottom - top


class Hotspot(BaseType):
    """An answer is ``{"areas": [area ids], "points": [[x, y], …]}`` in pixels of the picture, or None for none.

    A point stands for the first area, as written, that holds it; several in one area are one choice. With one right
    area one is asked for, with several all of them.
    """

    name = "hotspot"
    label = gettext_lazy("Point in a picture")
    icon = "image"
    template = "quizzes/types/hotspot.html"
    content_schema = schema_of(
        {
            "image": {"type": "string", "pattern": rf"^media/{MEDIA_NAME}$"},
            "alt": {"type": "string", "minLength": 1, "maxLength": 500},
            "width": {"type": "integer", "minimum": 1, "maximum": MOST_SIZE},
            "height": {"type": "integer", "minimum": 1, "maximum": MOST_SIZE},
            "areas": rows_schema(
                {
                    "shape": {"enum": list(INSIDE)},
                    "coords": {
                        "oneOf": [
                            {
                                "type": "array",
                                "maxItems": 200,
                                "items": {"type": "integer", "minimum": 0, "maximum": MOST_SIZE},
                            },
                            {"type": "string", "pattern": COORDS_TEXT, "maxLength": 1500},
                        ]
                    },
                    "text": {"type": "string", "minLength": 1, "maxLength": LINE},
                    "right": {"type": "boolean"},
                    "feedback": MARKDOWN,
                },
                required=["shape", "coords", "text", "right"],
                least=1,
                most=20,
            ),
        },
        required=["image", "alt", "width", "height", "areas"],
    )
    editor = Editor(
        fields=(
            Field("image", gettext_lazy("Picture"), "media", required=True),
            Field("alt", gettext_lazy("What the picture shows, in words"), "line", required=True),
            Field("width", gettext_lazy("Width in pixels"), "whole", required=True),
            Field("height", gettext_lazy("Height in pixels"), "whole", required=True),
            SHUFFLE,
        ),
        rows=(
            Rows(
                name="areas",
                label=gettext_lazy("Areas"),
                fields=(
                    Field("text", gettext_lazy("The area in words"), "markdown", required=True),
                    Field(
                        "shape",
                        gettext_lazy("Shape"),
                        "choice",
                        choices=(
                            ("rect", gettext_lazy("Rectangle")),
                            ("circle", gettext_lazy("Circle")),
                            ("poly", gettext_lazy("Polygon")),
                        ),
                        required=True,
                        default="rect",
                    ),
                    Field(
                        "coords",
                        gettext_lazy("Where it is"),
                        "line",
                        required=True,
                        help=gettext_lazy(
                            "Pixels from the top left. Rectangle: left, top, right, bottom. "
                            "Circle: middle across, middle down, radius. Polygon: across and down of each corner."
                        ),
                    ),
                    Field("right", gettext_lazy("Right"), "flag", default=False),
                    Field("feedback", gettext_lazy("Reply to whoever chooses it"), "markdown"),
                ),
                least=1,
                most=20,
                add=gettext_lazy("Add an area"),
            ),
        ),
    )

    def snapshot(self, content: Content) -> dict[str, Any]:
        said = lean({**content, "type": self.name}, {**DEFAULTS, **self.defaults})
        return said | {"areas": [lean(area) | {"coords": coords_of(area)} for area in content["areas"]]}

    def own_texts(self, content: Content) -> dict[str, str]:
        found = {"image": picture(content)}
        for area in content["areas"]:
            found[f"text:{area['id']}"] = area["text"]
            found[f"feedback:{area['id']}"] = area.get("feedback", "")
        return found

    def faults(self, content: Content) -> list[Fault]:
        found = repeated(content["areas"], "areas")
        if not right_ids(content):
            found.append(("areas", _("No area is right; at least one must be.")))
        for number, area in enumerate(content["areas"]):
            fault = shape_fault(area["shape"], coords_of(area), content["width"], content["height"])
            found += [(f"areas.{number}.coords", fault)] if fault else []
        return found

    def warnings(self, content: Content) -> list[Fault]:
        found = [
            (f"areas.{number}.feedback", _("This area has no reply of its own."))
            for number, area in enumerate(content["areas"])
            if not area.get("feedback")
        ]
        if len(right_ids(content)) == len(content["areas"]):
            found.append(
                ("areas", _("Every area is right, so the list gives the answer away; add some that are wrong."))
            )
        return found

    def order(self, content: Content, seed: int) -> Sequence[str]:
        return shuffled([area["id"] for area in content["areas"]], seed if content.get("shuffle", True) else 0)

    def parse(self, content: Content, data: QueryDict, prefix: str) -> Any:
        points = [[int(x), int(y)] for x, y in POINT.findall(data.get(f"{prefix}.points", "")[:1000])]
        return self._answer(content, {"areas": data.getlist(prefix), "points": points})

    def fields(self, content: Content, answer: Any) -> list[tuple[str, str]]:
        points = " ".join(f"{x},{y}" for x, y in self._points(content, answer))
        return [("", each) for each in self._areas(content, answer)] + ([(".points", points)] if points else [])

    def clean(self, content: Content, answer: Any) -> Any:
        if answer is None:
            return None
        if not isinstance(answer, dict) or not set(answer) <= {"areas", "points"} or not self._sound(content, answer):
            raise wrong_shape(_("Choose areas of this picture, or points in it."))
        return self._answer(content, answer)

    def _sound(self, content: Content, answer: Mapping[str, Any]) -> bool:
        areas, points = answer.get("areas", []), answer.get("points", [])
        known = {area["id"] for area in content["areas"]}
        return (
            isinstance(areas, list)
            and all(isinstance(each, str) and each in known for each in areas)
            and isinstance(points, list)
            and all(is_point(each, content) for each in points)
            and len(self._points(content, answer)) <= MOST_POINTS
        )

    def _answer(self, content: Content, answer: Mapping[str, Any]) -> dict[str, Any] | None:
        """``answer`` without what is unknown or there twice."""
        areas = self._areas(content, answer)
        points = [list(each) for each in self._points(content, answer)[:MOST_POINTS]]
        return {"areas": areas, "points": points} if areas or points else None

    def _areas(self, content: Content, answer: Any) -> list[str]:
        given = answer.get("areas") if isinstance(answer, dict) else None
        wanted = {each for each in given if isinstance(each, str)} if isinstance(given, list) else set()
        return [area["id"] for area in content["areas"] if area["id"] in wanted]

    def _points(self, content: Content, answer: Any) -> list[Point]:
        """The points in the picture, each once."""
        given = answer.get("points") if isinstance(answer, dict) else None
        sound = [(each[0], each[1]) for each in given if is_point(each, content)] if isinstance(given, list) else []
        return list(dict.fromkeys(sound))

    def chosen(self, content: Content, answer: Any) -> list[str]:
        """The areas chosen from the list or pointed at, in written order."""
        found = {area_at(content, point) for point in self._points(content, answer)} | {*self._areas(content, answer)}
        return [area["id"] for area in content["areas"] if area["id"] in found]

    def _outside(self, content: Content, answer: Any) -> int:
        """How many points are in no area."""
        return sum(area_at(content, point) is None for point in self._points(content, answer))

    def grade(self, content: Content, answer: Any, seed: int = 0) -> Mark:
        """Right minus wrong areas as a share of all that are right, never below nothing. A point in no area is wrong."""
        chosen, outside, right = self.chosen(content, answer), self._outside(content, answer), right_ids(content)
        hits = sum(each in right for each in chosen)
        earned = clamp(Decimal(2 * hits - len(chosen) - outside) / len(right))
        rows = [area for area in content["areas"] if area["right"] or area["id"] in chosen]
        parts = {area["id"]: Decimal(area["right"] and area["id"] in chosen) for area in rows}
        message = "" if chosen or outside else _("You did not answer this question.")
        return Mark(earned, {area["id"]: area.get("feedback", "") for area in rows}, message, parts)

    def show(
        self, content: Content, html: Mapping[str, str], seed: int, answer: Any, mark: Mark | None = None
    ) -> dict[str, Any]:
        """The picture, the list and the points. Where areas are, and which are right, only with ``mark``."""
        by_id = {area["id"]: area for area in content["areas"]}
        chosen = set(self.chosen(content, answer) if mark else self._areas(content, answer))
        order = self.order(content, seed)
        points = self._points(content, answer)
        return {
            "image": html.get("image", ""),
            "width": content["width"],
            "height": content["height"],
            "radius": max(content["width"], content["height"]) // 60 + 2,
            "several": len(right_ids(content)) > 1,
            "areas": [_area(by_id[each], html, each in chosen, number, mark) for number, each in enumerate(order, 1)],
            "points": points,
            "points_value": " ".join(f"{x},{y}" for x, y in points),
            "outside": self._outside(content, answer) if mark else 0,
            "marked": mark is not None,
        }

    def said(self, content: Content, answer: Any, seed: int = 0) -> list[str]:
        return [line for _key, line in self.responses(content, answer, seed)]

    def right(self, content: Content, seed: int = 0) -> list[str]:
        return self.said(content, {"areas": right_ids(content)})

    def responses(self, content: Content, answer: Any, seed: int = 0) -> list[tuple[str, str]]:
        """The areas chosen, and ``outside`` when a point is in none."""
        chosen, form = self.chosen(content, answer), content.get("format", "md")
        found = [(area["id"], words(area["text"], form)) for area in content["areas"] if area["id"] in chosen]
        outside = [("outside", _("A point outside of every area"))] if self._outside(content, answer) else []
        return found + outside


def picture(content: Content) -> str:
    """The picture in the question's own ``format``, so that it is found and shown as every other."""
    if content.get("format") == "html":
        return f'<img src="{escape(content["image"])}" alt="{escape(content["alt"])}">'
    alt = PUNCTUATION.sub(r"\\\1", " ".join(content["alt"].split()))
    return f"![{alt}]({content['image']})"


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


def _area(area: Content, html: Mapping[str, str], chosen: bool, number: int, mark: Mark | None) -> Area:
    name = area["id"]
    if mark is None:
        return Area(name, html.get(f"text:{name}", ""), chosen)
    return Area(
        id=name,
        html=html.get(f"text:{name}", ""),
        chosen=chosen,
        right=area["right"],
        reason=html.get(f"feedback:{name}", "") if name in mark.reasons else "",
        shape=area["shape"],
        coords=coords_of(area),
        number=number,
    )
