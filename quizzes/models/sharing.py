"""Practice cases that authors lend each other: what was shared is a copy, taken and changed without touching the other."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from core import clock
from courses.models import CourseEditor, Level, Topic

if TYPE_CHECKING:
    from accounts.models import User


class SharedCaseQuerySet(models.QuerySet["SharedCase"]):
    """Shared cases as phrases: the course's editors keep them, an audience takes them."""

    def visible_to(self, user: "User") -> "SharedCaseQuerySet":
        """Cases that ``user`` may read and take; withdrawn ones stay with those who keep them."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        teaching = Membership.objects.filter(person=user.pk, is_instructor=True)
        edits = CourseEditor.objects.filter(person=user.pk)
        offered = Q(audience=SharedCase.Audience.PUBLIC) & (Exists(teaching) | Exists(edits))
        offered |= Q(audience=SharedCase.Audience.ORGANISATION, organisation__in=teaching.values("organisation"))
        offered |= Q(audience=SharedCase.Audience.SHARED) & (
            Q(organisation__in=teaching.values("organisation"))
            | Q(organisation__consortium__in=teaching.values("organisation__consortium"))
        )
        return self.filter(Exists(edits.filter(course=OuterRef("course"))) | (offered & Q(withdrawn_at=None)))

    def editable_by(self, user: "User") -> "SharedCaseQuerySet":
        """Cases that ``user`` may withdraw: those of courses that they write."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        edits = CourseEditor.objects.filter(course=OuterRef("course"), person=user.pk)
        return self.filter(Exists(edits.exclude(role=CourseEditor.Role.REVIEWER)))

    def offered(self) -> "SharedCaseQuerySet":
        return self.filter(withdrawn_at=None)


class SharedCase(models.Model):
    """A case as it was when it was shared. ``uid`` is its name wherever it goes; ``forked_from`` is what it came of."""

    class Audience(models.TextChoices):
        ORGANISATION = "organisation", _("Instructors of the library")
        SHARED = "shared", _("Instructors of the consortium")
        PUBLIC = "public", _("All instructors")

    uid = models.CharField(max_length=40, unique=True)
    engine = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    level = models.CharField(max_length=8, choices=Level.choices, default=Level.WORKING)
    topic = models.CharField(max_length=20, choices=Topic.choices)
    words = models.TextField(help_text=_("Title and situation as plain text, for search."))
    content = models.JSONField()
    licence = models.CharField(max_length=40)
    credit = models.CharField(max_length=120, help_text=_("Who is to be credited."))
    audience = models.CharField(max_length=12, choices=Audience.choices, default=Audience.ORGANISATION)
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    course = models.ForeignKey("courses.Course", on_delete=models.CASCADE, related_name="shared_cases")
    lesson_uid = models.CharField(max_length=60)
    language = models.CharField(max_length=12)
    case_uid = models.CharField(max_length=40)
    forked_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="forks")
    shared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    shared_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = SharedCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-shared_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "lesson_uid", "language", "case_uid"], name="quizzes_shared_case_once"
            )
        ]
        indexes = [models.Index(fields=["engine", "level"], name="quizzes_shared_engine")]

    def __str__(self) -> str:
        return self.title
