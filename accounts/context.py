"""The number beside the bell."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.badges import badges_for


def notices(request: HttpRequest) -> dict[str, Any]:
    """``unread_notices``: asked only when a template prints it, and only for a signed-in person."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"unread_notices": 0}
    return {"unread_notices": SimpleLazyObject(lambda: badges_for(request)["unread"])}
