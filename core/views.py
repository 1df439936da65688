"""The shell: home, phone menu, help pages, health, error pages."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from core.health import readiness
from core.panels import panels_for

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


@require_GET
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The one next thing to do, due work, what is new."""
    return render(request, "core/home.html", {"panels": panels_for(request)})


@require_GET
def menu(request: HttpRequest) -> HttpResponse:
    """The phone menu as a page of its own."""
    return render(request, "core/menu.html")


@require_GET
def page(request: HttpRequest, template: str) -> HttpResponse:
    """A text page: about, accessibility, help, privacy, keys."""
    return render(request, f"core/pages/{template}.html")


@never_cache
@require_GET
def live(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_GET
def ready(request: HttpRequest) -> JsonResponse:
    """Each part's state; 503 when one of them is not there."""
    parts = readiness()
    ok = all(part["ok"] for part in parts.values())
    return JsonResponse({"status": "ok" if ok else "unavailable", "parts": parts}, status=200 if ok else 503)


def _error(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, f"{status}.html", status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 413 if isinstance(exception, TOO_MUCH) else 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _error(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """No context processor runs here: a page that needs the database could fail for the same reason."""
    return HttpResponse(render(None, "500.html").content, status=500)
