"""People join and leave libraries and teams. Each verb sends ``membership_changed`` inside its transaction."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.access import forget_roles
from accounts.models import Membership, Organisation, Team, TeamMembership, User
from accounts.services.notifying import notify
from accounts.signals import membership_changed
from core.errors import InvalidInput

Role = TeamMembership.Role


@transaction.atomic
def create_person(
    *,
    email: str,
    name: str,
    password: str | None = None,
    time_zone: str = "",
    language: str = "",
    email_verified: bool = False,
    **flags: bool,
) -> User:
    """Create a person. Raises ``InvalidInput`` when the address is taken, whatever its case."""
    if User.objects.filter(email__iexact=email).exists():
        raise _field_error("email", _("Somebody uses this address already."))
    person = User.objects.create_user(email, password, name=name, time_zone=time_zone, language=language, **flags)
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=email_verified)
    return person


@transaction.atomic
def add_member(
    *,
    person: User,
    organisation: Organisation,
    is_manager: bool = False,
    is_instructor: bool = False,
) -> Membership:
    """``person`` belongs to ``organisation``; the first organisation is the primary one (D15).

    A second call adds roles and never takes one away (``set_roles`` does); with nothing new it changes nothing.
    """
    first = not Membership.objects.filter(person=person, is_primary=True).exists()
    membership, created = Membership.objects.get_or_create(
        person=person,
        organisation=organisation,
        defaults={"is_primary": first, "is_manager": is_manager, "is_instructor": is_instructor},
    )
    is_new_role = (is_manager and not membership.is_manager) or (is_instructor and not membership.is_instructor)
    if is_new_role:
        membership.is_manager |= is_manager
        membership.is_instructor |= is_instructor
        membership.save(update_fields=["is_manager", "is_instructor"])
    if created or is_new_role:
        _changed(person)
    return membership


@transaction.atomic
def set_roles(*, membership: Membership, is_manager: bool, is_instructor: bool) -> Membership:
    """Give or take roles in the organisation. The last manager stays one (``InvalidInput``)."""
    if membership.is_manager and not is_manager:
        _refuse_last_manager(membership)
    membership.is_manager = is_manager
    membership.is_instructor = is_instructor
    membership.save(update_fields=["is_manager", "is_instructor"])
    _changed(membership.person)
    return membership


@transaction.atomic
def remove_member(*, membership: Membership) -> None:
    """The person leaves the organisation and its teams. Their record stays theirs.

    Raises ``InvalidInput`` for the last manager. Another membership becomes the primary one.
    """
    if membership.is_manager:
        _refuse_last_manager(membership)
    person = membership.person
    TeamMembership.objects.filter(person=person, team__organisation=membership.organisation_id).delete()
    membership.delete()
    other = Membership.objects.filter(person=person).order_by("joined_at", "pk").first()
    if other is not None and not Membership.objects.filter(person=person, is_primary=True).exists():
        other.is_primary = True
        other.save(update_fields=["is_primary"])
    _changed(person)


def _refuse_last_manager(membership: Membership) -> None:
    # The row of the organisation is the lock: two managers who step down at once must not leave none.
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    others = Membership.objects.filter(organisation=membership.organisation_id, is_manager=True)
    if not others.exclude(pk=membership.pk).exists():
        raise InvalidInput(_("An organisation needs a manager. Name another one first."))


@transaction.atomic
def create_team(*, organisation: Organisation, name: str) -> Team:
    """Open a team. Raises ``InvalidInput`` when the organisation has one of this name."""
    try:
        with transaction.atomic():
            team: Team = Team.objects.create(organisation=organisation, name=name)
    except IntegrityError:
        raise _field_error("name", _("There is a team of this name.")) from None
    return team


@transaction.atomic
def rename_team(*, team: Team, name: str) -> Team:
    """Raises ``InvalidInput`` when the organisation has another team of this name."""
    team.name = name
    try:
        with transaction.atomic():
            team.save(update_fields=["name"])
    except IntegrityError:
        raise _field_error("name", _("There is a team of this name.")) from None
    return team


@transaction.atomic
def delete_team(*, team: Team) -> None:
    """Close a team. Its people stay members of the organisation and keep their records."""
    people = list(User.objects.filter(team_memberships__team=team).distinct())
    team.delete()
    for person in people:
        _changed(person)


@transaction.atomic
def add_to_team(*, team: Team, person: User, role: str = Role.TRAINEE, by: User | None = None) -> TeamMembership:
    """``person`` takes part in ``team`` as ``role`` and belongs to its organisation; a second call changes nothing.

    When somebody else put them there (``by``), they are told.
    """
    if not Membership.objects.filter(person=person, organisation=team.organisation_id).exists():
        add_member(person=person, organisation=team.organisation)
    place, created = TeamMembership.objects.get_or_create(team=team, person=person, role=role)
    if created:
        _changed(person)
    if created and by is not None and by != person:
        _tell_of_team(place, by)
    return place


def _tell_of_team(place: TeamMembership, by: User) -> None:
    with translation.override(place.person.language or settings.LANGUAGE_CODE):
        leads = place.role == Role.SUPERVISOR
        notify(
            person=place.person,
            kind="account",
            key=f"team:{place.pk}",
            title=(_("You lead the team %(team)s") if leads else _("You are in the team %(team)s"))
            % {"team": place.team.name},
            body=_("%(name)s added you at %(place)s.") % {"name": by, "place": place.team.organisation},
            url="/team/" if leads else "/home/",
            action=_("Open the team") if leads else _("Go to Home"),
            reply_to=by.email,
        )


@transaction.atomic
def remove_from_team(*, team: Team, person: User, role: str | None = None) -> None:
    """``person`` leaves ``team``: the one ``role``, or altogether."""
    places = TeamMembership.objects.filter(team=team, person=person)
    gone, _rows = (places.filter(role=role) if role else places).delete()
    if gone:
        _changed(person)


def announce_change(*, person: User) -> None:
    """Tell the floors above that places of ``person`` changed by another way than these verbs (the admin)."""
    _changed(person)


def _changed(person: User) -> None:
    forget_roles(person)
    membership_changed.send(sender=User, person=person)


def _field_error(field: str, message: str) -> InvalidInput:
    return InvalidInput(message, fields={field: message})
