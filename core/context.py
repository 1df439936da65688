"""What every page of the shell needs."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core.navigation import items_for


def site(request: HttpRequest) -> dict[str, Any]:
    """Menu, theme and site address. The menu is built only if the template prints it."""
    if not hasattr(request, "user"):  # refused before anybody was asked who they are, yet the error page has a menu
        request.user = AnonymousUser()
    user = request.user
    signed_in = user.is_authenticated
    # What is kept for everybody holds nobody's token.
    nobodys = {"csrf_token": ""} if getattr(request, "is_for_all", False) else {}
    return nobodys | {
        "menu": SimpleLazyObject(lambda: items_for(request)),
        "theme": user.theme if signed_in else request.COOKIES.get("theme", ""),
        "letter_keys": not signed_in or user.letter_keys,
        "site_url": settings.SITE_URL,
        "demo": settings.DEMO,
    }
