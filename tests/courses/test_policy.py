"""What a library asks for before it publishes: set by its managers on one page, with its courses beside it."""

import pytest

from courses.models import Course, ReviewPolicy
from tests.factories.accounts import MembershipFactory
from tests.factories.courses import draft_course
from tests.support import count_statements

pytestmark = pytest.mark.django_db
PAGE = "/organisation/riverbend/reviewing/"


@pytest.fixture
def desk(manager, client_of):
    return client_of(manager)


def test_a_policy_is_kept_and_shown_again(desk, library, trainee):
    given = {"approvals": "2", "required": "ROSA.DELGADO@example.org", "review_months": "18"}
    assert desk.post(PAGE, given)["Location"] == PAGE
    policy = ReviewPolicy.objects.get(organisation=library)
    assert (policy.approvals, policy.review_months, list(policy.required.all())) == (2, 18, [trainee])
    page = desk.get(PAGE).content.decode()
    assert 'value="18"' in page
    assert "rosa.delgado@example.org" in page
    desk.post(PAGE, {"approvals": "0", "required": "", "review_months": "0"})
    policy.refresh_from_db()
    assert (policy.approvals, policy.review_months, policy.required.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"approvals": "10"}, "less than or equal to 9"),
        ({"approvals": "-1"}, "greater than or equal to 0"),
        ({"review_months": "1000"}, "less than or equal to 120"),
        ({"required": "tomasz.lind@example.org"}, "Not in your library: tomasz.lind@example.org"),
        ({"required": "nobody@example.org"}, "Not in your library: nobody@example.org"),
        ({"required": " ".join(f"p{number}@example.org" for number in range(21))}, "At most 20 people."),
    ],
)
def test_what_makes_no_sense_is_said_beside_the_field_and_kept(desk, stranger, given, said):
    answer = desk.post(PAGE, {"approvals": "1", "required": "", "review_months": "12", **given})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert next(iter(given.values())) in page
    assert not ReviewPolicy.objects.exists()


def test_the_section_bar_of_the_library_leads_there(desk):
    assert f'href="{PAGE}"' in desk.get("/organisation/").content.decode()


def test_its_courses_stand_there_with_owner_and_day(desk, instructor, library):
    late = draft_course(slug="late", title="Late one", owner=instructor, organisation=library)
    Course.objects.filter(pk=late.pk).update(review_by="2020-01-31")
    draft_course(slug="fine", title="Fine one", organisation=library)
    draft_course(slug="theirs", title="Somebody else’s", owner=instructor)
    page = desk.get(PAGE).content.decode()
    assert "Stale since" in page
    assert "Hana Whitcomb" in page
    assert "nobody" in page
    assert "Somebody else’s" not in page
    only = desk.get(PAGE, {"stale": "1"}).content.decode()
    assert ("Late one" in only, "Fine one" in only) == (True, False)
    found = desk.get(PAGE, {"q": "fine"}).content.decode()
    assert ("Late one" in found, "Fine one" in found) == (False, True)


def test_the_list_costs_the_same_however_long(desk, library):
    def page() -> None:
        assert desk.get(PAGE).status_code == 200

    draft_course(owner=MembershipFactory(organisation=library).person, organisation=library)
    page()
    few = count_statements(page)
    for _each in range(8):
        draft_course(owner=MembershipFactory(organisation=library).person, organisation=library)
    assert count_statements(page) == few
