"""What every page of the shell needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core.navigation import items_for


def site(request: HttpRequest) -> dict[str, Any]:
    """Menu, theme and site address. The menu is built only if the template prints it."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "menu": SimpleLazyObject(lambda: items_for(request)),
        "theme": user.theme if signed_in else request.COOKIES.get("theme", ""),
        "letter_keys": not signed_in or user.letter_keys,
        "site_url": settings.SITE_URL,
        "demo": settings.DEMO,
    }
