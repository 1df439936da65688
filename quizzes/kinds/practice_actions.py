"""What the lesson page of a practice shows and does."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from courses.kinds.actions import address
from courses.registry import PlayerLesson
from quizzes.selectors.practice import lesson_card
from quizzes.services.practising import begin_in_lesson


def card(request: HttpRequest, player: PlayerLesson) -> dict[str, Any]:
    """Engine, pass rule, the cases with the reader's best, the open run. Two queries at most."""
    return {"card": lesson_card(player, request.user)}


def start(request: HttpRequest, player: PlayerLesson) -> HttpResponse:
    """Begin or go on. Visitors are asked to sign in, because a run is kept move by move."""
    if not request.user.is_authenticated:
        return redirect_to_login(address(player))
    run = begin_in_lesson(player=player, learner=request.user, case_uid=request.POST.get("case", "")[:40])
    return redirect("quizzes:practice_run", run.pk)
