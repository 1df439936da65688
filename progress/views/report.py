"""``/team/reports/completion/``: show the trend, hand over the data. All filters live in the address."""

import csv
import datetime as dt
import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from core import clock
from core.cells import safe
from core.http import render_page
from progress.access import leaders_only, team_chosen
from progress.charts import bars
from progress.forms import ReportForm
from progress.models import Obligation
from progress.selectors.report import CHUNK, Bucket, Period, by_course, export_rows, lessons_finished
from progress.selectors.team import people_matching, teams_of

PAGE_SIZE = 25
WEEKS = 8


@require_GET
@leaders_only
def report(request: HttpRequest) -> HttpResponse:
    """The finding in a sentence, a chart with its table, and the courses; ``#report`` alone for htmx."""
    form = ReportForm(request.GET or None)
    period = _period(form)
    chosen = team_chosen(request.user, request.GET.get("team", ""))
    people = people_matching(request.user, team=chosen)
    buckets = lessons_finished(people, period)
    page = Paginator(by_course(people, request.user.language or "en"), PAGE_SIZE).get_page(request.GET.get("page"))
    kept = {"team": chosen.pk if chosen else "", "from": period.first.isoformat(), "to": period.last.isoformat()}
    chart = bars([(each.on_time, each.late) for each in buckets])
    context = {
        "form": form,
        "period": period,
        "chosen": chosen,
        "teams": teams_of(request.user),
        "buckets": buckets,
        "chart": chart,
        "groups": list(zip(chart.groups, buckets, strict=True)),
        "anything": any(each.on_time or each.late for each in buckets),
        "finding": _finding(buckets, period),
        "page": page,
        "query": urlencode(kept) + "&",
        "export": urlencode(kept),
        "today": timezone.localdate(),
    }
    return render_page(request, "progress/report.html", "report", context, status=422 if form.errors else 200)


def _period(form: ReportForm) -> Period:
    """The days that were asked for; where one is missing or wrong, eight weeks up to today."""
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    last = given.get("last") or timezone.localdate()
    monday = last - dt.timedelta(days=last.weekday())
    return Period(given.get("first") or monday - dt.timedelta(weeks=WEEKS - 1), last)


def _finding(buckets: list[Bucket], period: Period) -> str:
    on_time, late = sum(each.on_time for each in buckets), sum(each.late for each in buckets)
    if not on_time and not late:
        return ""
    said = ngettext("%(n)d lesson finished on time", "%(n)d lessons finished on time", on_time) % {"n": on_time}
    said += ", " + (_("%(late)d late.") % {"late": late} if late else _("none late."))
    half = len(buckets) // 2
    if not half:
        return said
    before, after = (sum(each.on_time + each.late for each in part) for part in (buckets[:half], buckets[-half:]))
    words = {"before": before, "after": after}
    if after > before:
        return said + " " + _("The pace is rising: %(after)d in the second half, %(before)d in the first.") % words
    if after < before:
        return said + " " + _("The pace is falling: %(after)d in the second half, %(before)d in the first.") % words
    return said + " " + _("The pace is steady.")


class Echo:
    """What ``csv.writer`` writes to is handed on line by line."""

    def write(self, line: str) -> str:
        return line


@require_GET
@leaders_only
def report_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Everybody's assignments, one line each, streamed. A cell never starts a formula."""
    chosen = team_chosen(request.user, request.GET.get("team", ""))
    people = people_matching(request.user, team=chosen)
    lines = _lines(
        export_rows(people, request.user.language or "en"), translation.get_language(), timezone.get_current_timezone()
    )
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="completion-{timezone.localdate():%Y-%m-%d}.csv"'
    return response


def _lines(rows: Iterator[Obligation], language: str | None, zone: dt.tzinfo) -> Iterator[str]:
    """The export in chunks. The reader's language and zone have ended when streaming begins, so each chunk takes them up."""
    writer, at = csv.writer(Echo()), clock.now()

    def written(lines: Iterable[list[Any]]) -> str:
        return "".join(writer.writerow([safe(cell) for cell in line]) for line in lines)

    with translation.override(language):
        head = written([_head()])
    yield head
    while chunk := list(itertools.islice(rows, CHUNK)):
        with translation.override(language), timezone.override(zone):
            lines = written(_line(row, at) for row in chunk)
        yield lines


def _head() -> list[str]:
    return [
        _("Name"),
        _("E-mail"),
        _("Team"),
        _("Code"),
        _("Course"),
        _("Assigned by"),
        _("Assigned on"),
        _("Due on"),
        _("Status"),
        _("Lessons done"),
        _("Lessons"),
        _("Finished on"),
        _("Score"),
        _("Certificate"),
    ]


def _line(row: Any, at: dt.datetime) -> list[Any]:
    completion = getattr(row.enrolment, "completion", None) if row.enrolment else None
    certificate = getattr(completion, "certificate", None)
    return [
        row.person.get_full_name(),
        row.person.email,
        row.team_name or "",
        row.course.code,
        row.title,
        row.assignment.created_by.get_full_name(),
        timezone.localtime(row.assignment.created_at).date().isoformat(),
        row.due_on.isoformat() if row.due_on else "",
        _status(row, at),
        row.done_lessons if row.done_lessons is not None else "",
        row.all_lessons if row.all_lessons is not None else "",
        timezone.localtime(row.met_at).date().isoformat() if row.met_at else "",
        completion.score if completion and completion.score is not None else "",
        certificate.code if certificate else "",
    ]


def _status(row: Any, at: dt.datetime) -> str:
    if row.met_at:
        return _("Done")
    if row.due_at and row.due_at < at:
        return _("Overdue")
    return _("Under way") if row.opened else _("Not started")
