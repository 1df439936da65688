"""``/``: for visitors what this is, with real courses; whoever is signed in goes home."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from courses.registry import blocks
from courses.selectors import Card, first_check, first_courses

FIRST_COURSES = 4
# The shelf is a picture of the cloths, not a list of what is there.
SPINES = (
    ("borrow", ("BOR", "101")),
    ("find", ("FND", "120")),
    ("lend", ("LEN", "101")),
    ("copyright", ("CPY", "110")),
    ("world", ("INT", "130")),
)


@require_GET
def landing(request: HttpRequest) -> HttpResponse:
    """Good first courses of the public catalogue."""
    if request.user.is_authenticated:
        return redirect("core:home")
    language = get_language() or "en"
    cards, total = first_courses(request.user, language=language, limit=FIRST_COURSES)
    context = {"cards": cards, "total": total, "spines": SPINES, "trial": trial(cards, language)}
    return render(request, "courses/landing.html", context)


def trial(cards: tuple[Card, ...], language: str) -> dict[str, Any] | None:
    """The first check question of these courses, to be answered on the spot; None when they have none."""
    found = first_check([card.edition_id for card in cards], language)
    if found is None or found[2]["block"] not in blocks:
        return None
    edition_id, uid, check = found
    card = next(card for card in cards if card.edition_id == edition_id)
    return {
        "title": card.title,
        "check": {**check, "template": blocks[check["block"]].template, "answered": {}},
        "here": reverse("courses:lesson", args=[card.slug, uid]),
    }
