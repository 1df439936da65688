"""A library's overview, its settings and its words."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import local_word_registry, selectors
from accounts.access import managed_organisation
from accounts.forms import LocalWordsForm, OrganisationForm
from accounts.forms.profile import zone_names
from accounts.models import Organisation
from accounts.services import profile
from core.http import render_page

PAGE_SIZE = 20
WORDS_MAX = 100


def organisation_page(
    request: HttpRequest,
    template: str,
    organisation: Organisation,
    context: dict[str, Any],
    *,
    partial: str = "",
    status: int = 200,
) -> HttpResponse:
    """A page of ``organisation`` with its section bar, or its ``partial`` when the page asked for that."""
    context, template = {"organisation": organisation, **context}, f"accounts/organisation/{template}.html"
    if partial:
        return render_page(request, template, partial, context, status=status)
    return render(request, template, context, status=status)


def words_of(request: HttpRequest, name: str = "q") -> str:
    """What a list is searched for."""
    return " ".join(request.GET.get(name, "").split())[:WORDS_MAX]


def listed(request: HttpRequest, rows: QuerySet[Any], words: str) -> dict[str, Any]:
    """A page of ``rows`` that were searched for ``words``, and what its links carry."""
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return {"page": page, "q": words, "query": urlencode({"q": words}) + "&" if words else ""}


@require_GET
@login_required
def overview(request: HttpRequest, slug: str = "") -> HttpResponse:
    """The library in figures, and the ways in."""
    organisation = managed_organisation(request.user, slug)
    context = {
        "figures": selectors.organisation_figures(organisation),
        "others": Organisation.objects.managed_by(request.user).exclude(pk=organisation.pk)[:50],
        "words": len(local_word_registry.all_words()),
    }
    return organisation_page(request, "overview", organisation, context)


@require_http_methods(["GET", "POST"])
@login_required
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """Name, time zone, working days."""
    organisation = managed_organisation(request.user, slug)
    if request.method == "GET":
        fields = ("name", "time_zone", "working_days")
        form = OrganisationForm(initial={name: getattr(organisation, name) for name in fields})
        return organisation_page(request, "settings", organisation, {"form": form, "zones": zone_names()})
    form = OrganisationForm(request.POST)
    if not form.is_valid():
        context = {"form": form, "zones": zone_names()}
        return organisation_page(request, "settings", organisation, context, status=422)
    profile.change_organisation(organisation=organisation, **form.cleaned_data)
    messages.success(request, _("The settings are saved."))
    return redirect("accounts:organisation_settings", slug)


@require_http_methods(["GET", "POST"])
@login_required
def words(request: HttpRequest, slug: str) -> HttpResponse:
    """What lessons show in place of their local words (D18)."""
    organisation = managed_organisation(request.user, slug)
    filled_in = selectors.local_words_of(organisation)
    if request.method == "GET":
        form = LocalWordsForm(organisation=organisation, words=filled_in)
        return organisation_page(request, "words", organisation, {"form": form})
    form = LocalWordsForm(request.POST, organisation=organisation, words=filled_in)
    if not form.is_valid():
        return organisation_page(request, "words", organisation, {"form": form}, status=422)
    profile.change_local_words(organisation=organisation, words=form.cleaned_data)
    messages.success(request, _("The local words are saved. Lessons show them from now on."))
    return redirect("accounts:words", slug)
