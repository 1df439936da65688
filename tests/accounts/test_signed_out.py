"""Whoever was signed out meanwhile comes back to the page they were on, never to an address that only takes forms."""

from urllib.parse import parse_qs, urlsplit

import pytest

pytestmark = pytest.mark.django_db
ACT = "/review/begin/"
PAGE = "http://testserver/courses/?level=basic"
HERE = "/courses/?level=basic"


def next_of(location: str) -> str:
    parts = urlsplit(location)
    assert parts.path == "/accounts/login/"
    return parse_qs(parts.query)["next"][0]


def test_a_button_pressed_after_the_session_ended_leads_back_to_its_page_and_says_so(client):
    response = client.post(ACT, HTTP_REFERER=PAGE)
    assert (response.status_code, next_of(response["Location"])) == (302, HERE)
    assert "You were signed out, so nothing was changed." in client.get(response["Location"]).content.decode()


@pytest.mark.parametrize(
    "referer", ["", "https://elsewhere.example.org/", "http://[", "//", "http://testserver/accounts/login/"]
)
def test_a_button_of_no_page_of_ours_leads_nowhere_else(client, referer):
    assert next_of(client.post(ACT, HTTP_REFERER=referer)["Location"]) == ACT


def test_a_page_that_needs_an_account_is_opened_after_signing_in(client):
    response = client.get("/me/?page=2", HTTP_REFERER=PAGE)
    assert next_of(response["Location"]) == "/me/?page=2"


@pytest.mark.parametrize(("method", "address"), [("get", "/me/"), ("post", ACT)])
def test_what_a_page_fetches_piece_by_piece_is_never_the_sign_in_page(client, method, address):
    response = getattr(client, method)(address, HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL=PAGE)
    assert (response.status_code, next_of(response["X-Sign-In"])) == (401, HERE)
    assert (response.content, "Location" in response, "HX-Redirect" in response) == (b"", False, False)
