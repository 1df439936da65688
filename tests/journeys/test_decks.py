"""An author makes a video of slides with the keyboard alone; a document becomes a lesson."""

import re
import time
from collections.abc import Callable

import numpy as np
import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.jobs_making import run_media_job
from courses.making import decks as making
from courses.making import documents
from courses.models import LessonText, MediaJob, Slide, SlideDeck
from courses.narration.voices import Voice
from courses.selectors import decks as shown
from courses.views import author_deck, author_decks
from tests.courses.office import docx, paragraph, picture
from tests.factories.courses import draft_course
from tests.journeys.looking import WIDTHS, is_open, unroll, widths

pytestmark = pytest.mark.django_db(transaction=True)
HERE = "/author/courses/desk-course/"


def hum(text: str) -> np.ndarray:
    return (np.sin(np.arange(len(text) * 200) / 9) * 0.3).astype(np.float32)


@pytest.fixture
def hana(transactional_db, instructor: User, window_of: Callable[..., Page], monkeypatch) -> Callable[..., Page]:
    """The instructor's window; the voice hums, which is quicker than speaking."""
    found = {"calm": Voice("calm", "Calm, English", "en", 24_000, lambda pace: hum)}
    for module in (shown, making, author_deck, author_decks, documents):
        monkeypatch.setattr(module, "voices", lambda: found)
    monkeypatch.setattr("courses.forms_decks.voices", lambda: found)
    draft_course(slug="desk-course", owner=instructor, lessons=[("video", "theses", {"title": "Theses", "video": {}})])
    return lambda **options: window_of(instructor, **options)


def press(page: Page, name: str, role: str = "button") -> None:
    """Reach a control and press it, as who has no mouse does."""
    page.get_by_role(role, name=name, exact=True).first.focus()
    page.keyboard.press("Enter")


def retype(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def slide_of(page: Page) -> Slide:
    """The slide of a new deck, whose page is open."""
    page.goto(f"{HERE}decks/?lesson=theses")
    press(page, "Begin")
    page.wait_for_url("**/decks/*/")
    return Slide.objects.get()


def at_slide(page: Page, number: int, of: int) -> None:
    """The page that is on its way is there, with its script."""
    expect(page.get_by_role("heading", name=f"Slide {number} of {of}")).to_be_visible()
    page.wait_for_load_state()


OFFERED = re.compile(r"You have text from .* that was not saved")
ALONE = "async () => (await navigator.locks.query()).held.length === 0"
LOOKED = (
    "async () => Boolean(await navigator.locks.query())"  # answered after the page's own question, which came before
)


def test_narration_that_could_not_be_sent_is_offered_when_the_slide_is_opened_again(hana):
    page = hana()
    slide = slide_of(page)
    page.context.set_offline(True)
    retype(page, "Words", "Ask the school first.")
    expect(page.locator("#saved")).to_contain_text("Not saved: no connection.")
    page.close(run_before_unload=False)
    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto("/health/live")
    again.wait_for_function(ALONE)  # the page that was closed is gone for good, also for the browser's locks
    again.goto(f"{HERE}decks/{slide.deck_id}/")
    expect(again.get_by_role("heading", name=OFFERED)).to_be_visible()
    is_open(again)
    press(again, "Take it")
    expect(again.locator("#about")).to_contain_text("About")
    slide.refresh_from_db()
    assert slide.words == "Ask the school first."
    again.reload()
    expect(again.get_by_label("Words", exact=True)).to_have_value("Ask the school first.")
    again.wait_for_function(LOOKED)
    expect(again.get_by_role("heading", name=OFFERED)).to_be_hidden()


def test_who_is_signed_out_meanwhile_is_told_and_goes_on_after_signing_in(hana, instructor, client_of):
    page = hana()
    slide = slide_of(page)
    name = settings.SESSION_COOKIE_NAME
    page.context.clear_cookies(name=name)
    retype(page, "Words", "Ask the school first.")
    expect(page.locator("#saved")).to_contain_text("You are signed out.")
    session = client_of(instructor).cookies[name].value
    page.context.add_cookies([{"name": name, "value": session, "url": page.url.partition("/author/")[0]}])
    expect(page.locator("#about")).to_contain_text("About")
    slide.refresh_from_db()
    assert slide.words == "Ask the school first."


def test_a_form_that_is_pressed_again_before_its_answer_came_is_sent_once(hana, monkeypatch):
    create = author_decks.create_deck
    monkeypatch.setattr(author_decks, "create_deck", lambda **given: (time.sleep(1), create(**given))[1])
    page = hana()
    page.goto(f"{HERE}decks/?lesson=theses")
    begin = page.get_by_role("button", name="Begin", exact=True)
    begin.evaluate("button => { button.click(); setTimeout(() => button.click(), 300); }")
    page.wait_for_url("**/decks/*/")
    assert SlideDeck.objects.count() == 1


@pytest.mark.parametrize("width", widths("390"))
def test_slides_become_a_video_in_a_lesson_with_the_keyboard_alone(hana, width):
    page = hana(viewport=WIDTHS[width])
    page.goto(f"{HERE}decks/?lesson=theses")
    expect(page.get_by_label("Title", exact=True)).to_have_value("Theses")  # called after its lesson
    press(page, "Begin")
    page.wait_for_url("**/decks/*/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Theses")
    retype(page, "Heading", "Ask the school")
    retype(page, "What stands on it", "Free in its repository?")
    retype(page, "Words", "Ask the school first.")
    press(page, "Add a slide")  # what was just typed comes along
    at_slide(page, 2, 2)
    expect(page.locator("#film")).to_contain_text("Ask the school")
    expect(page.locator("#film")).to_contain_text("Ready")
    expect(page.locator("#points")).to_contain_text("Slide 2 has no narration.")
    retype(page, "Words", "Then wait. It comes by mail.")
    press(page, "Split into two slides")
    at_slide(page, 3, 3)
    press(page, "Delete slide 3")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    at_slide(page, 3, 3)
    is_open(page)

    page.get_by_label("Put it into the lesson when it is done").focus()
    page.keyboard.press("Space")
    press(page, "Make the video")
    expect(page.get_by_role("heading", name="Making the video")).to_be_visible()
    job = MediaJob.objects.get(kind="deck")
    run_media_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.made.get("used")) == ("done", True), job.said
    expect(page.locator("#live")).to_contain_text("The video is made.")
    expect(page.locator("#made")).to_contain_text("It was put into the lesson when it was done.")
    page.reload()
    is_open(page, dark=False)
    assert LessonText.objects.get(lesson__uid="theses").content["video"]["file"] == "media/theses.mp4"
    words = list(SlideDeck.objects.get().slides.order_by("position").values_list("words", flat=True))
    assert words == ["Ask the school first.", "Then wait.", "It comes by mail."]


@pytest.mark.parametrize("width", widths("1280"))
def test_a_word_document_becomes_a_lesson(hana, tmp_path, width):
    path = tmp_path / "Notes.docx"
    path.write_bytes(
        docx(paragraph("Theses by mail", style="Heading1"), paragraph("Ask the school."), picture("A shelf"))
    )
    page = hana(viewport=WIDTHS[width])
    page.goto(f"{HERE}import/")
    is_open(page)
    page.locator("#upload-document").set_input_files(path)
    press(page, "See what becomes of it", role="link")
    expect(page.get_by_role("heading", name="Reading Notes.docx")).to_be_visible()
    run_media_job(MediaJob.objects.get(kind="document").pk)
    expect(page.get_by_role("heading", name="1 lesson was read")).to_be_visible()
    page.get_by_text("How it looks").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_alt_text("A shelf")).to_be_visible()
    unroll(page, WIDTHS[width])
    is_open(page)
    press(page, "Take them")
    expect(page.get_by_role("link", name="Theses by mail")).to_be_visible()
    assert LessonText.objects.get(lesson__uid="theses-by-mail").content["source_format"] == "html"
