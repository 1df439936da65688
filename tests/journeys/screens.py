"""The pictures of the documentation: what is photographed, and what has to be there before."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Browser, Page, expect

from tests.journeys import steps
from tests.plugins.site import Site

QUIZ = "/courses/question-types"
INGRID = steps.Person("Ingrid Solheim", "ingrid.solheim@example.org")
LUCIA = steps.Person("Lucía Ferreira", "lucia.ferreira@example.org")
Way = str | Callable[[Page], None]

# A class that has taken one quiz of the demo: the better ones fall for one wrong answer that looks right.
A_CLASS = """
import random
from django.http import HttpRequest
from accounts.models import Organisation
from accounts.services.people import add_member, create_person
from courses.access import player_for
from progress.demo.answers import answer_of
from quizzes.services.answering import save_form
from quizzes.services.attempting import start
from quizzes.services.grading import finish

chance, library = random.Random(7), Organisation.objects.get(slug="mesa-ridge")
for number in range(36):
    person = create_person(email=f"class.{number}@example.org", name=f"Learner {number}", password="", email_verified=True)
    add_member(person=person, organisation=library)
    request = HttpRequest()
    request.user = person
    attempt = start(player=player_for(request, "question-types", "how-sure-are-you"), learner=person)
    for slot in attempt.slots.select_related("version"):
        lured = slot.version.question.uid == "reading-room-atlas" and number > 20
        right = chance.random() < 0.3 + number / 60
        answer = "c" if lured else answer_of(slot, right=right)
        save_form(slot=slot, answer=answer, certainty=2)
    finish(attempt=attempt)
"""
FILE = """::Who counts::Whose count of five does a filled request use up? {
  =The requesting library's #Only the requester counts.
  ~The supplier's #Lending never uses up your own five.
}

::Due date::The supplier's due date is the 30th; your policy is 4 days earlier. Which day of April? {#26}

::Staples::Desk staples are fine for padded envelopes. {~Yes ~No}
"""


def linked(page: Page, on: str, like: str) -> str:
    """The first address like ``like`` to which the page ``on`` links."""
    found = re.search(f'href="({like})[?"]', page.request.get(on).text())
    assert found, f"{on} links to no {like}"
    return found[1]


def certificate(page: Page) -> None:
    page.goto(linked(page, "/me/certificates/", r"/me/certificates/[A-Z0-9-]+/"))


def bank(page: Page) -> None:
    page.goto("/author/questions/")
    page.evaluate("window.scrollTo(0, 130)")


def editor(page: Page) -> None:
    page.goto(linked(page, "/author/questions/?q=atlas", r"/author/questions/\d+/"))


def import_preview(page: Page) -> None:
    page.goto("/author/questions/import/")
    file = {"name": "from-the-old-system.gift", "mimeType": "text/plain", "buffer": FILE.encode()}
    page.get_by_label("File of questions").set_input_files(file)
    page.get_by_label("Bank").select_option(label="Desk questions")
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("main")).to_contain_text("questions can be taken")


def dragging(page: Page) -> None:
    page.goto(f"{QUIZ}/every-kind/")
    page.get_by_role("button", name="Start the quiz").click()
    page.wait_for_url("**/quiz/1/")
    page.goto(urljoin(page.url, "../6/"))
    expect(page.locator("#stem")).to_contain_text("to which family")
    for at, group in enumerate(("RetryPossible", "RetryPossible", "RetryPossible", "Unfilled")):
        page.locator("main select").nth(at).select_option(label=group)
    page.evaluate("window.scrollTo(0, 0)")


def slides(page: Page) -> None:
    page.goto(f"/author/courses/{steps.COURSE}/decks/")
    page.get_by_label("Title").fill("Sending a request")
    page.get_by_label("Slides as Markdown").fill(
        "## Before you send\n\n- Title and edition\n- Date needed\n\n## Then wait\n"
    )
    page.get_by_role("button", name="Begin", exact=True).click()
    page.wait_for_url("**/decks/*/")


def analysis(page: Page) -> None:
    page.goto("/author/analysis/question-types/how-sure-are-you/")
    expect(page.get_by_role("link", name="Export XLSX")).to_be_visible(timeout=60_000)
    page.evaluate("document.getElementById('ch').scrollIntoView()")


def desk(page: Page) -> None:
    page.goto(f"/courses/{steps.COURSE}/practice-replies/")
    page.get_by_role("button", name="Start", exact=True).first.click()
    for verb in ("verify", "send"):
        page.locator(f"#do-{verb}").click()
        expect(page.locator(f"#do-{verb}")).to_be_hidden()
    page.locator("#do-waitNext").click()
    page.wait_for_load_state("networkidle")
    page.evaluate("window.scrollTo(0, 160)")


def debrief(page: Page) -> None:
    """A conversation in which the second line was never the best one."""
    page.goto("/practice/conversation/")
    page.get_by_role("main").get_by_role("button", name="Start", exact=True).first.click()
    page.wait_for_url("**/practice/runs/*/")
    while "/debrief/" not in page.url:
        turn = page.locator("#desk [name=turn]").first.input_value()
        if page.locator("#do-say").count():
            page.locator("#desk label.choice").nth(1).click()
        page.locator("#do-say, #do-finish").first.click()
        page.wait_for_function("was => document.querySelector('#desk [name=turn]')?.value !== was", arg=turn)
    page.evaluate("window.scrollTo(0, 0)")


def card(page: Page) -> None:
    """What was missed in the debrief has become cards meanwhile."""
    button = page.locator("main .btn--primary").first
    steps.until(lambda: page.goto("/review/") and button.count())
    button.click()
    page.get_by_role("link", name="Show answer").click()
    expect(page.get_by_role("heading", name="How well did you know it?")).to_be_visible()
    page.evaluate("window.scrollTo(0, 0)")


SCREENS: dict[str, tuple[steps.Person | None, Way]] = {
    "catalogue": (None, "/courses/"),
    "lesson": (INGRID, f"/courses/{steps.COURSE}/building-a-list-of-five/"),
    "home": (INGRID, "/home/"),
    "team": (steps.MARCUS, "/team/"),
    "author": (steps.HANA, f"/author/courses/{steps.COURSE}/"),
    "outline": (steps.HANA, f"/author/courses/{steps.COURSE}/?check=1"),
    "lesson-editor": (steps.HANA, f"/author/courses/{steps.COURSE}/lessons/five-words/"),
    "captions-editor": (steps.HANA, f"/author/courses/{steps.COURSE}/lessons/{steps.SHORTEST_VIDEO}/captions/en/"),
    "publish": (steps.HANA, f"/author/courses/{steps.COURSE}/publish/"),
    "slides": (steps.HANA, slides),
    "certificate": (LUCIA, certificate),
    "question-bank": (steps.HANA, bank),
    "question-editor": (steps.HANA, editor),
    "question-import": (steps.HANA, import_preview),
    "question-drag": (LUCIA, dragging),
    "item-analysis": (steps.HANA, analysis),
    "practice": (INGRID, "/practice/"),
    "practice-desk": (INGRID, desk),
    "practice-debrief": (INGRID, debrief),
    "review": (INGRID, card),
    "practice-author": (steps.HANA, f"/author/courses/{steps.COURSE}/practice/practice-replies/"),
}


def take_screens(browser: Browser, site: Site, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    site.manage("shell", "--command", A_CLASS)
    for name, (person, way) in SCREENS.items():
        page = steps.visit(browser, site, reduced_motion="reduce", viewport={"width": 1120, "height": 700})
        if person:
            steps.sign_in(page, person)
        if callable(way):
            way(page)
        else:
            page.goto(way)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=folder / f"{name}.png")
        page.context.close()
