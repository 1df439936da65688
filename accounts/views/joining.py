"""Invitations and join codes, from both sides."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import selectors
from accounts.access import invitation_for, join_code_for, managed_organisation
from accounts.forms import JoinCodeForm, JoinForm
from accounts.models import Organisation
from accounts.services import inviting
from accounts.views.organisation import listed, organisation_page, words_of
from core.errors import DomainError


@require_GET
@login_required
def invitations(request: HttpRequest, slug: str) -> HttpResponse:
    """Who was invited and what became of it."""
    organisation = managed_organisation(request.user, slug)
    words = words_of(request)
    found = listed(request, selectors.invitations_of(organisation, words=words), words)
    return organisation_page(request, "invitations", organisation, found)


@require_POST
@login_required
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link goes out; the older one stops working."""
    invitation = invitation_for(request.user, pk)
    try:
        inviting.send_again(invitation=invitation)
    except DomainError as problem:
        messages.error(request, problem.message)
    else:
        messages.success(request, _("A new link is on its way to %(email)s.") % {"email": invitation.email})
    return redirect("accounts:invitations", invitation.organisation.slug)


@require_POST
@login_required
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The link stops working."""
    invitation = invitation_for(request.user, pk)
    inviting.withdraw(invitation=invitation)
    messages.success(request, _("The invitation to %(email)s is taken back.") % {"email": invitation.email})
    return redirect("accounts:invitations", invitation.organisation.slug)


@require_http_methods(["GET", "POST"])
@login_required
def codes(request: HttpRequest, slug: str) -> HttpResponse:
    """Open codes, large enough to read from a screen at the desk."""
    organisation = managed_organisation(request.user, slug)
    form = JoinCodeForm(request.POST if request.method == "POST" else None, teams=organisation.teams.all())
    if request.method == "POST" and form.is_valid():
        inviting.create_join_code(organisation=organisation, created_by=request.user, **form.cleaned_data)
        messages.success(request, _("The code works from now on."))
        return redirect("accounts:codes", slug)
    words = words_of(request)
    found = listed(request, selectors.open_codes_of(organisation, words=words), words)
    context = {"form": form, **found}
    return organisation_page(request, "codes", organisation, context, status=422 if form.is_bound else 200)


@require_POST
@login_required
def close_code(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody can join with it any more."""
    join_code = join_code_for(request.user, pk)
    inviting.close_join_code(join_code=join_code)
    messages.success(request, _("The code is closed."))
    return redirect("accounts:codes", join_code.organisation.slug)


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Enter a code: sign up with it, or join when signed in."""
    form = JoinForm(request.POST if request.method == "POST" else None, initial={"code": request.GET.get("code", "")})
    if request.method == "GET" or not form.is_valid():
        return render(request, "accounts/join.html", {"form": form}, status=422 if form.is_bound else 200)
    code = form.cleaned_data["code"]
    try:
        if not request.user.is_authenticated:
            inviting.known_code(code)
            return redirect(f"/accounts/signup/?{urlencode({'join_code': code})}")
        membership = inviting.join(code=code, person=request.user)
    except DomainError as problem:
        form.add_error("code", problem.message)
        return render(request, "accounts/join.html", {"form": form}, status=422)
    _welcome(request, membership.organisation)
    return redirect("core:home")


@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Take the place that a link offers, or say kindly why it cannot be taken."""
    found = inviting.invitation_with(token)
    reason = inviting.why_not_open(found) if found else "unknown"
    context = {"invitation": found, "reason": reason, "token": token}
    if found is None:
        return render(request, "accounts/invitation.html", context, status=404)
    if reason:
        return render(request, "accounts/invitation.html", context, status=410)
    if request.method == "GET" or not request.user.is_authenticated:
        context["other_account"] = request.user.is_authenticated and not selectors.owns_address(
            request.user, found.email
        )
        return render(request, "accounts/invitation.html", context)
    try:
        membership = inviting.accept(invitation=found, person=request.user)
    except inviting.NotOpen as problem:
        return render(request, "accounts/invitation.html", context | {"reason": problem.reason}, status=410)
    _welcome(request, membership.organisation)
    return redirect("core:home")


def _welcome(request: HttpRequest, organisation: Organisation) -> None:
    messages.success(request, _("Welcome to %(place)s.") % {"place": organisation.name})
