"""Author pages: links to previews, shared with people who need no account."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import DomainError
from courses.access import draft_for
from courses.forms_publishing import LinkForm
from courses.models import Course, Edition
from courses.services import sharing
from courses.views.author import author_page
from courses.views.author_editions import left_out_sentence
from courses.views.doors import course_door

LINKS_MOST = 100


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def links(request: HttpRequest, slug: str) -> HttpResponse:
    """Every link with its end; a new one."""
    course = draft_for(request.user, slug, edit=True)
    form = LinkForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                given = {"note": form.cleaned_data["note"], "days": int(form.cleaned_data["days"])}
                _link, left_out = sharing.share(course=course, actor=request.user, **given)
            except DomainError as problem:
                form.add_error(None, str(problem))
                status = problem.status
            else:
                messages.success(request, _("The link is made. Copy it from the list."))
                if left_out:
                    messages.warning(request, left_out_sentence(course, left_out))
                return redirect("courses:author_links", slug)
    context = {"form": form, "links": _rows(request, course)}
    return author_page(request, "editions", course, context, status=status, template="courses/author/links.html")


def _rows(request: HttpRequest, course: Course) -> list[dict[str, Any]]:
    now, page = clock.now(), request.build_absolute_uri(reverse("courses:course", args=[course.slug]))
    return [
        {"edition": row, "open": row.expires_at > now, "address": f"{page}?preview={row.token}"}
        for row in sharing.links_of(course)[:LINKS_MOST]
    ]


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Let a link open nothing any more; asked first."""
    course = draft_for(request.user, slug, edit=True)
    link: Edition | None = sharing.links_of(course).filter(pk=pk).first()
    if link is None:
        raise Http404
    if request.method == "POST":
        sharing.revoke(link=link)
        messages.success(request, _("The link opens nothing any more."))
        return redirect("courses:author_links", slug)
    return author_page(request, "editions", course, {"link": link}, template="courses/author/link_revoke.html")
