"""Certificates: issued with their completion, shared by their holder, revoked with a reason."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import zone_of
from core import clock
from core.errors import InvalidInput
from core.queue import after_commit
from progress.codes import new_code
from progress.models import Certificate, Completion

RENDER = "progress.render_certificate"
State, RenderState = Certificate.State, Certificate.RenderState


def issue(*, completion: Completion) -> Certificate:
    """Issue the certificate of ``completion``; a second call returns the one that stands.

    Called inside the transaction that makes the completion. The PDF follows by a task, or by the sweep.
    """
    enrolment = completion.enrolment
    holder, course = enrolment.learner, enrolment.course
    zone = zone_of(holder)
    for _attempt in range(5):
        fresh = Certificate(
            code=new_code(),
            holder=holder,
            holder_name=holder.printed_name,
            completion=completion,
            renews=_renewed(completion),
            issued_at=completion.at,
            expires_at=expiry(completion.at, course.certificate_valid_days, zone),
            language=enrolment.language,
            zone=zone,
        )
        # A code that is taken is skipped like a completion that has its certificate: look, and try another code.
        Certificate.objects.bulk_create([fresh], ignore_conflicts=True)
        issued = Certificate.objects.filter(completion=completion).first()
        if issued is not None:
            after_commit(RENDER, issued.pk)
            return issued
    raise RuntimeError("five certificate codes in a row were taken")


def expiry(at: dt.datetime, days: int | None, zone: str) -> dt.datetime | None:
    """The end of the holder's day ``days`` after ``at``; None when the course's certificates do not expire."""
    return clock.end_of_day(clock.today(zone, at=at) + dt.timedelta(days=days), zone) if days else None


def _renewed(completion: Completion) -> Certificate | None:
    """The certificate of the cycle before, unless another one renews it already."""
    enrolment = completion.enrolment
    if enrolment.cycle == 1:
        return None
    before = Certificate.objects.filter(
        completion__enrolment__learner=enrolment.learner_id,
        completion__enrolment__course=enrolment.course_id,
        completion__enrolment__cycle__lt=enrolment.cycle,
        renewed_by=None,
    )
    return before.order_by("-completion__enrolment__cycle").first()


def share(*, certificate: Certificate, shared: bool) -> Certificate:
    """Let anybody who has the code open the PDF, or no longer."""
    Certificate.objects.filter(pk=certificate.pk).update(shared=shared)
    certificate.shared = shared
    return certificate


def revoke(*, certificate: Certificate, reason: str, actor: User) -> Certificate:
    """Withdraw ``certificate``; the public page says when and why. A second call changes nothing.

    Raises ``InvalidInput`` without a reason.
    """
    reason = reason.strip()
    if not reason:
        raise InvalidInput(_("Say why: the public page shows the reason."), fields={"reason": _("Say why.")})
    with transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk, state=State.VALID).update(
            state=State.REVOKED, revoked_at=clock.now(), revoked_reason=reason[:300], revoked_by=actor
        )
        certificate.refresh_from_db()
    return certificate


def render_again(*, certificate: Certificate) -> Certificate:
    """Queue the PDF anew, for instance after a lost file. Nobody is told a second time."""
    Certificate.objects.filter(pk=certificate.pk).update(render_state=RenderState.QUEUED, claimed_at=None)
    after_commit(RENDER, certificate.pk)
    certificate.refresh_from_db()
    return certificate


def lease() -> dt.timedelta:
    """How long a silent worker may hold a certificate."""
    duration: dt.timedelta = settings.CLAIM_LEASE
    return duration
