"""What the lesson page of a quiz shows and does."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from courses.kinds.actions import address, mark
from courses.registry import PlayerLesson
from quizzes.access import attempts_of
from quizzes.asking import Settings
from quizzes.selectors import card_of
from quizzes.services.attempting import start as start_attempt
from quizzes.services.timing import settle


def start_card(request: HttpRequest, player: PlayerLesson) -> dict[str, Any]:
    """Questions, pass mark, attempts left, earlier results."""
    asking = Settings.read(player.source)
    if asking.time_limit or asking.closes_on:
        for attempt in attempts_of(player=player, learner=request.user).open():
            settle(attempt)
    return {"card": card_of(player, request.user)}


def start(request: HttpRequest, player: PlayerLesson) -> HttpResponse:
    """Begin or resume. Visitors are asked to sign in, because answers are kept."""
    here = reverse("courses:lesson", args=[player.course.slug, player.lesson.uid])
    query = f"?preview={player.token}" if player.token else ""
    if not request.user.is_authenticated:
        return redirect_to_login(here + query)
    attempt = start_attempt(player=player, learner=request.user)
    if attempt.finished_at is not None:
        return redirect(here + query)
    return redirect(reverse("quizzes:question", args=[player.course.slug, player.lesson.uid, 1]) + query)


def skip(request: HttpRequest, player: PlayerLesson) -> HttpResponse:
    """Leave a pre-test out: it is done, and nothing is credited."""
    if not player.lesson.rule.get("credits"):
        raise Http404
    mark(request, player, "done")
    _before, after = player.outline.around(player.lesson.uid) if player.outline else (None, None)
    return redirect(address(player, after.uid if after else None))
