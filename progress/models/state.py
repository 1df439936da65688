"""The projection: one pure function of events and the edition's rules, kept beside them and rebuildable (D8)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock


class CourseState(models.Model):
    """Where an enrolment stands. Its row is the lock under which events are inserted and folded.

    ``unmet`` lists ``{"uid", "number", "kind", "title", "state", "after", "why": [sentence, …]}`` for every lesson that still
    misses something, in outline order (``after``: the uids that open it). ``percent`` is the share of the course's
    minutes in lessons that are done.
    ``edition`` is the one whose rules this was folded under: a request that began before a move sees it here in time.
    """

    enrolment = models.OneToOneField("courses.Enrolment", on_delete=models.PROTECT, related_name="state")
    edition = models.ForeignKey("courses.Edition", on_delete=models.PROTECT, related_name="+")
    percent = models.PositiveIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    lesson_count = models.PositiveIntegerField(default=0)
    minutes_left = models.PositiveIntegerField(default=0)
    unmet = models.JSONField(default=list)
    generation = models.PositiveIntegerField(default=0)
    last_uid = models.CharField(max_length=60, blank=True)
    last_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveBigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["last_at"], name="progress_state_recent")]

    def __str__(self) -> str:
        return f"{self.percent} %"


class LessonState(models.Model):
    """Where an enrolment stands in one lesson.

    ``facts`` is the folded ``courses.registry.LessonFacts`` as JSON; ``times`` says since when each fact holds.
    """

    class State(models.TextChoices):
        STARTED = "started", _("Started")
        DONE = "done", _("Done")

    enrolment = models.ForeignKey("courses.Enrolment", on_delete=models.PROTECT, related_name="lesson_states")
    uid = models.CharField(max_length=60)
    state = models.CharField(max_length=8, choices=State.choices, default=State.STARTED)
    facts = models.JSONField(default=dict)
    times = models.JSONField(default=dict)
    unmet = models.JSONField(default=list)
    done_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "uid"], name="progress_lesson_state_once")]

    def __str__(self) -> str:
        return f"{self.uid}: {self.state}"


class Completion(models.Model):
    """An enrolment was completed. Immutable: later rules, re-grades and editions never remove it.

    ``score`` = mean percent of the counted graded lessons weighted by minutes; null if there are none.
    """

    enrolment = models.OneToOneField("courses.Enrolment", on_delete=models.PROTECT, related_name="completion")
    edition = models.ForeignKey("courses.Edition", on_delete=models.PROTECT, related_name="completions")
    at = models.DateTimeField(default=clock.now)
    score = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="progress_completion_at")]

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.at:%Y-%m-%d}"
