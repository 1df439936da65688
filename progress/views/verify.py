"""Is this paper true? Open to everybody; it shows holder, course, edition, dates and state, never scores."""

import re

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses.models import Course
from progress.access import pdf_for, public_certificate
from progress.certificates import pdf
from progress.certificates.wording import certificate_data
from progress.codes import read_code
from progress.models import Certificate
from progress.selectors.certificates import certificate_facts

WRONG_CODES = 10
WAIT_SECONDS = 60


@require_safe
def verify_start(request: HttpRequest) -> HttpResponse:
    """The form; a code that was typed leads to its page."""
    given = request.GET.get("code", "").strip()
    if not given:
        return render(request, "progress/verify.html", {"missing": "code" in request.GET}, status=_asked(request))
    return redirect("progress:verify", read_code(given) or re.sub(r"[/.]", "-", given[:40]))


def _asked(request: HttpRequest) -> int:
    return 422 if "code" in request.GET else 200


@require_safe
@never_cache
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What is known of ``code``. A page that finds nothing says how codes are misread, and is a 404."""
    read = read_code(code)
    if read and read != code:
        return redirect("progress:verify", read)
    counter = f"verify:{get_adapter().get_client_ip(request)}"
    if cache.get(counter, 0) >= WRONG_CODES:
        return render(request, "progress/verify.html", {"given": code, "waiting": True}, status=429)
    row = public_certificate(read)
    if row is None:
        cache.add(counter, 0, WAIT_SECONDS)
        cache.incr(counter)
        return render(request, "progress/verify.html", {"given": code, "unknown": True}, status=404)
    context = {
        "given": code,
        "facts": certificate_facts(row),
        "certificate": row,
        "renewed_by": getattr(row, "renewed_by", None),
        "course_url": _course_url(request, row),
        "pdf": row.shared and row.state == Certificate.State.VALID,
    }
    return render(request, "progress/verify.html", context)


def _course_url(request: HttpRequest, row: Certificate) -> str:
    """Where the course stands, for those who may see it."""
    course = Course.objects.visible_to(request.user).filter(pk=row.completion.edition.course_id).first()
    return reverse("courses:course", args=[course.slug]) if course else ""


@require_safe
@never_cache
def verify_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The PDF, for its holder, their supervisors and managers, and for anybody once the holder shares it."""
    row = pdf_for(request.user, code)
    if row.render_state != Certificate.RenderState.READY:
        page = "progress:certificate" if row.holder_id == request.user.pk else "progress:verify"
        return redirect(page, row.code)
    headers = {"Content-Disposition": f'inline; filename="{row.code}.pdf"'}
    return HttpResponse(_content(row), content_type="application/pdf", headers=headers)


def _content(row: Certificate) -> bytes:
    """The file; if it was lost, the row still holds everything that it said."""
    if not default_storage.exists(row.path):
        return pdf("certificate.typ", certificate_data(certificate_facts(row)))
    with default_storage.open(row.path) as file:
        return bytes(file.read())
