"""For site staff. What was published and who learns what is evidence: it can be read here, not changed."""

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from core import kept_pages
from core.admin import ReadOnly
from courses import studio_admin  # noqa: F401  (its registrations belong to this room)
from courses.models import (
    Course,
    CourseEditor,
    CourseGrant,
    CourseMedia,
    CourseSlug,
    CourseText,
    Edition,
    EditionLesson,
    EditionLessonText,
    EditionMedia,
    EditionPart,
    EditionText,
    Enrolment,
    Lesson,
    LessonReport,
    LessonText,
    MediaFile,
    Module,
    ModuleText,
    SearchDocument,
)


class CourseTextInline(admin.TabularInline):
    model = CourseText
    extra = 0
    fields = ["language", "title", "summary"]


class CourseEditorInline(admin.TabularInline):
    model = CourseEditor
    extra = 0
    autocomplete_fields = ["person"]


class CourseSlugInline(admin.TabularInline):
    model = CourseSlug
    extra = 0


@admin.register(Course)
class CourseAdmin(admin.ModelAdmin):
    """Who owns and edits a course, and who may see it. Its content is edited on the author pages."""

    list_display = ["code", "slug", "organisation", "audience", "topic", "level", "current_edition", "archived_at"]
    list_select_related = ["organisation", "current_edition__course"]
    list_filter = ["audience", "topic", "level"]
    search_fields = ["code", "slug", "texts__title"]
    autocomplete_fields = ["organisation"]
    readonly_fields = ["current_edition", "version", "created_at"]
    inlines = [CourseTextInline, CourseEditorInline, CourseSlugInline]

    def has_delete_permission(self, request: HttpRequest, obj: Course | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Course, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        kept_pages.throw_away()


@admin.register(CourseGrant)
class CourseGrantAdmin(admin.ModelAdmin):
    list_display = ["course", "person", "source", "created_at"]
    list_select_related = ["course", "person"]
    search_fields = ["course__slug", "person__email", "person__name"]
    autocomplete_fields = ["course", "person"]


@admin.register(Module)
class ModuleAdmin(ReadOnly):
    list_display = ["course", "uid", "position", "archived_at"]
    list_select_related = ["course"]
    search_fields = ["uid", "course__slug"]


@admin.register(ModuleText)
class ModuleTextAdmin(ReadOnly):
    list_display = ["module", "language", "title"]
    list_select_related = ["module"]
    search_fields = ["title"]


@admin.register(Lesson)
class LessonAdmin(ReadOnly):
    list_display = ["course", "uid", "kind", "position", "version"]
    list_select_related = ["course"]
    list_filter = ["kind"]
    search_fields = ["uid", "course__slug"]


@admin.register(LessonText)
class LessonTextAdmin(ReadOnly):
    list_display = ["lesson", "language", "title", "minutes", "version", "changed_at", "changed_by"]
    list_select_related = ["lesson", "changed_by"]
    search_fields = ["title", "lesson__uid"]


@admin.register(Edition)
class EditionAdmin(ReadOnly):
    list_display = ["course", "number", "kind", "published_at", "published_by", "moves_done_at"]
    list_select_related = ["course", "published_by"]
    list_filter = ["kind"]
    search_fields = ["course__slug", "course__code", "hash"]
    exclude = ["token"]  # whoever holds it reads the preview


@admin.register(EditionLesson)
class EditionLessonAdmin(ReadOnly):
    list_display = ["edition", "uid", "kind", "position", "rev"]
    list_select_related = ["edition__course"]
    search_fields = ["uid", "edition__course__slug"]


@admin.register(EditionText)
class EditionTextAdmin(ReadOnly):
    list_display = ["edition", "language", "title", "minutes", "lesson_count"]
    list_select_related = ["edition__course"]
    search_fields = ["title"]


@admin.register(EditionLessonText)
class EditionLessonTextAdmin(ReadOnly):
    list_display = ["edition_lesson", "language", "title", "minutes"]
    list_select_related = ["edition_lesson"]
    search_fields = ["title"]


@admin.register(EditionPart)
class EditionPartAdmin(ReadOnly):
    list_display = ["hash", "render_version"]
    search_fields = ["hash"]


@admin.register(EditionMedia, CourseMedia)
class MediaUseAdmin(ReadOnly):
    list_display = ["name", "media"]
    list_select_related = ["media"]
    search_fields = ["name", "media__sha256"]


@admin.register(MediaFile)
class MediaFileAdmin(ReadOnly):
    list_display = ["sha256", "type", "size", "owner", "fault", "unused_since"]
    list_select_related = ["owner"]
    list_filter = ["type"]
    search_fields = ["sha256"]


@admin.register(Enrolment)
class EnrolmentAdmin(ReadOnly):
    list_display = ["learner", "course", "cycle", "edition", "opened_at", "closed_at", "close_reason"]
    list_select_related = ["learner", "course", "edition__course"]
    list_filter = ["close_reason"]
    search_fields = ["learner__email", "learner__name", "course__slug"]


@admin.register(LessonReport)
class LessonReportAdmin(ReadOnly):
    list_display = ["course", "lesson_uid", "reporter", "created_at", "settled_at"]
    list_select_related = ["course", "reporter"]
    search_fields = ["text", "lesson_uid", "course__slug"]


@admin.register(SearchDocument)
class SearchDocumentAdmin(ReadOnly):
    list_display = ["kind", "key", "language", "title"]
    list_filter = ["kind", "language"]
    search_fields = ["title", "key"]
