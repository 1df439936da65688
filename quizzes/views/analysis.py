"""``/author/analysis/``: what attempts tell about a quiz and its questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from courses.access import draft_for, may_edit
from courses.models import Course
from courses.views.doors import course_door
from quizzes.analysis import advice, tables
from quizzes.analysis.chart import scatter
from quizzes.analysis.listing import SORTS, quizzes_of
from quizzes.analysis.scope import Which, wordings_of
from quizzes.bank_access import refuse_others
from quizzes.forms.analysis import WhichForm
from quizzes.models import Analysis, Question, Regrade
from quizzes.services.analysing import analysis_for, want
from quizzes.services.regrading import titles_of

PAGE = 25
WORDS_MAX = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Figures = Mapping[str, Any]


@require_GET
@login_required
def analyses(request: HttpRequest) -> HttpResponse:
    """The quizzes of this person's courses with the finding on each, those that want a look first."""
    refuse_others(request.user)
    words, sort = words_in(request.GET), request.GET.get("sort", "")
    sort = sort if sort in SORTS else "attention"
    rows = quizzes_of(request.user, words=words, sort=sort, language=get_language() or "en")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    known = {
        row.key: row
        for row in Analysis.objects.visible_to(request.user).filter(key__in=[each.standard_key for each in page])
    }
    context = {
        "page": page,
        "rows": [_listed(each, known.get(each.standard_key)) for each in page],
        "words": words,
        "sort": sort,
        "query": rest_of(request.GET, "page"),
        "search": rest_of(request.GET, "page", "sort"),
    }
    return render(request, "quizzes/author/analyses.html", context)


def words_in(data: QueryDict) -> str:
    """What is searched for, tidied."""
    return " ".join(data.get("q", "").replace("\x00", "").split())[:WORDS_MAX]


def rest_of(data: QueryDict, *without: str) -> str:
    """The rest of an address, ending in &."""
    rest = data.copy()
    for name in without:
        rest.pop(name, None)
    return f"{rest.urlencode()}&" if rest else ""


def _listed(quiz: Any, row: Analysis | None) -> dict[str, Any]:
    figures = row.figures if row else None
    return {
        "quiz": quiz,
        "finding": advice.finding(figures) if figures else "",
        "tone": {0: "", 4: "bad"}.get(quiz.attention or 0, "warn"),
        "computed_at": row.computed_at if row else None,
    }


@dataclass(frozen=True)
class Chosen:
    """What an address asks for: a quiz, and which attempts at it."""

    course: Course
    uid: str
    which: Which
    form: WhichForm

    @property
    def query(self) -> str:
        return query_of(self.which)


def query_of(which: Which) -> str:
    """The choice as an address keeps it."""
    return urlencode({name: value for name, value in which.params.items() if value is not None})


def _chosen(request: HttpRequest, slug: str, uid: str) -> Chosen:
    """Raises ``Http404`` for a hidden course and for what was never a quiz, ``PermissionDenied`` for who is no author."""
    course = draft_for(request.user, slug)
    wordings = wordings_of(course, uid)
    if not wordings:
        raise Http404
    form = WhichForm(request.GET or None, wordings=wordings)
    return Chosen(course, uid, form.which(), form)


@require_GET
@login_required
@course_door
def analysis(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """The finding first, then figures, a chart, every question, one question in thirds.

    What was computed is shown, and when; nothing is computed here. Old figures are ordered anew.
    """
    chosen = _chosen(request, slug, uid)
    row = analysis_for(course_id=chosen.course.pk, lesson_uid=uid, which=chosen.which)
    context: dict[str, Any] = {
        "course": chosen.course,
        "uid": uid,
        "form": chosen.form,
        "which": chosen.which,
        "query": chosen.query,
        "row": row,
        "title": titles_of(chosen.course, [uid])[uid],
        "may_edit": may_edit(request.user, chosen.course),
        "regrades": Regrade.objects.filter(course=chosen.course).count(),
    }
    if row.figures:
        context |= _shown(request, row.figures)
    return render(request, "quizzes/author/analysis.html", context, status=422 if chosen.form.errors else 200)


def _shown(request: HttpRequest, figures: Figures) -> dict[str, Any]:
    questions = [_question(each) for each in figures["questions"]]
    wanted = request.GET.get("question", "")
    first = next(iter(advice.by_attention(figures["questions"])), None)
    worst = next((each for each in questions if each["figures"] is first), None)
    one = next((each for each in questions if str(each["figures"]["version"]) == wanted), worst)
    pks = {each["figures"]["question"] for each in questions}
    known = {each.pk: each for each in Question.objects.visible_to(request.user).filter(pk__in=pks)}
    for each in questions:
        each["known"] = known.get(each["figures"]["question"])
        each["corrected"] = bool(each["known"] and each["known"].ready_id != each["figures"]["version"])
        each["several"] = sum(other["figures"]["question"] == each["figures"]["question"] for other in questions) > 1
    return {
        "figures": figures,
        "finding": advice.finding(figures),
        "questions": questions,
        "worst": worst if worst and worst["reading"].rank > 0 else None,
        "one": one,
        "chart": scatter(figures["questions"]),
        "score": _score(figures),
        "passed": advice.of_people(figures["passed"], figures["attempts"]),
        "reliability": _reliability(figures),
        "no_reliability": advice.no_reliability(figures),
        "small": figures["attempts"] < advice.SMALL,
    }


def _question(figures: Figures) -> dict[str, Any]:
    n, answered = figures["n"], sum(figures["thirds"])
    return {
        "figures": figures,
        "reading": advice.reading_of(figures),
        "facility": advice.facility(figures),
        "apart": advice.correlation(figures["discrimination"], n),
        "wrong": advice.wrong_in_words(figures),
        "omitted": advice.of_people(figures["omitted"], n),
        "time": advice.spent(figures["ms"]),
        "notes": advice.notes_on(figures),
        "thirds": advice.thirds_in_words(figures),
        "answers": [{**each, "all": advice.of_people(sum(each["thirds"]), answered)} for each in figures["responses"]],
        "other": {"thirds": figures["other"], "all": advice.of_people(sum(figures["other"]), answered)}
        if any(figures["other"])
        else None,
    }


def _score(figures: Figures) -> str:
    if "mean" not in figures:
        return advice.DASH if figures["percent"] is None else f"{round(figures['percent'])}%"
    return _("%(mean)s of %(most)d") % {"mean": f"{figures['mean']:.1f}", "most": figures["most"]}


def _reliability(figures: Figures) -> dict[str, Any]:
    if advice.no_reliability(figures):
        return {"name": _("Reliability"), "value": advice.DASH, "sem": ""}
    name = _("Reliability (KR-20)") if figures["kr20"] else _("Reliability (Cronbach’s alpha)")
    value = advice.correlation(figures["alpha"], figures["attempts"])
    return {"name": name, "value": value, "sem": f"{figures['sem']:.1f}", "most": figures["most"]}


@require_POST
@login_required
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have it computed once more, now."""
    refuse_others(request.user)
    row = get_object_or_404(Analysis.objects.visible_to(request.user).select_related("course"), pk=pk)
    want(row)
    page = reverse("quizzes_author:analysis", args=[row.course.slug, row.lesson_uid])
    return redirect(f"{page}?{query_of(Which.read(row.params))}")


@require_GET
@login_required
@course_door
def export(request: HttpRequest, slug: str, uid: str, suffix: str) -> HttpResponseBase:
    """What the page shows, as CSV (``table`` is questions or answers) or as a workbook. Before it is computed: the page."""
    chosen = _chosen(request, slug, uid)
    row = analysis_for(course_id=chosen.course.pk, lesson_uid=uid, which=chosen.which)
    if not row.figures:
        return redirect(f"{reverse('quizzes_author:analysis', args=[slug, uid])}?{chosen.query}")
    name = f"{chosen.course.slug}-{uid}"
    if suffix == "xlsx":
        return FileResponse(
            tables.workbook(row.figures), as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX
        )
    table = request.GET.get("table", "")
    table = table if table in tables.TABLES else "questions"
    # The reader's language ends before streaming begins; the table is short, so its lines are written here.
    lines = list(tables.csv_lines(tables.TABLES[table](row.figures)))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{table}.csv"'
    return response
