"""Coming in: with a code, an invitation, a forgotten password, a second step; and how the site looks to each."""

import base64
import hashlib
import hmac
import re
import struct
import time

from playwright.sync_api import Browser, Page, expect

from tests.journeys import steps
from tests.plugins.site import Site


def test_a_manager_invites_by_a_pasted_list_and_the_invited_take_their_place(browser: Browser, site: Site):
    erin, faruk = steps.newcomer("Erin Walsh"), steps.newcomer("Faruk Demir")
    manager = steps.visit_as(browser, site, steps.PRIYA)
    manager.goto("/organisation/")
    manager.get_by_role("link", name="People", exact=True).first.click()
    manager.get_by_role("link", name="Add people").click()
    manager.get_by_label("Email addresses").fill(f"{erin.email}\n{faruk.name} <{faruk.email}>\nnot an address\n")
    manager.get_by_label(re.compile("^Team")).select_option(label="Borrowing")
    manager.get_by_role("button", name="Look through the list").click()
    expect(manager.get_by_text("2 invitations would go out. 1 line needs a look.")).to_be_visible()
    expect(manager.get_by_role("row", name="not an address")).to_contain_text("This is not an email address")
    assert not steps.mails_to(site, erin)
    manager.get_by_role("button", name="Invite 2 people").click()

    mail = steps.until(lambda: steps.mails_to(site, erin))[0]
    page = steps.visit(browser, site)
    page.goto(next(link for link in steps.links_in(mail) if "/invitations/" in link))
    expect(page.get_by_role("heading", level=1)).to_have_text("A place for you at Alder Valley University")
    page.get_by_role("main").get_by_role("link", name="Make a free account").click()
    page.wait_for_url("**/accounts/signup/**")
    steps.sign_up(page, erin)
    page.get_by_role("button", name="Take your place").click()
    expect(page.get_by_text("Welcome to Alder Valley University.")).to_be_visible()
    manager.goto("/organisation/alder-valley/people/")
    expect(manager.get_by_role("main")).to_contain_text(erin.name)


def test_a_student_without_a_work_address_joins_with_a_code(browser: Browser, site: Site):
    manager = steps.visit_as(browser, site, steps.PRIYA)
    code = steps.open_team(manager, f"Students {time.time_ns() % 10**6}")
    page, person = steps.visit(browser, site), steps.newcomer("Grace Mbeki")
    page.goto("/join/")
    page.get_by_label("Join code").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Go on and make an account").click()
    page.wait_for_url("**/accounts/signup/**")
    expect(page.get_by_label("Join code")).not_to_have_value("")
    steps.sign_up(page, person)
    page.goto("/me/settings/")
    expect(page.get_by_role("main")).to_contain_text("Alder Valley University")


def test_a_forgotten_password_is_set_anew_by_mail(browser: Browser, site: Site):
    page, person = steps.visit_as_newcomer(browser, site, "Hugo Brandt")
    steps.sign_out(page)
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Forgot the password?").click()
    page.get_by_label("Email address").fill(person.email)
    page.get_by_role("main").get_by_role("button").last.click()
    mail = steps.until(lambda: [m for m in steps.mails_to(site, person) if "/password/reset/key/" in steps.text_of(m)])
    page.goto(next(link for link in steps.links_in(mail[0]) if "/password/reset/key/" in link))
    fresh = steps.Person(person.name, person.email, "quite another set of words")
    page.get_by_label("New password", exact=True).fill(fresh.password)
    page.get_by_label("New password again").fill(fresh.password)
    page.get_by_role("main").get_by_role("button").last.click()
    page.wait_for_url(re.compile("done|login|home"))
    if steps.account_menu(page).is_visible():
        steps.sign_out(page)
    page.goto("/accounts/login/")
    steps.sign_in(page, fresh)
    expect(steps.account_menu(page)).to_be_visible()


def code_of(key: str) -> str:
    """What an authenticator app shows for ``key`` now (RFC 6238)."""
    secret = base64.b32decode(key + "=" * (-len(key) % 8))
    digest = hmac.new(secret, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def test_a_second_step_is_asked_for_at_the_next_sign_in(browser: Browser, site: Site):
    page, person = steps.visit_as_newcomer(browser, site, "Ines Carvalho")
    mail = steps.until(lambda: steps.mails_to(site, person))[0]
    page.goto(next(link for link in steps.links_in(mail) if "/confirm-email/" in link))
    page.get_by_role("main").get_by_role("button").first.click()
    page.wait_for_url(lambda url: "/confirm-email/" not in url)
    page.goto("/me/settings/")
    page.get_by_role("link", name="Set up").click()
    page.get_by_role("link", name="Turn on").click()
    page.wait_for_url(re.compile("reauthenticate|activate"))
    if "/reauthenticate/" in page.url:
        page.get_by_label("password").fill(person.password)
        page.get_by_role("main").get_by_role("button").first.click()
    key = page.locator("main .mono").inner_text()
    page.get_by_label("Code").fill(code_of(key))
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    spare = re.search(r"[0-9a-zA-Z]{6,}(-[0-9a-zA-Z]+)*", page.locator("main .mono").first.inner_text())[0]
    steps.sign_out(page)

    page.goto("/accounts/login/")
    steps.sign_in(page, person)
    expect(page.get_by_role("heading", level=1)).to_have_text("One more step")
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("One more step")
    page.get_by_label("Code").fill(spare)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(steps.account_menu(page)).to_be_visible()


def test_on_a_shared_computer_the_session_ends_with_the_browser(browser: Browser, site: Site):
    page, person = steps.visit_as_newcomer(browser, site, "Jonas Weber")
    assert session_cookie(page)["expires"] > time.time() + 24 * 3600
    steps.sign_out(page)
    page.goto("/accounts/login/")
    steps.sign_in(page, person, shared_computer=True)
    assert session_cookie(page)["expires"] == -1


def session_cookie(page: Page) -> dict:
    return next(cookie for cookie in page.context.cookies() if cookie["name"] == "sessionid")


def test_settings_are_kept_and_dark_stays_dark(browser: Browser, site: Site):
    page, _person = steps.visit_as_newcomer(browser, site, "Kira Novak")
    page.goto("/me/settings/")
    page.get_by_label("Name on certificates").fill("Kira M. Novak")
    page.get_by_role("button", name="Save settings").click()
    expect(page.get_by_text("Your settings are saved.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Name on certificates")).to_have_value("Kira M. Novak")

    light = paper(page)
    steps.account_menu(page).click()
    page.get_by_role("button", name="Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert paper(page) != light
    page.goto("/courses/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def paper(page: Page) -> str:
    return page.evaluate("getComputedStyle(document.body).backgroundColor")
