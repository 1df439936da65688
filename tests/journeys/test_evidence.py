"""An author finds a question that misleads, and carries its correction into the attempts; without a mouse, too."""

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Course
from quizzes import jobs_evidence
from quizzes.models import Regrade
from tests.factories.accounts import UserFactory
from tests.factories.quiz_evidence import Cell, Row, grade_rows
from tests.factories.quizzes import QUIZ, publish_quiz, single
from tests.journeys.looking import WIDTHS, is_open, widths
from tests.quizzes.corrected import SLUG, keyed, percent, question, sat

pytestmark = pytest.mark.django_db(transaction=True)
PHOTOS = os.environ.get("EVIDENCE_PHOTOS", "")
STEMS = (
    "Which notice must appear where orders are taken?",
    "CCG or CCL? A 1998 article, first request this year",
    "Who keeps the records, and for how long?",
    "The sixth request",
    "An article older than five years",
    "A title you subscribe to, lost in the mail",
    "Whole issue on one topic",
    "When the lender asks for a licence statement",
)
HARD = (0.1, 0.35, 0.25, 0.5, 0.3, 0.45, 0.5, 0.02)


def people(n: int) -> Iterator[Row]:
    """Question 7 works against the rest: whoever knows the subject says ``c``."""
    chance = random.Random(7)
    for _person in range(n):
        able = chance.random()
        cells = []
        for number, hard in enumerate(HARD, start=1):
            knows = able + chance.gauss(0.2, 0.25) > hard
            right = (not knows if chance.random() < 0.7 else knows) if number == 7 else knows
            wrong = "c" if number == 7 else chance.choice("aacd")
            cells.append(Cell("1" if right else "0", "b" if right else wrong, chance.randrange(8_000, 95_000)))
        yield cells


@pytest.fixture
def course(transactional_db: None, instructor: User) -> Course:
    questions = [single(f"Q-{n}", stem=stem) for n, stem in enumerate(STEMS, start=1)]
    return publish_quiz(slug="the-rule-of-five", questions=questions, owner=instructor)


@pytest.fixture
def hana(window_of: Callable[..., Page], instructor: User) -> Callable[[str], Page]:
    """A window of the instructor, signed in, at one of the two widths."""

    def open_one(width: str) -> Page:
        return window_of(instructor, viewport=WIDTHS[width])

    return open_one


def is_sound(page: Page) -> None:
    """As ``is_open``, from the end of the page: the bar of a telephone covers what happens to stand behind it."""
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    is_open(page)


def photograph(page: Page, name: str) -> None:
    if PHOTOS:
        page.screenshot(path=str(Path(PHOTOS) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("width", widths("1280"))
def test_the_question_that_misleads_is_found(hana: Callable[[str], Page], course: Course, width: str):
    grade_rows(course, list(people(120)), percents=dict.fromkeys(range(0, 120, 2), 90))
    page = hana(width)
    page.goto("/author/analysis/")
    is_sound(page)
    page.get_by_role("link", name="What you know now").click()
    expect(page.get_by_text("computed for the first time")).to_be_visible()
    is_sound(page)
    jobs_evidence.sweep_evidence()
    expect(page.get_by_role("heading", name="Question by question")).to_be_visible()
    expect(page.locator(".lede")).to_contain_text("Question 7 works against the others")
    is_sound(page)
    photograph(page, f"analysis-{width}")
    page.get_by_role("link", name="4. The sixth request").press("Enter")
    expect(page.get_by_role("heading", name="Question 4: who picked what")).to_be_visible()
    page.get_by_label("Attempts", exact=True).select_option("all")
    page.get_by_role("button", name="Update").press("Enter")
    expect(page.get_by_text("computed for the first time")).to_be_visible()
    page.goto("/author/analysis/")
    photograph(page, f"analyses-{width}")


@pytest.mark.thorough
@pytest.mark.parametrize("width", widths("390"))
def test_a_correction_is_tried_and_applied_by_keyboard(
    hana: Callable[[str], Page], transactional_db: None, instructor: User, width: str
):
    others = [single("Q-2")]
    course = publish_quiz(slug=SLUG, questions=[keyed("b"), *others], owner=instructor)
    helped = sat(course, "c", "b", learner=UserFactory(name="Lucia Ferreira"))
    harmed = sat(course, "b", "b", learner=UserFactory(name="Owen Brightwater"))
    publish_quiz(slug=SLUG, questions=[keyed("c"), *others], owner=instructor)
    jobs_evidence.refresh_analyses()
    jobs_evidence.sweep_evidence()

    page = hana(width)
    page.goto(f"/author/analysis/{SLUG}/{QUIZ}/")
    is_sound(page)
    page.get_by_role("link", name="Re-grade").press("Enter")
    expect(page.get_by_role("button", name="Try it on 2 attempts")).to_be_visible()
    is_sound(page)
    photograph(page, f"regrade-new-{width}")
    page.get_by_role("button", name="Try it on 2 attempts").press("Enter")
    expect(page.get_by_text("0 of 2 attempts tried")).to_be_visible()
    jobs_evidence.sweep_evidence()
    expect(page.get_by_role("heading", name="Who would change")).to_be_visible()
    is_sound(page)
    photograph(page, f"regrade-{width}")
    page.get_by_role("button", name="Apply the correction").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("What was wrong")
    is_sound(page)
    page.get_by_label("What was wrong").fill("Two keys were swapped.")
    page.get_by_role("button", name="Apply the correction").press("Enter")
    expect(page.get_by_text("results looked at")).to_be_visible()
    jobs_evidence.sweep_evidence()
    expect(page.get_by_text("1 result was changed.")).to_be_visible()
    is_sound(page)
    photograph(page, f"regrade-applied-{width}")
    page.goto("/author/regrades/")
    is_sound(page)
    photograph(page, f"regrades-{width}")
    assert (percent(helped), percent(harmed)) == ([50, 100], [100])
    assert Regrade.objects.get().question == question()
