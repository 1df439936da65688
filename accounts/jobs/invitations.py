"""Invitations that wait become mail. The row is the memory: the token is made again from it when the mail goes out."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.db.models import Q

from accounts.mail import send_invitation
from accounts.models import Invitation
from accounts.services.inviting import token_of
from core import clock

log = logging.getLogger(__name__)


def send_waiting_invitations() -> dict[str, int]:
    """Mail every open invitation that was not mailed yet; safe to run twice and beside itself."""
    sent = failed = 0
    at = clock.now()
    free = Q(claimed_at=None) | Q(claimed_at__lte=at - settings.CLAIM_LEASE)
    waiting = Invitation.objects.open().filter(free, mailed_at=None)
    for invitation in waiting.select_related("organisation", "team", "invited_by").order_by("pk"):
        if not Invitation.objects.filter(free, pk=invitation.pk, mailed_at=None).update(claimed_at=at):
            continue
        try:
            send_invitation(invitation=invitation, token=token_of(invitation))
        except (SMTPException, OSError) as problem:
            log.warning("Invitation %s was not sent and waits: %s", invitation.pk, problem)
            Invitation.objects.filter(pk=invitation.pk).update(claimed_at=None)
            failed += 1
        else:
            Invitation.objects.filter(pk=invitation.pk).update(mailed_at=at, claimed_at=None)
            sent += 1
    return {"invitations": sent, "invitations_failed": failed}
