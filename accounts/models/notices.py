"""What people are told, and how it reaches them."""

import datetime as dt

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User
from core import clock


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: "User | AnonymousUser") -> "NoticeQuerySet":
        """The notices in the inbox of ``user``."""
        return self.filter(person=user, in_inbox=True) if isinstance(user, User) else self.none()

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)

    def to_mail(self, *, at: dt.datetime, lease: dt.timedelta) -> "NoticeQuerySet":
        """Notices whose mail is due and that nobody holds: waiting, or held longer than a ``lease`` lasts."""
        free = Q(mail_state=Notice.MailState.WAITING) | Q(
            mail_state=Notice.MailState.CLAIMED, claimed_at__lte=at - lease
        )
        return self.filter(free, Q(mail_after=None) | Q(mail_after__lte=at))


class Notice(models.Model):
    """One thing a person is told. ``key`` is the send-once key: the same key never makes a second notice.

    ``mail_state`` is the outbox: ``none`` (inbox only), ``waiting``, ``claimed``, ``sent``, ``dropped``.
    """

    class MailState(models.TextChoices):
        NONE = "none", _("not by mail")
        WAITING = "waiting", _("waiting")
        CLAIMED = "claimed", _("being sent")
        SENT = "sent", _("sent")
        DROPPED = "dropped", _("no longer true")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=160)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)
    action = models.CharField(_("button"), max_length=60, blank=True)
    reply_to = models.EmailField(max_length=254, blank=True)
    in_inbox = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True, blank=True)
    mail_state = models.CharField(max_length=8, choices=MailState.choices, default=MailState.NONE)
    mail_after = models.DateTimeField(null=True, blank=True)
    claim = models.UUIDField(null=True, blank=True, editable=False)
    claimed_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="accounts_notice_once")]
        indexes = [
            models.Index(fields=["person", "read_at"], name="accounts_notice_unread"),
            models.Index(fields=["person", "-created_at", "-id"], name="accounts_notice_inbox"),
            models.Index(
                fields=["mail_after"],
                condition=Q(mail_state__in=["waiting", "claimed"]),
                name="accounts_notice_outbox",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class NoticePreference(models.Model):
    """How one kind of notice reaches one person; no row = the kind's default."""

    class Mail(models.TextChoices):
        AT_ONCE = "at_once", _("At once")
        DAILY = "daily", _("Once a day")
        WEEKLY = "weekly", _("Once a week")
        NEVER = "never", _("Never")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preferences")
    kind = models.CharField(max_length=40)
    in_inbox = models.BooleanField(default=True)
    mail = models.CharField(max_length=8, choices=Mail.choices, default=Mail.AT_ONCE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="accounts_preference_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.kind}"
