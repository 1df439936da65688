"""Each type once by mouse and once by keyboard alone, wide and on a phone: answered, handed in, its result read.

What is special to a type stands in ``test_types_choice`` and ``test_types_typed``.
"""

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Course
from quizzes.models import Attempt, Result, Slot
from quizzes.registry import types
from quizzes.services.marking import mark
from tests.factories.quizzes import (
    EXAMPLES,
    QUIZ,
    WRONG,
    picture_of,
    publish_quiz,
    right_answer,
    slots_of,
    start_attempt,
)
from tests.journeys.answering import WAYS, question
from tests.journeys.looking import ALL, WIDTHS, is_open

pytestmark = pytest.mark.django_db(transaction=True)
COMMENT = "Warm and exact."


@pytest.fixture
def course(transactional_db: None, tmp_path: Path) -> Course:
    """A quiz with a question of every type."""
    return publish_quiz(questions=[EXAMPLES[kind](f"T-{kind}") for kind in types], media=picture_of(tmp_path))


def mark_what_waits(attempt: Attempt, marker: User) -> None:
    for slot in slots_of(attempt):
        if types[slot.version.type].manual:
            levels = {each["id"]: each["levels"][-1]["id"] for each in slot.version.content["rubric"]}
            mark(slot=slot, levels=levels, comment=COMMENT, marker=marker)


def given(name: str, slot: Slot) -> Any:
    """By mouse the right answer, by keyboard a wrong one: their results look different."""
    return right_answer(slot) if name == "mouse" else WRONG[slot.version.type]


@pytest.mark.parametrize(("name", "size"), list(product(WAYS, WIDTHS)) if ALL else [("keyboard", "390")])
def test_every_type_is_answered_handed_in_and_read(
    name: str, size: str, course: Course, trainee: User, instructor: User, device: Callable[..., Page]
):
    way, right = WAYS[name], name == "mouse"
    attempt = start_attempt(trainee, course)
    slots = slots_of(attempt)
    page = device(viewport=WIDTHS[size])
    question(page, course, 1)
    for slot in slots:
        way.answer(page, slot.version.content, given(name, slot))
        expect(page.locator("[data-quiz-words]")).to_have_text("Saved")
        is_open(page, dark=ALL and right)
        way.onwards(page)
    is_open(page, dark=right)
    way.hand_in(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("A person reads your answers now")
    is_open(page, dark=right)

    mark_what_waits(attempt, instructor)
    page.reload()
    is_open(page)
    assert Result.objects.get().percent == (
        100 if right else round(100 / len(slots))
    )  # the free text alone is found good
    for slot in slots:
        page.goto(f"/courses/{course.slug}/{QUIZ}/quiz/result/")
        way.press(page, page.locator("section[aria-labelledby=each] .row__title a").nth(slot.position - 1))
        page.wait_for_url(f"**/quiz/result/{slot.position}/")
        said = COMMENT if types[slot.version.type].manual else "That is right" if right else "Not this time"
        expect(page.get_by_text(said, exact=True)).to_be_visible()
        is_open(page, dark=ALL or right)
