"""A hint that is left beside a lesson stays away while its author types, and Undo has the focus."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import HintLeft
from tests.factories.accounts import UserFactory
from tests.factories.courses import publish_course
from tests.journeys import looking

pytestmark = pytest.mark.django_db(transaction=True)

EDITOR = "/author/courses/lending/lessons/one/"
BODY = "Read [this](https://example.org/a) first, and fill in the red ones.\n"


@pytest.fixture
def author(transactional_db) -> User:
    return UserFactory(name="Hana Whitcomb")


def test_a_hint_is_left_by_keyboard_and_stays_away_after_the_next_save(author: User, window_of: Callable[..., Page]):
    publish_course(slug="lending", owner=author, lessons=[("text", "one", {"title": "One", "body": BODY})])
    page = window_of(author)
    page.goto(EDITOR)
    hints = page.locator("[data-advice] li")
    expect(hints).to_have_count(2)
    page.get_by_role("button", name=re.compile("Leave it.*“this”")).press("Enter")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    expect(hints).to_have_count(1)
    page.get_by_label("Text", exact=True).fill(f"{BODY}\nSee [here](https://example.org/b).\n")
    expect(hints).to_have_count(2)  # the other one, and the one about the new link
    expect(page.locator("[data-advice]")).not_to_contain_text("A link reads “this”")
    page.get_by_role("button", name=re.compile("Leave it.*“here”")).press("Enter")
    expect(page.get_by_text("2 hints left")).to_be_visible()
    looking.is_open(page, dark=False)  # the dark theme loads the page anew, and Undo stands until then
    page.get_by_role("button", name="Undo").press("Enter")
    expect(hints).to_have_count(2)
    assert HintLeft.objects.count() == 1
