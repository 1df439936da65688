"""Files on their way in: the doors that the page's script uses answer in JSON, the page is the way without scripts."""

import contextlib
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError, InvalidInput
from courses.access import CourseMoved, draft_for
from courses.forms_media import PlainUploadForm
from courses.making.purposes import purposes
from courses.models import Course, Upload
from courses.selectors import authoring
from courses.services import uploading
from courses.views.author import author_page
from courses.views.doors import course_door

View = Callable[..., HttpResponse]


def speaks_json(view: View) -> View:
    """Whatever goes wrong is said in JSON: the script shows ``words`` and keeps what it has."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _said(_("You are signed out. Sign in on another tab, then go on here; nothing is lost."), 401)
        try:
            return view(request, *args, **kwargs)
        except uploading.WrongOffset as problem:
            return JsonResponse({"words": str(problem), "offset": problem.offset}, status=problem.status)
        except DomainError as problem:
            return _said(str(problem), problem.status)
        except PermissionDenied:
            return _said(_("You may look at this course, not change it."), 403)
        except (Http404, CourseMoved):
            return _said(_("This is not there any more. Load the page again."), 404)

    return inner


def _said(words: str, status: int) -> HttpResponse:
    return JsonResponse({"words": words}, status=status)


def _mine(request: HttpRequest, slug: str, uid: uuid.UUID) -> Upload:
    """One's own upload into a course that one may still change."""
    rows = Upload.objects.visible_to(request.user).select_related("course__organisation")
    upload = get_object_or_404(rows, uid=uid, course__slug=slug)
    draft_for(request.user, slug, edit=True)
    return upload


def _standing(upload: Upload, **more: Any) -> HttpResponse:
    path = {name: reverse(f"courses:{name}", args=[upload.course.slug, upload.uid]) for name in DOORS}
    return JsonResponse(
        {
            "uid": str(upload.uid),
            "offset": upload.received,
            "size": upload.size,
            "state": upload.state,
            "words": upload.said,
            "piece_bytes": settings.UPLOAD_CHUNK_BYTES,
            "urls": path,
            **more,
        }
    )


DOORS = ("upload", "upload_piece", "upload_finish", "upload_cancel")


def _whole_number(text: str | None) -> int:
    if text is None or not (text.isascii() and text.isdecimal() and len(text) <= 15):
        raise InvalidInput(_("A whole number is missing."))
    return int(text)


@never_cache
@require_POST
@speaks_json
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """A file is coming, or goes on: its uid, and the offset of the next byte."""
    data = request.POST
    upload = uploading.begin(
        course=draft_for(request.user, slug, edit=True),
        person=request.user,
        purpose=data.get("purpose", ""),
        name=data.get("name", ""),
        size=_whole_number(data.get("size")),
        lesson_uid=data.get("lesson", ""),
        language=data.get("language", ""),
        fingerprint=data.get("fingerprint", ""),
    )
    return _standing(upload)


@never_cache
@require_GET
@speaks_json
def upload(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    """How far it is."""
    return _standing(_mine(request, slug, uid))


@never_cache
@require_http_methods(["PUT", "PATCH"])
@speaks_json
def piece(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    """The next bytes, as they are, in the body; ``Upload-Offset`` says where they begin. The body is never held whole."""
    found = _mine(request, slug, uid)
    offset = _whole_number(request.headers.get("Upload-Offset"))
    length = _whole_number(request.META.get("CONTENT_LENGTH"))
    after = uploading.take_piece(upload=found, offset=offset, length=length, stream=request)
    return JsonResponse({"offset": after})


@never_cache
@require_POST
@speaks_json
def finish(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    """All is here: where it went."""
    found = _mine(request, slug, uid)
    arrival = uploading.finish(upload=found, actor=request.user)
    return JsonResponse({"words": arrival.said, "url": arrival.url})


@never_cache
@require_POST
@speaks_json
def cancel(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    """Give it up; what has come of it is deleted."""
    uploading.give_up(upload=_mine(request, slug, uid))
    return JsonResponse({"words": _("The upload was given up.")})


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a file; without scripts it comes in one form, up to 50 MB."""
    course = draft_for(request.user, slug, edit=True)
    purpose = purposes.get(request.GET.get("purpose", "file"))
    if purpose is None:
        raise Http404
    wanted = {
        "purpose": purpose,
        "lesson_uid": request.GET.get("lesson", ""),
        "language": request.GET.get("language", ""),
        "accept": ",".join(purpose.endings),
        "limit": purpose.limit(),
        "plain_limit": min(purpose.limit(), uploading.PLAIN_MAX_BYTES),
    }
    if purpose.about_lesson:
        get_object_or_404(course.lessons, uid=wanted["lesson_uid"])
    wanted["lesson_title"] = next(iter(authoring.titles_of_lessons(course, [wanted["lesson_uid"]])), "")
    form = PlainUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        arrival = _whole(request, course, wanted, form)
        if arrival:
            messages.success(request, arrival.said)
            return redirect(arrival.url)
    status = 422 if request.method == "POST" else 200
    return author_page(request, "upload", course, {"form": form, **wanted}, status=status)


def _whole(request: HttpRequest, course: Course, wanted: dict[str, Any], form: PlainUploadForm) -> Any:
    file = form.cleaned_data["file"]
    found = None
    try:
        found = uploading.begin(
            course=course,
            person=request.user,
            purpose=wanted["purpose"].name,
            name=file.name,
            size=file.size,
            lesson_uid=wanted["lesson_uid"],
            language=wanted["language"],
        )
        uploading.put_whole(upload=found, stream=file, size=file.size)
        return uploading.finish(upload=found, actor=request.user)
    except DomainError as problem:
        form.add_error("file", str(problem))
        if found is not None:  # the form sends the file anew; nobody goes on with this one
            with contextlib.suppress(DomainError):
                uploading.give_up(upload=found)
        return None
