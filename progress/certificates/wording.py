"""What a certificate says, in its own language."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from progress.certificates import CLOTHS, LOGO, qr
from progress.selectors.certificates import CertificateFacts

OBJECTIVES = 5


def day(value: dt.date) -> str:
    """``30 October 2026``."""
    return date_format(value, "j F Y")


def stamp(value: dt.date) -> str:
    """``30 OCT 2026``, as on a date stamp."""
    return date_format(value, "j M Y").replace(".", "").upper()


def hours(minutes: int) -> str:
    """``2 h 10 min``, ``45 min``."""
    whole, rest = divmod(minutes, 60)
    return f"{whole} h {rest:02d} min" if whole else f"{rest} min"


def sentence(facts: CertificateFacts) -> str:
    """What the holder did."""
    if facts.score is None:
        said = ngettext("completed the lesson.", "completed all %(count)d lessons.", facts.lesson_count)
    else:
        said = ngettext(
            "completed the lesson, with a score of %(score)d%%.",
            "completed all %(count)d lessons, with a score of %(score)d%%.",
            facts.lesson_count,
        )
    return said % {"count": facts.lesson_count, "score": facts.score or 0}


def verify_url(code: str) -> str:
    """The public address at which anybody can check the certificate."""
    return settings.SITE_URL + reverse("progress:verify", args=[code])


def certificate_data(facts: CertificateFacts) -> dict[str, Any]:
    """Everything that ``certificate.typ`` prints."""
    row = facts.certificate
    with translation.override(row.language):
        url = verify_url(row.code)
        lead, place = facts.lead
        objectives = "; ".join(facts.objectives[:OBJECTIVES])
        return {
            "lang": row.language.split("-")[0],
            "document-title": _("Certificate: %(title)s, %(name)s") % {"title": facts.title, "name": row.holder_name},
            "author": "Lendcraft",
            "issuer": "Lendcraft",
            "logo": LOGO,
            "cloth": CLOTHS[facts.course.cloth],
            "code-lines": facts.code.split(),
            "stamp": stamp(facts.completed_on),
            "title": facts.title,
            "subtitle": subtitle(facts),
            "before-name": _("This is to record that"),
            "name": row.holder_name,
            "sentence": sentence(facts),
            "objectives": _("What the course teaches: %(objectives)s.") % {"objectives": objectives}
            if objectives
            else "",
            "lead": lead,
            "lead-place": lead_line(place),
            "effort": _("%(time)s of learning") % {"time": hours(facts.minutes)},
            "check": _("Check this certificate at %(address)s")
            % {"address": settings.SITE_URL.split("://")[-1] + "/verify/"},
            "code": row.code,
            "expires": _("valid until %(day)s") % {"day": day(facts.expires_on)} if facts.expires_on else "",
            "url": url,
            "qr": qr(url),
            "qr-alt": _("QR code of the page that checks this certificate: %(url)s") % {"url": url},
        }


def subtitle(facts: CertificateFacts) -> str:
    """Which course, which edition."""
    said = _("Certificate of completion for course %(code)s, edition %(edition)d")
    return said % {"code": facts.code, "edition": facts.edition.number}


def lead_line(place: str) -> str:
    """Under the name of whoever made the course."""
    return _("Course lead, %(place)s") % {"place": place} if place else _("Course lead")
