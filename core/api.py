"""What every API view shares: pages and problem details (RFC 9457)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.errors import DomainError


class Pages(PageNumberPagination):
    """Numbered pages, 20 rows each, at most 100 with ``page_size``."""

    page_size_query_param = "page_size"
    max_page_size = 100


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn any error that is the client's into a problem document.

    Body: ``{"type", "title", "status", "detail"?, "errors"?: {field: [sentence, …]}}``; anything else stays a 500.
    """
    if isinstance(error, DomainError):
        body = {"type": "about:blank", "title": str(error), "status": error.status}
        if error.fields:
            body["errors"] = {name: [text] for name, text in error.fields.items()}
        return Response(body, status=error.status, content_type="application/problem+json")
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    response = exception_handler(error, context)
    if response is None:
        return None
    response.content_type = "application/problem+json"
    if isinstance(error, exceptions.ValidationError):
        response.status_code = 422
        errors = response.data if isinstance(response.data, dict) else {"non_field_errors": response.data}
        response.data = {"type": "about:blank", "title": "Invalid input.", "status": 422, "errors": errors}
    else:
        detail = response.data.get("detail", "") if isinstance(response.data, dict) else ""
        response.data = {"type": "about:blank", "title": str(detail), "status": response.status_code}
    return response
