"""ReadOnly for site staff: to be looked at, and changed only through the services."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.admin import ReadOnly
from core.errors import DomainError
from courses.models import Enrolment
from progress.models import (
    Assignment,
    Certificate,
    Completion,
    CourseState,
    Event,
    FilmCurve,
    LessonState,
    Obligation,
    VideoSession,
)
from progress.services.assigning import restore, withdraw
from progress.services.certifying import render_again, revoke
from progress.services.rebuilding import rebuild
from progress.services.resetting import reset


class WithReason(ReadOnly):
    """Actions that ask for a reason on a page of their own first."""

    def ask(
        self, request: HttpRequest, rows: QuerySet[Any], *, action: str, title: Any, do: Any
    ) -> HttpResponse | None:
        """Show the question, or with a reason given call ``do(row, reason)`` for each row and say how many."""
        problem = ""
        if "reason" in request.POST:
            try:
                for row in rows:
                    do(row, request.POST["reason"])
            except DomainError as error:
                problem = error.message
            else:
                self.message_user(request, ngettext("%(n)d row.", "%(n)d rows.", len(rows)) % {"n": len(rows)})
                return None
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "rows": rows,
            "action": action,
            "problem": problem,
            "checkbox": ACTION_CHECKBOX_NAME,
            "opts": self.opts,
        }
        return render(request, "progress/admin_reason.html", context, status=422 if problem else 200)


@admin.register(Certificate)
class CertificateAdmin(WithReason):
    list_display = ["code", "holder_name", "state", "render_state", "issued_at", "expires_at", "mailed_at"]
    list_filter = ["state", "render_state"]
    search_fields = ["code", "holder_name", "holder__email"]
    list_select_related = ["holder"]
    actions = ["revoke_them", "render_them_again"]

    @admin.action(description=_("Revoke, with a reason that the public page shows"))
    def revoke_them(self, request: HttpRequest, rows: QuerySet[Certificate]) -> HttpResponse | None:
        def do(row: Certificate, reason: str) -> None:
            revoke(certificate=row, reason=reason, actor=request.user)

        return self.ask(request, rows, action="revoke_them", title=_("Why are they revoked?"), do=do)

    @admin.action(description=_("Render the PDF again"))
    def render_them_again(self, request: HttpRequest, rows: QuerySet[Certificate]) -> None:
        for row in rows:
            render_again(certificate=row)
        self.message_user(request, _("The PDFs are queued."), messages.SUCCESS)


@admin.register(CourseState)
class CourseStateAdmin(WithReason):
    list_display = ["enrolment", "percent", "done_count", "lesson_count", "generation", "last_at"]
    search_fields = ["enrolment__learner__email", "enrolment__learner__name", "enrolment__course__code"]
    list_select_related = ["enrolment__learner", "enrolment__course"]
    actions = ["set_them_back", "rebuild_them"]

    @admin.action(description=_("Set back, with a reason that the learner sees"))
    def set_them_back(self, request: HttpRequest, rows: QuerySet[CourseState]) -> HttpResponse | None:
        def do(row: CourseState, reason: str) -> None:
            reset(enrolment=row.enrolment, reason=reason, actor=request.user)

        return self.ask(request, rows, action="set_them_back", title=_("Why are they set back?"), do=do)

    @admin.action(description=_("Rebuild from the ledger"))
    def rebuild_them(self, request: HttpRequest, rows: QuerySet[CourseState]) -> None:
        for enrolment in Enrolment.objects.filter(state__in=rows).select_related("course", "edition"):
            rebuild(enrolment=enrolment)
        self.message_user(request, _("Rebuilt from the ledger."), messages.SUCCESS)


@admin.register(Event)
class EventAdmin(ReadOnly):
    list_display = ["occurred_at", "enrolment", "kind", "lesson_uid", "generation", "actor"]
    list_filter = ["kind"]
    search_fields = ["enrolment__learner__email", "enrolment__course__code", "lesson_uid"]
    list_select_related = ["enrolment__learner", "enrolment__course", "actor"]
    date_hierarchy = "occurred_at"


@admin.register(Completion)
class CompletionAdmin(ReadOnly):
    list_display = ["enrolment", "edition", "at", "score"]
    search_fields = ["enrolment__learner__email", "enrolment__course__code"]
    list_select_related = ["enrolment__learner", "enrolment__course", "edition__course"]


@admin.register(LessonState)
class LessonStateAdmin(ReadOnly):
    list_display = ["enrolment", "uid", "state", "done_at"]
    list_filter = ["state"]
    search_fields = ["enrolment__learner__email", "enrolment__course__code", "uid"]
    list_select_related = ["enrolment__learner", "enrolment__course"]


@admin.register(VideoSession)
class VideoSessionAdmin(ReadOnly):
    list_display = ["enrolment", "lesson_uid", "session", "position_ms", "duration_ms", "updated_at"]
    search_fields = ["enrolment__learner__email", "enrolment__course__code", "lesson_uid"]
    list_select_related = ["enrolment__learner", "enrolment__course"]


@admin.register(FilmCurve)
class FilmCurveAdmin(ReadOnly):
    list_display = ["course", "lesson_uid", "wanted_at", "computed_at"]
    search_fields = ["course__code", "lesson_uid"]
    list_select_related = ["course"]


@admin.register(Assignment)
class AssignmentAdmin(ReadOnly):
    list_display = ["course", "created_by", "created_at", "due_kind", "due_on", "days", "withdrawn_at"]
    list_filter = ["due_kind"]
    search_fields = ["course__code", "course__slug", "created_by__email", "created_by__name"]
    list_select_related = ["course", "created_by"]
    date_hierarchy = "created_at"
    actions = ["take_back", "bring_back"]

    @admin.action(description=_("Take back"))
    def take_back(self, request: HttpRequest, rows: QuerySet[Assignment]) -> None:
        for row in rows:
            withdraw(assignment=row, actor=request.user)
        self.message_user(request, _("Nobody owes them any more."), messages.SUCCESS)

    @admin.action(description=_("Undo taking back"))
    def bring_back(self, request: HttpRequest, rows: QuerySet[Assignment]) -> None:
        for row in rows:
            restore(assignment=row)
        self.message_user(request, _("They are owed again, with their dates."), messages.SUCCESS)


@admin.register(Obligation)
class ObligationAdmin(ReadOnly):
    list_display = ["person", "course", "due_on", "due_source", "met_at", "withdrawn_at", "remind_at"]
    list_filter = ["due_source"]
    search_fields = ["person__email", "person__name", "course__code"]
    list_select_related = ["person", "course"]
