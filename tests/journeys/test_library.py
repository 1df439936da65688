"""A lesson goes to the shelf and into another course by the keyboard; the pages of the shelf and of all files are open."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from courses.models import Lesson
from tests.factories.accounts import MembershipFactory
from tests.factories.courses import draft_course
from tests.journeys.keys import tab_to
from tests.journeys.looking import WIDTHS, is_open

TALL = {"width": WIDTHS["390"]["width"], "height": 2000}  # so that the bar at the foot of a phone covers nothing


def test_a_lesson_is_put_on_the_shelf_and_taken_by_keyboard_alone(
    transactional_db: None, window_of: Callable[..., Page]
):
    membership = MembershipFactory(instructor=True)
    author, organisation = membership.person, membership.organisation
    citing = [("text", "citing", {"title": "Reading a citation"})]
    draft_course(slug="source", owner=author, organisation=organisation, lessons=citing)
    page = window_of(author, viewport=WIDTHS["1280"])

    page.goto("/author/courses/source/lessons/citing/shelve/")
    tab_to(page, "^source$")
    page.keyboard.type("Ines Duarte, Mesa Ridge College")
    tab_to(page, "^Put it on the shelf$")
    page.keyboard.press("Enter")
    expect(page.get_by_text("“Reading a citation” is on the shelf.")).to_be_visible()

    target = draft_course(slug="target", owner=author, organisation=organisation)
    page.reload()
    is_open(page)
    page.get_by_label("Into which course").select_option(label="TARGET: Part one")
    page.get_by_label("Into which course").focus()
    tab_to(page, "^Take it into the course$")
    page.keyboard.press("Enter")
    expect(page.get_by_text("is in Part 1 of this course now, as a draft.")).to_be_visible()
    assert Lesson.objects.filter(course=target, uid="citing").exists()

    page.set_viewport_size(TALL)
    for address in ("library/", "courses/target/library/", "media/", "media/unused/"):
        page.goto(f"/author/{address}")
        is_open(page, dark=False)
