"""Banks of questions: a question is a row with a history of versions, and each quiz asks versions."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from core import clock
from courses.models import Course, CourseEditor

if TYPE_CHECKING:
    from accounts.models import User

uid_validator = RegexValidator(r"^[A-Za-z0-9-]{1,40}\Z", _("Use letters, digits and hyphens."))


class BankQuerySet(models.QuerySet["Bank"]):
    """Banks as phrases. A course's bank belongs to its editors, an organisation's to its instructors."""

    def visible_to(self, user: "User") -> "BankQuerySet":
        """Banks whose questions ``user`` may read and use."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        teaching = Membership.objects.filter(person=user.pk, is_instructor=True)
        edits = CourseEditor.objects.filter(person=user.pk)
        own = Exists(edits.filter(course=OuterRef("course")))
        shared = Q(audience=Bank.Audience.PUBLIC) & (Exists(teaching) | Exists(edits))
        shared |= Q(audience=Bank.Audience.ORGANISATION, organisation__in=teaching.values("organisation"))
        shared |= Q(audience=Bank.Audience.SHARED) & (
            Q(organisation__in=teaching.values("organisation"))
            | Q(organisation__consortium__in=teaching.values("organisation__consortium"))
        )
        return self.filter(own | shared)

    def editable_by(self, user: "User") -> "BankQuerySet":
        """Banks whose questions ``user`` may write."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        edits = CourseEditor.objects.filter(course=OuterRef("course"), person=user.pk).exclude(
            role=CourseEditor.Role.REVIEWER
        )
        teaching = Membership.objects.filter(person=user.pk, is_instructor=True)
        return self.filter(Exists(edits) | Q(course=None, organisation__in=teaching.values("organisation")))

    def usable_by(self, course: Course) -> "BankQuerySet":
        """Banks from which a quiz of ``course`` may ask: its own, its organisation's, and what is shared with that."""
        found = Q(course=course) | Q(audience=Bank.Audience.PUBLIC)
        if course.organisation_id:
            found |= Q(organisation=course.organisation_id) & ~Q(audience=Bank.Audience.EDITORS)
            found |= Q(audience=Bank.Audience.SHARED, organisation__consortium__organisations=course.organisation_id)
        return self.filter(found)


class Bank(models.Model):
    """Questions kept together. Each course has one of its own; an organisation has as many as it likes."""

    class Audience(models.TextChoices):
        EDITORS = "editors", _("Whoever edits the course")
        ORGANISATION = "organisation", _("Instructors of the library")
        SHARED = "shared", _("Instructors of the consortium")
        PUBLIC = "public", _("All instructors")

    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=200)
    course = models.OneToOneField(
        "courses.Course", on_delete=models.CASCADE, null=True, blank=True, related_name="bank"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="banks"
    )
    audience = models.CharField(max_length=12, choices=Audience.choices, default=Audience.EDITORS)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = BankQuerySet.as_manager()

    class Meta:
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title


class QuestionQuerySet(models.QuerySet["Question"]):
    def visible_to(self, user: "User") -> "QuestionQuerySet":
        return self.filter(bank__in=Bank.objects.visible_to(user))

    def editable_by(self, user: "User") -> "QuestionQuerySet":
        return self.filter(bank__in=Bank.objects.editable_by(user))

    def in_use(self) -> "QuestionQuerySet":
        return self.filter(retired_at=None)


class Question(models.Model):
    """A question under its stable ``uid``; what it says is in its versions.

    ``ready`` is the version that quizzes take from now on, ``draft`` the one that is being written. ``type`` and
    ``words`` repeat the newest of them, so that lists filter and search without opening versions.
    """

    class Difficulty(models.TextChoices):
        EASY = "easy", _("Easy")
        MEDIUM = "medium", _("Medium")
        HARD = "hard", _("Hard")

    bank = models.ForeignKey(Bank, on_delete=models.CASCADE, related_name="questions")
    uid = models.CharField(max_length=40, validators=[uid_validator])
    name = models.CharField(max_length=200, blank=True)
    type = models.CharField(max_length=20)
    words = models.TextField(blank=True, help_text=_("Name and stem as plain text, for search."))
    fingerprint = models.CharField(max_length=64, blank=True, help_text=_("Equal for questions that say the same."))
    topic = models.CharField(max_length=100, blank=True)
    difficulty = models.CharField(max_length=6, choices=Difficulty.choices, blank=True)
    language = models.CharField(max_length=12, blank=True)
    author = models.CharField(max_length=120, blank=True, help_text=_("As it is to be credited."))
    licence = models.CharField(max_length=40, blank=True)
    review_by = models.DateField(null=True, blank=True)
    ready = models.ForeignKey(
        "quizzes.QuestionVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    draft = models.ForeignKey(
        "quizzes.QuestionVersion", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    changed_at = models.DateTimeField(default=clock.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bank", "uid"], name="quizzes_question_uid_once")]
        indexes = [
            models.Index(fields=["bank", "type"], name="quizzes_question_type"),
            models.Index(fields=["bank", "topic"], name="quizzes_question_topic"),
            models.Index(fields=["bank", "difficulty"], name="quizzes_question_difficulty"),
            models.Index(fields=["bank", "review_by"], name="quizzes_question_review"),
            models.Index(fields=["fingerprint"], name="quizzes_question_same"),
        ]

    def __str__(self) -> str:
        return self.name or self.uid


class QuestionTag(models.Model):
    """A word that an author put on a question."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=60)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["question", "name"], name="quizzes_tag_once")]
        indexes = [models.Index(fields=["name"], name="quizzes_tag_name")]

    def __str__(self) -> str:
        return self.name


class QuestionVersion(models.Model):
    """What a question says. A ready version never changes; uid + ``hash`` is its identity across folders.

    A question has at most one draft; its ``revision`` counts the savings, so that two authors do not overwrite each
    other (D14).
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        READY = "ready", _("Ready")

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=5, choices=State.choices, default=State.READY)
    hash = models.CharField(max_length=64)
    type = models.CharField(max_length=20)
    language = models.CharField(max_length=12, blank=True)
    content = models.JSONField()
    note = models.CharField(max_length=200, blank=True, help_text=_("What changed, in a few words."))
    revision = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="quizzes_version_number_once"),
            models.UniqueConstraint(
                fields=["question", "hash"], condition=Q(state="ready"), name="quizzes_version_hash_once"
            ),
            models.UniqueConstraint(fields=["question"], condition=Q(state="draft"), name="quizzes_one_draft"),
        ]

    def __str__(self) -> str:
        return f"{self.question.uid} v{self.number}"


class QuestionFile(models.Model):
    """A file that a version shows, under the name its texts use."""

    version = models.ForeignKey(QuestionVersion, on_delete=models.CASCADE, related_name="files")
    media = models.ForeignKey("courses.MediaFile", on_delete=models.PROTECT, related_name="question_uses")
    name = models.CharField(max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "name"], name="quizzes_file_name_once")]

    def __str__(self) -> str:
        return self.name


class QuestionComment(models.Model):
    """What authors tell each other about a question."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    text = models.TextField(max_length=2000)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.text[:60]


class KnownToDiffer(models.Model):
    """Two questions that look alike and that an author found to be different; ``first`` has the smaller key."""

    first = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="quizzes_differ_once")]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"
