"""People of a library: list, one member, the pasted list."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts import selectors
from accounts.access import managed_organisation, member_of, team_for
from accounts.forms import AddPeopleForm, MemberForm
from accounts.models import Organisation, Team
from accounts.services import inviting, people
from accounts.views.organisation import PAGE_SIZE, organisation_page, words_of
from core.errors import InvalidInput


@require_GET
@login_required
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """Members with search, order and pages."""
    organisation = managed_organisation(request.user, slug)
    words = words_of(request)
    order = request.GET.get("sort", "")
    order = order if order in selectors.MEMBER_ORDERS else "name"
    rows = selectors.members_of(organisation, words=words, order=order)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "q": words,
        "sort": order,
        "query": urlencode({name: value for name, value in (("q", words), ("sort", order)) if value}) + "&",
        "search": urlencode({"q": words}) + "&" if words else "",
    }
    return organisation_page(request, "people", organisation, context)


@require_http_methods(["GET", "POST"])
@login_required
def member(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """What one member may do, and the teams they are in."""
    organisation = managed_organisation(request.user, slug)
    membership = member_of(organisation, key)
    roles = {"is_manager": membership.is_manager, "is_instructor": membership.is_instructor}
    form = MemberForm(request.POST if request.method == "POST" else None, initial=roles)
    if request.method == "POST" and form.is_valid():
        try:
            people.set_roles(membership=membership, **form.cleaned_data)
        except InvalidInput as problem:
            form.add_error("is_manager", problem.message)
        else:
            messages.success(request, _("Saved what %(name)s may do.") % {"name": membership.person})
            return redirect("accounts:people", slug)
    context = {"membership": membership, "form": form, "teams": selectors.teams_of(membership)}
    return organisation_page(request, "member", organisation, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@login_required
def remove(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Ask, then let the person leave the organisation and its teams."""
    organisation = managed_organisation(request.user, slug)
    membership = member_of(organisation, key)
    problem = ""
    if request.method == "POST":
        try:
            people.remove_member(membership=membership)
        except InvalidInput as refusal:
            problem = refusal.message
        else:
            messages.success(request, _("%(name)s has left the organisation.") % {"name": membership.person})
            return redirect("accounts:people", slug)
    context = {"membership": membership, "problem": problem}
    return organisation_page(request, "remove", organisation, context, status=422 if problem else 200)


@require_http_methods(["GET", "POST"])
@login_required
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """A pasted list of addresses: first what would happen, then the invitations."""
    organisation = managed_organisation(request.user, slug)
    return _add(request, organisation, None, back=reverse("accounts:people", args=[slug]))


@require_http_methods(["GET", "POST"])
@login_required
def invite_to_team(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for a supervisor, who invites to the teams they lead."""
    team = team_for(request.user, pk)
    return _add(request, team.organisation, team, back="/team/")


def _add(request: HttpRequest, organisation: Organisation, team: Team | None, *, back: str) -> HttpResponse:
    teams = Team.objects.filter(pk=team.pk) if team else organisation.teams.all()
    form = AddPeopleForm(
        request.POST if request.method == "POST" else None,
        teams=teams,
        members=selectors.addresses_of(organisation),
        initial={"team": team.pk if team else request.GET.get("team")},
    )
    context = {"form": form, "team": team, "organisation": organisation, "back": back}
    if request.method == "POST" and not form.is_valid():
        return render(request, "accounts/organisation/add.html", context, status=422)
    if request.method == "POST" and request.POST.get("step") == "invite" and form.good():
        sent = inviting.invite(
            organisation=organisation,
            emails=form.good(),
            invited_by=request.user,
            team=team or form.cleaned_data["team"],
            role=form.cleaned_data["role"],
        )
        messages.success(
            request,
            ngettext("%(n)d invitation is on its way.", "%(n)d invitations are on their way.", len(sent))
            % {"n": len(sent)},
        )
        return redirect(back)
    context["preview"] = request.method == "POST"
    status = 422 if request.method == "POST" and not form.good() else 200
    return render(request, "accounts/organisation/add.html", context, status=status)
