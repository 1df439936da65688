"""Editions: immutable, hashed records of a whole course as learners see it (D1, D2)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class EditionKind(models.TextChoices):
    MINOR = "minor", _("Minor: learners move up at once, nothing is asked again")
    REFRESH = "refresh", _("Refresh: only changed lessons are asked again")
    REDO = "redo", _("Redo: learners choose to keep their edition or to move")
    PREVIEW = "preview", _("Preview")


class EditionQuerySet(models.QuerySet["Edition"]):
    def published(self) -> "EditionQuerySet":
        return self.filter(number__isnull=False)


class Edition(models.Model):
    """One edition. ``hash`` is SHA-256 over the canonical JSON of its sources and media hashes."""

    course = models.ForeignKey("courses.Course", on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField(null=True, blank=True)
    kind = models.CharField(max_length=8, choices=EditionKind.choices)
    note = models.CharField(max_length=500, blank=True)
    hash = models.CharField(max_length=64, db_index=True)
    languages = models.JSONField(default=list)  # the first is what readers get where a translation is missing
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    token = models.CharField(max_length=64, null=True, blank=True, unique=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    # Open enrolments still to be moved up: the row is the outbox of the moving job (D12).
    moves_done_at = models.DateTimeField(null=True, blank=True)
    moves_claimed_at = models.DateTimeField(null=True, blank=True)
    # When the search index was written from it; the sweep finds a current edition without.
    indexed_at = models.DateTimeField(null=True, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["course_id", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "number"], condition=Q(number__isnull=False), name="courses_edition_number_once"
            ),
            models.CheckConstraint(
                condition=Q(kind=EditionKind.PREVIEW, number__isnull=True)
                | (~Q(kind=EditionKind.PREVIEW) & Q(number__isnull=False)),
                name="courses_edition_number_or_preview",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course.code}, edition {self.number}" if self.number else f"{self.course.code}, preview"


class EditionPart(models.Model):
    """A content-addressed piece, shared between editions and forks.

    ``source`` is canonical JSON as text, never changed; ``rendered`` is derived JSON, rebuilt by ``rerender_editions``.
    """

    hash = models.CharField(max_length=64, primary_key=True)
    source = models.TextField()
    rendered = models.JSONField(default=dict)
    render_version = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.hash[:12]


class EditionText(models.Model):
    """The course in one language: what lists need as columns, the rest (module titles, objectives) in the part."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    summary = models.CharField(max_length=600)
    minutes = models.PositiveIntegerField()
    lesson_count = models.PositiveIntegerField()
    part = models.ForeignKey(EditionPart, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "language"], name="courses_edition_text_once")]
        indexes = [models.Index(fields=["language", "minutes"], name="courses_edition_text_minutes")]

    def __str__(self) -> str:
        return self.title


class EditionLesson(models.Model):
    """A lesson of an edition. ``rev`` = number of the last edition that demands this lesson again (D3a)."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="lessons")
    uid = models.CharField(max_length=60)
    module = models.CharField(max_length=60)
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    rule = models.JSONField(default=dict)
    rev = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["edition_id", "position"]
        constraints = [models.UniqueConstraint(fields=["edition", "uid"], name="courses_edition_lesson_once")]
        indexes = [models.Index(fields=["edition", "position"], name="courses_edition_outline")]

    def __str__(self) -> str:
        return self.uid


class EditionLessonText(models.Model):
    edition_lesson = models.ForeignKey(EditionLesson, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    minutes = models.PositiveIntegerField()
    part = models.ForeignKey(EditionPart, on_delete=models.PROTECT, related_name="lesson_texts")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition_lesson", "language"], name="courses_edition_lesson_text_once")
        ]

    def __str__(self) -> str:
        return self.title


class EditionMedia(models.Model):
    """A file that an edition needs; while this row stands, the file stays."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="media")
    media = models.ForeignKey("courses.MediaFile", on_delete=models.PROTECT, related_name="edition_uses")
    name = models.CharField(max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "name"], name="courses_edition_media_once")]

    def __str__(self) -> str:
        return self.name
