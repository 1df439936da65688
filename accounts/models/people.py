"""People, libraries, teams."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django_scim.models import AbstractSCIMGroupMixin, AbstractSCIMUserMixin

from core import clock


def monday_to_friday() -> list[int]:
    """ISO weekdays on which a library works unless it says otherwise."""
    return [1, 2, 3, 4, 5]


class UserManager(BaseUserManager["User"]):
    """People are found and created by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Create a person; without a password they can only come in by link, passkey or single sign-on."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)


class UserQuerySet(models.QuerySet["User"]):
    """People as phrases."""

    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def of_organisation(self, organisation: "Organisation | int") -> "UserQuerySet":
        return self.filter(Exists(Membership.objects.filter(person=OuterRef("pk"), organisation=organisation)))

    def visible_to(self, user: "User | AnonymousUser") -> "UserQuerySet":
        """People whose record ``user`` may open: self, the teams they lead, the organisations they manage."""
        if isinstance(user, AnonymousUser):
            return self.none()
        if user.is_superuser:
            return self.all()
        managed = Membership.objects.filter(person=user, is_manager=True).values("organisation")
        led = TeamMembership.objects.filter(person=user, role=TeamMembership.Role.SUPERVISOR).values("team")
        return self.filter(
            Q(pk=user.pk)
            | Exists(Membership.objects.filter(person=OuterRef("pk"), organisation__in=managed))
            | Exists(TeamMembership.objects.filter(person=OuterRef("pk"), team__in=led))
        )


class User(AbstractSCIMUserMixin, AbstractBaseUser, PermissionsMixin):
    """A person. The e-mail address is the sign-in name, unique whatever its case."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=150)
    certificate_name = models.CharField(
        _("name on certificates"), max_length=150, blank=True, help_text=_("Empty: the name above.")
    )
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True, validators=[clock.validate_zone])
    language = models.CharField(_("language"), max_length=12, blank=True)
    theme = models.CharField(_("theme"), max_length=8, blank=True)
    letter_keys = models.BooleanField(_("single-letter keyboard shortcuts"), default=True)
    is_staff = models.BooleanField(_("site staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(default=clock.now, editable=False)

    objects = UserManager.from_queryset(UserQuerySet)()

    known_roles: Any = None  # kept by accounts.access for the life of this instance

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_user_email_once")]
        indexes = [models.Index(fields=["name", "id"], name="accounts_user_name")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name.split()[0] if self.name else self.email

    @property
    def printed_name(self) -> str:
        """The name as it shall stand on certificates."""
        return self.certificate_name or self.name or self.email


class Consortium(models.Model):
    """Libraries that share courses with each other."""

    name = models.CharField(_("name"), max_length=150)
    slug = models.SlugField(unique=True)

    class Meta:
        verbose_name_plural = "consortia"

    def __str__(self) -> str:
        return self.name


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: "User | AnonymousUser") -> "OrganisationQuerySet":
        """Organisations that ``user`` belongs to."""
        if isinstance(user, AnonymousUser):
            return self.none()
        if user.is_superuser:
            return self.all()
        return self.filter(Exists(Membership.objects.filter(organisation=OuterRef("pk"), person=user)))

    def managed_by(self, user: "User | AnonymousUser") -> "OrganisationQuerySet":
        if isinstance(user, AnonymousUser):
            return self.none()
        if user.is_superuser:
            return self.all()
        return self.filter(Exists(Membership.objects.filter(organisation=OuterRef("pk"), person=user, is_manager=True)))


class Organisation(models.Model):
    """A library."""

    name = models.CharField(_("name"), max_length=150)
    slug = models.SlugField(unique=True)
    consortium = models.ForeignKey(
        Consortium, on_delete=models.PROTECT, null=True, blank=True, related_name="organisations"
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[clock.validate_zone])
    language = models.CharField(_("language"), max_length=12, default="en")
    working_days = models.JSONField(
        _("working days"), default=monday_to_friday, help_text=_("ISO weekdays, 1 = Monday.")
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class LocalWord(models.Model):
    """What one library fills in for a ``{{local.key}}`` placeholder (D18); the defaults are in code."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="local_words")
    key = models.CharField(max_length=40)
    value = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="accounts_local_word_once")]

    def __str__(self) -> str:
        return f"{self.key}: {self.value}"


class Membership(models.Model):
    """A person belongs to a library. The primary one is 'the organisation' of the person (D15)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    is_primary = models.BooleanField(default=True)
    is_manager = models.BooleanField(_("manager"), default=False)
    is_instructor = models.BooleanField(_("instructor"), default=False)
    joined_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation"], name="accounts_member_once"),
            models.UniqueConstraint(fields=["person"], condition=Q(is_primary=True), name="accounts_one_primary"),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.organisation}"


class TeamQuerySet(models.QuerySet["Team"]):
    def led_by(self, user: "User | AnonymousUser") -> "TeamQuerySet":
        if isinstance(user, AnonymousUser):
            return self.none()
        return self.filter(
            Exists(TeamMembership.objects.filter(team=OuterRef("pk"), person=user, role=TeamMembership.Role.SUPERVISOR))
        )

    def visible_to(self, user: "User | AnonymousUser") -> "TeamQuerySet":
        """Teams that ``user`` leads, or that belong to an organisation they manage."""
        if isinstance(user, AnonymousUser):
            return self.none()
        if user.is_superuser:
            return self.all()
        managed = Membership.objects.filter(person=user, is_manager=True).values("organisation")
        led = TeamMembership.objects.filter(person=user, role=TeamMembership.Role.SUPERVISOR).values("team")
        return self.filter(Q(pk__in=led) | Q(organisation__in=managed))


class Team(AbstractSCIMGroupMixin):
    """The people a supervisor leads."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(_("name"), max_length=150)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint("organisation", Lower("name"), name="accounts_team_name_once")]

    def __str__(self) -> str:
        return self.name


class TeamMembership(models.Model):
    """A person's place in a team. One person can be both trainee and supervisor of a team."""

    class Role(models.TextChoices):
        TRAINEE = "trainee", _("Trainee")
        SUPERVISOR = "supervisor", _("Supervisor")

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="team_memberships")
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.TRAINEE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "person", "role"], name="accounts_team_role_once")]
        indexes = [models.Index(fields=["person", "role"], name="accounts_team_person")]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}"
