"""Authors lend each other cases: who finds which, what taking one makes of it, and what withdrawing leaves."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Consortium, Organisation, User
from core.errors import InvalidInput
from courses.models import Course, CourseEditor, LessonText
from quizzes.case_access import may_withdraw
from quizzes.models import PracticeRun, SharedCase
from quizzes.services.case_drafting import digest, save_case
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.practice import LESSON, errands, publish_practice, share
from tests.quizzes.engines.test_contract import SHIPPED
from tests.support import count_queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_engines")]
HERE = "/author/cases/"
SHARE = f"/author/courses/desk-course/practice/{LESSON}/cases/case-1/share/"


@pytest.fixture
def course(instructor: User, library: Organisation) -> Course:
    cases = [errands(brief="Two errands before noon.", back_to={"all": "x/y"}), errands("case-2", "borrow", "recall")]
    return publish_practice(slug="desk-course", owner=instructor, organisation=library, cases=cases)


@pytest.fixture
def hana(instructor: User, course: Course, client_of: Callable[[User], Client]) -> Client:
    return client_of(instructor)


@pytest.fixture
def neighbour(db) -> User:
    """An instructor of another library, with a practice lesson of their own."""
    person = UserFactory(email="sam.whitehorse@example.org", name="Sam Whitehorse")
    elsewhere = OrganisationFactory(name="Alder Valley University", slug="alder-valley")
    MembershipFactory(person=person, organisation=elsewhere, instructor=True)
    publish_practice(slug="valley-course", owner=person, organisation=elsewhere, cases=[errands("own-1")])
    return person


def terms(**more: Any) -> dict[str, Any]:
    said = {"credit": "Hana Whitcomb", "licence": "CC-BY-4.0", "topic": "borrowing", "audience": "public"}
    return said | more


def shared(course: Course, number: int = 1, **more: Any) -> SharedCase:
    return share(course, f"e-{number}", title=f"Errands {number}", words=f"Errands {number}", **more)


def cases_of(slug: str) -> list[dict[str, Any]]:
    return LessonText.objects.get(lesson__course__slug=slug, lesson__uid=LESSON).content["cases"]


# --- sharing


def test_a_case_is_shared_with_licence_and_credit_as_it_stands(hana, course, instructor):
    assert "Hana Whitcomb" in hana.get(SHARE).content.decode()
    answer = hana.post(SHARE, terms())
    found = SharedCase.objects.get()
    assert answer["Location"] == f"{HERE}{found.pk}/"
    assert (found.title, found.credit, found.licence) == ("Errands of case-1", "Hana Whitcomb", "CC-BY-4.0")
    assert (found.organisation, found.shared_by) == (course.organisation, instructor)
    assert found.content["back_to"] == {"all": "x/y"}
    text = LessonText.objects.get(lesson__course=course, lesson__uid=LESSON)
    text.content["cases"][0]["title"] = "Changed since"
    text.save()
    found.refresh_from_db()
    assert found.content["title"] == "Errands of case-1"


def test_the_topic_that_is_offered_first_is_that_of_the_side_of_the_desk(instructor, client_of):
    lend = next(case for _engine, case in SHIPPED if case["uid"] == "lend-not-on-shelf")
    publish_practice(slug="lending-course", owner=instructor, engine="workflow", cases=[lend])
    page = client_of(instructor).get(f"/author/courses/lending-course/practice/{LESSON}/cases/{lend['uid']}/share/")
    assert page.context["form"].initial["topic"] == "lending"


def test_sharing_again_shares_what_it_says_then_under_the_same_name(hana, course):
    hana.post(SHARE, terms())
    first = SharedCase.objects.get()
    hana.post(f"{HERE}{first.pk}/withdraw/")
    hana.post(SHARE, terms(licence="CC0"))
    again = SharedCase.objects.get()
    assert (again.uid, again.licence, again.withdrawn_at) == (first.uid, "CC0", None)


def test_what_does_not_work_is_not_shared(hana, course):
    text = LessonText.objects.get(lesson__course=course, lesson__uid=LESSON)
    text.content["cases"][0]["errands"] = ["lend"]
    text.save()
    answer = hana.post(SHARE, terms())
    assert answer.status_code == 422
    assert "what is shared must work" in answer.content.decode()
    assert hana.post(SHARE, terms(audience="nobody")).status_code == 422
    assert not SharedCase.objects.exists()


# --- who finds which


@pytest.mark.parametrize(
    ("audience", "finds"),
    [("organisation", {"owner", "colleague"}), ("shared", {"owner", "colleague", "consortium"}),
     ("public", {"owner", "colleague", "consortium", "neighbour"})],
)  # fmt: skip
def test_an_audience_finds_what_it_was_shared_with_and_list_and_row_agree(
    course, instructor, library, neighbour, trainee, client_of, audience, finds
):
    library.consortium = Consortium.objects.create(name="Northern Lakes", slug="northern-lakes")
    library.save()
    sister = OrganisationFactory(consortium=library.consortium)
    people = {
        "owner": instructor,
        "colleague": MembershipFactory(organisation=library, instructor=True).person,
        "consortium": MembershipFactory(organisation=sister, instructor=True).person,
        "neighbour": neighbour,
        "trainee": trainee,
    }
    case = shared(course, audience=audience)
    assert {who for who, person in people.items() if case in SharedCase.objects.visible_to(person)} == finds
    for who, person in people.items():
        wanted = 200 if who in finds else 403 if who == "trainee" else 404
        assert client_of(person).get(f"{HERE}{case.pk}/").status_code == wanted


def test_only_those_who_write_the_course_withdraw_and_a_withdrawn_case_is_found_by_them_only(
    hana, course, instructor, neighbour, client_of
):
    case = shared(course)
    other = client_of(neighbour)
    assert other.post(f"{HERE}{case.pk}/withdraw/").status_code == 403
    assert hana.post(f"{HERE}{case.pk}/withdraw/").status_code == 302
    assert other.get(f"{HERE}{case.pk}/").status_code == 404
    assert "Withdrawn" in hana.get(f"{HERE}{case.pk}/").content.decode()
    assert hana.get(HERE).context["page"].paginator.count == 0
    reviewer = UserFactory()
    CourseEditor.objects.create(course=course, person=reviewer, role=CourseEditor.Role.REVIEWER)
    assert not may_withdraw(reviewer, case)
    assert may_withdraw(instructor, case)


def test_shared_cases_are_searched_filtered_sorted_and_paged(hana, course):
    for number in range(1, 24):
        shared(course, number, level="basic" if number < 3 else "working", topic="care" if number == 5 else "borrowing")

    def found(query: str) -> list[str]:
        return [each.title for each in hana.get(f"{HERE}?{query}").context["page"]]

    assert len(found("")) == 20
    assert len(found("page=2")) == 3
    assert found("q=errands+23") == ["Errands 23"]
    assert found("topic=care") == ["Errands 5"]
    assert found("level=basic&sort=title") == ["Errands 1", "Errands 2"]
    assert len(found("engine=errands&level=nonsense&sort=nonsense")) == 20
    assert found("engine=sums") == []
    assert "No shared case is like that" in hana.get(f"{HERE}?q=zebra").content.decode()


def test_nobody_has_shared_anything_says_how_to(hana):
    assert "Nobody has shared a case with you yet" in hana.get(HERE).content.decode()


def test_the_library_costs_the_same_for_two_cases_and_for_twenty(hana, course):
    shared(course, 1)
    shared(course, 2)
    few = count_queries(lambda: hana.get(HERE))
    for number in range(3, 21):
        shared(course, number)
    assert count_queries(lambda: hana.get(HERE)) == few <= 8


# --- taking


def test_a_taken_case_has_a_uid_of_its_own_names_its_origin_and_changes_on_its_own(course, neighbour, client_of, hana):
    hana.post(SHARE, terms())
    case = SharedCase.objects.get()
    sam = client_of(neighbour)
    [option] = sam.get(f"{HERE}{case.pk}/").context["form"].fields["lesson"].choices
    answer = sam.post(f"{HERE}{case.pk}/take/", {"lesson": option[0]})
    assert answer["Location"].startswith(f"/author/courses/valley-course/practice/{LESSON}/cases/errands-of-case-1/")
    taken = cases_of("valley-course")[-1]
    assert taken["credit"] == "After “Errands of case-1” by Hana Whitcomb"
    assert taken["forked_from"] == case.uid
    hana.post(f"{HERE}{case.pk}/withdraw/")
    assert cases_of("valley-course")[-1] == taken


def test_a_taken_case_goes_on_naming_whom_it_is_from_however_it_is_changed(course, neighbour, client_of, hana):
    hana.post(SHARE, terms())
    shared_one = SharedCase.objects.get()
    text = LessonText.objects.get(lesson__course__slug="valley-course", lesson__uid=LESSON)
    client_of(neighbour).post(f"{HERE}{shared_one.pk}/take/", {"lesson": text.pk})
    taken = cases_of("valley-course")[-1]

    def change(**values: object) -> dict:
        case = {name: value for name, value in {**taken, **values}.items() if value}
        said = {"course": text.lesson.course, "text": text, "was": taken["uid"], "seen": digest(taken)}
        return save_case(case=case, actor=neighbour, **said)

    with pytest.raises(InvalidInput) as refused:
        change(credit="Sam Whitehorse", forked_from="")
    assert "Hana Whitcomb" in refused.value.fields["credit"]
    kept = change(credit="Sam Whitehorse, after Hana Whitcomb", forked_from="", title="Mine")
    assert (kept["title"], kept["forked_from"]) == ("Mine", shared_one.uid)


def test_a_fork_shared_again_knows_what_it_came_of_and_names_both(course, neighbour, client_of, hana):
    hana.post(SHARE, terms())
    first = SharedCase.objects.get()
    sam = client_of(neighbour)
    lesson = LessonText.objects.get(lesson__course__slug="valley-course", lesson__uid=LESSON)
    sam.post(f"{HERE}{first.pk}/take/", {"lesson": lesson.pk})
    sam.post(
        f"/author/courses/valley-course/practice/{LESSON}/cases/errands-of-case-1/share/",
        terms(credit="Sam Whitehorse"),
    )
    second = SharedCase.objects.exclude(pk=first.pk).get()
    assert second.forked_from == first
    own = LessonText.objects.get(lesson__course=course, lesson__uid=LESSON)
    hana.post(f"{HERE}{second.pk}/take/", {"lesson": own.pk})
    credit = "After “Errands of case-1” by Sam Whitehorse; After “Errands of case-1” by Hana Whitcomb"
    assert cases_of("desk-course")[-1]["credit"] == credit


def test_a_case_goes_into_no_lesson_that_one_does_not_write_or_that_practises_something_else(
    course, neighbour, client_of
):
    case = shared(course)
    publish_practice(
        slug="sums-course", owner=neighbour, engine="sums", cases=[{"uid": "s", "title": "S", "a": 1, "b": 2}]
    )
    sam = client_of(neighbour)
    for wrong in (
        LessonText.objects.get(lesson__course=course),
        LessonText.objects.get(lesson__course__slug="sums-course"),
    ):
        assert sam.post(f"{HERE}{case.pk}/take/", {"lesson": wrong.pk}).status_code == 422
    case.withdrawn_at = timezone.now()
    case.save()
    assert sam.post(f"{HERE}{case.pk}/take/", {"lesson": 1}).status_code == 404


def test_a_shared_case_is_played_and_never_counted(course, neighbour, client_of):
    case = shared(course)
    sam = client_of(neighbour)
    answer = sam.post(f"{HERE}{case.pk}/play/")
    run = PracticeRun.objects.get(learner=neighbour)
    assert run.purpose == PracticeRun.Purpose.PREVIEW
    assert f'href="{HERE}{case.pk}/"' in sam.get(answer["Location"]).content.decode()
