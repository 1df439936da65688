"""Who may open a draft's outline and details, and change them."""

from tests.doors.rows import Row, inner, public
from tests.doors.world import World


def lesson(world: World) -> dict[str, str]:
    return {"slug": world.public.slug, "uid": "basics"}


def first_language(world: World) -> dict[str, str]:
    return {"slug": world.public.slug, "language": "en"}


OUTLINE_ROWS = [
    Row("courses:author_outline", "lfffofo", public, method="post", data={"act": "lesson-up:basics"}),
    Row("courses:author_outline", "lnffofo", inner, method="post", data={"act": "part-add", "title": "X"}),
    Row("courses:author_check", "lfffofo", public),
    Row("courses:author_archived", "lfffofo", public),
    Row("courses:author_hint", "lfffofo", public, method="post", data={"leave": "basics:gone"}),
    Row("courses:author_hint", "lnffofo", inner, method="post", data={"show": ":gone"}),
    Row("courses:author_carry", "lfffofo", lesson),
    Row("courses:author_carry", "lfffofo", lesson, method="post"),
    Row("courses:author_create", "loffofo"),
    Row("courses:author_create", "loffofo", method="post", data={"upload": "1"}),
    Row("courses:author_details", "lfffofo", public),
    Row("courses:author_details", "lnffofo", inner, method="post"),
    Row("courses:author_language", "lfffofo", public, method="post", data={"language": "es"}),
    Row("courses:author_language_remove", "lfffofo", first_language),
    Row("courses:author_language_remove", "lfffofo", first_language, method="post"),
    Row("courses:author_archive", "lfffofo", public),
    Row("courses:author_archive", "lnffofo", inner, method="post"),
]
