"""Words, numbers, gaps, dates, formulas and free texts in a real browser: what becomes of what was typed.

That each of them can be answered by mouse and by keyboard alone, with no barrier, is tried in ``test_types``.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Course
from quizzes.models import Attempt, Result, Step
from quizzes.services.marking import mark
from tests.factories.quizzes import (
    QUIZ,
    calculated,
    cloze,
    date,
    essay,
    number,
    publish_quiz,
    shorttext,
    slots_of,
    start_attempt,
)
from tests.journeys.answering import WAYS, question, tab_to, typed, write
from tests.journeys.looking import WIDTHS, is_open, widths

pytestmark = pytest.mark.django_db(transaction=True)
MOUSE, KEYBOARD = WAYS["mouse"], WAYS["keyboard"]
TABLE = "| Who | What |\n| - | - |\n| A [[who]] gives | one [[what]] in [[many]] days |"
TEXT = "Your loan is due on Thursday, because another library waits for it."


@pytest.fixture
def course(transactional_db: None) -> Course:
    """One question of each type that is marked at once; the gaps stand in a table."""
    return publish_quiz(questions=[shorttext(), number(), cloze(stem=f"Fill in.\n\n{TABLE}"), date(), calculated()])


@pytest.fixture
def attempt(course: Course, trainee: User) -> Attempt:
    return start_attempt(trainee, course)


def price(page: Page) -> str:
    """What the loans of this attempt cost, by the numbers on the page."""
    found = re.search(r"What do (\d+) loans at ([\d.]+) cost", page.locator("#stem").inner_text())
    assert found
    return str(Decimal(found[1]) * Decimal(found[2]))


def answers(attempt: Attempt) -> list[Any]:
    """The answers that stand, in the order of the questions."""
    newest = dict(
        Step.objects.filter(slot__attempt=attempt).order_by("seq", "client_id").values_list("slot__position", "answer")
    )
    return [newest[position] for position in sorted(newest)]


@pytest.mark.thorough
@pytest.mark.parametrize("size", WIDTHS)
def test_by_mouse(size: str, course: Course, attempt: Attempt, device: Callable[..., Page]):
    page = device(viewport=WIDTHS[size])
    question(page, course, 1)
    page.get_by_label("Your answer").click()
    page.get_by_label("Your answer").fill("union CATALOGUE")
    MOUSE.onwards(page)

    page.get_by_label("Your answer").fill("28,5 days")
    MOUSE.onwards(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Fill the gaps")
    page.get_by_label("Gap 1 of 3").select_option("Option b")
    page.get_by_label("Gap 2 of 3").fill("Loan")
    page.get_by_label("Gap 3 of 3").fill("5")
    is_open(page)
    MOUSE.onwards(page)

    page.get_by_label("Your answer").fill("2026-11-26")
    MOUSE.onwards(page)

    right = price(page)
    page.get_by_label("Your answer").fill(right)
    MOUSE.onwards(page)
    MOUSE.hand_in(page)

    gaps = {"who": "b", "what": "Loan", "many": "5"}
    assert answers(attempt) == ["union CATALOGUE", "28,5 days", gaps, "2026-11-26", right]
    assert Result.objects.get(attempt=attempt).percent == 100
    for at in range(1, 6):
        page.goto(f"/courses/{course.slug}/{QUIZ}/quiz/result/{at}/")
        expect(page.get_by_text("Your answer: right").first).to_be_visible()


@pytest.mark.thorough
@pytest.mark.parametrize("size", WIDTHS)
def test_by_keyboard_alone(size: str, course: Course, attempt: Attempt, device: Callable[..., Page]):
    page = device(viewport=WIDTHS[size])

    question(page, course, 1)
    tab_to(page, typed(page))
    page.keyboard.type("a catalogue")
    KEYBOARD.onwards(page)
    tab_to(page, typed(page))
    page.keyboard.type("4 weeks")
    KEYBOARD.onwards(page)
    tab_to(page, page.get_by_label("Gap 1 of 3"))
    page.keyboard.type("Option c")
    page.keyboard.press("Tab")
    page.keyboard.type("loan")
    page.keyboard.press("Tab")
    page.keyboard.type("five")
    KEYBOARD.onwards(page)
    tab_to(page, typed(page))
    page.keyboard.type("11302026")
    KEYBOARD.onwards(page)
    right = price(page)
    tab_to(page, typed(page))
    page.keyboard.type(right)
    KEYBOARD.onwards(page)
    KEYBOARD.hand_in(page)

    gaps = {"who": "c", "what": "loan", "many": "five"}
    assert answers(attempt) == ["a catalogue", "4 weeks", gaps, "2026-11-30", right]
    said = {
        1: "Your answer: partly right",
        2: "Your answer: right",
        3: "This cannot be read as a number",
        4: "Right would be: Thursday, 26 November 2026",
        5: "Your answer: right",
    }
    for at, told in said.items():
        page.goto(f"/courses/{course.slug}/{QUIZ}/quiz/result/{at}/")
        expect(page.get_by_text(told).first).to_be_visible()
        is_open(page)


def test_without_scripts_and_with_nonsense(course: Course, attempt: Attempt, device: Callable[..., Page]):
    page = device(java_script_enabled=False, viewport=WIDTHS["390"])
    question(page, course, 2)
    page.get_by_label("Your answer").fill("1e999 <b>days</b>")
    MOUSE.onwards(page)
    page.get_by_label("Gap 3 of 3").fill("NaN")
    MOUSE.onwards(page)
    page.get_by_role("button", name=re.compile("Previous")).click()
    expect(page.get_by_label("Gap 3 of 3")).to_have_value("NaN")
    assert answers(attempt) == ["1e999 <b>days</b>", {"many": "NaN"}]


@pytest.mark.thorough
@pytest.mark.parametrize("size", widths("390"))
def test_a_free_text_stays_as_it_was_typed_and_is_read_with_its_marks(
    size: str, trainee: User, instructor: User, device: Callable[..., Page]
):
    course = publish_quiz(questions=[essay(words_max=40)])
    attempt = start_attempt(trainee, course)
    page = device(viewport=WIDTHS[size])
    question(page, course, 1)
    tab_to(page, page.get_by_text("How it is marked"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Worth 3")).to_be_visible()
    is_open(page)
    write(page, typed(page), TEXT)
    KEYBOARD.onwards(page)

    assert answers(attempt) == [TEXT]
    question(page, course, 1)
    expect(typed(page)).to_have_value(TEXT)
    is_open(page)
    KEYBOARD.onwards(page)
    KEYBOARD.hand_in(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("A person reads your answers now")
    is_open(page)

    [slot] = slots_of(attempt)
    mark(slot=slot, levels={"facts": "l1", "tone": "l3"}, comment="Name the day first.", marker=instructor)
    page.goto(f"/courses/{course.slug}/{QUIZ}/quiz/result/1/")
    expect(page.get_by_text("Name the day first.")).to_be_visible()
    expect(typed(page)).to_have_value(TEXT)
    is_open(page)
