"""An author mends captions beside the video by keys alone, and nobody is shut out of the page."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import looking, steps
from tests.plugins.site import Site

LESSON = f"/author/courses/{steps.COURSE}/lessons/unboxing/"


def at(page: Page) -> float:
    return float(page.evaluate("document.querySelector('video').currentTime"))


def words(page: Page, number: int):
    return page.get_by_label(f"Words of caption {number}", exact=True)


def test_captions_are_timed_parted_and_saved_by_keys(browser: Browser, site: Site):
    page = steps.visit_as(browser, site, steps.HANA)
    page.goto(f"{LESSON}captions/en/")
    expect(page.get_by_text("Follow the video")).to_be_visible()
    count = page.locator("[data-cue]").count()
    words(page, 1).focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(words(page, 2)).to_be_focused()
    page.keyboard.press("Alt+g")
    expect(page.locator("#cue-2")).to_have_attribute("aria-current", "true")
    began = at(page)
    page.keyboard.press("Alt+k")
    steps.until(lambda: at(page) > began + 0.4, pause=0.1)
    page.keyboard.press("Alt+k")
    page.keyboard.press("Alt+o")
    ended = at(page)
    minutes, seconds = divmod(int(ended), 60)
    expect(page.get_by_label("End of caption 2", exact=True)).to_have_value(
        re.compile(rf"^{minutes}:{seconds:02}\.\d\d\d$")
    )
    page.keyboard.press("Alt+j")
    assert at(page) < ended - 1
    page.keyboard.press("Control+Home")
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Alt+Enter")
    expect(words(page, 3)).to_be_focused()
    expect(page.locator("[data-cue]")).to_have_count(count + 1)
    expect(words(page, 2)).to_have_value("Inside")
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    page.get_by_label("End of caption 3", exact=True).fill("0:00")
    expect(page.locator("#said-3")).to_contain_text("ends before it starts")
    page.get_by_role("button", name="Join next 2", exact=True).press("Enter")
    expect(page.locator("[data-cue]")).to_have_count(count)
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Captions saved.")).to_be_visible()
    expect(words(page, 2)).to_have_value(re.compile(r"^Inside\s+is a book"))


@pytest.mark.thorough
@pytest.mark.parametrize("width", looking.WIDTHS)
def test_nobody_is_shut_out_of_captions_and_chapters(browser: Browser, site: Site, width: str):
    page = steps.visit_as(browser, site, steps.HANA, viewport=looking.WIDTHS[width])
    for place in ("captions/en/", "captions/es/", "chapters/"):
        page.goto(f"{LESSON}{place}")
        looking.unroll(page, looking.WIDTHS[width])
        looking.is_open(page)
