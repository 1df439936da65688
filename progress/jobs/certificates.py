"""Rendering certificates: claim, set the PDF, write it to its fixed place, tell the holder once.

Safe to run twice and beside itself: the row says what is owed, the file has one name, the notice one key.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.services.notifying import notify
from core import clock
from progress.certificates import pdf
from progress.certificates.wording import certificate_data
from progress.models import Certificate
from progress.models.certificate import CertificateQuerySet
from progress.selectors.certificates import CertificateFacts, certificates_with_facts
from progress.services.certifying import lease

log = logging.getLogger(__name__)

NOTICE = "certificate"
BATCH = 100
RenderState = Certificate.RenderState


@dataclass(frozen=True)
class Counts:
    """How many PDFs were made, how many failed and wait for the next run."""

    rendered: int = 0
    failed: int = 0


def render(pk: int) -> bool:
    """Render one certificate if it is owed and nobody holds it. Raises what went wrong, with the row queued again."""
    if not Certificate.objects.claim(pk, lease=lease()):
        return False
    [facts] = _held([pk])
    try:
        _write(facts)
    except BaseException:  # a worker that is told to stop gives its row back too
        _give_back(facts)
        raise
    return _finish(facts)


def run_certificates() -> Counts:
    """Render everything that is owed, in batches; one that fails is queued again and does not stop the others."""
    rendered = failed = 0
    tried: set[int] = set()
    while batch := _claim_batch(tried):
        tried.update(batch)
        for facts in _held(batch):
            try:
                _write(facts)
            except Exception:  # one broken certificate must not keep the others waiting; it is logged and counted
                log.exception("Certificate %s could not be rendered.", facts.certificate.code)
                _give_back(facts)
                failed += 1
            else:
                rendered += _finish(facts)
    return Counts(rendered, failed)


def _claim_batch(tried: set[int]) -> list[int]:
    """Claim up to a batch of owed rows that this run has not tried yet."""
    owed = Certificate.objects.to_render(lease=lease()).exclude(pk__in=tried).order_by("pk")
    return [pk for pk in owed.values_list("pk", flat=True)[:BATCH] if Certificate.objects.claim(pk, lease=lease())]


def _held(pks: Sequence[int]) -> list[CertificateFacts]:
    rows = Certificate.objects.filter(pk__in=pks).with_course().select_related("holder").order_by("pk")
    return certificates_with_facts(rows)


def _write(facts: CertificateFacts) -> None:
    """The same bytes under the same name, whoever writes them; a half-written file of a killed worker goes."""
    content = pdf("certificate.typ", certificate_data(facts))
    path = facts.certificate.path
    default_storage.delete(path)
    written = default_storage.save(path, ContentFile(content))
    if written != path:
        # Another worker, whose lease had run out, was quicker: its file is as good.
        default_storage.delete(written)


def _mine(facts: CertificateFacts) -> CertificateQuerySet:
    """The row, if this claim of it still stands."""
    row = facts.certificate
    return Certificate.objects.filter(pk=row.pk, render_state=RenderState.RENDERING, claimed_at=row.claimed_at)


def _give_back(facts: CertificateFacts) -> None:
    _mine(facts).update(render_state=RenderState.QUEUED, claimed_at=None)


def _finish(facts: CertificateFacts) -> bool:
    """Say that the file is there and tell the holder, both or neither."""
    with transaction.atomic():
        now = clock.now()
        if not _mine(facts).update(render_state=RenderState.READY, claimed_at=None, rendered_at=now, mailed_at=now):
            return False
        _tell(facts)
    return True


def _tell(facts: CertificateFacts) -> None:
    row = facts.certificate
    with translation.override(row.holder.language or row.language):
        if facts.score is None:
            body = _("You finished all lessons of %(title)s. The PDF is ready.")
        else:
            body = _("You finished all lessons of %(title)s with %(score)d%%. The PDF is ready.")
        notify(
            person=row.holder,
            kind=NOTICE,
            key=f"certificate:{row.code}",
            title=_("Well done: %(title)s") % {"title": facts.title},
            body=body % {"title": facts.title, "score": facts.score or 0},
            url=reverse("progress:certificate", args=[row.code]),
            action=_("See your certificate"),
        )
