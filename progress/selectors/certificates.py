"""What certificates say: the same facts on the holder's page, on the public page and in the PDF."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from core import clock
from courses.models import EditionText
from progress.models import Certificate


@dataclass(frozen=True)
class CertificateFacts:
    """A certificate with what its edition said of the course, in the certificate's language. Days are the holder's.

    ``code`` is the course's ('BOR 101'); the certificate's own is ``certificate.code``.
    """

    certificate: Certificate
    code: str
    title: str
    minutes: int
    lesson_count: int
    objectives: tuple[str, ...]
    credits: tuple[str, ...]

    @property
    def course(self) -> Any:
        return self.certificate.earned.edition.course

    @property
    def edition(self) -> Any:
        return self.certificate.earned.edition

    @property
    def score(self) -> int | None:
        return self.certificate.earned.score

    @property
    def state(self) -> str:
        """``valid``, ``revoked`` or ``expired``: what the public page says."""
        return state_of(self.certificate)

    @property
    def completed_on(self) -> dt.date:
        return self._day(self.certificate.earned.at)

    @property
    def published_on(self) -> dt.date:
        return self._day(self.edition.published_at)

    @property
    def expires_on(self) -> dt.date | None:
        return self._day(self.certificate.expires_at) if self.certificate.expires_at else None

    @property
    def revoked_on(self) -> dt.date | None:
        return self._day(self.certificate.revoked_at) if self.certificate.revoked_at else None

    @property
    def lead(self) -> tuple[str, str]:
        """Who made the course, and where: ``Hana Whitcomb, Mesa Ridge College`` in two."""
        name, _comma, place = (self.credits[0] if self.credits else "").partition(",")
        return name.strip(), place.strip()

    def _day(self, moment: dt.datetime) -> dt.date:
        return timezone.localtime(moment, clock.zone(self.certificate.zone)).date()


def state_of(certificate: Certificate, *, at: dt.datetime | None = None) -> str:
    """``revoked``, ``expired`` or ``valid`` at the moment ``at`` (now)."""
    if certificate.state == Certificate.State.REVOKED:
        return "revoked"
    if certificate.expires_at is not None and certificate.expires_at < (at or clock.now()):
        return "expired"
    return "valid"


def certificates_with_facts(certificates: Iterable[Certificate]) -> list[CertificateFacts]:
    """The facts of many certificates in one query more than the certificates themselves.

    The certificates come with ``completion__edition__course`` selected (``Certificate.objects.with_course()``).
    """
    rows = list(certificates)
    editions = {row.earned.edition_id for row in rows}
    texts: dict[tuple[int, str], EditionText] = {}
    for text in EditionText.objects.filter(edition__in=editions).select_related("part"):
        texts[text.edition_id, text.language] = text
    return [_facts(row, texts) for row in rows]


def certificate_facts(certificate: Certificate) -> CertificateFacts:
    """The facts of one certificate."""
    return certificates_with_facts([certificate])[0]


def _facts(row: Certificate, texts: dict[tuple[int, str], EditionText]) -> CertificateFacts:
    edition = row.earned.edition
    text = texts.get((edition.pk, row.language)) or texts[edition.pk, edition.course.first_language]
    about = text.part.rendered
    return CertificateFacts(
        certificate=row,
        code=about["code"],
        title=text.title,
        minutes=text.minutes,
        lesson_count=text.lesson_count,
        objectives=tuple(about.get("objectives", ())),
        credits=tuple(about.get("credits", ())),
    )
