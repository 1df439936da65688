"""Media files, content-addressed (D11)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock


class MediaFile(models.Model):
    """A file kept at ``<sha[:2]>/<sha>`` in the media storage.

    ``duration_ms`` is read from a video's container; ``fault`` says, for its author, why a file cannot be used.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    type = models.CharField(_("media type"), max_length=80)
    owner = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="media"
    )
    licence = models.CharField(max_length=40, blank=True)
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    fault = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    unused_since = models.DateTimeField(null=True, blank=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.sha256[:12]} ({self.type})"

    @property
    def path(self) -> str:
        """Its name in the storage."""
        return f"{self.sha256[:2]}/{self.sha256}"


class CourseMedia(models.Model):
    """A file that a draft holds under a name."""

    course = models.ForeignKey("courses.Course", on_delete=models.CASCADE, related_name="media")
    media = models.ForeignKey(MediaFile, on_delete=models.PROTECT, related_name="course_uses")
    name = models.CharField(max_length=150)
    licence = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=400, blank=True, help_text=_("Where it comes from, as it is to be credited."))
    added_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "name"], name="courses_media_name_once")]

    def __str__(self) -> str:
        return self.name
