"""What the team area fills in elsewhere: menu, notice kinds, home panels, receivers. Called once at start."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import notice_kinds as registered_kinds
from accounts.access import leads_any_team, manages_any
from core import navigation, panels
from progress import assigning_receivers, home_panels
from progress.notice_kinds import ASSIGNING


def _leads_or_manages(request: HttpRequest) -> bool:
    return leads_any_team(request.user) or manages_any(request.user)


def register() -> None:
    """Fill the registries; a second call changes nothing."""
    navigation.register(
        navigation.Item("work", 10, _("Team"), "progress:team", "team", "/team/", visible=_leads_or_manages)
    )
    for kind in ASSIGNING:
        registered_kinds.register(kind)
    for panel in home_panels.PANELS:
        panels.register(panel)


__all__ = ["assigning_receivers", "register"]
