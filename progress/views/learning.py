"""``/author/courses/<slug>/learning/``: how far people come in a course, and what they say of it. No names."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from core.templatetags.shell import clock_time
from courses.access import draft_for, part_of
from courses.models import Course
from courses.selectors import Outline, OutlineLesson, outline_of
from courses.views.author import author_page
from courses.views.doors import course_door
from progress.charts import bars
from progress.curve_chart import curve_of
from progress.film_counts import BUCKETS
from progress.forms_learning import WhichLearnersForm
from progress.learning_tables import TABLES
from progress.learning_words import film_finding, finding, share, time_taken
from progress.selectors.hardest import SHOWN, hard_cases, hard_questions
from progress.selectors.learning import (
    FILMS,
    LessonFigures,
    Which,
    enrolments_of,
    figures_of,
    totals_of,
    words_of,
)
from progress.services.counting_films import curve_for, want
from quizzes.analysis.tables import csv_lines

PAGE = 20


def _outline(course: Course) -> Outline | None:
    edition = course.current_edition
    return outline_of(edition, get_language() or "en", course.first_language) if edition else None


@require_GET
@never_cache
@login_required
@course_door
def learning(request: HttpRequest, slug: str) -> HttpResponse:
    """The funnel, what is hardest, what people wrote. As many statements whatever the number of learners."""
    course = draft_for(request.user, slug)
    outline = _outline(course)
    form = WhichLearnersForm(request.GET or None)
    context: dict[str, Any] = {"form": form}
    if outline is not None:
        context |= _figures(course, outline, form.which(), request.GET.get("page", ""))
    status = 422 if form.errors else 200
    return author_page(request, "learning", course, context, status=status, template="progress/author/learning.html")


def _figures(course: Course, outline: Outline, which: Which, number: str) -> dict[str, Any]:
    totals = totals_of(enrolments_of(course, which))
    rows = figures_of(course, outline, which, totals=totals)
    chart = bars([(row.opened, row.finished) for row in rows])
    page = Paginator(words_of(course, which), PAGE).get_page(number)
    titles = {lesson.uid: lesson.title for lesson in outline.lessons}
    questions, cases = hard_questions(course, outline), hard_cases(course, outline)
    query = urlencode({name: value for name, value in vars(which).items() if value})
    return {
        "outline": outline,
        "which": which,
        "totals": totals,
        "finding": finding(rows, totals),
        "rows": [_row(row) for row in rows],
        "chart": chart,
        "groups": list(zip(chart.groups, rows, strict=True)),
        "page": page,
        "written": [{**row, "title": titles.get(row["lesson_uid"], row["lesson_uid"])} for row in page],
        "questions": [(each, f"{round(100 * each.facility)}%") for each in questions[:SHOWN]],
        "cases": [(each, f"{round(each.percent)}%") for each in cases[:SHOWN]],
        "query": f"{query}&" if query else "",
        "export": query,
    }


def _row(row: LessonFigures) -> dict[str, Any]:
    """A lesson's figures as the table says them."""
    return {
        "of": row,
        "came": share(row.came, row.before),
        "finished": share(row.finished, row.opened),
        "time": time_taken(row.median_ms),
        "clear": share(row.clear, row.answers),
    }


@require_GET
@never_cache
@login_required
@course_door
def learning_csv(request: HttpRequest, slug: str, table: str) -> StreamingHttpResponse:
    """One of the tables as a CSV file, row by row."""
    course = draft_for(request.user, slug)
    outline = _outline(course)
    if outline is None or table not in TABLES:
        raise Http404
    rows = TABLES[table](course, outline, WhichLearnersForm(request.GET or None).which())
    response = StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8")
    name = f"{course.slug}-{table}-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _film(course: Course, uid: str) -> OutlineLesson:
    """The film lesson ``uid`` of the current edition. Raises ``Http404``."""
    outline = _outline(course)
    lesson = outline.by_uid.get(uid) if outline else None
    if lesson is None or lesson.kind not in FILMS:
        raise Http404
    return lesson


@require_GET
@never_cache
@login_required
@course_door
def film(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """How far one film is watched. What was counted is shown, and when; nothing is counted here."""
    course = draft_for(request.user, slug)
    lesson = _film(course, uid)
    row = curve_for(course_id=course.pk, lesson_uid=uid)
    context: dict[str, Any] = {"lesson": lesson, "row": row, "figures": row.figures}
    if row.figures:
        found = row.figures
        chapters = (part_of(lesson.part_id).rendered.get("video") or {}).get("chapters", [])
        context |= {
            "finding": film_finding(found),
            "chart": curve_of(found, [each["start_ms"] for each in chapters]) if found["people"] else None,
            "chapters": chapters,
            "stretches": _stretches(found),
        }
    return author_page(request, "learning-film", course, context, template="progress/author/film.html")


def _stretches(figures: dict[str, Any]) -> list[dict[str, Any]]:
    """The table under the curve: from, to, watched, watched again."""
    length, people = figures["length_ms"], figures["people"]
    return [
        {
            "start": clock_time(number * length // BUCKETS),
            "end": clock_time((number + 1) * length // BUCKETS),
            "seen": seen,
            "share": share(seen, people),
            "again": again,
        }
        for number, (seen, again) in enumerate(zip(figures["seen"], figures["again"], strict=True))
    ]


@require_POST
@login_required
@course_door
def film_again(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """Have one film counted anew."""
    course = draft_for(request.user, slug)
    _film(course, uid)
    want(curve_for(course_id=course.pk, lesson_uid=uid))
    messages.info(request, _("It is being counted again."))
    return redirect("progress_author:film", slug, uid)
