"""The smallest valid people, libraries and teams; states are traits."""

import datetime as dt

import factory
from allauth.account.models import EmailAddress
from factory.django import DjangoModelFactory

from accounts.models import (
    Consortium,
    Invitation,
    JoinCode,
    Membership,
    Notice,
    Organisation,
    Team,
    TeamMembership,
    User,
)
from accounts.services import inviting
from core import clock

PASSWORD = "correct horse battery"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")

    @classmethod
    def _create(cls, model_class, *args, password=PASSWORD, **kwargs):
        person = model_class.objects.create_user(*args, password=password, **kwargs)
        EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
        return person

    class Params:
        admin = factory.Trait(is_staff=True, is_superuser=True)


class ConsortiumFactory(DjangoModelFactory):
    class Meta:
        model = Consortium

    name = factory.Sequence(lambda n: f"Consortium {n}")
    slug = factory.Sequence(lambda n: f"consortium-{n}")


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Library {n}")
    slug = factory.Sequence(lambda n: f"library-{n}")


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    person = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)

    class Params:
        manager = factory.Trait(is_manager=True)
        instructor = factory.Trait(is_instructor=True)
        secondary = factory.Trait(is_primary=False)


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = Team

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Team {n}")


class TeamMembershipFactory(DjangoModelFactory):
    class Meta:
        model = TeamMembership

    team = factory.SubFactory(TeamFactory)
    person = factory.SubFactory(UserFactory)

    class Params:
        supervisor = factory.Trait(role=TeamMembership.Role.SUPERVISOR)


class InvitationFactory(DjangoModelFactory):
    """An open invitation whose link is ``/invitations/<token_of(invitation)>/``."""

    class Meta:
        model = Invitation

    organisation = factory.SubFactory(OrganisationFactory)
    email = factory.Sequence(lambda n: f"invited{n}@example.org")
    invited_by = factory.SubFactory(UserFactory)
    expires_at = factory.LazyFunction(lambda: clock.now() + dt.timedelta(days=14))
    token_hash = factory.LazyAttribute(
        lambda row: inviting.hash_of(
            inviting.token_of(Invitation(organisation=row.organisation, email=row.email, expires_at=row.expires_at))
        )
    )

    class Params:
        expired = factory.Trait(expires_at=factory.LazyFunction(lambda: clock.now() - dt.timedelta(minutes=1)))
        withdrawn = factory.Trait(withdrawn_at=factory.LazyFunction(clock.now))


class JoinCodeFactory(DjangoModelFactory):
    class Meta:
        model = JoinCode

    organisation = factory.SubFactory(OrganisationFactory)
    code = factory.Sequence(lambda n: f"JOIN{n:04d}")
    created_by = factory.SubFactory(UserFactory)
    expires_at = factory.LazyFunction(lambda: clock.now() + dt.timedelta(days=30))

    class Params:
        expired = factory.Trait(expires_at=factory.LazyFunction(lambda: clock.now() - dt.timedelta(minutes=1)))
        closed = factory.Trait(closed_at=factory.LazyFunction(clock.now))


class NoticeFactory(DjangoModelFactory):
    class Meta:
        model = Notice

    person = factory.SubFactory(UserFactory)
    kind = "account"
    key = factory.Sequence(lambda n: f"key-{n}")
    title = factory.Sequence(lambda n: f"Notice {n}")

    class Params:
        waiting = factory.Trait(mail_state=Notice.MailState.WAITING)
        read = factory.Trait(read_at=factory.LazyFunction(clock.now))
