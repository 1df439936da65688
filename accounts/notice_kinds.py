"""Registry of the kinds of notice. An app registers its kinds in ``AppConfig.ready()``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import Notice


@dataclass(frozen=True)
class NoticeKind:
    """One kind of notice.

    ``label`` and ``help`` name it on the preferences page; ``icon`` stands beside it in the inbox.
    ``capped``: its mail keeps quiet hours and counts towards the limit of one a day and two a week.
    ``still_true(notice)`` is asked right before mailing; False drops the mail. ``always_inbox``: it cannot be hidden.
    """

    name: str
    label: Any
    default_inbox: bool = True
    default_mail: bool = True
    capped: bool = False
    still_true: "Callable[[Notice], bool] | None" = None
    help: Any = ""
    icon: str = "bell"
    always_inbox: bool = False


_kinds: dict[str, NoticeKind] = {}


def register(kind: NoticeKind) -> None:
    """Add ``kind``; a second registration under the same name takes the first one's place."""
    _kinds[kind.name] = kind


def kind_called(name: str) -> NoticeKind:
    """The kind called ``name``; one with the defaults for notices of an app that is no longer installed."""
    return _kinds.get(name) or NoticeKind(name=name, label=_("Other"), default_mail=False)


def is_registered(name: str) -> bool:
    return name in _kinds


def all_kinds() -> list[NoticeKind]:
    """Every kind, in the order of registration."""
    return list(_kinds.values())
