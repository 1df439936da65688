"""An author writes a case with the keyboard alone, looks at it, plays it, shares it; another takes it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import LessonText
from quizzes.models import PracticeRun, SharedCase
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.practice import LESSON, publish_practice
from tests.journeys.looking import WIDTHS, is_open, widths

pytestmark = pytest.mark.django_db(transaction=True)
FOLDER = Path(__file__).resolve().parents[2] / "media/courses/practice-desk/lessons"
TALKS: list[dict[str, Any]] = yaml.safe_load((FOLDER / "have-the-conversation.yaml").read_text())["cases"]
HERE = f"/author/courses/desk-course/practice/{LESSON}/"


@pytest.fixture
def hana(transactional_db, instructor: User, window_of: Callable[..., Page]) -> Callable[..., Page]:
    organisation = instructor.memberships.get().organisation
    publish_practice(
        slug="desk-course", owner=instructor, organisation=organisation, engine="conversation", cases=TALKS[:2]
    )
    return lambda **options: window_of(instructor, **options)


def cases_of(slug: str) -> list[dict[str, Any]]:
    return LessonText.objects.get(lesson__course__slug=slug, lesson__uid=LESSON).content["cases"]


def press(page: Page, name: str, role: str = "button") -> None:
    """Reach a control and press it, as who has no mouse does."""
    page.get_by_role(role, name=name, exact=True).first.focus()
    page.keyboard.press("Enter")


def retype(page: Page, place: str, text: str) -> None:
    page.locator(place).focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


@pytest.mark.parametrize("width", widths("390"))
def test_a_case_is_written_looked_at_and_played_with_the_keyboard_alone(hana, width):
    page = hana(viewport=WIDTHS[width])
    page.goto(f"{HERE}cases/P-e1/")
    retype(page, "#q-title", "The talk is on Friday")
    retype(page, "#q-nodes-0-says", "My talk is on Friday. Where is the book?")
    expect(page.locator("#look")).to_contain_text("My talk is on Friday. Where is the book?")
    retype(page, "#q-nodes-0-choices-1-to", "N9")
    press(page, "Save")
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("There is no turn or ending “N9”.")
    assert cases_of("desk-course")[0]["title"] == "The paper is due on Friday"
    is_open(page, dark=False)
    summary.get_by_role("link", name="N9").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#q-nodes-0-choices-1-to")).to_be_focused()
    retype(page, "#q-nodes-0-choices-1-to", "N1b")
    press(page, "Save and play")
    page.wait_for_url("**/practice/runs/**")
    expect(page.get_by_text("My talk is on Friday. Where is the book?")).to_be_visible()
    is_open(page)
    page.get_by_role("radio", name="It is in transit.").focus()
    page.keyboard.press("Space")
    press(page, "Send it")
    expect(page.get_by_text("So what am I supposed to do?")).to_be_visible()
    expect(page.locator("#desk [data-focus]")).to_be_focused()
    assert PracticeRun.objects.get().purpose == PracticeRun.Purpose.PREVIEW
    assert cases_of("desk-course")[0]["title"] == "The talk is on Friday"
    press(page, "Save and leave", "link")
    page.wait_for_url("**/cases/P-e1/**")


@pytest.mark.parametrize("width", widths("1280"))
def test_a_case_is_shared_and_taken_into_a_lesson_of_another_library(hana, window_of, width):
    sam = UserFactory(email="sam.whitehorse@example.org", name="Sam Whitehorse")
    valley = OrganisationFactory(name="Alder Valley University", slug="alder-valley")
    MembershipFactory(person=sam, organisation=valley, instructor=True)
    publish_practice(slug="valley-course", owner=sam, organisation=valley, engine="conversation", cases=TALKS[2:3])
    page = hana(viewport=WIDTHS[width])
    page.goto(HERE)
    is_open(page)
    press(page, "Forty dollars for a returned book", "link")
    page.wait_for_url("**/cases/P-e2/**")
    press(page, "Share", "link")
    page.wait_for_url("**/share/**")
    page.get_by_role("radio", name="All instructors").focus()
    page.keyboard.press("Space")
    press(page, "Share the case")
    expect(page.get_by_text("Shared as it stands now.")).to_be_visible()
    is_open(page)
    other = window_of(sam, viewport=WIDTHS[width])
    other.goto("/author/cases/")
    is_open(other)
    asked: list[str] = []
    other.on("request", lambda request: asked.append(request.url))
    other.get_by_label("Search titles and situations").focus()
    other.keyboard.type("forty")
    other.wait_for_url("**q=forty**")
    press(other, "Forty dollars for a returned book", "link")
    other.wait_for_url(f"**/author/cases/{SharedCase.objects.get().pk}/")
    assert len([url for url in asked if "q=forty" in url]) == 1  # leaving the field draws no new list
    press(other, "Take it")
    expect(other.get_by_text("The case is yours now")).to_be_visible()
    taken = cases_of("valley-course")[-1]
    assert taken["credit"] == "After “Forty dollars for a returned book” by Hana Whitcomb"
    assert taken["nodes"] == cases_of("desk-course")[1]["nodes"]


@pytest.mark.thorough
def test_a_case_is_written_without_script_too(hana):
    page = hana(java_script_enabled=False)
    page.goto(f"{HERE}cases/P-e1/")
    page.locator("#q-person").fill("The student R.")
    page.get_by_role("button", name="Show how it looks").click()
    expect(page.locator("#look")).to_contain_text("The student R.")
    page.get_by_role("button", name="Add an ending").click()
    expect(page.locator("#q-ends-3-says")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. Learners see it")).to_be_visible()
    assert cases_of("desk-course")[0]["person"] == "The student R."
