"""Review on a phone by keyboard alone: from the number in the menu to everything renewed; open to everybody, in both themes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from core import clock
from quizzes import jobs_review
from quizzes.models import ReviewCard, ReviewLog
from quizzes.services import reviewing
from quizzes.services.grading import finish
from tests.factories.quizzes import publish_quiz, start_attempt
from tests.factories.review import card_of, cards_of
from tests.journeys.looking import WIDTHS, is_open

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def phone(device: Callable[..., Page]) -> Page:
    return device(viewport=WIDTHS["390"])


def key(page: Page, name: str) -> None:
    """Press a key that a script listens for; a page may be read before its scripts are there."""
    page.wait_for_load_state("load")
    page.keyboard.press(name)


def test_cards_are_renewed_by_keyboard_alone(phone: Page, trainee: User):
    cards_of(trainee, 3, at=clock.now())
    phone.goto("/home/")
    expect(phone.get_by_role("link", name="Renew 3 cards")).to_be_visible()
    key(phone, "g")
    key(phone, "r")
    expect(phone.get_by_role("heading", level=1)).to_have_text("3 cards are due back")
    phone.get_by_role("button", name="Renew 3 cards").focus()
    key(phone, "Enter")
    expect(phone.get_by_text("Card 1 of 3")).to_be_visible()
    expect(phone.get_by_text("The answer of decision:0.")).to_have_count(0)
    key(phone, "Space")
    expect(phone.get_by_text("The answer of decision:0.")).to_be_visible()
    key(phone, "3")
    expect(phone.get_by_text("Card 2 of 3")).to_be_visible()
    key(phone, "u")
    expect(phone.get_by_text("Card 1 of 3")).to_be_visible()
    for number, rating in enumerate("143", start=1):
        expect(phone.get_by_text(f"Card {number} of 3")).to_be_visible()
        key(phone, "Space")
        expect(phone.get_by_role("heading", name="How well did you know it?")).to_be_visible()
        key(phone, rating)
    expect(phone.get_by_role("heading", name="Everything is renewed")).to_be_visible()

    kinds = list(ReviewLog.objects.order_by("pk").values_list("kind", "rating"))
    assert kinds == [("rated", 3), ("undone", None), ("rated", 1), ("rated", 4), ("rated", 3)]
    assert all(ms is not None for ms in ReviewLog.objects.standing().values_list("ms", flat=True))


def test_letter_keys_can_be_switched_off(phone: Page, trainee: User):
    User.objects.filter(pk=trainee.pk).update(letter_keys=False)
    card_of(trainee, at=clock.now())
    reviewing.begin(learner=trainee)
    phone.goto("/review/card/?answer=1")
    phone.keyboard.press("1")
    phone.get_by_role("button", name="Knew it").focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="Everything is renewed")).to_be_visible()
    assert list(ReviewLog.objects.values_list("rating", flat=True)) == [3]  # of the button, not of the key before it


def test_every_page_of_review_is_open_to_everybody(phone: Page, trainee: User):
    finish(attempt=start_attempt(trainee, publish_quiz()))
    jobs_review.sweep_unremembered()
    card = reviewing.rate(card=card_of(trainee, at=clock.now()), rating=3, step=0)
    phone.goto("/review/")
    is_open(phone)
    reviewing.begin(learner=trainee)
    for path in ("card/", "card/?answer=1", "done/", "cards/", "cards/?q=nothing", f"cards/{card.pk}/", "plan/"):
        phone.goto(f"/review/{path}")
        is_open(phone)
    phone.goto("/review/retention/")
    is_open(phone)
    phone.goto("/home/")
    is_open(phone)
    assert ReviewCard.objects.count() == 4
