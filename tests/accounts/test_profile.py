"""Settings, theme, API key, own data."""

import json

import pytest
from rest_framework.authtoken.models import Token

from accounts.models import User
from accounts.signals import zone_changed
from core import personal_data
from tests.factories.accounts import NoticeFactory
from tests.support import count_queries

pytestmark = pytest.mark.django_db

FORM = {
    "name": "Rosa Delgado",
    "certificate_name": "",
    "time_zone": "",
    "language": "",
    "theme": "",
    "letter_keys": "on",
}


@pytest.fixture
def zones():
    """The people named by ``zone_changed``."""
    heard = []

    def on_change(sender, people, **kwargs):
        heard.append(list(people))

    zone_changed.connect(on_change)
    yield heard
    zone_changed.disconnect(on_change)


def test_settings_are_kept_and_a_new_zone_is_told_once(client_of, trainee, zones):
    client = client_of(trainee)
    data = FORM | {"certificate_name": "R. M. Delgado", "time_zone": "Pacific/Kiritimati", "theme": "dark"}
    assert client.post("/me/settings/", data).status_code == 302
    trainee.refresh_from_db()
    assert (trainee.printed_name, trainee.time_zone, trainee.theme) == ("R. M. Delgado", "Pacific/Kiritimati", "dark")
    client.post("/me/settings/", data | {"name": "Rosa M. Delgado", "letter_keys": ""})
    assert zones == [[trainee]]
    trainee.refresh_from_db()
    assert not trainee.letter_keys


@pytest.mark.parametrize("wrong", [{"name": ""}, {"time_zone": "Mars/Olympus"}, {"language": "xx"}, {"theme": "pink"}])
def test_wrong_settings_are_422_beside_the_field(client_of, trainee, wrong):
    response = client_of(trainee).post("/me/settings/", FORM | wrong)
    assert response.status_code == 422
    [field] = wrong
    assert f"id_{field}_error" in response.content.decode()
    assert User.objects.get(pk=trainee.pk).name == "Rosa Delgado"


def test_times_are_shown_in_the_persons_zone_else_in_their_librarys(client_of, trainee):
    NoticeFactory(person=trainee, created_at="2026-11-18T23:30Z")
    client = client_of(trainee)
    assert 'datetime="2026-11-18T17:30:00-06:00"' in client.get("/notices/").content.decode()
    User.objects.filter(pk=trainee.pk).update(time_zone="Pacific/Kiritimati")
    assert 'datetime="2026-11-19T13:30:00+14:00"' in client.get("/notices/").content.decode()


def test_the_theme_is_kept_in_account_and_cookie(client_of, client, trainee):
    response = client_of(trainee).post("/theme/", {"theme": "dark", "next": "/help/"})
    assert (response["Location"], response.cookies["theme"].value) == ("/help/", "dark")
    trainee.refresh_from_db()
    assert trainee.theme == "dark"
    assert 'data-theme="dark"' in client_of(trainee).get("/help/").content.decode()
    client.post("/theme/", {"theme": "light"})
    assert 'data-theme="light"' in client.get("/help/").content.decode()
    assert client.post("/theme/", {"theme": "light", "next": "https://elsewhere.example/"})["Location"] == "/"
    assert client.post("/theme/", {"theme": "pink"}).cookies["theme"].value == ""


def test_a_key_is_shown_once_and_a_new_one_takes_its_place(client_of, trainee, client):
    page = client_of(trainee)
    first = page.post("/me/settings/key/").content.decode()
    key = Token.objects.get(user=trainee).key
    assert key in first
    assert key not in page.get("/me/settings/").content.decode()
    assert client.get("/api/v1/me/", HTTP_AUTHORIZATION=f"Token {key}").status_code == 200
    page.post("/me/settings/key/")
    assert client.get("/api/v1/me/", HTTP_AUTHORIZATION=f"Token {key}").status_code in (401, 403)
    page.post("/me/settings/key/revoke/")
    assert not Token.objects.exists()


def test_a_get_makes_no_key(client_of, trainee):
    assert client_of(trainee).get("/me/settings/key/").status_code == 405


def test_everything_kept_can_be_downloaded_by_its_owner_alone(client_of, trainee, stranger):
    NoticeFactory(person=trainee, title="For Rosa")
    NoticeFactory(person=stranger, title="For Tomasz")
    response = client_of(trainee).get("/me/privacy/download/")
    assert response["Content-Disposition"] == 'attachment; filename="lendcraft-my-data.json"'
    data = json.loads(response.content)["account"]
    assert data["profile"]["email"] == trainee.email
    assert data["organisations"][0]["organisation"] == "Riverbend University Library"
    assert [notice["title"] for notice in data["notices"]] == ["For Rosa"]
    assert "password" not in response.content.decode()


def test_queries_of_the_download_do_not_grow(client_of, trainee):
    client = client_of(trainee)
    NoticeFactory(person=trainee)
    few = count_queries(lambda: client.get("/me/privacy/download/"))
    NoticeFactory.create_batch(20, person=trainee)
    assert count_queries(lambda: client.get("/me/privacy/download/")) == few


def test_each_apps_part_is_listed_and_exported(client_of, trainee, monkeypatch):
    monkeypatch.setattr(personal_data, "_parts", dict(personal_data._parts))
    personal_data.register("review", lambda person: {"cards": 12}, "Your review cards.")
    client = client_of(trainee)
    assert "Your review cards." in client.get("/me/privacy/").content.decode()
    assert json.loads(client.get("/me/privacy/download/").content)["review"] == {"cards": 12}


@pytest.mark.parametrize("path", ["/notices/", "/me/settings/", "/me/privacy/", "/me/privacy/download/"])
def test_visitors_are_asked_to_sign_in(client, db, path):
    assert client.get(path)["Location"] == f"/accounts/login/?next={path}"


def test_the_menu_of_a_phone_names_each_place_once(client_of, trainee):
    NoticeFactory(person=trainee)
    page = client_of(trainee).get("/menu/").content.decode().split("<main")[1].split("</main>")[0]
    assert page.count('href="/notices/"') == 1
    assert "Notices (1)" in page


@pytest.mark.parametrize(
    "path", ["/about/", "/help/", "/help/keys/", "/accessibility/", "/privacy/", "/join/", "/menu/"]
)
def test_the_text_pages_open_for_all(client, client_of, trainee, path):
    assert client.get(path).status_code == 200
    assert client_of(trainee).get(path).status_code == 200
