"""The signed-in person's zone and language; shared computers; who was signed out; the status of invalid forms."""

import datetime as dt
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
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


class SignedOutMiddleware:
    """Who was signed out before they pressed a button comes back, after signing in, to the page that the button stands on:
    many addresses take forms only and have nothing to show. What a page fetches piece by piece stays away, and the page says
    so with a link (js/failed.js): what was typed elsewhere on it stays.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not self._leads_back_here(request, response):
            return response
        login = reverse("account_login")
        page = self._page(request)
        if page and urlsplit(page).path != login:
            query = QueryDict(mutable=True)
            query["next"] = page
            response.headers["Location"] = f"{login}?{query.urlencode(safe='/')}"
        if request.htmx:
            return HttpResponse(status=401, headers={"X-Sign-In": response.headers["Location"]})
        messages.warning(request, _("You were signed out, so nothing was changed. Sign in, then do it again."))
        return response

    def _leads_back_here(self, request: HttpRequest, response: HttpResponse) -> bool:
        """Is this the answer to somebody who would have to sign in for exactly this request?"""
        if response.status_code != 302 or not (request.method == "POST" or request.htmx):
            return False
        to = urlsplit(response.headers["Location"])
        return to.path == reverse("account_login") and parse_qs(to.query).get("next") == [request.get_full_path()]

    def _page(self, request: HttpRequest) -> str:
        """Where the browser is, as a path of this site; empty when it does not say."""
        address = request.headers.get("HX-Current-URL" if request.htmx else "Referer", "")
        if not url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}):
            return ""
        return urlsplit(address)._replace(scheme="", netloc="", fragment="").geturl()


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
