"""Drafts: what instructors edit, and who may see a course (D14, D15)."""

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from core import clock

if TYPE_CHECKING:
    from accounts.models import User

uid_validator = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z", _("Use small letters, digits and single hyphens."))


class Topic(models.TextChoices):
    """Subjects, each with a cloth of its own."""

    BORROWING = "borrowing", _("Borrowing")
    LENDING = "lending", _("Lending")
    COPYRIGHT = "copyright", _("Copyright")
    CITATIONS = "citations", _("Citations and discovery")
    INTERNATIONAL = "international", _("International")
    CARE = "care", _("Patrons and care")
    SYSTEMS = "systems", _("Systems")
    LEADING = "leading", _("Leading and assessment")


CLOTH = {
    Topic.BORROWING: "borrow",
    Topic.LENDING: "lend",
    Topic.COPYRIGHT: "copyright",
    Topic.CITATIONS: "find",
    Topic.INTERNATIONAL: "world",
    Topic.CARE: "care",
    Topic.SYSTEMS: "systems",
    Topic.LEADING: "lead",
}


class Level(models.TextChoices):
    BASIC = "basic", _("Basic")
    WORKING = "working", _("Working")
    ADVANCED = "advanced", _("Advanced")


class Audience(models.TextChoices):
    PUBLIC = "public", _("Everyone")
    SHARED = "shared", _("The owner’s consortium")
    ORGANISATION = "organisation", _("The owner’s library")
    UNLISTED = "unlisted", _("Whoever has the address")


class CourseQuerySet(models.QuerySet["Course"]):
    """Courses as phrases."""

    def published(self) -> "CourseQuerySet":
        return self.filter(current_edition__isnull=False)

    def _open_to(self, user: "User") -> Q:
        """Audience alone: published, not archived, meant for this person."""
        audience = Q(audience__in=[Audience.PUBLIC, Audience.UNLISTED])
        if user.is_authenticated:
            # Sub-queries, not joins: a join over all members of a consortium grows with everybody else.
            own = Membership.objects.filter(person=user.pk)
            audience |= Q(
                audience__in=[Audience.ORGANISATION, Audience.SHARED], organisation__in=own.values("organisation")
            ) | Q(audience=Audience.SHARED, organisation__consortium__in=own.values("organisation__consortium"))
        return audience & Q(current_edition__isnull=False, archived_at=None)

    def editable_by(self, user: "User") -> "CourseQuerySet":
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        return self.filter(
            Exists(
                CourseEditor.objects.filter(course=OuterRef("pk"), person=user).exclude(role=CourseEditor.Role.REVIEWER)
            )
        )

    def authored_by(self, user: "User") -> "CourseQuerySet":
        """Courses whose draft ``user`` may see: editors, and reviewers too."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        return self.filter(Exists(CourseEditor.objects.filter(course=OuterRef("pk"), person=user)))

    def manageable_by(self, user: "User") -> "CourseQuerySet":
        """Courses whose people ``user`` may arrange: as an owner, or as a manager of the organisation that owns it."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        owns = CourseEditor.objects.filter(course=OuterRef("pk"), person=user, role=CourseEditor.Role.OWNER)
        managed = Membership.objects.filter(person=user, is_manager=True)
        return self.filter(Q(Exists(owns)) | Q(organisation__in=managed.values("organisation")))

    def stale(self, today: dt.date) -> "CourseQuerySet":
        """Courses that nobody has looked at by the day somebody should have."""
        return self.filter(archived_at=None, review_by__lt=today)

    def visible_to(self, user: "User") -> "CourseQuerySet":
        """Look-up (D15): its audience, its editors, whoever was ever enrolled, whoever holds a grant."""
        if user.is_authenticated and user.is_superuser:
            return self.all()
        seen = self._open_to(user)
        if user.is_authenticated:
            from_grant = CourseGrant.objects.filter(course=OuterRef("pk"), person=user)
            edits = CourseEditor.objects.filter(course=OuterRef("pk"), person=user)
            enrolled = self.model.enrolments.rel.related_model.objects.filter(course=OuterRef("pk"), learner=user)
            seen = seen | Q(Exists(edits)) | Q(Exists(enrolled)) | Q(Exists(from_grant))
        return self.filter(seen)

    def listed_for(self, user: "User") -> "CourseQuerySet":
        """Catalogue, search, API lists: published, not archived, not unlisted, and meant for this person."""
        mine = Q(pk__in=[])
        if user.is_authenticated:
            mine = Q(Exists(CourseGrant.objects.filter(course=OuterRef("pk"), person=user)))
        return self.filter(self._open_to(user) | mine, current_edition__isnull=False, archived_at=None).exclude(
            audience=Audience.UNLISTED
        )


class Course(models.Model):
    """A course as its authors keep it. Learners read its editions."""

    slug = models.SlugField(max_length=80, unique=True)
    code = models.CharField(_("code"), max_length=20, help_text=_("As on the spine label: BOR 101."))
    organisation = models.ForeignKey(
        "accounts.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="courses",
        help_text=_("Empty: the commons."),
    )
    audience = models.CharField(max_length=12, choices=Audience.choices, default=Audience.ORGANISATION)
    topic = models.CharField(max_length=16, choices=Topic.choices)
    level = models.CharField(max_length=10, choices=Level.choices, default=Level.BASIC)
    licence = models.CharField(max_length=40, default="CC-BY-4.0")
    languages = models.JSONField(default=list, help_text=_("Language codes; the first is the fallback."))
    competencies = models.JSONField(default=list, blank=True)
    credits = models.JSONField(default=list, blank=True)
    legal = models.BooleanField(_("training, not legal advice"), default=False)
    checked_on = models.DateField(_("facts last checked"), null=True, blank=True)
    certificate_valid_days = models.PositiveIntegerField(null=True, blank=True)
    review_by = models.DateField(
        _("look at it again by"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("After that day it is called stale."),
    )
    version = models.PositiveIntegerField(default=1)
    current_edition = models.ForeignKey(
        "courses.Edition", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["code", "id"]
        indexes = [
            models.Index(fields=["topic", "level"], name="courses_course_facets"),
            models.Index(fields=["audience"], name="courses_course_audience"),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.slug})"

    @property
    def cloth(self) -> str:
        """The colour of its spine."""
        return CLOTH[Topic(self.topic)]

    def is_stale(self, today: dt.date) -> bool:
        """Should somebody have looked at it by now? The day itself is still in time."""
        return self.archived_at is None and self.review_by is not None and self.review_by < today

    @property
    def first_language(self) -> str:
        return self.languages[0] if self.languages else "en"


class CourseText(models.Model):
    """What a course says about itself in one language."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    summary = models.CharField(max_length=600)
    for_whom = models.CharField(max_length=400, blank=True)
    objectives = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "language"], name="courses_text_once")]

    def __str__(self) -> str:
        return self.title


class CourseSlug(models.Model):
    """An address that a course had before; it redirects."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="old_slugs")
    slug = models.SlugField(max_length=80, unique=True)

    def __str__(self) -> str:
        return self.slug


class CourseEditor(models.Model):
    """Who may work on a course."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        EDITOR = "editor", _("Editor")
        REVIEWER = "reviewer", _("Reviewer")

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="editors")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="edited_courses")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.EDITOR)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "person"], name="courses_editor_once")]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}"


class CourseGrant(models.Model):
    """Somebody opened a course to a person whom its audience leaves out; assigning writes one (D15)."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="grants")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="course_grants")
    source = models.CharField(max_length=60)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "person", "source"], name="courses_grant_once")]

    def __str__(self) -> str:
        return f"{self.course}: {self.person}"


class DraftManager(models.Manager[Any]):
    """Rows of a draft as it stands: what was archived is not part of it, and only ``everything`` still finds it."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(archived_at=None)


class Module(models.Model):
    """A part of a draft. ``objects`` (and so ``course.modules``) leaves archived ones out."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="modules")
    uid = models.CharField(max_length=60, validators=[uid_validator])
    position = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = DraftManager()
    everything = models.Manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["course", "uid"], name="courses_module_uid_once")]

    def __str__(self) -> str:
        return self.uid


class ModuleText(models.Model):
    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=12)
    title = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["module", "language"], name="courses_module_text_once")]

    def __str__(self) -> str:
        return self.title


class Lesson(models.Model):
    """A lesson of a draft: what does not depend on language. ``uid`` is its URL segment and never changes.

    ``ready`` is its author's word that it may be published. ``objects`` (and so ``course.lessons``) leaves archived
    lessons out; their uids stay taken.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="lessons")
    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="lessons")
    uid = models.CharField(max_length=60, validators=[uid_validator])
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    rule = models.JSONField(default=dict, blank=True)
    facts = models.JSONField(default=list, blank=True)
    ready = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    archived_at = models.DateTimeField(null=True, blank=True)
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = DraftManager()
    everything = models.Manager()

    class Meta:
        ordering = ["module__position", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["course", "uid"], name="courses_lesson_uid_once")]

    def __str__(self) -> str:
        return self.uid


class LessonText(models.Model):
    """A lesson of a draft in one language. ``content`` is the kind's own shape (its ``content_schema``).

    ``objects`` (and so ``lesson.texts``) leaves out what a folder or an older edition left out; it rests with its history
    until its language is added to the lesson again.
    """

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    minutes = models.PositiveIntegerField()
    content = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=clock.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    archived_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar["models.Manager[LessonText]"] = DraftManager()
    everything = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lesson", "language"], name="courses_lesson_text_once")]

    def __str__(self) -> str:
        return self.title
