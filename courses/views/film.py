"""The film or recording of a lesson: what is there, how the job on it stands, another picture for it."""

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.access import draft_for, may_edit
from courses.forms_media import PosterForm
from courses.making.purposes import purposes
from courses.models import Course, LessonText
from courses.selectors.making import film_of, job_of_lesson
from courses.services.making import begin_job
from courses.views.author import author_page
from courses.views.doors import course_door

FILM_KINDS = ("video", "audio")
JOB = re.compile(r"[0-9a-f-]{36}\Z")


def film_context(course: Course, text: LessonText, *, may_change: bool) -> dict[str, Any]:
    """What the panel shows. Three queries."""
    kind = text.lesson.kind
    job = job_of_lesson(course, text.lesson.uid, text.language)
    return {
        "course": course,
        "text": text,
        "kind": kind,
        "film": film_of(course, text),
        "job": job,
        "accept": ",".join(purposes[kind].endings),
        "going": bool(job and job.state in ("waiting", "running")),
        "may_edit": may_change,
        "language": "" if text.language == course.first_language else text.language,
    }


@never_cache
@require_http_methods(["GET", "POST"])
@login_required
@course_door
def film(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """The film on a page of its own; a piece of it for the lesson's page while a job is under way."""
    course = draft_for(request.user, slug, edit=request.method == "POST")
    rows = LessonText.objects.select_related("lesson")
    language = request.GET.get("language", "") or course.first_language
    text = get_object_or_404(rows, lesson__course=course, lesson__uid=uid, language=language, lesson__archived_at=None)
    if text.lesson.kind not in FILM_KINDS:
        raise Http404
    context = film_context(course, text, may_change=may_edit(request.user, course))
    if request.htmx and request.method == "GET":
        was = request.GET.get("was", "")
        context["ended"] = bool(JOB.match(was) and not context["going"])
        response = render(request, "courses/author/film_state.html", context)
        patch_vary_headers(response, ["HX-Request"])
        return response
    form = PosterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _another_picture(request, text, form.cleaned_data["at"])
        return redirect(request.get_full_path())
    status = 422 if request.method == "POST" else 200
    return author_page(request, "film", course, {**context, "form": form}, status=status)


def _another_picture(request: HttpRequest, text: LessonText, at_ms: int) -> None:
    begin_job(
        course=text.lesson.course,
        kind="poster",
        title=_("Picture of “%(name)s”") % {"name": text.title[:150]},
        actor=request.user,
        lesson_uid=text.lesson.uid,
        language=text.language,
        given={"at_ms": at_ms},
    )
    messages.success(request, _("The picture is being made; it takes a moment."))
