"""Going through a page by the keyboard alone, and always seeing where one is."""

import re
from contextlib import suppress
from typing import Any

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as TooLate

MOST_TABS = 60
DRAWN_MS = 10_000
FOCUS = """() => {
    const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
    const label = at.closest('label') ?? at;
    const ring = [at, label].some((each) => {
        const drawn = getComputedStyle(each);
        return (drawn.outlineStyle !== 'none' && parseFloat(drawn.outlineWidth) >= 2) || drawn.boxShadow !== 'none';
    });
    const covered = [...document.querySelectorAll('.site-header, .focusbar, .lessonfoot, .tabbar')].some((bar) => {
        const other = bar.getBoundingClientRect();
        return getComputedStyle(bar).position === 'sticky' && !bar.contains(at)
            && box.top >= other.top && box.bottom <= other.bottom && other.height > 0;
    });
    return { name: (at.innerText || at.getAttribute('aria-label') || at.name || at.tagName).trim(), ring, covered,
             seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight, page: at === document.body };
}"""

SHOWN = f"() => {{ const at = ({FOCUS})(); return at.page || (at.ring && at.seen && !at.covered); }}"


def focus(page: Page) -> dict[str, Any]:
    """Where the focus is. A page that is drawn for the first time, or that scrolls, may show it a moment late."""
    at = page.evaluate(FOCUS)
    if not at["page"] and (at["ring"], at["seen"], at["covered"]) != (True, True, False):
        with suppress(TooLate):
            page.wait_for_function(SHOWN, timeout=DRAWN_MS)
        at = page.evaluate(FOCUS)
    return at


def tab_to(page: Page, wanted: str, *, key: str = "Tab") -> None:
    """Press Tab until ``wanted`` has the focus; every stop on the way shows where one is."""
    seen = []
    for _ in range(MOST_TABS):
        page.keyboard.press(key)
        at = focus(page)
        if at["page"]:
            continue
        assert (at["ring"], at["seen"], at["covered"]) == (True, True, False), at
        seen.append(at["name"])
        if re.search(wanted, at["name"]):
            return
    raise AssertionError(f"{wanted} is not reached: {seen}")


def into_editor(text: Locator) -> None:
    """Go into an editor of rich text: a fiftieth of a second later, by the page's clock, it puts the caret where it had it."""
    text.focus()
    text.evaluate("() => new Promise((done) => setTimeout(done, 50))")


# A piece of a page that was fetched is in its place; until then it may still take the focus.
SETTLED = """() => !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")"""
FORGETS_MS = 1_200


def type_choice(page: Page, control: Locator, text: str) -> None:
    """Choose from the list that has the focus by the first letters of what stands in it.

    A browser that waits a second for the next letter takes it for the first of another word. On a machine that is so
    slow, do as people do: wait until it has forgotten, and type again.
    """
    chosen = control.locator("option:checked")
    for _again in range(5):
        page.keyboard.type(text, delay=5)
        if (chosen.text_content() or "").strip().startswith(text):
            break
        page.wait_for_timeout(FORGETS_MS)
    expect(chosen).to_contain_text(text)
