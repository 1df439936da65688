"""Rows of the instructor's view of learning, in a course that only the library finds."""

from typing import Any

from tests.doors.rows import Row, inner
from tests.doors.world import World


def film(world: World) -> dict[str, Any]:
    uid = world.inner.current_edition.lessons.filter(kind="video").values_list("uid", flat=True)[0]
    return inner(world) | {"uid": uid}


def lessons(world: World) -> dict[str, Any]:
    return inner(world) | {"table": "lessons"}


LEARNING_ROWS = [
    Row("progress_author:learning", "lnffofo", inner),
    Row("progress_author:learning_csv", "lnffofo", lessons),
    Row("progress_author:film", "lnffofo", film),
    Row("progress_author:film_again", "lnffofo", film, method="post"),
]
