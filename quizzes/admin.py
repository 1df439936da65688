"""For site staff. Questions as published, attempts and gradings are evidence: to be read, not changed."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from quizzes.models import Attempt, PartQuestion, Question, QuestionVersion, Result, Slot, SlotMark, Step


class Evidence(admin.ModelAdmin):
    """Rows that services make and nobody touches by hand."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Question)
class QuestionAdmin(Evidence):
    list_display = ["uid", "course"]
    list_select_related = ["course"]
    search_fields = ["uid", "course__slug"]


@admin.register(QuestionVersion)
class QuestionVersionAdmin(Evidence):
    list_display = ["question", "number", "type", "created_at"]
    list_select_related = ["question"]
    list_filter = ["type"]
    search_fields = ["question__uid", "hash"]


@admin.register(PartQuestion)
class PartQuestionAdmin(Evidence):
    list_display = ["part_id", "course", "position", "version"]
    list_select_related = ["course", "version__question"]
    search_fields = ["part__hash", "course__slug"]


@admin.register(Attempt)
class AttemptAdmin(Evidence):
    list_display = ["learner", "lesson_uid", "purpose", "number", "started_at", "finished_at"]
    list_select_related = ["learner"]
    list_filter = ["purpose"]
    search_fields = ["learner__email", "lesson_uid"]
    date_hierarchy = "started_at"


@admin.register(Slot)
class SlotAdmin(Evidence):
    list_display = ["attempt_id", "position", "version", "seed"]
    list_select_related = ["version__question"]


@admin.register(Step)
class StepAdmin(Evidence):
    list_display = ["slot_id", "client_id", "seq", "recorded_at"]


@admin.register(Result)
class ResultAdmin(Evidence):
    list_display = ["attempt_id", "number", "percent", "passed", "reason", "graded_at"]
    list_filter = ["passed"]


@admin.register(SlotMark)
class SlotMarkAdmin(Evidence):
    list_display = ["result_id", "slot_id", "fraction"]
