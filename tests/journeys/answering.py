"""How a learner answers each type of question in a real browser: by mouse, and by keyboard alone.

An answer is given as the engine keeps it (``RIGHT`` and ``WRONG`` of the quiz factories) and found on the page by its
words, as a learner finds it. A new type adds its line to ``MOUSE`` and to ``KEYBOARD``.
"""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from courses.models import Course
from tests.factories.quizzes import QUIZ
from tests.journeys.keys import type_choice

Content = Mapping[str, Any]
EDGE = 70
PATIENCE = 60  # seconds: a page scrolls a step with each picture, and a busy machine draws few
SETTLED = 10  # seconds: a place that gives way to the card may come and go below it, and takes it all the same
MOST_TABS = 200
SPOT_STEP = 5
NEXT = "[data-quiz-go=next]:not([aria-hidden])"


# Finding one's way


def question(page: Page, course: Course, number: int) -> None:
    page.goto(f"/courses/{course.slug}/{QUIZ}/quiz/{number}/")


def said(page: Page) -> Locator:
    """What was told last to who hears the page."""
    return page.locator("#live")


def words(text: str) -> re.Pattern[str]:
    """Exactly ``text``, whatever white space is around it."""
    return re.compile(rf"^\s*{re.escape(text)}\s*$")


def listed(page: Page, text: str) -> Locator:
    """The choice, with its button or box, that reads ``text``."""
    return page.locator("label.choice", has_text=words(text)).locator("input")


def part(page: Page, text: str) -> Locator:
    """The row or card that reads ``text``."""
    return page.locator("[data-part]", has=page.locator(".part__text", has_text=words(text)))


def typed(page: Page) -> Locator:
    return page.get_by_label("Your answer", exact=True)


def texts(rows: Any, key: str = "text") -> dict[str, str]:
    """The words of parts by their ids."""
    return {row["id"]: row[key] for row in rows}


def middle_of(area: Content) -> tuple[float, float]:
    """A place inside an area of a picture; a polygon must hold the mean of its corners."""
    numbers = area["coords"][:2] if area["shape"] == "circle" else area["coords"]
    across, down = numbers[::2], numbers[1::2]
    return sum(across) / len(across), sum(down) / len(down)


def gaps_in_order(content: Content) -> list[Content]:
    known = {gap["id"]: gap for gap in content["gaps"]}
    return [known[name] for name in re.findall(r"\[\[([^\]]+)\]\]", content["stem"])]


# By mouse


def middle(place: Locator, *, top: float = 0.5) -> tuple[float, float]:
    box = place.bounding_box()
    assert box
    return box["x"] + box["width"] / 3, box["y"] + box["height"] * top


def drag(page: Page, card: Locator, place: Locator, *, top: float = 0.5) -> None:
    """Take ``card`` by its middle and let it go over ``place``."""
    card.scroll_into_view_if_needed()
    page.mouse.move(*middle(card))
    page.mouse.down()
    bottom = page.viewport_size["height"]
    x, y = middle(place, top=top)
    deadline = time.monotonic() + PATIENCE
    while not EDGE < y < bottom - EDGE and time.monotonic() < deadline:
        page.mouse.move(x, 20 if y < bottom / 2 else bottom - 20)  # at the edge the page scrolls by itself
        page.wait_for_timeout(30)
        x, y = middle(place, top=top)
    at, deadline = None, min(deadline, time.monotonic() + SETTLED)
    while at != (x, y) and time.monotonic() < deadline:  # near the edge the page scrolls on while the card comes away
        at = x, y
        page.mouse.move(x, y - 5, steps=6)
        page.mouse.move(x, y, steps=2)
        x, y = middle(place, top=top)
    page.mouse.up()
    expect(page.locator("[data-lifted], [data-over], [data-before], [data-after]")).to_have_count(0)


def click_one(page: Page, content: Content, answer: str) -> None:
    listed(page, texts(content["options"])[answer]).check()


def click_several(page: Page, content: Content, answer: list[str]) -> None:
    for key, text in texts(content["options"]).items():
        listed(page, text).set_checked(key in answer)


def click_and_type(page: Page, content: Content, answer: str) -> None:
    typed(page).click()
    typed(page).fill(answer)
    page.locator("#stem").click()


def click_into_gaps(page: Page, content: Content, answer: Content) -> None:
    gaps = gaps_in_order(content)
    for number, gap in enumerate(gaps, start=1):
        control = page.get_by_label(f"Gap {number} of {len(gaps)}")
        if gap["kind"] == "choice":
            control.select_option(texts(gap["options"])[answer[gap["id"]]])
        else:
            control.fill(answer[gap["id"]])
    page.locator("#stem").click()


def drag_together(page: Page, content: Content, answer: Content) -> None:
    left, right = texts(content["pairs"], "left"), texts(content["pairs"], "right")
    right |= texts(content.get("extras", ()))
    for key, chosen in answer.items():
        drag(page, page.locator("[data-chip]", has_text=words(right[chosen])), part(page, left[key]))


def drag_into_order(page: Page, content: Content, answer: list[str]) -> None:
    """Each in its turn to the end."""
    items = texts(content["items"])
    for key in answer:
        drag(page, part(page, items[key]), page.locator("[data-rows] > li").last, top=0.9)


def drag_into_boxes(page: Page, content: Content, answer: Content) -> None:
    items, groups = texts(content["items"]), texts(content["groups"])
    for key, chosen in answer.items():
        drag(page, part(page, items[key]), page.locator(".box__name", has_text=words(groups[chosen])))


def click_in_picture(page: Page, content: Content, answer: Content) -> None:
    spot = page.locator("[data-spot]")
    spot.scroll_into_view_if_needed()
    box = spot.locator("svg").bounding_box()
    assert box
    scale = box["width"] / content["width"]
    for area in (each for each in content["areas"] if each["id"] in answer["areas"]):
        across, down = middle_of(area)
        spot.click(position={"x": across * scale, "y": down * scale})
        expect(said(page)).to_contain_text("set at")


# By keyboard alone

FOCUSED = "all => all.includes(document.activeElement)"
BEHIND = """all => Boolean(
    all[0].compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING)"""


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab, or Shift and Tab where it lies behind, until one of ``wanted`` has the focus."""
    expect(wanted.first).to_be_attached()
    if wanted.evaluate_all(FOCUSED):
        return
    key = "Shift+Tab" if wanted.evaluate_all(BEHIND) else "Tab"
    for _step in range(MOST_TABS):
        page.keyboard.press(key)
        if wanted.evaluate_all(FOCUSED):
            return
    pytest.fail(f"The keyboard does not reach {wanted}.")


def press(page: Page, button: Locator) -> None:
    """Press a button or follow a link."""
    tab_to(page, button)
    page.keyboard.press("Enter")


def pick(page: Page, radio: Locator) -> None:
    """Choose one of a group of radio buttons: Tab leads into the group, arrows lead on within it."""
    group = page.locator(f"input[type=radio][name='{radio.get_attribute('name')}']")
    tab_to(page, group)
    for _step in range(group.count()):
        if radio.evaluate_all(FOCUSED):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(radio).to_be_checked()


def set_box(page: Page, box: Locator, wanted: bool) -> None:  # as set_checked of a locator
    if box.is_checked() != wanted:
        tab_to(page, box)
        page.keyboard.press("Space")


def choose(page: Page, control: Locator, text: str) -> None:
    """Choose from a list by the first letters of what stands in it."""
    tab_to(page, control)
    type_choice(page, control, text)
    expect(control.locator("option:checked")).to_have_text(text)


def write(page: Page, control: Locator, text: str) -> None:
    """Type into a line in place of what stands in it."""
    tab_to(page, control)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def key_one(page: Page, content: Content, answer: str) -> None:
    pick(page, listed(page, texts(content["options"])[answer]))


def key_several(page: Page, content: Content, answer: list[str]) -> None:
    chosen = {text for key, text in texts(content["options"]).items() if key in answer}
    for text in page.locator("label.choice").all_inner_texts():
        set_box(page, listed(page, text.strip()), text.strip() in chosen)


def key_text(page: Page, content: Content, answer: str) -> None:
    write(page, typed(page), answer)
    page.keyboard.press("Tab")


def key_date(page: Page, content: Content, answer: str) -> None:
    """Month, day and year, as the American browser of the journeys asks for them."""
    year, month, day = answer.split("-")
    tab_to(page, typed(page))
    while typed(page).evaluate_all(FOCUSED):  # who comes from behind stands at the year
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    page.keyboard.type(f"{month}{day}{year}")
    expect(typed(page)).to_have_value(answer)
    page.keyboard.press("Tab")


def key_gaps(page: Page, content: Content, answer: Content) -> None:
    gaps = gaps_in_order(content)
    for number, gap in enumerate(gaps, start=1):
        control = page.get_by_label(f"Gap {number} of {len(gaps)}")
        if gap["kind"] == "choice":
            choose(page, control, texts(gap["options"])[answer[gap["id"]]])
        else:
            write(page, control, answer[gap["id"]])
    page.keyboard.press("Tab")


def key_together(page: Page, content: Content, answer: Content) -> None:
    left, right = texts(content["pairs"], "left"), texts(content["pairs"], "right")
    right |= texts(content.get("extras", ()))
    for key, chosen in answer.items():
        choose(page, part(page, left[key]).locator("select"), right[chosen])


def key_into_order(page: Page, content: Content, answer: list[str]) -> None:
    items = texts(content["items"])
    for place, key in enumerate(answer, start=1):
        choose(page, part(page, items[key]).locator("select"), str(place))


def key_into_boxes(page: Page, content: Content, answer: Content) -> None:
    items, groups = texts(content["items"]), texts(content["groups"])
    for key, chosen in answer.items():
        choose(page, part(page, items[key]).locator("select"), groups[chosen])


def _marker(page: Page) -> tuple[int, int]:
    """Where the marker is in the picture; it says so when it moves."""
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    found = re.fullmatch(r"Marker at (\d+) across, (\d+) down\.", said(page).inner_text())
    assert found
    return int(found[1]), int(found[2])


def key_in_picture(page: Page, content: Content, answer: Content) -> None:
    tab_to(page, page.locator("[data-spot]"))
    for area in (each for each in content["areas"] if each["id"] in answer["areas"]):
        across, down = middle_of(area)
        x, y = _marker(page)
        for key, way in (
            ("ArrowRight", across - x),
            ("ArrowLeft", x - across),
            ("ArrowDown", down - y),
            ("ArrowUp", y - down),
        ):
            for _step in range(round(way / SPOT_STEP)):
                page.keyboard.press(key)
        page.keyboard.press("Enter")
        expect(said(page)).to_contain_text("set at")


# Both ways

Answering = Callable[[Page, Content, Any], None]


@dataclass(frozen=True)
class Way:
    """``answers``: how each type is answered. ``press`` a button or link, ``choose`` one of several radio buttons."""

    answers: Mapping[str, Answering]
    press: Callable[[Page, Locator], None]
    choose: Callable[[Page, Locator], None]

    def answer(self, page: Page, content: Content, answer: Any) -> None:
        self.answers[content["type"]](page, content, answer)

    def onwards(self, page: Page) -> None:
        """To the next question, or from the last one to the look back."""
        where = page.url
        self.press(page, page.locator(NEXT))
        page.wait_for_url(lambda url: url != where)

    def hand_in(self, page: Page) -> None:
        self.press(page, page.locator("[data-quiz-hand-in] button"))
        page.wait_for_url("**/quiz/result/")


MOUSE: dict[str, Answering] = {
    "single": click_one,
    "multi": click_several,
    "tf": click_one,
    "text": click_and_type,
    "num": click_and_type,
    "calc": click_and_type,
    "date": click_and_type,
    "essay": click_and_type,
    "cloze": click_into_gaps,
    "match": drag_together,
    "order": drag_into_order,
    "group": drag_into_boxes,
    "hotspot": click_in_picture,
}
KEYBOARD: dict[str, Answering] = {
    "single": key_one,
    "multi": key_several,
    "tf": key_one,
    "text": key_text,
    "num": key_text,
    "calc": key_text,
    "date": key_date,
    "essay": key_text,
    "cloze": key_gaps,
    "match": key_together,
    "order": key_into_order,
    "group": key_into_boxes,
    "hotspot": key_in_picture,
}
WAYS = {
    "mouse": Way(MOUSE, press=lambda page, button: button.click(), choose=lambda page, radio: radio.check()),
    "keyboard": Way(KEYBOARD, press=press, choose=pick),
}
