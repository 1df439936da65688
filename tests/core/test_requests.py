"""What cannot be taken is refused with a page that says so."""

import pytest
from django.test import Client


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


@pytest.mark.django_db
def test_a_form_that_is_too_old_is_refused_with_a_page_that_says_what_to_do():
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "rosa@example.org"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "This form is too old to send" in page
    assert 'class="site-header"' in page


@pytest.mark.django_db
def test_a_form_that_is_too_big_is_said_to_be_so(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = client.post("/accounts/login/", "login=" + "a" * 200, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "That was too much at once" in answer.content.decode()
