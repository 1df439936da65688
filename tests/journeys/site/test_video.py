"""A video lesson of the starter course on real devices; the player's own rules stand in test_player.py."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import steps
from tests.plugins.site import Site

VIDEO = steps.lesson_url(steps.SHORTEST_VIDEO)


def clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def position(page: Page) -> float:
    return page.evaluate("document.querySelector('video').currentTime")


def play_until(page: Page, seconds: float) -> None:
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("(to) => document.querySelector('video').currentTime >= to", arg=seconds, timeout=60_000)
    page.get_by_role("button", name="Pause", exact=True).click()
    told(page)


def told(page: Page) -> None:
    """The video has stopped, and the server has taken what was watched: the page keeps nothing that it would send again."""
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('lendcraft-beat:'))")


def seek(page: Page, seconds: int) -> None:
    page.get_by_role("slider", name="Position in the video").fill(str(seconds))
    page.wait_for_function("() => !document.querySelector('video').seeking")


def test_dragging_to_the_end_is_not_watching(browser: Browser, site: Site):
    page, _ = steps.visit_as_newcomer(browser, site, "Quinn Doyle")
    page.goto(VIDEO)
    play_until(page, 1)
    seek(page, 150)
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("() => document.querySelector('video').ended", timeout=60_000)
    told(page)
    page.reload()
    expect(page.locator("#lesson-meta")).not_to_contain_text("Done")
    page.goto("/me/")
    expect(page.get_by_role("region", name="Why is it not complete?")).to_contain_text("Building a list of five")


@pytest.mark.thorough
def test_a_whole_video_at_double_speed_counts(browser: Browser, site: Site):
    page, _ = steps.visit_as_newcomer(browser, site, "Sanna Virtanen")
    page.goto(VIDEO)
    speed = page.get_by_role("button", name=re.compile("speed"))
    while not speed.inner_text().startswith("2×"):
        speed.click()
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator("#lesson-meta")).to_contain_text("Done", timeout=150_000)
    expect(page.get_by_role("button", name="I have read the transcript")).to_be_visible()


def test_another_device_goes_on_at_the_second(browser: Browser, site: Site):
    page, _ = steps.visit_as_newcomer(browser, site, "Rita Moreno")
    page.goto(VIDEO)
    seek(page, 60)
    play_until(page, 62)
    stopped = position(page)
    phone = steps.second_device(browser, page)
    phone.goto(VIDEO)
    phone.wait_for_function("() => document.querySelector('video').currentTime > 0")
    assert abs(position(phone) - stopped) < 1.5
    phone.goto("/home/")
    expect(phone.get_by_text(re.compile(rf"Stopped at ({clock(stopped - 0.5)}|{clock(stopped)})\b"))).to_be_visible()


def test_lessons_need_no_script(browser: Browser, site: Site):
    page, _ = steps.visit_as_newcomer(browser, site, "Tess Lindgren", java_script_enabled=False)
    page.goto("/courses/")
    page.get_by_role("link", name=steps.TITLE).click()
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="I have watched it").click()
    expect(page.get_by_text("Noted: you have watched the video.")).to_be_visible()
    expect(page.locator("#lesson-meta")).to_contain_text("Done")
    page.get_by_role("link", name="Next lesson").click()
    question = steps.lessons()[1].questions[0]
    page.locator("label.choice").filter(has_text=re.compile("^Copy")).click()
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text(next(each["feedback"] for each in question["options"] if each["right"]))).to_be_visible()
    page.get_by_role("button", name="Done, next lesson").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(steps.lessons()[2].title)
