"""Rows of slides to video: the instructor's deck in a course that only the library finds."""

from collections.abc import Callable
from typing import Any

from courses.models import MediaJob, SlideDeck
from tests.doors.rows import Arguments, Row, inner
from tests.doors.world import World
from tests.factories.decks import deck_of


def deck_in(world: World) -> SlideDeck:
    found = SlideDeck.objects.filter(title="The only deck").first()
    return found or deck_of("One. And two.", "Three.", course=world.inner, title="The only deck")


def deck(world: World) -> dict[str, Any]:
    return inner(world) | {"pk": deck_in(world).pk}


def slide(world: World) -> dict[str, Any]:
    return deck(world) | {"slide": deck_in(world).slides.first().pk}


def on(arguments: Callable[[World], dict[str, Any]], **more: str) -> Arguments:
    return lambda world: arguments(world) | more


def with_deck(world: World) -> dict[str, Any]:
    deck_in(world)
    return {}


def course_with_deck(world: World) -> dict[str, Any]:
    deck_in(world)
    return inner(world)


def with_video(world: World) -> dict[str, Any]:
    film = world.inner.media.get(name="film.mp4").media
    MediaJob.objects.get_or_create(
        course=world.inner,
        kind="deck",
        deck=deck_in(world),
        defaults={"state": "done", "made": {"files": {"file": ["film.mp4", film.sha256]}}},
    )
    return deck(world) | {"key": "file"}


def document(world: World) -> dict[str, Any]:
    film = world.inner.media.get(name="film.mp4").media
    lesson = {"title": "Read", "body": "Words.\n", "form": "md", "minutes": 1, "words": 1, "faults": []}
    made = {"lessons": [lesson], "files": {"film.mp4": film.sha256}, "changed": [], "left": []}
    job, _new = MediaJob.objects.get_or_create(
        course=world.inner, kind="document", defaults={"title": "notes.docx", "state": "done", "made": made}
    )
    return inner(world) | {"uid": job.uid}


def picture(world: World) -> dict[str, Any]:
    return document(world) | {"sha": world.inner.media.get(name="film.mp4").media.sha256, "name": "film.mp4"}


def slides(world: World) -> dict[str, Any]:
    job, _new = MediaJob.objects.get_or_create(course=world.inner, kind="slides", defaults={"title": "a.pdf"})
    return inner(world) | {"uid": job.uid}


DECK_ROWS = [
    Row("courses:author_import", "lnffofo", inner),
    Row("courses:author_import_report", "lnffofo", document),
    Row("courses:author_import_take", "lnffofo", document, method="post"),
    Row("courses:author_import_undo", "lnffofo", document, method="post"),
    Row("courses:author_import_media", "lnffofo", picture),
    Row("courses:author_deck_arrival", "lnffofo", slides),
    Row("courses:author_all_decks", "loffOfO", with_deck, shows="The only deck"),
    Row("courses:author_decks", "lnffOfO", course_with_deck, shows="The only deck"),
    Row("courses:author_decks", "lnffofo", inner, method="post"),
    Row("courses:author_deck", "lnffofo", deck),
    Row("courses:author_deck", "lnffofo", deck, method="post"),
    Row("courses:author_deck_source", "lnffofo", deck),
    Row("courses:author_deck_source", "lnffofo", deck, method="post"),
    Row("courses:author_deck_progress", "lnffofo", deck),
    Row("courses:author_deck_made", "lnffofo", with_video),
    Row("courses:author_deck_do", "lnffofo", on(deck, verb="add"), method="post"),
    Row("courses:author_slide", "lnffofo", slide, method="post"),
    Row("courses:author_slide_page", "lnffofo", slide),
    Row("courses:author_slide_sound", "lnffnfn", slide),
    Row("courses:author_slide_do", "lnffofo", on(slide, verb="down"), method="post"),
]
