"""``/review/``: what is due in words, then one card after another, then when the next ones come back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.selectors import zone_of
from core import clock
from core.errors import DomainError
from quizzes.access import card_for
from quizzes.forms.review import RatingForm
from quizzes.models import ReviewCard, ReviewSitting
from quizzes.review_area import standing_for
from quizzes.selectors.review_showing import choices_for, face_of, why_of
from quizzes.selectors.reviewing import Progress, days_ahead, next_due, open_sitting_of, progress_of
from quizzes.services import reviewing
from quizzes.views.saving import whole


@require_GET
@never_cache
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """What is due and how long it takes; nothing begins before somebody says so."""
    now = clock.now()
    sitting = open_sitting_of(request.user, at=now)
    going = progress_of(sitting, at=now) if sitting else None
    context = {
        "standing": standing_for(request),
        "going": going if going and going.card else None,
        "next_due": next_due(request.user),
        "ahead": days_ahead(request.user, at=now),
        "cards": ReviewCard.objects.visible_to(request.user).count(),
    }
    return render(request, "quizzes/review/start.html", context)


@require_POST
@login_required
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a sitting, or go on with today's."""
    return redirect("review:card" if reviewing.begin(learner=request.user) else "review:start")


@require_GET
@never_cache
@login_required
def card(request: HttpRequest) -> HttpResponse:
    """The card that is next in the open sitting; ``?answer=1`` shows its other side."""
    progress = _open(request)
    if progress is None:
        return redirect("review:start")
    if progress.card is None:
        return redirect("review:done")
    return _page(request, progress, progress.card, answer="answer" in request.GET)


def _open(request: HttpRequest) -> Progress | None:
    now = clock.now()
    sitting = open_sitting_of(request.user, at=now)
    return progress_of(sitting, at=now) if sitting else None


def _page(
    request: HttpRequest, progress: Progress, shown: ReviewCard, *, answer: bool, problem: DomainError | None = None
) -> HttpResponse:
    now, zone = clock.now(), zone_of(request.user)
    context = {
        "progress": progress,
        "card": shown,
        "face": face_of(shown, request.user),
        "why": why_of(shown, at=now, zone=zone),
        "answer": answer,
        "choices": choices_for(shown, at=now, zone=zone) if answer else [],
        "problem": problem,
    }
    return render(request, "quizzes/review/card.html", context, status=problem.status if problem else 200)


@require_POST
@login_required
def rate(request: HttpRequest) -> HttpResponse:
    """Renew a card by how well it was known, and go on with the next."""
    form = RatingForm(request.POST)
    try:
        said = form.said()
        rated = card_for(request.user, said.pop("card"))
        reviewing.rate(card=rated, **said)
    except DomainError as problem:
        progress = _open(request)
        if progress is None or progress.card is None:
            messages.error(request, problem.message)
            return redirect("review:start")
        turned = form.cleaned_data.get("card") == progress.card.pk  # else the next one: it is to be recalled first
        return _page(request, progress, progress.card, answer=turned, problem=problem)
    return redirect("review:card")


@require_POST
@login_required
def undo(request: HttpRequest) -> HttpResponse:
    """Take the last rating back, and show its card again."""
    try:
        reviewing.undo(learner=request.user, seen=whole(request.POST, "last"))
    except DomainError as problem:
        messages.error(request, problem.message)
    return redirect("review:card")


@require_POST
@login_required
def stop(request: HttpRequest) -> HttpResponse:
    """Enough for now: what was rated stands, the rest stays due."""
    reviewing.end(learner=request.user)
    return redirect("review:done")


@require_GET
@never_cache
@login_required
def done(request: HttpRequest) -> HttpResponse:
    """What the newest sitting renewed, and when the next cards come back."""
    now = clock.now()
    sitting = ReviewSitting.objects.filter(learner=request.user).order_by("-started_at", "-pk").first()
    progress = progress_of(sitting, at=now) if sitting else None
    context = {
        "standing": standing_for(request),
        "progress": progress,
        "turned": len(progress.turned) if progress else 0,
        "next_due": next_due(request.user),
        "ahead": days_ahead(request.user, at=now),
    }
    return render(request, "quizzes/review/done.html", context)
