"""Waiting notices become mail: one merged message a person.

A claim is a lease (D13): what a killed worker held is free again after ``settings.CLAIM_LEASE``. The claim of one
person's rows happens under the lock of that person, so two workers cannot send past the limits together.
"""

import datetime as dt
import logging
import uuid
from dataclasses import dataclass
from smtplib import SMTPException

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts import notice_kinds
from accounts.mail import send_notices
from accounts.models import Notice, NoticePreference, User
from accounts.selectors import zone_of
from core import clock

log = logging.getLogger(__name__)

MAILS_A_DAY = 1
MAILS_A_WEEK = 2
QUIET_FROM, QUIET_UNTIL = dt.time(20), dt.time(7)
MailState = Notice.MailState


@dataclass
class Counts:
    """``mails`` sent, the ``notices`` in them, notices ``dropped`` as no longer true, ``held`` back, ``failed``."""

    mails: int = 0
    notices: int = 0
    dropped: int = 0
    held: int = 0
    failed: int = 0


def send_waiting_mail(*, now: dt.datetime | None = None, quiet_hours: bool = True) -> dict[str, int]:
    """Send every notice whose mail is due at ``now``; safe to run twice and beside itself.

    Returns the counts of ``Counts``. A message that cannot be sent puts its notices back. ``quiet_hours=False`` (a run
    by hand) mails at night too, and what was held for the morning; the limits a day and a week stay.
    """
    at = now or clock.now()
    counts = Counts()
    if not quiet_hours:
        _release_held()
    waiting = Notice.objects.to_mail(at=at, lease=settings.CLAIM_LEASE).order_by().values("person").distinct()
    for person in User.objects.filter(pk__in=waiting).order_by("pk"):
        _mail_to(person, at, counts, quiet_hours=quiet_hours)
    return vars(counts)


def _mail_to(person: User, at: dt.datetime, counts: Counts, *, quiet_hours: bool) -> None:
    claim = uuid.uuid4()
    counts.held += _claim(person, claim, at, quiet_hours=quiet_hours)
    claimed = list(Notice.objects.filter(claim=claim).order_by("created_at", "pk"))
    true = [notice for notice in claimed if person.is_active and _still_true(notice)]
    gone = {notice.pk for notice in claimed} - {notice.pk for notice in true}
    counts.dropped += Notice.objects.filter(pk__in=gone, claim=claim).update(mail_state=MailState.DROPPED, claim=None)
    if not true:
        return
    try:
        send_notices(person=person, notices=true)
    except (SMTPException, OSError) as problem:
        log.warning("Mail to person %s was not sent and waits: %s", person.pk, problem)
        Notice.objects.filter(claim=claim).update(mail_state=MailState.WAITING, claim=None, claimed_at=None)
        counts.failed += len(true)
        return
    Notice.objects.filter(claim=claim).update(mail_state=MailState.SENT, claim=None, mailed_at=at)
    counts.mails += 1
    counts.notices += len(true)


@transaction.atomic
def _claim(person: User, claim: uuid.UUID, at: dt.datetime, *, quiet_hours: bool) -> int:
    """Take what may go out now; move what must wait to the moment when it may. Returns how many must wait.

    On SQLite the transaction itself is the lock; on PostgreSQL the person's row is.
    """
    User.objects.select_for_update().get(pk=person.pk)
    due = Notice.objects.filter(person=person).to_mail(at=at, lease=settings.CLAIM_LEASE)
    capped = due.filter(kind__in=[kind.name for kind in notice_kinds.all_kinds() if kind.capped])
    held = 0
    free_from = _capped_mail_from(person, at, quiet_hours=quiet_hours)
    if free_from > at:
        held = capped.update(mail_state=MailState.WAITING, mail_after=free_from, claim=None, claimed_at=None)
    due.update(mail_state=MailState.CLAIMED, claim=claim, claimed_at=at)
    return held


def _capped_mail_from(person: User, at: dt.datetime, *, quiet_hours: bool) -> dt.datetime:
    """The first moment, ``at`` or later, at which a mail of a capped kind keeps the limits and the quiet hours."""
    zone = clock.zone(zone_of(person))
    capped = [kind.name for kind in notice_kinds.all_kinds() if kind.capped]
    recent = (
        Notice.objects.filter(person=person, kind__in=capped, mailed_at__gt=at - dt.timedelta(days=7))
        .order_by("-mailed_at")
        .values_list("mailed_at", flat=True)
        .distinct()
    )
    sent = [moment for moment in recent if moment is not None]
    local = timezone.localtime(at, zone)
    moment = local
    if sum(timezone.localtime(one, zone).date() == local.date() for one in sent) >= MAILS_A_DAY:
        moment = _morning_of(local.date() + dt.timedelta(days=1), zone)
    if len(sent) >= MAILS_A_WEEK:
        week_over = timezone.localtime(sent[MAILS_A_WEEK - 1] + dt.timedelta(days=7), zone)
        moment = max(moment, week_over)
    if not quiet_hours:
        return moment
    if moment.time() >= QUIET_FROM:
        moment = _morning_of(moment.date() + dt.timedelta(days=1), zone)
    elif moment.time() < QUIET_UNTIL:
        moment = _morning_of(moment.date(), zone)
    return moment


def _release_held() -> None:
    """Judge again what quiet hours or limits held back; whoever chose a daily or weekly mail keeps their choice."""
    later = NoticePreference.objects.filter(person=OuterRef("person"), kind=OuterRef("kind")).exclude(
        mail=NoticePreference.Mail.AT_ONCE
    )
    capped = [kind.name for kind in notice_kinds.all_kinds() if kind.capped]
    held = Notice.objects.filter(kind__in=capped, mail_state=MailState.WAITING, mail_after__isnull=False)
    held.exclude(Exists(later)).update(mail_after=None)


def _morning_of(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    return dt.datetime.combine(day, QUIET_UNTIL, tzinfo=zone)


def _still_true(notice: Notice) -> bool:
    still_true = notice_kinds.kind_called(notice.kind).still_true
    return still_true is None or still_true(notice)
