"""Author pages: 'Something is wrong here'."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from courses.access import draft_for
from courses.selectors import authoring
from courses.services.reporting import settle_report
from courses.views.author import author_page
from courses.views.doors import course_door

PAGE = 25


@require_GET
@login_required
@course_door
def reports(request: HttpRequest, slug: str) -> HttpResponse:
    """What readers said; open ones first, settled ones on request."""
    course = draft_for(request.user, slug)
    settled = request.GET.get("settled") == "1"
    page = Paginator(authoring.reports_of(course, settled=settled), PAGE).get_page(request.GET.get("page"))
    authoring.name_lessons(page)
    query = "settled=1&" if settled else ""
    return author_page(request, "reports", course, {"page": page, "settled": settled, "query": query})


@require_POST
@login_required
@course_door
def settle(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """This has been dealt with."""
    course = draft_for(request.user, slug, edit=True)
    settle_report(report=get_object_or_404(course.reports, pk=pk), actor=request.user)
    messages.success(request, _("Settled."))
    return redirect("courses:author_reports", slug)
