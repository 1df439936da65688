"""An author without a mouse uploads a large file; the page is loaded anew in the middle, and the line drops once."""

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from courses.models import Course, MediaJob
from tests.courses.films import film_course
from tests.journeys.answering import tab_to
from tests.journeys.looking import WIDTHS, in_the_dark, is_open, too_wide

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "a-large-handout.pdf"
FILES = "/author/courses/films/files/"
FILM = "/author/courses/films/lessons/film/"


@pytest.fixture
def course(transactional_db: None, instructor: User, tmp_path: Path) -> Course:
    return film_course(tmp_path / "film", slug="films", owner=instructor)


@pytest.fixture
def hana(window_of: Callable[..., Page], instructor: User) -> Page:
    page = window_of(instructor, viewport=WIDTHS["1280"])
    # Heard from the first page on: the browser begins to hand choosers over some time after it is asked to.
    page.on("filechooser", lambda chooser: None)
    return page


@pytest.fixture
def handout(tmp_path: Path) -> Path:
    """Three pieces and a bit; nobody has to read it."""
    path = tmp_path / NAME
    path.write_bytes(b"%PDF-1.7\n" + random.randbytes(13 * 1024 * 1024))
    return path


def choose(page: Page, path: Path) -> None:
    """All by keyboard, but the chooser of the system, which no page reaches."""
    tab_to(page, page.locator("summary", has_text="Upload a file"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("File", exact=True))
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(path)


def test_an_upload_goes_on_after_a_reload_and_a_dropped_line(hana: Page, course: Course, handout: Path):
    hana.goto(FILES)
    sent: list[int] = []

    def first_piece_only(route: Route) -> None:
        sent.append(int(route.request.headers["upload-offset"]))
        if len(sent) == 1:
            route.continue_()
        else:
            route.abort()

    hana.route("**/piece/", first_piece_only)
    choose(hana, handout)
    expect(hana.get_by_text(re.compile(r"^\d\d % of 14 MB is here"))).to_be_visible()
    is_open(hana, dark=False)

    hana.reload()
    hana.unroute("**/piece/")
    dropped: list[int] = []

    def drop_once(route: Route) -> None:
        dropped.append(int(route.request.headers["upload-offset"]))
        if len(dropped) == 1:
            route.abort()
        else:
            route.continue_()

    hana.route("**/piece/", drop_once)
    said = hana.locator("[data-said]")
    expect(said).to_have_text(re.compile(f"You were uploading “{NAME}”, 30 %"))
    hana.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    with hana.context.new_page() as tab:
        tab.goto(FILES)  # as after signing in again there: this page's token is an old one
    choose(hana, handout)
    expect(said).to_have_text(f"“{NAME}” is in the course now.", timeout=30_000)
    assert dropped[0] == dropped[1] > 0  # not from the start again
    assert course.media.get(name=NAME).media.size == handout.stat().st_size

    tab_to(hana, hana.get_by_role("link", name="See what becomes of it"))
    hana.keyboard.press("Enter")
    tab_to(hana, hana.get_by_role("link", name=NAME))
    hana.keyboard.press("Enter")
    expect(hana.get_by_role("heading", level=1)).to_have_text(NAME)
    tab_to(hana, hana.get_by_role("button", name="Take it out"))
    hana.keyboard.press("Enter")
    expect(hana.get_by_text(f"“{NAME}” was taken out of the course.")).to_be_visible()
    tab_to(hana, hana.get_by_role("button", name="Undo: put the file back"))
    hana.keyboard.press("Enter")
    expect(hana.get_by_text(f"“{NAME}” is back.")).to_be_visible()


def test_the_end_of_a_job_is_announced_and_the_place_in_the_list_is_kept(hana: Page, course: Course, instructor: User):
    about = {"course": course, "kind": "transcode", "created_by": instructor, "lesson_uid": "film"}
    job = MediaJob.objects.create(
        **about, title="Lending.mov", state="running", progress=40, step="Levelling the sound"
    )
    MediaJob.objects.create(**about, title="Cut.mov", state="failed", said="The file ends early: upload it again.")
    for place in (f"{FILM}film/", FILM, "/author/courses/films/jobs/", "/author/media/jobs/"):
        hana.goto(place)
        is_open(hana, dark=place.endswith("jobs/"))
        hana.set_viewport_size(WIDTHS["390"])
        assert list(too_wide(hana)) == []
        hana.set_viewport_size(WIDTHS["1280"])
    assert list(in_the_dark(hana)) == []
    tab_to(hana, hana.get_by_role("link", name=re.compile("^Stop")))
    MediaJob.objects.filter(pk=job.pk).update(state="done")
    expect(hana.locator("#live")).to_have_text("Lending.mov: done.", timeout=15_000)
    expect(hana.locator(f"#job-{job.uid}")).to_be_focused()
    expect(hana.locator("#jobs")).not_to_have_attribute("hx-trigger", "every 5s")
