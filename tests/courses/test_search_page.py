"""The search page: grouped, safe, and kind when there is nothing."""

import json
from pathlib import Path

import pytest

from courses.services.searching import index_course
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.courses import publish_course
from tests.support import count_queries

pytestmark = pytest.mark.django_db
NAUGHTY = Path(__file__).parents[1] / "fixtures" / "naughty-strings" / "blns-half.json"


def course(slug: str, **kw):
    lessons = [("text", "recalls", {"title": "Recalls", "body": "A library recalled its parcels.\n"})]
    made = publish_course(slug=slug, title="Lending with recalls", lessons=lessons, **kw)
    index_course(course=made)


def test_hits_are_grouped_by_kind_and_lead_to_their_pages(client):
    course("loans")
    page = client.get("/search/?q=recalls").content.decode()
    assert page.index("Courses") < page.index('href="/courses/loans/"') < page.index('href="/courses/loans/recalls/"')


def test_nobody_finds_what_they_may_not_list(client, client_of):
    course("inside", audience="organisation", organisation=OrganisationFactory())
    assert "/courses/inside/" not in client.get("/search/?q=recalls").content.decode()
    assert "/courses/inside/" not in client_of(UserFactory()).get("/search/?q=recalls").content.decode()


def test_nothing_found_says_so_and_offers_the_shelves(client):
    page = client.get("/search/", {"q": "xyzzy"}).content.decode()
    assert "Nothing for “xyzzy”" in page
    assert "?topic=borrowing" in page


def test_an_empty_question_offers_the_shelves(client):
    page = client.get("/search/").content.decode()
    assert "By subject" in page
    assert "Nothing for" not in page


def test_whatever_is_typed_the_answer_is_a_page(client):
    course("loans")
    for text in json.loads(NAUGHTY.read_text()):
        if "\x00" in text:
            continue
        page = client.get("/search/", {"q": text})
        assert page.status_code == 200, text
        assert "<script>alert" not in page.content.decode()
        assert client.get("/courses/", {"q": text}).status_code == 200, text


def test_htmx_gets_the_results_alone(client):
    course("loans")
    piece = client.get("/search/?q=recalls", headers={"HX-Request": "true"}).content.decode()
    assert piece.lstrip().startswith('<div id="results"')
    assert "2 results" in piece


def test_the_number_of_queries_does_not_depend_on_hits(client):
    course("first")
    few = count_queries(lambda: client.get("/search/?q=recalls"))
    for number in range(10):
        course(f"more-{number}")
    assert count_queries(lambda: client.get("/search/?q=recalls")) == few
