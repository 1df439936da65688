"""Every page of every role: no barrier that axe can find, no sideways scrolling, no error, nothing from elsewhere."""

import os
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import steps
from tests.journeys.looking import Watch, all_round
from tests.journeys.screens import INGRID, LUCIA, take_screens
from tests.plugins.site import ROOT, Site

COURSE = f"/courses/{steps.COURSE}"
AUTHOR = f"/author/courses/{steps.COURSE}"
LIBRARY = "/organisation/alder-valley"


@dataclass(frozen=True)
class Linked:
    """The first page that ``page`` links to with an address like ``like``."""

    page: str
    like: str


PAGES: dict[str, tuple[steps.Person | None, list[str | Linked]]] = {
    "visitor": (
        None,
        [
            "/",
            "/courses/",
            "/courses/?q=nothing-like-this",
            "/search/?q=copy",
            f"{COURSE}/",
            f"{COURSE}/one-request-nine-stops/",
            f"{COURSE}/five-words/",
            f"{COURSE}/quiz-b/",
            "/about/",
            "/help/",
            "/help/keys/",
            "/accessibility/",
            "/privacy/",
            "/accounts/login/",
            "/accounts/login/code/",
            "/accounts/signup/",
            "/accounts/password/reset/",
            "/join/",
            "/verify/",
            "/verify/LC-0000-0000/",
            "/there/is/no/such/page/",
        ],
    ),
    "trainee": (
        INGRID,
        [
            "/home/",
            "/menu/",
            "/courses/",
            f"{COURSE}/",
            f"{COURSE}/one-request-nine-stops/",
            f"{COURSE}/dates-and-duty/",
            f"{COURSE}/quiz-b/",
            f"{COURSE}/quiz-b/quiz/1/",
            f"{COURSE}/quiz-b/quiz/review/",
            "/me/",
            "/me/certificates/",
            "/me/settings/",
            "/me/privacy/",
            "/notices/",
            "/accounts/email/",
            "/accounts/password/change/",
            "/accounts/2fa/",
            "/accounts/2fa/totp/activate/",
            "/accounts/2fa/webauthn/add/",
            "/accounts/logout/",
            "/team/",
        ],
    ),
    "finisher": (
        LUCIA,
        [
            "/home/",
            f"{COURSE}/",
            f"{COURSE}/quiz-b/",
            f"{COURSE}/quiz-b/quiz/result/",
            f"{COURSE}/quiz-b/quiz/result/1/",
            "/me/",
            "/me/certificates/",
            Linked("/me/certificates/", r"/me/certificates/[A-Z0-9-]+/"),
            "/notices/",
        ],
    ),
    "supervisor": (
        steps.MARCUS,
        [
            "/home/",
            "/team/",
            "/team/?q=nobody-of-this-name",
            Linked("/team/", r"/team/people/[0-9a-f-]+/"),
            Linked("/team/", r"/team/people/[0-9a-f-]+/nudge/"),
            Linked("/team/", r"/team/\d+/invite/"),
            "/team/assignments/",
            "/team/assignments/new/",
            Linked("/team/assignments/", r"/team/assignments/\d+/date/"),
            Linked("/team/assignments/", r"/team/assignments/\d+/nudge/"),
            f"/team/courses/{steps.COURSE}/",
            "/team/reports/completion/",
        ],
    ),
    "author": (
        steps.HANA,
        [
            "/author/",
            "/author/do/create/",
            # As authors find them in a real course; test_studio_pages.py walks every other page of theirs.
            f"{AUTHOR}/",
            f"{AUTHOR}/?check=1&rename=lesson:five-words",
            f"{AUTHOR}/lessons/five-words/",
            f"{AUTHOR}/publish/",
            f"{AUTHOR}/editions/",
            f"{AUTHOR}/files/",
        ],
    ),
    "manager": (
        steps.PRIYA,
        [
            f"{LIBRARY}/",
            f"{LIBRARY}/people/",
            f"{LIBRARY}/people/add/",
            Linked(f"{LIBRARY}/people/", rf"{LIBRARY}/people/[0-9a-f-]{{36}}/"),
            f"{LIBRARY}/teams/",
            Linked(f"{LIBRARY}/teams/", rf"{LIBRARY}/teams/\d+/"),
            f"{LIBRARY}/invitations/",
            f"{LIBRARY}/codes/",
            f"{LIBRARY}/words/",
            f"{LIBRARY}/settings/",
            "/team/reports/completion/",
        ],
    ),
}


def address(page: Page, entry: str | Linked) -> str:
    if isinstance(entry, str):
        return entry
    text = page.request.get(entry.page).text()
    found = re.search(f'href="({entry.like})[?"]', text)
    assert found, f"{entry.page} links to no {entry.like}"
    return found[1]


def prepare(page: Page, role: str) -> None:
    """A trainee in the middle of a quiz has its pages, too."""
    if role == "trainee":
        page.goto(f"{COURSE}/quiz-b/")
        page.get_by_role("button", name=re.compile("Start the quiz|Go on where you stopped")).click()
        expect(page.locator("#stem")).to_be_visible()


@pytest.mark.parametrize("role", PAGES)
def test_every_page_is_open_to_everybody(browser: Browser, site: Site, role: str):
    person, entries = PAGES[role]
    page = steps.visit(browser, site, reduced_motion="reduce")
    if person:
        steps.sign_in(page, person)
    prepare(page, role)
    watch = Watch(page, urlsplit(site.url).netloc)
    wrong = []
    for path in [address(page, entry) for entry in entries]:
        wrong += [f"{path} {fault}" for fault in all_round(page, path, watch)]
    assert not wrong, "\n".join(wrong)


def test_the_preview_and_an_empty_place_are_open_too(browser: Browser, site: Site):
    hana = steps.visit_as(browser, site, steps.HANA, reduced_motion="reduce")
    watch = Watch(hana, urlsplit(site.url).netloc)
    hana.goto(f"{AUTHOR}/")
    hana.get_by_role("button", name="Preview").click()
    expect(hana.get_by_text("Preview of the draft")).to_be_visible()
    wrong = [f"preview {fault}" for fault in all_round(hana, hana.url, watch)]
    new, _ = steps.visit_as_newcomer(browser, site, "Yara Haddad", reduced_motion="reduce")
    watch = Watch(new, urlsplit(site.url).netloc)
    for path in ("/home/", "/me/", "/notices/", "/me/certificates/"):
        wrong += [f"{path} of a newcomer {fault}" for fault in all_round(new, path, watch)]
    assert not wrong, "\n".join(wrong)


if os.environ.get("SCREENS") == "1":  # make screens: no skip where nobody asked for pictures

    def test_screens(browser: Browser, site: Site):
        take_screens(browser, site, ROOT / "docs" / "screens")
