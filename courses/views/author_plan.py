"""Author pages: an edition that is planned: change its moment, take it back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.selectors import zone_of
from core import clock
from core.errors import DomainError
from courses.access import draft_for
from courses.forms_publishing import MomentForm
from courses.models import Course, PublishPlan
from courses.selectors import authoring
from courses.services import planning
from courses.views.author import author_page
from courses.views.doors import course_door


def _waiting(request: HttpRequest, slug: str) -> tuple[Course, PublishPlan]:
    """The plan that waits. Raises ``Http404`` when there is none."""
    course = draft_for(request.user, slug, edit=True)
    plan = authoring.waiting_plan(course)
    if plan is None:
        raise Http404
    return course, plan


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Another moment, kind or note; what is frozen stays frozen."""
    course, plan = _waiting(request, slug)
    zone = zone_of(request.user)
    due = plan.due_at.astimezone(clock.zone(zone))
    initial = {"kind": plan.kind, "note": plan.note, "day": due.date(), "time": due.time()}
    form = MomentForm(request.POST or None, zone=zone, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = {name: form.cleaned_data[name] for name in ("kind", "note", "due_at")}
            try:
                planning.change(plan=plan, **given)
            except DomainError as problem:
                form.add_error("day" if "day" in problem.fields else None, str(problem))
                status = problem.status
            else:
                messages.success(request, _("The plan is changed."))
                return redirect("courses:author_editions", slug)
    return author_page(request, "editions", course, {"form": form, "plan": plan}, status=status, template=PLAN)


PLAN = "courses/author/plan.html"
CANCEL = "courses/author/plan_cancel.html"


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the plan back; asked first."""
    course, plan = _waiting(request, slug)
    if request.method == "POST":
        try:
            planning.cancel(plan=plan, actor=request.user)
        except DomainError as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, _("The planned edition is taken back. The draft stays as it is."))
        return redirect("courses:author_editions", slug)
    return author_page(request, "editions", course, {"plan": plan}, template=CANCEL)
