"""Ordering: items to put in a row."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import markup
from quizzes.editor import Editor, Field, Rows
from quizzes.registry import Content, Fault, Mark
from quizzes.types.assigning import text_of
from quizzes.types.base import (
    DEFAULTS,
    LINE,
    BaseType,
    known_as,
    lean,
    lean_rows,
    repeated,
    rows_schema,
    schema_of,
    shuffled,
    tidy,
    token,
    wrong_shape,
)

Places = Sequence[str | None]


def in_place(right: Sequence[str], places: Places) -> dict[str, bool]:
    """Does each item stand where it belongs?"""
    return {each: place == each for each, place in zip(right, places, strict=True)}


def after_its_neighbour(right: Sequence[str], places: Places) -> dict[str, bool]:
    """Does each item but the first stand right after the one that it should follow?"""
    made = set(pairwise(places))
    return {after: (before, after) in made for before, after in pairwise(right)}


def share(judged: Mapping[str, bool]) -> Decimal:
    return Decimal(sum(judged.values())) / len(judged)


# What each part is judged by; what all of them earn together.
CREDITS: Mapping[
    str,
    tuple[Callable[[Sequence[str], Places], Mapping[str, bool]], Callable[[Mapping[str, bool]], Decimal]],
] = {
    "adjacent": (after_its_neighbour, share),
    "position": (in_place, share),
    "all": (in_place, lambda judged: Decimal(all(judged.values()))),
}
CREDIT = Field(
    "credit",
    gettext_lazy("How it is marked"),
    "choice",
    choices=(
        ("adjacent", gettext_lazy("Each two neighbours in the right order count")),
        ("position", gettext_lazy("Each item in its own place counts")),
        ("all", gettext_lazy("All or nothing")),
    ),
    default="adjacent",
)


@dataclass(frozen=True)
class Item:
    """An item as it stands on a page, ``place`` counted from 1 or None. ``tone`` and ``reason`` only once graded."""

    name: str
    html: str
    words: str
    place: int | None
    tone: str = ""
    reason: str = ""


class Ordering(BaseType):
    """An answer is the list of all item ids in the order given; None at a place that is still empty.

    Two items at one place are kept as ``{item id: place}``, which no answer is: ``clean`` says so, ``show`` shows it.
    The names of items in forms are not their ids, which were given in the right order.
    """

    name = "order"
    label = gettext_lazy("Ordering")
    icon = "list"
    template = "quizzes/types/order.html"
    defaults = {"credit": "adjacent"}
    content_schema = schema_of(
        {
            "items": rows_schema(
                {"text": {"type": "string", "minLength": 1, "maxLength": LINE}}, required=["text"], least=2, most=20
            ),
            "credit": {"enum": list(CREDITS)},
        },
        required=["items"],
    )
    editor = Editor(
        fields=(CREDIT,),
        rows=(
            Rows(
                name="items",
                label=gettext_lazy("Items, in the right order"),
                fields=(Field("text", gettext_lazy("Item"), "markdown", required=True),),
                least=2,
                most=20,
                add=gettext_lazy("Add an item"),
            ),
        ),
    )

    def snapshot(self, content: Content) -> dict[str, Any]:
        said = lean({**content, "type": self.name}, {**DEFAULTS, **self.defaults})
        return said | {"items": lean_rows(content["items"])}

    def own_texts(self, content: Content) -> dict[str, str]:
        return {f"item:{row['id']}": row["text"] for row in content["items"]}

    def faults(self, content: Content) -> list[Fault]:
        texts = [{"id": tidy(row["text"])} for row in content["items"]]
        same = [
            (f"items.{path.split('.')[1]}.text", _("Two items read the same; nobody could tell them apart."))
            for path, _sentence in repeated(texts, "items")
        ]
        return repeated(content["items"], "items") + same

    def order(self, content: Content, seed: int) -> Sequence[str]:
        """Shuffled also for 0 and whatever ``shuffle`` says: as written it would be the answer."""
        written = ids(content)
        names = {f"{content['uid']}:{each}": each for each in written}
        found = [names[each] for each in shuffled(names, seed or 1)]
        return found if found != written else [*found[1:], found[0]]

    def parse(self, content: Content, data: QueryDict, prefix: str) -> Any:
        most = len(content["items"])
        typed = {each: data.get(f"{prefix}.{token(content, each)}", "") for each in ids(content)}
        placed = {each: int(text) for each, text in typed.items() if text.isdecimal() and len(text) < 3}
        placed = {each: place for each, place in placed.items() if 0 < place <= most}
        if max(Counter(placed.values()).values(), default=0) > 1:
            return placed
        return self._row(placed, most) if placed else None

    def _row(self, placed: Mapping[str, int], most: int) -> list[str | None]:
        at = {place: each for each, place in placed.items()}
        return [at.get(place) for place in range(1, most + 1)]

    def fields(self, content: Content, answer: Any) -> list[tuple[str, str]]:
        return [(f".{token(content, each)}", str(place)) for each, place in self._placed(content, answer).items()]

    def named(self, content: Content, answer: Any) -> Any:
        places = self._places(content, answer)
        return answer if places is None else [token(content, each) if each else None for each in places]

    def heard(self, content: Content, answer: Any) -> Any:
        """Items by their names on pages only: ids were given in the right order."""
        named = {token(content, each) for each in ids(content)}
        if isinstance(answer, list) and any(
            each is not None and not (isinstance(each, str) and each in named) for each in answer
        ):
            raise wrong_shape(_("Give each item of this question a place of its own."))
        return answer

    def clean(self, content: Content, answer: Any) -> Any:
        if answer is None:
            return None
        if isinstance(answer, dict):
            raise wrong_shape(_("Two items have the same place; give each its own."))
        places = self._places(content, answer)
        if places is None:
            raise wrong_shape(_("Give each item of this question a place of its own."))
        return places if any(places) else None

    def _places(self, content: Content, answer: Any) -> list[str | None] | None:
        """Who stands at each place; None when ``answer`` is no order of these items."""
        if not isinstance(answer, list) or any(each is not None and not isinstance(each, str) for each in answer):
            return None
        known = known_as(content, ids(content))
        given = [known.get(each, each) for each in answer]
        placed = [each for each in given if each is not None]
        most = len(content["items"])
        if len(given) > most or len(set(placed)) < len(placed) or not set(placed) <= set(known):
            return None
        return given + [None] * (most - len(given))

    def _placed(self, content: Content, answer: Any) -> dict[str, int]:
        """The place of each item that has one, also when two have the same."""
        if isinstance(answer, dict):
            found = {each: answer.get(each) for each in ids(content)}
            return {each: place for each, place in found.items() if type(place) is int}
        places = self._places(content, answer) or []
        return {each: place for place, each in enumerate(places, start=1) if each is not None}

    def grade(self, content: Content, answer: Any, seed: int = 0) -> Mark:
        """``adjacent``: the share of neighbouring pairs of the right order that stand side by side in the answer.
        ``position``: the share of items in their own place. ``all``: everything or nothing."""
        right = ids(content)
        judge, earn = CREDITS[content.get("credit", "adjacent")]
        places = self._places(content, answer)
        if places is None or not any(places):
            return Mark(Decimal(0), {}, _("You did not answer this question."))
        judged = judge(right, places)
        parts = {each: Decimal(well) for each, well in judged.items()}
        return Mark(earn(judged), self._reasons(content, places), "", parts)

    def _reasons(self, content: Content, places: Places) -> dict[str, str]:
        """Where each item belongs, in words, beside each that does not stand there."""
        right = ids(content)
        texts = {row["id"]: text_of(content, row["text"]) for row in content["items"]}
        well = in_place(right, places)
        found = {}
        if content.get("credit", "adjacent") == "adjacent":
            well = {right[0]: well[right[0]], **after_its_neighbour(right, places)}
            found = {
                after: _("Comes right after “%(item)s”.") % {"item": texts[before]} for before, after in pairwise(right)
            }
            found[right[0]] = _("Comes first.")
        else:
            found = {each: _("Belongs at place %(n)d.") % {"n": place} for place, each in enumerate(right, start=1)}
        return {each: "" if well[each] else found[each] for each in right}

    def show(
        self, content: Content, html: Mapping[str, str], seed: int, answer: Any, mark: Mark | None = None
    ) -> dict[str, Any]:
        """The items as they were placed, those without a place in the gaps; the right order only with ``mark``."""
        placed = self._placed(content, answer)
        row = self._row_of(content, seed, answer)
        right = [html.get(f"item:{each}", "") for each in ids(content)] if mark and mark.fraction < 1 else []
        return {
            "items_in_row": [self._item(content, html, each, placed.get(each), mark) for each in row],
            "places": range(1, len(row) + 1),
            "answered": bool(placed),
            "marked": mark is not None,
            "right": right,
        }

    def _row_of(self, content: Content, seed: int, answer: Any) -> list[str]:
        shown = self.order(content, seed)
        places = self._places(content, answer) or [None] * len(shown)
        waiting = iter([each for each in shown if each not in places])
        return [each if each is not None else next(waiting) for each in places]

    def _item(self, content: Content, html: Mapping[str, str], item: str, place: int | None, mark: Mark | None) -> Item:
        shown = html.get(f"item:{item}", "")
        found = Item(token(content, item), shown, markup.plain(shown), place)
        if mark is None:
            return found
        reason = mark.reasons.get(item, "")
        return replace(found, tone="bad" if reason or place is None else "ok", reason=reason)

    def said(self, content: Content, answer: Any, seed: int = 0) -> list[str]:
        texts = {row["id"]: text_of(content, row["text"]) for row in content["items"]}
        places = self._places(content, answer) or []
        return [f"{place}. {texts[each]}" for place, each in enumerate(places, start=1) if each is not None]

    def right(self, content: Content, seed: int = 0) -> list[str]:
        return self.said(content, ids(content))

    def responses(self, content: Content, answer: Any, seed: int = 0) -> list[tuple[str, str]]:
        """The place that each item got: item id and place, joined by ``=``."""
        texts = {row["id"]: text_of(content, row["text"]) for row in content["items"]}
        placed = self._placed(content, self._places(content, answer))
        return [(f"{each}={place}", f"{place}. {texts[each]}") for each, place in placed.items()]


def ids(content: Content) -> list[str]:
    """Item ids in the right order."""
    return [row["id"] for row in content["items"]]
