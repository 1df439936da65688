"""``/api/v1/me/``, ``people/``, ``teams/``."""

import pytest

from tests.factories.accounts import MembershipFactory, TeamFactory, TeamMembershipFactory
from tests.support import count_queries

pytestmark = pytest.mark.django_db


def test_me_says_who_is_asking(client_of, trainee, client):
    body = client_of(trainee).get("/api/v1/me/").json()
    assert (body["email"], body["teams"][0]["team"]) == (trainee.email, "Borrowing desk")
    assert body["organisations"] == [
        {"organisation": "riverbend", "is_primary": True, "is_manager": False, "is_instructor": False}
    ]
    assert client.get("/api/v1/me/").status_code in (401, 403)


def test_me_changes_settings_and_refuses_nonsense_as_a_problem(client_of, trainee):
    client = client_of(trainee)

    def change(**values):
        return client.patch("/api/v1/me/", values, content_type="application/json")

    assert change(name="Rosa M. Delgado", time_zone="Asia/Tokyo").json()["time_zone"] == "Asia/Tokyo"
    for wrong in ({"time_zone": "Mars"}, {"name": ""}, {"theme": "pink"}, {"language": "xx"}):
        response = change(**wrong)
        assert response.status_code == 422
        assert response["Content-Type"] == "application/problem+json"
        assert list(response.json()["errors"]) == list(wrong)
    change(email="other@example.org", is_superuser=True)
    trainee.refresh_from_db()
    assert (trainee.name, trainee.email, trainee.is_superuser) == (
        "Rosa M. Delgado",
        "rosa.delgado@example.org",
        False,
    )


def test_people_lists_whose_record_one_may_open(client_of, trainee, supervisor, manager, stranger):
    def names(person, query=""):
        return [row["name"] for row in client_of(person).get(f"/api/v1/people/{query}").json()["results"]]

    assert names(trainee) == ["Rosa Delgado"]
    assert names(supervisor) == ["Marcus Oyelaran", "Rosa Delgado"]
    assert names(stranger) == ["Tomasz Lind"]
    assert names(manager) == ["Gwen Adeyemi", "Marcus Oyelaran", "Rosa Delgado"]
    assert names(manager, f"?team={trainee.team_memberships.get().team_id}") == ["Marcus Oyelaran", "Rosa Delgado"]
    assert client_of(supervisor).get(f"/api/v1/people/{trainee.uuid}/").status_code == 200
    assert client_of(stranger).get(f"/api/v1/people/{trainee.uuid}/").status_code == 404


def test_teams_lists_those_one_leads_or_manages(client_of, supervisor, trainee, team):
    TeamFactory()
    assert [row["id"] for row in client_of(supervisor).get("/api/v1/teams/").json()["results"]] == [team.pk]
    assert client_of(trainee).get("/api/v1/teams/").json()["results"] == []


@pytest.mark.parametrize("path", ["people/", "teams/", "me/"])
def test_queries_do_not_grow(client_of, manager, library, path):
    client = client_of(manager)
    few = count_queries(lambda: client.get(f"/api/v1/{path}"))
    for _number in range(5):
        TeamMembershipFactory(person=MembershipFactory(organisation=library).person, team__organisation=library)
        MembershipFactory(person=manager, secondary=True)
        TeamMembershipFactory(person=manager)
    assert count_queries(lambda: client.get(f"/api/v1/{path}")) <= few + 1
