"""The course page, and what a reader decides there: start, keep for later, leave, move to a new edition."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.errors import DomainError
from courses.access import Reading, course_for, enrolment_for, reading_for
from courses.models import EditionKind
from courses.selectors import minutes_left, next_lesson, outline_rows
from courses.services import enrolling
from courses.views.doors import course_door


@require_GET
@course_door
def course(request: HttpRequest, slug: str) -> HttpResponse:
    """Decide and resume. Nothing is written."""
    reading = reading_for(request.user, slug, token=request.GET.get("preview", ""))
    return render(request, "courses/course.html", course_context(request, reading))


def course_context(request: HttpRequest, reading: Reading) -> dict[str, Any]:
    """What the course page shows; no query beside those of ``reading``."""
    onwards = next_lesson(reading.outline, reading.standing)
    groups = outline_rows(reading.outline, reading.standing, current=onwards.uid if onwards else "")
    stamps = [row for group in groups for row in group.rows if row.state == "done"]
    return {
        "reading": reading,
        "course": reading.course,
        "edition": reading.edition,
        "text": reading.outline,
        "about": reading.outline.about,
        "standing": reading.standing,
        "outline": groups,
        "next": onwards,
        "done_count": len(stamps),
        "minutes_left": minutes_left(reading.outline, reading.standing),
        "stamps": sorted(stamps, key=lambda row: (row.done_at is None, row.done_at))[-SLIP_ROWS:],
        "newer": _newer(reading),
        "query": f"?preview={reading.token}" if reading.token else "",
        "made_by": made_by(reading.outline.about.get("credits", ())),
        "leaving": "leave" in request.GET,
    }


SLIP_ROWS = 8


def _newer(reading: Reading) -> Any:
    """The current edition when the reader keeps an older one and was not moved (a redo asks), unless they are done."""
    current = reading.course.current_edition
    pinned = reading.enrolment.edition if reading.enrolment else None
    if pinned is None or current is None or pinned.pk == current.pk or reading.standing.completed_at:
        return None
    return current if current.kind == EditionKind.REDO or pinned.number < current.number else None


def made_by(credits: Any) -> list[dict[str, str]]:
    """'Hana Whitcomb, Mesa Ridge College' as name and the rest."""
    split = (str(credit).partition(",") for credit in credits)
    return [{"name": name.strip(), "rest": rest.strip()} for name, _comma, rest in split]


@require_POST
@login_required
@course_door
def enrol(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep the course for later: a place in it, not yet begun."""
    enrolling.enrol(learner=request.user, course=course_for(request.user, slug))
    messages.success(request, _("Kept for you. It is on your home page."))
    return redirect("courses:course", slug=slug)


@require_POST
@login_required
@course_door
def open_course(request: HttpRequest, slug: str) -> HttpResponse:
    """Start, or come back: on to the next lesson."""
    try:
        enrolling.open_enrolment(learner=request.user, course=course_for(request.user, slug))
    except DomainError as problem:
        messages.error(request, problem.message)
        return redirect("courses:course", slug=slug)
    reading = reading_for(request.user, slug)
    onwards = next_lesson(reading.outline, reading.standing)
    if onwards is None:
        return redirect("courses:course", slug=slug)
    return redirect("courses:lesson", slug=slug, uid=onwards.uid)


@require_POST
@login_required
@course_door
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Leave the course; what was done stays for coming back."""
    enrolling.leave(enrolment=enrolment_for(request.user, slug))
    messages.success(request, _("You have left the course. What you did is kept, should you come back."))
    return redirect("courses:course", slug=slug)


@require_POST
@login_required
@course_door
def language(request: HttpRequest, slug: str) -> HttpResponse:
    """Read the course in another of its languages."""
    try:
        enrolling.choose_language(
            enrolment=enrolment_for(request.user, slug), language=request.POST.get("language", "")
        )
    except DomainError as problem:
        messages.error(request, problem.message)
    return redirect("courses:course", slug=slug)
