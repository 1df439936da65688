"""One helper chooses between a page and the piece of it that htmx asked for."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def render_page(
    request: HttpRequest, template: str, partial: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render ``template``, or only its ``partial`` when htmx asked for it; caches are told to tell the two apart."""
    piece = request.htmx and not (request.htmx.boosted or request.htmx.history_restore_request)
    response = render(request, f"{template}#{partial}" if piece else template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
