"""How people come in: invitations by mail, codes at the desk."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from accounts.models.people import Organisation, Team, TeamMembership, User
from core import clock


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def undecided(self) -> "InvitationQuerySet":
        """Neither used nor withdrawn; the date may have passed."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def open(self) -> "InvitationQuerySet":
        return self.undecided().filter(expires_at__gt=clock.now())

    def visible_to(self, user: "User | AnonymousUser") -> "InvitationQuerySet":
        return self.filter(
            Q(organisation__in=Organisation.objects.managed_by(user)) | Q(team__in=Team.objects.led_by(user))
        )


class Invitation(models.Model):
    """An offer by mail to join a library (and a team). The token in the link is stored as a hash."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="invitations")
    role = models.CharField(max_length=12, choices=TeamMembership.Role.choices, default=TeamMembership.Role.TRAINEE)
    email = models.EmailField(max_length=254)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    mailed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "organisation",
                Lower("email"),
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="accounts_one_open_invitation",
            )
        ]

    def __str__(self) -> str:
        return self.email


class JoinCodeQuerySet(models.QuerySet["JoinCode"]):
    def open(self) -> "JoinCodeQuerySet":
        return self.filter(closed_at=None, expires_at__gt=clock.now(), uses_left__gt=0)

    def visible_to(self, user: "User | AnonymousUser") -> "JoinCodeQuerySet":
        """Codes of the organisations that ``user`` manages."""
        return self.filter(organisation__in=Organisation.objects.managed_by(user))


class JoinCode(models.Model):
    """A short code for people without a work address (student workers)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="join_codes")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="join_codes")
    code = models.CharField(max_length=12, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    uses_left = models.PositiveIntegerField(default=50)

    objects = JoinCodeQuerySet.as_manager()

    def __str__(self) -> str:
        return self.code
