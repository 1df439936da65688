"""Settings and personal data of the signed-in person, and the theme of anyone."""

from django.conf import settings as site_settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from rest_framework.authtoken.models import Token

from accounts.access import organisation_of
from accounts.forms import SettingsForm
from accounts.forms.profile import zone_names
from accounts.services import profile
from core import clock, personal_data
from core.errors import InvalidInput

SETTINGS = ("name", "certificate_name", "time_zone", "language", "theme", "letter_keys")


@require_http_methods(["GET", "POST"])
@login_required
def settings(request: HttpRequest) -> HttpResponse:
    """Who one is, and how pages look and speak."""
    if request.method == "GET":
        return _settings_page(request, SettingsForm(initial={name: getattr(request.user, name) for name in SETTINGS}))
    form = SettingsForm(request.POST)
    if not form.is_valid():
        return _settings_page(request, form, status=422)
    try:
        profile.change_profile(person=request.user, **form.cleaned_data)
    except InvalidInput as problem:
        form.add_error(next(iter(problem.fields), None), problem.message)
        return _settings_page(request, form, status=422)
    messages.success(request, _("Your settings are saved."))
    response = redirect("accounts:settings")
    _keep_theme(response, form.cleaned_data["theme"])
    return response


def _settings_page(request: HttpRequest, form: SettingsForm, *, status: int = 200, token: str = "") -> HttpResponse:
    organisation = organisation_of(request.user)
    context = {
        "form": form,
        "zones": zone_names(),
        "organisation": organisation,
        "has_token": Token.objects.filter(user=request.user).exists(),
        "token": token,
    }
    return render(request, "accounts/settings.html", context, status=status)


@never_cache
@require_POST
@login_required
def new_token(request: HttpRequest) -> HttpResponse:
    """Make a key for the API and show it this once; it is not shown again, so this POST does not redirect."""
    token = profile.new_token(person=request.user)
    form = SettingsForm(initial={name: getattr(request.user, name) for name in SETTINGS})
    return _settings_page(request, form, token=token)


@require_POST
@login_required
def revoke_token(request: HttpRequest) -> HttpResponse:
    """The key stops working."""
    profile.revoke_token(person=request.user)
    messages.success(request, _("The key no longer works."))
    return redirect("/me/settings/#api")


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Choose light, dark or the system's; kept in a cookie, and in the account of who is signed in."""
    chosen = request.POST.get("theme", "")
    chosen = chosen if chosen in profile.THEMES else ""
    if request.user.is_authenticated:
        profile.choose_theme(person=request.user, theme=chosen)
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    response = redirect(back if safe else "/")
    _keep_theme(response, chosen)
    return response


def _keep_theme(response: HttpResponse, chosen: str) -> None:
    response.set_cookie(
        "theme", chosen, max_age=365 * 86400, samesite="Lax", secure=site_settings.SESSION_COOKIE_SECURE
    )


@require_GET
@login_required
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept and why, and whom to ask."""
    context = {"parts": personal_data.parts(), "organisation": organisation_of(request.user)}
    return render(request, "accounts/privacy.html", context)


@never_cache
@require_GET
@login_required
def download(request: HttpRequest) -> HttpResponse:
    """Everything kept about the signed-in person, as one JSON file."""
    body = {"made_at": clock.now().isoformat(), **personal_data.export_of(request.user)}
    response = JsonResponse(body, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = 'attachment; filename="lendcraft-my-data.json"'
    return response
