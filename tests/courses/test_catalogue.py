"""The catalogue: what is listed, found, counted and remembered in its address."""

import re

import pytest

from courses.access import player_for
from courses.services import enrolling, recording
from courses.services.searching import index_course
from courses.spec import CourseTextSpec, ModuleSpec
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.courses import publish_course
from tests.support import count_queries

pytestmark = pytest.mark.django_db
MODULES = (ModuleSpec(uid="part-one", titles={"en": "Part one", "de": "Teil eins"}),)


def course(slug: str, *, minutes: int = 10, texts=None, languages=("en",), title="", **kw):
    lessons = [("text", "one", {"minutes": minutes})]
    made = publish_course(
        slug=slug,
        code=slug.upper(),
        lessons=lessons,
        languages=languages,
        **({"texts": texts, "modules": MODULES} if texts else {"title": title or f"Title {slug}"}),
        **kw,
    )
    index_course(course=made)
    return made


@pytest.fixture
def shelf(db):
    course("a-1", topic="borrowing", level="basic", minutes=30)
    course("b-2", topic="lending", level="working", minutes=90)
    course("c-3", topic="lending", level="advanced", minutes=200, title="Parcels abroad")
    course("hidden", audience="organisation", organisation=OrganisationFactory())


def shown(page) -> list[str]:
    return re.findall(r'cover__label">([^<]+)<', page.content.decode())


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["A-1", "B-2", "C-3"]),
        ("topic=lending", ["B-2", "C-3"]),
        ("topic=lending&topic=borrowing&level=basic", ["A-1"]),
        ("time=short", ["A-1"]),
        ("time=medium&time=long", ["B-2", "C-3"]),
        ("sort=short", ["A-1", "B-2", "C-3"]),
        ("sort=new", ["C-3", "B-2", "A-1"]),
        ("q=parcels", ["C-3"]),
        ("q=zzz", []),
        ("topic=copyright", []),
        ("topic=no-such&level=none&time=never&sort=odd&page=-1&language=%3Cx%3E", ["A-1", "B-2", "C-3"]),
    ],
)
def test_the_address_holds_words_facets_and_order(client, shelf, query, codes):
    page = client.get(f"/courses/?{query}")
    assert page.status_code == 200
    assert shown(page) == codes


def test_facets_count_what_the_other_facets_leave(client, shelf):
    page = client.get("/courses/?topic=lending").content.decode()
    counts = dict(re.findall(r'id="n-([a-z-]+)">\((\d+)\)', page))
    assert counts["topic-lending"] == "2"
    assert counts["topic-borrowing"] == "1"
    assert (counts["level-basic"], counts["level-working"], counts["level-advanced"]) == ("0", "1", "1")
    assert counts["time-short"] == "0"


def test_languages_are_offered_once_there_is_a_choice(client, shelf):
    assert 'name="language"' not in client.get("/courses/").content.decode()
    texts = {
        "de": CourseTextSpec(title="Fernleihe", summary="Kurz."),
        "en": CourseTextSpec(title="Borrowing", summary="Short."),
    }
    course("d-4", texts=texts, languages=("en", "de"))
    assert 'name="language"' in client.get("/courses/").content.decode()
    page = client.get("/courses/?language=de")
    assert shown(page) == ["D-4"]
    assert "Borrowing" in page.content.decode()


def test_a_course_without_the_readers_language_is_shown_in_its_first(client):
    course("d-4").current_edition.texts.update(language="de", title="Fernleihe")
    assert 'lang="de">Fernleihe' in client.get("/courses/").content.decode()


def test_a_word_in_a_lesson_finds_its_course(client):
    made = publish_course(slug="deep", lessons=[("text", "one", {"body": "About quires and gatherings.\n"})])
    index_course(course=made)
    assert len(shown(client.get("/courses/?q=gatherings"))) == 1


def test_no_hits_says_what_was_searched_and_offers_ways_on(client, shelf):
    page = client.get("/courses/", {"q": '"><script>', "topic": "systems"}).content.decode()
    assert "<script>" not in page.replace("<script ", "")
    assert "Nothing for “&quot;&gt;&lt;script&gt;” with these filters" in page
    assert "Without filters" in page


def test_twenty_at_first_and_more_below(client):
    for number in range(23):
        course(f"m-{number:02}")
    page = client.get("/courses/?level=basic")
    assert len(shown(page)) == 20
    assert "23 courses, 20 shown" in page.content.decode()
    assert "Show 3 more" in page.content.decode()
    assert 'href="?level=basic&amp;page=2"' in page.content.decode()
    assert len(shown(client.get("/courses/?level=basic&page=2"))) == 23


def test_htmx_gets_the_results_alone_and_says_the_count(client, shelf):
    answer = client.get("/courses/?topic=lending", headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert text.lstrip().startswith("<section")
    assert 'id="live" hx-swap-oob="innerHTML">2 courses' in text
    assert "HX-Request" in answer["Vary"]
    whole = client.get("/courses/?topic=lending", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in whole.content.decode()


def test_cards_show_where_the_reader_stands(client_of, shelf, rf):
    learner = UserFactory()
    made = publish_course(slug="two", lessons=[("text", "one", {}), ("text", "two", {})])
    request = rf.get("/")
    request.user = learner
    recording.record(player=player_for(request, "two", "one"), learner=learner, kind="done", key="k")
    page = client_of(learner).get("/courses/").content.decode()
    assert f'aria-label="Progress in {made.code}" value="1" max="2"' in page
    assert "1 of 2 lessons" in page


def test_the_number_of_queries_does_not_depend_on_courses(client_of):
    learner = UserFactory()
    client = client_of(learner)

    def cost() -> int:
        return count_queries(lambda: client.get("/courses/"))

    for number in range(5):
        enrolling.open_enrolment(learner=learner, course=course(f"few-{number}"))
    few = cost()
    for number in range(45):
        enrolling.open_enrolment(learner=learner, course=course(f"many-{number}"))
    assert cost() == few <= 8


def test_what_authors_write_on_a_card_is_text(client, db):
    course("odd", title="Loans & <b>returns</b> {title}")
    page = client.get("/courses/").content.decode()
    assert "Loans &amp; &lt;b&gt;returns&lt;/b&gt; {title}</a></h3>" in page
