"""For site staff. Questions as published, attempts and gradings are evidence: to be read, not changed."""

from django.contrib import admin

from core.admin import ReadOnly
from quizzes.models import (
    Analysis,
    Attempt,
    Bank,
    ExtraAttempt,
    ExtraTime,
    ImportItem,
    KnownToDiffer,
    Marking,
    PartQuestion,
    PracticeCase,
    PracticeMove,
    PracticeRun,
    Question,
    QuestionComment,
    QuestionFile,
    QuestionImport,
    QuestionTag,
    QuestionVersion,
    Regrade,
    RegradeChange,
    Result,
    ReviewCard,
    ReviewItem,
    ReviewLog,
    ReviewPlan,
    ReviewSitting,
    SharedCase,
    Slot,
    SlotMark,
    Step,
    Try,
)


@admin.register(Question)
class QuestionAdmin(ReadOnly):
    list_display = ["uid", "name", "bank", "type", "topic", "changed_at"]
    list_select_related = ["bank"]
    list_filter = ["type", "difficulty"]
    search_fields = ["uid", "name", "bank__slug", "words"]


@admin.register(QuestionVersion)
class QuestionVersionAdmin(ReadOnly):
    list_display = ["question", "number", "state", "type", "created_at"]
    list_select_related = ["question"]
    list_filter = ["state", "type"]
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
    search_fields = ["attempt__learner__email"]


@admin.register(Step)
class StepAdmin(ReadOnly):
    list_display = ["slot_id", "client_id", "seq", "recorded_at"]
    search_fields = ["slot__attempt__learner__email", "client_id"]


@admin.register(Result)
class ResultAdmin(ReadOnly):
    list_display = ["attempt_id", "number", "percent", "passed", "reason", "graded_at"]
    list_filter = ["passed"]
    search_fields = ["attempt__learner__email", "reason"]


@admin.register(SlotMark)
class SlotMarkAdmin(ReadOnly):
    list_display = ["result_id", "slot_id", "fraction"]
    search_fields = ["result__attempt__learner__email"]


@admin.register(Bank)
class BankAdmin(admin.ModelAdmin):
    list_display = ["title", "slug", "organisation", "course", "audience"]
    list_select_related = ["organisation", "course"]
    list_filter = ["audience"]
    search_fields = ["title", "slug"]
    raw_id_fields = ["course", "organisation"]


@admin.register(QuestionTag)
class QuestionTagAdmin(ReadOnly):
    list_display = ["name", "question"]
    list_select_related = ["question"]
    search_fields = ["name"]


@admin.register(QuestionFile)
class QuestionFileAdmin(ReadOnly):
    list_display = ["name", "version_id", "media"]
    list_select_related = ["media"]
    search_fields = ["name", "media__sha256"]


@admin.register(QuestionComment)
class QuestionCommentAdmin(admin.ModelAdmin):
    list_display = ["question", "author", "created_at", "settled_at"]
    list_select_related = ["question", "author"]
    search_fields = ["text", "question__uid"]
    raw_id_fields = ["question", "author", "settled_by"]


@admin.register(KnownToDiffer)
class KnownToDifferAdmin(ReadOnly):
    list_display = ["first_id", "second_id", "by", "at"]
    list_select_related = ["by"]
    search_fields = ["first__uid", "second__uid", "by__email"]


@admin.register(Try)
class TryAdmin(ReadOnly):
    list_display = ["slot_id", "number", "fraction", "recorded_at"]
    search_fields = ["slot__attempt__learner__email"]


@admin.register(Marking)
class MarkingAdmin(ReadOnly):
    list_display = ["slot_id", "number", "marker", "fraction", "marked_at", "reopened_at"]
    list_select_related = ["marker"]
    search_fields = ["slot__attempt__learner__email", "marker__email"]


@admin.register(ExtraTime)
class ExtraTimeAdmin(ReadOnly):
    list_display = ["learner", "course", "percent", "given_by", "given_at"]
    list_select_related = ["learner", "course", "given_by"]
    search_fields = ["learner__email", "course__slug"]


@admin.register(ExtraAttempt)
class ExtraAttemptAdmin(ReadOnly):
    list_display = ["enrolment", "lesson_uid", "number", "given_by", "given_at", "taken_back_at"]
    list_select_related = ["enrolment__learner", "enrolment__course", "given_by"]
    search_fields = ["enrolment__learner__email", "enrolment__course__slug", "lesson_uid"]


@admin.register(QuestionImport)
class QuestionImportAdmin(ReadOnly):
    list_display = ["filename", "bank", "format", "state", "read", "refused", "taken", "created_at"]
    list_select_related = ["bank"]
    list_filter = ["state", "format"]
    search_fields = ["filename", "bank__slug"]


@admin.register(ImportItem)
class ImportItemAdmin(ReadOnly):
    list_display = ["source_id", "number", "line", "name", "reason"]
    search_fields = ["name", "reason"]


@admin.register(Regrade)
class RegradeAdmin(ReadOnly):
    list_display = ["question", "course", "state", "policy", "reason", "by", "created_at", "applied_at"]
    list_select_related = ["question", "course", "by"]
    list_filter = ["state", "policy"]
    search_fields = ["question__uid", "course__slug", "reason"]


@admin.register(RegradeChange)
class RegradeChangeAdmin(ReadOnly):
    list_display = ["regrade_id", "attempt_id", "before", "after", "passed_before", "passed_after", "applied_at"]
    search_fields = ["attempt__learner__email", "regrade__course__slug"]


@admin.register(Analysis)
class AnalysisAdmin(ReadOnly):
    list_display = ["key", "attempts", "computed_at", "wanted_at"]
    search_fields = ["key"]


@admin.register(PracticeCase)
class PracticeCaseAdmin(ReadOnly):
    list_display = ["title", "engine", "level", "course", "position"]
    list_select_related = ["course"]
    list_filter = ["engine", "level"]
    search_fields = ["title", "uid", "course__slug"]


@admin.register(PracticeRun)
class PracticeRunAdmin(ReadOnly):
    list_display = ["learner", "engine", "case_uid", "purpose", "number", "percent", "started_at", "finished_at"]
    list_select_related = ["learner"]
    list_filter = ["engine", "purpose", "mode"]
    search_fields = ["learner__email", "case_uid", "lesson_uid"]
    date_hierarchy = "started_at"


@admin.register(PracticeMove)
class PracticeMoveAdmin(ReadOnly):
    list_display = ["run_id", "number", "move", "undone", "made_at"]
    list_filter = ["undone"]
    search_fields = ["run__learner__email", "run__case_uid"]


@admin.register(SharedCase)
class SharedCaseAdmin(ReadOnly):
    list_display = ["title", "engine", "level", "topic", "audience", "credit", "shared_at", "withdrawn_at"]
    list_filter = ["engine", "level", "topic", "audience"]
    search_fields = ["title", "uid", "credit", "course__slug"]
    date_hierarchy = "shared_at"


@admin.register(ReviewItem)
class ReviewItemAdmin(ReadOnly):
    list_display = ["key", "kind", "topic", "course", "created_at"]
    list_select_related = ["course"]
    list_filter = ["kind", "topic"]
    search_fields = ["key", "words"]


@admin.register(ReviewCard)
class ReviewCardAdmin(ReadOnly):
    list_display = ["learner", "item", "source", "due_at", "suspended_at"]
    list_select_related = ["learner", "item"]
    list_filter = ["source"]
    search_fields = ["learner__email", "item__key"]


@admin.register(ReviewLog)
class ReviewLogAdmin(ReadOnly):
    list_display = ["learner", "card_id", "number", "kind", "at"]
    list_select_related = ["learner"]
    list_filter = ["kind"]
    search_fields = ["learner__email", "card__item__key"]


@admin.register(ReviewPlan)
class ReviewPlanAdmin(ReadOnly):
    list_display = ["learner", "minutes", "per_day", "per_week", "paused_at", "remind"]
    list_select_related = ["learner"]
    search_fields = ["learner__email"]


@admin.register(ReviewSitting)
class ReviewSittingAdmin(ReadOnly):
    list_display = ["learner", "started_at", "ended_at"]
    list_select_related = ["learner"]
    search_fields = ["learner__email"]
