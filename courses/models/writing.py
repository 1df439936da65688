"""What authors leave while they write: versions of a lesson's text, who is there, and what they say to each other."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock

if TYPE_CHECKING:
    from accounts.models import User


class LessonRevision(models.Model):
    """A lesson's text as one save left it: the base of a merge, and what 'restore' brings back.

    ``version`` is the ``LessonText.version`` which that save gave. Old ones are thinned (``courses.jobs``), never the
    last one of a sitting.
    """

    text = models.ForeignKey("courses.LessonText", on_delete=models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    minutes = models.PositiveIntegerField()
    content = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=clock.now)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    restores = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("The version that this save brought back, if it did.")
    )

    class Meta:
        ordering = ["text_id", "-version"]
        constraints = [models.UniqueConstraint(fields=["text", "version"], name="courses_revision_once")]
        indexes = [models.Index(fields=["saved_at"], name="courses_revision_age")]

    def __str__(self) -> str:
        return f"{self.text_id}, version {self.version}"


class Presence(models.Model):
    """Somebody has a lesson's text open; not seen for a minute means gone. ``client`` is one browser tab."""

    text = models.ForeignKey("courses.LessonText", on_delete=models.CASCADE, related_name="present")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    client = models.CharField(max_length=40)
    seen_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["text", "person", "client"], name="courses_presence_once")]

    def __str__(self) -> str:
        return f"{self.person} at {self.text_id}"


class RemarkQuerySet(models.QuerySet["Remark"]):
    def open(self) -> "RemarkQuerySet":
        return self.filter(settled_at=None)

    def visible_to(self, user: "User") -> "RemarkQuerySet":
        """Remarks are for the authors and reviewers of the course alone."""
        courses = self.model.course.field.related_model.objects.authored_by(user)
        return self.filter(course__in=courses.values("pk"))


class Remark(models.Model):
    """A private word between authors: a note beside a lesson, or a reviewer's comment on a place in it.

    ``quote`` is the passage it is about, as it read then; empty means the whole lesson, and an empty ``lesson_uid`` the
    whole course. ``review`` is set when it was made in a review. Learners never see one, and no folder holds it.
    """

    course = models.ForeignKey("courses.Course", on_delete=models.CASCADE, related_name="remarks")
    review = models.ForeignKey(
        "courses.Review", on_delete=models.CASCADE, null=True, blank=True, related_name="remarks"
    )
    answers = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies")
    lesson_uid = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=12, blank=True)
    quote = models.CharField(max_length=600, blank=True)
    body = models.CharField(max_length=4000)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = RemarkQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["course", "lesson_uid", "settled_at"], name="courses_remark_place")]

    def __str__(self) -> str:
        return self.body[:60]


class HintLeft(models.Model):
    """A hint of the checklist that an author has looked at and leaves. An empty ``lesson_uid`` is the course itself.

    ``mark`` stands for the rule and what it is about (``courses.advice``): when that changes, the hint is another one and
    is shown. No folder and no edition holds it.
    """

    course = models.ForeignKey("courses.Course", on_delete=models.CASCADE, related_name="hints_left")
    lesson_uid = models.CharField(max_length=60, blank=True)
    mark = models.CharField(max_length=64)
    left_at = models.DateTimeField(default=clock.now, editable=False)
    left_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["course_id", "lesson_uid", "id"]
        constraints = [models.UniqueConstraint(fields=["course", "lesson_uid", "mark"], name="courses_hint_left_once")]

    def __str__(self) -> str:
        return f"{self.lesson_uid or '–'}, {self.mark[:12]}"


class LinkCheck(models.Model):
    """What became of asking for an outside address that lessons link to. ``ok`` is empty until somebody asked."""

    url = models.CharField(max_length=800, unique=True)
    ok = models.BooleanField(null=True, blank=True)
    said = models.CharField(max_length=200, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True, db_index=True)

    def __str__(self) -> str:
        return self.url
