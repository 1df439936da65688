"""The pages of an attempt: one question a screen, the look back before handing in, handing in."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from courses.views.doors import course_door
from quizzes.access import NoAttempt, Sitting, sitting_for
from quizzes.models import Slot
from quizzes.registry import types
from quizzes.selectors import Paper, paper_of, shown
from quizzes.services.answering import save_answer, save_form
from quizzes.services.grading import finish

View = Callable[..., HttpResponse]


def sitting_view(view: View) -> View:
    """Wrap ``view(request, sitting, …)`` below ``slug`` and ``uid``: without an attempt the lesson's page is next, and
    once the attempt is handed in, its result."""

    @wraps(view)
    def inner(request: HttpRequest, slug: str, uid: str, **kwargs: Any) -> HttpResponse:
        token = request.GET.get("preview", "")
        try:
            sitting = sitting_for(request.user, slug, uid, token=token)
        except NoAttempt:
            query = f"?preview={token}" if token else ""
            return redirect(reverse("courses:lesson", args=[slug, uid]) + query)
        if sitting.attempt.finished_at is not None:
            return to(sitting, "result")
        return view(request, sitting, **kwargs)

    return never_cache(login_required(course_door(inner)))


def to(sitting: Sitting, name: str, *args: int) -> HttpResponse:
    return redirect(address(sitting, name, *args))


def address(sitting: Sitting, name: str, *args: int) -> str:
    """Where a page of this attempt is; the preview's token stays on."""
    url = reverse(f"quizzes:{name}", args=[sitting.course.slug, sitting.attempt.lesson_uid, *args])
    return url + sitting.query


@require_http_methods(["GET", "POST"])
@sitting_view
def question(request: HttpRequest, sitting: Sitting, number: int) -> HttpResponse:
    """One question. A POST is the plain form: it saves and goes on."""
    paper = paper_of(sitting.attempt)
    slot = next((each for each in paper.slots if each.position == number), None)
    if slot is None:
        return to(sitting, "question", 1)
    if request.method == "GET":
        return _question_page(request, sitting, paper, slot)
    slot.attempt = sitting.attempt
    try:
        _save(request, slot)
    except DomainError as problem:
        return _question_page(request, sitting, paper, slot, problem=problem)
    return redirect(_onwards(request, sitting, paper, number))


def _save(request: HttpRequest, slot: Slot) -> None:
    """Save the form's answer: numbered by the page's script, or else after everything so far."""
    given = types[slot.version.type].parse(slot.version.content, request.POST, "answer")
    client_id, seq = request.POST.get("client_id", ""), request.POST.get("seq", "")
    if client_id and seq.isdecimal() and len(seq) < 17:
        save_answer(slot=slot, answer=given, client_id=client_id, seq=int(seq))
    elif given != _shown_before(request):  # an unchanged form is no act of anybody
        save_form(slot=slot, answer=given)


def _shown_before(request: HttpRequest) -> Any:
    """The answer that the page showed when it was made."""
    try:
        return json.loads(request.POST.get("shown", "null"))
    except ValueError:
        return None


def _onwards(request: HttpRequest, sitting: Sitting, paper: Paper, number: int) -> str:
    go = request.POST.get("go", "next")
    last = len(paper.slots)
    if go == "leave":
        return reverse("courses:course", args=[sitting.course.slug]) + sitting.query
    if go == "previous":
        return address(sitting, "question", max(1, number - 1))
    if go.isdecimal() and 0 < int(go[:4]) <= last:
        return address(sitting, "question", int(go[:4]))
    if go == "review" or number >= last:
        return address(sitting, "review")
    return address(sitting, "question", number + 1)


def _question_page(
    request: HttpRequest, sitting: Sitting, paper: Paper, slot: Slot, *, problem: DomainError | None = None
) -> HttpResponse:
    attempt = sitting.attempt
    [row] = shown(attempt=attempt, slots=[slot], answers=paper.answers, slug=sitting.course.slug, user=request.user)
    step = paper.steps.get(slot.pk)
    total = len(paper.slots)
    context = {
        "sitting": sitting,
        "question": row,
        "problem": problem,
        "total": total,
        "ticks": ticks(sitting, paper, current=slot.position),
        "answered": total - len(paper.missing),
        "shown": json.dumps(row.answer),
        "seq": step.seq if step else 0,
        "client_id": step.client_id if step else "",
        "previous_url": address(sitting, "question", slot.position - 1) if slot.position > 1 else "",
        "next_url": address(sitting, "question", slot.position + 1)
        if slot.position < total
        else address(sitting, "review"),
        "here": address(sitting, "question", slot.position),
    }
    return render(request, "quizzes/question.html", context, status=problem.status if problem else 200)


def ticks(sitting: Sitting, paper: Paper, *, current: int = 0) -> list[dict[str, Any]]:
    """Every question by number: answered or not, and where it is."""
    missing = set(paper.missing)
    return [
        {
            "number": slot.position,
            "answered": slot.position not in missing,
            "current": slot.position == current,
            "url": address(sitting, "question", slot.position),
        }
        for slot in paper.slots
    ]


@require_http_methods(["GET", "POST"])
@sitting_view
def review(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """What is answered and what is not; POST hands in, whether or not something is missing."""
    if request.method == "POST":
        finish(attempt=sitting.attempt)
        return to(sitting, "result")
    paper = paper_of(sitting.attempt)
    rows = shown(
        attempt=sitting.attempt,
        slots=paper.slots,
        answers=paper.answers,
        slug=sitting.course.slug,
        user=request.user,
    )
    context = {
        "sitting": sitting,
        "rows": [(row, address(sitting, "question", row.position)) for row in rows],
        "ticks": ticks(sitting, paper),
        "missing": paper.missing,
        "answered": len(rows) - len(paper.missing),
        "total": len(rows),
        "last_url": address(sitting, "question", len(rows)),
    }
    return render(request, "quizzes/review.html", context)
