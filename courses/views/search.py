"""``/search/``: courses and lessons, grouped by kind."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

WORDS_MAX = 120


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """What matches the words, among what this person may see."""
    words = " ".join(request.GET.get("q", "").split())[:WORDS_MAX]
    return render(request, "courses/search.html", {"words": words})
