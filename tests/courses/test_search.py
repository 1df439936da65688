"""Search over courses and lessons, on both databases."""

import json
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser

from courses import jobs
from courses.models import Course, SearchDocument
from courses.selectors.searching import search
from courses.services.searching import index_course
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.courses import publish_course

pytestmark = pytest.mark.django_db
NAUGHTY = Path(__file__).parents[1] / "fixtures" / "naughty-strings" / "blns-half.json"
VISITOR = AnonymousUser()


@pytest.fixture
def loans() -> Course:
    course = publish_course(
        slug="loans",
        title="Lending step by step",
        lessons=[
            ("text", "recalls", {"title": "Recalls", "body": "A library recalled its renewed parcels.\n"}),
            ("text", "packing", {"title": "Packing", "body": "Wrap it in {{local.max_cost}} paper.\n"}),
        ],
    )
    index_course(course=course)
    return course


def uids(query: str, user=VISITOR, **more) -> list[str]:
    return [hit.uid or hit.key for hit in search(user, query, limit=20, **more)]


def test_words_are_found_in_any_form(loans):
    assert uids("renewing parcel") == ["recalls"]
    assert uids("lends") == ["loans"]


def test_pieces_of_words_are_found(loans):
    assert uids("ecall") == ["recalls"] or uids("recal") == ["recalls"]


def test_titles_come_before_bodies(loans):
    hits = search(VISITOR, "recalls", limit=5)
    assert (hits[0].uid, hits[0].title, hits[0].course) == ("recalls", "Recalls", loans)
    assert "renewed parcels" in hits[0].snippet


def test_kinds_can_be_chosen(loans):
    assert uids("step", kinds=["lesson"]) == []
    assert uids("step", kinds=["course"]) == ["loans"]


def test_local_words_are_not_indexed(loans):
    assert not SearchDocument.objects.filter(body__contains="local").exists()


@pytest.mark.parametrize("audience", ["organisation", "unlisted", "shared"])
def test_nobody_finds_what_the_catalogue_hides(loans, audience):
    Course.objects.filter(pk=loans.pk).update(audience=audience)
    assert uids("recalls") == []
    assert uids("recalls", UserFactory()) == []


def test_members_find_the_courses_of_their_library(loans):
    member = MembershipFactory()
    Course.objects.filter(pk=loans.pk).update(audience="organisation", organisation=member.organisation)
    assert uids("recalls", member.person) == ["recalls"]


def test_only_the_current_edition_is_found(loans):
    publish_course(slug="loans", lessons=[("text", "other", {"body": "Something else.\n"})])
    assert uids("recalls") == ["recalls"]
    index_course(course=loans)
    assert uids("recalls") == []
    assert uids("something") == ["other"]


def test_indexing_twice_gives_the_same(loans):
    before = list(SearchDocument.objects.order_by("key").values_list("kind", "key", "title", "body"))
    index_course(course=loans)
    assert list(SearchDocument.objects.order_by("key").values_list("kind", "key", "title", "body")) == before


@pytest.mark.parametrize(
    "query", ["", " ", '"', "a AND", "NEAR(", "*", "title:", "(", "-", "' OR 1=1 --", "\\", "é" * 500]
)
def test_signs_of_search_engines_do_no_harm(loans, query):
    assert isinstance(uids(query), list)


def test_naughty_strings_do_no_harm(loans):
    for query in json.loads(NAUGHTY.read_text(encoding="utf-8")):
        uids(query)


def test_the_number_of_queries_does_not_depend_on_rows(loans, django_assert_max_num_queries):
    for number in range(8):
        index_course(course=publish_course(title=f"Recalls {number}"))
    with django_assert_max_num_queries(2):
        search(VISITOR, "recalls", limit=20)


def test_the_sweep_indexes_what_a_lost_task_left(loans):
    publish_course(slug="lost", title="Lost and found")
    assert uids("found") == []
    assert jobs.sweep_index() == 1
    assert uids("found") == ["lost"]
    assert jobs.sweep_index() == 0
