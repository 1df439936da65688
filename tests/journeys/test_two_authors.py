"""Two authors at one lesson, in two browsers: nothing that either typed is lost, with and without a network."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from accounts.models import User
from courses.models import Course, CourseEditor, LessonText
from courses.services.rewriting import convert
from tests.factories.accounts import UserFactory
from tests.factories.courses import publish_course
from tests.journeys import looking, steps

pytestmark = pytest.mark.django_db(transaction=True)

EDITOR = "/author/courses/lending/lessons/one/"
BODY = "Ask first.\n\nThen wait.\n"
SAVES = "**/save/**"


@pytest.fixture
def hana(transactional_db) -> User:
    return UserFactory(name="Hana Whitcomb")


@pytest.fixture
def marcus(transactional_db) -> User:
    return UserFactory(name="Marcus Bell")


@pytest.fixture
def course(hana: User, marcus: User) -> Course:
    course = publish_course(slug="lending", owner=hana, lessons=[("text", "one", {"title": "One", "body": BODY})])
    CourseEditor.objects.create(course=course, person=marcus, role=CourseEditor.Role.EDITOR)
    return course


def written(page: Page) -> Locator:
    return page.get_by_label("Text", exact=True)


def state(page: Page) -> Locator:
    return page.locator("[data-lesson-state]")


def saved(page: Page) -> None:
    expect(state(page)).to_have_text(re.compile(r"^Saved \d\d?:\d\d"))


def change(page: Page, old: str, new: str) -> None:
    """Put ``new`` in the place of ``old`` by hand: the field says so as it does when somebody types."""
    field = written(page)
    field.fill(field.input_value().replace(old, new))


def kept() -> str:
    return LessonText.objects.get(lesson__uid="one").content["body"]


def test_nothing_of_two_authors_is_lost(course: Course, hana: User, marcus: User, window_of: Callable[..., Page]):
    mine, his = window_of(hana), window_of(marcus, viewport={"width": 390, "height": 844})
    with mine.expect_response("**/present/**"):  # he asks only twice a minute who is here
        mine.goto(EDITOR)
    his.goto(EDITOR)
    expect(his.locator("[data-lesson-present]")).to_have_text("Hana Whitcomb is writing here")
    his.route("**/present/**", lambda route: route.abort())  # else her words come in by themselves now and then

    # Different paragraphs: both go in, and the second to save is told.
    change(mine, "Ask first.", "Ask the lender first.")
    saved(mine)
    expect(mine.frame_locator("iframe").get_by_text("Ask the lender first.")).to_be_visible()
    change(his, "Then wait.", "Then wait a week.")
    expect(state(his)).to_contain_text("1 change by Hana Whitcomb was taken in.")
    expect(written(his)).to_have_value("Ask the lender first.\n\nThen wait a week.\n")

    # The same paragraph: a choice on the page, and what is typed meanwhile stays.
    change(mine, "Ask the lender first.", "Ask the lender politely.")
    saved(mine)
    expect(mine.get_by_label("Text", exact=True)).to_have_value(re.compile("Ask the lender politely"))
    change(his, "Ask the lender first.", "Ask the lender at once.")
    choice = his.get_by_role("form", name="Hana Whitcomb changed the same words")
    expect(choice).to_contain_text("Ask the lender politely.")
    expect(state(his)).to_have_text("Waiting for your choice")
    looking.is_open(his, dark=False)
    change(his, "Then wait a week.", "Then wait two weeks.")
    choice.get_by_label("Keep both, mine first").check()
    choice.get_by_role("button", name="Save it like this").click()
    expect(choice).to_have_count(0)
    saved(his)
    whole = "Ask the lender at once.\n\nAsk the lender politely.\n\nThen wait two weeks.\n"
    steps.until(lambda: kept() == whole)
    expect(written(his)).to_have_value(whole)

    # One turns the lesson into rich text while the other goes on in Markdown: it is turned, told, and goes in.
    turn = LessonText.objects.get(lesson__uid="one")
    convert(text=turn, version=turn.version, to="html", actor=hana)
    change(his, "Then wait two weeks.", "Then *wait*.")
    expect(state(his)).to_contain_text("The lesson was turned into rich text meanwhile.")
    assert kept().endswith("<p>Then <em>wait</em>.</p>\n")
    change(his, "Then *wait*.", "Then **wait**.")
    steps.until(lambda: kept().endswith("<p>Then <strong>wait</strong>.</p>\n"))
    expect(written(his)).to_have_value(whole.replace("wait two weeks", "**wait**"))
    turn.refresh_from_db()
    convert(text=turn, version=turn.version, to="md", actor=hana)

    # What stood before is in the history and comes back.
    mine.goto(f"{EDITOR}history/")
    looking.is_open(mine)
    mine.get_by_role("row").last.get_by_label("from 1").check()
    mine.get_by_role("button", name="Compare the two").click()
    expect(mine.locator("ins").first).to_contain_text("lender")
    looking.is_open(mine)
    mine.get_by_role("button", name="Bring back version 1").click()
    expect(mine.get_by_text("Version 1 is back.")).to_be_visible()
    assert kept() == BODY
    looking.is_open(mine)


def test_text_without_a_network_or_a_session_is_kept_and_offered(
    course: Course, hana: User, window_of: Callable[..., Page]
):
    page = window_of(hana)
    late: list[Route] = []  # whoever types before the script runs loses nothing either
    page.route("**/autosave*.js", lambda route: late.append(route), times=1)
    page.goto(EDITOR, wait_until="commit")
    change(page, "Then wait.", "Then wait.\n\nThen thank.")
    steps.until(lambda: bool(page.title() and late))
    late[0].continue_()
    saved(page)
    assert kept() == "Ask first.\n\nThen wait.\n\nThen thank.\n"
    change(page, "\n\nThen thank.", "")
    saved(page)

    page.route(SAVES, lambda route: route.abort())
    change(page, "Ask first.", "Ask twice.")
    expect(state(page)).to_contain_text("kept on this device")
    page.unroute(SAVES)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    saved(page)
    assert kept() == "Ask twice.\n\nThen wait.\n"

    page.context.clear_cookies(name="sessionid")
    change(page, "Ask twice.", "Ask three times.")
    expect(state(page)).to_contain_text("You are signed out")
    page.reload()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.context.add_cookies(window_of(hana).context.cookies())
    page.goto(EDITOR)
    offer = page.get_by_role("heading", name=re.compile("You have text from .* that was not saved"))
    expect(offer).to_be_visible()
    page.get_by_role("button", name="Look at the difference").click()
    expect(page.locator("[data-kept-difference] ins")).to_contain_text("three times")
    looking.is_open(page, dark=False)
    page.get_by_role("button", name="Take it").click()
    expect(offer).to_be_hidden()
    saved(page)
    steps.until(lambda: kept() == "Ask three times.\n\nThen wait.\n")
    with page.expect_response("**/present/**"):  # asked after it has looked for kept text
        page.reload()
    expect(offer).to_be_hidden()


def test_notes_between_authors(course: Course, hana: User, marcus: User, window_of: Callable[..., Page]):
    mine, his = window_of(hana), window_of(marcus)
    mine.goto(EDITOR)
    written(mine).evaluate("field => field.setSelectionRange(0, 10)")
    mine.get_by_text("Leave a note").click()
    expect(mine.get_by_label("About these words")).to_have_value("Ask first.")
    mine.get_by_label("Note", exact=True).fill("Whom?")
    mine.get_by_role("button", name="Leave the note").click()
    expect(mine.get_by_text("Learners never see it.")).to_be_visible()
    his.goto("/notices/")
    his.get_by_text("Hana Whitcomb left a note in").click()
    expect(his.get_by_text("Whom?").first).to_be_visible()
    his.goto("/author/courses/lending/remarks/")
    looking.is_open(his)
    his.get_by_text("Answer").first.click()
    his.get_by_label("Your answer").fill("The lender.")
    his.get_by_role("button", name="Send the answer").click()
    expect(his.get_by_text("Your answer stands below the note.")).to_be_visible()
    his.get_by_role("button", name=re.compile("^Settled")).click()
    expect(his.get_by_role("heading", name="No open note")).to_be_visible()
    his.get_by_role("link", name="Settled notes").click()
    expect(his.get_by_text("The lender.")).to_be_visible()
