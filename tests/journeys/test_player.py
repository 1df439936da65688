"""The player in a real browser: what counts as watched, what survives, what the keys do."""

import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from courses.standing import standing
from progress.models import VideoSession
from tests.courses.films import film_course
from tests.factories.accounts import UserFactory

ROOT = Path(__file__).parents[2]
FILM = ROOT / "media" / "courses" / "ill-borrowing-101" / "media" / "a-messy-form.mp4"
STARTED = """() => {
    const start = Number(document.querySelector("[data-video]").dataset.start) / 1000;
    return document.querySelector("video").currentTime > start + 0.8;
}"""
ALL_SENT = "() => Object.keys(localStorage).every((key) => !key.startsWith('lendcraft-beat:'))"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context()
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def intervals(page: Page) -> Callable[[str], Any]:
    """Evaluate an expression in which ``m`` is the module that decides what was watched."""
    source = base64.b64encode((ROOT / "static" / "js" / "intervals.js").read_bytes()).decode()

    def evaluate(expression: str) -> Any:
        return page.evaluate(f"import('data:text/javascript;base64,{source}').then((m) => {expression})")

    return evaluate


@pytest.mark.parametrize(
    ("spans", "joined"),
    [
        ([], []),
        ([[0, 10], [10, 20]], [[0, 20]]),
        ([[30, 40], [0, 10], [5, 15]], [[0, 15], [30, 40]]),
        ([[5, 5], [9, 3]], []),
        ([[0, 100], [20, 30]], [[0, 100]]),
    ],
)
def test_stretches_join_whatever_their_order(intervals, spans, joined):
    assert intervals(f"m.union({spans})") == joined
    assert intervals(f"m.covered({spans})") == sum(end - start for start, end in joined)


@pytest.mark.parametrize(
    ("start", "end", "elapsed", "rate", "counts"),
    [
        (0, 250, 250, 1, True),
        (0, 2000, 1000, 2, True),
        (0, 1000, 1000, 1, True),
        (0, 5000, 250, 1, False),
        (5000, 0, 250, 1, False),
        (0, 0, 250, 1, False),
    ],
)
def test_a_jump_earns_nothing(intervals, start, end, elapsed, rate, counts):
    assert (intervals(f"m.stretch({start}, {end}, {elapsed}, {rate})") is not None) == counts


def test_seeking_breaks_a_stretch(intervals):
    steps = """(() => { const w = new m.Watcher();
        w.tick(0, 0); w.tick(1000, 1000); w.halt(); w.tick(60000, 1100); w.tick(61000, 2100);
        return [w.take(), w.take()]; })()"""
    assert intervals(steps) == [[[0, 1000], [60000, 61000]], []]


@pytest.fixture
def cinema(live_server: LiveServer, tmp_path: Path) -> str:
    film_course(tmp_path / "in", film=FILM.read_bytes(), slug="cinema")
    return f"{live_server.url}/courses/cinema/film/"


@pytest.fixture
def learner(context: BrowserContext, live_server: LiveServer, client) -> User:
    person = UserFactory()
    client.force_login(person, backend="accounts.backends.PasswordBackend")
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    return person


def watched(learner: User) -> int:
    sessions = VideoSession.objects.filter(enrolment__learner=learner)
    return sum(end - start for session in sessions for start, end in session.spans)


def settle(page: Page, action: Callable[[], Any]) -> None:
    """Do something that ends in a beat while the film stands, and wait until the server has it."""
    with page.expect_response(lambda answer: answer.url.endswith("/do/beat/")) as answer:
        action()
    assert answer.value.status == 204
    # Which may have been one of those that come every ten seconds.
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.wait_for_function(ALL_SENT)


def position(page: Page) -> float:
    return page.evaluate("document.querySelector('video').currentTime")


def test_watching_is_recorded_seeking_is_not(page: Page, cinema: str, learner: User):
    page.goto(cinema)
    page.keyboard.press("Space")
    page.wait_for_function(STARTED)
    settle(page, lambda: page.keyboard.press("Space"))
    seen = watched(learner)
    assert 300 < seen < 20_000
    settle(page, lambda: page.evaluate("document.querySelector('video').currentTime = 1e6"))
    assert watched(learner) == seen
    assert standing().for_enrolment(learner.enrolments.get()).lessons["film"].state == "started"


def test_watching_the_end_too_at_double_speed_makes_the_lesson_done(page: Page, cinema: str, learner: User):
    """``test_video`` watches a whole film where there is time for it."""
    page.goto(cinema)
    settle(page, lambda: page.evaluate("document.querySelector('video').currentTime = 1"))
    length = page.evaluate("document.querySelector('video').duration")
    VideoSession.objects.update(spans=[[0, round(length * 880)]])
    speed = page.get_by_role("button", name="speed, change")
    while not speed.inner_text().startswith("2×"):
        speed.click()
    settle(page, lambda: page.evaluate(f"document.querySelector('video').currentTime = {length * 0.96}"))
    expect(page.locator("#lesson-meta")).not_to_contain_text("Done")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator("#lesson-meta")).to_contain_text("Done", timeout=30_000)
    assert standing().for_enrolment(learner.enrolments.get()).lessons["film"].state == "done"


def test_a_reload_goes_on_where_it_stopped(page: Page, cinema: str, learner: User):
    page.goto(cinema)
    settle(page, lambda: page.evaluate("document.querySelector('video').currentTime = 42.5"))
    page.reload()
    page.wait_for_function("() => document.querySelector('video').currentTime === 42.5")


def test_offline_is_said_kept_and_sent_after_a_reload(page: Page, context: BrowserContext, cinema: str, learner: User):
    page.goto(cinema)
    # What is played without a network is here.
    page.wait_for_function(
        "() => ((there) => there.length && there.end(0) > 3)(document.querySelector('video').buffered)"
    )
    context.set_offline(True)
    page.keyboard.press("Space")
    page.wait_for_function(STARTED)
    page.keyboard.press("Space")
    expect(page.get_by_text("You are offline.")).to_be_visible()
    assert watched(learner) == 0
    context.set_offline(False)
    page.goto(cinema.replace("/film/", "/after/"))
    page.wait_for_function(ALL_SENT)
    assert watched(learner) > 300


def test_two_tabs_are_two_sessions(page: Page, context: BrowserContext, cinema: str, learner: User):
    other = context.new_page()
    for tab in (page, other):
        tab.goto(cinema)
        tab.bring_to_front()
        tab.keyboard.press("Space")
        tab.wait_for_function(STARTED)
        settle(tab, lambda tab=tab: tab.keyboard.press("Space"))
    assert VideoSession.objects.filter(enrolment__learner=learner).count() == 2


def test_keys_captions_speed_and_chapters(page: Page, cinema: str, learner: User):
    page.goto(cinema)
    page.wait_for_function("() => document.querySelector('video').readyState >= 1")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('video').currentTime === 5")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => document.querySelector('video').currentTime === 0")
    captions = page.get_by_role("button", name="Captions")
    expect(captions).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-cue]")).to_have_text("First the click.")
    page.keyboard.press("c")
    expect(captions).to_have_attribute("aria-pressed", "false")
    expect(page.locator("[data-cue]")).to_be_hidden()
    page.get_by_role("button", name="speed, change").click()
    expect(page.locator("video")).to_have_js_property("playbackRate", 1.25)
    page.get_by_role("button", name="0:02 Parcel").click()
    page.wait_for_function("() => document.querySelector('video').currentTime >= 2")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("n")
    page.wait_for_url("**/courses/cinema/after/")
    page.keyboard.press("p")
    page.wait_for_url("**/courses/cinema/film/")


def test_letter_keys_can_be_switched_off(page: Page, cinema: str, learner: User):
    User.objects.filter(pk=learner.pk).update(letter_keys=False)
    page.goto(cinema)
    page.wait_for_function("() => document.querySelector('video').readyState >= 1")
    page.keyboard.press("c")
    page.keyboard.press("n")
    page.keyboard.press("ArrowRight")  # is heard after them, on the same page
    page.wait_for_function("() => document.querySelector('video').currentTime === 5")
    expect(page.get_by_role("button", name="Captions")).to_have_attribute("aria-pressed", "true")
    assert page.url == cinema


def test_the_transcript_is_searched_seeks_and_follows(page: Page, cinema: str, learner: User):
    page.goto(cinema)
    page.wait_for_function("() => document.querySelector('video').readyState >= 1")
    page.get_by_role("searchbox", name="Find in the transcript").fill("PARCEL")
    expect(page.get_by_text("1 line")).to_be_visible()
    expect(page.get_by_role("button", name="First the click.")).to_be_hidden()
    page.get_by_role("button", name="Then the parcel.").click()
    page.wait_for_function("() => document.querySelector('video').currentTime >= 2")
    expect(page.get_by_role("button", name="Then the parcel.")).to_have_attribute("aria-current", "true")


def test_a_video_that_fails_gives_way_to_its_transcript(page: Page, live_server: LiveServer, tmp_path: Path):
    film_course(tmp_path / "in", slug="silent")
    page.goto(f"{live_server.url}/courses/silent/film/")
    expect(page.get_by_text("The video cannot be shown")).to_be_visible()
    expect(page.locator("video")).to_be_hidden()
    expect(page.get_by_text("First the click.")).to_be_visible()
    expect(page.get_by_role("link", name="Download the video")).to_be_visible()


def test_without_script_there_are_native_controls_and_a_form(browser, live_server: LiveServer, cinema: str, client):
    person = UserFactory()
    client.force_login(person, backend="accounts.backends.PasswordBackend")
    plain = browser.new_context(java_script_enabled=False)
    plain.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = plain.new_page()
    page.goto(cinema)
    assert page.locator("video").get_attribute("controls") is not None
    expect(page.get_by_role("group", name="Video controls")).to_be_hidden()
    page.get_by_role("button", name="I have watched it").click()
    expect(page.get_by_text("Noted: you have watched the video.")).to_be_visible()
    assert standing().for_enrolment(person.enrolments.get()).lessons["film"].state == "done"
    plain.close()


def test_a_transcript_that_was_read_shows_as_done(page: Page, cinema: str, learner: User):
    page.goto(cinema)
    page.get_by_role("button", name="I have read the transcript").click()
    expect(page.locator("#lesson-meta").get_by_text("Done")).to_be_visible()
    expect(page.get_by_text("1 of 2 done")).to_be_visible()
