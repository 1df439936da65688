"""The course page, and what a reader decides there: start, keep for later, leave, move to a new edition."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.errors import DomainError
from courses.access import Reading, course_for, enrolment_for, may_edit, reading_for, waiting_edition
from courses.crediting import licence_name
from courses.selectors import OutlineRow, minutes_left, next_lesson, outline_rows
from courses.selectors.languages import language_name
from courses.services import enrolling
from courses.services.moving import move as move_enrolment
from courses.views.doors import course_door


@require_GET
@course_door
def course(request: HttpRequest, slug: str) -> HttpResponse:
    """Decide and resume. Nothing is written."""
    reading = reading_for(request.user, slug, token=request.GET.get("preview", ""))
    return render(request, "courses/course.html", course_context(request, reading))


def course_context(request: HttpRequest, reading: Reading) -> dict[str, Any]:
    """What the course page shows; beside the queries of ``reading`` one for who may edit, or one when an edition waits."""
    onwards = next_lesson(reading.outline, reading.standing)
    groups = outline_rows(reading.outline, reading.standing, current=onwards.uid if onwards else "")
    done = [row for group in groups for row in group.rows if row.state == "done"]
    about = reading.outline.about
    makers = made_by(about.get("credits", ()))
    checked_on = about.get("checked_on")
    return {
        "reading": reading,
        "course": reading.course,
        "edition": reading.edition,
        "text": reading.outline,
        "about": about,
        "standing": reading.standing,
        "outline": groups,
        "base": reverse("courses:course", args=[reading.course.slug]),
        "next": onwards,
        "done_count": len(done),
        "minutes_left": minutes_left(reading.outline, reading.standing),
        "stamps": [row for row in sorted(done, key=_stamped) if row.done_at][-SLIP_ROWS:],
        "newer": waiting_edition(reading),
        "query": f"?preview={reading.token}" if reading.token else "",
        "made_by": makers,
        "with_others": ", ".join(each["name"] for each in makers[1:]),
        "licence_name": licence_name(str(about.get("licence", ""))),
        "checked_on": dt.date.fromisoformat(checked_on) if checked_on else None,
        "language_name": language_name(reading.outline.language),
        "languages": [(code, language_name(code)) for code in reading.edition.languages],
        "may_edit": reading.enrolment is None and may_edit(request.user, reading.course),
    }


SLIP_ROWS = 8


def _stamped(row: OutlineRow) -> dt.datetime:
    return row.done_at or dt.datetime.min.replace(tzinfo=dt.UTC)


def made_by(names: Any) -> list[dict[str, str]]:
    """'Hana Whitcomb, Mesa Ridge College' as name and the rest."""
    split = (str(credit).partition(",") for credit in names)
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
def move(request: HttpRequest, slug: str) -> HttpResponse:
    """Take one's enrolment to the current edition."""
    enrolment = enrolment_for(request.user, slug)
    edition = enrolment.course.current_edition
    if edition is None:
        raise Http404
    try:
        move_enrolment(enrolment=enrolment, edition=edition, actor=request.user)
    except DomainError as problem:
        messages.error(request, problem.message)
    else:
        messages.success(request, _("You are on edition %(number)d now.") % {"number": edition.number})
    return redirect("courses:course", slug=slug)


@require_POST
@login_required
@course_door
def keep(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep the edition one is on; the course page stops asking until there is another."""
    enrolling.keep_edition(enrolment=enrolment_for(request.user, slug))
    messages.success(request, _("You keep your edition. You can move later from this page."))
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
