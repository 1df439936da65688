"""For site staff. Questions as published, attempts and gradings are evidence: to be read, not changed."""

from django.contrib import admin

from core.admin import ReadOnly
from quizzes.models import Attempt, PartQuestion, Question, QuestionVersion, Result, Slot, SlotMark, Step


@admin.register(Question)
class QuestionAdmin(ReadOnly):
    list_display = ["uid", "course"]
    list_select_related = ["course"]
    search_fields = ["uid", "course__slug"]


@admin.register(QuestionVersion)
class QuestionVersionAdmin(ReadOnly):
    list_display = ["question", "number", "type", "created_at"]
    list_select_related = ["question"]
    list_filter = ["type"]
    search_fields = ["question__uid", "hash"]


@admin.register(PartQuestion)
class PartQuestionAdmin(ReadOnly):
    list_display = ["part_id", "course", "position", "version"]
    list_select_related = ["course", "version__question"]
    search_fields = ["part__hash", "course__slug"]


@admin.register(Attempt)
class AttemptAdmin(ReadOnly):
    list_display = ["learner", "lesson_uid", "purpose", "number", "started_at", "finished_at"]
    list_select_related = ["learner"]
    list_filter = ["purpose"]
    search_fields = ["learner__email", "lesson_uid"]
    date_hierarchy = "started_at"


@admin.register(Slot)
class SlotAdmin(ReadOnly):
    list_display = ["attempt_id", "position", "version", "seed"]
    list_select_related = ["version__question"]


@admin.register(Step)
class StepAdmin(ReadOnly):
    list_display = ["slot_id", "client_id", "seq", "recorded_at"]


@admin.register(Result)
class ResultAdmin(ReadOnly):
    list_display = ["attempt_id", "number", "percent", "passed", "reason", "graded_at"]
    list_filter = ["passed"]


@admin.register(SlotMark)
class SlotMarkAdmin(ReadOnly):
    list_display = ["result_id", "slot_id", "fraction"]
