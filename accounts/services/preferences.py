"""Reading notices, and choosing how they come."""

from collections.abc import Mapping

from django.db import transaction

from accounts import notice_kinds
from accounts.models import Notice, NoticePreference, User
from core import clock


def mark_read(*, notice: Notice) -> None:
    """The person has seen it; a second call changes nothing."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=clock.now())


def mark_all_read(*, person: User) -> int:
    """Everything in the inbox of ``person`` is seen. Returns how many were new."""
    return Notice.objects.visible_to(person).unread().update(read_at=clock.now())


@transaction.atomic
def choose(*, person: User, choices: Mapping[str, tuple[bool, str]]) -> None:
    """Keep ``{kind: (in_inbox, mail)}``. Kinds that nobody registered and unknown ways of mailing are left out."""
    kinds = {kind.name: kind for kind in notice_kinds.all_kinds()}
    rows = [
        NoticePreference(person=person, kind=name, in_inbox=in_inbox or kinds[name].always_inbox, mail=mail)
        for name, (in_inbox, mail) in choices.items()
        if name in kinds and mail in NoticePreference.Mail.values
    ]
    NoticePreference.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["person", "kind"], update_fields=["in_inbox", "mail"]
    )


@transaction.atomic
def stop_mail(*, person: User) -> None:
    """No kind of notice is mailed to ``person`` any more; where they appear stays as chosen."""
    chosen = dict(NoticePreference.objects.filter(person=person).values_list("kind", "in_inbox"))
    kinds = notice_kinds.all_kinds()
    never = NoticePreference.Mail.NEVER.value
    choose(person=person, choices={kind.name: (chosen.get(kind.name, kind.default_inbox), never) for kind in kinds})
    Notice.objects.filter(person=person, mail_state=Notice.MailState.WAITING).update(mail_state=Notice.MailState.NONE)
