"""What spaced review fills in elsewhere: the menu, with how many cards are due, and a slip on the home page."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import notice_kinds
from accounts.badges import badges_for
from core import clock, navigation, panels, personal_data
from quizzes.exports import review_export_for
from quizzes.selectors.reviewing import Standing, days_ahead, register_badges, standing_of
from quizzes.services.review_reminding import NOTICE

DAYS = 2


def standing_for(request: HttpRequest) -> Standing:
    """Where the reader stands, without a statement of its own on a page with a frame."""
    return standing_of(request.user, known=badges_for(request))


def _signed_in(request: HttpRequest) -> bool:
    return request.user.is_authenticated


def due(request: HttpRequest) -> int:
    """The number beside “Review”: what the plan leaves open of what is due, and nothing while somebody rests."""
    return standing_for(request).shown


def slip(request: HttpRequest) -> dict[str, Any] | None:
    """What is due today and on the next days on which something is; not there for who has nothing coming back."""
    standing = standing_for(request)
    ahead = days_ahead(request.user, at=clock.now())[:DAYS]
    if not ahead and not standing.due:
        return None
    return {"standing": standing, "ahead": ahead}


def register() -> None:
    """Fill the registries; a second call changes nothing."""
    register_badges()
    notice_kinds.register(NOTICE)
    personal_data.register("review", review_export_for, _("Your review cards, how you rated them, and your plan."))
    navigation.register(
        navigation.Item("main", 30, _("Review"), "review:start", "renew", "/review/", visible=_signed_in, count=due)
    )
    panels.register(panels.Panel("aside", 5, "quizzes/home/review.html", slip))
