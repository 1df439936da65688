"""The signed-in person's zone and language hold for the request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from core import clock


class PersonalSettingsMiddleware:
    """Show times in the person's zone and words in their language (account, then cookie, then header: D16)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user if request.session.keys() else None
        signed_in = user is not None and user.is_authenticated
        language = (signed_in and user.language) or translation.get_language_from_request(request)
        with translation.override(language), timezone.override(clock.zone(user.time_zone) if signed_in else None):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response
