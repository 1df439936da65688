"""Attempts that own the questions as asked, the answers as given, and every grading of them (D9)."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.constants import OnConflict
from django.utils.translation import gettext_lazy as _

from core import clock
from quizzes.models.bank import QuestionVersion

if TYPE_CHECKING:
    from accounts.models import User


class PartQuestion(models.Model):
    """Which question versions a published quiz definition asks, in order; written at publishing."""

    part = models.ForeignKey("courses.EditionPart", on_delete=models.PROTECT, related_name="part_questions")
    course = models.ForeignKey("courses.Course", on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="part_uses")
    position = models.PositiveIntegerField()
    pool = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("Number of the pool it is drawn from; empty: always asked.")
    )

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

    class Marks(models.TextChoices):
        WAITING = "waiting", _("waiting for a marker")
        DONE = "done", _("marked")

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
    behaviour = models.CharField(max_length=12, default="deferred", help_text=_("As the edition said then."))
    due_at = models.DateTimeField(null=True, blank=True, help_text=_("When the time is up that the page shows."))
    closes_at = models.DateTimeField(
        null=True, blank=True, help_text=_("After the grace: later answers are kept, but do not count.")
    )
    marking = models.CharField(max_length=8, choices=Marks.choices, blank=True, default="")
    started_at = models.DateTimeField(default=clock.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)
    remembered_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("When its misses became review cards.")
    )

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
        indexes = [
            models.Index(
                fields=["closes_at"],
                condition=Q(finished_at=None, closes_at__isnull=False),
                name="quizzes_attempt_closing",
            ),
            models.Index(fields=["finished_at"], condition=Q(marking="waiting"), name="quizzes_attempt_marking"),
            models.Index(
                fields=["finished_at"],
                condition=Q(remembered_at=None, finished_at__isnull=False, purpose="course"),
                name="quizzes_attempt_unremembered",
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


class StepQuerySet(models.QuerySet["Step"]):
    def append(self, step: "Step") -> None:
        """Insert ``step`` unless there is one of its number: one statement, which commits by itself.

        ``bulk_create`` would put a transaction around it: two trips to the database more at every save.
        """
        fields = [field for field in self.model._meta.concrete_fields if not field.primary_key]
        self._insert([step], fields=fields, using=self.db, on_conflict=OnConflict.IGNORE)


class Step(models.Model):
    """An answer as it was given; appended, never changed. The greatest (seq, client_id) of a slot is the answer."""

    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="steps")
    client_id = models.CharField(max_length=40)
    seq = models.PositiveBigIntegerField()
    answer = models.JSONField(null=True)
    certainty = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("1 to 3, where it is asked."))
    ms = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Time on the question so far, as the browser says.")
    )
    late = models.BooleanField(default=False, help_text=_("Came after the attempt was over: kept, does not count."))
    recorded_at = models.DateTimeField(default=clock.now, editable=False)

    objects = StepQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slot", "client_id", "seq"], name="quizzes_step_once")]
        indexes = [models.Index(fields=["slot", "-seq", "-client_id"], name="quizzes_step_newest")]

    def __str__(self) -> str:
        return f"{self.slot_id} {self.seq}"


class Try(models.Model):
    """An answer that was checked while the attempt went on, under a behaviour that says at once how it stands.

    Appended, never changed. ``fraction`` is what the answer earned by itself, before any penalty.
    """

    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="tries")
    number = models.PositiveSmallIntegerField()
    answer = models.JSONField(null=True)
    fraction = models.DecimalField(max_digits=6, decimal_places=5)
    recorded_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["slot_id", "number"]
        constraints = [models.UniqueConstraint(fields=["slot", "number"], name="quizzes_try_once")]

    def __str__(self) -> str:
        return f"{self.slot_id} {self.number}: {self.fraction}"


class Result(models.Model):
    """A grading of a finished attempt. A later one (a re-grade) is a new row with a reason; nothing is overwritten."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="results")
    number = models.PositiveIntegerField(default=1)
    percent = models.PositiveIntegerField()
    passed = models.BooleanField()
    reason = models.CharField(max_length=200, blank=True)
    regrade = models.ForeignKey(
        "quizzes.Regrade", on_delete=models.PROTECT, null=True, blank=True, related_name="results"
    )
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
    """What one question earned in one grading.

    ``fraction`` (0 to 1) is what the answer is worth by itself, ``earned`` what it counts after the behaviour (tries,
    certainty: -2 to 1). ``version`` is the one whose key graded it, when it is not the one that was asked.
    """

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="marks")
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="marks")
    fraction = models.DecimalField(max_digits=6, decimal_places=5)
    earned = models.DecimalField(max_digits=6, decimal_places=5)
    answer = models.JSONField(null=True)
    certainty = models.PositiveSmallIntegerField(null=True, blank=True)
    ms = models.PositiveIntegerField(null=True, blank=True)
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["result", "slot"], name="quizzes_mark_once")]

    def __str__(self) -> str:
        return str(self.fraction)


class Marking(models.Model):
    """What a person gave a written answer. The newest of a slot stands, unless it was reopened."""

    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="markings")
    number = models.PositiveSmallIntegerField()
    levels = models.JSONField(help_text=_("Criterion id to level id."))
    fraction = models.DecimalField(max_digits=6, decimal_places=5)
    comment = models.TextField(blank=True, help_text=_("For the learner, plain text."))
    marker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    marked_at = models.DateTimeField(default=clock.now, editable=False)
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reopen_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["slot_id", "-number"]
        constraints = [models.UniqueConstraint(fields=["slot", "number"], name="quizzes_marking_once")]

    def __str__(self) -> str:
        return f"{self.slot_id} {self.number}"


class ExtraTime(models.Model):
    """More time for one person in every timed quiz of a course, in percent of the limit."""

    course = models.ForeignKey("courses.Course", on_delete=models.CASCADE, related_name="extra_times")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="extra_times")
    percent = models.PositiveSmallIntegerField()
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    given_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "learner"], name="quizzes_extra_time_once")]

    def __str__(self) -> str:
        return f"{self.learner}: +{self.percent} %"


class ExtraAttempt(models.Model):
    """One more attempt for one person at one quiz than its rule allows. What is taken back stays as a row that says so.

    ``lesson_rev`` is what the quiz demanded then: like attempts, it counts until the quiz is demanded anew.
    """

    enrolment = models.ForeignKey("courses.Enrolment", on_delete=models.CASCADE, related_name="extra_attempts")
    lesson_uid = models.CharField(max_length=60)
    lesson_rev = models.PositiveIntegerField(default=1)
    number = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=200, help_text=_("The learner reads it."))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    given_at = models.DateTimeField(default=clock.now, editable=False)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["enrolment_id", "lesson_uid", "number"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "lesson_uid", "number"], name="quizzes_extra_attempt_once")
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.lesson_uid} {self.number}"
