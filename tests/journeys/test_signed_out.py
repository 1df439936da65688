"""Captions of an hour's work outlive a session that ended and a network that went."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import CourseMedia
from tests.courses.films import film_course

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=15_000)  # a machine that runs everything else beside it may be slow
PAGE = "/author/courses/cinema/lessons/film/captions/en/"
SAID = "Not saved: you are signed out, or there is no connection."


@pytest.fixture
def editor(transactional_db, instructor: User, window_of: Callable[..., Page], tmp_path: Path) -> Page:
    """The captions of a film, the first of them changed and not saved."""
    film_course(tmp_path / "in", slug="cinema", owner=instructor)
    page = window_of(instructor)
    page.goto(PAGE)
    page.get_by_label("Words of caption 1", exact=True).fill("First the button.")
    return page


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).last.press("Enter")


def saved(page: Page) -> bool:
    expect(page.get_by_text("Captions saved.")).to_be_visible()
    expect(page.get_by_label("Words of caption 1", exact=True)).to_have_value("First the button.")
    return CourseMedia.objects.filter(course__slug="cinema", name="film.vtt").exists()


def test_who_was_signed_out_stays_on_the_page_with_the_captions(editor, instructor, client_of):
    name = settings.SESSION_COOKIE_NAME
    editor.context.clear_cookies(name=name)
    save(editor)
    expect(editor.locator("[data-guard-said]")).to_contain_text(SAID)
    editor.get_by_role("button", name="Part 1", exact=True).press("Enter")
    # Beside this button now: the page has asked who is signed in, and parted nothing.
    expect(editor.locator("button[value^='split:'] + [data-guard-said]")).to_contain_text(SAID)
    expect(editor.get_by_label("Words of caption 1", exact=True)).to_have_value("First the button.")
    session = client_of(instructor).cookies[name].value
    editor.context.add_cookies([{"name": name, "value": session, "url": editor.url.partition("/author/")[0]}])
    save(editor)
    assert saved(editor)


def test_captions_stay_on_the_page_without_a_network(editor):
    editor.context.set_offline(True)
    save(editor)
    expect(editor.locator("[data-guard-said]")).to_contain_text(SAID)
    editor.context.set_offline(False)
    save(editor)
    assert saved(editor)
