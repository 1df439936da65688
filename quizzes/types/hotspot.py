"""Pointing in a picture, or choosing the same areas from a list."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
    known_as,
    lean,
    repeated,
    rows_schema,
    schema_of,
    shuffled,
    token,
    words,
    wrong_shape,
)
from quizzes.types.choices import SHUFFLE
from quizzes.types.shapes import INSIDE, Point, area_at, coords_of, is_point, shape_fault

MOST_SIZE, MOST_POINTS = 10_000, 20
COORDS_TEXT = r"^\[?\s*\d{1,5}(\s*,\s*\d{1,5})*\s*\]?$"
POINT = re.compile(r"(\d{1,5}),(\d{1,5})")
PUNCTUATION = re.compile(r"([\\`*_{}\[\]()<>#+.!|~&:-])")


def right_ids(content: Content) -> list[str]:
    return [area["id"] for area in content["areas"] if area["right"]]


@dataclass(frozen=True)
class Area:
    """An area as a page shows it: in the list, and once graded in the picture (``shape``, ``coords``).

    ``id`` is its name on pages, not the id that the author gave.
    """

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
        names = [("", token(content, each)) for each in self._areas(content, answer)]
        return names + ([(".points", points)] if points else [])

    def named(self, content: Content, answer: Any) -> dict[str, Any] | None:
        given = self._answer(content, answer) if isinstance(answer, dict) else None
        return given and {**given, "areas": [token(content, each) for each in given["areas"]]}

    def clean(self, content: Content, answer: Any) -> Any:
        if answer is None:
            return None
        if not isinstance(answer, dict) or not set(answer) <= {"areas", "points"} or not self._sound(content, answer):
            raise wrong_shape(_("Choose areas of this picture, or points in it."))
        return self._answer(content, answer)

    def _sound(self, content: Content, answer: Mapping[str, Any]) -> bool:
        areas, points = answer.get("areas", []), answer.get("points", [])
        known = known_as(content, (area["id"] for area in content["areas"]))
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
        known = known_as(content, (area["id"] for area in content["areas"]))
        wanted = {known.get(each) for each in given if isinstance(each, str)} if isinstance(given, list) else set()
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
            "areas": [
                replace(_area(by_id[each], html, each in chosen, number, mark), id=token(content, each))
                for number, each in enumerate(order, start=1)
            ],
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
