"""``/search/``: courses and lessons, grouped by kind."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from core.http import render_page
from courses.models import Topic
from courses.selectors.searching import Hit
from courses.selectors.searching import search as find

WORDS_MAX = 120
SHOWN = 60
GROUPS = {"course": _("Courses"), "lesson": _("Lessons")}


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """What matches the words, among what this person may see. Whatever is typed, the answer is a page."""
    words = " ".join(request.GET.get("q", "").split())[:WORDS_MAX]
    hits = find(request.user, words, limit=SHOWN, language=get_language() or "en") if words else []
    context = {
        "words": words,
        "number": len(hits),
        "full": len(hits) == SHOWN,
        "groups": grouped(hits),
        "topics": Topic.choices,
    }
    return render_page(request, "courses/search.html", "results", context)


def grouped(hits: list[Hit]) -> list[dict[str, object]]:
    """Hits by kind, in the order in which the kinds are offered."""
    by_kind = [(kind, label, [hit for hit in hits if hit.kind == kind]) for kind, label in GROUPS.items()]
    return [{"kind": kind, "label": label, "hits": own} for kind, label, own in by_kind if own]
