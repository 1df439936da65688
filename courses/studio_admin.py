"""The studio for site staff: what authors leave while they work. Read here, changed on the author pages."""

from django.contrib import admin

from core.admin import ReadOnly
from courses.models import (
    CourseLook,
    HintLeft,
    LessonFeedback,
    LessonRevision,
    LibraryFile,
    LibraryItem,
    LibraryUse,
    LinkCheck,
    MediaJob,
    Presence,
    PublishPlan,
    Remark,
    Review,
    ReviewPolicy,
    ReviewVerdict,
    Slide,
    SlideDeck,
    Upload,
)


@admin.register(LessonRevision)
class LessonRevisionAdmin(ReadOnly):
    list_display = ["text", "version", "title", "saved_at", "saved_by"]
    list_select_related = ["text", "saved_by"]
    search_fields = ["title", "text__lesson__uid", "text__lesson__course__slug"]


@admin.register(HintLeft)
class HintLeftAdmin(ReadOnly):
    list_display = ["course", "lesson_uid", "left_at", "left_by"]
    list_select_related = ["course", "left_by"]
    search_fields = ["course__slug", "lesson_uid"]


@admin.register(Presence)
class PresenceAdmin(ReadOnly):
    list_display = ["text", "person", "seen_at"]
    list_select_related = ["text", "person"]
    search_fields = ["person__email", "person__name"]


@admin.register(Remark)
class RemarkAdmin(ReadOnly):
    list_display = ["course", "lesson_uid", "author", "created_at", "settled_at"]
    list_select_related = ["course", "author"]
    list_filter = ["settled_at"]
    search_fields = ["body", "course__slug", "lesson_uid"]


@admin.register(LinkCheck)
class LinkCheckAdmin(ReadOnly):
    list_display = ["url", "ok", "said", "checked_at"]
    list_filter = ["ok"]
    search_fields = ["url"]


@admin.register(LessonFeedback)
class LessonFeedbackAdmin(ReadOnly):
    list_display = ["course", "lesson_uid", "clear", "given_at"]
    list_select_related = ["course"]
    list_filter = ["clear"]
    search_fields = ["course__slug", "lesson_uid", "words"]


@admin.register(Upload)
class UploadAdmin(ReadOnly):
    list_display = ["name", "course", "person", "purpose", "received", "size", "state", "changed_at"]
    list_select_related = ["course", "person"]
    list_filter = ["state", "purpose"]
    search_fields = ["name", "course__slug", "person__email"]


@admin.register(MediaJob)
class MediaJobAdmin(ReadOnly):
    """The first place to look when an author says that a video does not come."""

    list_display = ["title", "kind", "course", "state", "step", "progress", "attempts", "created_at", "finished_at"]
    list_select_related = ["course"]
    list_filter = ["state", "kind"]
    search_fields = ["title", "course__slug", "uid"]


@admin.register(SlideDeck)
class SlideDeckAdmin(ReadOnly):
    list_display = ["title", "course", "language", "changed_at", "changed_by"]
    list_select_related = ["course", "changed_by"]
    search_fields = ["title", "course__slug"]


@admin.register(Slide)
class SlideAdmin(ReadOnly):
    list_display = ["deck", "position", "heading", "sound"]
    list_select_related = ["deck"]
    search_fields = ["heading", "deck__title"]


@admin.register(ReviewPolicy)
class ReviewPolicyAdmin(admin.ModelAdmin):
    list_display = ["organisation", "approvals", "review_months", "changed_at"]
    list_select_related = ["organisation"]
    search_fields = ["organisation__name"]
    autocomplete_fields = ["organisation", "required"]


@admin.register(Review)
class ReviewAdmin(ReadOnly):
    list_display = ["course", "asked_by", "asked_at", "closed_at"]
    list_select_related = ["course", "asked_by"]
    search_fields = ["course__slug", "note"]


@admin.register(ReviewVerdict)
class ReviewVerdictAdmin(ReadOnly):
    list_display = ["review", "person", "verdict", "given_at"]
    list_select_related = ["review__course", "person"]
    list_filter = ["verdict"]
    search_fields = ["person__email", "review__course__slug"]


@admin.register(PublishPlan)
class PublishPlanAdmin(ReadOnly):
    list_display = ["course", "kind", "due_at", "state", "said", "planned_by"]
    list_select_related = ["course", "planned_by"]
    list_filter = ["state"]
    search_fields = ["course__slug", "note"]


@admin.register(LibraryItem)
class LibraryItemAdmin(ReadOnly):
    list_display = ["title", "organisation", "kind", "licence", "author", "changed_at", "withdrawn_at"]
    list_select_related = ["organisation", "author"]
    list_filter = ["kind"]
    search_fields = ["title", "description", "organisation__name"]


@admin.register(LibraryFile)
class LibraryFileAdmin(ReadOnly):
    list_display = ["item", "name", "media"]
    list_select_related = ["item", "media"]
    search_fields = ["name", "item__title"]


@admin.register(LibraryUse)
class LibraryUseAdmin(ReadOnly):
    list_display = ["item", "course", "lesson_uid", "name", "taken_at"]
    list_select_related = ["item", "course"]
    search_fields = ["item__title", "course__slug"]


@admin.register(CourseLook)
class CourseLookAdmin(ReadOnly):
    list_display = ["course", "looked_at", "looked_by", "next_on"]
    list_select_related = ["course", "looked_by"]
    search_fields = ["course__slug", "note"]
