"""Extra time: given to learners of a course by those who change it, found without giving addresses away."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from courses.models import Course, CourseEditor
from courses.services.enrolling import open_enrolment
from quizzes.models import ExtraTime
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import publish_quiz
from tests.support import count_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(instructor: User) -> Course:
    return publish_quiz(owner=instructor)


@pytest.fixture
def hana(client_of: Callable[[User], Client], instructor: User) -> Client:
    return client_of(instructor)


@pytest.fixture
def page(course: Course) -> str:
    return f"/author/courses/{course.slug}/extra-time/"


def text_of(response: Any) -> str:
    return response.content.decode()


def test_a_learner_is_found_by_name_and_given_more_time(hana: Client, course: Course, page: str, trainee: User):
    enrolment = open_enrolment(learner=trainee, course=course)
    assert "Nobody has extra time yet" in text_of(hana.get(page))
    found = text_of(hana.get(page, {"person": "delg"}))
    assert "Rosa Delgado" in found
    assert "Riverbend University Library" in found
    assert trainee.email not in found

    given = hana.post(f"{page}?person=delg", {"person": enrolment.pk, "percent": "50"}, follow=True)
    assert "Rosa Delgado has 50% more time" in text_of(given)
    assert "50% more" in text_of(given)
    assert "Given by Hana Whitcomb" in text_of(given)
    hana.post(f"{page}?person=delg", {"person": enrolment.pk, "percent": "100"})
    assert [(each.learner, each.percent) for each in ExtraTime.objects.all()] == [(trainee, 100)]


def test_a_whole_address_finds_the_person_and_a_part_of_it_does_not(
    hana: Client, course: Course, page: str, trainee: User
):
    open_enrolment(learner=trainee, course=course)

    assert "Rosa Delgado" in text_of(hana.get(page, {"person": "Rosa.Delgado@example.org"}))
    assert "Nobody who learns here fits" in text_of(hana.get(page, {"person": "example.org"}))
    assert "two letters or more" in text_of(hana.get(page, {"person": "r"}))


def test_a_page_that_cannot_offer_everybody_says_so(hana: Client, course: Course, page: str):
    for number in range(21):
        open_enrolment(learner=UserFactory(name=f"Namesake {number:02}"), course=course)
    for address in (page, page.replace("extra-time", "extra-attempts")):
        assert "Only the first 20 who fit are shown" in text_of(hana.get(address, {"person": "namesake"})), address
        assert "Only the first" not in text_of(hana.get(address, {"person": "namesake 1"})), address


def test_only_learners_of_the_course_can_be_named(hana: Client, course: Course, page: str, trainee: User):
    elsewhere = open_enrolment(learner=trainee, course=publish_quiz(slug="another"))
    here = open_enrolment(learner=UserFactory(name="Rosalind Quist"), course=course)

    assert "Rosa Delgado" not in text_of(hana.get(page, {"person": "rosa"}))
    refused = hana.post(f"{page}?person=rosa", {"person": elsewhere.pk, "percent": "50"})
    assert refused.status_code == 422
    assert "Choose a person who learns here" in text_of(refused)
    hana.post(f"{page}?person=rosa", {"person": here.pk, "percent": "50"})
    assert ExtraTime.objects.get().learner == here.learner


@pytest.mark.parametrize("percent", ["", "0", "-5", "501", "NaN", "1e3", "9" * 40, "50%"])
def test_a_percentage_that_makes_no_sense_is_refused_beside_its_field(
    hana: Client, course: Course, page: str, trainee: User, percent: str
):
    enrolment = open_enrolment(learner=trainee, course=course)
    refused = hana.post(f"{page}?person=rosa", {"person": enrolment.pk, "percent": percent})

    assert refused.status_code == 422
    assert 'id="id_percent_error"' in text_of(refused)
    assert not ExtraTime.objects.exists()


def test_removing_asks_first(hana: Client, course: Course, page: str, trainee: User, instructor: User):
    extra = ExtraTime.objects.create(course=course, learner=trainee, percent=25, given_by=instructor)
    asked = text_of(hana.get(f"{page}{extra.pk}/remove/"))
    assert "Remove the extra time of Rosa Delgado?" in asked
    assert ExtraTime.objects.exists()

    assert "has the usual time" in text_of(hana.post(f"{page}{extra.pk}/remove/", follow=True))
    assert ExtraTime.objects.get().percent == 0
    assert "Nobody has extra time yet" in text_of(hana.get(page))


def test_what_belongs_to_another_course_is_not_there(hana: Client, page: str, trainee: User):
    extra = ExtraTime.objects.create(course=publish_quiz(slug="another"), learner=trainee, percent=25)

    assert hana.post(f"{page}{extra.pk}/remove/").status_code == 404


def test_a_reviewer_looks_at_drafts_and_not_at_this(
    course: Course, page: str, supervisor: User, client_of: Callable[[User], Client]
):
    CourseEditor.objects.create(course=course, person=supervisor, role=CourseEditor.Role.REVIEWER)

    assert client_of(supervisor).get(page).status_code == 403


def test_a_long_list_is_searched_in_pages_with_the_same_statements(hana: Client, course: Course, page: str):
    def fill(count: int) -> None:
        for number in range(count):
            person = UserFactory(name=f"Learner {number:02d}")
            ExtraTime.objects.create(course=course, learner=person, percent=25, given_by=UserFactory())
            open_enrolment(learner=person, course=course)

    fill(3)
    few = count_statements(lambda: hana.get(page, {"person": "learner"}))
    fill(30)
    assert count_statements(lambda: hana.get(page, {"person": "learner"})) == few
    first = text_of(hana.get(page))
    assert "Page 1 of 2" in first
    assert text_of(hana.get(page, {"q": "Learner 29"})).count("row__title") == 1
    assert "Nobody for “Xaver”" in text_of(hana.get(page, {"q": "Xaver"}))
