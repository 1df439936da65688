"""What is learned from attempts, and corrected in them: item analysis and re-grading."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from courses.models import Course
from quizzes.models.bank import Question, QuestionVersion

if TYPE_CHECKING:
    from accounts.models import User


class RegradeQuerySet(models.QuerySet["Regrade"]):
    def visible_to(self, user: "User") -> "RegradeQuerySet":
        return self.filter(course__in=Course.objects.authored_by(user))


class Regrade(models.Model):
    """A correction of a question, carried into the attempts of one course: first a trial, then for good, with a reason."""

    class Policy(models.TextChoices):
        ALL = "all", _("every attempt, up or down")
        UP = "up", _("only where it helps the learner")

    class State(models.TextChoices):
        WAITING = "waiting", _("being tried")
        TRIED = "tried", _("tried: look at it")
        WANTED = "wanted", _("being applied")
        APPLIED = "applied", _("applied")
        DROPPED = "dropped", _("dropped")

    course = models.ForeignKey("courses.Course", on_delete=models.CASCADE, related_name="regrades")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="regrades")
    version = models.ForeignKey(
        QuestionVersion, on_delete=models.PROTECT, related_name="regrades", help_text=_("Whose key is right.")
    )
    policy = models.CharField(max_length=3, choices=Policy.choices, default=Policy.UP)
    reason = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    looked_at = models.PositiveIntegerField(default=0, help_text=_("Attempts tried so far."))
    total = models.PositiveIntegerField(default=0)
    left_alone = models.JSONField(
        default=dict, help_text=_("Why attempts cannot be graded again, and how many: reason to number.")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    applied_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)

    objects = RegradeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "lease_until"], name="quizzes_regrade_state")]

    def __str__(self) -> str:
        return f"{self.question_id} {self.state}"


class RegradeChange(models.Model):
    """An attempt whose result a re-grading changes: percent and pass, before and after."""

    regrade = models.ForeignKey(Regrade, on_delete=models.CASCADE, related_name="changes")
    attempt = models.ForeignKey("quizzes.Attempt", on_delete=models.PROTECT, related_name="regrade_changes")
    before = models.PositiveSmallIntegerField()
    after = models.PositiveSmallIntegerField()
    passed_before = models.BooleanField()
    passed_after = models.BooleanField()
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["regrade", "attempt"], name="quizzes_change_once")]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class AnalysisQuerySet(models.QuerySet["Analysis"]):
    def visible_to(self, user: "User") -> "AnalysisQuerySet":
        return self.filter(course__in=Course.objects.authored_by(user))


class Analysis(models.Model):
    """Figures of a quiz and its questions, computed by a task. ``key`` names course, lesson, edition, attempts, since."""

    key = models.CharField(max_length=200, unique=True)
    course = models.ForeignKey("courses.Course", on_delete=models.CASCADE, related_name="analyses")
    lesson_uid = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    figures = models.JSONField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    wanted_at = models.DateTimeField(null=True, blank=True)
    computed_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)

    objects = AnalysisQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["wanted_at"], name="quizzes_analysis_wanted")]

    def __str__(self) -> str:
        return self.key
