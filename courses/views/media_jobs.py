"""What is being made of files: a list with progress, to stop or to begin again."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Conflict
from courses.access import draft_for, may_author
from courses.models import Course, MediaJob
from courses.selectors import authoring
from courses.selectors.making import SHOWN, jobs_for
from courses.services import making
from courses.views.author import author_page
from courses.views.doors import course_door

PAGE = 20
WORDS_MAX = 100
ENDED = (MediaJob.State.DONE, MediaJob.State.FAILED, MediaJob.State.CANCELLED)


@never_cache
@require_GET
@login_required
def jobs(request: HttpRequest) -> HttpResponse:
    """The jobs of all my courses."""
    if not may_author(request.user):
        raise PermissionDenied
    context = _listed(request, None)
    template = "courses/author/jobs.html"
    return _vary(render(request, f"{template}#list" if _piece(request) else template, context))


@never_cache
@require_GET
@login_required
@course_door
def course_jobs(request: HttpRequest, slug: str) -> HttpResponse:
    """The jobs of one course."""
    course = draft_for(request.user, slug)
    context = _listed(request, course)
    if _piece(request):
        return _vary(render(request, "courses/author/jobs.html#list", context))
    return _vary(author_page(request, "course_jobs", course, context))


def _piece(request: HttpRequest) -> bool:
    return bool(request.htmx) and not (request.htmx.boosted or request.htmx.history_restore_request)


def _vary(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ["HX-Request"])
    return response


def _listed(request: HttpRequest, course: Course | None) -> dict[str, Any]:
    words = " ".join(request.GET.get("q", "").split())[:WORDS_MAX]
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else ""
    page = Paginator(jobs_for(request.user, course=course, shown=shown, words=words), PAGE).get_page(
        request.GET.get("page")
    )
    mine = {job.course_id for job in page}
    may = set(Course.objects.editable_by(request.user).filter(pk__in=mine).values_list("pk", flat=True))
    authoring.name_lessons(page)
    for job in page:
        job.may_change = job.course_id in may
    going = [job for job in page if job.state not in ENDED]
    return {
        "page": page,
        "words": words,
        "shown": shown,
        "going": going,
        "query": _query(request.GET, "page", "was"),
        "refresh": _refresh(request, going),
        "ended": _ended(request),
        "one_course": course,
    }


def _query(data: QueryDict, *without: str) -> str:
    rest = data.copy()
    for name in without:
        rest.pop(name, None)
    return f"{rest.urlencode()}&" if rest else ""


def _refresh(request: HttpRequest, going: list[MediaJob]) -> str:
    """Where the list is asked for again, with the jobs that were under way this time: the end of each is announced."""
    if not going:
        return ""
    rest = _query(request.GET, "was")
    return f"{request.path}?{rest}was={','.join(job.uid.hex for job in going)}"


def _ended(request: HttpRequest) -> list[MediaJob]:
    found = []
    for text in request.GET.get("was", "").split(",")[:PAGE]:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return list(MediaJob.objects.visible_to(request.user).filter(uid__in=found, state__in=ENDED)) if found else []


def _job(request: HttpRequest, uid: uuid.UUID) -> MediaJob:
    """A job of a course that this person may change."""
    rows = MediaJob.objects.visible_to(request.user).select_related("course")
    job = get_object_or_404(rows, uid=uid)
    draft_for(request.user, job.course.slug, edit=True)
    return job


def _back(job: MediaJob) -> HttpResponse:
    return redirect("courses:author_course_jobs", job.course.slug)


@require_http_methods(["GET", "POST"])
@login_required
def cancel(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Ask, then stop it."""
    job = _job(request, uid)
    if request.method == "GET":
        return author_page(request, "job_cancel", job.course, {"job": job, "over": job.state in ENDED})
    try:
        making.cancel(job=job)
        messages.success(request, _("“%(title)s” is being stopped.") % {"title": job.title})
    except Conflict as problem:
        messages.info(request, str(problem))
    return _back(job)


@require_POST
@login_required
def retry(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Begin it again."""
    job = _job(request, uid)
    try:
        making.retry(job=job)
        messages.success(request, _("“%(title)s” begins again.") % {"title": job.title})
    except Conflict as problem:
        messages.info(request, str(problem))
    return _back(job)
