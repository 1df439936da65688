"""A library asks for one approval: a colleague comments on a place and approves, then the author publishes. By keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Organisation, User
from courses.models import Course, Remark, ReviewPolicy
from tests.factories.courses import draft_course
from tests.journeys.keys import tab_to
from tests.journeys.looking import is_open

SLUG = "lending-rules"
AUTHOR = f"/author/courses/{SLUG}"
LESSONS = [("text", "who-lends", {"title": "Who lends"}), ("text", "who-borrows", {"title": "Who borrows"})]
WIDE = {"width": 1280, "height": 900}


@pytest.fixture
def course(transactional_db: None, instructor: User, library: Organisation) -> Course:
    ReviewPolicy.objects.create(organisation=library, approvals=1)
    return draft_course(slug=SLUG, owner=instructor, organisation=library, title="Lending rules", lessons=LESSONS)


def press(page: Page, wanted: str) -> None:
    tab_to(page, wanted)
    page.keyboard.press("Enter")


def write(page: Page, wanted: str, words: str) -> None:
    tab_to(page, wanted)
    page.keyboard.type(words)


def test_a_course_goes_out_once_a_colleague_has_approved_it(
    window_of: Callable[..., Page], course: Course, instructor: User, trainee: User
):
    hana = window_of(instructor, viewport=WIDE)
    hana.goto(f"{AUTHOR}/publish/")
    expect(hana.get_by_role("main")).to_contain_text("Another person has to approve exactly this draft.")

    hana.goto(f"{AUTHOR}/review/")
    is_open(hana)
    hana.get_by_label("Other colleagues").focus()
    hana.keyboard.type(trainee.email)
    write(hana, "^note$", "Is the second lesson clear?")
    press(hana, "^Ask for the review$")
    expect(hana.get_by_role("region", name="Who says what")).to_contain_text("not yet looked at")

    # As tall as its page, so that no bar lies over what has the focus.
    rosa = window_of(trainee, viewport={"width": 390, "height": 2400})
    rosa.goto(f"{AUTHOR}/review/")
    expect(rosa.get_by_role("heading", name="Your verdict")).to_be_visible()
    rosa.get_by_role("link", name="Comments on “Who borrows”").press("Enter")
    rosa.wait_for_url("**?lesson=who-borrows#comments")  # which has the focus once the page is there
    expect(rosa.get_by_role("heading", name="Comments on “Who borrows”")).to_be_visible()
    rosa.get_by_label("Note").first.focus()
    rosa.keyboard.type("Say first who pays the postage.")
    press(rosa, "^Leave the comment$")
    expect(rosa.get_by_text("Say first who pays the postage.", exact=True)).to_be_visible()
    is_open(rosa)
    rosa.get_by_label("Approve it").focus()
    rosa.keyboard.press("Space")
    press(rosa, "^Send the verdict$")
    said = rosa.get_by_role("region", name="Who says what").get_by_role("listitem")
    expect(said.filter(has_text=trainee.name)).to_contain_text("approved")

    hana.reload()
    expect(hana.get_by_role("region", name="Who says what")).to_contain_text("Nothing more is asked for")
    is_open(hana, dark=False)
    hana.get_by_role("link", name="Publish it").press("Enter")
    hana.wait_for_url(f"**{AUTHOR}/publish/")
    write(hana, "^note$", "The first edition.")
    press(hana, "^Publish$")
    hana.wait_for_url(f"**{AUTHOR}/editions/")  # nobody learns here yet, so nothing is asked first
    expect(hana.get_by_text("Edition 1 is published")).to_be_visible()
    course.refresh_from_db()
    assert course.current_edition.number == 1
    assert Remark.objects.get(course=course).lesson_uid == "who-borrows"
