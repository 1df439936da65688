"""What an author typed outlives a session that ended, a network that went, a closed window and a server that failed; a search
that gets no answer says why."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from courses.models import Course, CourseMedia, Remark
from tests.courses.films import film_course
from tests.factories.accounts import MembershipFactory
from tests.factories.courses import draft_course
from tests.journeys import steps

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=15_000)  # a machine that runs everything else beside it may be slow
PAGE = "/author/courses/cinema/lessons/film/captions/en/"
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('lesson:kept:'))"
SAID = "Not saved: you are signed out, or there is no connection."


@pytest.fixture
def editor(transactional_db, instructor: User, window_of: Callable[..., Page], tmp_path: Path) -> Page:
    """The captions of a film, the first of them changed and not saved."""
    film_course(tmp_path / "in", slug="cinema", owner=instructor)
    page = window_of(instructor)
    page.goto(PAGE)
    expect(page.locator("[data-guarded]")).to_be_visible()
    page.get_by_label("Words of caption 1", exact=True).fill("First the button.")
    return page


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).last.press("Enter")


def saved(page: Page) -> bool:
    expect(page.get_by_text("Captions saved.")).to_be_visible()
    expect(page.get_by_label("Words of caption 1", exact=True)).to_have_value("First the button.")
    return CourseMedia.objects.filter(course__slug="cinema", name="film.vtt").exists()


def test_who_was_signed_out_stays_on_the_page_with_the_captions(editor, instructor, client_of):
    name = settings.SESSION_COOKIE_NAME
    editor.context.clear_cookies(name=name)
    save(editor)
    expect(editor.locator("[data-guard-said]")).to_contain_text(SAID)
    editor.get_by_role("button", name="Part 1", exact=True).press("Enter")
    # Beside this button now: the page has asked who is signed in, and parted nothing.
    expect(editor.locator("button[value^='split:'] + [data-guard-said]")).to_contain_text(SAID)
    expect(editor.get_by_label("Words of caption 1", exact=True)).to_have_value("First the button.")
    session = client_of(instructor).cookies[name].value
    editor.context.add_cookies([{"name": name, "value": session, "url": editor.url.partition("/author/")[0]}])
    save(editor)
    assert saved(editor)


def test_captions_stay_on_the_page_without_a_network(editor):
    editor.context.set_offline(True)
    save(editor)
    expect(editor.locator("[data-guard-said]")).to_contain_text(SAID)
    editor.context.set_offline(False)
    save(editor)
    assert saved(editor)


def again(page: Page, path: str) -> Page:
    """The window is closed at once, and a new one opened at ``path``."""
    context = page.context
    steps.until(lambda: page.evaluate(KEPT))
    page.close()
    page = context.new_page()
    page.goto(path)
    return page


def test_captions_of_a_window_that_was_closed_are_offered_back_with_their_rows(editor):
    rows = editor.locator("[data-cue]")
    number = rows.count()
    editor.get_by_role("button", name="Part 1", exact=True).press("Enter")
    expect(rows).to_have_count(number + 1)
    page = again(editor, PAGE)
    expect(page.locator("[data-cue]")).to_have_count(number)
    page.get_by_role("button", name="Take it").press("Enter")
    expect(page.locator("[data-cue]")).to_have_count(number + 1)
    assert "First" in page.get_by_label("Words of caption 1", exact=True).input_value()
    page.get_by_label("Words of caption 1", exact=True).fill("First the button.")
    save(page)
    assert saved(page)
    expect(page.locator("[data-kept-form]")).to_have_count(0)
    steps.until(lambda: not page.evaluate(KEPT))


@pytest.fixture
def course(transactional_db, instructor: User) -> Course:
    return draft_course(slug="desk", owner=instructor, lessons=[("text", "one", {"title": "One"})])


def test_a_note_is_offered_back_after_the_server_failed_and_no_more_once_it_has_it(course, instructor, window_of):
    page = window_of(instructor)
    where = "/author/courses/desk/remarks/"
    page.goto(where)

    def fail(route: Route) -> None:
        route.fulfill(status=500, body="Broken") if route.request.method == "POST" else route.continue_()

    page.route(f"**{where}", fail)
    expect(page.locator("[data-guarded]")).to_be_visible()
    words = page.get_by_label("Note", exact=True)
    words.fill("Look at the second lesson")
    page.get_by_role("button", name="Leave the note").click()
    expect(page.get_by_text("Broken")).to_be_visible()
    page.unroute(f"**{where}")
    page.goto(where)
    expect(page.locator("[data-kept-form]")).to_contain_text("You have text from")
    page.get_by_role("button", name="Take it").press("Enter")
    expect(words).to_have_value("Look at the second lesson")
    expect(words).to_be_focused()
    page.get_by_role("button", name="Leave the note").click()
    expect(page.get_by_text("Your note stands here")).to_be_visible()
    assert Remark.objects.get().body == "Look at the second lesson"
    page.goto(where)
    steps.until(lambda: not page.evaluate(KEPT))
    expect(words).to_have_value("")
    expect(page.locator("[data-kept-form]")).to_have_count(0)


def test_a_part_that_is_renamed_outlives_the_session(course, instructor, window_of):
    page = window_of(instructor)
    page.goto(f"/author/courses/desk/?rename=part:{course.modules.get().uid}")
    page.get_by_label("Title").fill("At the desk")
    expect(page.locator("[data-guarded]")).to_be_visible()
    name = settings.SESSION_COOKIE_NAME
    [session] = [each for each in page.context.cookies() if each["name"] == name]
    page.context.clear_cookies(name=name)
    page.get_by_role("button", name="Save", exact=True).press("Enter")
    expect(page.locator("[data-guard-said]")).to_contain_text(SAID)
    page.context.add_cookies([session])
    page.get_by_role("button", name="Save", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="At the desk")).to_be_visible()


def test_a_note_sent_before_its_guard_is_there_waits_for_it(course, instructor, window_of):
    page = window_of(instructor)
    late: list[Route] = []
    page.route("**/js/guarded*.js", lambda route: late.append(route), times=1)
    page.goto("/author/courses/desk/remarks/")
    words = page.get_by_label("Note", exact=True)
    words.fill("Look at the second lesson")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Leave the note").press("Enter")
    steps.until(lambda: bool(page.title() and late))
    late[0].continue_()
    expect(page.locator("[data-guard-said]")).to_contain_text(SAID)
    expect(words).to_have_value("Look at the second lesson")


def test_a_search_that_gets_no_answer_says_why_and_never_shows_the_sign_in_page(window_of, manager, library, team):
    MembershipFactory(organisation=library, person__name="Aaron Pike")
    page = window_of(manager)
    page.goto(f"/organisation/riverbend/teams/{team.pk}/")
    field, said, found = page.get_by_label("Person"), page.get_by_role("alert"), page.locator("#found")
    page.context.set_offline(True)
    field.fill("aa")
    expect(said).to_contain_text("There is no connection.")
    page.context.set_offline(False)
    field.fill("aaron")
    expect(found.get_by_role("button", name="Add as trainee")).to_be_visible()
    expect(said).to_have_count(0)
    page.route("**/teams/**", lambda route: route.fulfill(status=500))
    field.fill("aaron p")
    expect(said).to_contain_text("This could not be fetched.")
    page.unroute("**/teams/**")

    session = next(each for each in page.context.cookies() if each["name"] == settings.SESSION_COOKIE_NAME)
    page.context.clear_cookies(name=session["name"])
    field.fill("aaron pi")
    expect(said).to_contain_text("You were signed out.")
    next_page = f"/accounts/login/?next=/organisation/riverbend/teams/{team.pk}/"
    expect(said.get_by_role("link", name="Sign in on another tab")).to_have_attribute("href", next_page)
    expect(found).to_contain_text("Aaron Pike")
    expect(field).to_have_value("aaron pi")
    page.context.add_cookies([session])
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(said).to_have_count(0)


def test_a_button_pressed_before_htmx_is_told_from_others_all_the_same(course, instructor, window_of):
    """htmx begins once every script has run; a form that waited for its guard until then is sent by it."""
    page = window_of(instructor)
    guarded: list[Route] = []
    outline: list[Route] = []
    page.route("**/js/guarded*.js", lambda route: guarded.append(route))
    page.route("**/js/outline*.js", lambda route: outline.append(route))
    page.goto(f"/author/courses/desk/?rename=part:{course.modules.get().uid}", wait_until="commit")
    page.get_by_label("Title").fill("At the desk")
    steps.until(lambda: bool(page.title() and guarded and outline))
    page.get_by_role("button", name="Save", exact=True).press("Enter")
    outline[0].continue_()
    page.wait_for_load_state()
    guarded[0].continue_()
    expect(page.get_by_role("heading", name="At the desk")).to_be_visible()
