"""Between draft and edition: reviews by colleagues, what an organisation asks for, editions planned for a day, and the
looks that somebody takes at a course once it is out."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from courses.models.course import Course

if TYPE_CHECKING:
    from accounts.models import User


class ReviewPolicy(models.Model):
    """What an organisation asks for before a course of its own is published.

    ``approvals`` people (nobody approves what they ask to be reviewed) must approve exactly what is published, and each
    of ``required`` among them.
    """

    organisation = models.OneToOneField("accounts.Organisation", on_delete=models.CASCADE, related_name="review_policy")
    approvals = models.PositiveSmallIntegerField(default=0)
    required = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    review_months = models.PositiveSmallIntegerField(
        default=0, help_text=_("After how many months a published course is looked at again; 0: never asked.")
    )
    changed_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.organisation}: {self.approvals}"


class ReviewQuerySet(models.QuerySet["Review"]):
    def open(self) -> "ReviewQuerySet":
        return self.filter(closed_at=None)

    def visible_to(self, user: "User") -> "ReviewQuerySet":
        return self.filter(course__in=Course.objects.authored_by(user).values("pk"))


class Review(models.Model):
    """A draft, frozen as a preview edition, that colleagues are asked to look at. Verdicts are about its hash."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="reviews")
    edition = models.ForeignKey("courses.Edition", on_delete=models.PROTECT, related_name="reviews")
    note = models.CharField(max_length=1000, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["course"], condition=Q(closed_at=None), name="courses_one_open_review")
        ]

    def __str__(self) -> str:
        return f"{self.course}, {self.asked_at:%Y-%m-%d}"


class ReviewVerdict(models.Model):
    """What one reviewer says of a review as a whole; the last word stands."""

    class Verdict(models.TextChoices):
        ASKED = "asked", _("not yet looked at")
        APPROVED = "approved", _("approved")
        CHANGES = "changes", _("asks for changes")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="verdicts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict.choices, default=Verdict.ASKED)
    words = models.CharField(max_length=2000, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "person"], name="courses_verdict_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_verdict_display()}"


class PublishPlan(models.Model):
    """An edition that goes live by itself. ``frozen`` is the draft as it stood when planned; later edits do not slip in."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        DONE = "done", _("published")
        FAILED = "failed", _("could not be published")
        CANCELLED = "cancelled", _("taken back")

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="plans")
    frozen = models.ForeignKey("courses.Edition", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    note = models.CharField(max_length=500, blank=True)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    said = models.CharField(max_length=500, blank=True)
    edition = models.ForeignKey("courses.Edition", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    claimed_at = models.DateTimeField(null=True, blank=True)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    planned_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["-due_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["course"], condition=Q(state="planned"), name="courses_one_plan")
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="planned"), name="courses_plan_due")]

    def __str__(self) -> str:
        return f"{self.course}, {self.due_at:%Y-%m-%d %H:%M}"


class CourseLook(models.Model):
    """Somebody has looked through a published course and says that it holds; ``next_on`` is when to look again."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="looks")
    note = models.CharField(max_length=500, blank=True)
    looked_at = models.DateTimeField(default=clock.now, editable=False)
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    next_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-looked_at", "-id"]

    def __str__(self) -> str:
        return f"{self.course}, {self.looked_at:%Y-%m-%d}"
