"""Pages that are the same for every visitor: rendered once, kept for a moment, thrown away when what they show changes.

A kept page holds nothing of the visitor it was rendered for: no token against forged requests, so no form that posts.
Whoever has a session, or a message waiting, is given a page of their own.
"""

import functools
import logging
from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.crypto import get_random_string
from django.utils.translation import get_language
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

STATE = "kept-pages"  # names the state of the site that kept pages show
THEMES = ("", "light", "dark")

View = Callable[..., HttpResponse]
Known = Mapping[str, Collection[str]]


def for_visitors(known: Known) -> Callable[[View], View]:
    """Keep what the view answers to visitors. ``known`` has the parameters of the address and their values, of which one
    may be given at a time: whoever plays with addresses cannot fill the cache."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def kept(request: HttpRequest, *args: Any, **given: Any) -> HttpResponse:
            if not settings.KEPT_PAGES_SECONDS or not _is_for_all(request, known):
                return view(request, *args, **given)
            key = _key(request)
            state, body = _found(key)
            if body is None:
                request.is_for_all = True  # type: ignore[attr-defined]
                response = view(request, *args, **given)
                _keep(request, response, key, state)
            else:
                response = HttpResponse(body)
            patch_vary_headers(response, ["Accept-Language", "Cookie", "HX-Request"])
            return response

        return kept

    return decorate


def throw_away() -> None:
    """Show visitors no kept page any more, once the transaction has committed."""
    # A fresh name each time: one that was forgotten and begun again would bring old pages back.
    transaction.on_commit(lambda: cache.set(STATE, get_random_string(16), None), robust=True)


def _is_for_all(request: HttpRequest, known: Known) -> bool:
    """Is what ``request`` asks for the same for everybody who asks so?"""
    own = {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name} & request.COOKIES.keys()
    asked = list(request.GET.lists())
    plain = not asked or (len(asked) == 1 and len(asked[0][1]) == 1 and asked[0][1][0] in known.get(asked[0][0], ()))
    is_page = request.method == "GET" and "HX-Request" not in request.headers
    return is_page and not own and plain and request.COOKIES.get("theme", "") in THEMES


def _key(request: HttpRequest) -> str:
    theme = request.COOKIES.get("theme", "")
    return f"{STATE}:{request.scheme}:{request.get_host()}:{get_language()}:{theme}:{request.path}?{request.GET.urlencode()}"


def _found(key: str) -> tuple[str, bytes | None]:
    """The state of the site, and the page if one was kept of that state. Read before the page is rendered, so that a page
    which a change overtook is never shown."""
    try:
        got = cache.get_many([STATE, key])
        state = got.get(STATE) or cache.get_or_set(STATE, lambda: get_random_string(16), None)
    except RedisError as problem:
        log.warning("Kept pages cannot be asked for: %s", problem)
        return "", None
    was, body = got.get(key, ("", None))
    return state, body if was == state else None


def _keep(request: HttpRequest, response: HttpResponse, key: str, state: str) -> None:
    """Keep the page, unless it has something of its visitor in it after all."""
    has_token = request.META.get("CSRF_COOKIE_NEEDS_UPDATE", False)
    if not state or response.status_code != 200 or response.cookies or has_token or request.session.modified:
        return
    try:
        cache.set(key, (state, response.content), settings.KEPT_PAGES_SECONDS)
    except RedisError as problem:
        log.warning("A page could not be kept: %s", problem)
