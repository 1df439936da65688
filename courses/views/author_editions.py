"""Author pages: preview, and what was published."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError
from courses.access import draft_for
from courses.models import Course
from courses.selectors import authoring
from courses.services import drafts, publishing, restoring
from courses.views.author import author_page
from courses.views.doors import course_door

PAGE = 50
PLANS_MOST = 20


@require_POST
@login_required
@course_door
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """See the draft as a learner would."""
    course = draft_for(request.user, slug)
    try:
        edition, left_out = publishing.preview_of_the_sound(course=course, actor=request.user)
    except DomainError as problem:
        messages.error(request, str(problem))
        return redirect("courses:author_course", slug)
    if left_out:
        messages.warning(request, left_out_sentence(course, left_out))
    return redirect(f"{reverse('courses:course', args=[slug])}?preview={edition.token}")


def left_out_sentence(course: Course, uids: list[str]) -> str:
    titles = ", ".join(f"“{title}”" for title in authoring.titles_of_lessons(course, uids))
    return _("Not in this preview, since they have faults: %(titles)s") % {"titles": titles}


@require_GET
@login_required
@course_door
def editions(request: HttpRequest, slug: str) -> HttpResponse:
    """What was published, when, by whom, and who reads it."""
    course = draft_for(request.user, slug)
    page = Paginator(authoring.editions_of(course), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "plan": authoring.waiting_plan(course),
        "past_plans": list(authoring.past_plans(course)[:PLANS_MOST]),
    }
    return author_page(request, "editions", course, context)


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def restore(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The draft becomes what an edition said; asked first."""
    course = draft_for(request.user, slug, edit=True)
    source = course.editions.published().select_related("course").filter(number=number).first()
    if source is None:
        raise Http404
    context: dict[str, Any] = {"source": source}
    status = 200
    if request.method == "POST":
        try:
            kept = restoring.restore_draft(
                course=course,
                edition=source,
                actor=request.user,
                seen=request.POST.get("version", ""),
                drop=bool(request.POST.get("drop")),
            )
        except DomainError as problem:
            context["refused"] = str(problem)
            status = problem.status
        else:
            _say_restored(request, number, kept=kept is not None)
            return redirect("courses:author_course", slug)
    context |= {"faulty": bool(drafts.complete(course).faults), "mark": restoring.mark_of(course)}
    return author_page(request, "editions", course, context, status=status, template="courses/author/restore.html")


def _say_restored(request: HttpRequest, number: int, *, kept: bool) -> None:
    said = _("The draft is what edition %(n)d said.") % {"n": number}
    if kept:
        said += " " + _("What it was before stays under “Preview links” for 30 days.")
    messages.success(request, said)
