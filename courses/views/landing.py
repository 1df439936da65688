"""``/``: for visitors what this is, with real courses; whoever is signed in goes home."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from courses.selectors import first_courses

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
    cards, total = first_courses(request.user, language=get_language() or "en", limit=FIRST_COURSES)
    context = {"cards": cards, "total": total, "spines": SPINES}
    return render(request, "courses/landing.html", context)
