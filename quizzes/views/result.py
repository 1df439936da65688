"""What came of an attempt: the score, and for each question its own reason and a way back."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from courses.access import player_for
from courses.registry import PlayerLesson
from courses.selectors import OutlineLesson
from courses.views.doors import course_door
from quizzes.access import attempts_allowed, attempts_of
from quizzes.models import Attempt, Result
from quizzes.selectors import Shown, marks_of, newest_results, shown


@dataclass(frozen=True)
class Outcome:
    """A graded attempt of the reader, with all that count at this lesson (newest first)."""

    player: PlayerLesson
    attempt: Attempt
    result: Result
    results: list[Result]
    rows: list[Shown]

    @property
    def best_before(self) -> int | None:
        """The best score of earlier attempts."""
        number = self.attempt.number
        return max((each.percent for each in self.results if each.attempt.number < number), default=None)

    @property
    def left(self) -> int | None:
        """Attempts left; None = as many as one likes."""
        allowed = attempts_allowed(self.player)
        return None if allowed is None else max(0, allowed - len(self.results))

    @property
    def query(self) -> str:
        """The parameters that keep this attempt, and a preview's token, on an address."""
        said = [f"preview={self.player.token}"] if self.player.token else []
        if self.attempt.number != self.results[0].attempt.number:
            said.append(f"attempt={self.attempt.number}")
        return f"?{'&'.join(said)}" if said else ""


def _outcome(request: HttpRequest, player: PlayerLesson) -> Outcome | None:
    finished = attempts_of(player=player, learner=request.user).filter(finished_at__isnull=False)
    results = newest_results(list(finished.select_related("part").order_by("-number")))
    if not results:
        return None
    wanted = request.GET.get("attempt", "")
    result = next((each for each in results if str(each.attempt.number) == wanted), None) if wanted else results[0]
    if result is None:
        raise Http404
    marks = marks_of(result)
    slots = list(result.attempt.slots.select_related("version").order_by("position"))
    rows = shown(
        attempt=result.attempt,
        slots=slots,
        answers={key: mark.answer for key, mark in marks.items()},
        slug=player.course.slug,
        user=request.user,
        marks=marks,
    )
    return Outcome(player, result.attempt, result, results, rows)


def _lesson_address(player: PlayerLesson, uid: str) -> str:
    query = f"?preview={player.token}" if player.token else ""
    return reverse("courses:lesson", args=[player.course.slug, uid]) + query


def _rows(outcome: Outcome) -> list[dict[str, Any]]:
    """Each question with the address of its page and the lesson that explains it."""
    by_uid = outcome.player.outline.by_uid
    slug, uid = outcome.player.course.slug, outcome.player.lesson.uid
    return [
        {
            "question": row,
            "url": reverse("quizzes:answer", args=[slug, uid, row.position]) + outcome.query,
            "lesson": by_uid.get(row.back_to),
            "lesson_url": _lesson_address(outcome.player, row.back_to) if row.back_to in by_uid else "",
        }
        for row in outcome.rows
    ]


@require_GET
@never_cache
@login_required
@course_door
def result(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """The newest result of the reader at this quiz; ``?attempt=`` shows an earlier one."""
    player = player_for(request, slug, uid)
    outcome = _outcome(request, player)
    if outcome is None:
        return redirect(_lesson_address(player, uid))
    rows = _rows(outcome)
    again = [row for row in rows if row["question"].verdict != "right"]
    lessons: dict[str, OutlineLesson] = {row["lesson"].uid: row["lesson"] for row in again if row["lesson"]}
    _before, after = player.outline.around(uid)
    context = {
        "outcome": outcome,
        "player": player,
        "rows": rows,
        "again": again,
        "again_minutes": sum(lesson.minutes for lesson in lessons.values()),
        "right": len(rows) - len(again),
        "after": after,
        "after_url": _lesson_address(player, after.uid) if after else "",
        "lesson_url": _lesson_address(player, uid),
    }
    return render(request, "quizzes/result.html", context)


@require_GET
@never_cache
@login_required
@course_door
def answer(request: HttpRequest, slug: str, uid: str, number: int) -> HttpResponse:
    """One question of a graded attempt: what was chosen, what is right, and why."""
    player = player_for(request, slug, uid)
    outcome = _outcome(request, player)
    if outcome is None:
        return redirect(_lesson_address(player, uid))
    rows = _rows(outcome)
    row = next((each for each in rows if each["question"].position == number), None)
    if row is None:
        raise Http404
    later = [each for each in rows if each["question"].position > number and each["question"].verdict != "right"]
    context = {
        "outcome": outcome,
        "player": player,
        "row": row,
        "rows": rows,
        "question": row["question"],
        "next": later[0] if later else None,
        "result_url": reverse("quizzes:result", args=[slug, uid]) + outcome.query,
    }
    return render(request, "quizzes/answer.html", context)
