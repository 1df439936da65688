"""An author in the question bank, in a real browser: without a mouse, without script, and with both."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from courses.models import MediaFile
from quizzes.models import Bank, Question
from quizzes.services import commenting
from quizzes.services.filing import bank_of
from tests.factories.questions import contents, question_in
from tests.factories.quizzes import publish_quiz, single

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = (1280, 390)


@pytest.fixture
def bank(transactional_db, instructor: User) -> Bank:
    """Every type, one of them asked in a published quiz, one with a comment."""
    course = publish_quiz(slug="lending", owner=instructor, organisation=instructor.memberships.get().organisation)
    files = {"spine.png": MediaFile.objects.create(sha256="a" * 64, size=1, type="image/png").pk}
    for name, content in contents().items():
        question_in(course, content, files=files, topic="Loans", tags=("desk",), ready=name == "match")
    commenting.comment(question=Question.objects.get(uid="Q-1"), author=instructor, text="Is b right?")
    return bank_of(course)


@pytest.fixture
def hana(window_of: Callable[..., Page], instructor: User) -> Callable[..., Page]:
    """A window of the instructor, signed in."""

    def open_one(**options: Any) -> Page:
        return window_of(instructor, **options)

    return open_one


def barriers(page: Page) -> list[str]:
    """What axe finds, and whether the page scrolls sideways."""
    found = [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in Axe().run(page).response["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return found + (["scrolls sideways"] if wide else [])


@pytest.mark.thorough
@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_of_the_bank_has_a_barrier(hana, bank, width):
    page = hana(viewport={"width": width, "height": 900})
    asked = Question.objects.get(uid="Q-1").pk
    every = [f"/author/questions/{pk}/" for pk in Question.objects.values_list("pk", flat=True)]
    places = [
        "/author/questions/",
        "/author/questions/?q=zebra",
        "/author/questions/new/",
        "/author/questions/new/cloze/",
        f"/author/questions/{asked}/preview/?behaviour=certainty",
        f"/author/questions/{asked}/history/",
        f"/author/questions/{asked}/comments/",
        f"/author/questions/duplicates/?bank={bank.slug}",
        "/author/banks/",
        "/author/banks/new/",
        *every,
    ]
    for place in places:
        page.goto(place)
        assert barriers(page) == [], place


def write(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).first.fill(text)


def test_a_question_is_written_with_the_keyboard_alone(hana, bank):
    page = hana()
    page.goto("/author/questions/new/single/")
    page.get_by_label("Question", exact=True).focus()
    page.keyboard.type("Who asks for a loan?")
    for number, (text, right) in enumerate((("The requester", True), ("The lender", False))):
        page.locator(f"#q-options-{number}-text").focus()
        page.keyboard.type(text)
        if right:
            page.locator(f"#q-options-{number}-right").focus()
            page.keyboard.press("Space")
    page.get_by_role("button", name="Add an answer").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#q-options-2-text")).to_be_focused()
    page.keyboard.type("The courier")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#q-options-1-text")).to_have_value("The courier")
    expect(page.locator("#q-options-1-text")).to_be_focused()
    page.get_by_role("button", name="Save and mark as ready").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ready. Quizzes take these words from now on")).to_be_visible()
    assert [each["text"] for each in Question.objects.latest("pk").ready.content["options"]] == [
        "The requester",
        "The courier",
        "The lender",
    ]


@pytest.mark.thorough
def test_the_same_works_without_script(hana, bank):
    page = hana(java_script_enabled=False)
    page.goto("/author/questions/new/order/")
    write(page, "Question", "In what order?")
    page.locator("#q-items-0-text").fill("Send")
    page.locator("#q-items-1-text").fill("Ask")
    page.get_by_role("button", name="Add", exact=False).filter(has_text="item").first.click()
    page.locator("#q-items-2-text").fill("Return")
    page.get_by_role("button", name="Move Item 2 up").click()
    expect(page.locator("#q-items-0-text")).to_have_value("Ask")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("Saved as a draft.")).to_be_visible()
    saved = Question.objects.latest("pk")
    assert [each["text"] for each in saved.draft.content["items"]] == ["Ask", "Send", "Return"]


def test_what_is_wrong_is_said_first_and_leads_to_its_field(hana, bank):
    page = hana()
    page.goto("/author/questions/new/single/")
    write(page, "Question", "Who?")
    expect(page.locator("body[data-guarded]")).to_be_attached()  # what this page needs to send the form is there
    late: list[Route] = []
    page.route("**/js/*.js", lambda script: late.append(script))
    page.get_by_role("button", name="Save and mark as ready").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Answer 1, Answer: Fill this in.")
    page.locator("#q-options-1-text").focus()
    page.route("**/js/*.js", lambda script: script.continue_())
    for script in late:
        script.continue_()
    page.wait_for_load_state()
    expect(page.locator("#q-options-1-text")).to_be_focused()  # who is quicker than the scripts stays there
    summary.get_by_role("link", name="Answer 1, Answer").click()
    expect(page.locator("#q-options-0-text")).to_be_focused()
    assert barriers(page) == []


def test_chosen_questions_are_counted_retired_and_brought_back(hana, bank):
    page = hana()
    page.goto("/author/questions/?q=E-")
    boxes = page.locator("input[name=question]")
    total = boxes.count()
    boxes.nth(0).check()
    boxes.nth(1).check()
    expect(page.locator("[data-chosen]")).to_contain_text("2 chosen")
    page.get_by_role("button", name="Retire").click()
    expect(page.get_by_text("2 questions are retired.")).to_be_visible()
    expect(boxes).to_have_count(total - 2)
    page.get_by_role("button", name="Undo").click()
    expect(boxes).to_have_count(total)
    page.set_viewport_size({"width": 390, "height": 900})
    page.get_by_role("columnheader").get_by_role("link", name="Changed").click()  # in sight on a phone, too
    expect(page).to_have_url(re.compile("sort="))


@pytest.mark.thorough
def test_unsaved_words_are_not_lost_unasked(hana, bank):
    page = hana()
    question = question_in(bank, single("L-1"))
    page.goto(f"/author/questions/{question.pk}/")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator("#q-stem").click()
    page.keyboard.type("More. ")
    with page.expect_event("dialog"):
        page.get_by_role("link", name="Banks").or_(page.get_by_role("link", name="Courses")).first.click()
    assert asked == ["beforeunload"]
    expect(page.locator("#q-stem")).to_be_visible()
