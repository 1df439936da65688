"""Assignments and obligations by API: the rules of the pages, as JSON."""

import pytest
from rest_framework.test import APIClient

from accounts.models import Notice
from progress.models import Assignment, Obligation
from tests.factories.accounts import MembershipFactory, TeamFactory, TeamMembershipFactory, UserFactory
from tests.factories.courses import publish_course
from tests.factories.progress_assigning import assign_course, complete, in_days, obligation_of
from tests.support import count_queries

pytestmark = pytest.mark.django_db

ASSIGNMENTS, OBLIGATIONS = "/api/v1/assignments/", "/api/v1/obligations/"


@pytest.fixture
def course():
    return publish_course(slug="ill-borrowing-101", title="ILL Borrowing 101")


def api(user=None):
    client = APIClient()
    if user is not None:
        client.force_authenticate(user)
    return client


def given(course, **fields):
    return {"course": course.slug, "due_on": in_days(7).isoformat(), **fields}


def test_a_supervisor_assigns_moves_takes_back_and_undoes(supervisor, trainee, team, course):
    client = api(supervisor)
    made = client.post(ASSIGNMENTS, given(course, teams=[team.pk], note="Please."), format="json")
    assert made.status_code == 201
    assert made.data["course"] == course.slug
    assert made.data["teams"] == [team.pk]
    address = f"{ASSIGNMENTS}{made.data['id']}/"
    moved = client.patch(address, {"due_on": in_days(20).isoformat()}, format="json")
    assert moved.data["due_on"] == in_days(20).isoformat()
    assert client.post(f"{address}withdraw/").data["withdrawn_at"]
    assert client.post(f"{address}restore/").data["withdrawn_at"] is None
    assert obligation_of(trainee).due_on == in_days(20)


def test_the_same_request_key_assigns_once(supervisor, trainee, team, course):
    body = given(course, people=[str(trainee.uuid)], request_key="once")
    ids = {api(supervisor).post(ASSIGNMENTS, body, format="json").data["id"] for _ in range(2)}
    assert len(ids) == Assignment.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"due_on": "2020-01-01"}, "due_on"),
        ({"due_on": None}, "due_on"),
        ({"due_kind": "days"}, "days"),
        ({"due_kind": "sometime"}, "due_kind"),
        ({"course": "none"}, "course"),
        ({"people": ["no-uuid"]}, "people"),
        ({"people": []}, "people"),
        ({"teams": [999999]}, "teams"),
        ({"note": "x" * 301}, "note"),
    ],
)
def test_invalid_input_is_a_problem_with_the_field(supervisor, trainee, course, change, field):
    body = given(course, people=[str(trainee.uuid)])
    refused = api(supervisor).post(ASSIGNMENTS, {**body, **change}, format="json")
    assert refused.status_code == 422
    assert field in refused.data["errors"]
    assert not Assignment.objects.exists()
    assert api(supervisor).post(ASSIGNMENTS, body, format="json").status_code == 201


def test_who_may_what(supervisor, manager, trainee, stranger, team, course):
    assignment = assign_course(course=course, actor=supervisor, teams=[team])
    address = f"{ASSIGNMENTS}{assignment.pk}/"
    assert api().get(ASSIGNMENTS).status_code in (401, 403)
    for person, seen in ((supervisor, 200), (manager, 200), (trainee, 200), (stranger, 404)):
        assert api(person).get(address).status_code == seen
    for person, allowed in ((trainee, 403), (stranger, 404)):
        assert api(person).patch(address, {"due_on": in_days(30).isoformat()}, format="json").status_code == allowed
        assert api(person).post(f"{address}withdraw/").status_code == allowed
        assert api(person).post(f"{address}restore/").status_code == allowed
        assert (
            api(person).post(ASSIGNMENTS, given(course, people=[str(trainee.uuid)]), format="json").status_code == 403
        )
    assignment.refresh_from_db()
    assert assignment.withdrawn_at is None
    assert api(trainee).get(address).data["teams"] == []


def test_nobody_out_of_sight_can_be_named(supervisor, stranger, trainee, course):
    foreign = TeamFactory()
    client = api(supervisor)
    assert client.post(ASSIGNMENTS, given(course, people=[str(stranger.uuid)]), format="json").status_code == 422
    assert client.post(ASSIGNMENTS, given(course, teams=[foreign.pk]), format="json").status_code == 422


def test_obligations_say_who_owes_what(supervisor, trainee, stranger, team, course):
    other = publish_course()
    assign_course(course=course, actor=supervisor, teams=[team], due_on=in_days(5))
    assign_course(course=other, actor=supervisor, teams=[team], due_on=in_days(6))
    complete(trainee, other)
    rows = api(supervisor).get(OBLIGATIONS).data["results"]
    assert [(row["course"], row["state"]) for row in rows] == [(course.slug, "open"), (other.slug, "done")]
    assert api(supervisor).get(OBLIGATIONS, {"done": "true"}).data["count"] == 1
    assert api(supervisor).get(OBLIGATIONS, {"person": str(trainee.uuid), "course": course.slug}).data["count"] == 1
    assert api(trainee).get(OBLIGATIONS).data["count"] == 2
    assert api(stranger).get(OBLIGATIONS).data["count"] == 0


def test_an_extension_and_an_excuse(supervisor, trainee, team, course):
    assign_course(course=course, actor=supervisor, teams=[team], due_on=in_days(5))
    row = obligation_of(trainee)
    address = f"{OBLIGATIONS}{row.pk}/"
    assert api(trainee).post(f"{address}extend/", {"due_on": in_days(30).isoformat()}, format="json").status_code == 403
    assert api(trainee).post(f"{address}excuse/").status_code == 403
    assert (
        api(supervisor).post(f"{address}extend/", {"due_on": in_days(-1).isoformat()}, format="json").status_code == 422
    )
    longer = api(supervisor).post(
        f"{address}extend/", {"due_on": in_days(30).isoformat(), "reason": "Leave"}, format="json"
    )
    assert (longer.data["due_source"], longer.data["due_note"]) == ("extension", "Leave")
    assert api(supervisor).post(f"{address}excuse/").data["state"] == "withdrawn"
    again = api(supervisor).post(f"{address}extend/", {"due_on": in_days(40).isoformat()}, format="json")
    assert again.status_code == 409
    assert Notice.objects.filter(person=trainee, kind="date_moved").count() == 1


@pytest.mark.parametrize("address", [ASSIGNMENTS, OBLIGATIONS])
def test_statements_do_not_grow_with_rows(supervisor, team, course, address):
    def fill(number):
        for _ in range(number):
            person = UserFactory()
            MembershipFactory(person=person, organisation=team.organisation)
            TeamMembershipFactory(person=person, team=team)
            assign_course(course=publish_course(), actor=supervisor, teams=[team])

    fill(2)
    few = count_queries(lambda: api(supervisor).get(address))
    fill(6)
    assert count_queries(lambda: api(supervisor).get(address)) == few
    assert Obligation.objects.count() > 20
