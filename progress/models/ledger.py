"""Everything that counts towards completion is an appended event (D7)."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock

if TYPE_CHECKING:
    pass


class EventKind(models.TextChoices):
    OPENED = "opened", _("opened")
    DONE = "done", _("marked as done")
    TRANSCRIPT = "transcript", _("transcript read")
    WATCHED = "watched", _("video watched")
    GRADED = "graded", _("attempt graded")
    CREDIT = "credit", _("credit granted")
    RESET = "reset", _("reset")
    MOVE = "move", _("moved to another edition")


class Event(models.Model):
    """One thing that happened. Never changed, never deleted.

    ``generation`` counts the resets before it: older generations stop counting. ``lesson_rev`` is the revision of the
    lesson that was read: events below the revision an edition demands do not count. ``key`` makes a repeat harmless.
    """

    enrolment = models.ForeignKey("courses.Enrolment", on_delete=models.PROTECT, related_name="events")
    lesson_uid = models.CharField(max_length=60, blank=True)
    lesson_rev = models.PositiveIntegerField(default=1)
    generation = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=12, choices=EventKind.choices)
    payload = models.JSONField(default=dict)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=clock.now, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    key = models.CharField(max_length=160)

    class Meta:
        ordering = ["enrolment_id", "id"]
        constraints = [models.UniqueConstraint(fields=["enrolment", "key"], name="progress_event_once")]
        indexes = [
            models.Index(fields=["enrolment", "lesson_uid"], name="progress_event_lesson"),
            models.Index(fields=["enrolment", "-occurred_at", "-id"], name="progress_event_log"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.lesson_uid}".strip()


class VideoSession(models.Model):
    """Watched stretches of one play session: the stated exception to append-only. ``spans`` only grows (a union).

    ``spans`` is a sorted list of disjoint ``[from_ms, to_ms]``; ``position_ms`` is where it stopped. ``allowance_ms``
    is what the clock still allows: film that could have been watched since the session began and was not claimed yet.
    A session that goes on after a reset or in a newer revision of the lesson is another row.
    """

    enrolment = models.ForeignKey("courses.Enrolment", on_delete=models.PROTECT, related_name="video_sessions")
    lesson_uid = models.CharField(max_length=60)
    lesson_rev = models.PositiveIntegerField(default=1)
    generation = models.PositiveIntegerField(default=0)
    session = models.CharField(max_length=64)
    spans = models.JSONField(default=list)
    duration_ms = models.PositiveIntegerField(default=0)
    position_ms = models.PositiveIntegerField(default=0)
    allowance_ms = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "lesson_uid", "session", "generation", "lesson_rev"], name="progress_session_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.lesson_uid} {self.session}"
