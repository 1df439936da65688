"""Free practice: the gallery, an engine with its cases, and beginning a world."""

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from core.http import render_page
from courses.models import Level, Topic
from quizzes.engines.registry import Engine, engines
from quizzes.forms.practice import ORDERS, TIMES, CaseFilter, GalleryFilter
from quizzes.models import PracticeCase
from quizzes.practice_settings import MODES
from quizzes.selectors.practice import bests_of, cases_of, engine_row, gallery
from quizzes.services.practising import begin_case, begin_free

PAGE = 20


def engine_called(name: str) -> Engine:
    """The engine at this address. Raises ``Http404``."""
    if name not in engines:
        raise Http404
    return engines[name]


@require_GET
def practice(request: HttpRequest) -> HttpResponse:
    """Every kind of practice, with what the reader has done so far."""
    rows = gallery(request.user)
    filters = GalleryFilter.read(request.GET)
    begun = [row for row in rows if row.open]
    used = {topic for row in rows for topic in row.topics}
    context = {
        "filters": filters,
        "rows": filters.chosen(rows),
        "all": len(rows),
        "desk": max(begun, key=lambda row: row.open.touched_at) if begun else None,
        "shortest": min(rows, key=lambda row: row.engine.minutes, default=None),
        "skills": [row for row in rows if row.recent],
        "topics": [(value, label) for value, label in Topic.choices if value in used],
        "times": TIMES,
    }
    return render_page(request, "quizzes/practice/gallery.html", "results", context)


@require_GET
def engine(request: HttpRequest, name: str) -> HttpResponse:
    """One kind of practice: new worlds, and the cases that courses have written for it."""
    found = engine_called(name)
    filters = CaseFilter.read(request.GET)
    page = Paginator(filters.chosen(cases_of(request.user, name)), PAGE).get_page(request.GET.get("page"))
    bests = bests_of(request.user, [case.subject_key for case in page])
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "engine": found,
        "row": engine_row(request.user, name),
        "filters": filters,
        "page": page,
        "cases": [{"case": case, "done": bests.get(case.subject_key)} for case in page],
        "levels": Level.choices,
        "orders": [(value, label) for value, (label, _order) in ORDERS.items()],
        "query": query.urlencode(),
    }
    return render_page(request, "quizzes/practice/engine.html", "results", context)


def _mode(request: HttpRequest) -> str:
    mode = request.POST.get("mode", "")
    return mode if mode in MODES else MODES[0]


@require_POST
@login_required
def start(request: HttpRequest, name: str) -> HttpResponse:
    """Begin a made-up world, or go on in the one that is open."""
    level, side, found = request.POST.get("level", ""), request.POST.get("side", ""), engine_called(name)
    run = begin_free(
        learner=request.user,
        engine=found.name,
        level=level if level in Level.values else Level.WORKING,
        side=side if side in [each.name for each in found.sides] else "",
        mode=_mode(request),
    )
    return redirect("quizzes:practice_run", run.pk)


@require_POST
@login_required
def start_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a published case outside of its course, or go on in it."""
    cases = PracticeCase.objects.listed_for(request.user).placed().select_related("course", "part")
    case = get_object_or_404(cases, pk=pk)
    written: list[dict[str, Any]] = json.loads(case.part.source)["cases"]
    content = next(each for each in written if each["uid"] == case.uid)
    run = begin_case(learner=request.user, case=case, content=content, mode=_mode(request))
    return redirect("quizzes:practice_run", run.pk)
