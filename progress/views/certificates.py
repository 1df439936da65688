"""The holder's certificates: keep, print, share."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from progress.access import certificate_for, own_certificate
from progress.certificates import wording
from progress.models import Certificate
from progress.selectors.certificates import certificate_facts, certificates_with_facts
from progress.selectors.record import certificates_of
from progress.services.certifying import share

PAGE_SIZE = 20


@require_GET
@login_required
@never_cache
def certificates(request: HttpRequest) -> HttpResponse:
    """The certificates of the person who is signed in, page by page."""
    page = Paginator(certificates_of(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "certificates": certificates_with_facts(page.object_list)}
    return render(request, "progress/certificates.html", context)


@require_GET
@login_required
@never_cache
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """One certificate, for its holder and for those who may open the holder's record."""
    row = certificate_for(request.user, code)
    facts = certificate_facts(row)
    context = {
        "facts": facts,
        "certificate": row,
        "mine": row.holder_id == request.user.pk,
        "ready": row.render_state == Certificate.RenderState.READY,
        "stamp": wording.stamp(facts.completed_on),
        "subtitle": wording.subtitle(facts),
        "sentence": wording.sentence(facts),
        "hours": wording.hours(facts.minutes),
        "lead_line": wording.lead_line(facts.lead[1]),
        "address": wording.verify_url(row.code),
    }
    return render(request, "progress/certificate.html", context)


@require_POST
@login_required
def share_certificate(request: HttpRequest, code: str) -> HttpResponse:
    """The holder lets anybody with the code open the PDF, or no longer."""
    row = own_certificate(request.user, code)
    shared = request.POST.get("shared") == "1"
    share(certificate=row, shared=shared)
    said = _("Anybody who has the code can open the PDF now.") if shared else _("The PDF is yours alone again.")
    messages.success(request, said)
    return redirect("progress:certificate", row.code)
