"""A course begun in the browser, what it says of itself, its languages, its archive."""

import pytest
from django.test import Client

from courses.models import Course, CourseEditor, CourseText
from courses.services import founding
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.courses import EnrolmentFactory, publish_course

pytestmark = pytest.mark.django_db

NEW = "/author/do/create/"
HERE = "/author/courses/lending/details/"
BEGUN = {
    "title": "Reading citations",
    "code": "FND 120",
    "topic": "citations",
    "level": "basic",
    "language": "en",
    "audience": "organisation",
}


@pytest.fixture
def owner():
    return MembershipFactory(instructor=True).person


@pytest.fixture
def client(owner) -> Client:
    client = Client()
    client.force_login(owner)
    return client


@pytest.fixture
def course(owner) -> Course:
    return publish_course(slug="lending", title="Lending", owner=owner)


def sent(client, **changed) -> dict:
    """What the details page would send as it stands."""
    form = client.get(HERE).context["form"]
    values = {field.name: field.value() for field in form}
    return {name: value for name, value in values.items() if value not in (None, False)} | changed


def test_a_course_may_say_what_it_is_about_from_its_first_day(client):
    assert not client.get(NEW).context["course_form"]["summary"].field.required
    client.post(NEW, {**BEGUN, "summary": "Who wrote what, and where it stands."})
    assert CourseText.objects.get(course__slug="reading-citations").summary == "Who wrote what, and where it stands."
    assert "says nothing of itself" not in client.get("/author/courses/reading-citations/?check=1").content.decode()


def test_a_course_begins_with_its_owner_its_library_and_one_empty_part(client, owner):
    answer = client.post(NEW, BEGUN, follow=True)
    course = Course.objects.get(slug="reading-citations")
    assert answer.redirect_chain[-1][0] == "/author/courses/reading-citations/?add=the-first-part"
    assert course.editors.get().person == owner
    assert course.organisation == owner.memberships.get().organisation
    assert (course.languages, course.current_edition) == (["en"], None)
    page = answer.content.decode()
    assert "Your course is empty. Begin with one lesson." in page
    assert "A new lesson" in page
    assert (
        "says nothing of itself in “en” yet"
        in client.get("/author/courses/reading-citations/?check=1").content.decode()
    )
    again = client.post(NEW, BEGUN)
    assert again["Location"].startswith("/author/courses/reading-citations-2/")


def test_of_two_courses_begun_with_one_title_at_once_the_later_gets_the_next_address(client, monkeypatch):
    client.post(NEW, BEGUN)
    real, asked = founding._taken, []

    def looked_before_the_other_wrote(slug: str, **besides: int) -> bool:
        asked.append(slug)
        return len(asked) > 1 and real(slug, **besides)

    monkeypatch.setattr(founding, "_taken", looked_before_the_other_wrote)
    again = client.post(NEW, BEGUN)
    assert again["Location"].startswith("/author/courses/reading-citations-2/")
    assert CourseText.objects.filter(course__slug="reading-citations-2").count() == 1

    monkeypatch.setattr(founding, "_taken", lambda slug, **besides: False)
    refused = client.post(NEW, BEGUN)
    assert refused.status_code == 422
    assert "Somebody else is beginning courses with this title" in str(refused.context["course_form"].errors["title"])
    assert Course.objects.count() == 2


def test_an_address_that_another_course_took_a_moment_ago_is_refused_beside_its_field(client, course, monkeypatch):
    publish_course(slug="borrowing", title="Borrowing")
    monkeypatch.setattr(founding, "_taken", lambda slug, **besides: False)
    answer = client.post(HERE, sent(client, slug="borrowing"))
    assert answer.status_code == 422
    assert "Another course has or had this address." in str(answer.context["form"].errors["slug"])
    course.refresh_from_db()
    assert course.slug == "lending"


def test_a_form_that_lacks_something_comes_back_with_the_rest(client):
    answer = client.post(NEW, BEGUN | {"title": " "})
    assert answer.status_code == 422
    assert 'value="FND 120"' in answer.content.decode()
    assert not Course.objects.exists()
    assert client.post(NEW, BEGUN | {"audience": "nobody"}).status_code == 422
    assert client.post(NEW, {"upload": "1"}).status_code == 422


def test_a_course_of_nobodys_library_is_open_to_all_or_unlisted():
    client = Client()
    client.force_login(UserFactory(admin=True))
    assert client.post(NEW, BEGUN).status_code == 422
    assert client.post(NEW, BEGUN | {"audience": "public"}).status_code == 302


def test_details_are_saved_and_the_old_address_leads_on(client, course):
    given = sent(
        client,
        title="Lending today",
        summary="About it.",
        slug="lending-today",
        credits="Ana Silva\n\nTomas Berg\nAna Silva",
    )
    answer = client.post(HERE, given)
    assert answer["Location"] == "/author/courses/lending-today/details/"
    course.refresh_from_db()
    assert (course.slug, course.version, course.credits) == ("lending-today", 3, ["Ana Silva", "Tomas Berg"])
    assert course.texts.get().title == "Lending today"
    moved = client.get("/courses/lending/")
    assert (moved.status_code, moved["Location"]) == (308, "/courses/lending-today/")
    assert client.get(HERE)["Location"] == "/author/courses/lending-today/details/"


def test_saving_what_is_there_already_changes_nothing(client, course):
    client.post(HERE, sent(client))
    course.refresh_from_db()
    assert course.version == 2


def test_who_comes_second_sees_both(client, course):
    stale = sent(client, code="MINE 1")
    client.post(HERE, sent(client, code="THEIRS 1"))
    answer = client.post(HERE, stale)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "THEIRS 1" in page
    assert 'value="MINE 1"' in page
    assert Course.objects.get().code == "THEIRS 1"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"slug": "Not An Address"}, "Use small letters, digits and single hyphens."),
        ({"slug": "taken"}, "Another course has or had this address."),
        ({"slug": "was-taken"}, "Another course has or had this address."),
        ({"summary": ""}, "This field is required"),
        ({"objectives": "x" * 301}, "is longer than 300 characters"),
        ({"checked_on": "31 June"}, "Enter a valid date"),
        ({"certificate_valid_days": "0"}, "greater than or equal to 1"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(client, course, changed, says):
    taken = publish_course(slug="taken")
    taken.old_slugs.create(slug="was-taken")
    answer = client.post(HERE, sent(client, **changed))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert Course.objects.get(slug="lending").version == 2


def test_a_language_is_added_and_asks_for_its_words(client, course):
    answer = client.post(f"{HERE}languages/", {"language": "es"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"{HERE}?language=es"
    course.refresh_from_db()
    assert course.languages == ["en", "es"]
    checked = client.get("/author/courses/lending/?check=1").content.decode()
    assert "says nothing of itself in “es” yet" in checked
    assert client.get("/author/courses/lending/publish/").status_code == 200
    refused = client.post("/author/courses/lending/publish/", {"kind": "minor", "note": "x"})
    assert refused.status_code in (409, 422)
    client.post(f"{HERE}?language=es", sent(client, title="Préstamo", summary="De qué trata."))
    assert CourseText.objects.get(course=course, language="es").title == "Préstamo"
    assert CourseText.objects.get(course=course, language="en").title == "Lending"
    assert client.post(f"{HERE}languages/", {"language": "es"}, follow=True).status_code == 200, "twice is once"


def test_an_archived_course_is_out_of_the_catalogue_and_its_learners_read_on(client, course):
    learner = Client()
    learner.force_login(EnrolmentFactory(course=course, opened=True).learner)
    assert "1 person is learning from it now" in client.get("/author/courses/lending/archive/").content.decode()
    client.post("/author/courses/lending/archive/", {"do": "archive"})
    assert 'href="/courses/lending/"' not in Client().get("/courses/").content.decode()
    assert Client().get("/courses/lending/").status_code == 404
    assert learner.get("/courses/lending/first-lesson/").status_code == 200
    listed = 'href="/author/courses/lending/"'
    assert listed not in client.get("/author/").content.decode()
    assert listed in client.get("/author/?show=archived").content.decode()
    assert "This course is archived since" in client.get(HERE).content.decode()
    client.post("/author/courses/lending/archive/", {"do": "restore"})
    assert 'href="/courses/lending/"' in Client().get("/courses/").content.decode()


def test_only_an_owner_archives_a_course_and_a_reviewer_changes_no_detail(course):
    for role, status in ((CourseEditor.Role.EDITOR, 200), (CourseEditor.Role.REVIEWER, 403)):
        person = UserFactory()
        CourseEditor.objects.create(course=course, person=person, role=role)
        client = Client()
        client.force_login(person)
        assert client.get(HERE).status_code == 200
        assert client.post("/author/courses/lending/archive/", {"do": "archive"}).status_code == 403
        assert (client.post(HERE, {}).status_code == 403) == (status == 403)
    assert Course.objects.get().archived_at is None


@pytest.mark.parametrize("language", ["tlh", ""])
def test_a_language_that_cannot_be_added_is_refused_beside_the_list(client, course, language):
    answer = client.post(f"{HERE}languages/", {"language": language})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Choose a language that the course does not have yet." in page
    assert f'action="{HERE}"' in page, "its other form saves where it always does"
    course.refresh_from_db()
    assert course.languages == ["en"]
