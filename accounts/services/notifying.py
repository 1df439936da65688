"""The one door through which people are told something."""

import datetime as dt

from django.db import transaction

from accounts import notice_kinds
from accounts.models import Notice, NoticePreference, User
from accounts.selectors import zone_of
from accounts.services.announcing import SEND_NOTICES, next_mail, preference_of
from core.queue import after_commit


@transaction.atomic
def notify(
    *,
    person: User,
    kind: str,
    key: str,
    title: str,
    body: str = "",
    url: str = "",
    action: str = "",
    reply_to: str = "",
    mail_after: dt.datetime | None = None,
) -> Notice | None:
    """Tell ``person`` something once.

    The same ``key`` never makes a second notice: then nothing happens and None comes back. The person's preference
    for ``kind`` decides whether it stands in the inbox and when it is mailed (not before ``mail_after``). ``url`` is a
    path of this site and ``action`` the words on its button; answers to the mail go to ``reply_to``.
    Raises ``ValueError`` for a kind that nobody registered.
    """
    if not notice_kinds.is_registered(kind):
        raise ValueError(f"Nobody registered the notice kind {kind!r}.")
    chosen = NoticePreference.objects.filter(person=person, kind=kind).values_list("in_inbox", "mail").first()
    in_inbox, mail = preference_of(notice_kinds.kind_called(kind), chosen)
    by_mail = mail != NoticePreference.Mail.NEVER
    notice, created = Notice.objects.get_or_create(
        person=person,
        key=key,
        defaults={
            "kind": kind,
            "title": title[:200],
            "body": body,
            "url": url,
            "action": action,
            "reply_to": reply_to,
            "in_inbox": in_inbox,
            "mail_state": Notice.MailState.WAITING if by_mail else Notice.MailState.NONE,
            "mail_after": _mail_after(person, mail, mail_after) if by_mail else None,
        },
    )
    if not created:
        return None
    if by_mail and notice.mail_after is None and not notice_kinds.kind_called(kind).capped:
        after_commit(SEND_NOTICES)
    return notice


def _mail_after(person: User, mail: str, given: dt.datetime | None) -> dt.datetime | None:
    morning = next_mail(mail, zone_of(person))
    return max(morning, given) if morning and given else morning or given
