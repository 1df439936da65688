"""Marking and extra time in a real browser: by keyboard alone, without a barrier that axe finds."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from quizzes.models import ExtraTime, Marking
from quizzes.services.grading import finish
from tests.factories.quizzes import answer_all, essay, publish_quiz, start_attempt
from tests.journeys.looking import barriers, too_wide, unroll

pytestmark = pytest.mark.django_db(transaction=True)
SCREENS = {
    "wide-light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "phone-dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}


@pytest.fixture(params=SCREENS.values(), ids=SCREENS)
def page(request: pytest.FixtureRequest, window_of: Callable[..., Page], instructor: User) -> Page:
    """The instructor's browser."""
    return window_of(instructor, **request.param)


def take_back(page: Page) -> None:
    """The first thing in the list is asked for and taken back."""
    tab_to(page, ".row__side a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/remove/")
    sound(page)
    tab_to(page, "main .btn--danger")
    page.keyboard.press("Enter")


def sound(page: Page) -> None:
    unroll(page, page.viewport_size)
    assert list(too_wide(page)) == []
    assert list(barriers(page)) == []


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until ``wanted`` has the focus; it may be on the page that is on its way."""
    expect(page.locator(wanted).first).to_be_attached()
    for _step in range(80):
        page.keyboard.press("Tab")
        if page.locator(f"{wanted}:focus").count():
            return
    pytest.fail(f"The keyboard does not reach {wanted}.")


def test_an_answer_is_marked_and_reopened_by_keyboard_alone(page: Page, instructor: User, trainee: User):
    course = publish_quiz(owner=instructor, questions=[essay()])
    attempt = start_attempt(trainee, course)
    answer_all(attempt)
    finish(attempt=attempt)
    page.goto("/author/marking/")
    sound(page)
    tab_to(page, ".row__title a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/author/marking/*/")
    sound(page)
    tab_to(page, "[name='level.facts']")
    page.keyboard.press("ArrowDown")
    tab_to(page, "[name='level.tone']")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-words]")).to_have_text("4 of 5 points")
    tab_to(page, "textarea")
    page.keyboard.type("Warm and exact.")
    tab_to(page, "button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Marked. Nothing else waits.")).to_be_visible()

    given = Marking.objects.get()
    assert (given.levels, given.comment) == ({"facts": "l1", "tone": "l3"}, "Warm and exact.")
    page.goto(f"/author/marking/{given.slot_id}/")
    sound(page)
    tab_to(page, "#reason")
    page.keyboard.type("A page was missing.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Reopened by Hana Whitcomb")).to_be_visible()


def test_extra_time_and_one_more_attempt_are_given_and_taken_back_by_keyboard_alone(
    page: Page, instructor: User, trainee: User
):
    course = publish_quiz(owner=instructor, asking={"time_limit": 20}, rule={"attempts": 1})
    start_attempt(trainee, course)
    page.goto(f"/author/courses/{course.slug}/extra-time/")
    sound(page)
    tab_to(page, "#person")
    page.keyboard.type("rosa")
    page.keyboard.press("Enter")
    tab_to(page, "#id_person_0")
    page.keyboard.press("Space")
    sound(page)
    tab_to(page, "#id_percent")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Rosa Delgado has 25% more time from now on.")).to_be_visible()
    assert ExtraTime.objects.get().percent == 25
    take_back(page)
    expect(page.get_by_text("Nobody has extra time yet")).to_be_visible()

    page.get_by_role("link", name="One more attempt for one person").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="More attempts")).to_be_visible()
    tab_to(page, "#person")
    page.keyboard.type("rosa")
    page.keyboard.press("Enter")
    tab_to(page, "#id_reason")
    page.keyboard.type("The power was cut.")
    sound(page)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Rosa Delgado has one more attempt at")).to_be_visible()
    sound(page)
    take_back(page)
    expect(page.get_by_text("Nobody was given an attempt yet")).to_be_visible()
