"""The inbox and how notices reach a person."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import notice_kinds, selectors
from accounts.forms import PreferencesForm
from accounts.models import Notice
from accounts.services import preferences

PAGE_SIZE = 20


@require_GET
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """What is new and what was, newest first; ``?kind=`` shows one kind."""
    return _page(request, PreferencesForm(person=request.user))


@require_POST
@login_required
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice as read and go where it leads."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    preferences.mark_read(notice=notice)
    return redirect(notice.url or "accounts:notices")


@require_POST
@login_required
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    count = preferences.mark_all_read(person=request.user)
    messages.success(
        request, ngettext("%(n)d notice marked as read.", "%(n)d notices marked as read.", count) % {"n": count}
    )
    return redirect("accounts:notices")


@require_http_methods(["GET", "POST"])
@login_required
def choose(request: HttpRequest) -> HttpResponse:
    """Choose where each kind of notice appears. The form stands on the inbox page."""
    if request.method == "GET":
        return redirect("/notices/#preferences")
    if "stop" in request.POST:
        preferences.stop_mail(person=request.user)
        messages.success(request, _("No notice is mailed to you any more. Links and codes for signing in still are."))
        return redirect("/notices/#preferences")
    form = PreferencesForm(request.POST, person=request.user)
    if not form.is_valid():
        return _page(request, form, status=422)
    preferences.choose(person=request.user, choices=form.choices())
    messages.success(request, _("Your preferences are saved."))
    return redirect("/notices/#preferences")


def _page(request: HttpRequest, form: PreferencesForm, *, status: int = 200) -> HttpResponse:
    tabs = selectors.notice_tabs(request.user)
    kind = request.GET.get("kind", "")
    rows = Notice.objects.visible_to(request.user)
    if kind:
        rows = rows.filter(kind=kind)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    for notice in page:
        notice.icon = notice_kinds.kind_called(notice.kind).icon
    today = timezone.localdate()
    context: dict[str, Any] = {
        "page": page,
        "today": [notice for notice in page if timezone.localdate(notice.created_at) == today],
        "earlier": [notice for notice in page if timezone.localdate(notice.created_at) < today],
        "tabs": tabs,
        "total": sum(tab.count for tab in tabs),
        "kind": kind,
        "query": f"kind={kind}&" if kind in {tab.kind for tab in tabs} else "",
        "form": form,
    }
    return render(request, "accounts/notices.html", context, status=status)
