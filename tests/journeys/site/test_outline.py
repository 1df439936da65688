"""A course is begun and put in order by the keyboard alone; whatever happens is said and can be undone."""

import re
import time

from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys import looking, steps
from tests.journeys.keys import SETTLED, tab_to, type_choice
from tests.plugins.site import Site


def said(page: Page, words: str) -> None:
    """What a screen reader was told; the change is saved by then."""
    expect(page.locator("#live")).to_have_text(re.compile(words))
    expect(page.locator("#saved")).to_contain_text("All changes saved")
    page.wait_for_function(SETTLED)


def write_title(page: Page, title: str) -> None:
    """The form that was opened has the focus in its title."""
    expect(page.locator("#edit_title")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type(title)


def in_outline(page: Page, title: str) -> Locator:
    """The lesson's row; what keeps the course from being published may name the lesson a second time."""
    return page.locator("a[id^=lesson-]", has_text=re.compile(rf"^\s*{re.escape(title)}\s*$"))


def add_lesson(page: Page, title: str, kind: str = "") -> None:
    write_title(page, title)
    if kind:
        page.keyboard.press("Tab")
        type_choice(page, page.locator("select:focus"), kind)
        tab_to(page, "Add the lesson")
    page.keyboard.press("Enter")
    said(page, f"“{title}” added to Part")
    expect(in_outline(page, title)).to_be_focused()


def test_a_course_is_begun_and_put_in_order_by_keyboard_alone(browser: Browser, site: Site):
    page = steps.visit_as(browser, site, steps.HANA)
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto("/author/do/create/")
    tab_to(page, "^title$")
    page.keyboard.type(f"Reading citations {time.time_ns() % 10**6}")
    page.keyboard.press("Tab")
    page.keyboard.type("FND 120")
    tab_to(page, "Begin the course")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Your course is empty. Begin with one lesson.")).to_be_visible()
    add_lesson(page, "What lenders need to see")
    tab_to(page, "^Add a lesson")
    page.keyboard.press("Enter")
    add_lesson(page, "The parts of a citation", "Quiz")
    tab_to(page, "^Add a part")
    page.keyboard.press("Enter")
    write_title(page, "Repair")
    page.keyboard.press("Enter")
    said(page, "Part 2, “Repair”, added.")
    expect(page.locator(":focus")).to_contain_text("Add a lesson")  # of the new part
    page.keyboard.press("Enter")
    add_lesson(page, "Where to look first")

    tab_to(page, "^The parts of a citation$", key="Shift+Tab")
    page.keyboard.press("Alt+ArrowUp")
    said(page, "“The parts of a citation” moved to position 1 of 2 in Part 1.")
    expect(page.get_by_role("button", name="Move The parts of a citation down")).to_be_focused()
    tab_to(page, "^More for The parts of a citation")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("details[open]")).to_have_count(0)
    page.keyboard.press("Enter")
    tab_to(page, "^Rename, minutes")
    page.keyboard.press("Enter")
    write_title(page, "Name the part")
    page.keyboard.press("Enter")
    said(page, "The lesson is called “Name the part”")
    tab_to(page, "^More for Name the part")
    page.keyboard.press("Enter")
    tab_to(page, "^Archive$")
    page.keyboard.press("Enter")
    said(page, "“Name the part” archived.")
    expect(in_outline(page, "Name the part")).to_have_count(0)
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    said(page, "“Name the part” is back in Part 1.")
    expect(page.locator("#state-the-parts-of-a-citation")).to_contain_text("The quiz asks nothing; give it a question.")
    looking.is_open(page)
    looking.unroll(page, looking.WIDTHS["390"])
    looking.is_open(page)
    # What a check says of a lesson that was archived meanwhile has no row to stand in.
    assert [each for each in wrong if "oobErrorNoTarget" not in each] == []
