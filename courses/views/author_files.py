"""The draft's files: where each is used, what is said of it, another in its place, taken out and put back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError
from courses.access import draft_for, may_edit
from courses.forms_media import FileForm
from courses.making.purposes import purposes
from courses.media_probe import FAULTS
from courses.models import Course, CourseMedia
from courses.selectors import authoring
from courses.services import filing
from courses.views.author import author_page
from courses.views.doors import course_door

PAGE = 50
WORDS_MAX = 100
SHOWN = ("used", "unused", "undescribed", "faulty")


@require_GET
@login_required
@course_door
def files(request: HttpRequest, slug: str) -> HttpResponse:
    """All of them, and what is wrong with any."""
    course = draft_for(request.user, slug)
    words = " ".join(request.GET.get("q", "").split())[:WORDS_MAX]
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else ""
    uses = filing.uses_of(course, undescribed=shown == "undescribed")
    rows = list(authoring.files_of(course))
    for row in rows:
        row.said = FAULTS.get(row.media.fault, "")
        row.uses = uses.get(row.name, [])
    found = [row for row in rows if _fits(row, words, shown)]
    context = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "total": len(rows),
        "faulty": sum(1 for row in rows if row.said),
        "words": words,
        "shown": shown,
        "query": f"{urlencode({'q': words, 'show': shown})}&",
        "going": course.media_jobs.waiting().count(),
        "accept": ",".join(purposes["file"].endings),
        "undo": request.GET.get("undo", ""),
    }
    return author_page(request, "files", course, context)


def _fits(row: Any, words: str, shown: str) -> bool:
    used = bool(row.uses)
    asked = {"": True, "used": used, "undescribed": used, "unused": not used, "faulty": bool(row.said)}
    return asked[shown] and words.lower() in f"{row.name} {row.source} {row.licence}".lower()


def _row(course: Course, name: str) -> CourseMedia:
    return get_object_or_404(CourseMedia.objects.select_related("media"), course=course, name=name)


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def file(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """One of them; owners and editors say whose it is."""
    course = draft_for(request.user, slug, edit=request.method == "POST")
    row = _row(course, name)
    form = FileForm(request.POST or None, initial={"licence": row.licence, "source": row.source})
    if request.method == "POST" and form.is_valid():
        filing.describe(row=row, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(request.path)
    ending = name.rpartition(".")[2].lower()
    context = {
        "row": row,
        "said": FAULTS.get(row.media.fault, ""),
        "uses": filing.uses_of(course).get(name, []),
        "form": form,
        "accept": f".{ending}",
        "is_picture": row.media.type.startswith("image/") and row.media.type != "image/svg+xml",
        "may_change": may_edit(request.user, course),
    }
    return author_page(request, "file", course, context, status=422 if request.method == "POST" else 200)


@require_POST
@login_required
@course_door
def take_out(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Out of the draft, when nothing uses it; the list then offers to put it back."""
    course = draft_for(request.user, slug, edit=True)
    try:
        word = filing.take_out(row=_row(course, name))
    except DomainError as problem:
        messages.error(request, str(problem))
        return redirect("courses:author_file", slug, name)
    messages.success(request, _("“%(name)s” was taken out of the course.") % {"name": name})
    return redirect(f"{reverse('courses:author_files', args=[slug])}?{urlencode({'undo': word})}")


@require_POST
@login_required
@course_door
def put_back(request: HttpRequest, slug: str) -> HttpResponse:
    """Undo the taking out."""
    course = draft_for(request.user, slug, edit=True)
    try:
        row = filing.put_back(course=course, word=request.POST.get("undo", ""))
    except DomainError as problem:
        messages.error(request, str(problem))
        return redirect("courses:author_files", slug)
    messages.success(request, _("“%(name)s” is back.") % {"name": row.name})
    return redirect("courses:author_file", slug, row.name)
