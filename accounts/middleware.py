"""The signed-in person's zone and language hold for the request."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

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
        zone = None if isinstance(user, AnonymousUser) else clock.zone(zone_of(user))
        with translation.override(language), timezone.override(zone):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response
