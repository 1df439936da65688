"""Telling many people at once: the same rules as ``notify``, in a bounded number of statements."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from accounts import notice_kinds
from accounts.models import Membership, Notice, NoticePreference, User
from core import clock
from core.queue import after_commit

SEND_NOTICES = "accounts.send_notices"
MORNING = dt.time(7)
Mail = NoticePreference.Mail


# What people chose, by person and kind: in the inbox or not, and when by mail.
Preferences = Mapping[tuple[int, str], tuple[bool, str]]


@dataclass(frozen=True)
class Draft:
    """One notice to be; the fields are those of ``notify``. ``zone``: where the person is, if that is known already."""

    person_id: int
    kind: str
    key: str
    title: str
    body: str = ""
    url: str = ""
    action: str = ""
    reply_to: str = ""
    zone: str = ""


def notify_many(drafts: Sequence[Draft], *, preferences: Preferences | None = None) -> int:
    """Tell each person once; a key that was used already is passed over. Returns how many drafts there were.

    The insertion is one statement, and so are the preferences unless they are given. Raises ``ValueError`` for a kind
    that nobody registered.
    """
    if not drafts:
        return 0
    kinds = {draft.kind for draft in drafts}
    for kind in kinds:
        if not notice_kinds.is_registered(kind):
            raise ValueError(f"Nobody registered the notice kind {kind!r}.")
    if preferences is None:
        rows = NoticePreference.objects.filter(person__in={draft.person_id for draft in drafts})
        preferences = preferences_among(rows, kinds)
    wait = {person for (person, _), (_, mail) in preferences.items() if mail in (Mail.DAILY, Mail.WEEKLY)}
    unknown = {draft.person_id for draft in drafts if not draft.zone} & wait
    zones = _zones_of(unknown) if unknown else {}
    Notice.objects.bulk_create([_notice(draft, preferences, zones) for draft in drafts], ignore_conflicts=True)
    if any(not notice_kinds.kind_called(kind).capped for kind in kinds):
        after_commit(SEND_NOTICES)
    return len(drafts)


def preferences_among(rows: QuerySet[NoticePreference], kinds: Collection[str]) -> Preferences:
    """What ``rows`` say about ``kinds``; one statement."""
    chosen = rows.filter(kind__in=kinds).values_list("person_id", "kind", "in_inbox", "mail")
    return {(person, kind): (in_inbox, mail) for person, kind, in_inbox, mail in chosen}


def _notice(draft: Draft, preferences: Preferences, zones: Mapping[int, str]) -> Notice:
    kind = notice_kinds.kind_called(draft.kind)
    in_inbox, mail = preference_of(kind, preferences.get((draft.person_id, draft.kind)))
    return Notice(
        person_id=draft.person_id,
        kind=draft.kind,
        key=draft.key,
        title=draft.title[:200],
        body=draft.body,
        url=draft.url,
        action=draft.action,
        reply_to=draft.reply_to,
        in_inbox=in_inbox,
        mail_state=Notice.MailState.NONE if mail == Mail.NEVER else Notice.MailState.WAITING,
        mail_after=next_mail(mail, draft.zone or zones.get(draft.person_id, "UTC")),
    )


def preference_of(kind: notice_kinds.NoticeKind, chosen: tuple[bool, str] | None) -> tuple[bool, str]:
    """``(in_inbox, mail)`` of ``kind``: what the person has ``chosen``, else the kind's default."""
    in_inbox, mail = chosen or (kind.default_inbox, Mail.AT_ONCE if kind.default_mail else Mail.NEVER)
    return in_inbox or kind.always_inbox, mail


def next_mail(mail: str, zone_name: str) -> dt.datetime | None:
    """The moment from which a notice may be mailed: now (None), or the next morning or Monday in that zone."""
    if mail not in (Mail.DAILY, Mail.WEEKLY):
        return None
    zone = clock.zone(zone_name)
    local = timezone.localtime(clock.now(), zone)
    days = 1 if local.time() >= MORNING else 0
    if mail == Mail.WEEKLY:
        days = (7 - local.weekday()) % 7 or (7 if local.time() >= MORNING else 0)
    return dt.datetime.combine(local.date() + dt.timedelta(days=days), MORNING, tzinfo=zone)


def _zones_of(people: set[int]) -> dict[int, str]:
    homes = dict(
        Membership.objects.filter(person__in=people, is_primary=True).values_list(
            "person_id", "organisation__time_zone"
        )
    )
    own = User.objects.filter(pk__in=people).values_list("pk", "time_zone")
    return {pk: zone or homes.get(pk) or "UTC" for pk, zone in own}
