"""An author: mends a lesson in the browser, looks at it as a learner would, publishes, takes it back."""

import io
import re
import time
import zipfile

from playwright.sync_api import Browser, Page, expect

from tests.journeys import steps
from tests.plugins.site import Site

LESSON = "five-words"
EDITOR = f"/author/courses/{steps.COURSE}/lessons/{LESSON}/"


def add_line(page: Page, line: str) -> None:
    field = page.get_by_label("Text", exact=True)
    field.fill(f"{field.input_value().rstrip()}\n\n{line}\n")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[data-lesson-state]")).to_have_text(re.compile(r"^Saved \d\d?:\d\d"))


def publish(page: Page, note: str) -> int:
    """Publish as a change that asks nothing of learners; the number of the new edition."""
    page.get_by_label("What is new").fill(note)
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text(re.compile(r"Edition \d+ is published"))).to_be_visible()
    live = page.get_by_role("row").filter(has_text="Now live")
    expect(live).to_contain_text(note)
    return int(re.search(r"Edition (\d+)", live.inner_text())[1])


def test_a_lesson_is_mended_previewed_published_and_taken_back(browser: Browser, site: Site):
    line = f"Ask for the rota of the week, number {time.time_ns() % 10**6}."
    learner, _ = steps.visit_as_newcomer(browser, site, "Lena Fischer")
    steps.start_course(learner)
    for lesson in steps.lessons()[:3]:
        steps.do_lesson(learner, lesson)

    hana = steps.visit_as(browser, site, steps.HANA)
    hana.goto("/home/")
    hana.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name="Author").click()
    hana.get_by_role("link", name=steps.TITLE).click()
    hana.get_by_role("link", name="Five words that unlock the screen").click()
    hana.wait_for_url(f"**{EDITOR}**")  # with the script that saves in place
    add_line(hana, line)
    save(hana)
    expect(hana.frame_locator("iframe").get_by_text(line)).to_be_visible()
    learner.goto(steps.lesson_url(LESSON))
    expect(learner.get_by_role("main")).not_to_contain_text(line)

    hana.get_by_role("link", name="Back to the outline").click()
    hana.get_by_role("button", name="Preview").click()
    expect(hana.get_by_text("Preview of the draft")).to_be_visible()
    hana.get_by_role("link", name="Five words that unlock the screen").first.click()
    expect(hana.get_by_role("main")).to_contain_text(line)
    expect(hana.get_by_role("button", name="Done, next lesson")).to_have_count(0)

    hana.goto(f"/author/courses/{steps.COURSE}/publish/")
    expect(hana.get_by_role("region", name="What changes")).not_to_contain_text("Nothing has changed")
    number = publish(hana, "One more question to ask.")
    wait_for_line(learner, line)
    learner.goto(f"/courses/{steps.COURSE}/")
    expect(learner.get_by_text("3 of 14 lessons done")).to_be_visible()
    expect(learner.get_by_role("main")).to_contain_text(f"Edition {number}, published")

    hana.get_by_role("link", name=f"Publish again edition {number - 1}").click()
    expect(hana.get_by_role("heading", level=1)).to_have_text(
        f"Publish edition {number - 1} again as edition {number + 1}"
    )
    assert publish(hana, "The question is gone again.") == number + 1
    learner.goto(steps.lesson_url(LESSON))
    steps.until(lambda: learner.reload() and line not in learner.get_by_role("main").inner_text())
    learner.goto(f"/courses/{steps.COURSE}/")
    expect(learner.get_by_text("3 of 14 lessons done")).to_be_visible()


def wait_for_line(learner: Page, line: str) -> None:
    """The worker moves learners to the new edition; then the lesson says it."""
    learner.goto(steps.lesson_url(LESSON))
    steps.until(lambda: learner.reload() and line in learner.get_by_role("main").inner_text())


def packed(files: dict[str, str]) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"bad-course/{name}", text)
    return into.getvalue()


def test_a_bad_folder_lists_every_fault_and_saves_nothing(browser: Browser, site: Site):
    hana = steps.visit_as(browser, site, steps.HANA)
    hana.goto("/author/")
    before = hana.locator("caption").inner_text()
    hana.get_by_role("link", name="New course").click()
    course = (
        "format: 1\nslug: bad-course\ncode: BAD 101\nlanguages: [en]\naudience: nobody\ntopic: borrowing\n"
        "level: basic\nlicence: CC-BY-4.0\ntexts:\n  en:\n    title: Bad\n    summary: Bad.\n"
        "modules:\n  - uid: one\n    title: {en: One}\n    lessons: [first, second, missing]\n"
    )
    first = "---\nkind: text\nminutes: 4\n---\nA text without a title.\n"
    second = "---\nkind: text\ntitle: Two\nminutes: 4\n---\nA text with ![a picture](media/gone.png).\n"
    archive = {"name": "bad-course.zip", "mimeType": "application/zip"}
    archive["buffer"] = packed({"course.yaml": course, "lessons/first.md": first, "lessons/second.md": second})
    hana.get_by_label("Course folder as .zip").set_input_files(archive)
    hana.get_by_role("button", name="Upload", exact=True).click()
    faults = hana.get_by_role("alert").first
    expect(faults).to_contain_text("need fixing; nothing was changed")
    for words in ("course.yaml:5", "lessons/missing.md", "lessons/first.md:2", "lessons/second.md:6"):
        expect(faults).to_contain_text(words)
    hana.goto("/author/")
    expect(hana.locator("caption")).to_have_text(before)
