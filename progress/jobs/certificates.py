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
from progress.certificates.wording import certificate_data, day
from progress.models import Certificate
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
    held = _claim([pk])
    for facts in held:
        try:
            _write(facts)
        except BaseException:  # a worker that is told to stop gives its row back too
            _give_back(facts)
            raise
    return _finish(held) == 1


def run_certificates() -> Counts:
    """Render everything that is owed, in batches; one that fails is queued again and does not stop the others."""
    rendered = failed = 0
    last = 0
    while batch := _owed_after(last):
        last = batch[-1]
        written = []
        for facts in _claim(batch):
            try:
                _write(facts)
            except Exception:  # one broken certificate must not keep the others waiting; it is logged and counted
                log.exception("Certificate %s could not be rendered.", facts.certificate.code)
                _give_back(facts)
                failed += 1
            else:
                written.append(facts)
        rendered += _finish(written)
    return Counts(rendered, failed)


def _owed_after(pk: int) -> list[int]:
    owed = Certificate.objects.to_render(lease=lease()).filter(pk__gt=pk).order_by("pk")
    return list(owed.values_list("pk", flat=True)[:BATCH])


def _claim(pks: Sequence[int]) -> list[CertificateFacts]:
    """Claim those of ``pks`` that are still owed, in one statement, and read what they say in two more."""
    claimed_at = Certificate.objects.claim(pks, lease=lease())
    held = Certificate.objects.filter(pk__in=pks, render_state=RenderState.RENDERING, claimed_at=claimed_at)
    return certificates_with_facts(held.with_course().select_related("holder").order_by("pk"))


def _write(facts: CertificateFacts) -> None:
    """The same bytes under the same name, whoever writes them; a half-written file of a killed worker goes."""
    content = pdf("certificate.typ", certificate_data(facts))
    path = facts.certificate.path
    default_storage.delete(path)
    written = default_storage.save(path, ContentFile(content))
    if written != path:
        # Another worker, whose lease had run out, was quicker: its file is as good.
        default_storage.delete(written)


def _give_back(facts: CertificateFacts) -> None:
    row = facts.certificate
    held = Certificate.objects.filter(pk=row.pk, render_state=RenderState.RENDERING, claimed_at=row.claimed_at)
    held.update(render_state=RenderState.QUEUED, claimed_at=None)


def _finish(written: Sequence[CertificateFacts]) -> int:
    """Say that the files are there and tell the holders, both or neither; only where the claim still stands."""
    if not written:
        return 0
    pks = [facts.certificate.pk for facts in written]
    claims = {facts.certificate.claimed_at for facts in written}
    with transaction.atomic():
        now = clock.now()
        held = Certificate.objects.filter(pk__in=pks, render_state=RenderState.RENDERING, claimed_at__in=claims)
        mine = set(held.select_for_update().values_list("pk", flat=True))
        Certificate.objects.filter(pk__in=mine).update(
            render_state=RenderState.READY, claimed_at=None, rendered_at=now, mailed_at=now
        )
        for facts in written:
            if facts.certificate.pk in mine:
                _tell(facts)
    return len(mine)


def _tell(facts: CertificateFacts) -> None:
    row = facts.certificate
    with translation.override(row.holder.language or row.language):
        said = {"day": day(facts.completed_on), "score": facts.score}
        if facts.score is None:
            body = _("You finished on %(day)s. The certificate is ready to print, save or share.")
        else:
            body = _("You finished on %(day)s with %(score)d%%. The certificate is ready to print, save or share.")
        notify(
            person=row.holder,
            kind=NOTICE,
            key=f"certificate:{row.code}",
            title=_("Well done: %(title)s") % {"title": facts.title},
            body=body % said,
            url=reverse("progress:certificate", args=[row.code]),
            action=_("See your certificate"),
        )
