"""The organisation's library: lessons and media that courses take from one shelf, with licence and source."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from core import clock

if TYPE_CHECKING:
    from accounts.models import User


class LibraryItemQuerySet(models.QuerySet["LibraryItem"]):
    def offered(self) -> "LibraryItemQuerySet":
        return self.filter(withdrawn_at=None)

    def visible_to(self, user: "User") -> "LibraryItemQuerySet":
        """The shelf of one's own organisations."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        return self.filter(organisation__in=Membership.objects.filter(person=user.pk).values("organisation"))


class LibraryItem(models.Model):
    """A lesson or a file to be used again.

    A lesson keeps ``lesson``: kind, rule and each language's title, minutes and content, the same shape as
    ``courses.spec.LessonSpec``, and its files in ``files``. A file is the one row in ``files``.
    """

    class Kind(models.TextChoices):
        LESSON = "lesson", _("Lesson")
        MEDIA = "media", _("File")

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, related_name="library")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    title = models.CharField(max_length=200)
    description = models.CharField(max_length=1000, blank=True)
    topic = models.CharField(max_length=16, blank=True)
    licence = models.CharField(max_length=40)
    source = models.CharField(max_length=400, blank=True, help_text=_("Where it comes from, as it is to be credited."))
    lesson = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    changed_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = LibraryItemQuerySet.as_manager()

    class Meta:
        ordering = ["title", "id"]
        indexes = [models.Index(fields=["organisation", "kind", "topic"], name="courses_library_facets")]

    def __str__(self) -> str:
        return self.title


class LibraryFile(models.Model):
    """A file that an item of the library needs; while this row stands, the file stays."""

    item = models.ForeignKey(LibraryItem, on_delete=models.CASCADE, related_name="files")
    media = models.ForeignKey("courses.MediaFile", on_delete=models.PROTECT, related_name="library_uses")
    name = models.CharField(max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "name"], name="courses_library_file_once")]

    def __str__(self) -> str:
        return self.name


class LibraryUse(models.Model):
    """A course took an item of the library: as the lesson ``lesson_uid``, or as a file called ``name``."""

    item = models.ForeignKey(LibraryItem, on_delete=models.CASCADE, related_name="uses")
    course = models.ForeignKey("courses.Course", on_delete=models.CASCADE, related_name="library_uses")
    lesson_uid = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=150, blank=True)
    item_version = models.PositiveIntegerField(default=1)
    taken_at = models.DateTimeField(default=clock.now, editable=False)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "course", "lesson_uid", "name"], name="courses_library_use_once")
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.course}"
