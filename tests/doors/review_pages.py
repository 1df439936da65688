"""The pages of review: everybody has their own and nobody else's, in the letters of ``matrix``."""

from typing import Any

from tests.doors.rows import Row
from tests.doors.world import World
from tests.factories.review import card_of


def own_card(world: World) -> dict[str, Any]:
    """A card of the trainee."""
    return {"pk": card_of(world.trainee).pk}


def rated(world: World) -> dict[str, Any]:
    return {"card": card_of(world.trainee).pk, "step": 0, "rating": 3}


PLAN = {"minutes": 3, "per_day": 5, "per_week": 20}

REVIEW_ROWS = [
    Row("review:start", "loooooo"),
    Row("review:begin", "loooooo", method="post"),
    Row("review:begin", "xxxxxxx"),
    Row("review:card", "loooooo"),
    Row("review:rate", "lnonnnn", method="post", data=rated),
    Row("review:undo", "loooooo", method="post"),
    Row("review:stop", "loooooo", method="post"),
    Row("review:done", "loooooo"),
    Row("review:cards", "loooooo"),
    Row("review:one", "lnOnnnn", own_card, shows="What about decision:five?"),
    Row("review:bury", "lnonnnn", own_card, method="post"),
    Row("review:suspend", "lnonnnn", own_card, method="post"),
    Row("review:resume", "lnonnnn", own_card, method="post"),
    Row("review:interval", "lnonnnn", own_card, method="post", data={"days": 3}),
    Row("review:plan", "loooooo"),
    Row("review:plan", "loooooo", method="post", data=PLAN),
    Row("review:pause", "loooooo", method="post"),
    Row("review:go_on", "loooooo", method="post"),
    Row("review:retention", "loooooo"),
    Row("api-review-due", "uoooooo"),
    Row("quizzes_author:forgotten", "loffofo"),
    Row("quizzes_author:forgotten_csv", "loffofo"),
]
