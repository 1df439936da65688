"""Rows of captions and chapters: whoever sees the draft sees them, editors change them."""

from typing import Any

from tests.doors.rows import Row, inner
from tests.doors.world import World


def film(world: World) -> dict[str, Any]:
    return inner(world) | {"uid": "film"}


def english(world: World) -> dict[str, Any]:
    return film(world) | {"language": "en"}


def as_file(world: World) -> dict[str, Any]:
    return english(world) | {"ending": "vtt"}


CAPTION_ROWS = [
    Row("courses:author_captions", "lnffofo", english),
    Row("courses:author_captions", "lnffofo", english, method="post"),
    Row("courses:author_captions_languages", "lnffofo", film),
    Row("courses:author_captions_languages", "lnffofo", film, method="post"),
    Row("courses:author_captions_draft", "lnffofo", english, method="post"),
    Row("courses:author_captions_remove", "lnffofo", english),
    Row("courses:author_captions_remove", "lnffofo", english, method="post"),
    Row("courses:author_captions_file", "lnffofo", as_file),
    Row("courses:author_chapters", "lnffofo", film),
    Row("courses:author_chapters", "lnffofo", film, method="post"),
]
