"""What a transcript says: every course, edition, date and score of a record."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core import clock
from progress.certificates import LOGO
from progress.certificates.wording import day, hours
from progress.selectors.record import Record, RecordRow

STATES = {
    "done": gettext_lazy("Complete"),
    "expiring": gettext_lazy("Complete, expires soon"),
    "expired": gettext_lazy("Expired"),
    "revoked": gettext_lazy("Certificate revoked"),
    "overdue": gettext_lazy("Overdue"),
    "due": gettext_lazy("In progress"),
    "started": gettext_lazy("In progress"),
    "new": gettext_lazy("Not started"),
    "left": gettext_lazy("Left"),
}


def transcript_data(person: User, record: Record) -> dict[str, Any]:
    """Everything that ``transcript.typ`` prints, in the language that is active."""
    today = timezone.localtime(clock.now()).date()
    return {
        "lang": (translation.get_language() or "en").split("-")[0],
        "document-title": _("Learning record of %(name)s") % {"name": person.printed_name},
        "author": "Lendcraft",
        "logo": LOGO,
        "issuer": "Lendcraft",
        "title": _("Learning record"),
        "name": person.printed_name,
        "as-of": _("As it stood on %(day)s") % {"day": day(today)},
        "summary": [
            [_("Courses finished"), str(record.finished)],
            [_("In progress"), str(record.under_way)],
            [_("Learning"), hours(record.minutes)],
            [_("Average of finished courses"), "–" if record.average is None else f"{record.average}%"],
        ],
        "head": [
            _("Code"),
            _("Course"),
            _("State"),
            _("Edition"),
            _("Finished"),
            _("Score"),
            _("Time"),
            _("Certificate"),
        ],
        "rows": [_row(row) for row in record.rows],
        "empty": _("Nothing yet."),
        "note": _("Time counts the minutes of the lessons that are done."),
        "check": _("Check a certificate by its code at %(address)s")
        % {"address": settings.SITE_URL.split("://")[-1] + reverse("progress:verify_start")},
    }


def _row(row: RecordRow) -> list[str]:
    finished = day(timezone.localtime(row.finished_at).date()) if row.finished_at else "–"
    return [
        row.enrolment.course.code,
        row.title,
        str(STATES[row.state]),
        str(row.edition or "–"),
        finished,
        "–" if row.score is None else f"{row.score}%",
        hours(row.minutes),
        row.certificate.code if row.certificate else "–",
    ]
