"""Who may see a course, and through which door."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import RequestFactory

from core import clock
from courses.access import (
    CourseMoved,
    LessonLocked,
    course_for,
    doing_for,
    enrolment_for,
    forget_kept,
    player_for,
    reading_for,
)
from courses.models import Course, CourseEditor, CourseGrant, CourseSlug, Edition, Enrolment
from courses.services import enrolling, recording
from tests.factories.accounts import ConsortiumFactory, MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.courses import CourseFactory, publish_course
from tests.support import count_queries

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def request_of(user, **query):
    request = RequestFactory().get("/", query)
    request.user = user
    return request


@pytest.fixture
def consortium():
    return ConsortiumFactory()


@pytest.fixture
def personas(consortium):
    """Everybody the rules tell apart, by name."""
    own, partner, far = (
        OrganisationFactory(consortium=consortium),
        OrganisationFactory(consortium=consortium),
        OrganisationFactory(),
    )
    people = {
        name: UserFactory() for name in ("member", "partner", "stranger", "editor", "reviewer", "granted", "was_in")
    }
    MembershipFactory(person=people["member"], organisation=own)
    MembershipFactory(person=people["partner"], organisation=partner)
    MembershipFactory(person=people["stranger"], organisation=far)
    return {"visitor": VISITOR, "admin": UserFactory(admin=True), **people, "own": own}


@pytest.fixture
def shelf(personas):
    """Courses of each audience, one archived, one never published."""
    own = personas["own"]
    courses = {
        audience: publish_course(slug=f"c-{audience}", audience=audience, organisation=own)
        for audience in ("public", "shared", "organisation", "unlisted")
    }
    courses["archived"] = publish_course(slug="c-archived", organisation=own)
    Course.objects.filter(pk=courses["archived"].pk).update(archived_at=clock.now())
    courses["draft"] = CourseFactory(slug="c-draft", organisation=own)
    for course in courses.values():
        CourseEditor.objects.create(course=course, person=personas["editor"])
        CourseEditor.objects.create(course=course, person=personas["reviewer"], role=CourseEditor.Role.REVIEWER)
        CourseGrant.objects.create(course=course, person=personas["granted"], source="test")
        if course.slug != "c-draft":
            left = enrolling.open_enrolment(learner=personas["was_in"], course=course)
            enrolling.leave(enrolment=left)
    return courses


LOOK_UP = {
    "visitor": {"public", "unlisted"},
    "stranger": {"public", "unlisted"},
    "member": {"public", "shared", "organisation", "unlisted"},
    "partner": {"public", "shared", "unlisted"},
    "editor": {"public", "shared", "organisation", "unlisted", "archived", "draft"},
    "reviewer": {"public", "shared", "organisation", "unlisted", "archived", "draft"},
    "granted": {"public", "shared", "organisation", "unlisted", "archived", "draft"},
    "was_in": {"public", "shared", "organisation", "unlisted", "archived"},
    "admin": {"public", "shared", "organisation", "unlisted", "archived", "draft"},
}
LISTED = {
    "visitor": {"public"},
    "stranger": {"public"},
    "member": {"public", "shared", "organisation"},
    "partner": {"public", "shared"},
    "editor": {"public"},
    "granted": {"public", "shared", "organisation"},
    "was_in": {"public"},
}


@pytest.mark.parametrize("name", LOOK_UP)
def test_row_rule_and_list_rule_agree_for_every_persona(name, personas, shelf):
    person = personas[name]
    listed = {course.slug for course in Course.objects.visible_to(person)}
    single = set()
    for course in shelf.values():
        try:
            single.add(course_for(person, course.slug).slug)
        except Http404:
            continue
    assert listed == single == {f"c-{audience}" for audience in LOOK_UP[name]}


@pytest.mark.parametrize("name", LISTED)
def test_lists_leave_out_what_is_unlisted_archived_or_unpublished(name, personas, shelf):
    assert {course.slug for course in Course.objects.listed_for(personas[name])} == {
        f"c-{each}" for each in LISTED[name]
    }


def test_editing_is_for_owners_and_editors(personas, shelf):
    assert course_for(personas["editor"], "c-public", edit=True) == shelf["public"]
    for name in ("reviewer", "member", "visitor", "granted"):
        with pytest.raises(PermissionDenied):
            course_for(personas[name], "c-public", edit=True)
    with pytest.raises(Http404):
        course_for(personas["stranger"], "c-organisation", edit=True)


def test_an_old_slug_names_the_present_one(client):
    course = publish_course(slug="new-name")
    CourseSlug.objects.create(course=course, slug="old-name")
    with pytest.raises(CourseMoved) as moved:
        course_for(VISITOR, "old-name")
    assert moved.value.slug == "new-name"
    answer = client.get("/courses/old-name/first-lesson/?preview=")
    assert (answer.status_code, answer["Location"]) == (308, "/courses/new-name/first-lesson/?preview=")


def test_an_old_slug_of_a_hidden_course_is_no_hint():
    course = publish_course(slug="hidden", audience="organisation", organisation=OrganisationFactory())
    CourseSlug.objects.create(course=course, slug="was-hidden")
    with pytest.raises(Http404):
        course_for(VISITOR, "was-hidden")


def test_readers_see_the_current_edition_and_learners_the_one_they_began():
    course = publish_course(slug="grows", lessons=[("text", "one", {"body": "Old words.\n"})])
    learner = UserFactory()
    enrolling.open_enrolment(learner=learner, course=course)
    publish_course(slug="grows", kind="redo", lessons=[("text", "one", {"body": "New words.\n"})])
    assert reading_for(VISITOR, "grows").edition.number == 2
    assert reading_for(learner, "grows").edition.number == 1
    shown = player_for(request_of(learner), "grows", "one").rendered["segments"][0]["html"]
    assert "Old words" in shown


def test_an_archived_course_stays_readable_for_those_who_were_in_it(personas, shelf):
    assert reading_for(personas["was_in"], "c-archived").edition.number == 1
    with pytest.raises(Http404):
        reading_for(personas["member"], "c-archived")


def test_a_lesson_that_is_not_in_the_edition_is_not_found():
    publish_course(slug="small")
    with pytest.raises(Http404):
        player_for(request_of(VISITOR), "small", "nowhere")


LOCKED = [("text", "one", {}), ("text", "two", {"rule": {"opens_after": ["one"]}})]


def test_a_lesson_opens_when_those_before_it_are_done(client_of):
    course = publish_course(slug="locks", lessons=LOCKED)
    learner = UserFactory()
    with pytest.raises(LessonLocked) as locked:
        player_for(request_of(learner), "locks", "two")
    assert [lesson.uid for lesson in locked.value.after] == ["one"]
    answer = client_of(learner).get("/courses/locks/two/")
    assert answer.status_code == 403
    assert "Lesson 1: Lesson one" in answer.content.decode()

    player = player_for(request_of(learner), course.slug, "one")
    recording.record(player=player, learner=learner, kind="done", key="k")
    assert player_for(request_of(learner), "locks", "two").title == "Lesson two"


def test_nothing_can_be_recorded_in_a_locked_lesson(client_of):
    publish_course(slug="locks", lessons=LOCKED)
    learner = UserFactory()
    client = client_of(learner)
    client.post("/courses/locks/one/do/opened/")
    assert doing_for(learner, "locks", "two") is None
    assert client.post("/courses/locks/two/do/done/").status_code == 403


def preview_of(course: Course, **kw) -> Edition:
    current = course.current_edition
    edition = Edition.objects.create(
        course=course,
        kind="preview",
        hash=current.hash,
        languages=current.languages,
        published_at=clock.now(),
        token="secret-token",
        **kw,
    )
    for text in current.texts.all():
        text.pk, text.edition = None, edition
        text.save()
    for lesson in list(current.lessons.all()):
        texts = list(lesson.texts.all())
        lesson.pk, lesson.edition = None, edition
        lesson.save()
        for text in texts:
            text.pk, text.edition_lesson = None, lesson
            text.save()
    return edition


def test_whoever_holds_the_token_sees_the_preview_and_nothing_is_kept(client_of, client):
    course = publish_course(slug="hush", audience="organisation", organisation=OrganisationFactory(), lessons=LOCKED)
    preview_of(course, expires_at=clock.now() + dt.timedelta(days=1))
    assert client.get("/courses/hush/").status_code == 404
    page = client.get("/courses/hush/two/?preview=secret-token")
    assert page.status_code == 200
    assert "Preview of the draft" in page.content.decode()
    assert "/courses/hush/one/?preview=secret-token" in page.content.decode()
    learner = UserFactory()
    answer = client_of(learner).post("/courses/hush/one/do/done/?preview=secret-token", {"next": "two"})
    assert answer["Location"] == "/courses/hush/two/?preview=secret-token"
    assert not Enrolment.objects.filter(learner=learner).exists()


@pytest.mark.parametrize("token", ["wrong", "secret-token"])
def test_a_wrong_or_expired_token_opens_nothing(client, token):
    course = publish_course(slug="hush")
    preview_of(course, expires_at=clock.now() - dt.timedelta(seconds=1))
    assert client.get(f"/courses/hush/?preview={token}").status_code == 404


def test_only_ones_own_live_enrolment_can_be_acted_on():
    course = publish_course(slug="mine")
    learner, other = UserFactory(), UserFactory()
    enrolling.open_enrolment(learner=learner, course=course)
    assert enrolment_for(learner, "mine").learner == learner
    with pytest.raises(Http404):
        enrolment_for(other, "mine")


def test_the_player_asks_the_same_number_of_queries_however_long_the_course_is():
    learner = UserFactory()

    def cost(size: int) -> int:
        course = publish_course(slug=f"of-{size}", lessons=[("text", f"l{n}", {}) for n in range(size)])
        enrolling.open_enrolment(learner=learner, course=course)
        forget_kept()
        return count_queries(lambda: player_for(request_of(learner), course.slug, "l1").standing.percent)

    assert cost(5) == cost(50) <= 7
