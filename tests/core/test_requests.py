"""What no database can store is refused before it gets there."""

import pytest


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/accounts/login/?next=%00", "/accounts/login/?%00=x"])
def test_a_nul_in_the_query_is_refused(client, address):
    assert client.get(address).status_code == 400


@pytest.mark.django_db
def test_a_nul_in_the_path_is_refused(client):
    assert client.get("/courses/a%00b/").status_code == 400


@pytest.mark.django_db
def test_a_nul_in_a_form_is_refused(client):
    assert client.post("/accounts/login/", {"login": "rosa\x00@example.org", "password": "x"}).status_code == 400


@pytest.mark.django_db
def test_a_stranger_host_is_refused_with_a_page(client, settings):
    settings.ALLOWED_HOSTS = ["learn.example.org"]
    answer = client.get("/courses/", headers={"Host": "evil.example.org"})
    assert answer.status_code == 400
    assert b"</html>" in answer.content
