"""A trainee is in the middle of a course; its author publishes a refresh by keyboard; what was announced is what happens."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from courses import jobs
from courses.models import Course
from courses.services import sharing
from tests.factories.accounts import UserFactory
from tests.factories.courses import draft_course, publish_course
from tests.factories.progress import did, opened_enrolment
from tests.journeys.keys import tab_to
from tests.journeys.looking import is_open

SLUG = "desk-rules"
AUTHOR = f"/author/courses/{SLUG}"
ANNOUNCED = ["1 continues untouched", "1 must repeat “Reading a request”"]


def lessons(words: str):
    return [
        ("text", "reading", {"title": "Reading a request", "body": f"{words}\n"}),
        ("text", "checking", {"title": "Checking the shelf"}),
        ("text", "sending", {"title": "Sending it off"}),
    ]


@pytest.fixture
def course(transactional_db: None, instructor: User, trainee: User) -> Course:
    """Two people are under way: the trainee has done two lessons, somebody else the second one."""
    course = publish_course(slug=SLUG, owner=instructor, title="Desk rules", lessons=lessons("Ask the lender first."))
    mine, other = (
        opened_enrolment(learner=trainee, course=course),
        opened_enrolment(learner=UserFactory(), course=course),
    )
    for enrolment, uid in ((mine, "reading"), (mine, "checking"), (other, "checking")):
        did(enrolment, uid)
    draft_course(slug=SLUG, owner=instructor, title="Desk rules", lessons=lessons("Ask the borrower first."))
    return course


def test_a_refresh_does_what_it_announced(
    window_of: Callable[..., Page], course: Course, instructor: User, trainee: User
):
    learner = window_of(trainee)
    learner.goto(f"/courses/{SLUG}/")
    expect(learner.get_by_text("2 of 3 lessons done")).to_be_visible()

    hana = window_of(instructor, viewport={"width": 1280, "height": 900})
    hana.goto(f"{AUTHOR}/publish/")
    is_open(hana)
    tab_to(hana, "^kind$")
    hana.keyboard.press("ArrowDown")
    expect(hana.get_by_role("radio", name="Refresh")).to_be_checked()
    tab_to(hana, "^note$")
    hana.keyboard.type("It is the borrower who is asked.")
    tab_to(hana, "^Publish$")
    hana.keyboard.press("Enter")
    expect(hana.get_by_role("heading", level=1)).to_have_text("Publish edition 2?")
    expect(hana.get_by_role("region", name="What it does").get_by_role("listitem")).to_have_text(ANNOUNCED)
    is_open(hana)
    tab_to(hana, "^Yes, publish edition 2$")
    hana.keyboard.press("Enter")
    expect(hana.get_by_text("Edition 2 is published. 1 continues untouched; 1 must repeat")).to_be_visible()
    is_open(hana)

    jobs.sweep_moves()
    learner.reload()
    expect(learner.get_by_text("1 of 3 lessons done")).to_be_visible()
    expect(learner.get_by_role("main")).to_contain_text("Edition 2, published")
    learner.goto(f"/courses/{SLUG}/reading/")
    expect(learner.get_by_role("main")).to_contain_text("Ask the borrower first.")
    assert [row.state.done_count for row in course.enrolments.order_by("pk")] == [1, 1]

    tab_to(hana, "What changed")
    hana.keyboard.press("Enter")
    expect(hana.get_by_role("heading", name="Edition 1 → Edition 2")).to_be_visible()
    tab_to(hana, "^Word by word")
    hana.keyboard.press("Enter")
    expect(hana.locator("del", has_text="lender")).to_be_visible()
    expect(hana.locator("ins", has_text="borrower")).to_be_visible()
    is_open(hana)


def test_a_link_opens_the_draft_to_somebody_without_an_account(
    window_of: Callable[..., Page], browser: Browser, live_server: LiveServer, course: Course, instructor: User
):
    hana = window_of(instructor, viewport={"width": 390, "height": 844})
    hana.goto(f"{AUTHOR}/links/")
    hana.get_by_label("For whom").fill("Rosa at Valley")
    hana.get_by_role("button", name="Make the link").press("Enter")
    expect(hana.get_by_role("row").filter(has_text="Rosa at Valley")).to_be_visible()
    is_open(hana)
    address = hana.get_by_role("link", name="Open it Rosa at Valley").get_attribute("href")
    stranger = browser.new_context(base_url=live_server.url).new_page()
    stranger.goto(str(address))
    expect(stranger.get_by_text("Preview of the draft, until")).to_be_visible()
    stranger.get_by_role("link", name="Reading a request").first.click()
    expect(stranger.get_by_role("main")).to_contain_text("Ask the borrower first.")
    hana.get_by_role("link", name="End it Rosa at Valley").press("Enter")
    hana.get_by_role("button", name="Yes, end it").press("Enter")
    expect(hana.get_by_text("The link opens nothing any more.")).to_be_visible()
    assert stranger.reload().status == 404
    assert sharing.links_of(course).count() == 1
