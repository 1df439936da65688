"""Sign-up, sign-in, reset, change of address, second step, passkey pages."""

import re
import time

import pytest
import time_machine
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories.accounts import PASSWORD, JoinCodeFactory, UserFactory

pytestmark = pytest.mark.django_db

NEW = {"name": "Dev Patel", "email": "Dev.Patel@Example.org", "password1": "quiet shelf lantern"}


def sign_in(client, person, **more):
    return client.post("/accounts/login/", {"login": person.email, "password": PASSWORD, **more})


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_sign_up_makes_a_person_with_name_zone_and_lower_case_address(client):
    response = client.post("/accounts/signup/", {**NEW, "time_zone": "Asia/Kolkata"})
    assert (response.status_code, response["Location"]) == (302, "/home/")
    person = User.objects.get()
    assert (person.email, person.name, person.time_zone) == ("dev.patel@example.org", "Dev Patel", "Asia/Kolkata")
    assert is_signed_in(client)


def test_sign_up_keeps_no_zone_that_does_not_exist(client):
    client.post("/accounts/signup/", {**NEW, "time_zone": "Mars/Olympus"})
    assert User.objects.get().time_zone == ""


def test_sign_up_with_a_join_code_joins_library_and_team(client, library, team):
    JoinCodeFactory(organisation=library, team=team, code="K7MQ4PXD")
    client.post("/accounts/signup/", {**NEW, "join_code": "k7mq-4pxd"})
    person = User.objects.get(email="dev.patel@example.org")
    assert person.memberships.get().organisation == library
    assert person.team_memberships.get().team == team


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no address"),
        ("password1", "short"),
        ("password1", "1234567890"),
        ("name", ""),
        ("join_code", "NOCODE"),
    ],
)
def test_wrong_sign_up_says_so_at_the_field_with_422_and_makes_nobody(client, field, value):
    response = client.post("/accounts/signup/", {**NEW, field: value})
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in response.content.decode()
    assert not User.objects.exists()


def test_sign_up_with_a_known_address_leads_to_sign_in_whatever_its_case(client):
    UserFactory(email="dev.patel@example.org")
    response = client.post("/accounts/signup/", NEW)
    assert response.status_code == 422
    assert "Sign in, or set a new password" in response.content.decode()
    assert User.objects.count() == 1


def test_sign_in_ignores_the_case_of_the_address(client, trainee):
    response = client.post("/accounts/login/", {"login": trainee.email.upper(), "password": PASSWORD})
    assert response.status_code == 302
    assert is_signed_in(client)


def test_wrong_address_and_wrong_password_get_the_same_answer(client, trainee):
    def answer(login, password):
        response = client.post("/accounts/login/", {"login": login, "password": password})
        assert response.status_code == 422
        page = response.content.decode()
        assert "That did not match" in page
        return re.search(r'<div class="errors".*?</div>', page, re.S).group()

    assert answer(trainee.email, "not the password") == answer("nobody@example.org", PASSWORD)
    assert not is_signed_in(client)


def test_many_wrong_passwords_are_stopped_even_for_the_right_one(client, trainee):
    for _attempt in range(6):
        client.post("/accounts/login/", {"login": trainee.email, "password": "wrong"})
    response = sign_in(client, trainee)
    assert response.status_code in (422, 429)
    assert not is_signed_in(client)


def test_sign_in_goes_back_to_where_one_came_from_but_never_off_the_site(client, trainee):
    assert sign_in(client, trainee, next="/notices/")["Location"] == "/notices/"
    client.logout()
    assert sign_in(client, trainee, next="https://elsewhere.example/")["Location"] == "/home/"


def test_a_get_does_not_sign_out_and_a_post_does(client, trainee):
    sign_in(client, trainee)
    assert client.get("/accounts/logout/").status_code == 200
    assert is_signed_in(client)
    client.post("/accounts/logout/")
    assert not is_signed_in(client)


def test_a_shared_computer_forgets_when_the_browser_closes(client, trainee):
    response = sign_in(client, trainee, shared_computer="on")
    assert client.session.get_expire_at_browser_close()
    assert response.cookies["sessionid"]["max-age"] == ""


def test_a_shared_computer_keeps_nothing_in_the_browser_after_signing_out(client, trainee):
    sign_in(client, trainee, shared_computer="on")
    assert "Clear-Site-Data" not in client.get("/notices/")
    assert client.post("/accounts/logout/")["Clear-Site-Data"] == '"storage"'
    sign_in(client, trainee)
    assert "Clear-Site-Data" not in client.post("/accounts/logout/")


def test_an_own_computer_remembers(client, trainee):
    sign_in(client, trainee)
    assert not client.session.get_expire_at_browser_close()


def test_a_shared_computer_forgets_after_half_an_hour_without_a_click(client, trainee):
    with time_machine.travel("2026-11-20 12:00Z", tick=False) as clock:
        sign_in(client, trainee, shared_computer="on")
        clock.move_to("2026-11-20 12:29Z")
        assert client.get("/notices/").status_code == 200
        clock.move_to("2026-11-20 12:58Z")
        assert client.get("/notices/").status_code == 200
        clock.move_to("2026-11-20 13:29Z")
        response = client.get("/notices/")
        assert response["Location"] == "/accounts/login/?next=/notices/"
        assert "You were away for a while" in client.get(response["Location"]).content.decode()
        assert not is_signed_in(client)


def test_an_own_computer_does_not_mind_half_an_hour(client, trainee):
    with time_machine.travel("2026-11-20 12:00Z", tick=False) as clock:
        sign_in(client, trainee)
        clock.move_to("2026-11-20 13:00Z")
        assert client.get("/notices/").status_code == 200


def link_in_mail():
    return re.search(r"http://[^/]+(/\S+)", mail.outbox[-1].body).group(1)


def test_a_forgotten_password_is_set_anew_by_mail(client, trainee):
    client.post("/accounts/password/reset/", {"email": trainee.email.upper()})
    [(html, kind)] = mail.outbox[-1].alternatives
    assert kind == "text/html"
    assert f'href="http://testserver{link_in_mail()}"' in html
    form = client.get(link_in_mail(), follow=True)
    assert form.status_code == 200
    there = form.redirect_chain[-1][0]
    assert client.post(there, {"password1": "abc", "password2": "abc"}).status_code == 422
    again = {"password1": "lantern quiet shelf", "password2": "lantern quiet shelf"}
    assert client.post(there, again).status_code == 302
    trainee.refresh_from_db()
    assert trainee.check_password("lantern quiet shelf")


def test_reset_answers_the_same_for_an_address_that_nobody_has(client, trainee):
    known = client.post("/accounts/password/reset/", {"email": trainee.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_an_address_changes_only_after_the_new_one_is_confirmed(client, trainee):
    sign_in(client, trainee)
    asked = client.post("/accounts/email/", {"email": "rosa@example.org", "action_add": ""})
    client.post(asked["Location"], {"password": PASSWORD})
    trainee.refresh_from_db()
    assert trainee.email == "rosa.delgado@example.org"
    assert "rosa@example.org" in client.get("/accounts/email/").content.decode()
    [there] = [re.search(r"http://[^/]+(/\S+)", m.body).group(1) for m in mail.outbox if m.to == ["rosa@example.org"]]
    client.post(there)
    trainee.refresh_from_db()
    assert trainee.email == "rosa@example.org"
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("rosa@example.org", True)]


def test_a_sign_in_code_by_mail_opens_the_door(client, trainee):
    client.post("/accounts/login/code/", {"email": trainee.email})
    code = re.search(r"^[A-Z0-9-]{6,}$", mail.outbox[-1].body, re.M).group()
    assert client.post("/accounts/login/code/confirm/", {"code": "nonsense"}).status_code == 422
    client.post("/accounts/login/code/confirm/", {"code": code})
    assert is_signed_in(client)


def code_of(secret):
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def signed_in_long_ago(client, trainee):
    """Signed in so long ago that what protects the account is asked for again."""
    with time_machine.travel("2026-11-20 12:00Z", tick=False) as clock:
        sign_in(client, trainee)
        clock.move_to("2026-11-20 14:00Z")
        yield client


def test_turning_on_the_second_step_asks_for_the_password_again(signed_in_long_ago, trainee):
    client = signed_in_long_ago
    there = reverse("mfa_activate_totp")
    asked = client.get(there)
    assert "/reauthenticate/" in asked["Location"]
    assert client.post(asked["Location"], {"password": "wrong"}).status_code == 422
    assert client.post(asked["Location"], {"password": PASSWORD})["Location"] == there
    secret = client.get(there).context["form"].secret
    assert client.post(there, {"code": "no code"}).status_code == 422
    assert client.post(there, {"code": code_of(secret)}).status_code == 302
    kinds = set(Authenticator.objects.filter(user=trainee).values_list("type", flat=True))
    assert kinds == {"totp", "recovery_codes"}


def test_with_a_second_step_the_password_alone_does_not_open_the_door(client, trainee):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(trainee, secret)
    response = sign_in(client, trainee)
    assert response["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    assert client.post(response["Location"], {"code": "no code"}).status_code == 422
    assert client.get("/notices/").status_code == 302
    client.post(response["Location"], {"code": code_of(secret)})
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "name",
    [
        "account_email",
        "account_change_password",
        "account_logout",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "socialaccount_connections",
    ],
)
def test_every_page_of_the_account_opens_in_our_shell_without_inline_code(client, trainee, name):
    sign_in(client, trainee)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    response = client.get(reverse(name))
    page = response.content.decode()
    assert response.status_code == 200
    assert 'class="site-header"' in page
    assert 'href="/me/settings/" aria-current="page"' in page
    assert "unsafe-inline" not in response["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page)
    assert not re.search(r"<[^>]+\s(style|onclick)=", page)


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_signup",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "account_request_login_code",
        "account_email_verification_sent",
        "account_inactive",
    ],
)
def test_every_way_in_opens_in_our_dress(client, db, name):
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert 'class="signin__form"' in response.content.decode()
    assert not re.search(r"<[^>]+\s(style|onclick)=", response.content.decode())


def test_the_passkey_button_needs_no_inline_script(client, db):
    page = client.get("/accounts/login/").content.decode()
    assert re.search(r'id="passkey_login"[^>]*hidden', page)
    assert "js/webauthn.js" in page
    assert client.get(reverse("mfa_login_webauthn"), HTTP_ACCEPT="application/json").status_code == 200


def test_a_closed_account_cannot_sign_in(client, trainee):
    trainee.is_active = False
    trainee.save()
    sign_in(client, trainee)
    assert not is_signed_in(client)


def test_a_classroom_behind_one_address_signs_in_within_a_minute(client_of):
    for person in UserFactory.create_batch(40):
        client = Client()
        sign_in(client, person)
        assert is_signed_in(client)


@pytest.mark.parametrize(("proxies", "counted"), [(0, "127.0.0.1"), (1, "198.51.100.7"), (2, "203.0.113.9")])
def test_limits_count_the_client_behind_the_proxies(rf, settings, proxies, counted):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = rf.get("/", HTTP_X_FORWARDED_FOR="203.0.113.9, 198.51.100.7")
    assert get_adapter().get_client_ip(request) == counted
