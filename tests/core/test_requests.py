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
