"""``/review/cards/``: every card of one's own, why it is there, and what to do with it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.selectors import zone_of
from core import clock
from core.errors import InvalidInput
from quizzes.access import card_for
from quizzes.forms.review import CardsForm, IntervalForm
from quizzes.models import ReviewCard
from quizzes.selectors.review_showing import face_of, recall_now, why_of
from quizzes.selectors.reviewing import SORTS, cards_of
from quizzes.services import reviewing

PAGE = 20
LOG = 50


@require_GET
@never_cache
@login_required
def cards(request: HttpRequest) -> HttpResponse:
    """One's cards, filtered and sorted; what is due first comes first."""
    form = CardsForm(request.GET)
    chosen = form.chosen()
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else "due"
    now, zone = clock.now(), zone_of(request.user)
    words = " ".join(chosen["q"].replace("\x00", "").split())
    found = cards_of(
        request.user,
        at=now,
        words=words,
        source=chosen["source"],
        topic=chosen["topic"],
        state=chosen["state"],
        sort=sort,
    )
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rest = request.GET.copy()
    rest.pop("page", None)
    query = f"{rest.urlencode()}&" if rest else ""
    rest.pop("sort", None)
    context = {
        "form": CardsForm(initial=chosen),
        "page": page,
        "rows": [(each, recall_now(each, at=now, zone=zone), _state(each, now)) for each in page],
        "sort": sort,
        "query": query,
        "search": f"{rest.urlencode()}&" if rest else "",
        "narrowed": any(chosen.values()),
    }
    return render(request, "quizzes/review/cards.html", context)


def _state(card: ReviewCard, now: Any) -> str:
    """``suspended``, ``buried``, ``due`` or ``later``."""
    if card.suspended_at:
        return "suspended"
    if card.buried_until and card.buried_until > now:
        return "buried"
    return "due" if card.due_at <= now else "later"


@require_GET
@never_cache
@login_required
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Why one sees this card, what happened to it, and what can be done with it."""
    return _one(request, card_for(request.user, pk), IntervalForm())


def _one(request: HttpRequest, card: ReviewCard, form: IntervalForm) -> HttpResponse:
    now, zone = clock.now(), zone_of(request.user)
    context = {
        "card": card,
        "face": face_of(card, request.user),
        "why": why_of(card, at=now, zone=zone),
        "state": _state(card, now),
        "recall": recall_now(card, at=now, zone=zone),
        "log": card.log.select_related("undone").order_by("-number")[:LOG],
        "form": form,
    }
    return render(request, "quizzes/review/one.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def bury(request: HttpRequest, pk: int) -> HttpResponse:
    """Not today."""
    reviewing.bury(card=card_for(request.user, pk))
    messages.success(request, _("This card rests until tomorrow."))
    return _back(request, pk)


@require_POST
@login_required
def suspend(request: HttpRequest, pk: int) -> HttpResponse:
    """Away until it is taken back."""
    reviewing.suspend(card=card_for(request.user, pk))
    messages.success(request, _("This card is put away. You find it under “My cards”."))
    return _back(request, pk)


@require_POST
@login_required
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """It comes again."""
    reviewing.take_back(card=card_for(request.user, pk))
    messages.success(request, _("This card comes again."))
    return _back(request, pk)


@require_POST
@login_required
def interval(request: HttpRequest, pk: int) -> HttpResponse:
    """A date of one's own for a card."""
    card = card_for(request.user, pk)
    form = IntervalForm(request.POST)
    if form.is_valid():
        try:
            reviewing.set_interval(card=card, **form.cleaned_data)
        except InvalidInput as problem:
            form.add_error("days", problem.message)
        else:
            messages.success(request, _("The date is set as you chose."))
            return _back(request, pk)
    return _one(request, card, form)


def _back(request: HttpRequest, pk: int) -> HttpResponse:
    """To the sitting, when it was done there; else to the card."""
    return redirect("review:card") if request.POST.get("from") == "sitting" else redirect("review:one", pk)
