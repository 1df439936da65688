"""Certificates: a row in the same transaction as the completion; the PDF is only a rendering of it (D8)."""

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock

if TYPE_CHECKING:
    from accounts.models import User
    from progress.models.state import Completion


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, user: "User") -> "CertificateQuerySet":
        """Own certificates, and those of the people whose record ``user`` may open."""
        if not user.is_authenticated:
            return self.none()
        people = self.model.holder.field.related_model.objects.visible_to(user)
        return self.filter(holder__in=people.values("pk"))

    def with_course(self) -> "CertificateQuerySet":
        """With what a certificate says of its course; ``certificates_with_facts`` needs it."""
        return self.select_related("completion__edition__course", "renewed_by")

    def to_render(self, *, lease: dt.timedelta) -> "CertificateQuerySet":
        """Certificates whose PDF is still owed: queued, or held by a worker that has been silent for ``lease``."""
        return self.filter(
            Q(render_state=Certificate.RenderState.QUEUED)
            | Q(render_state=Certificate.RenderState.RENDERING, claimed_at__lt=clock.now() - lease)
        )

    def claim(self, pks: Collection[int], *, lease: dt.timedelta) -> dt.datetime:
        """Take the rendering of those of ``pks`` that nobody holds; they carry the moment given back as ``claimed_at``."""
        claimed_at = clock.now()
        owed = self.to_render(lease=lease).filter(pk__in=pks)
        owed.update(render_state=Certificate.RenderState.RENDERING, claimed_at=claimed_at)
        return claimed_at


class Certificate(models.Model):
    """What a holder earned. ``state`` is what the public page says; ``render_state`` is the outbox of the PDF job."""

    class State(models.TextChoices):
        VALID = "valid", _("Valid")
        REVOKED = "revoked", _("Revoked")

    class RenderState(models.TextChoices):
        QUEUED = "queued", _("queued")
        RENDERING = "rendering", _("rendering")
        READY = "ready", _("ready")

    code = models.CharField(max_length=20, unique=True)
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="certificates")
    holder_name = models.CharField(max_length=150)
    completion = models.OneToOneField(
        "progress.Completion", on_delete=models.PROTECT, null=True, blank=True, related_name="certificate"
    )
    renews = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="renewed_by")
    state = models.CharField(max_length=8, choices=State.choices, default=State.VALID)
    issued_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=300, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    shared = models.BooleanField(_("anyone may open the PDF"), default=False)
    language = models.CharField(max_length=12, default="en")
    zone = models.CharField(
        max_length=64,
        default="UTC",
        help_text=_("Where the holder was: its days are those printed on the certificate."),
    )
    render_state = models.CharField(max_length=10, choices=RenderState.choices, default=RenderState.QUEUED)
    claimed_at = models.DateTimeField(null=True, blank=True)
    rendered_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-id"]
        constraints = [
            # One source. Path completions become the second when paths come (D27).
            models.CheckConstraint(condition=Q(completion__isnull=False), name="progress_certificate_one_source"),
        ]
        indexes = [
            models.Index(
                fields=["render_state", "claimed_at"],
                condition=~Q(render_state="ready"),
                name="progress_certificate_owed",
            ),
            models.Index(fields=["holder", "-issued_at"], name="progress_certificate_holder"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def earned(self) -> "Completion":
        """The completion that it certifies; the check constraint promises one."""
        if self.completion is None:
            raise ValueError(f"certificate {self.code} has no source")
        return self.completion

    @property
    def path(self) -> str:
        """The PDF's fixed name in the storage: rendering twice writes the same file."""
        return f"certificates/{self.code}.pdf"
