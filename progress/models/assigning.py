"""Assignments and what each person owes because of them (D17)."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core import clock

if TYPE_CHECKING:
    from accounts.models import User


class DueKind(models.TextChoices):
    FIXED = "fixed", _("a date")
    DAYS = "days", _("working days after the start")
    NONE = "none", _("no date")


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def live(self) -> "AssignmentQuerySet":
        return self.filter(withdrawn_at=None)

    def visible_to(self, user: "User") -> "AssignmentQuerySet":
        """Assignments to a team one leads or of a library one manages, those one made, and those about oneself."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        return self.filter(self._manageable(user) | Exists(Obligation.objects.filter(assignment=OuterRef("pk"), person=user)))

    def manageable_by(self, user: "User") -> "AssignmentQuerySet":
        """Assignments that ``user`` may change: two supervisors of one team see and change the same."""
        if not user.is_authenticated:
            return self.none()
        return self.all() if user.is_superuser else self.filter(self._manageable(user))

    def _manageable(self, user: "User") -> Q:
        team = self.model.team.field.related_model
        people = self.model.created_by.field.related_model
        return (
            Q(created_by=user)
            | Q(team__in=team.objects.visible_to(user).values("pk"))
            | Exists(
                Obligation.objects.filter(
                    assignment=OuterRef("pk"), person__in=people.objects.visible_to(user).exclude(pk=user.pk).values("pk")
                )
            )
        )


class Assignment(models.Model):
    """A supervisor chose a course for people. ``team`` set = whoever joins the team later is included."""

    course = models.ForeignKey("courses.Course", on_delete=models.PROTECT, related_name="assignments")
    team = models.ForeignKey("accounts.Team", on_delete=models.SET_NULL, null=True, blank=True, related_name="assignments")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments_made"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    note = models.CharField(_("sentence to the people"), max_length=300, blank=True)
    due_kind = models.CharField(max_length=6, choices=DueKind.choices, default=DueKind.FIXED)
    due_on = models.DateField(null=True, blank=True)
    days = models.PositiveIntegerField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    request_key = models.CharField(max_length=40, blank=True, help_text=_("Makes a repeated form post harmless."))

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_kind="fixed", due_on__isnull=False, days=None)
                | Q(due_kind="days", days__isnull=False, due_on=None)
                | Q(due_kind="none", days=None, due_on=None),
                name="progress_assignment_due",
            ),
            models.UniqueConstraint(
                fields=["created_by", "request_key"],
                condition=~Q(request_key=""),
                name="progress_assignment_request_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course}, {self.created_at:%Y-%m-%d}"


class ObligationQuerySet(models.QuerySet["Obligation"]):
    def live(self) -> "ObligationQuerySet":
        return self.filter(withdrawn_at=None)

    def unfinished(self) -> "ObligationQuerySet":
        return self.filter(met_at=None)

    def visible_to(self, user: "User") -> "ObligationQuerySet":
        if not user.is_authenticated:
            return self.none()
        people = self.model.person.field.related_model.objects.visible_to(user)
        return self.filter(person__in=people.values("pk"))


class Obligation(models.Model):
    """What one person owes. ``item`` is ``course`` for a course; a path's steps get their own later.

    ``due_at`` = 23:59:59 of ``due_on`` in the person's zone, else their organisation's; null = no date.
    ``met_at`` is set by the completion that met it (an earlier one counts).
    """

    class DueSource(models.TextChoices):
        ASSIGNMENT = "assignment", _("the assignment")
        EXTENSION = "extension", _("an extension for this person")

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="obligations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="obligations")
    course = models.ForeignKey("courses.Course", on_delete=models.PROTECT, related_name="obligations")
    item = models.CharField(max_length=60, default="course")
    cycle = models.PositiveIntegerField(default=1)
    due_on = models.DateField(null=True, blank=True)
    due_source = models.CharField(max_length=10, choices=DueSource.choices, default=DueSource.ASSIGNMENT)
    due_at = models.DateTimeField(null=True, blank=True)
    enrolment = models.ForeignKey(
        "courses.Enrolment", on_delete=models.PROTECT, null=True, blank=True, related_name="obligations"
    )
    met_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "person", "item", "cycle"], name="progress_obligation_once")
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(met_at=None, withdrawn_at=None, due_at__isnull=False),
                name="progress_obligation_due",
            ),
            models.Index(fields=["person", "withdrawn_at"], name="progress_obligation_person"),
            models.Index(fields=["course", "person"], name="progress_obligation_course"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.course}"
