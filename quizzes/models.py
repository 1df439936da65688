"""Questions and their versions; attempts that own the questions as asked (D9)."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from core import clock

if TYPE_CHECKING:
    from accounts.models import User


class Question(models.Model):
    """A question under its stable ``uid``; what it says is in its versions."""

    course = models.ForeignKey("courses.Course", on_delete=models.CASCADE, related_name="questions")
    uid = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "uid"], name="quizzes_question_uid_once")]

    def __str__(self) -> str:
        return self.uid


class QuestionVersion(models.Model):
    """A question as it stood in some edition, never changed. Uid + ``hash`` is its identity across folders."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)
    type = models.CharField(max_length=20)
    content = models.JSONField()
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="quizzes_version_number_once"),
            models.UniqueConstraint(fields=["question", "hash"], name="quizzes_version_hash_once"),
        ]

    def __str__(self) -> str:
        return f"{self.question.uid} v{self.number}"


class PartQuestion(models.Model):
    """Which question versions a published quiz definition asks, in order; written at publishing."""

    part = models.ForeignKey("courses.EditionPart", on_delete=models.PROTECT, related_name="part_questions")
    course = models.ForeignKey("courses.Course", on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="part_uses")
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["part", "course", "position"], name="quizzes_part_position_once")
        ]

    def __str__(self) -> str:
        return f"{self.part_id[:12]} {self.position}"


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def open(self) -> "AttemptQuerySet":
        return self.filter(finished_at=None)

    def visible_to(self, user: "User") -> "AttemptQuerySet":
        """One's own attempts only: supervisors see results, never answers."""
        return self.filter(learner=user) if user.is_authenticated else self.none()

    def in_courses(self) -> "AttemptQuerySet":
        """Those that count in an enrolment: no previews."""
        return self.filter(enrolment__isnull=False)

    def with_results(self) -> "AttemptQuerySet":
        """Each with its course and with ``percent`` and ``passed`` of the grading that stands (None before)."""
        newest = Result.objects.filter(attempt=OuterRef("pk")).order_by("-number")
        return self.select_related("enrolment__course").annotate(
            percent=Subquery(newest.values("percent")[:1]), passed=Subquery(newest.values("passed")[:1])
        )


class Attempt(models.Model):
    """One try at a quiz: it owns ordered questions as asked and the answers as given."""

    class Purpose(models.TextChoices):
        COURSE = "course", _("in a course")
        PRETEST = "pretest", _("pre-test")
        PRACTICE = "practice", _("practice")
        PREVIEW = "preview", _("preview")
        REVIEW = "review", _("review")

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attempts")
    enrolment = models.ForeignKey(
        "courses.Enrolment", on_delete=models.PROTECT, null=True, blank=True, related_name="attempts"
    )
    lesson_uid = models.CharField(max_length=60, blank=True)
    subject_key = models.CharField(max_length=160, blank=True)
    purpose = models.CharField(max_length=8, choices=Purpose.choices, default=Purpose.COURSE)
    number = models.PositiveIntegerField()
    part = models.ForeignKey("courses.EditionPart", on_delete=models.PROTECT, related_name="attempts")
    lesson_rev = models.PositiveIntegerField(default=1)
    pass_mark = models.PositiveIntegerField(help_text=_("Percent, as the edition said when the attempt began."))
    started_at = models.DateTimeField(default=clock.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "lesson_uid", "purpose", "number"],
                condition=Q(enrolment__isnull=False),
                name="quizzes_attempt_number_once",
            ),
            models.UniqueConstraint(
                fields=["enrolment", "lesson_uid", "purpose"],
                condition=Q(enrolment__isnull=False, finished_at=None),
                name="quizzes_one_open_attempt",
            ),
            models.UniqueConstraint(
                fields=["learner", "purpose", "subject_key", "number"],
                condition=Q(enrolment=None),
                name="quizzes_free_attempt_number_once",
            ),
            models.UniqueConstraint(
                fields=["learner", "purpose", "subject_key"],
                condition=Q(enrolment=None, finished_at=None),
                name="quizzes_one_open_free_attempt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner}: {self.lesson_uid or self.subject_key} #{self.number}"


class Slot(models.Model):
    """A question of an attempt, as asked: its version and the order in which its options stood."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="slots")
    position = models.PositiveIntegerField()
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="slots")
    seed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["attempt", "position"], name="quizzes_slot_once")]

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.position}"


class Step(models.Model):
    """An answer as it was given; appended, never changed. The greatest (seq, client_id) of a slot is the answer."""

    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="steps")
    client_id = models.CharField(max_length=40)
    seq = models.PositiveBigIntegerField()
    answer = models.JSONField(null=True)
    recorded_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slot", "client_id", "seq"], name="quizzes_step_once")]
        indexes = [models.Index(fields=["slot", "-seq", "-client_id"], name="quizzes_step_newest")]

    def __str__(self) -> str:
        return f"{self.slot_id} {self.seq}"


class Result(models.Model):
    """A grading of a finished attempt. A later one (a re-grade) is a new row with a reason; nothing is overwritten."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="results")
    number = models.PositiveIntegerField(default=1)
    percent = models.PositiveIntegerField()
    passed = models.BooleanField()
    reason = models.CharField(max_length=200, blank=True)
    graded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    graded_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["attempt_id", "-number"]
        constraints = [models.UniqueConstraint(fields=["attempt", "number"], name="quizzes_result_once")]

    def __str__(self) -> str:
        return f"{self.percent} %"


class SlotMark(models.Model):
    """What one question earned in one grading: ``fraction`` of 0 to 1."""

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="marks")
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="marks")
    fraction = models.DecimalField(max_digits=6, decimal_places=5)
    answer = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["result", "slot"], name="quizzes_mark_once")]

    def __str__(self) -> str:
        return str(self.fraction)
