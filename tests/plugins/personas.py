"""The people every test can ask for, wired: trainee and supervisor share a team of the library.

Each is a saved ``User``; ``client_of(user)`` gives a signed-in client.
"""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Organisation, Team, User
from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
    TeamFactory,
    TeamMembershipFactory,
    UserFactory,
)


@pytest.fixture
def library(db) -> Organisation:
    """Riverbend University Library, in Chicago's zone."""
    return OrganisationFactory(name="Riverbend University Library", slug="riverbend", time_zone="America/Chicago")


@pytest.fixture
def team(library: Organisation) -> Team:
    return TeamFactory(organisation=library, name="Borrowing desk")


@pytest.fixture
def trainee(library: Organisation, team: Team) -> User:
    person = UserFactory(email="rosa.delgado@example.org", name="Rosa Delgado")
    MembershipFactory(person=person, organisation=library)
    TeamMembershipFactory(person=person, team=team)
    return person


@pytest.fixture
def supervisor(library: Organisation, team: Team) -> User:
    person = UserFactory(email="marcus.oyelaran@example.org", name="Marcus Oyelaran")
    MembershipFactory(person=person, organisation=library)
    TeamMembershipFactory(person=person, team=team, supervisor=True)
    return person


@pytest.fixture
def instructor(library: Organisation) -> User:
    person = UserFactory(email="hana.whitcomb@example.org", name="Hana Whitcomb")
    MembershipFactory(person=person, organisation=library, instructor=True)
    return person


@pytest.fixture
def manager(library: Organisation) -> User:
    person = UserFactory(email="gwen.adeyemi@example.org", name="Gwen Adeyemi")
    MembershipFactory(person=person, organisation=library, manager=True)
    return person


@pytest.fixture
def stranger(db) -> User:
    """Somebody of another library."""
    person = UserFactory(email="tomasz.lind@example.org", name="Tomasz Lind")
    MembershipFactory(person=person, organisation__name="Elsewhere Public Library", organisation__slug="elsewhere")
    return person


@pytest.fixture
def site_admin(db) -> User:
    return UserFactory(email="admin@example.org", name="Site Admin", admin=True)


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A new client, signed in as the person given."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="accounts.backends.PasswordBackend")
        return client

    return sign_in
