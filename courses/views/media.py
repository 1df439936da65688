"""Media of a course: access is the course's, bytes are the proxy's or the range responder's (D11)."""

import re
from email.utils import formatdate
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe
from whitenoise.middleware import WhiteNoiseFileResponse
from whitenoise.responders import StaticFile

from courses.access_media import media_for
from courses.models import MediaFile
from courses.views.doors import course_door

SHOWN_IN_PLACE = re.compile(
    r"(?:image/(?:png|jpeg|gif|webp|avif)|video/[\w.-]+|audio/[\w.-]+|text/vtt|text/plain|application/pdf)\Z"
)
UNTRUSTED_POLICY = "sandbox; default-src 'none'"
FOREVER = "private, max-age=31536000, immutable"


@require_safe
@course_door
def media(request: HttpRequest, slug: str, sha: str, name: str) -> HttpResponse:
    """A file of a course that this reader may see. The address holds the hash, so it never changes."""
    return served(request, media_for(request.user, slug, sha, token=request.GET.get("preview", "")), name)


def served(request: HttpRequest, file: MediaFile, name: str) -> HttpResponse:
    """``file`` under ``name``, for a reader whose right to it was checked."""
    headers = _headers(file, name)
    if settings.MEDIA_STORAGE.startswith("s3:"):
        return _elsewhere(file, headers)
    if settings.MEDIA_ACCEL_PREFIX:
        headers["X-Accel-Redirect"] = f"{settings.MEDIA_ACCEL_PREFIX.rstrip('/')}/{file.path}"
        return HttpResponse(headers=headers)
    return _from_disk(request, file, headers)


def _headers(file: MediaFile, name: str) -> dict[str, str]:
    in_place = bool(SHOWN_IN_PLACE.match(file.type))
    headers = {
        "Content-Type": f"{file.type}; charset=utf-8" if file.type.startswith("text/") else file.type,
        "Content-Disposition": f"{'inline' if in_place else 'attachment'}; filename*=UTF-8''{quote(name)}",
        "Cache-Control": FOREVER,
        "ETag": f'"{file.sha256}"',
        "X-Content-Type-Options": "nosniff",
    }
    if not in_place:
        headers["Content-Security-Policy"] = UNTRUSTED_POLICY
    return headers


def _elsewhere(file: MediaFile, headers: dict[str, str]) -> HttpResponse:
    """A signed address that soon expires; it must not be kept as long as the file."""
    url = default_storage.url(
        file.path,
        parameters={
            "ResponseContentType": headers["Content-Type"],
            "ResponseContentDisposition": headers["Content-Disposition"],
        },
        expire=300,
    )
    return HttpResponseRedirect(url, headers={"Cache-Control": "private, no-store"})


def _from_disk(request: HttpRequest, file: MediaFile, headers: dict[str, str]) -> HttpResponse:
    path = Path(default_storage.path(file.path))
    if not path.is_file():
        raise Http404
    headers["Last-Modified"] = formatdate(path.stat().st_mtime, usegmt=True)
    answer = StaticFile(str(path), list(headers.items())).get_response(request.method, request.META)
    if answer.file is None:
        response = HttpResponse(status=answer.status)
    else:
        response = WhiteNoiseFileResponse(answer.file, status=answer.status)
    for header, value in answer.headers:
        response[header] = value
    return response
