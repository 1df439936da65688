"""Menu items of the shell and of this floor."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.access import manages_any
from core.navigation import Item
from core.navigation import register as add


def signed_in(request: HttpRequest) -> bool:
    return request.user.is_authenticated


def visitor(request: HttpRequest) -> bool:
    return not request.user.is_authenticated


def register() -> None:
    add(Item("main", 10, _("Home"), "core:home", "home", "/home/", visible=signed_in))
    add(Item("main", 90, _("About"), "core:about", "info", "/about/", visible=visitor))
    add(
        Item(
            "work",
            30,
            _("Organisation"),
            "accounts:organisation",
            "tool",
            "/organisation/",
            visible=lambda request: manages_any(request.user),
        )
    )
    add(Item("account", 70, _("Notices"), "accounts:notices", "bell", "/notices/", visible=signed_in))
    add(Item("account", 80, _("Settings"), "accounts:settings", "tool", "/me/settings/", visible=signed_in))
    add(Item("account", 90, _("Privacy"), "accounts:privacy", "lock", "/me/privacy/", visible=signed_in))
