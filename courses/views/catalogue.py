"""The catalogue: search, facets and order live in the address."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from core import kept_pages
from core.http import render_page
from courses.models import Level, Topic
from courses.selectors import Catalogue, Filters
from courses.selectors import catalogue as find
from courses.selectors.catalogue import BEST_MATCH, MAX_SHOWN, PAGE, SORTS, TIMES, matching
from courses.selectors.languages import language_name

WORDS_MAX = 120
BEST_LABEL = _("Best match")
SUBJECT, LEVEL, TIME, LANGUAGE = _("Subject"), _("Level"), _("Time"), _("Language")


# The first look, and the first step from it. Words and choices that are combined are asked for rarely, each by few.
KEPT = {
    "topic": Topic.values,
    "level": Level.values,
    "time": TIMES,
    "sort": SORTS,
    "page": [str(number) for number in range(1, MAX_SHOWN // PAGE + 1)],
}


@require_GET
@kept_pages.for_visitors(KEPT)
def catalogue(request: HttpRequest) -> HttpResponse:
    """All courses this person may be shown, or those that match; ``#results`` alone for htmx."""
    words = " ".join(request.GET.get("q", "").split())[:WORDS_MAX]
    language = get_language() or "en"
    hits = matching(request.user, words, language=language) if words else None
    filters = filters_of(request.GET, hits=hits)
    found = find(request.user, filters, language=language)
    context = {
        "words": words,
        "found": found,
        "filters": filters,
        "facets": facets(found, filters),
        "chosen_count": sum(map(len, (filters.topics, filters.levels, filters.times, filters.languages))),
        "sorts": ({BEST_MATCH: BEST_LABEL} if words else {}) | SORTS,
        "shown": len(found.cards),
        "more": more(request.GET, found, filters),
        "without_words": _without(request.GET, "q"),
        "without_facets": _without(request.GET, "topic", "level", "time", "language"),
    }
    return render_page(request, "courses/catalogue.html", "results", context)


def filters_of(data: QueryDict, *, hits: list[int] | None) -> Filters:
    """A query string as filters. What does not exist is left out: an address that was shared never breaks."""
    sort = data.get("sort", "")
    page = data.get("page", "")
    pages = int(page) if page.isascii() and page.isdigit() and len(page) < 4 else 1
    return Filters(
        topics=_chosen(data, "topic", Topic.values),
        levels=_chosen(data, "level", Level.values),
        times=_chosen(data, "time", TIMES),
        languages=frozenset(value for value in data.getlist("language") if value.replace("-", "").isalnum()),
        sort=sort if sort in SORTS else (BEST_MATCH if hits is not None else "first"),
        shown=min(max(pages, 1) * PAGE, MAX_SHOWN),
        hits=hits,
    )


def _chosen(data: QueryDict, name: str, allowed: Any) -> frozenset[str]:
    return frozenset(value for value in data.getlist(name) if value in allowed)


def _without(data: QueryDict, *names: str) -> str:
    rest = data.copy()
    for name in (*names, "page"):
        rest.pop(name, None)
    return rest.urlencode()


def more(data: QueryDict, found: Catalogue, filters: Filters) -> dict[str, Any] | None:
    """The link that shows the next courses below those already there."""
    shown = len(found.cards)
    if shown >= found.total or shown >= MAX_SHOWN:
        return None
    onwards = data.copy()
    onwards["page"] = str(filters.shown // PAGE + 1)
    return {"query": onwards.urlencode(), "number": min(PAGE, found.total - shown)}


def facets(found: Catalogue, filters: Filters) -> list[dict[str, Any]]:
    """Each facet with its values, how many courses each would show, and whether it is chosen.

    Languages are offered once there is more than one to choose from.
    """
    languages = {code: language_name(code) for code in sorted(found.counts["language"])}
    plan = [
        ("topic", SUBJECT, dict(Topic.choices), filters.topics),
        ("level", LEVEL, dict(Level.choices), filters.levels),
        ("time", TIME, TIMES, filters.times),
        ("language", LANGUAGE, languages if len(languages) > 1 or filters.languages else {}, filters.languages),
    ]
    return [
        {
            "name": name,
            "label": label,
            "values": [
                {"value": value, "label": text, "count": found.counts[name][value], "chosen": value in wanted}
                for value, text in values.items()
            ],
        }
        for name, label, values, wanted in plan
        if values
    ]
