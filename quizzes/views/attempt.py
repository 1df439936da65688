"""The pages of an attempt: one question a screen, the look back before handing in, handing in."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.errors import DomainError, InvalidInput
from courses.views.doors import course_door
from quizzes.access import NoAttempt, Sitting, sitting_for, slot_for
from quizzes.asking import Settings, settings_of
from quizzes.behaviours import CERTAINTY, behaviours
from quizzes.models import Attempt, Slot, Step
from quizzes.registry import types
from quizzes.selectors import NOTHING, Paper, Shown, paper_of, shown, visible
from quizzes.services.answering import AttemptFinished, save_answer, save_form
from quizzes.services.checking import check as check_answer
from quizzes.services.checking import check_form
from quizzes.services.grading import finish
from quizzes.services.timing import settle
from quizzes.views.saving import extras, given, whole

View = Callable[..., HttpResponse]

LEVELS: Mapping[int, Any] = {
    1: gettext_lazy("Not sure"),
    2: gettext_lazy("Fairly sure"),
    3: gettext_lazy("Very sure"),
}


def sitting_view(view: View) -> View:
    """Wrap ``view(request, sitting, …)`` below ``slug`` and ``uid``: without an attempt the lesson's page is next, and
    once the attempt is over, handed in or by the clock, its result. A form of an earlier attempt, from a tab that stood
    open, never touches the one that goes on."""

    @wraps(view)
    def inner(request: HttpRequest, slug: str, uid: str, **kwargs: Any) -> HttpResponse:
        token = request.GET.get("preview", "")
        try:
            sitting = sitting_for(request.user, slug, uid, token=token)
        except NoAttempt:
            query = f"?preview={token}" if token else ""
            return redirect(reverse("courses:lesson", args=[slug, uid]) + query)
        named = _named(request) or sitting.attempt.pk
        if settle(sitting.attempt).finished_at is not None or named != sitting.attempt.pk:
            _keep_late(request, named, kwargs.get("number"), earlier=named != sitting.attempt.pk)
            return to(sitting, "result")
        try:
            return view(request, sitting, **kwargs)
        except AttemptFinished as problem:
            messages.warning(request, str(problem))
            settle(sitting.attempt)
            return to(sitting, "result")

    return never_cache(login_required(course_door(inner)))


def _named(request: HttpRequest) -> int | None:
    """The attempt that a form says it is of."""
    return whole(request.POST, "attempt")


def _keep_late(request: HttpRequest, attempt: int, number: int | None, *, earlier: bool) -> None:
    """What a form of an ``attempt`` that is over still says is kept as late, and told; it changes nothing else."""
    if earlier:
        messages.warning(
            request, _("That page was of an earlier attempt, which is over. Your newest attempt stays as it was.")
        )
    if request.method != "POST" or number is None:
        return
    try:
        _save(request, slot_for(request.user, attempt, number))
    except AttemptFinished as problem:
        messages.warning(request, str(problem))
    except (DomainError, Http404):
        return  # no answer that could be kept


def to(sitting: Sitting, name: str, *args: int) -> HttpResponse:
    return redirect(address(sitting, name, *args))


def address(sitting: Sitting, name: str, *args: int) -> str:
    """Where a page of this attempt is; the preview's token stays on."""
    url = reverse(f"quizzes:{name}", args=[sitting.course.slug, sitting.attempt.lesson_uid, *args])
    return url + sitting.query


def question_addresses(sitting: Sitting) -> Callable[[int], str]:
    """Where the question of a number is. A page names every question, so the address is made once."""
    before = reverse("quizzes:question", args=[sitting.course.slug, sitting.attempt.lesson_uid, 0]).removesuffix("0/")
    return lambda number: f"{before}{number}/{sitting.query}"


@require_http_methods(["GET", "POST"])
@sitting_view
def question(request: HttpRequest, sitting: Sitting, number: int) -> HttpResponse:
    """One question. A POST is the plain form: it saves and goes on."""
    paper = paper_of(sitting.attempt)
    slot = _slot(paper, number)
    if slot is None:
        return to(sitting, "question", 1)
    if request.method == "GET":
        return _question_page(request, sitting, paper, slot)
    try:
        if not _row(request, sitting, paper, slot).closed:
            _save(request, slot)
    except AttemptFinished:
        raise
    except DomainError as problem:
        return _question_page(request, sitting, paper, slot, problem=problem)
    return redirect(_onwards(request, sitting, paper, number))


@require_POST
@sitting_view
def check(request: HttpRequest, sitting: Sitting, number: int) -> HttpResponse:
    """Have the answer judged while the attempt goes on; then the question shows what came of it."""
    paper = paper_of(sitting.attempt)
    slot = _slot(paper, number)
    if slot is None:
        return to(sitting, "question", 1)
    try:
        _check(request, slot)
    except AttemptFinished:
        raise
    except DomainError as problem:
        return _question_page(request, sitting, paper, slot, problem=problem)
    return redirect(f"{address(sitting, 'question', number)}#feedback")


def _slot(paper: Paper, number: int) -> Slot | None:
    return next((each for each in paper.slots if each.position == number), None)


def _numbering(request: HttpRequest) -> dict[str, Any] | None:
    """How the page's script numbered the form; None when no script did."""
    client_id, seq = request.POST.get("client_id", ""), whole(request.POST, "seq")
    return {"client_id": client_id, "seq": seq} if client_id and seq else None


def _save(request: HttpRequest, slot: Slot) -> None:
    """Save the form's answer: numbered by the page's script, or else after everything so far."""
    answer, more = given(slot, request.POST), extras(request.POST)
    numbered = _numbering(request)
    if numbered:
        save_answer(slot=slot, answer=answer, **numbered, **more)
    elif (answer, more["certainty"]) != _shown_before(request, slot):  # an unchanged form is no act of anybody
        save_form(slot=slot, answer=answer, certainty=more["certainty"])


def _shown_before(request: HttpRequest, slot: Slot) -> tuple[Any, int | None]:
    """The answer, and how sure, that the page showed when it was made."""
    return given(slot, QueryDict(request.POST.get("shown", ""))), whole(request.POST, "shown_certainty")


def _as_form(slot: Slot, answer: Any) -> str:
    """``answer`` as form fields, which name parts so that nothing says what is right."""
    fields = types[slot.version.type].fields(slot.version.content, answer)
    return urlencode([(f"answer{name}", value) for name, value in fields])


def _as_given(request: HttpRequest, paper: Paper, slot: Slot) -> Paper:
    """``paper`` with the answer that was refused in its slot, so that the page shows again what was filled in."""
    step = Step(slot=slot, answer=given(slot, request.POST), certainty=extras(request.POST)["certainty"])
    return replace(paper, steps={**paper.steps, slot.pk: step})


def _check(request: HttpRequest, slot: Slot) -> None:
    answer, numbered = given(slot, request.POST), _numbering(request)
    if numbered:
        check_answer(slot=slot, answer=answer, **numbered, ms=extras(request.POST)["ms"])
    else:
        check_form(slot=slot, answer=answer)


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


def _row(request: HttpRequest, sitting: Sitting, paper: Paper, slot: Slot) -> Shown:
    [row] = _rows(request, sitting, paper, [slot])
    return row


def _rows(request: HttpRequest, sitting: Sitting, paper: Paper, slots: Any) -> list[Shown]:
    return shown(
        attempt=sitting.attempt,
        slots=slots,
        answers=paper.answers,
        steps=paper.steps,
        tries=paper.tries,
        slug=sitting.course.slug,
        user=request.user,
    )


def _question_page(
    request: HttpRequest, sitting: Sitting, paper: Paper, slot: Slot, *, problem: DomainError | None = None
) -> HttpResponse:
    refused = isinstance(problem, InvalidInput)
    row = _row(request, sitting, _as_given(request, paper, slot) if refused else paper, slot)
    step = paper.steps.get(slot.pk)
    total = len(paper.slots)
    behaviour, at = behaviours[sitting.attempt.behaviour], question_addresses(sitting)
    before, after = slot.position - 1, slot.position + 1
    context = {
        **frame(sitting),
        "question": row,
        "problem": problem,
        "total": total,
        "ticks": ticks(sitting, paper, current=slot.position),
        "answered": total - len(paper.missing),
        "shown": "" if row.closed else _as_form(slot, step.answer if step else None),
        "step": step,
        "levels": _levels(row) if behaviour.certainty else [],
        "previous_url": at(before) if before else "",
        "next_url": at(after) if after <= total else address(sitting, "review"),
        "here": at(slot.position),
        "save_url": address(sitting, "save", slot.position),
        "check_url": address(sitting, "check", slot.position) if behaviour.checks else "",
    }
    return render(request, "quizzes/question.html", context, status=problem.status if problem else 200)


def frame(sitting: Sitting) -> dict[str, Any]:
    """What every page of an attempt says: how the quiz asks, until when, and what is shown of it later."""
    attempt = sitting.attempt
    asking = settings_of(attempt)
    return {
        "sitting": sitting,
        "asking": asking,
        "due_at": attempt.due_at,
        "now": clock.now(),
        "extra_minutes": _extra_minutes(sitting, asking),
        "closing": asking.closing(sitting.course),
        "silent": visible(asking, closed=False) == NOTHING,
        "review_url": address(sitting, "review"),
    }


def _extra_minutes(sitting: Sitting, asking: Settings) -> int:
    """What the reader has beyond the usual limit, in whole minutes."""
    attempt = sitting.attempt
    if attempt.due_at is None or asking.time_limit is None:
        return 0
    return max(0, round((attempt.due_at - attempt.started_at).total_seconds() / 60) - asking.time_limit)


def _levels(row: Shown) -> list[dict[str, Any]]:
    """What each level of certainty counts, right and wrong, before answering."""
    return [
        {
            "value": level,
            "label": LEVELS[level],
            "right": f"+{right}",
            "wrong": f"−{-wrong}" if wrong else "0",
            "chosen": row.certainty == level,
        }
        for level, (right, wrong) in CERTAINTY.items()
    ]


def ticks(sitting: Sitting, paper: Paper, *, current: int = 0) -> list[dict[str, Any]]:
    """Every question by number: answered or not, and where it is."""
    missing, at = set(paper.missing), question_addresses(sitting)
    return [
        {
            "number": str(slot.position),  # as it is: a template would look up how the language writes numbers
            "answered": slot.position not in missing,
            "current": slot.position == current,
            "url": at(slot.position),
        }
        for slot in paper.slots
    ]


def _early(request: HttpRequest, attempt: Attempt) -> bool:
    """Does a page's clock say that the time is up while the server's does not?"""
    return request.POST.get("time") == "up" and attempt.due_at is not None and clock.now() < attempt.due_at


@require_http_methods(["GET", "POST"])
@sitting_view
def review(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """What is answered and what is not; POST hands in, whether or not something is missing.

    A page's clock that runs out hands in, too, unless there is more time by now than the page knew of.
    """
    if request.method == "POST" and _early(request, sitting.attempt):
        messages.info(request, _("You have more time than that page knew of. Go on."))
        at = whole(request.POST, "at")
        return to(sitting, "question", at) if at else to(sitting, "review")
    if request.method == "POST":
        finish(attempt=sitting.attempt)
        return to(sitting, "result")
    paper = paper_of(sitting.attempt)
    rows, at = _rows(request, sitting, paper, paper.slots), question_addresses(sitting)
    context = {
        **frame(sitting),
        "rows": [(row, at(row.position)) for row in rows],
        "ticks": ticks(sitting, paper),
        "missing": paper.missing,
        "answered": len(rows) - len(paper.missing),
        "total": len(rows),
        "last_url": at(len(rows)),
    }
    return render(request, "quizzes/review.html", context)
