"""What the record and certificates fill in elsewhere: menu, notice kinds, personal data. Called once at start."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import notice_kinds
from accounts.notice_kinds import NoticeKind
from core import navigation
from progress import own_data
from progress.jobs.certificates import NOTICE as CERTIFICATE
from progress.services.resetting import NOTICE as RESET

KINDS = (
    NoticeKind(CERTIFICATE, _("Certificates"), help=_("When a certificate is ready."), icon="cert"),
    NoticeKind(
        RESET,
        _("Progress set back"),
        help=_("When somebody sets your progress in a course back, with their reason."),
        icon="renew",
        always_inbox=True,
    ),
)


def _signed_in(request: HttpRequest) -> bool:
    return request.user.is_authenticated


def register() -> None:
    """Fill the registries; a second call changes nothing."""
    navigation.register(
        navigation.Item("account", 10, _("My record"), "progress:me", "list", "/me/$", visible=_signed_in)
    )
    navigation.register(
        navigation.Item(
            "account", 20, _("Certificates"), "progress:certificates", "cert", "/me/certificates/", visible=_signed_in
        )
    )
    for kind in KINDS:
        notice_kinds.register(kind)
    own_data.register()
