"""Every sensible pair of a behaviour and a type in a real browser, by mouse or keyboard, wide or on a phone.

Here a set in which any two of these meet; with JOURNEYS_ALL=1 (``make journeys``) all combinations. A new type or
behaviour joins by being registered; a new type also says in ``answering`` how it is answered.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Course
from quizzes.asking import Settings
from quizzes.behaviours import Behaviour, behaviours
from quizzes.models import Attempt, Result, Slot, SlotMark
from quizzes.registry import types
from quizzes.services.marking import mark
from tests.factories.quizzes import (
    EXAMPLES,
    SECRET,
    WRONG,
    picture_of,
    publish_quiz,
    right_answer,
    slots_of,
    start_attempt,
)
from tests.journeys.answering import KEYBOARD, MOUSE, WAYS, Way, question
from tests.journeys.looking import ALL, WIDTHS
from tests.journeys.pairwise import full, pairs_of, pairwise

pytestmark = pytest.mark.django_db(transaction=True)
HINT = "Think of the shelf."
FACTORS = (tuple(behaviours), tuple(types), tuple(WAYS), tuple(WIDTHS))
Stop = tuple[str, Way, str]  # a type, how it is answered, at which width


def sensible(behaviour: str, kind: str, *_rest: str) -> bool:
    return not behaviours[behaviour].refuses(types[kind])


def walks() -> dict[str, tuple[str, list[Stop]]]:
    """Quizzes by name: the behaviour of each, and its questions. All of a behaviour in one, or one for each way."""
    found: dict[str, tuple[str, list[Stop]]] = {}
    for behaviour, kind, way, width in (full if ALL else pairwise)(FACTORS, sensible):
        name = f"{behaviour}-{way}-{width}" if ALL else behaviour
        found.setdefault(name, (behaviour, []))[1].append((kind, WAYS[way], width))
    return found


WALKS = walks()


def test_any_two_that_go_together_meet():
    every, chosen = full(FACTORS, sensible), pairwise(FACTORS, sensible)

    assert set().union(*map(pairs_of, chosen)) == set().union(*map(pairs_of, every))
    assert set(chosen) <= set(every)
    assert len(chosen) < len(every) / 3
    assert chosen == pairwise(FACTORS, sensible)


def test_every_type_says_how_it_is_answered():
    assert set(MOUSE) == set(KEYBOARD) == set(types)


def published(behaviour: Behaviour, stops: Sequence[Stop], folder: Path) -> Course:
    more = {"hints": [HINT], "general_feedback": f"{SECRET} in general."}
    return publish_quiz(
        questions=[EXAMPLES[kind](f"P-{number}", **more) for number, (kind, _way, _width) in enumerate(stops)],
        rule={"attempts": 2} if behaviour.name == "exam" else {},
        asking={"behaviour": behaviour.name},
        media=picture_of(folder),
    )


def gives_nothing_away(page: Page) -> None:
    assert SECRET not in page.content()
    assert HINT not in page.content()
    expect(page.locator("main .status[data-tone=bad], main .choice[data-tone], main .part[data-tone]")).to_have_count(0)


def is_saved(page: Page) -> None:
    expect(page.locator("[data-quiz-state]")).to_be_visible()
    expect(page.locator("[data-quiz-words]")).to_have_text("Saved")


def check(page: Page, way: Way) -> None:
    way.press(page, page.locator("[data-quiz-check]"))


def try_wrongly(page: Page, way: Way, slot: Slot) -> None:
    """A wrong answer gets the hint, and nothing else that helps."""
    way.answer(page, slot.version.content, WRONG[slot.version.type])
    is_saved(page)
    check(page, way)
    expect(page.locator("#feedback")).to_contain_text("Not this time")
    expect(page.locator("#feedback")).to_contain_text(HINT)
    assert SECRET not in page.content()


def stop_at(page: Page, behaviour: Behaviour, way: Way, slot: Slot) -> None:
    """Answer the question that is open rightly, as the behaviour wants it."""
    gives_nothing_away(page)
    if behaviour.checks and behaviour.tries(Settings()) > 1:
        try_wrongly(page, way, slot)
    way.answer(page, slot.version.content, right_answer(slot))
    if behaviour.certainty:
        way.choose(page, page.get_by_label("Very sure"))
    is_saved(page)
    if behaviour.checks:
        check(page, way)
        expect(page.locator("#feedback h2")).to_have_text("That is right")
        expect(page.locator("#feedback")).to_contain_text(f"{SECRET} in general.")
        expect(page.locator("[data-quiz-check]")).to_have_count(0)
    else:
        gives_nothing_away(page)
    way.onwards(page)


def mark_by_hand(attempt: Attempt, marker: User) -> bool:
    """A person finds everything good. Was there anything to mark?"""
    written = [slot for slot in slots_of(attempt) if types[slot.version.type].manual]
    for slot in written:
        levels = {each["id"]: each["levels"][-1]["id"] for each in slot.version.content["rubric"]}
        mark(slot=slot, levels=levels, comment="Good.", marker=marker)
    return bool(written)


def says_what_came_of_it(page: Page, behaviour: Behaviour, percent: int, count: int) -> None:
    if behaviour.name == "exam":
        expect(page.get_by_role("heading", level=1)).to_have_text("Handed in. Thank you, Rosa.")
        expect(page.locator("main")).not_to_contain_text("%")
        gives_nothing_away(page)
        return
    expect(page.locator(".figures dd").first).to_have_text(f"{percent}%")
    assert page.locator("section[aria-labelledby=each] .row__side").all_inner_texts() == ["Correct"] * count


@pytest.mark.parametrize("walk", WALKS)
def test_each_type_is_answered_saved_and_judged_as_the_behaviour_says(
    walk: str, trainee: User, instructor: User, device: Callable[..., Page], tmp_path: Path
):
    behaviour, stops = behaviours[WALKS[walk][0]], WALKS[walk][1]
    course = published(behaviour, stops, tmp_path)
    attempt = start_attempt(trainee, course)
    page = device(viewport=WIDTHS[stops[0][2]])
    question(page, course, 1)
    for (_kind, way, width), slot in zip(stops, slots_of(attempt), strict=True):
        page.set_viewport_size(WIDTHS[width])
        stop_at(page, behaviour, way, slot)
    expect(page.get_by_role("heading", level=1)).to_have_text("Every question has an answer")
    assert SECRET not in page.content()
    way.hand_in(page)
    if mark_by_hand(attempt, instructor):
        expect(page.get_by_role("heading", level=1)).to_contain_text("A person reads your answers now")
        page.reload()

    percent = 67 if behaviour.tries(Settings()) > 1 else 100  # a wrong try before takes a third
    says_what_came_of_it(page, behaviour, percent, len(stops))
    assert Result.objects.get().percent == percent
    marks = list(SlotMark.objects.values_list("fraction", "certainty"))
    assert marks == [(1, 3 if behaviour.certainty else None)] * len(stops)
