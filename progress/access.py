"""Who may see which certificate and whose record: the only door to these rows (D19). Hidden is 404."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from courses.models import Enrolment
from progress.models import Certificate


def certificate_for(user: User, code: str) -> Certificate:
    """The certificate whose page ``user`` may open: their own, or of somebody whose record they may open. Else 404."""
    return get_object_or_404(Certificate.objects.visible_to(user).with_course().select_related("holder"), code=code)


def own_certificate(user: User, code: str) -> Certificate:
    """A certificate that ``user`` holds: only its holder shares it. 403 for people who may only see it, else 404."""
    certificate = certificate_for(user, code)
    if certificate.holder_id != user.pk:
        raise PermissionDenied
    return certificate


def pdf_for(user: User, code: str) -> Certificate:
    """The certificate whose PDF ``user`` may open: holder, supervisors, managers, anybody once it is shared.

    Raises ``Http404`` for everybody else, and for a certificate that was revoked.
    """
    row = Certificate.objects.with_course().select_related("holder").filter(code=code).first()
    if row is None or row.state == Certificate.State.REVOKED:
        raise Http404
    if not row.shared and not Certificate.objects.visible_to(user).filter(pk=row.pk).exists():
        raise Http404
    return row


def public_certificate(code: str) -> Certificate | None:
    """The certificate with ``code``: whoever has the code may see what the public page says."""
    return Certificate.objects.with_course().filter(code=code).first() if code else None


def enrolments_of(user: User, person: User) -> QuerySet[Enrolment]:
    """The enrolments of ``person`` that ``user`` may see."""
    return Enrolment.objects.visible_to(user).filter(learner=person)
