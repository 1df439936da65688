"""What the lesson page of a quiz shows and does."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from courses.registry import PlayerLesson
from quizzes.selectors import card_of
from quizzes.services.attempting import start as start_attempt


def start_card(request: HttpRequest, player: PlayerLesson) -> dict[str, Any]:
    """Questions, pass mark, attempts left, earlier results."""
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
