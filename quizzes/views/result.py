"""What came of an attempt, as far as it may be seen: the score, and for each question its own reason and a way back."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from core import clock
from courses.access import player_for
from courses.registry import PlayerLesson
from courses.selectors import OutlineLesson
from courses.views.doors import course_door
from quizzes.access import NoAttempt, Sitting, attempts_allowed, attempts_of, in_force, sitting_for
from quizzes.asking import REVIEWED, Settings, settings_of
from quizzes.behaviours import CERTAINTY, behaviours
from quizzes.models import Attempt, Marking, Result, Step, Try
from quizzes.registry import types
from quizzes.selectors import Review, Shown, Visible, newest_results, review_of, verdict_for
from quizzes.selectors.card import last_closing, opens_at
from quizzes.services.timing import settle
from quizzes.views.attempt import LEVELS


@dataclass(frozen=True)
class Outcome:
    """A finished attempt of the reader as it may be seen, with all ``attempts`` at this lesson, newest first, and the
    ``results`` of those that are graded."""

    player: PlayerLesson
    review: Review
    attempts: Sequence[Attempt]
    results: Sequence[Result]

    @property
    def attempt(self) -> Attempt:
        return self.review.attempt

    @property
    def result(self) -> Result | None:
        return self.review.result

    @property
    def rows(self) -> Sequence[Shown]:
        return self.review.rows

    @property
    def best_before(self) -> int | None:
        """The best score of earlier attempts."""
        number = self.attempt.number
        return max((each.percent for each in self.results if each.attempt.number < number), default=None)

    @property
    def counts(self) -> str:
        """Which attempt counts: best, last, average or first."""
        return str(self.player.lesson.rule.get("counts", "best"))

    @cached_property
    def current(self) -> list[Attempt]:
        """The attempts that use up attempts. One query."""
        return in_force(self.attempts, self.player)

    @property
    def left(self) -> int | None:
        """Attempts left; None = as many as one likes."""
        allowed = attempts_allowed(self.player)
        return None if allowed is None else max(0, allowed - len(self.current))

    @property
    def opens_at(self) -> dt.datetime | None:
        """When the next attempt may begin, if not now."""
        return opens_at(self.current, self.player.lesson.rule.get("cool_down"), clock.now())

    @cached_property
    def closing(self) -> dt.datetime | None:
        """The end of the quiz's last day, also when it was put off since this attempt."""
        if self.player.preview:
            return None
        return last_closing(self.player.course, settings_of(self.attempt), Settings.read(self.player.source))

    @property
    def again(self) -> bool:
        """May the next attempt begin now, or the open one go on?"""
        if any(each.finished_at is None for each in self.attempts):
            return True
        over = self.closing is not None and self.closing < clock.now()
        return self.left != 0 and self.opens_at is None and not over

    @property
    def later(self) -> bool:
        """Is something kept back until the quiz is closed?"""
        asking = settings_of(self.attempt)
        kept = [name for name in REVIEWED if not getattr(self.review.may, name)]
        return any(asking.when(name) == "closed" for name in kept)

    @property
    def query(self) -> str:
        """The parameters that keep this attempt, and a preview's token, on an address."""
        said = [f"preview={self.player.token}"] if self.player.token else []
        newest = next(each for each in self.attempts if each.finished_at)
        if self.attempt.number != newest.number:
            said.append(f"attempt={self.attempt.number}")
        return f"?{'&'.join(said)}" if said else ""


def _outcome(request: HttpRequest, player: PlayerLesson) -> Outcome | None:
    mine = attempts_of(player=player, learner=request.user).select_related("part", "enrolment__course")
    attempts = [settle(each) for each in mine.order_by("-number")]
    finished = [each for each in attempts if each.finished_at]
    if not finished:
        return None
    wanted = request.GET.get("attempt", "")
    attempt = next((each for each in finished if str(each.number) == wanted), None) if wanted else finished[0]
    if attempt is None:
        raise Http404
    review = review_of(attempt, slug=player.course.slug, user=request.user)
    return Outcome(player, review, attempts, newest_results(finished))


def _lesson_address(player: PlayerLesson, uid: str) -> str:
    query = f"?preview={player.token}" if player.token else ""
    return reverse("courses:lesson", args=[player.course.slug, uid]) + query


def _rows(outcome: Outcome) -> list[dict[str, Any]]:
    """Each question with the address of its page, the lesson that explains it, its tries and what a person gave it."""
    by_uid = outcome.player.outline.by_uid
    slug, uid = outcome.player.course.slug, outcome.player.lesson.uid
    tries, markings = _tries(outcome), _markings(outcome)
    return [
        {
            "question": row,
            "url": reverse("quizzes:answer", args=[slug, uid, row.position]) + outcome.query,
            "lesson": by_uid.get(row.back_to),
            "lesson_url": _lesson_address(outcome.player, row.back_to) if row.back_to in by_uid else "",
            "tries": tries.get(row.position, []),
            "manual": types[row.type].manual,
            **_marked(row, markings.get(row.position), outcome.review.may),
        }
        for row in outcome.rows
    ]


def _tries(outcome: Outcome) -> dict[int, list[str]]:
    """The verdicts of what was checked, by position. One query, where answers are checked."""
    found: dict[int, list[str]] = {}
    if not behaviours[outcome.attempt.behaviour].checks or not outcome.review.may.score:
        return found
    tries = Try.objects.filter(slot__attempt=outcome.attempt).order_by("number")
    for position, fraction in tries.values_list("slot__position", "fraction"):
        found.setdefault(position, []).append(verdict_for(fraction))
    return found


def _markings(outcome: Outcome) -> dict[int, Marking]:
    """What people gave, by position, newest last. One query, where something is marked by people."""
    if outcome.result is None or not any(types[row.type].manual for row in outcome.rows):
        return {}
    markings = Marking.objects.filter(slot__attempt=outcome.attempt).select_related("slot").order_by("number")
    return {each.slot.position: each for each in markings}


def _marked(row: Shown, marking: Marking | None, may: Visible) -> dict[str, Any]:
    """The criteria with the level that was given, where the score may be seen, and the comment, where replies may."""
    criteria: list[dict[str, Any]] = []
    if marking is not None and may.score:
        rubric = row.fields.get("rubric", [])
        criteria = [{**each, "chosen": marking.levels.get(each["id"], "")} for each in rubric]
    return {"criteria": criteria, "comment": marking.comment if marking is not None and may.feedback else ""}


def certainty_summary(rows: Sequence[Shown]) -> list[dict[str, Any]]:
    """For each level of certainty: how many questions, how many of them right, and what they earned of their points."""
    summary = []
    for level in CERTAINTY:
        chosen = [row for row in rows if row.answer is not None and (row.certainty or 1) == level]
        earned = sum((row.earned for row in chosen if row.earned is not None), Decimal(0))
        right = sum(row.verdict == "right" for row in chosen)
        summary.append({"label": LEVELS[level], "asked": len(chosen), "right": right, "earned": earned})
    return summary


def _late(attempt: Attempt) -> list[int]:
    """Positions of the questions with an answer that came too late. One query."""
    late = Step.objects.filter(slot__attempt=attempt, late=True)
    return sorted(set(late.values_list("slot__position", flat=True)))


def _before(result: Result | None) -> Result | None:
    """What stood before a correction. One query, when there was one."""
    if result is None or result.number == 1:
        return None
    return Result.objects.filter(attempt=result.attempt_id, number=result.number - 1).first()


def result_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Wrap ``view(request, player, …)`` below ``slug`` and ``uid``. Whoever took a quiz that a newer edition no longer
    has, is told so on the page of the course: they may have handed it in a moment ago."""

    @wraps(view)
    def inner(request: HttpRequest, slug: str, uid: str, **kwargs: Any) -> HttpResponse:
        try:
            player = player_for(request, slug, uid)
        except Http404:
            sitting = _taken_out(request, slug, uid)
            messages.info(request, _("This quiz is no longer part of the course. What you answered is kept."))
            return redirect("courses:course", sitting.course.slug)
        return view(request, player, **kwargs)

    return require_GET(never_cache(login_required(course_door(inner))))


def _taken_out(request: HttpRequest, slug: str, uid: str) -> Sitting:
    """The reader's attempt at a quiz that is not there. Raises ``Http404`` where there is none."""
    try:
        return sitting_for(request.user, slug, uid)
    except NoAttempt as none:
        raise Http404 from none


@result_view
def result(request: HttpRequest, player: PlayerLesson) -> HttpResponse:
    """The newest result of the reader at this quiz; ``?attempt=`` shows an earlier one."""
    uid = player.lesson.uid
    outcome = _outcome(request, player)
    if outcome is None:
        return redirect(_lesson_address(player, uid))
    rows = _rows(outcome)
    again = [row for row in rows if row["question"].verdict in ("partly", "wrong")]
    lessons: dict[str, OutlineLesson] = {row["lesson"].uid: row["lesson"] for row in again if row["lesson"]}
    _earlier, after = player.outline.around(uid)
    may = outcome.review.may
    asks_certainty = behaviours[outcome.attempt.behaviour].certainty
    context = {
        "outcome": outcome,
        "may": may,
        "player": player,
        "rows": rows,
        "again": again,
        "again_minutes": sum(lesson.minutes for lesson in lessons.values()),
        "right": len(rows) - len(again),
        "weighed": any(row.points > 1 or row.earned not in (None, 0, 1) for row in outcome.rows),
        "late": _late(outcome.attempt),
        "before": _before(outcome.result) if may.score else None,
        "certainty": certainty_summary(outcome.rows) if asks_certainty and may.score and may.answers else [],
        "after": after,
        "after_url": _lesson_address(player, after.uid) if after else "",
        "lesson_url": _lesson_address(player, uid),
    }
    return render(request, "quizzes/result.html", context)


@result_view
def answer(request: HttpRequest, player: PlayerLesson, number: int) -> HttpResponse:
    """One question of a finished attempt: what was chosen, what is right, and why, as far as that may be seen."""
    uid = player.lesson.uid
    outcome = _outcome(request, player)
    if outcome is None:
        return redirect(_lesson_address(player, uid))
    rows = _rows(outcome)
    row = next((each for each in rows if each["question"].position == number), None)
    if row is None:
        raise Http404
    later = [each for each in rows if each["question"].position > number]
    later = [each for each in later if each["question"].verdict in ("partly", "wrong")]
    context = {
        "outcome": outcome,
        "may": outcome.review.may,
        "player": player,
        "row": row,
        "rows": rows,
        "question": row["question"],
        "next": later[0] if later else None,
        "result_url": reverse("quizzes:result", args=[player.course.slug, uid]) + outcome.query,
    }
    return render(request, "quizzes/answer.html", context)
