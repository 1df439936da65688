"""Author pages: written answers that wait for a person, and marking one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError
from courses import markup
from courses.access import may_author
from quizzes import marking_queue
from quizzes.models import Marking, Slot
from quizzes.selectors import shown
from quizzes.services import marking
from quizzes.types.base import words

PAGE, SLUG_MAX = 25, 80


@require_GET
@never_cache
@login_required
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, oldest first; of one course when it is named."""
    if not may_author(request.user):
        raise PermissionDenied
    course = _course(request)
    page = Paginator(marking_queue.waiting(request.user, course=course), PAGE).get_page(request.GET.get("page"))
    for slot in page:
        slot.asked = words(slot.version.content["stem"], slot.version.content.get("format", "md"))
    courses = list(marking_queue.courses_waiting(request.user, get_language() or "en"))
    context = {
        "page": page,
        "courses": courses,
        "course": course,
        "all_waiting": sum(each.waiting for each in courses),  # type: ignore[attr-defined]  # annotated
        "query": f"{urlencode({'course': course})}&" if course else "",
    }
    return render(request, "quizzes/author/marking.html", context)


def _course(request: HttpRequest) -> str:
    return request.GET.get("course", "")[:SLUG_MAX]


def _query(course: str) -> str:
    return f"?{urlencode({'course': course})}" if course else ""


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """One answer with its question, notes and rubric. A POST marks it and goes on to the next."""
    slot = marking_queue.slot_to_mark(request.user, pk)
    if request.method == "GET":
        return _page(request, slot)
    levels = _levels(slot, request.POST)
    try:
        marking.mark(slot=slot, levels=levels, comment=request.POST.get("comment", ""), marker=request.user)
    except DomainError as problem:
        return _page(request, slot, problem=problem, levels=levels)
    return _onwards(request, slot)


def _levels(slot: Slot, data: QueryDict) -> dict[str, str]:
    """Criterion id to level id, for the criteria that the form said something of."""
    said = {each["id"]: data.get(f"level.{each['id']}", "") for each in slot.version.content["rubric"]}
    return {criterion: level for criterion, level in said.items() if level}


def _onwards(request: HttpRequest, slot: Slot) -> HttpResponse:
    course = _course(request)
    following = marking_queue.next_after(request.user, slot, course=course)
    if following is None:
        messages.success(request, _("Marked. Nothing else waits."))
        return redirect(reverse("quizzes_author:marking") + _query(course))
    messages.success(request, _("Marked. This is the next one."))
    return redirect(reverse("quizzes_author:mark", args=[following.pk]) + _query(course))


def _page(
    request: HttpRequest,
    slot: Slot,
    *,
    problem: DomainError | None = None,
    levels: dict[str, str] | None = None,
    reason: str = "",
) -> HttpResponse:
    course = _course(request)
    marks = marking_queue.marks_for(slot)
    standing = marks.stands
    chosen = standing.levels if standing else levels or {}
    following = marking_queue.next_after(request.user, slot, course=course)
    context = {
        "slot": slot,
        "blind": slot.blind,  # type: ignore[attr-defined]  # annotated
        "course": course,
        "query": _query(course),
        "next": following,
        "marks": marks,
        "problem": problem,
        "comment": standing.comment if standing else request.POST.get("comment", ""),
        "reason": reason,
        **_asked(request, slot, chosen, problem),
    }
    return render(request, "quizzes/author/mark.html", context, status=problem.status if problem else 200)


def _asked(request: HttpRequest, slot: Slot, chosen: dict[str, str], problem: DomainError | None) -> dict[str, Any]:
    """The question as the learner saw it, the answer as plain text, the criteria with the levels ``chosen``."""
    given = slot.given  # type: ignore[attr-defined]  # annotated
    slug = slot.attempt.enrolment.course.slug if slot.attempt.enrolment else ""
    [question] = shown(attempt=slot.attempt, slots=[slot], answers={slot.pk: given}, slug=slug, user=request.user)
    notes = slot.attempt.part.rendered["items"][slot.version.content["uid"]].get("notes", "")
    faults = problem.fields if problem else {}
    criteria = [
        {**each, "chosen": chosen.get(each["id"], ""), "fault": faults.get(each["id"], "")}
        for each in question.fields["rubric"]
    ]
    points = {(each["id"], level["id"]): level["points"] for each in criteria for level in each["levels"]}
    return {
        "question": question,
        "given": given,
        "notes": markup.resolve(notes, course_slug=slug, words={}),
        "criteria": criteria,
        "points": sum(points.get(pair, 0) for pair in chosen.items()),
        "most": question.fields["most"],
        "faults": [(each["id"], each["fault"]) for each in criteria if each["fault"]],
    }


@require_POST
@login_required
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a marked answer back into the queue, with a reason."""
    slot = marking_queue.slot_to_mark(request.user, pk)
    standing = get_object_or_404(
        Marking.objects.select_related("slot"), slot=slot, pk=_whole(request.POST.get("marking"))
    )
    reason = request.POST.get("reason", "")
    try:
        marking.reopen(marking=standing, by=request.user, reason=reason)
    except DomainError as problem:
        return _page(request, slot, problem=problem, reason=reason)
    messages.success(request, _("Reopened. The result stays as it was until the answer is marked again."))
    return redirect(reverse("quizzes_author:mark", args=[slot.pk]) + _query(_course(request)))


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else 0
