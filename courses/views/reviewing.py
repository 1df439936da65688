"""For managers: what their library asks for before a course is published, and how its courses stand."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import managed_organisation
from accounts.models import Organisation
from core import clock
from core.errors import DomainError
from courses.forms_people import PolicyForm
from courses.models import ReviewPolicy
from courses.selectors import authoring
from courses.services.policing import set_policy

PAGE = 25


@require_http_methods(["GET", "POST"])
@login_required
def policy(request: HttpRequest, slug: str) -> HttpResponse:
    """The policy as a form, and the library's courses with their owners and their days."""
    organisation = managed_organisation(request.user, slug)
    if request.method == "GET":
        return _page(request, organisation, PolicyForm(organisation=organisation, initial=_present(organisation)))
    form = PolicyForm(request.POST, organisation=organisation)
    if not form.is_valid():
        return _page(request, organisation, form, status=422)
    try:
        set_policy(organisation=organisation, **form.cleaned_data)
    except DomainError as problem:
        form.add_error(next(iter(problem.fields), None), problem.message)
        return _page(request, organisation, form, status=problem.status)
    messages.success(request, _("Kept. It holds for every edition from now on."))
    return redirect("courses:reviewing", slug)


def _present(organisation: Organisation) -> dict[str, object]:
    row = ReviewPolicy.objects.filter(organisation=organisation).first()
    if row is None:
        return {"approvals": 0, "review_months": 0}
    addresses = row.required.order_by("name", "pk").values_list("email", flat=True)
    return {"approvals": row.approvals, "review_months": row.review_months, "required": "\n".join(addresses)}


def _page(request: HttpRequest, organisation: Organisation, form: PolicyForm, *, status: int = 200) -> HttpResponse:
    words = " ".join(request.GET.get("q", "").split())[:100]
    stale = request.GET.get("stale") == "1"
    today = clock.today(organisation.time_zone)
    rows = authoring.courses_of(organisation, today=today, words=words, stale=stale, language=get_language() or "en")
    chosen = {name: value for name, value in (("q", words), ("stale", "1" if stale else "")) if value}
    context = {
        "organisation": organisation,
        "form": form,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "words": words,
        "stale": stale,
        "query": f"{urlencode(chosen)}&" if chosen else "",
    }
    return render(request, "courses/author/reviewing.html", context, status=status)
