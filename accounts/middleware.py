"""The signed-in person's zone and language; shared computers; the status of invalid forms."""

import datetime as dt
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.forms.signin import SHARED_COMPUTER
from accounts.selectors import zone_of
from core import clock


class PersonalSettingsMiddleware:
    """Show times in the person's zone and words in their language (account, then cookie, then header: D16)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user if request.session.keys() else AnonymousUser()
        chosen = "" if isinstance(user, AnonymousUser) else user.language
        language = chosen or translation.get_language_from_request(request)
        zone = None if isinstance(user, AnonymousUser) else clock.LaterZone(lambda: zone_of(user))
        with translation.override(language), timezone.override(zone):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


class SharedComputerMiddleware:
    """On a shared computer the session ends after ``IDLE`` without a request.

    The moment of the last request stands in a signed cookie, not in the session: a GET writes nothing (D6). Whoever signs
    out there leaves nothing in the browser either, such as text that was typed and not sent; after ``IDLE`` that stays,
    so that it can be offered back.
    """

    IDLE = dt.timedelta(minutes=30)
    COOKIE = "seen"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._is_shared(request) and self._was_away(request):
            logout(request)
            messages.info(request, _("You were away for a while. Sign in and we will bring you back here."))
        shared = self._is_shared(request)
        response = self.get_response(request)
        if shared and not self._is_shared(request):
            response.headers["Clear-Site-Data"] = '"storage"'
        if self._is_shared(request):
            response.set_signed_cookie(
                self.COOKIE, request.session.session_key, httponly=True, samesite="Lax", secure=request.is_secure()
            )
        elif self.COOKIE in request.COOKIES:
            response.delete_cookie(self.COOKIE, samesite="Lax")
        return response

    def _is_shared(self, request: HttpRequest) -> bool:
        return bool(request.session.keys()) and request.session.get(SHARED_COMPUTER, False)

    def _was_away(self, request: HttpRequest) -> bool:
        seen = request.get_signed_cookie(self.COOKIE, default="", max_age=self.IDLE.total_seconds())
        return bool(seen != request.session.session_key)


class InvalidFormMiddleware:
    """An invalid form of the sign-in package answers 422, as the site's own forms do; the package says 200."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        forms = [each for each in (response.context_data or {}).values() if isinstance(each, BaseForm)]
        if request.method == "POST" and response.status_code == 200 and any(form.errors for form in forms):
            response.status_code = 422
        return response
