"""My record: the page, and the same as CSV and PDF to keep."""

import csv

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from progress.access import enrolments_of
from progress.certificates import pdf
from progress.certificates.transcript import STATES, transcript_data
from progress.selectors.record import log_of, readers_of, record_of


@require_GET
@login_required
@never_cache
def record(request: HttpRequest) -> HttpResponse:
    """Everything that counts, of the person who is signed in."""
    person = request.user
    kept = record_of(person)
    given = request.GET.get("year", "")
    year = int(given) if given.isdecimal() and len(given) < 5 and int(given) in kept.years else None
    page, log = log_of(enrolments_of(person, person), request.GET.get("page"))
    context = {
        "record": kept,
        "year": year,
        "rows": kept.of_year(year),
        "unfinished": [row for row in kept.rows if row.why and row.state != "left"],
        "page": page,
        "log": log,
        "readers": readers_of(person),
    }
    return render(request, "progress/me.html", context)


@require_GET
@login_required
@never_cache
def record_csv(request: HttpRequest) -> HttpResponse:
    """The courses of the record as a table."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="learning-record.csv"'
    response.write("\ufeff")  # so that spreadsheets read it as UTF-8
    table = csv.writer(response)
    table.writerow(
        [
            _("Code"),
            _("Course"),
            _("State"),
            _("Edition"),
            _("Last step"),
            _("Finished"),
            _("Score"),
            _("Minutes"),
            _("Certificate"),
        ]
    )
    for row in record_of(request.user).rows:
        table.writerow(
            [
                _plain(row.enrolment.course.code),
                _plain(row.title),
                STATES[row.state],
                row.edition or "",
                timezone.localtime(row.last_at).date() if row.last_at else "",
                timezone.localtime(row.finished_at).date() if row.finished_at else "",
                "" if row.score is None else row.score,
                row.minutes,
                row.certificate.code if row.certificate else "",
            ]
        )
    return response


def _plain(text: str) -> str:
    """A spreadsheet runs what begins like a formula: an apostrophe keeps it text."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


@require_GET
@login_required
@never_cache
def record_pdf(request: HttpRequest) -> HttpResponse:
    """The record as a transcript to keep, set while you wait."""
    data = transcript_data(request.user, record_of(request.user))
    response = HttpResponse(pdf("transcript.typ", data), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="learning-record.pdf"'
    return response
