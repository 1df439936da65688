"""Questions on their way in: a file is read into items, somebody looks at them, then they are taken."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from quizzes.models.bank import Bank, Question

if TYPE_CHECKING:
    from accounts.models import User


class QuestionImportQuerySet(models.QuerySet["QuestionImport"]):
    def visible_to(self, user: "User") -> "QuestionImportQuerySet":
        return self.filter(bank__in=Bank.objects.editable_by(user))


class QuestionImport(models.Model):
    """A file of questions for a bank, and how far it has got. ``lease_until`` is held by the job at work."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to be read")
        READ = "read", _("read: look at it")
        WANTED = "wanted", _("being taken")
        TAKEN = "taken", _("taken")
        FAILED = "failed", _("cannot be read")
        UNDONE = "undone", _("undone")

    bank = models.ForeignKey(Bank, on_delete=models.CASCADE, related_name="imports")
    format = models.CharField(max_length=12)
    filename = models.CharField(max_length=200)
    file = models.FileField(upload_to="question-imports/%Y/%m/", blank=True)
    language = models.CharField(max_length=12, blank=True)
    strict = models.BooleanField(default=False, help_text=_("All or nothing."))
    as_ready = models.BooleanField(default=False, help_text=_("Taken as ready, not as drafts."))
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    fault = models.CharField(max_length=500, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    position = models.PositiveBigIntegerField(default=0, help_text=_("Bytes read so far."))
    read = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)

    objects = QuestionImportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "lease_until"], name="quizzes_import_state")]

    def __str__(self) -> str:
        return self.filename


class ImportItem(models.Model):
    """One question of a file: its content, or the ``reason`` why it cannot be taken."""

    source = models.ForeignKey(QuestionImport, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveIntegerField()
    line = models.PositiveIntegerField(null=True, blank=True)
    path = models.CharField(max_length=300, blank=True)
    name = models.CharField(max_length=200, blank=True)
    content = models.JSONField(null=True)
    meta = models.JSONField(default=dict)
    files = models.JSONField(default=dict, help_text=_("Name to sha256."))
    warnings = models.JSONField(default=list)
    reason = models.CharField(max_length=1000, blank=True)
    question = models.ForeignKey(Question, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="quizzes_item_once")]

    def __str__(self) -> str:
        return f"{self.source_id}/{self.number}"
