"""Media in the making: files on their way in, background jobs on them, slides that become a video."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from courses.models.course import Course

if TYPE_CHECKING:
    from accounts.models import User


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, user: "User") -> "UploadQuerySet":
        """One's own; nobody else goes on with a file that somebody began."""
        return self.filter(person=user) if user.is_authenticated else self.none()


class Upload(models.Model):
    """A file that comes in pieces. ``received`` bytes are on disk, and only the next piece is taken (D22).

    ``lesson_uid``, ``language`` and ``purpose`` say where it goes once it is whole: ``video``, ``audio``, ``captions``,
    ``poster``, ``file``, ``slides``, ``recording`` or ``document``.
    """

    class State(models.TextChoices):
        OPEN = "open", _("coming in")
        WHOLE = "whole", _("complete")
        TAKEN = "taken", _("in the course")
        REFUSED = "refused", _("refused")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="uploads")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads")
    purpose = models.CharField(max_length=12)
    lesson_uid = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=12, blank=True)
    name = models.CharField(max_length=150)
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    fingerprint = models.CharField(
        max_length=80, blank=True, help_text=_("How the browser knows the same file again after a reload.")
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    # What became of it, once it is taken or refused, and where one goes on: told again to whoever asks again.
    said = models.CharField(max_length=400, blank=True)
    url = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    changed_at = models.DateTimeField(default=clock.now, db_index=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(received__lte=models.F("size")), name="courses_upload_not_over")
        ]
        indexes = [models.Index(fields=["person", "state"], name="courses_upload_open")]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_state_display()})"


class MediaJobQuerySet(models.QuerySet["MediaJob"]):
    def visible_to(self, user: "User") -> "MediaJobQuerySet":
        """Whoever may see the draft may see how its media are coming on."""
        return self.filter(course__in=Course.objects.authored_by(user).values("pk"))

    def waiting(self) -> "MediaJobQuerySet":
        return self.filter(state__in=[MediaJob.State.WAITING, MediaJob.State.RUNNING])


class MediaJob(models.Model):
    """Slow work on media. The row is the outbox, the claim, the progress and the result (D12, D13).

    ``kind`` names a function of ``courses.making.registry``; ``given`` is what it gets, ``made`` what it gave, both
    JSON. ``step`` is what it is doing, in words for the author; ``progress`` is a percentage.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("at work")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="media_jobs")
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    lesson_uid = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=12, blank=True)
    upload = models.ForeignKey(Upload, on_delete=models.SET_NULL, null=True, blank=True, related_name="jobs")
    deck = models.ForeignKey("courses.SlideDeck", on_delete=models.CASCADE, null=True, blank=True, related_name="jobs")
    given = models.JSONField(default=dict, blank=True)
    made = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    step = models.CharField(max_length=200, blank=True)
    progress = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(100)])
    said = models.CharField(max_length=1000, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = MediaJobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["course", "state"], name="courses_job_of_course"),
            models.Index(
                fields=["claimed_at"], name="courses_job_waiting", condition=Q(state__in=["waiting", "running"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_state_display()})"


class SlideDeckQuerySet(models.QuerySet["SlideDeck"]):
    def visible_to(self, user: "User") -> "SlideDeckQuerySet":
        return self.filter(course__in=Course.objects.authored_by(user).values("pk"))


class SlideDeck(models.Model):
    """Slides with what is said under each: the source of a narrated video. ``version`` guards edits as in a lesson."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="decks")
    lesson_uid = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=12, default="en")
    title = models.CharField(max_length=200)
    voice = models.CharField(max_length=40, default="calm")
    words_a_minute = models.PositiveSmallIntegerField(default=150)
    pause_ms = models.PositiveIntegerField(default=0, help_text=_("Silence between two slides."))
    says_voice = models.BooleanField(default=True, help_text=_("Say that the voice is made by a computer."))
    source_name = models.CharField(max_length=150, blank=True, help_text=_("The file that the slides came from."))
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=clock.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = SlideDeckQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-id"]

    def __str__(self) -> str:
        return self.title


class Slide(models.Model):
    """One slide: what is seen (words, or a picture), what is said meanwhile, and what the picture says in words."""

    class Sound(models.TextChoices):
        WORDS = "words", _("Read the words below")
        RECORDING = "recording", _("My own recording")
        SILENT = "silent", _("No sound, show for some seconds")

    deck = models.ForeignKey(SlideDeck, on_delete=models.CASCADE, related_name="slides")
    position = models.PositiveIntegerField()
    heading = models.CharField(max_length=200, blank=True)
    items = models.TextField(max_length=4000, blank=True, help_text=_("What stands on the slide, in Markdown."))
    picture = models.ForeignKey(
        "courses.MediaFile", on_delete=models.PROTECT, null=True, blank=True, related_name="slide_pictures"
    )
    described = models.CharField(max_length=1000, blank=True, help_text=_("What the picture says."))
    opens_chapter = models.BooleanField(default=True)
    sound = models.CharField(max_length=10, choices=Sound.choices, default=Sound.WORDS)
    words = models.TextField(max_length=8000, blank=True)
    recording = models.ForeignKey(
        "courses.MediaFile", on_delete=models.PROTECT, null=True, blank=True, related_name="slide_recordings"
    )
    seconds = models.PositiveSmallIntegerField(default=5, help_text=_("How long a silent slide stands."))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["deck_id", "position", "id"]

    def __str__(self) -> str:
        return self.heading or f"{self.deck_id}, {self.position}"
