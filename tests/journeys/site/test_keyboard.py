"""Everything by the keyboard alone, and always to be seen where one is."""

from playwright.sync_api import Browser, expect

from tests.journeys import steps
from tests.journeys.keys import FOCUS, tab_to
from tests.plugins.site import Site


def test_from_the_catalogue_to_the_quiz_by_keyboard_alone(browser: Browser, site: Site):
    page, _ = steps.visit_as_newcomer(browser, site, "Uma Krishnan")
    page.goto("/courses/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    tab_to(page, f"^{steps.TITLE}$")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/courses/{steps.COURSE}/")
    tab_to(page, "^Start$")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(steps.lessons()[0].title)

    first, second = (steps.lesson_url(lesson.uid) for lesson in steps.lessons()[:2])
    for key, there in (("n", second), ("p", first), ("n", second)):
        page.wait_for_load_state()
        page.keyboard.press(key)
        page.wait_for_url(f"**{there}")
    tab_to(page, "Done, next lesson")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(steps.lessons()[2].title)

    page.goto(steps.lesson_url(steps.lessons()[-1].uid))
    tab_to(page, "Start the quiz")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Question 1 of 10", exact=True)).to_be_visible()
    tab_to(page, "answer")
    page.keyboard.press("Space")
    expect(page.locator("[data-quiz-words]")).to_have_text("Saved")
    tab_to(page, "Next question")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Question 2 of 10", exact=True)).to_be_visible()


def test_nothing_holds_the_focus_fast(browser: Browser, site: Site):
    page, _ = steps.visit_as_newcomer(browser, site, "Viktor Lund")
    for path in ("/home/", "/courses/", steps.lesson_url(steps.SHORTEST_VIDEO)):
        page.goto(path)
        page.locator("body").press("Tab")
        first = page.evaluate(FOCUS)["name"]
        for _ in range(400):
            page.keyboard.press("Tab")
            at = page.evaluate(FOCUS)
            if at["page"] or at["name"] == first:
                break
        else:
            raise AssertionError(f"Tab never comes round on {path}.")


def test_escape_closes_the_account_menu_and_keys_lead_places(browser: Browser, site: Site):
    page, _ = steps.visit_as_newcomer(browser, site, "Wanda Kowalska")
    page.goto("/home/")
    steps.account_menu(page).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(steps.account_menu(page)).to_be_focused()
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/courses/")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search courses")).to_be_focused()
    page.keyboard.type("g h")
    expect(page.get_by_role("searchbox", name="Search courses")).to_have_value("g h")
    assert page.url.split("?")[0].endswith("/courses/")
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("?")
    page.wait_for_url("**/help/keys/")
