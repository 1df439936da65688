"""Matching, ordering, sorting and pointing in a real browser: what is told on the way, several ways to the same end.

That each of them can be answered by mouse and by keyboard alone, with no barrier, is tried in ``test_types``.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.media_probe import examine
from courses.models import Course
from courses.services.media import store_all
from quizzes.models import Attempt, Result, SlotMark
from quizzes.services.answering import save_answer
from quizzes.services.grading import finish
from tests.factories.quizzes import (
    QUIZ,
    hotspot,
    matching,
    ordering,
    png,
    publish_quiz,
    slots_of,
    sorting,
    start_attempt,
)
from tests.journeys.answering import WAYS, drag, middle, part, press, question, said, tab_to
from tests.journeys.looking import WIDTHS

pytestmark = pytest.mark.django_db(transaction=True)
MOUSE, KEYBOARD = WAYS["mouse"], WAYS["keyboard"]
GROUPS = {"Item a": "Lending", "Item b": "Lending", "Item c": "Borrowing", "Item d": "Borrowing"}
WIDTH, HEIGHT = 400, 200
AREAS = [
    {"id": "a", "shape": "rect", "coords": [20, 20, 120, 180], "text": "The left shelf", "right": True},
    {"id": "b", "shape": "circle", "coords": [200, 100, 40], "text": "The globe", "right": True},
    {"id": "c", "shape": "poly", "coords": [280, 20, 380, 100, 280, 180], "text": "The door", "right": False},
]


@pytest.fixture
def course(transactional_db: None, tmp_path: Path) -> Course:
    picture = tmp_path / "shelf.png"
    picture.write_bytes(png(WIDTH, HEIGHT))
    media = store_all({"shelf.png": examine(picture)}, owner=None)
    pointing = hotspot(width=WIDTH, height=HEIGHT, areas=AREAS)
    return publish_quiz(questions=[matching(), ordering(), sorting(), pointing], media=media)


@pytest.fixture
def attempt(course: Course, trainee: User) -> Attempt:
    return start_attempt(trainee, course)


def order(page: Page) -> list[str]:
    return [text.split("\n")[0].strip() for text in page.locator("[data-rows] > li .part__text").all_inner_texts()]


@pytest.mark.thorough
@pytest.mark.parametrize("size", WIDTHS)
def test_by_mouse(size: str, course: Course, attempt: Attempt, device: Callable[..., Page]):
    page = device(viewport=WIDTHS[size])
    question(page, course, 1)
    for each in "abc":
        drag(page, page.locator("[data-chip]", has_text=f"Side of {each}"), part(page, f"Left {each}"))
        expect(said(page)).to_have_text(f"Left {each} goes with Side of {each}.")
        expect(part(page, f"Left {each}").locator("select option:checked")).to_have_text(f"Side of {each}")
    MOUSE.onwards(page)

    for place, each in enumerate("abcd"):
        row = page.locator("[data-rows] > li").nth(place)
        if f"Step {each}" not in row.inner_text():
            drag(page, part(page, f"Step {each}"), row, top=0.2)
            expect(said(page)).to_have_text(f"Step {each} moved to place {place + 1} of 4.")
    assert order(page) == ["Step a", "Step b", "Step c", "Step d"]
    MOUSE.onwards(page)

    for item, name in GROUPS.items():
        box = page.locator(".box", has=page.locator(".box__name", has_text=name))
        drag(page, part(page, item), box.locator(".box__name"))
        expect(said(page)).to_have_text(f"{item} is now in {name}.")
        expect(box.locator("[data-part]", has_text=item)).to_be_visible()
    MOUSE.onwards(page)

    spot = page.locator("[data-spot]")
    scale = spot.locator("svg").bounding_box()["width"] / WIDTH
    for number, (x, y) in enumerate([(70, 100), (200, 100)], start=1):
        spot.click(position={"x": x * scale, "y": y * scale})
        expect(said(page)).to_contain_text(f"Point {number} set at")
    expect(spot.locator(".spot__point")).to_have_count(2)
    MOUSE.onwards(page)
    MOUSE.hand_in(page)
    assert Result.objects.get(attempt=attempt).percent == 100


@pytest.mark.thorough
@pytest.mark.parametrize("size", WIDTHS)
def test_by_keyboard_alone(size: str, course: Course, attempt: Attempt, device: Callable[..., Page]):
    page = device(viewport=WIDTHS[size])

    question(page, course, 1)
    for each in "abc":
        left = f"Left {each}"
        tab_to(page, part(page, left).locator("select"))
        page.keyboard.type(left.replace("Left", "Side of"), delay=5)
        expect(said(page)).to_have_text(f"{left} goes with {left.replace('Left', 'Side of')}.")
    KEYBOARD.onwards(page)

    press(page, page.locator("[data-rows] button").first)
    expect(said(page)).to_have_text(re.compile(r"Step \w stays at place 1 of 4."))
    for place, each in enumerate("abcd"):
        row = page.locator("[data-rows] > li", has_text=f"Step {each}")
        tab_to(page, row.get_by_role("button", name="Move up"))
        keys = ["Enter", "Alt+ArrowUp"] * 4
        while order(page)[place] != f"Step {each}":
            page.keyboard.press(keys.pop())
            expect(row.get_by_role("button", name="Move up")).to_be_focused()
    expect(said(page)).to_contain_text("of 4.")
    KEYBOARD.onwards(page)

    for item in GROUPS:
        tab_to(page, part(page, item).locator("select"))
        page.keyboard.press("Alt+ArrowDown")
        if GROUPS[item] == "Borrowing":
            page.keyboard.press("Alt+ArrowDown")
        expect(said(page)).to_have_text(f"{item} is now in {GROUPS[item]}.")
        expect(part(page, item).locator("select")).to_be_focused()
    KEYBOARD.onwards(page)

    tab_to(page, page.locator("[data-spot]"))
    page.keyboard.press("Enter")  # the marker begins in the middle: the globe
    expect(said(page)).to_have_text("Point 1 set at 200 across, 100 down.")
    page.keyboard.press("Shift+ArrowLeft")
    expect(said(page)).to_have_text("Marker at 199 across, 100 down.")
    for _step in range(26):
        page.keyboard.press("ArrowLeft")
    expect(said(page)).to_have_text("Marker at 69 across, 100 down.")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(said(page)).to_have_text("Point 3 set at 69 across, 105 down.")
    page.keyboard.press("Delete")
    expect(said(page)).to_have_text("The last point is taken back. Points left: 2.")
    KEYBOARD.onwards(page)
    KEYBOARD.hand_in(page)
    assert Result.objects.get(attempt=attempt).percent == 100


@pytest.mark.thorough
def test_esc_puts_a_card_back_and_the_lists_still_work(course: Course, attempt: Attempt, device: Callable[..., Page]):
    page = device(viewport=WIDTHS["1280"])
    question(page, course, 2)
    before = order(page)
    page.mouse.move(*middle(page.locator("[data-rows] > li").first))
    page.mouse.down()
    page.mouse.move(*middle(page.locator("[data-rows] > li").last, top=0.9), steps=5)
    expect(page.locator("[data-lifted]")).to_have_count(1)
    page.keyboard.press("Escape")
    page.mouse.up()
    assert order(page) == before
    expect(page.locator("[data-lifted]")).to_have_count(0)

    page.locator("[data-rows] > li").first.locator("select").select_option("4")
    assert order(page) == [*before[1:], before[0]]
    assert page.locator("[data-rows] select").evaluate_all("all => all.map((each) => each.value)") == list("1234")


def test_without_scripts_the_lists_do_it_all(course: Course, attempt: Attempt, device: Callable[..., Page]):
    page = device(java_script_enabled=False, viewport=WIDTHS["390"])
    question(page, course, 1)
    for each in "abc":
        part(page, f"Left {each}").locator("select").select_option(label=f"Side of {each}")
    MOUSE.onwards(page)
    for place, each in enumerate("abcd", start=1):
        part(page, f"Step {each}").locator("select").select_option(str(place))
    MOUSE.onwards(page)
    for item, name in GROUPS.items():
        part(page, item).locator("select").select_option(label=name)
    MOUSE.onwards(page)
    page.get_by_label("The left shelf").check()
    page.get_by_label("The globe").check()
    expect(page.locator("[data-scripted]:visible")).to_have_count(0)
    MOUSE.onwards(page)
    MOUSE.hand_in(page)

    assert list(SlotMark.objects.values_list("fraction", flat=True)) == [1, 1, 1, 1]


def test_a_finger_drags_a_card_by_its_grip(course: Course, attempt: Attempt, device: Callable[..., Page]):
    page = device(viewport=WIDTHS["390"], has_touch=True, is_mobile=True)
    question(page, course, 2)
    before = order(page)
    touch = page.context.new_cdp_session(page)

    def finger(kind: str, *points: tuple[float, float]) -> None:
        places = [{"x": x, "y": y} for x, y in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    rows = page.locator("[data-rows] > li")
    x, y = middle(rows.nth(0).locator("[data-grip]"))
    end = middle(rows.nth(2), top=0.8)[1]
    finger("touchStart", (x, y))
    for part_of_way in (0.2, 0.5, 0.8, 1):
        finger("touchMove", (x, y + (end - y) * part_of_way))
    expect(page.locator("[data-lifted]")).to_have_count(1)
    finger("touchEnd")

    expect(said(page)).to_have_text(f"{before[0]} moved to place 3 of 4.")
    assert order(page) == [before[1], before[2], before[0], before[3]]


@pytest.mark.thorough
def test_where_one_answer_is_asked_for_a_point_and_the_list_take_turns(
    transactional_db: None, tmp_path: Path, trainee: User, device: Callable[..., Page]
):
    picture = tmp_path / "shelf.png"
    picture.write_bytes(png())
    one = publish_quiz(questions=[hotspot()], media=store_all({"shelf.png": examine(picture)}, owner=None))
    start_attempt(trainee, one)
    page = device(viewport=WIDTHS["390"])
    question(page, one, 1)
    spot, listed = page.locator("[data-spot]"), page.get_by_label("Area c")
    listed.check()
    spot.click(position={"x": 100, "y": 50})
    expect(listed).not_to_be_checked()
    spot.click(position={"x": 30, "y": 50})
    expect(spot.locator(".spot__point")).to_have_count(1)
    listed.check()
    expect(spot.locator(".spot__point")).to_have_count(0)
    spot.click(position={"x": 30, "y": 50})
    MOUSE.onwards(page)
    MOUSE.hand_in(page)

    assert Result.objects.get().percent == 100


def test_what_was_handed_in_cannot_be_moved_where_the_right_answer_stays_hidden(
    tmp_path: Path, transactional_db: None, trainee: User, device: Callable[..., Page]
):
    picture = tmp_path / "shelf.png"
    picture.write_bytes(png(WIDTH, HEIGHT))
    media = store_all({"shelf.png": examine(picture)}, owner=None)
    pointing = hotspot(width=WIDTH, height=HEIGHT, areas=AREAS)
    course = publish_quiz(questions=[sorting(), pointing], media=media, asking={"review": {"right": "never"}})
    attempt = start_attempt(trainee, course)
    for slot, answer in zip(slots_of(attempt), [{"a": "borrow"}, {"areas": [], "points": [[30, 30]]}], strict=True):
        save_answer(slot=slot, answer=answer, client_id="laptop", seq=1)
    finish(attempt=attempt)
    page = device()

    page.goto(f"/courses/{course.slug}/{QUIZ}/quiz/result/1/")
    expect(page.get_by_label("Item a")).to_have_value("borrow")
    expect(page.locator("[data-grip]:visible, .boxes:visible, .hint:visible")).to_have_count(0)
    page.goto(f"/courses/{course.slug}/{QUIZ}/quiz/result/2/")
    expect(page.locator(".spot__point")).to_have_count(1)
    page.locator("[data-spot]").click()
    expect(page.locator(".spot__point")).to_have_count(1)
