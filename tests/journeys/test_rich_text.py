"""An author writes a rich text by keyboard alone, with everything that may stand in it; pastes; writes Markdown by buttons."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Course, LessonText
from tests.factories.courses import draft_course
from tests.journeys.keys import into_editor
from tests.journeys.looking import is_open

SLUG = "writing-desk"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf500f00038601"
    "80b5e5a9c50000000049454e44ae426082"
)
PICTURE = {"name": "Form one.png", "mimeType": "image/png", "buffer": PNG}
PASTE = """([html, text]) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
TABLE = (
    "<table><caption>Loans <em>so far</em></caption><tbody>"
    "<tr><th><p>Year</p></th></tr><tr><td><p>2025</p></td></tr></tbody></table>"
)
WORD = "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>From the office</p>"


@pytest.fixture
def course(transactional_db: None, instructor: User) -> Course:
    lessons = [
        ("text", "rich", {"title": "Rich", "body": f"<p>Old words</p>\n{TABLE}\n", "source_format": "html"}),
        ("text", "plain", {"title": "Plain", "body": "Old words\n"}),
    ]
    return draft_course(slug=SLUG, owner=instructor, title="Writing desk", lessons=lessons)


def editor_of(page: Page, uid: str) -> list[str]:
    """The lesson's page with its editor ready; what the console complains of meanwhile."""
    said: list[str] = []
    # The preview beside the text runs no scripts, on purpose, and the console tells so.
    page.on(
        "console",
        lambda told: said.append(told.text) if told.type == "error" and "sandboxed" not in told.text else None,
    )
    page.on("pageerror", lambda problem: said.append(str(problem)))
    page.goto(f"/author/courses/{SLUG}/lessons/{uid}/")
    ready(page)
    return said


def ready(page: Page) -> None:
    expect(page.locator("[data-writing][data-ready]")).to_be_visible()


def tool(page: Page, name: str) -> None:
    """Go from the text to a button of the toolbar and press it."""
    page.keyboard.press("Alt+F10")
    button = page.get_by_role("toolbar").get_by_role("button", name=name, exact=True)
    for _ in range(30):
        if button.evaluate("button => button === document.activeElement"):
            break
        page.keyboard.press("ArrowRight")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")


def fill(page: Page, *words: str) -> None:
    """Type into the dialog's fields one after the other, the first of which has the focus, and send it."""
    for number, each in enumerate(words):
        if number:
            page.keyboard.press("Tab")
        page.keyboard.type(each)
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_a_lesson_is_written_by_keyboard(window_of: Callable[..., Page], course: Course, instructor: User):
    page = window_of(instructor, viewport={"width": 1280, "height": 900})
    said = editor_of(page, "rich")
    text, keys = page.get_by_role("textbox", name="Text", exact=True), page.keyboard
    into_editor(text)
    keys.press("Control+End")
    keys.press("ArrowLeft")
    keys.type("/26")
    field = page.locator("#id_body")
    expect(field).to_have_value(f"<p>Old words</p>\n{TABLE.replace('2025', '2025/26')}\n")
    tool(page, "Caption")
    expect(page.get_by_role("dialog", name="Caption of the table").get_by_role("textbox")).to_have_value(
        "Loans *so far*"
    )
    keys.press("Control+A")
    fill(page, "Loans, [all](https://example.org/)")
    expect(field).to_have_value(re.compile(r'<caption>Loans, <a href="https://example.org/">all</a></caption><tbody>'))
    expect(text.get_by_role("table", name="Loans, all")).to_be_visible()
    keys.press("Control+A")
    keys.press("Delete")
    tool(page, "Heading")
    keys.type("At the desk")
    keys.press("Enter")
    tool(page, "List")
    keys.type("One")
    keys.press("Enter")
    keys.type("Two")
    keys.press("Enter")
    keys.press("Enter")

    tool(page, "Link")
    expect(page.get_by_role("dialog", name="Link")).to_be_visible()
    keys.press("Tab")
    keys.type("Plain")
    keys.press("Tab")
    fill(page, "the plain one")
    keys.press("Enter")

    tool(page, "Call-out")
    fill(page, "Warning", "Mind this")
    keys.type("Careful.")
    keys.press("Enter")
    keys.press("Enter")

    tool(page, "Picture")
    dialog = page.get_by_role("dialog", name="Picture")
    dialog.get_by_label("Upload a picture").set_input_files(PICTURE)
    expect(dialog.get_by_label("What it shows")).to_be_focused()
    keys.type("A form with two fields")
    for _ in range(4):
        keys.press("Tab")
    keys.press("Enter")
    expect(text.locator("figure img")).to_have_js_property("naturalWidth", 1)

    tool(page, "Check question")
    dialog = page.get_by_role("dialog", name="Check question")
    expect(dialog.get_by_label("Question", exact=True)).to_be_focused()
    keys.type("Is it so?")
    dialog.get_by_role("button", name="Put it into the lesson").press("Enter")
    expect(dialog.get_by_role("alert")).to_be_focused()
    is_open(page, dark=False)
    dialog.get_by_label("Answer 1, right").press("Space")
    dialog.get_by_label("Answer", exact=True).first.fill("It is")
    dialog.get_by_label("Answer", exact=True).last.fill("It is not")
    dialog.get_by_role("button", name="Put it into the lesson").press("Enter")
    expect(text.get_by_role("button", name="Change it: Is it so?")).to_be_visible()
    expect(page.locator("[data-lesson-state]")).to_contain_text(re.compile(r"^Saved"))
    expect(page.locator("[data-faults]")).to_contain_text("Nothing keeps it from being published")

    look = page.frame_locator("iframe.look-frame")
    expect(look.get_by_role("heading", name="At the desk")).to_be_visible()
    expect(look.get_by_role("link", name="the plain one")).to_have_attribute("href", f"/courses/{SLUG}/plain/")
    expect(look.get_by_role("note").last).to_contain_text("Mind this")
    expect(look.get_by_role("img", name="A form with two fields")).to_be_visible()
    expect(look.get_by_role("group", name="Is it so?")).to_contain_text("It is not")
    is_open(page)

    ready(page)  # the page was loaded anew
    into_editor(text)
    keys.press("Control+End")
    keys.press("Delete")
    page.evaluate(PASTE, [WORD, "From the office"])
    expect(text.get_by_role("listitem").filter(has_text="From the office")).to_be_visible()
    page.route("**/paste/**", lambda route: route.abort())
    page.evaluate(PASTE, [WORD, "Without the server"])
    expect(text).to_contain_text("Without the server")
    # The paste that found no server, and the question that was not whole.
    assert [each for each in said if "ERR_FAILED" not in each and "422" not in each] == []


@pytest.mark.parametrize("uid", ["rich", "plain"])
def test_what_was_pasted_as_the_window_closed_is_offered_back(uid, window_of, course: Course, instructor: User):
    page = window_of(instructor)
    editor_of(page, uid)
    into_editor(page.get_by_role("textbox", name="Text", exact=True))
    page.route("**/paste/**", lambda route: None)  # the server takes its time
    page.evaluate(PASTE, [WORD, "From the office"])
    context = page.context
    page.close()
    page = context.new_page()
    editor_of(page, uid)
    page.get_by_role("button", name="Take it").press("Enter")
    expect(page.locator("[data-lesson-state]")).to_contain_text(re.compile(r"^Saved"))
    assert "From the office" in LessonText.objects.get(lesson__uid=uid).content["body"]


def test_markdown_is_written_by_the_same_buttons(window_of: Callable[..., Page], course: Course, instructor: User):
    page = window_of(instructor, viewport={"width": 390, "height": 844})
    said = editor_of(page, "plain")
    text, keys = page.get_by_label("Text", exact=True), page.keyboard
    text.focus()
    keys.press("Control+A")
    tool(page, "Bold")
    expect(text).to_have_value(re.compile(r"^\*\*Old words\s*\*\*"))
    text.fill("")
    tool(page, "Call-out")
    fill(page, "Note", "Here")
    keys.type("Inside.")
    keys.press("Control+End")
    tool(page, "Footnote")
    page.keyboard.type("A note.")
    page.get_by_role("dialog", name="Footnote").get_by_role("button", name="Keep it").press("Enter")
    expect(text).to_have_value(re.compile(r"\[\^1\]: A note\."))
    expect(text).to_be_focused()
    page.evaluate(PASTE, ["<h1>Pasted</h1>", "Pasted"])
    expect(text).to_have_value(re.compile(r"^:::note Here\nInside\.\n:::\n\n\[\^1\]## Pasted\n\n\[\^1\]: A note\.\n$"))
    is_open(page)
    assert said == []
