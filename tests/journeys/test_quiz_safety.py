"""Answers in a real browser: saved as given, kept without a network, one truth for two devices."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from courses.models import Course
from quizzes.models import Attempt, Step
from tests.factories.quizzes import QUIZ, matching, multi, publish_quiz, shorttext, single, start_attempt, truefalse
from tests.journeys import steps

pytestmark = pytest.mark.django_db(transaction=True)
SAVES = "**/save/"


@pytest.fixture
def course(transactional_db) -> Course:
    return publish_quiz(questions=[single(), multi(), truefalse()])


@pytest.fixture
def attempt(course: Course, trainee: User) -> Attempt:
    return start_attempt(trainee, course)


@pytest.fixture
def device(
    browser: Browser, live_server: LiveServer, trainee: User, client_of: Callable[[User], Client]
) -> Iterator[Callable[..., Page]]:
    """Another device of the trainee, signed in."""
    opened: list[BrowserContext] = []

    def open_one(**options) -> Page:
        context = browser.new_context(base_url=live_server.url, **options)
        opened.append(context)
        session = client_of(trainee).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        return context.new_page()

    yield open_one
    for context in opened:
        context.close()


def open_question(page: Page, course: Course, number: int = 1) -> None:
    page.goto(f"/courses/{course.slug}/{QUIZ}/quiz/{number}/")


def option(page: Page, name: str) -> Locator:
    return page.get_by_label(f"Option {name}", exact=True)


def state(page: Page) -> Locator:
    return page.locator("[data-quiz-words]")


def onwards(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Next question|Look back and hand in")).click()


def sign_in_as(page: Page, client: Client | None) -> None:
    """The browser's session is that of ``client`` from now on, or nobody's."""
    name = settings.SESSION_COOKIE_NAME
    page.context.clear_cookies(name=name)
    if client is not None:
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": page.context.pages[0].url}]
        )


def answers(attempt: Attempt) -> list[object]:
    """The answers that stand, in the order of the questions; None for none."""
    steps = Step.objects.filter(slot__attempt=attempt, late=False).order_by("seq", "client_id")
    newest = dict(steps.values_list("slot__position", "answer"))
    return [newest.get(position) for position in (1, 2, 3)]


def test_an_answer_is_saved_as_it_is_given_and_another_device_goes_on(
    course: Course, attempt: Attempt, device: Callable[..., Page]
):
    laptop = device()
    open_question(laptop, course)
    option(laptop, "c").check()
    expect(state(laptop)).to_have_text("Saved")
    assert answers(attempt) == ["c", None, None]

    phone = device(viewport={"width": 390, "height": 844})
    phone.goto(f"/courses/{course.slug}/{QUIZ}/")
    phone.get_by_role("button", name="Go on where you stopped").click()
    expect(option(phone, "c")).to_be_checked()
    expect(state(phone)).to_contain_text("another device")


def test_an_answer_given_before_the_script_runs_is_saved_too(
    course: Course, attempt: Attempt, device: Callable[..., Page]
):
    page = device()
    late: list[Route] = []
    page.route("**/js/quiz*.js", lambda route: late.append(route), times=1)
    page.goto(f"/courses/{course.slug}/{QUIZ}/quiz/1/", wait_until="commit")
    option(page, "c").check()
    steps.until(lambda: bool(page.title() and late))
    late[0].continue_()
    expect(state(page)).to_have_text("Saved")
    assert answers(attempt) == ["c", None, None]


def test_an_answer_that_waits_is_sent_by_nobody_else_and_goes_when_its_person_is_back(
    course: Course, attempt: Attempt, device: Callable[..., Page], trainee: User, supervisor: User, client_of
):
    page = device()
    open_question(page, course)
    sign_in_as(page, None)
    option(page, "b").check()
    expect(state(page)).to_contain_text("You are signed out")

    other = page.context.new_page()
    sign_in_as(other, client_of(supervisor))
    with other.expect_response(SAVES):
        other.goto(f"/courses/{course.slug}/{QUIZ}/")
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)  # signing in makes a new one
    sign_in_as(other, client_of(trainee))
    other.goto("/courses/")
    expect(state(page)).to_have_text("Saved", timeout=15_000)
    assert answers(attempt) == ["b", None, None]


def test_a_whole_quiz_by_keyboard_alone(course: Course, attempt: Attempt, device: Callable[..., Page]):
    page = device()
    open_question(page, course)

    def tab_to(wanted: str) -> None:
        for _step in range(40):
            page.keyboard.press("Tab")
            if page.locator(f"{wanted}:focus").count():
                return
        pytest.fail(f"The keyboard does not reach {wanted}.")

    tab_to("input[name=answer]")
    page.keyboard.press("Space")
    expect(state(page)).to_have_text("Saved")
    page.keyboard.press("Enter")
    page.wait_for_url("**/quiz/2/")
    tab_to("input[type=checkbox]")
    page.keyboard.press("Space")
    tab_to("[data-quiz-go=next]:not([aria-hidden])")
    page.keyboard.press("Enter")
    page.wait_for_url("**/quiz/3/")
    tab_to("input[name=answer]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/quiz/review/")
    expect(page.get_by_role("heading", name="Every question has an answer")).to_be_visible()
    tab_to("[data-quiz-hand-in] button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/quiz/result/")
    attempt.refresh_from_db()
    assert attempt.finished_at is not None


def test_without_a_network_the_answer_is_kept_said_and_sent_later(
    course: Course, attempt: Attempt, device: Callable[..., Page]
):
    page = device()
    open_question(page, course)
    page.context.set_offline(True)
    option(page, "b").check()
    expect(state(page)).to_have_text("Not saved yet, kept on this device")
    onwards(page)
    expect(state(page)).to_contain_text("No connection")
    assert answers(attempt) == [None, None, None]

    page.context.set_offline(False)
    expect(state(page)).to_have_text("Saved")
    assert answers(attempt) == ["b", None, None]
    onwards(page)
    page.wait_for_url("**/quiz/2/")


def test_what_was_not_sent_survives_a_reload(course: Course, attempt: Attempt, device: Callable[..., Page]):
    page = device()
    open_question(page, course)
    page.context.route(SAVES, lambda route: route.abort())
    option(page, "d").check()
    expect(state(page)).to_have_text("Not saved yet, kept on this device")
    page.reload()
    expect(option(page, "d")).to_be_checked()
    expect(state(page)).to_have_text("Not saved yet, kept on this device")
    assert answers(attempt) == [None, None, None]

    page.context.unroute(SAVES)
    expect(state(page)).to_have_text("Saved", timeout=15_000)
    assert answers(attempt) == ["d", None, None]


def test_a_browser_that_keeps_nothing_loses_no_answer(course: Course, attempt: Attempt, device: Callable[..., Page]):
    page = device()
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); };")
    open_question(page, course)
    page.context.route(SAVES, lambda route: route.abort())
    option(page, "d").check()
    expect(state(page)).to_have_text("Not saved yet, kept on this device")
    page.context.unroute(SAVES)
    option(page, "b").check()
    expect(state(page)).to_have_text("Saved")
    option(page, "c").check()
    onwards(page)
    page.wait_for_url("**/quiz/2/")
    assert answers(attempt) == ["c", None, None]


def test_the_look_back_sends_what_waits_before_it_counts(course: Course, attempt: Attempt, device: Callable[..., Page]):
    page = device()
    open_question(page, course, 2)
    page.context.route(SAVES, lambda route: route.abort())
    option(page, "a").check()
    option(page, "b").check()
    expect(state(page)).to_have_text("Not saved yet, kept on this device")
    page.goto(f"/courses/{course.slug}/{QUIZ}/quiz/review/")
    expect(page.get_by_text("Some answers are not saved yet")).to_be_visible()

    page.context.unroute(SAVES)
    page.reload()
    expect(page.get_by_role("heading", name="2 questions have no answer yet")).to_be_visible()
    assert answers(attempt) == [None, ["a", "b"], None]


def test_the_device_with_the_older_answer_is_told_and_shows_the_newer(
    course: Course, attempt: Attempt, device: Callable[..., Page]
):
    laptop, phone = device(), device()
    for page in (laptop, phone):
        open_question(page, course)
    for name in ("a", "b"):
        option(phone, name).check()
        expect(state(phone)).to_have_text("Saved")
        expect(option(phone, name)).to_be_checked()
    option(laptop, "d").check()

    expect(state(laptop)).to_contain_text("another device")
    expect(option(laptop, "b")).to_be_checked()
    option(laptop, "d").check()
    expect(state(laptop)).to_have_text("Saved")
    assert answers(attempt) == ["d", None, None]


def test_an_answer_after_handing_in_elsewhere_is_told_kindly(
    course: Course, attempt: Attempt, device: Callable[..., Page]
):
    laptop, phone = device(), device()
    open_question(laptop, course)
    phone.goto(f"/courses/{course.slug}/{QUIZ}/quiz/review/")
    phone.get_by_role("button", name="Hand in as it is").click()
    phone.wait_for_url("**/quiz/result/")
    option(laptop, "b").check()

    expect(state(laptop)).to_contain_text("handed in already, so this answer no longer counts")
    onwards(laptop)
    laptop.wait_for_url("**/quiz/result/")
    assert answers(attempt) == [None, None, None]


def test_without_scripts_the_buttons_save(course: Course, attempt: Attempt, device: Callable[..., Page]):
    page = device(java_script_enabled=False)
    open_question(page, course)
    option(page, "b").check()
    onwards(page)
    page.wait_for_url("**/quiz/2/")
    option(page, "a").check()
    option(page, "d").check()
    page.get_by_role("button", name="Question 3").click()
    page.wait_for_url("**/quiz/3/")
    option(page, "true").check()
    page.get_by_role("button", name="Save and leave").click()
    page.wait_for_url(f"**/courses/{course.slug}/")

    assert answers(attempt) == ["b", ["a", "d"], "true"]


# Answers of every type are form fields: what holds for a choice holds for words and for several fields.


@pytest.fixture
def words(transactional_db, trainee: User) -> Attempt:
    """An attempt at a typed answer, and at one of several fields."""
    course = publish_quiz(slug="in-words", questions=[shorttext(), matching()])
    return start_attempt(trainee, course)


def typed_page(page: Page, attempt: Attempt, number: int) -> None:
    page.goto(f"/courses/in-words/{QUIZ}/quiz/{number}/")
    expect(page.locator("[data-quiz]")).to_have_attribute("data-attempt", str(attempt.pk))


def test_words_are_saved_within_a_second_of_typing_and_with_the_time_on_the_question(
    words: Attempt, device: Callable[..., Page]
):
    page = device()
    page.clock.install(time=0)
    typed_page(page, words, 1)
    page.clock.pause_at(20)  # how fast this machine is makes no difference from here on
    page.locator("[name=answer]").press_sequentially("union catalogue")
    with page.expect_response(SAVES) as saved:
        page.clock.run_for(1_000)
    assert saved.value.ok
    expect(state(page)).to_have_text("Saved")

    step = Step.objects.get()  # a pause is waited for, letters are not sent one by one
    assert step.answer == "union catalogue"
    assert step.ms is not None
    assert 0 < step.ms < 60_000


def test_words_typed_offline_survive_a_reload_and_leaving_sends_what_was_typed_last(
    words: Attempt, device: Callable[..., Page]
):
    page = device()
    typed_page(page, words, 1)
    page.context.route(SAVES, lambda route: route.abort())
    page.locator("[name=answer]").fill("index")
    expect(state(page)).to_have_text("Not saved yet, kept on this device")
    page.reload()
    expect(page.locator("[name=answer]")).to_have_value("index")
    page.context.unroute(SAVES)
    expect(state(page)).to_have_text("Saved", timeout=15_000)

    page.locator("[name=answer]").fill("catalogue")
    page.goto(f"/courses/in-words/{QUIZ}/quiz/2/")
    typed_page(page, words, 1)
    expect(page.locator("[name=answer]")).to_have_value("catalogue")
    expect(state(page)).to_have_text("Saved", timeout=15_000)
    assert answers(words)[0] == "catalogue"


def test_another_devices_answer_of_several_fields_is_shown_and_said(words: Attempt, device: Callable[..., Page]):
    laptop, phone = device(), device()
    for page in (laptop, phone):
        typed_page(page, words, 2)
    for name in ("a", "b"):
        phone.locator(f"[name='answer.{name}']").select_option(index=2)
        expect(state(phone)).to_have_text("Saved")
    chosen = phone.locator("[name='answer.a']").input_value()
    laptop.evaluate("document.addEventListener('quiz:shown', () => document.body.dataset.shown = 'again')")
    laptop.locator("[name='answer.c']").select_option(index=1)

    expect(state(laptop)).to_contain_text("another device")
    expect(laptop.locator("[name='answer.a']")).to_have_value(chosen)
    expect(laptop.locator("[name='answer.c']")).to_have_value("")
    expect(laptop.locator("body")).to_have_attribute("data-shown", "again")
