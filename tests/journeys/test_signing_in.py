"""Ways in, in a real browser: passkeys under the strict policy, and every page without script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Notice, User
from tests.factories.accounts import PASSWORD, MembershipFactory, NoticeFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
REFUSE = "() => { navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError')); }"


@pytest.fixture
def rosa() -> User:
    return UserFactory(name="Rosa Delgado", email="rosa.delgado@example.org")


@pytest.fixture
def context(browser: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    opened = browser.new_context(base_url=live_server.url)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that must not complain about the content policy."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert not complaints


@pytest.fixture
def plain(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page without script."""
    opened = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    yield opened.new_page()
    opened.close()


def sign_in(page: Page, person: User) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/home/")


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda url: "logout" not in url)


def test_a_passkey_is_added_and_opens_the_door_without_a_password(page: Page, context: BrowserContext, rosa: User):
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    sign_in(page, rosa)
    page.goto("/accounts/2fa/")
    page.get_by_role("link", name="Add one").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/2fa/webauthn/add/**")  # with the script that asks the device
    page.get_by_label("Let it sign me in without a password").check()
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    sign_out(page)

    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/home/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rosa")


def test_a_device_that_does_not_answer_is_said_in_words(page: Page, context: BrowserContext, rosa: User):
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": KEY | {"automaticPresenceSimulation": False}})
    page.goto("/accounts/login/")
    page.evaluate(REFUSE)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("The passkey did not answer")


def test_the_browser_tells_the_time_zone_at_sign_up(browser: Browser, live_server: LiveServer):
    context = browser.new_context(base_url=live_server.url, timezone_id="Pacific/Kiritimati")
    page = context.new_page()
    page.goto("/accounts/signup/")
    page.get_by_label("Your name").fill("Dev Patel")
    page.get_by_label("Email address").fill("dev.patel@example.org")
    page.get_by_label("Password").fill("quiet shelf lantern")
    page.get_by_role("button", name="Make my account").click()
    page.wait_for_url("**/home/")
    assert User.objects.get().time_zone == "Pacific/Kiritimati"
    context.close()


def test_without_script_one_signs_up_reads_notices_and_changes_settings(plain: Page):
    plain.goto("/accounts/signup/")
    plain.get_by_label("Your name").fill("Dev Patel")
    plain.get_by_label("Email address").fill("dev.patel@example.org")
    plain.get_by_label("Password").fill("quiet shelf lantern")
    plain.get_by_role("button", name="Make my account").click()
    plain.wait_for_url("**/home/")
    person = User.objects.get()
    NoticeFactory(person=person, title="A date was moved", url="/me/settings/")
    plain.goto("/notices/")
    plain.get_by_role("button", name="A date was moved").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Settings")
    assert not Notice.objects.unread().exists()
    plain.get_by_label("Time zone").fill("Asia/Tokyo")
    plain.get_by_role("button", name="Save settings").click()
    expect(plain.get_by_role("status").first).to_contain_text("Your settings are saved.")
    plain.goto("/accounts/login/")
    expect(plain.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)


def test_without_script_a_manager_invites_a_pasted_list(plain: Page):
    manager = MembershipFactory(manager=True, organisation__slug="riverbend").person
    sign_in(plain, manager)
    plain.goto("/organisation/riverbend/people/add/")
    plain.get_by_label("Email addresses").fill("dev.patel@example.org\nnonsense")
    plain.get_by_role("button", name="Look through the list").click()
    expect(plain.get_by_role("row", name="nonsense")).to_contain_text("This is not an email address")
    plain.get_by_role("button", name="Invite 1 person").click()
    expect(plain.get_by_text("1 invitation is on its way.")).to_be_visible()


def test_wrong_entries_move_the_focus_to_the_summary_and_its_link_to_the_field(page: Page, db):
    page.goto("/accounts/login/")
    page.get_by_label("Email address").fill("nobody@example.org")
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(page).to_have_title("Error: Sign in – Lendcraft")
    summary.get_by_role("link", name="Go to email address").click()
    expect(page.get_by_label("Email address")).to_be_focused()
