"""What is remembered: ``/review/retention/`` for oneself, ``/author/forgotten/`` for the courses one works on."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from core import clock
from quizzes.analysis.tables import csv_lines
from quizzes.bank_access import refuse_others
from quizzes.models import ReviewCard
from quizzes.retention_chart import chart_of
from quizzes.selectors.retention import (
    DAYS,
    SMALL,
    SORTS,
    WINDOWS,
    Measured,
    courses_of,
    forecasts_of,
    forgotten_in,
    measured_in,
    windows_of,
)

PAGE = 25
MONTHS = (0, 30, 60, 90)


@require_GET
@never_cache
@login_required
def retention(request: HttpRequest) -> HttpResponse:
    """How much one would remember of each topic over the next 90 days: a chart, and the numbers in a table."""
    forecasts = forecasts_of(request.user, at=clock.now())
    fresh = ReviewCard.objects.visible_to(request.user).filter(last_at=None).count()
    context: dict[str, Any] = {
        "forecasts": [(each, [each.percents[DAYS.index(day)] for day in MONTHS]) for each in forecasts],
        "months": MONTHS,
        "weakest": forecasts[0] if forecasts else None,
        "fresh": fresh,
        "chart": chart_of([(each.label, each.percents) for each in forecasts], DAYS) if forecasts else None,
    }
    return render(request, "quizzes/review/retention.html", context)


@require_GET
@never_cache
@login_required
def forgotten(request: HttpRequest) -> HttpResponse:
    """Which items of one's courses are forgotten most, and measured recall after a week, a month and two."""
    refuse_others(request.user)
    asked = _asked(request)
    page = Paginator(forgotten_in(request.user, **asked), PAGE).get_page(request.GET.get("page"))
    rest = request.GET.copy()
    rest.pop("page", None)
    query = f"{rest.urlencode()}&" if rest else ""
    rest.pop("sort", None)
    context = {
        "page": page,
        "rows": [_row(item) for item in page],
        "measured": measured_in(request.user, course=asked["course"]),
        "courses": courses_of(request.user),
        "small": SMALL,
        "query": query,
        "search": f"{rest.urlencode()}&" if rest else "",
        **asked,
    }
    return render(request, "quizzes/author/forgotten.html", context)


def _asked(request: HttpRequest) -> dict[str, str]:
    """Course, words and order as an address keeps them; what makes no sense is left out."""
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100]
    sort = request.GET.get("sort", "")
    known = set(courses_of(request.user).values_list("slug", flat=True))
    course = request.GET.get("course", "")
    return {
        "course": course if course in known else "",
        "words": words,
        "sort": sort if sort in SORTS else "forgotten",
    }


def _row(item: Any) -> dict[str, Any]:
    """An item with what was forgotten and known: as counts where fewer than ten people would make a percentage of them,
    not at all where it was fewer than three."""
    return {
        "item": item,
        "forgot": _figure(item.forgot, item.ratings, few=item.people < SMALL),
        "windows": [(each.days, _window(each)) for each in windows_of(item)],
    }


def _window(each: Measured) -> str:
    return "–" if each.hidden else _figure(each.known, each.asked, few=each.people < SMALL)


def _figure(part: int, whole: int, *, few: bool) -> str:
    """``4 of 6``, ``67%``, or an en dash for none yet."""
    if not whole:
        return "–"
    return _("%(part)d of %(whole)d") % {"part": part, "whole": whole} if few else f"{round(100 * part / whole)}%"


@require_GET
@never_cache
@login_required
def forgotten_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same list as a CSV file, counts throughout."""
    refuse_others(request.user)
    response = StreamingHttpResponse(
        csv_lines(_lines(forgotten_in(request.user, **_asked(request)))), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="forgotten-{timezone.localdate():%Y-%m-%d}.csv"'
    return response


def _lines(items: Any) -> Iterator[list[Any]]:
    names = [name for days in WINDOWS for name in (f"asked_{days}", f"known_{days}")]
    yield ["course", "kind", "item", "lesson", "people", "ratings", "forgot", *names]
    for item in items.iterator(chunk_size=1000):
        start = [item.course.code, item.kind, item.words, item.lesson_uid, item.people, item.ratings, item.forgot]
        told = [("", "") if each.hidden else (each.asked, each.known) for each in windows_of(item)]
        yield [*start, *(count for pair in told for count in pair)]
