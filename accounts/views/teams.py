"""Teams of a library."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import selectors
from accounts.access import managed_organisation
from accounts.forms import TeamForm, TeamMemberForm
from accounts.models import Organisation, Team, TeamMembership
from accounts.services import people
from accounts.views.organisation import listed, organisation_page, words_of
from core.errors import InvalidInput

FOUND_MOST = 10


def _team(organisation: Organisation, pk: int) -> Team:
    return get_object_or_404(Team.objects.select_related("organisation"), organisation=organisation, pk=pk)


@require_http_methods(["GET", "POST"])
@login_required
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """The teams with their supervisors, and a form for one more."""
    organisation = managed_organisation(request.user, slug)
    form = TeamForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            team = people.create_team(organisation=organisation, name=form.cleaned_data["name"])
        except InvalidInput as problem:
            form.add_error("name", problem.message)
        else:
            return redirect("accounts:team", slug, team.pk)
    words = words_of(request)
    context = {"form": form, **listed(request, selectors.team_rows(organisation, words=words), words)}
    return organisation_page(request, "teams", organisation, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@login_required
def detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One team: its name and its people. POST renames it."""
    organisation = managed_organisation(request.user, slug)
    team = _team(organisation, pk)
    form = TeamForm(request.POST if request.method == "POST" else None, initial={"name": team.name})
    if request.method == "POST" and form.is_valid():
        try:
            people.rename_team(team=team, name=form.cleaned_data["name"])
        except InvalidInput as problem:
            form.add_error("name", problem.message)
        else:
            messages.success(request, _("The team is renamed."))
            return redirect("accounts:team", slug, pk)
    return _team_page(request, organisation, team, form, TeamMemberForm(organisation=organisation))


@require_POST
@login_required
def add(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Somebody of the organisation joins the team."""
    organisation = managed_organisation(request.user, slug)
    team = _team(organisation, pk)
    form = TeamMemberForm(request.POST, organisation=organisation)
    if not form.is_valid():
        return _team_page(request, organisation, team, TeamForm(initial={"name": team.name}), form)
    people.add_to_team(team=team, by=request.user, **form.cleaned_data)
    messages.success(request, _("%(name)s is in the team.") % {"name": form.cleaned_data["person"]})
    return redirect("accounts:team", slug, pk)


@require_POST
@login_required
def remove(request: HttpRequest, slug: str, pk: int, place: int) -> HttpResponse:
    """Somebody leaves the team in one role."""
    organisation = managed_organisation(request.user, slug)
    team = _team(organisation, pk)
    row = get_object_or_404(TeamMembership.objects.select_related("person"), team=team, pk=place)
    people.remove_from_team(team=team, person=row.person, role=row.role)
    messages.success(request, _("%(name)s has left the team.") % {"name": row.person})
    return redirect("accounts:team", slug, pk)


@require_http_methods(["GET", "POST"])
@login_required
def delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then close the team."""
    organisation = managed_organisation(request.user, slug)
    team = _team(organisation, pk)
    if request.method == "POST":
        people.delete_team(team=team)
        messages.success(request, _("The team “%(name)s” is closed.") % {"name": team.name})
        return redirect("accounts:teams", slug)
    context = {"team": team, "size": team.memberships.values("person").distinct().count()}
    return organisation_page(request, "delete_team", organisation, context)


def _team_page(
    request: HttpRequest, organisation: Organisation, team: Team, form: TeamForm, member_form: TeamMemberForm
) -> HttpResponse:
    bad = form.is_bound or member_form.is_bound
    words, wanted = words_of(request), words_of(request, "person")
    found = list(selectors.people_for(team, words=wanted)[: FOUND_MOST + 1]) if wanted else []
    context = {
        "team": team,
        "form": form,
        "member_form": member_form,
        "wanted": wanted,
        "found": found[:FOUND_MOST],
        "more": len(found) > FOUND_MOST,
        **listed(request, selectors.places_in(team, words=words), words),
    }
    return organisation_page(request, "team", organisation, context, partial="found", status=422 if bad else 200)
