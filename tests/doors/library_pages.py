"""Rows of the organisation's shelf and of all files of one's courses."""

from typing import Any

from courses.models import CourseMedia, LibraryItem, LibraryUse
from courses.services import shelving
from courses.services.shelving import Label
from tests.doors.rows import Row, inner, public
from tests.doors.world import World


def item_of(world: World) -> LibraryItem:
    """A file of the library's course, put on the shelf by the instructor."""
    found = LibraryItem.objects.filter(title="The shelved film").first()
    row = CourseMedia.objects.select_related("media", "course").get(course=world.inner, name="film.mp4")
    return found or shelving.put_file(
        row=row,
        organisation=world.team.organisation,
        label=Label("The shelved film", "CC-BY-4.0"),
        actor=world.people["instructor"],
    )


def item(world: World) -> dict[str, Any]:
    return {"pk": item_of(world).pk}


def with_item(world: World) -> dict[str, Any]:
    item_of(world)
    return {}


def into(world: World) -> dict[str, str]:
    return {"to": world.inner.slug}


def film(world: World) -> dict[str, Any]:
    return inner(world) | {"uid": "film"}


def file(world: World) -> dict[str, Any]:
    return inner(world) | {"name": "film.mp4"}


def taken(world: World) -> dict[str, Any]:
    return inner(world) | {"pk": LibraryUse.objects.get(item=item_of(world), course=world.inner).pk}


LIBRARY_ROWS = [
    Row("courses:author_library", "loffOfO", with_item, shows="The shelved film"),
    Row("courses:author_library_item", "lnffofo", item),
    Row("courses:author_library_item", "lnffofo", item, method="post", data=into),
    Row("courses:author_library_edit", "lnffofo", item),
    Row("courses:author_library_edit", "lnffofo", item, method="post"),
    Row("courses:author_library_withdraw", "lnffofo", item),
    Row("courses:author_library_withdraw", "lnffofo", item, method="post"),
    Row("courses:author_library_back", "lnffofo", item, method="post"),
    Row("courses:author_shelve_lesson", "lnffofo", film),
    Row("courses:author_shelve_lesson", "lnffofo", film, method="post"),
    Row("courses:author_shelve_file", "lnffofo", file),
    Row("courses:author_shelve_file", "lnffofo", file, method="post"),
    Row("courses:author_media", "loffOfO", shows="film.mp4"),
    Row("courses:author_media_unused", "loffofo"),
    Row("courses:author_media_unused", "loffofo", method="post"),
    Row("courses:author_media_back", "loffofo", method="post"),
    Row("courses:author_taken", "lfffofo", public),
    Row("courses:author_newer", "lnffofo", taken),
    Row("courses:author_newer", "lnffofo", taken, method="post", data={"version": "1"}),
]
