"""The course page: decide and resume."""

import datetime as dt

import pytest

from courses.access import forget_kept
from courses.models import CourseEditor
from courses.services import enrolling
from courses.spec import CourseTextSpec, ModuleSpec
from courses.standing import CourseStanding, LessonStanding, standing
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.courses import publish_course
from tests.support import count_queries

pytestmark = pytest.mark.django_db
MODULES = (ModuleSpec(uid="part-one", titles={"en": "Part one", "de": "Teil eins"}),)


def done(client, slug: str, *uids: str) -> None:
    for uid in uids:
        client.post(f"/courses/{slug}/{uid}/do/done/")


def test_a_visitor_sees_everything_and_what_an_account_adds(client):
    texts = {
        "en": CourseTextSpec(title="Parcels", summary="About parcels.", for_whom="All.", objectives=("pack well",))
    }
    publish_course(slug="parcels", texts=texts, credits=("Hana Whitcomb, Mesa Ridge College", "Tomasz Lind"))
    page = client.get("/courses/parcels/").content.decode()
    for text in ("Parcels", "pack well", "Hana Whitcomb", "with Tomasz Lind", "Edition 1, published", "CC BY 4.0"):
        assert text in page
    assert 'href="/courses/parcels/first-lesson/"' in page
    assert "You can read without an account" in page


def test_a_hidden_course_is_not_found(client, client_of):
    publish_course(slug="inside", audience="organisation", organisation=OrganisationFactory())
    assert client.get("/courses/inside/").status_code == 404
    assert client_of(UserFactory()).get("/courses/inside/").status_code == 404
    assert client_of(UserFactory(admin=True)).get("/courses/inside/").status_code == 200


def test_reading_the_page_writes_nothing(client_of):
    publish_course(slug="still")
    learner = UserFactory()
    client_of(learner).get("/courses/still/")
    client_of(learner).get("/courses/still/first-lesson/")
    assert not learner.enrolments.exists()


LESSONS = [("text", f"l{number}", {"minutes": 10}) for number in range(1, 4)]


def test_continue_leads_to_the_lesson_after_the_last_one_done(client_of):
    publish_course(slug="walk", lessons=LESSONS)
    client = client_of(UserFactory())
    done(client, "walk", "l1")
    page = client.get("/courses/walk/").content.decode()
    assert "You are on lesson 2 of 3" in page
    assert "1 of 3 lessons done, about 20 min left" in page
    assert 'href="/courses/walk/l2/"' in page
    assert "stamp--inked" in page
    assert page.count("Done: ") == 1


def test_a_lesson_that_was_jumped_over_comes_at_the_end(client_of):
    publish_course(slug="walk", lessons=LESSONS)
    client = client_of(UserFactory())
    done(client, "walk", "l2")
    assert "You are on lesson 3 of 3" in client.get("/courses/walk/").content.decode()
    done(client, "walk", "l3")
    assert "You are on lesson 1 of 3" in client.get("/courses/walk/").content.decode()


def test_a_locked_lesson_says_what_opens_it(client_of):
    locked = [("text", "one", {}), ("text", "two", {"rule": {"opens_after": ["one"]}})]
    publish_course(slug="locks", lessons=locked)
    client = client_of(UserFactory())
    assert "opens after lesson 1" in client.get("/courses/locks/").content.decode()
    done(client, "locks", "one")
    assert "opens after" not in client.get("/courses/locks/").content.decode()


def test_a_finished_course_shows_its_certificate(client_of, monkeypatch):
    course = publish_course(slug="ready")
    learner = UserFactory()
    row = enrolling.open_enrolment(learner=learner, course=course)
    finished = CourseStanding(
        course_id=course.pk,
        enrolment_id=row.pk,
        opened=True,
        completed_at=row.opened_at,
        certificate_code="LC-TEST-CODE",
        lessons={"first-lesson": LessonStanding("first-lesson", state="done", done_at=row.opened_at)},
    )
    monkeypatch.setattr(type(standing()), "for_enrolment", lambda self, enrolment: finished)
    page = client_of(learner).get("/courses/ready/").content.decode()
    assert "You have finished this course" in page
    assert "/me/certificates/LC-TEST-CODE" in page


def test_due_date_and_who_assigned_it_are_said(client_of, monkeypatch):
    course = publish_course(slug="due")
    learner = UserFactory()
    row = enrolling.enrol(learner=learner, course=course)
    late = CourseStanding(
        course_id=course.pk,
        enrolment_id=row.pk,
        due_on=dt.date(2020, 1, 2),
        overdue=True,
        assigned_by="Marcus Oyelaran",
        note="Before Friday.",
    )
    monkeypatch.setattr(type(standing()), "for_enrolment", lambda self, enrolment: late)
    page = client_of(learner).get("/courses/due/").content.decode()
    assert "Overdue since Thu 2 Jan 2020" in page
    assert "Assigned by Marcus Oyelaran: “Before Friday.”" in page


def test_a_legal_course_says_that_it_is_no_advice(client):
    publish_course(slug="law", legal=True, checked_on="2020-11-01")
    for path in ("/courses/law/", "/courses/law/first-lesson/"):
        page = client.get(path).content.decode()
        assert "Training, not legal advice" in page
        assert "Facts last checked on Sun 1 Nov 2020" in page


def test_another_language_than_the_learners_comes_with_a_notice(client_of):
    texts = {code: CourseTextSpec(title=f"Title {code}", summary="…") for code in ("en", "de")}
    course = publish_course(slug="tongues", languages=("en", "de"), texts=texts, modules=MODULES)
    learner = UserFactory(language="de")
    enrolling.open_enrolment(learner=learner, course=course)
    client = client_of(learner)
    assert "Title de" in client.get("/courses/tongues/").content.decode()
    page = client.get("/courses/tongues/first-lesson/").content.decode()
    assert "shown in English" in page
    assert client.post("/courses/tongues/do/language/", {"language": "en"}).status_code == 302
    assert "Title en" in client.get("/courses/tongues/").content.decode()


def test_editors_get_the_way_to_the_draft_and_nobody_else(client, client_of):
    course = publish_course(slug="made")
    editor = UserFactory()
    CourseEditor.objects.create(course=course, person=editor)
    assert "/author/courses/made/" in client_of(editor).get("/courses/made/").content.decode()
    assert "/author/courses/made/" not in client.get("/courses/made/").content.decode()


def test_the_page_costs_the_same_number_of_queries_and_stays_light(client_of):
    learner = UserFactory()
    client = client_of(learner)

    def page(size: int):
        course = publish_course(slug=f"of-{size}", lessons=[("text", f"l{n}", {}) for n in range(size)])
        enrolling.open_enrolment(learner=learner, course=course)
        done(client, course.slug, "l0", "l1")
        found = []
        forget_kept()
        cost = count_queries(lambda: found.append(client.get(f"/courses/{course.slug}/")))
        return cost, found[0].content

    small, big = page(5), page(50)
    assert small[0] == big[0] <= 10
    assert len(big[1]) <= 60 * 1024
