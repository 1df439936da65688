"""Author pages: a document becomes lessons. Upload it, look at what was read, take it, take it back."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from core.errors import DomainError
from courses import bodies, markup
from courses.access import draft_for
from courses.forms_media import PlainUploadForm
from courses.making.documents import DOCUMENT
from courses.models import Course, MediaFile, MediaJob, ModuleText
from courses.registry import blocks
from courses.selectors import words_for
from courses.services import documents
from courses.views.author import author_page
from courses.views.doors import course_door
from courses.views.media import served

SHOWN = 20
LOOK_MAX = 60_000  # characters of a lesson that its preview shows
State = MediaJob.State


@require_GET
@login_required
@course_door
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a document; under it what was read before."""
    course = draft_for(request.user, slug, edit=True)
    context = {
        "form": PlainUploadForm(),
        "accept": ",".join(DOCUMENT.endings),
        "jobs": list(course.media_jobs.filter(kind="document").order_by("-pk")[:SHOWN]),
    }
    return author_page(request, "import", course, context)


def _job(request: HttpRequest, course: Course, uid: uuid.UUID, kind: str = "document") -> MediaJob:
    rows = MediaJob.objects.visible_to(request.user)
    return get_object_or_404(rows, course=course, uid=uid, kind=kind)


@never_cache
@require_GET
@login_required
@course_door
def report(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    """How far it is; then each lesson as learners would see it, what was changed and what was left."""
    course = draft_for(request.user, slug, edit=True)
    job = _job(request, course, uid)
    taken = job.made.get("taken") or []
    standing = course.lessons.filter(uid__in=taken, texts__language=course.first_language, texts__archived_at=None)
    context: dict[str, Any] = {
        "job": job,
        "working": job.state in (State.WAITING, State.RUNNING),
        "lessons": _lessons(request, course, job) if job.state == State.DONE else [],
        "parts": ModuleText.objects.filter(
            module__course=course, module__archived_at=None, language=course.first_language
        )
        .order_by("module__position")
        .values_list("module__uid", "title"),
        "taken": list(standing.values_list("uid", "texts__title")),
    }
    return author_page(request, "import_report", course, context)


def _lessons(request: HttpRequest, course: Course, job: MediaJob) -> list[dict[str, Any]]:
    here = reverse("courses:author_import_media", args=[course.slug, job.uid, "0" * 64, "name"]).rsplit("/", 2)[0]
    words = words_for(request.user)
    found = []
    for number, lesson in enumerate(job.made.get("lessons", [])):
        body = lesson["body"][:LOOK_MAX]
        segments, _headings = bodies.render_segments(
            body, lesson["form"], media=job.made.get("files", {}), names=list(blocks)
        )
        html = "".join(segment.get("html", "") for segment in segments)
        shown = markup.resolve(html, course_slug=course.slug, words=words, media_root=here)
        found.append({**lesson, "number": number, "html": shown, "cut": len(lesson["body"]) > LOOK_MAX})
    return found


@require_POST
@login_required
@course_door
def take(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    """Make lessons of what was chosen."""
    course = draft_for(request.user, slug, edit=True)
    job = _job(request, course, uid)
    numbers = {int(each) for each in request.POST.getlist("lesson") if each.isdecimal() and len(each) < 5}
    try:
        taken = documents.take(
            job=job,
            numbers=numbers,
            part=request.POST.get("part", ""),
            as_one=bool(request.POST.get("as_one")),
            actor=request.user,
        )
    except DomainError as problem:
        messages.error(request, str(problem))
    else:
        said = ngettext("%(n)d lesson is in the draft now.", "%(n)d lessons are in the draft now.", len(taken))
        messages.success(request, said % {"n": len(taken)})
    return redirect("courses:author_import_report", slug, uid)


@require_POST
@login_required
@course_door
def undo(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    """Put the lessons that were taken into the archive."""
    course = draft_for(request.user, slug, edit=True)
    gone = documents.take_back(job=_job(request, course, uid), actor=request.user)
    said = ngettext("%(n)d lesson went into the archive.", "%(n)d lessons went into the archive.", gone)
    messages.success(request, said % {"n": gone})
    return redirect("courses:author_import_report", slug, uid)


@require_GET
@login_required
@course_door
def media(request: HttpRequest, slug: str, uid: uuid.UUID, sha: str, name: str) -> HttpResponse:
    """A picture of a document that is being looked at."""
    course = draft_for(request.user, slug, edit=True)
    job = _job(request, course, uid)
    if sha not in job.made.get("files", {}).values():
        raise Http404
    return served(request, get_object_or_404(MediaFile, sha256=sha), name)


@never_cache
@require_GET
@login_required
@course_door
def arrival(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    """A file that becomes a deck: how far it is, then what was taken, changed and left."""
    course = draft_for(request.user, slug, edit=True)
    job = _job(request, course, uid, "slides")
    context = {"job": job, "working": job.state in (State.WAITING, State.RUNNING)}
    return author_page(request, "deck_arrival", course, context)
