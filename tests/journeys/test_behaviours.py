"""Each behaviour once in a real browser: by mouse on a wide screen, by keyboard alone on a phone; and the clock."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from core import clock
from courses.models import Course
from quizzes.models import Attempt, ExtraTime, SlotMark, Step, Try
from tests.factories.quizzes import QUIZ, publish_quiz, single, start_attempt
from tests.journeys.looking import barriers, too_wide

pytestmark = pytest.mark.django_db(transaction=True)
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
HINTS = ["Think of the patron.", "It is the second."]


def control(page: Page, name: str, value: str) -> Locator:
    """What is chosen by the words of an option, or by how sure one is."""
    if name == "answer":
        return page.get_by_label(f"Option {value}", exact=True)
    return page.locator(f"input[name={name}][value='{value}']")


class ByMouse:
    """What a hand on a mouse does."""

    screen = {"viewport": WIDE, "color_scheme": "light"}

    def choose(self, page: Page, name: str, value: str) -> None:
        control(page, name, value).click()

    def press(self, page: Page, button: Locator) -> None:
        button.click()


class ByKeyboard:
    """The same with Tab, arrows, Space and Enter alone."""

    screen = {"viewport": PHONE, "color_scheme": "dark"}

    def choose(self, page: Page, name: str, value: str) -> None:
        wanted = control(page, name, value)
        self._tab_to(page, page.locator(f"input[name={name}]"))
        page.keyboard.press("Space")
        for _step in range(6):
            if wanted.evaluate("control => control === document.activeElement && control.checked"):
                return
            page.keyboard.press("ArrowDown")
        pytest.fail(f"The arrows do not reach {name}={value}.")

    def press(self, page: Page, button: Locator) -> None:
        self._tab_to(page, button)
        page.keyboard.press("Enter")

    def _tab_to(self, page: Page, wanted: Locator) -> None:
        for _step in range(60):
            page.keyboard.press("Tab")
            if any(each.evaluate("control => control === document.activeElement") for each in wanted.all()):
                return
        pytest.fail("The keyboard does not get there.")


Hand = ByMouse | ByKeyboard


@pytest.fixture(
    params=[pytest.param(ByMouse(), marks=pytest.mark.thorough), ByKeyboard()], ids=["mouse-1280", "keyboard-390"]
)
def hand(request: pytest.FixtureRequest) -> Hand:
    return request.param


@pytest.fixture
def page(device: Callable[..., Page], hand: Hand) -> Page:
    return device(**hand.screen)


def begin(page: Page, hand: Hand, *, rule: dict[str, Any] | None = None, **asking: Any) -> Course:
    """From the start card to the first question of a quiz of two that asks like this."""
    course = publish_quiz(questions=[single("Q-1", hints=HINTS), single("Q-2")], asking=asking, rule=rule)
    page.goto(f"/courses/{course.slug}/{QUIZ}/")
    sound(page)
    hand.press(page, page.get_by_role("button", name="Start the quiz"))
    page.wait_for_url("**/quiz/1/")
    return course


def sound(page: Page) -> None:
    """No barrier that axe finds and nothing that scrolls sideways: the mouse's pages are light, the keyboard's dark."""
    assert list(too_wide(page)) == []
    assert list(barriers(page)) == []


def onwards(page: Page, hand: Hand) -> None:
    where = page.url
    hand.press(page, page.locator("[data-quiz-go=next]:not([aria-hidden])"))
    page.wait_for_url(lambda url: url != where)


def hand_in(page: Page, hand: Hand) -> None:
    hand.press(page, page.get_by_role("button", name=re.compile("^Hand in")))
    page.wait_for_url("**/quiz/result/")


def check(page: Page, hand: Hand) -> None:
    hand.press(page, page.get_by_role("button", name="Check", exact=True))


@pytest.mark.thorough
def test_feedback_at_the_end(page: Page, hand: Hand):
    begin(page, hand)
    hand.choose(page, "answer", "b")
    expect(page.get_by_role("button", name="Check", exact=True)).to_have_count(0)
    onwards(page, hand)
    hand.choose(page, "answer", "b")
    onwards(page, hand)
    sound(page)
    hand_in(page, hand)
    expect(page.get_by_role("heading", level=1)).to_have_text("Two of two. You passed, Rosa.")
    sound(page)


@pytest.mark.thorough
def test_feedback_at_once(page: Page, hand: Hand):
    begin(page, hand, behaviour="immediate")
    expect(page.get_by_text("Once you check your answer, it stands.")).to_be_visible()
    hand.choose(page, "answer", "a")
    address = page.url
    check(page, hand)
    feedback = page.locator("#feedback")
    expect(feedback).to_be_focused()
    expect(feedback).to_contain_text("Not this time")
    expect(page.get_by_text("Because of the reply a.")).to_be_visible()
    assert page.url == address
    assert page.locator("input[name=answer]:enabled").count() == 0
    expect(page.get_by_role("button", name=re.compile("Question 1 ?, answered"))).to_be_visible()
    sound(page)
    onwards(page, hand)
    check(page, hand)
    expect(page.get_by_role("alert")).to_contain_text("Answer first, then check.")
    hand.choose(page, "answer", "b")
    check(page, hand)
    expect(feedback).to_contain_text("That is right")
    page.reload()
    expect(page.locator("#feedback")).to_contain_text("That is right")
    assert Try.objects.count() == 2


@pytest.mark.thorough
def test_several_tries(page: Page, hand: Hand):
    begin(page, hand, behaviour="tries", tries={"most": 3, "penalty": 25})
    expect(page.get_by_text("Each wrong one takes 25% off what this question counts.")).to_be_visible()
    expect(page.get_by_text(HINTS[0])).to_have_count(0)
    hand.choose(page, "answer", "a")
    check(page, hand)
    feedback = page.locator("#feedback")
    expect(feedback).to_be_focused()
    expect(feedback).to_contain_text(HINTS[0])
    expect(feedback).to_contain_text("You have 2 more tries")
    sound(page)
    hand.choose(page, "answer", "b")
    check(page, hand)
    expect(feedback).to_contain_text("That is right")
    onwards(page, hand)
    onwards(page, hand)
    hand_in(page, hand)
    expect(page.get_by_text("2 tries")).to_be_visible()
    expect(page.get_by_text("0.75 of 1 point")).to_be_visible()
    sound(page)


@pytest.mark.thorough
def test_how_sure_one_is(page: Page, hand: Hand):
    begin(page, hand, behaviour="certainty")
    expect(page.get_by_text("right: +3, wrong: −6")).to_be_visible()
    hand.choose(page, "answer", "b")
    hand.choose(page, "certainty", "3")
    expect(page.locator("[data-quiz-words]")).to_have_text("Saved")
    sound(page)
    page.reload()
    expect(page.locator("input[name=certainty][value='3']")).to_be_checked()
    onwards(page, hand)
    hand.choose(page, "answer", "a")
    onwards(page, hand)
    hand_in(page, hand)
    expect(page.get_by_role("heading", name="How sure you were")).to_be_visible()
    assert [float(mark.earned) for mark in SlotMark.objects.order_by("slot__position")] == [1.0, 0.0]
    sound(page)


def test_an_exam(page: Page, hand: Hand):
    closes = (clock.now() + dt.timedelta(days=3)).date()
    begin(page, hand, behaviour="exam", closes_on=closes.isoformat())
    expect(page.get_by_text("Nothing is shown before the quiz closes")).to_be_visible()
    hand.choose(page, "answer", "b")
    onwards(page, hand)
    onwards(page, hand)
    hand_in(page, hand)
    expect(page.get_by_role("heading", level=1)).to_have_text("Handed in. Thank you, Rosa.")
    expect(page.get_by_text("Question by question")).to_have_count(0)
    expect(page.get_by_text("Because of the reply")).to_have_count(0)
    sound(page)


# The clock


@pytest.fixture
def timed(trainee: User) -> Attempt:
    """An attempt of 20 minutes, begun with extra time."""
    course = publish_quiz(questions=[single(), single("Q-2")], asking={"time_limit": 20, "grace": 30})
    ExtraTime.objects.create(course=course, learner=trainee, percent=50)
    return start_attempt(trainee, course)


def leave(attempt: Attempt, seconds: float) -> None:
    """Let ``seconds`` be left of the time."""
    due = clock.now() + dt.timedelta(seconds=seconds)
    Attempt.objects.filter(pk=attempt.pk).update(due_at=due, closes_at=due + dt.timedelta(seconds=30))


def open_first(page: Page, attempt: Attempt) -> None:
    assert attempt.enrolment
    page.goto(f"/courses/{attempt.enrolment.course.slug}/{QUIZ}/quiz/1/")


def test_the_clock_tells_the_time_in_words_and_can_be_hidden(timed: Attempt, device: Callable[..., Page]):
    page = device(viewport=PHONE, color_scheme="dark")
    open_first(page, timed)
    words = page.locator("[data-clock-words]")
    expect(words).to_have_text("30 minutes left")
    expect(page.get_by_text("with 10 minutes of extra time")).to_be_visible()
    sound(page)
    page.get_by_role("button", name="Hide the clock").click()
    expect(words).to_be_hidden()
    page.reload()
    expect(words).to_be_hidden()
    page.get_by_role("button", name="Show the clock").click()
    expect(words).to_be_visible()


def test_the_clock_is_the_servers_and_five_minutes_and_one_are_said(timed: Attempt, device: Callable[..., Page]):
    page = device()
    page.clock.install(time=clock.now() - dt.timedelta(hours=3))  # the browser's own clock is wrong
    leave(timed, 7 * 60 - 1)  # each look below has most of a minute: the clocks go on meanwhile
    open_first(page, timed)
    expect(page.locator("[data-clock-words]")).to_have_text("7 minutes left")
    said = page.locator("#live")
    expect(said).to_be_empty()
    page.clock.fast_forward(125_000)
    expect(said).to_have_text("5 minutes left")
    page.clock.fast_forward(60_000)
    expect(page.locator("[data-clock-words]")).to_have_text("4 minutes left")
    expect(said).to_have_text("5 minutes left")
    page.clock.fast_forward(180_000)
    expect(said).to_have_text("1 minute left")
    expect(page.locator("[data-clock-words]")).to_have_text("Less than a minute left")


def test_when_the_time_is_up_the_page_sends_what_waits_and_hands_in(timed: Attempt, device: Callable[..., Page]):
    page = device()
    page.clock.install(time=clock.now())
    open_first(page, timed)
    page.context.route("**/save/", lambda route: route.abort())
    control(page, "answer", "b").check()
    expect(page.locator("[data-quiz-words]")).to_have_text("Not saved yet, kept on this device")
    page.context.unroute("**/save/")
    leave(timed, 0)  # but for the grace
    page.clock.fast_forward("30:00")
    page.wait_for_url("**/quiz/result/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    timed.refresh_from_db()
    assert timed.finished_at is not None
    step = Step.objects.get(slot__attempt=timed)
    assert (step.answer, step.late) == ("b", False)


def test_without_scripts_the_end_is_said_and_a_check_works(trainee: User, device: Callable[..., Page]):
    asking = {"behaviour": "tries", "tries": {"most": 2, "penalty": 50}, "time_limit": 20}
    course = publish_quiz(questions=[single(hints=HINTS)], asking=asking)
    start_attempt(trainee, course)
    page = device(java_script_enabled=False)
    page.goto(f"/courses/{course.slug}/{QUIZ}/quiz/1/")
    expect(page.locator("[data-quiz-clock]")).to_contain_text("until")
    control(page, "answer", "a").check()
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator("#feedback")).to_contain_text(HINTS[0])
    control(page, "answer", "b").check()
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator("#feedback")).to_contain_text("That is right")
