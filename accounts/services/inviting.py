"""People are invited by mail or come with a code.

The token of an invitation is never stored: it is derived from the row with the site's secret key, and the row holds
only its hash, to find it by. Sending again moves the expiry, so the older link stops working.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.models import Invitation, JoinCode, Membership, Organisation, Team, TeamMembership, User
from accounts.services.people import add_member, add_to_team
from core import clock
from core.errors import DomainError, InvalidInput
from core.queue import after_commit

VALID_FOR = dt.timedelta(days=14)
CODE_LENGTH = 8
# Nothing that can be read as something else: no 0 and O, no 1, I and L.
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
Role = TeamMembership.Role


class NotOpen(DomainError):
    """The invitation or code cannot be used: ``reason`` is ``expired``, ``withdrawn``, ``used`` or ``closed``."""

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


@transaction.atomic
def invite(
    *,
    organisation: Organisation,
    emails: Sequence[str],
    invited_by: User,
    team: Team | None = None,
    role: str = Role.TRAINEE,
) -> list[Invitation]:
    """Offer each address a place, by mail after commit. An address that is invited already is sent a new link.

    Raises ``InvalidInput`` for a team of another organisation.
    """
    _check_team(team, organisation)
    unique = list(dict.fromkeys(email.strip().lower() for email in emails))
    invitations = [_invite_one(organisation, email, invited_by, team, role) for email in unique]
    after_commit("accounts.send_notices")
    return invitations


def _check_team(team: Team | None, organisation: Organisation) -> None:
    if team is not None and team.organisation_id != organisation.pk:
        raise InvalidInput(_("This team belongs to another organisation."), fields={"team": _("Choose another team.")})


def _invite_one(organisation: Organisation, email: str, invited_by: User, team: Team | None, role: str) -> Invitation:
    waiting = Invitation.objects.undecided().filter(organisation=organisation, email__iexact=email)
    invitation = waiting.first()
    if invitation is None:
        invitation = Invitation(organisation=organisation, email=email)
    invitation.team, invitation.role, invitation.invited_by = team, role, invited_by
    _renew(invitation)
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError:  # somebody else invited this address a moment ago; their link is on its way
        return waiting.get()
    return invitation


@transaction.atomic
def send_again(*, invitation: Invitation) -> Invitation:
    """A new link for two more weeks; the older one stops working. Raises ``NotOpen`` once used or withdrawn."""
    if invitation.accepted_at or invitation.withdrawn_at:
        _refuse(invitation)
    _renew(invitation)
    invitation.save(update_fields=["token_hash", "expires_at", "mailed_at", "claimed_at"])
    after_commit("accounts.send_notices")
    return invitation


def withdraw(*, invitation: Invitation) -> None:
    """The link stops working; nothing happens to one that was used."""
    Invitation.objects.undecided().filter(pk=invitation.pk).update(withdrawn_at=clock.now())


def invitation_with(token: str) -> Invitation | None:
    """The invitation that ``token`` opens, whatever its state."""
    rows = Invitation.objects.select_related("organisation", "team", "invited_by")
    return rows.filter(token_hash=hash_of(token)).first()


@transaction.atomic
def accept(*, invitation: Invitation, person: User) -> Membership:
    """``person`` takes the place. Whoever holds the link may use it once: it came to an address of theirs.

    Raises ``NotOpen`` with a reason. A second call by the same person returns their membership.
    """
    taken = Invitation.objects.open().filter(pk=invitation.pk).update(accepted_at=clock.now(), accepted_by=person)
    if not taken:
        invitation.refresh_from_db()
        mine = Membership.objects.filter(person=person, organisation=invitation.organisation_id).first()
        if mine is not None and invitation.accepted_by_id == person.pk:
            return mine
        _refuse(invitation)
    # Whoever holds the link reads the mail of that address.
    EmailAddress.objects.filter(user=person, email__iexact=invitation.email).update(verified=True)
    membership = add_member(person=person, organisation=invitation.organisation)
    if invitation.team is not None:
        add_to_team(team=invitation.team, person=person, role=invitation.role)
    return membership


def why_not_open(invitation: Invitation) -> str:
    """``used``, ``withdrawn``, ``expired``, or empty for an open one."""
    if invitation.accepted_at:
        return "used"
    if invitation.withdrawn_at:
        return "withdrawn"
    return "expired" if invitation.expires_at <= clock.now() else ""


def _refuse(invitation: Invitation) -> None:
    reason = why_not_open(invitation) or "expired"
    messages = {
        "used": _("This invitation has been used."),
        "withdrawn": _("This invitation was taken back."),
        "expired": _("This invitation has run out."),
    }
    raise NotOpen(messages[reason], reason=reason)


def token_of(invitation: Invitation) -> str:
    """The token in the link of ``invitation``; only who knows the site's secret key can make it."""
    facts = f"{invitation.organisation_id}:{invitation.email.lower()}:{invitation.expires_at.isoformat()}"
    return salted_hmac("accounts.invitation", facts, algorithm="sha256").hexdigest()[:48]


def _renew(invitation: Invitation) -> None:
    invitation.expires_at = (clock.now() + VALID_FOR).astimezone(dt.UTC)
    invitation.token_hash = hash_of(token_of(invitation))
    invitation.mailed_at = invitation.claimed_at = None


def hash_of(token: str) -> str:
    """What is stored of ``token``."""
    return hashlib.sha256(token.encode()).hexdigest()


def create_join_code(
    *,
    organisation: Organisation,
    created_by: User,
    team: Team | None = None,
    days: int = 30,
    uses: int = 50,
) -> JoinCode:
    """A code that lets ``uses`` people in for ``days`` days.

    Raises ``InvalidInput`` for a team of another organisation.
    """
    _check_team(team, organisation)
    return JoinCode.objects.create(
        organisation=organisation,
        team=team,
        code="".join(secrets.choice(CODE_LETTERS) for _letter in range(CODE_LENGTH)),
        created_by=created_by,
        expires_at=clock.now() + dt.timedelta(days=days),
        uses_left=uses,
    )


def close_join_code(*, join_code: JoinCode) -> None:
    """Nobody can join with it any more; a second call changes nothing."""
    JoinCode.objects.filter(pk=join_code.pk, closed_at=None).update(closed_at=clock.now())


def join_code_like(text: str) -> JoinCode | None:
    """The open code that a person has typed, with or without dashes, spaces and capitals."""
    code = "".join(letter for letter in text.upper() if letter.isalnum())
    return JoinCode.objects.open().select_related("organisation", "team").filter(code=code).first()


def known_code(text: str) -> JoinCode:
    """The open code that a person has typed. Raises ``InvalidInput``."""
    join_code = join_code_like(text)
    if join_code is None:
        raise _unknown_code()
    return join_code


def _unknown_code() -> InvalidInput:
    refusal = _("We do not know this code, or it is closed. Ask whoever gave it to you.")
    return InvalidInput(refusal, fields={"code": refusal})


@transaction.atomic
def join(*, code: str, person: User) -> Membership:
    """``person`` comes in with a code. Who is in already uses nothing up.

    Raises ``InvalidInput`` when the code is unknown, closed, past its date or used up: which of them is not told.
    """
    join_code = known_code(code)
    mine = Membership.objects.filter(person=person, organisation=join_code.organisation_id).first()
    in_team = join_code.team is None or join_code.team.memberships.filter(person=person).exists()
    if mine is not None and in_team:
        return mine
    # One conditional UPDATE, so that the last place goes once.
    if not JoinCode.objects.open().filter(pk=join_code.pk).update(uses_left=F("uses_left") - 1):
        raise _unknown_code()
    membership = add_member(person=person, organisation=join_code.organisation)
    if join_code.team is not None:
        add_to_team(team=join_code.team, person=person)
    return membership
