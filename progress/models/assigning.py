"""Assignments and what each person owes because of them (D17)."""

import datetime as dt
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
        """Assignments to a team or to people that ``user`` leads or manages, and those about oneself."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        return self.filter(
            self._about_others(user) | Exists(Obligation.objects.filter(assignment=OuterRef("pk"), person=user))
        )

    def led_by(self, user: "User") -> "AssignmentQuerySet":
        """Assignments that concern somebody whom ``user`` leads: two supervisors of one team see the same."""
        if not user.is_authenticated:
            return self.none()
        return self.all() if user.is_superuser else self.filter(self._about_others(user))

    def manageable_by(self, user: "User") -> "AssignmentQuerySet":
        """Assignments that ``user`` may change as a whole: nobody in them is out of the user's sight."""
        if not user.is_authenticated or user.is_superuser:
            return self.led_by(user)
        people = self.model.created_by.field.related_model.objects.visible_to(user)
        strangers = Obligation.objects.live().filter(assignment=OuterRef("pk")).exclude(person__in=people.values("pk"))
        return self.led_by(user).exclude(Exists(strangers))

    def _about_others(self, user: "User") -> Q:
        team = self.model.teams.field.related_model
        people = self.model.created_by.field.related_model.objects.visible_to(user).exclude(pk=user.pk)
        to_teams = self.model.teams.through.objects.filter(assignment=OuterRef("pk"))
        owed = Obligation.objects.filter(assignment=OuterRef("pk"), person__in=people.values("pk"))
        return Exists(to_teams.filter(team__in=team.objects.visible_to(user).values("pk"))) | Q(Exists(owed))


class Assignment(models.Model):
    """A supervisor chose a course for people. Whoever joins one of ``teams`` later is included."""

    course = models.ForeignKey("courses.Course", on_delete=models.PROTECT, related_name="assignments")
    teams = models.ManyToManyField("accounts.Team", blank=True, related_name="assignments")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments_made")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    note = models.CharField(_("a line from you"), max_length=300, blank=True)
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
        indexes = [models.Index(fields=["-created_at", "-id"], name="progress_assignment_newest")]

    def __str__(self) -> str:
        return f"{self.course}, {self.created_at:%Y-%m-%d}"


class ObligationQuerySet(models.QuerySet["Obligation"]):
    def live(self) -> "ObligationQuerySet":
        return self.filter(withdrawn_at=None)

    def unfinished(self) -> "ObligationQuerySet":
        return self.filter(met_at=None)

    def owed(self) -> "ObligationQuerySet":
        """Still to be done by somebody."""
        return self.live().unfinished()

    def overdue(self, at: dt.datetime) -> "ObligationQuerySet":
        return self.owed().filter(due_at__lt=at)

    def visible_to(self, user: "User") -> "ObligationQuerySet":
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        people = self.model.person.field.related_model.objects.visible_to(user)
        return self.filter(person__in=people.values("pk"))

    def manageable_by(self, user: "User") -> "ObligationQuerySet":
        """Obligations of other people in ``user``'s sight: nobody excuses themselves."""
        if user.is_authenticated and user.is_superuser:
            return self.all()
        return self.visible_to(user).exclude(person=user.pk)

    def to_remind(self, at: dt.datetime) -> "ObligationQuerySet":
        """Obligations whose next reminder is due, oldest first: a range scan of a partial index."""
        return self.owed().filter(remind_at__lte=at).order_by("remind_at", "pk")


class Obligation(models.Model):
    """What one person owes. ``item`` is ``course`` for a course; a path's steps get their own later.

    ``due_at`` = 23:59:59 of ``due_on`` in the person's zone, else their organisation's; null = no date.
    ``due_set_at`` = when that date was given: a reminder step that lay before it is not sent any more.
    ``remind_at`` = the next moment at which a reminder is to be sent; null = none is left.
    ``met_at`` is set by the completion that met it (an earlier one counts), ``enrolment`` then names where.
    ``through_team`` = owed as a member of a team; such a one falls away when the person leaves (``withdrawn_by`` null).
    """

    class DueSource(models.TextChoices):
        ASSIGNMENT = "assignment", _("the assignment")
        EXTENSION = "extension", _("an extension for this person")

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="obligations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="obligations")
    course = models.ForeignKey("courses.Course", on_delete=models.PROTECT, related_name="obligations")
    item = models.CharField(max_length=60, default="course")
    cycle = models.PositiveIntegerField(default=1)
    through_team = models.BooleanField(default=False)
    due_on = models.DateField(null=True, blank=True)
    due_source = models.CharField(max_length=10, choices=DueSource.choices, default=DueSource.ASSIGNMENT)
    due_at = models.DateTimeField(null=True, blank=True)
    due_set_at = models.DateTimeField(default=clock.now)
    due_note = models.CharField(_("why the date was moved"), max_length=300, blank=True)
    remind_at = models.DateTimeField(null=True, blank=True)
    enrolment = models.ForeignKey(
        "courses.Enrolment", on_delete=models.PROTECT, null=True, blank=True, related_name="obligations"
    )
    met_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ObligationQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "person", "item", "cycle"], name="progress_obligation_once")
        ]
        indexes = [
            models.Index(
                fields=["remind_at", "id"],
                condition=Q(met_at=None, withdrawn_at=None, remind_at__isnull=False),
                name="progress_obligation_remind",
            ),
            models.Index(
                fields=["person", "due_at"], condition=Q(withdrawn_at=None), name="progress_obligation_person"
            ),
            models.Index(fields=["course", "person"], name="progress_obligation_course"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.course}"
