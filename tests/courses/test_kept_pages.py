"""The visitor's catalogue is rendered once, holds nothing of whoever it was rendered for, and is gone once it is wrong."""

from dataclasses import fields

import pytest
from django.conf import settings as site
from django.contrib import admin
from django.core.cache import cache
from django.db import connection
from django.forms import Form
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from redis.exceptions import RedisError

from core import kept_pages
from courses.models import Course, CourseText
from courses.services.founding import Facts, Words, archive_course, edit_details
from courses.services.publishing import publish
from tests.factories.accounts import UserFactory
from tests.factories.courses import publish_course

pytestmark = pytest.mark.django_db
PAGE = "/courses/"


@pytest.fixture(autouse=True)
def switched_on(settings):
    settings.KEPT_PAGES_SECONDS = 60


@pytest.fixture
def course(db) -> Course:
    return publish_course(slug="lending", title="Loans abroad", lessons=[("text", "one", {})])


def look(path: str = PAGE, *, cookies: dict[str, str] | None = None, **headers: str):
    """What a browser that was never here is answered."""
    browser = Client()
    for name, value in (cookies or {}).items():
        browser.cookies[name] = value
    return browser.get(path, headers=headers)


def asks(path: str = PAGE, **given) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        look(path, **given)
    return len(asked)


def test_the_second_visitor_costs_no_statement_and_both_see_the_same(course):
    first = look()
    assert b"Loans abroad" in first.content
    with CaptureQueriesContext(connection) as asked:
        second = look()
    assert len(asked) == 0
    assert second.content == first.content
    assert {"Accept-Language", "Cookie", "HX-Request"} <= {each.strip() for each in second["Vary"].split(",")}
    assert second["X-Request-ID"] != first["X-Request-ID"]
    assert second["Content-Security-Policy"] == first["Content-Security-Policy"]
    assert second["Content-Type"] == first["Content-Type"]


def test_what_is_kept_has_no_token_no_nonce_no_cookie_and_no_form_that_would_need_one(course):
    for answer in (look(), look()):
        page = answer.content.decode()
        assert '"X-CSRFToken": ""' in page
        assert "csrfmiddlewaretoken" not in page
        assert 'method="post"' not in page
        assert "nonce" not in page
        assert not answer.cookies


@pytest.mark.parametrize("name", [site.SESSION_COOKIE_NAME, "messages"])
def test_whoever_brings_something_of_their_own_gets_a_page_of_their_own(course, name):
    look()
    own = look(cookies={name: "something"})
    assert '"X-CSRFToken": ""' not in own.content.decode()
    assert asks(cookies={name: "something"}) > 0


def test_a_learner_never_gets_the_visitors_page_nor_leaves_theirs(course, client_of):
    look()
    learner = UserFactory(name="Ingrid Solheim")
    mine = client_of(learner).get(PAGE).content.decode()
    assert "Ingrid Solheim" in mine
    cache.clear()
    client_of(learner).get(PAGE)
    assert "Ingrid Solheim" not in look().content.decode()


@pytest.mark.parametrize(
    ("query", "headers", "cookies"),
    [
        ("?topic=lending", {}, {}),
        ("?page=2", {}, {}),
        ("", {"host": "other.example.org"}, {}),
        ("", {}, {"theme": "dark"}),
    ],
)
def test_each_filter_host_and_theme_has_a_page_of_its_own(course, query, headers, cookies):
    look()
    assert asks(PAGE + query, cookies=cookies, **headers) > 0
    assert asks(PAGE + query, cookies=cookies, **headers) == 0
    assert ('data-theme="dark"' in look().content.decode()) is False


def test_each_language_has_a_page_of_its_own(course, settings):
    settings.LANGUAGES = [("en", "English"), ("nb", "Norsk")]
    look()
    assert asks(**{"accept-language": "nb"}) > 0
    assert look(**{"accept-language": "nb"})["Content-Language"] == "nb"
    assert look()["Content-Language"] == "en"


@pytest.mark.parametrize(
    "query",
    ["?q=lend", "?utm=1", "?topic=nothing", "?topic=lending&topic=borrow", "?topic=lending&level=basic", "?page=9999"],
)
def test_other_addresses_are_rendered_each_time(course, query):
    look(PAGE + query)
    assert asks(PAGE + query) > 0


def test_pieces_for_htmx_are_not_kept(course):
    look()
    assert b"<html" not in look(**{"HX-Request": "true"}).content
    assert asks(**{"HX-Request": "true"}) > 0


def test_a_course_that_is_published_or_put_away_is_seen_at_once(course, django_capture_on_commit_callbacks):
    look()
    with django_capture_on_commit_callbacks(execute=True):
        archive_course(course=course, archived=True)
    assert b"Loans abroad" not in look().content
    with django_capture_on_commit_callbacks(execute=True):
        archive_course(course=course, archived=False)
    assert b"Loans abroad" in look().content
    CourseText.objects.filter(course=course).update(title="Loans anew")
    with django_capture_on_commit_callbacks(execute=True):
        publish(course=course, kind="minor", note="", actor=None)
    assert b"Loans anew" in look().content


def test_a_course_that_is_hidden_by_its_author_or_by_staff_is_hidden_at_once(
    course, django_capture_on_commit_callbacks
):
    def facts(audience: str) -> Facts:
        return Facts(**{each.name: getattr(course, each.name) for each in fields(Facts)} | {"audience": audience})

    words = Words("Loans abroad", "")
    look()
    for audience, seen in (("organisation", False), ("public", True)):
        course.refresh_from_db()
        given = {"version": course.version, "facts": facts(audience), "language": "en", "words": words}
        with django_capture_on_commit_callbacks(execute=True):
            edit_details(course=course, **given)
        assert (b"Loans abroad" in look().content) is seen
    course.audience = "organisation"
    with django_capture_on_commit_callbacks(execute=True):
        admin.site.get_model_admin(Course).save_model(RequestFactory().post("/"), course, Form(), change=True)
    assert b"Loans abroad" not in look().content


def test_a_page_that_a_change_overtook_is_not_shown(course, monkeypatch):
    keep = kept_pages._keep
    monkeypatch.setattr(kept_pages, "_keep", lambda *given: (cache.set(kept_pages.STATE, "another"), keep(*given)))
    look()
    monkeypatch.undo()
    assert asks() > 0


def test_a_cache_that_does_not_answer_is_not_needed(course, monkeypatch):
    def broken(*given: object) -> None:
        raise RedisError("gone")

    monkeypatch.setattr(kept_pages.cache, "get_many", broken)
    assert b"Loans abroad" in look().content
    assert b"Loans abroad" in look().content
