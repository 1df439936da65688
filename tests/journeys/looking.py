"""Is a page open to everybody? What axe finds, in both themes, and whether it scrolls sideways."""

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast"]  # nothing but colours follows the theme
WIDTHS = {"1280": {"width": 1280, "height": 900}, "390": {"width": 390, "height": 844}}
NARROW = {"width": 320, "height": 700}
ALL = os.environ.get("JOURNEYS_ALL") == "1"


def widths(*in_ci: str) -> list[str]:
    """Widths to walk at: those ``in_ci``, so that each is met somewhere, and every one with ``make journeys``."""
    return list(WIDTHS) if ALL else list(in_ci)


def barriers(page: Page, only: list[str] | None = None) -> Iterator[str]:
    """What axe finds: rule and place."""
    chosen: dict[str, Any] = {"type": "rule", "values": only} if only else {"type": "tag", "values": RULES}
    for violation in Axe().run(page, options={"runOnly": chosen, "resultTypes": ["violations"]}).response["violations"]:
        for node in violation["nodes"]:
            yield f"{violation['id']} at {node['target']}: {node['failureSummary'].splitlines()[-1].strip()}"


def too_wide(page: Page) -> Iterator[str]:
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > page.viewport_size["width"]:
        yield f"is {width} px wide"


def unroll(page: Page, size: dict[str, int]) -> None:
    """As wide as ``size``, as tall as the page: what a bar at the bottom covers is otherwise scrolled out by a reader.

    Some of a page grows with the window, or a moment later, so this looks until all of it fits and stays so.
    """
    page.set_viewport_size(size)
    fitted = 0
    for _look in range(100):
        tall = page.evaluate("document.documentElement.scrollHeight")
        fits = size["height"] < tall <= page.viewport_size["height"]
        fitted = fitted + 1 if fits else 0
        if fitted == 3:
            return
        if not fits:
            page.set_viewport_size({**size, "height": tall + 100})
        page.wait_for_timeout(100)


def wear(page: Page, theme: str) -> None:
    """Load the page anew in ``dark`` or ``light``: colours that were on their way may stay half changed for long."""
    page.emulate_media(color_scheme=theme)
    page.reload()


def faults(page: Page, *, dark: bool = True) -> Iterator[str]:
    """Everything wrong with the page that is open, as wide as it is, in both themes or in the light one.

    The dark one is loaded anew, so what a form was given must be saved.
    """
    yield from (*barriers(page), *too_wide(page))
    if dark:
        yield from in_the_dark(page)


def in_the_dark(page: Page) -> Iterator[str]:
    """What is wrong with the colours of the dark theme; the light one comes back."""
    wear(page, "dark")
    yield from (f"dark: {each}" for each in barriers(page, COLOURS))
    page.emulate_media(color_scheme="light")


def is_open(page: Page, *, dark: bool = True) -> None:
    """Nothing that axe finds, and no sideways scrolling."""
    wrong = [f"{page.url}: {each}" for each in faults(page, dark=dark)]
    assert not wrong, "\n".join(wrong)


class Watch:
    """What a page does behind the reader's back."""

    def __init__(self, page: Page, host: str) -> None:
        self.host = host
        self.seen: list[str] = []
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.seen.append(f"error: {error}"))
        page.on("request", self.follow)

    def hear(self, message: ConsoleMessage) -> None:
        expected = "the server responded with a status of 4" in message.text  # a page that is not there says so
        if message.type == "error" and not expected:
            self.seen.append(f"console: {message.text}")

    def follow(self, request: Request) -> None:
        where = urlsplit(request.url)
        if where.scheme in ("http", "https") and where.netloc != self.host:
            self.seen.append(f"asks another host: {request.url}")

    def take(self) -> list[str]:
        taken, self.seen = self.seen, []
        return taken


def all_round(page: Page, path: str, watch: Watch) -> Iterator[str]:
    """Everything wrong with the page at ``path``, in both themes and at three widths."""
    page.emulate_media(color_scheme="dark")
    page.goto(path)
    yield from (f"wide, dark: {fault}" for fault in barriers(page, COLOURS))
    page.emulate_media(color_scheme="light")
    page.goto(path)
    yield from (f"wide, light: {fault}" for fault in barriers(page))
    unroll(page, WIDTHS["390"])
    if found := list(barriers(page)):  # of a page that still grew: the bar at its foot lay over something meanwhile
        page.wait_for_load_state("networkidle")
        unroll(page, WIDTHS["390"])
        found = list(barriers(page))
    yield from (f"phone: {fault}" for fault in (*found, *too_wide(page)))
    page.set_viewport_size(NARROW)
    yield from (f"narrow: {fault}" for fault in too_wide(page))
    page.set_viewport_size(WIDTHS["1280"])
    yield from watch.take()
