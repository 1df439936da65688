"""Who reads what: enrolments (D3), and reports that something in a lesson is wrong."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock

if TYPE_CHECKING:
    from accounts.models import User


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def live(self) -> "EnrolmentQuerySet":
        return self.filter(closed_at=None)

    def opened(self) -> "EnrolmentQuerySet":
        return self.filter(opened_at__isnull=False)

    def visible_to(self, user: "User") -> "EnrolmentQuerySet":
        """Own enrolments, and those of the people whose record ``user`` may open."""
        if not user.is_authenticated:
            return self.none()
        people = self.model.learner.field.related_model.objects.visible_to(user)
        return self.filter(learner__in=people.values("pk"))


class Enrolment(models.Model):
    """A learner in a course, once a cycle. Pinned to an edition when it is opened (D3)."""

    class CloseReason(models.TextChoices):
        LEFT = "left", _("left")
        NEXT_CYCLE = "next_cycle", _("followed by the next cycle")

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolments")
    course = models.ForeignKey("courses.Course", on_delete=models.PROTECT, related_name="enrolments")
    cycle = models.PositiveIntegerField(default=1)
    language = models.CharField(max_length=12, default="en")
    edition = models.ForeignKey(
        "courses.Edition", on_delete=models.PROTECT, null=True, blank=True, related_name="enrolments"
    )
    declined_edition = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Number of the edition to which the learner chose not to move.")
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(max_length=12, choices=CloseReason.choices, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learner", "course", "cycle"], name="courses_enrolment_once"),
            models.UniqueConstraint(
                fields=["learner", "course"], condition=Q(closed_at=None), name="courses_one_open_enrolment"
            ),
            models.CheckConstraint(condition=Q(cycle__gte=1), name="courses_cycle_from_one"),
            models.CheckConstraint(
                condition=Q(opened_at=None) | Q(edition__isnull=False), name="courses_opened_is_pinned"
            ),
        ]
        indexes = [models.Index(fields=["edition", "closed_at"], name="courses_enrolment_edition")]

    def __str__(self) -> str:
        return f"{self.learner} in {self.course}"


class LessonReport(models.Model):
    """'Something is wrong here', said by a reader of a lesson."""

    course = models.ForeignKey("courses.Course", on_delete=models.CASCADE, related_name="reports")
    edition = models.ForeignKey("courses.Edition", on_delete=models.PROTECT, related_name="+")
    lesson_uid = models.CharField(max_length=60)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    text = models.CharField(max_length=2000)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["course", "settled_at"], name="courses_report_open")]

    def __str__(self) -> str:
        return self.text[:60]


class LessonFeedback(models.Model):
    """'Was this clear?', one tap and perhaps words. One answer a person and lesson; the last one stands."""

    course = models.ForeignKey("courses.Course", on_delete=models.CASCADE, related_name="feedback")
    edition = models.ForeignKey("courses.Edition", on_delete=models.PROTECT, related_name="+")
    lesson_uid = models.CharField(max_length=60)
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="lesson_feedback")
    clear = models.BooleanField()
    words = models.CharField(max_length=1000, blank=True)
    given_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-given_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["learner", "course", "lesson_uid"], name="courses_feedback_once")
        ]
        indexes = [models.Index(fields=["course", "lesson_uid"], name="courses_feedback_lesson")]

    def __str__(self) -> str:
        return f"{self.lesson_uid}: {'clear' if self.clear else 'not clear'}"
