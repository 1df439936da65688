"""From slides and a page of notes to a published course in one sitting, by keyboard alone; then a change of mind.

Three parts: a narrated video made of two slides and a text, a practice, a quiz. A trainee is in the middle of it when a
refresh is published, and meets exactly what was announced.
"""

import re
import time

from playwright.sync_api import Browser, Page, expect

from tests.journeys import steps
from tests.journeys.keys import into_editor, tab_to, type_choice
from tests.journeys.site.test_outline import add_lesson, said, write_title
from tests.plugins.site import Site

FILM, TEXT, PRACTICE, QUIZ = "Two clues in a slip", "What lenders need to see", "Read the numbers", "Final quiz"
MADE = 120_000  # ms: a busy worker speaks two slides


class Marks:
    """How long each piece of the sitting took, for whoever runs this with -s."""

    def __init__(self) -> None:
        self.began = time.monotonic()

    def __call__(self, what: str) -> None:
        print(f"{what}: {time.monotonic() - self.began:.0f} s")  # noqa: T201  (that is what it is for)
        self.began = time.monotonic()


def press(page: Page, name: str, role: str = "button") -> None:
    """Reach a control and press it, as who has no mouse does."""
    page.get_by_role(role, name=name, exact=True).first.focus()
    page.keyboard.press("Enter")


def retype(page: Page, label: str, words: str) -> None:
    page.get_by_label(label, exact=True).first.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


def begin(page: Page, title: str) -> None:
    page.goto("/author/do/create/")
    tab_to(page, "^title$")
    page.keyboard.type(title)
    page.keyboard.press("Tab")
    page.keyboard.type("FND 130")
    tab_to(page, "Begin the course")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your course is empty. Begin with one lesson.")).to_be_visible()


def add_part(page: Page, title: str) -> None:
    tab_to(page, "^Add a part")
    page.keyboard.press("Enter")
    write_title(page, title)
    page.keyboard.press("Enter")
    said(page, f"“{title}”, added.")
    expect(page.locator(":focus")).to_contain_text("Add a lesson")  # of the new part
    page.keyboard.press("Enter")


def arrange(page: Page) -> None:
    """Three parts and their four lessons; the outline is open."""
    add_lesson(page, FILM, "Video")
    tab_to(page, "^Add a lesson")
    page.keyboard.press("Enter")
    add_lesson(page, TEXT, "Text")
    add_part(page, "Repair")
    add_lesson(page, PRACTICE, "Check numbers")
    add_part(page, "What you know now")
    add_lesson(page, QUIZ, "Quiz")


def film_two_slides(page: Page) -> None:
    """From the lesson to its slides, and back once the video is made, captioned and in its place."""
    press(page, FILM, "link")
    press(page, "Make it from slides", "link")
    press(page, "Begin")
    retype(page, "Heading", "The two clues")
    retype(page, "What stands on it", "The year. The pages.")
    retype(page, "Words", "Two clues mend most slips: the year, and the pages.")
    press(page, "Add a slide")
    expect(page.get_by_role("heading", name="Slide 2 of 2")).to_be_visible()
    retype(page, "Heading", "Where to look")
    retype(page, "What stands on it", "The catalogue first.")
    retype(page, "Words", "Look in the catalogue first.")
    page.get_by_label("Put it into the lesson when it is done").focus()
    page.keyboard.press("Space")
    press(page, "Make the video")
    expect(page.locator("#made")).to_contain_text("put into the lesson", timeout=MADE)


def write_text(page: Page, words: str) -> None:
    press(page, TEXT, "link")
    expect(page.locator("[data-writing][data-ready]")).to_be_visible()
    text = page.get_by_role("textbox", name="Text", exact=True)
    into_editor(text)
    page.keyboard.press("Control+A")
    page.keyboard.type(words)
    expect(page.locator("[data-lesson-state]")).to_have_text(re.compile(r"^Saved \d"))


def deal_worlds(page: Page) -> None:
    press(page, PRACTICE, "link")
    page.get_by_label("Go on with new worlds").focus()
    page.keyboard.press("Space")
    press(page, "Save the settings")
    expect(page.get_by_text("Saved. Learners see it when the next edition is published.")).to_be_visible()


def ask(page: Page, stem: str) -> None:
    """From the quiz to a new question and back."""
    press(page, "Write a question", "link")
    press(page, "True or false", "link")
    retype(page, "Question", stem)
    for at, text in enumerate(("True", "False")):
        page.locator(f"#q-options-{at}-text").focus()
        page.keyboard.press("Control+A")
        page.keyboard.type(text)
    right = page.locator("#q-options-0-right")
    if not right.is_checked():
        right.focus()
        page.keyboard.press("Space")
    press(page, "Save and mark as ready")
    expect(page.get_by_text("The quiz asks it now.")).to_be_visible()


def say_what_it_is_about(page: Page) -> None:
    press(page, "Details", "link")
    retype(page, "In one or two sentences", "How to read a slip that lacks half of what it needs.")
    audience = page.get_by_label("Who may read it", exact=True)
    audience.focus()
    type_choice(page, audience, "Everyone")
    press(page, "Save")
    expect(page.get_by_text(re.compile("^Saved"))).to_be_visible()


def mark_all_ready(page: Page) -> None:
    for title in (FILM, TEXT, PRACTICE, QUIZ):
        tab_to(page, f"^More for {title}")
        page.keyboard.press("Enter")
        tab_to(page, "^Mark as ready")
        page.keyboard.press("Enter")
        said(page, f"“{title}”")


def publish(page: Page, note: str, kind: str = "") -> None:
    """Publish from the page of a course; the edition page is open then, or the one that asks once more."""
    press(page, "Publish", "link")
    if kind:
        page.get_by_role("radio", name=kind).focus()
        page.keyboard.press("Space")
    retype(page, "What is new", note)
    press(page, "Publish")


def begin_learning(page: Page, title: str) -> None:
    """The trainee does the film and the text, and is in the middle of it."""
    page.goto(f"/courses/?q={title}")
    press(page, title, "link")
    press(page, "Start")
    expect(page.get_by_role("heading", level=1)).to_have_text(FILM)
    expect(page.locator("video track[kind=captions]").first).to_be_attached()
    expect(page.get_by_text("Two clues mend most slips").first).to_be_attached()  # the transcript is what was said
    press(page, "I have read the transcript")
    expect(page.locator("#lesson-meta")).to_contain_text("Done")
    press(page, "Next lesson", "link")
    expect(page.get_by_role("heading", level=1)).to_have_text(TEXT)
    press(page, "Done, next lesson")
    expect(page.get_by_role("heading", level=1)).to_have_text(PRACTICE)


def test_a_course_is_made_in_one_sitting_and_a_refresh_does_what_it_announced(browser: Browser, site: Site):
    hana, marks = steps.visit_as(browser, site, steps.HANA), Marks()
    title = f"Reading slips {time.time_ns() % 10**6}"
    begin(hana, title)
    arrange(hana)
    outline = hana.url.partition("?")[0]
    marks("outline")
    film_two_slides(hana)
    marks("video of two slides")
    hana.goto(outline)
    write_text(hana, "A lender needs the title, the year and the pages.")
    marks("text")
    hana.goto(outline)
    deal_worlds(hana)
    marks("practice")
    hana.goto(outline)
    press(hana, QUIZ, "link")
    ask(hana, "Does a loan end?")
    ask(hana, "Is the year a clue?")
    marks("quiz")
    hana.goto(outline)
    say_what_it_is_about(hana)
    hana.goto(outline)
    mark_all_ready(hana)
    publish(hana, "The first one.")
    expect(hana.get_by_text("Edition 1 is published.")).to_be_visible()
    marks("details and publishing")

    learner, _ = steps.visit_as_newcomer(browser, site, "Lena Fischer")
    begin_learning(learner, title)
    overview = learner.url.rsplit("/", 2)[0] + "/"

    hana.goto(outline)
    write_text(hana, "A lender needs the title, the year, the volume and the pages.")
    hana.goto(outline)
    publish(hana, "The volume counts too.", "Refresh")
    expect(hana.get_by_role("heading", level=1)).to_have_text("Publish edition 2?")
    does = hana.get_by_role("region", name="What it does")
    expect(does.get_by_role("listitem")).to_have_text([f"1 must repeat “{TEXT}”"])
    press(hana, "Yes, publish edition 2")
    expect(hana.get_by_text("Edition 2 is published.")).to_be_visible()
    learner.goto(overview)
    steps.until(lambda: learner.reload() and "1 of 4 lessons done" in learner.get_by_role("main").inner_text())
    learner.goto(f"{overview}what-lenders-need-to-see/")
    expect(learner.get_by_role("main")).to_contain_text("the volume and the pages")
    press(learner, "Done, next lesson")
    expect(learner.get_by_role("heading", level=1)).to_have_text(PRACTICE)
