"""Who works on a course: added, changed, taken off with undo, handed over; and nobody learns who else has an account."""

import pytest
from django.urls import reverse

from accounts.jobs import send_waiting_mail
from accounts.models import Notice
from core.errors import Conflict, InvalidInput
from courses.models import Course, CourseEditor, Review, ReviewVerdict
from courses.services import peopling
from courses.services.publishing import publish_preview
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.courses import draft_course
from tests.support import count_statements

pytestmark = pytest.mark.django_db
PAGE = "/author/courses/lending/people/"


@pytest.fixture
def course(instructor, library) -> Course:
    return draft_course(slug="lending", owner=instructor, organisation=library, title="Lending step by step")


@pytest.fixture
def owner(course, instructor, client_of):
    return client_of(instructor)


def role_of(person, course) -> str:
    return CourseEditor.objects.filter(course=course, person=person).values_list("role", flat=True).first() or ""


def on(course, person, role="editor") -> CourseEditor:
    return CourseEditor.objects.create(course=course, person=person, role=role)


def test_a_colleague_is_added_by_address_and_told(owner, course, trainee):
    answer = owner.post(PAGE, {"email": " ROSA.delgado@example.org", "role": "reviewer"})
    assert answer["Location"] == PAGE
    assert role_of(trainee, course) == "reviewer"
    notice = Notice.objects.get(person=trainee, kind="course_people")
    assert (notice.title, notice.url) == ("You are a reviewer of “Lending step by step” now", PAGE)


@pytest.mark.parametrize("address", ["nobody@example.org", "tomasz.lind@example.org"])
def test_an_unknown_address_and_a_hidden_one_get_the_same_answer(owner, course, stranger, address):
    answer = owner.post(PAGE, {"email": address, "role": "editor"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Nobody whom you can add has this address." in page
    assert f'value="{address}"' in page
    assert CourseEditor.objects.count() == 1


def test_somebody_who_can_no_longer_sign_in_is_as_unknown(owner, course, trainee):
    trainee.is_active = False
    trainee.save()
    assert owner.post(PAGE, {"email": trainee.email, "role": "editor"}).status_code == 422


def test_people_of_ones_own_other_library_may_be_asked(owner, course, instructor):
    other = MembershipFactory(person=instructor, organisation=OrganisationFactory(), secondary=True).organisation
    friend = MembershipFactory(organisation=other).person
    owner.post(PAGE, {"email": friend.email, "role": "editor"})
    assert role_of(friend, course) == "editor"


def test_nobody_is_added_twice_or_as_an_owner(owner, course, trainee):
    on(course, trainee)
    again = owner.post(PAGE, {"email": trainee.email, "role": "reviewer"})
    assert again.status_code == 409
    assert "Rosa Delgado works on this course already." in again.content.decode()
    assert role_of(trainee, course) == "editor"
    with pytest.raises(InvalidInput, match="Ownership is handed over"):
        peopling.add_person(course=course, person=UserFactory(), role="owner", actor=trainee)


def test_a_role_is_changed_and_told_once(owner, course, trainee):
    on(course, trainee)
    for _again in range(2):
        owner.post(f"{PAGE}{trainee.uuid}/role/", {"role": "reviewer"})
    assert role_of(trainee, course) == "reviewer"
    assert Notice.objects.filter(person=trainee).count() == 1


@pytest.mark.parametrize("role", ["owner", "king", ""])
def test_a_role_that_nobody_is_given_is_refused_beside_the_person(owner, course, trainee, role):
    on(course, trainee)
    answer = owner.post(f"{PAGE}{trainee.uuid}/role/", {"role": role})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count("Choose editor or reviewer. Ownership is handed over.") == 2, "at the top and in the row"
    assert 'aria-describedby="refused"' in page
    assert role_of(trainee, course) == "editor"


def test_who_is_taken_off_comes_back_by_undo_and_gets_no_mail_about_having_left(owner, course, trainee, mailoutbox):
    on(course, trainee, "reviewer")
    answer = owner.post(f"{PAGE}{trainee.uuid}/remove/")
    assert role_of(trainee, course) == ""
    page = owner.get(answer["Location"])
    assert "Rosa Delgado no longer works on this course." in page.content.decode()
    owner.post(f"{PAGE}back/", {"removed": page.context["undo"]})
    assert role_of(trainee, course) == "reviewer"
    send_waiting_mail()
    [mail] = mailoutbox
    assert "You no longer work" not in mail.body


def test_undo_brings_back_nobody_else(owner, course, trainee, instructor, stranger):
    elsewhere = draft_course(slug="other", owner=instructor)
    on(elsewhere, trainee)
    answer = owner.post(f"/author/courses/other/people/{trainee.uuid}/remove/")
    token = owner.get(answer["Location"]).context["undo"]
    for wrong in (token, "", "made-up"):
        owner.post(f"{PAGE}back/", {"removed": wrong})
    assert role_of(trainee, course) == ""


def test_the_last_owner_can_neither_leave_nor_be_taken_off_nor_be_made_less(owner, course, instructor):
    row = CourseEditor.objects.get(course=course)
    leaving = owner.post(f"{PAGE}leave/")
    assert leaving.status_code == 422
    assert "A course needs an owner. Hand it over first." in leaving.content.decode()
    refused = owner.post(f"{PAGE}{instructor.uuid}/remove/")
    assert (refused.status_code, "A course needs an owner" in refused.content.decode()) == (422, True)
    with pytest.raises(InvalidInput):
        peopling.change_role(editor=row, role="editor", actor=instructor)
    assert role_of(instructor, course) == "owner"


def test_one_leaves_oneself_and_is_not_told_what_one_did(course, trainee, client_of):
    on(course, trainee)
    answer = client_of(trainee).post(f"{PAGE}leave/")
    assert answer["Location"] == "/home/"
    assert role_of(trainee, course) == ""
    assert not Notice.objects.filter(person=trainee).exists()


def test_a_course_is_handed_over_and_its_old_owner_stays_an_editor(owner, course, trainee, instructor):
    on(course, trainee)
    url = f"{PAGE}{trainee.uuid}/owner/"
    asked = owner.get(url).content.decode()
    assert "Hand the course over to Rosa Delgado?" in asked
    assert role_of(trainee, course) == "editor"
    owner.post(url)
    assert (role_of(trainee, course), role_of(instructor, course)) == ("owner", "editor")
    assert Notice.objects.get(person=trainee).title == "You own “Lending step by step” now"
    assert owner.post(f"{PAGE}{trainee.uuid}/remove/").status_code == 403


def test_nobody_hands_over_to_who_cannot_sign_in(owner, course, trainee):
    on(course, trainee)
    trainee.is_active = False
    trainee.save()
    assert owner.post(f"{PAGE}{trainee.uuid}/owner/").status_code == 422


def test_a_manager_who_hands_over_tells_both(course, instructor, manager, trainee, client_of):
    on(course, trainee)
    client_of(manager).post(f"{PAGE}{trainee.uuid}/owner/")
    assert {notice.person: notice.title.partition(" “")[0] for notice in Notice.objects.all()} == {
        trainee: "You own",
        instructor: "You are an editor of",
    }


def test_a_manager_gives_a_course_whose_owner_left_to_somebody_else(course, instructor, manager, trainee, client_of):
    instructor.is_active = False
    instructor.save()
    client = client_of(manager)
    page = client.get(PAGE).content.decode()
    assert "can no longer sign in" in page
    assert reverse("courses:author_editions", args=["lending"]) not in page
    client.post(PAGE, {"email": trainee.email, "role": "editor"})
    client.post(f"{PAGE}{trainee.uuid}/owner/")
    assert role_of(trainee, course) == "owner"
    assert client.get("/author/courses/lending/").status_code in (403, 404)


def test_editors_and_reviewers_look_and_do_not_arrange(course, trainee, supervisor, client_of):
    on(course, trainee), on(course, supervisor, "reviewer")
    for person in (trainee, supervisor):
        client = client_of(person)
        page = client.get(PAGE).content.decode()
        assert "Hana Whitcomb" in page
        assert "Add a person" not in page
        assert client.post(PAGE, {"email": "a@example.org", "role": "editor"}).status_code == 403
        assert client.post(f"{PAGE}{person.uuid}/role/", {"role": "editor"}).status_code == 403
        assert client.post(f"{PAGE}{person.uuid}/remove/").status_code == 403


def test_a_reviewer_who_leaves_is_no_longer_waited_for(course, instructor, trainee):
    row = on(course, trainee, "reviewer")
    edition = publish_preview(course=course, actor=instructor)
    review = Review.objects.create(course=course, edition=edition, asked_by=instructor)
    ReviewVerdict.objects.create(review=review, person=trainee)
    peopling.take_off(editor=row, actor=instructor)
    assert not review.verdicts.exists()


def test_who_was_taken_off_meanwhile_is_a_conflict(course, instructor, trainee):
    row = on(course, trainee)
    CourseEditor.objects.filter(pk=row.pk).delete()
    with pytest.raises(Conflict):
        peopling.change_role(editor=row, role="reviewer", actor=instructor)
    with pytest.raises(Conflict):
        peopling.hand_over(course=course, to=row, actor=instructor)


def test_many_people_are_searched_and_cost_the_same(owner, course):
    def page() -> None:
        assert owner.get(PAGE).status_code == 200

    on(course, UserFactory(name="Amara Finch"))
    page()
    few = count_statements(page)
    for _each in range(20):
        on(course, UserFactory(), "reviewer")
    assert count_statements(page) == few
    found = owner.get(PAGE, {"q": "finch"}).content.decode()
    assert "Amara Finch" in found
    assert "1 person" in found
