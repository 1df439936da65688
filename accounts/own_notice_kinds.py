"""The notice kinds of this floor."""

from django.utils.translation import gettext_lazy as _

from accounts import notice_kinds


def register() -> None:
    notice_kinds.register(
        notice_kinds.NoticeKind(
            name="account",
            label=_("Your account"),
            help=_("When you join a library or a team"),
            icon="user",
            always_inbox=True,
        )
    )
