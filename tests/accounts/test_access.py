"""Row rule and list rule agree for every persona."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from accounts import access
from accounts.models import Invitation, JoinCode, Membership, Team, User
from accounts.services.people import add_member
from tests.factories.accounts import InvitationFactory, JoinCodeFactory, TeamFactory, UserFactory
from tests.support import count_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def everyone(trainee, supervisor, instructor, manager, stranger, site_admin):
    return {
        "trainee": trainee,
        "supervisor": supervisor,
        "instructor": instructor,
        "manager": manager,
        "stranger": stranger,
        "site_admin": site_admin,
    }


SEES = {
    "trainee": {"trainee"},
    "supervisor": {"supervisor", "trainee"},
    "instructor": {"instructor"},
    "manager": {"manager", "trainee", "supervisor", "instructor"},
    "stranger": {"stranger"},
    "site_admin": {"trainee", "supervisor", "instructor", "manager", "stranger", "site_admin"},
}


@pytest.mark.parametrize("who", SEES)
def test_a_record_is_seen_by_its_owner_their_supervisors_and_managers(everyone, who):
    seen = set(User.objects.visible_to(everyone[who]))
    assert seen == {everyone[name] for name in SEES[who]}
    for name, person in everyone.items():
        if name in SEES[who]:
            assert access.person_for(everyone[who], person.uuid) == person
        else:
            with pytest.raises(Http404):
                access.person_for(everyone[who], person.uuid)


def test_a_visitor_sees_nobody(everyone, team):
    nobody = AnonymousUser()
    InvitationFactory()
    JoinCodeFactory()
    for model in (User, Team, Invitation, JoinCode):
        assert not model.objects.visible_to(nobody).exists()
    assert access.organisation_of(nobody) is None
    assert access.roles_of(nobody) == access.Roles()


def test_a_manager_elsewhere_sees_nobody_here(everyone):
    Membership.objects.filter(person=everyone["stranger"]).update(is_manager=True)
    assert set(User.objects.visible_to(everyone["stranger"])) == {everyone["stranger"]}


@pytest.mark.parametrize(
    ("who", "leads", "manages", "instructs"),
    [
        ("trainee", False, False, False),
        ("supervisor", True, False, False),
        ("instructor", False, False, True),
        ("manager", False, True, False),
        ("stranger", False, False, False),
        ("site_admin", False, True, True),
    ],
)
def test_roles_come_in_one_query(everyone, who, leads, manages, instructs):
    user = User.objects.get(pk=everyone[who].pk)

    def ask():
        return access.leads_any_team(user), access.manages_any(user), access.is_instructor(user)

    assert count_queries(ask) == 1
    assert ask() == (leads, manages, instructs)


def test_teams_are_reached_by_those_who_lead_or_manage_them(everyone, team):
    other = TeamFactory()
    for who, teams in {"supervisor": {team}, "manager": {team}, "trainee": set(), "site_admin": {team, other}}.items():
        assert set(Team.objects.visible_to(everyone[who])) == teams
    assert access.team_for(everyone["supervisor"], team.pk) == team
    with pytest.raises(Http404):
        access.team_for(everyone["supervisor"], other.pk)


def test_new_roles_show_on_the_same_instance_after_a_service(library):
    person = UserFactory()
    assert not access.is_instructor(person)
    add_member(person=person, organisation=library, is_instructor=True)
    assert access.is_instructor(person)
