"""Mail to people: one function per message; subject, text and HTML lie in ``templates/accounts/mail/``."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Invitation, Notice, User
from accounts.selectors import zone_of
from core import clock


def send_notices(*, person: User, notices: Sequence[Notice]) -> None:
    """One message with everything ``person`` is told now.

    Answers go to whoever wrote; a single writer is named as the sender. Raises what the mail backend raises.
    """
    writers = list(dict.fromkeys(notice.reply_to for notice in notices if notice.reply_to))
    sender = User.objects.filter(email__iexact=writers[0]).first() if len(writers) == 1 else None
    context = {
        "person": person,
        "sender": sender,
        "items": [_item(notice) for notice in notices],
        "others": len(notices) - 1,
        "preferences": absolute("/notices/#preferences"),
    }
    with _as_seen_by(person):
        send(
            template="notices",
            to=person.email,
            context=context,
            sender_name=_("%(name)s via Lendcraft") % {"name": sender.name} if sender else "",
            reply_to=writers,
        )


def _item(notice: Notice) -> dict[str, Any]:
    return {
        "notice": notice,
        "url": absolute(notice.url) if notice.url else "",
        "label": notice.action or _("Open"),
        "paragraphs": [part for part in notice.body.split("\n\n") if part.strip()],
    }


def send_invitation(*, invitation: Invitation, token: str) -> None:
    """The offer to join a library, with the link that holds ``token``."""
    inviter = invitation.invited_by
    with translation.override(invitation.organisation.language), timezone.override(invitation.organisation.time_zone):
        send(
            template="invitation",
            to=invitation.email,
            context={"invitation": invitation, "inviter": inviter, "url": absolute(f"/invitations/{token}/")},
            sender_name=_("%(name)s via Lendcraft") % {"name": inviter.get_full_name()},
            reply_to=[inviter.email],
        )


def send(
    *, template: str, to: str, context: dict[str, Any], sender_name: str = "", reply_to: Sequence[str] = ()
) -> None:
    """Send ``accounts/mail/<template>`` (``_subject.txt``, ``.txt``, ``.html``) to one address."""
    context = {**context, "site_url": settings.SITE_URL}
    folder = f"accounts/mail/{template}"
    subject = " ".join(render_to_string(f"{folder}_subject.txt", context).split())
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"{folder}.txt", context).strip() + "\n",
        from_email=_from(sender_name),
        to=[to],
        reply_to=list(reply_to),
    )
    message.attach_alternative(render_to_string(f"{folder}.html", context | {"subject": subject}), "text/html")
    message.send()


def as_html(*, subject: str, text: str) -> str:
    """The HTML beside a plain text: a line that is an address becomes the button, one that is a code stands out."""
    body = text.rsplit("\n-- \n", 1)[0]
    parts = [{"text": part, "kind": _kind_of(part)} for part in map(str.strip, body.split("\n\n")) if part]
    return render_to_string(
        "accounts/mail/plain.html", {"subject": subject, "parts": parts, "site_url": settings.SITE_URL}
    )


def _kind_of(part: str) -> str:
    if re.fullmatch(r"https?://\S+", part):
        return "link"
    return "code" if re.fullmatch(r"[A-Z0-9-]{6,12}", part) else "words"


def absolute(url: str) -> str:
    """The full address of ``url`` on this site."""
    return url if "://" in url else f"{settings.SITE_URL}{url}"


def _from(name: str) -> str:
    if not name:
        return settings.DEFAULT_FROM_EMAIL
    # A line break in a name would end the header.
    return formataddr((" ".join(name.split()), parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


@contextmanager
def _as_seen_by(person: User) -> Iterator[None]:
    """The person's language and zone while their mail is written."""
    language = person.language or settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(clock.zone(zone_of(person))):
        yield
