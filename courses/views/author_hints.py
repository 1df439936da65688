"""Hints of the checklist that an author leaves, and shows again: from the outline, or from a lesson's own page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import clock
from core.errors import Conflict
from courses.access import draft_for
from courses.models import Course
from courses.services.leaving import leave, show_again
from courses.services.outline_check import check_draft
from courses.views.author_lesson import hint_context, text_for
from courses.views.author_outline import check_context
from courses.views.doors import course_door


@require_POST
@login_required
@course_door
def act(request: HttpRequest, slug: str) -> HttpResponse:
    """``leave`` or ``show`` is a hint: the uid of its lesson, a colon, its mark. ``lesson`` names the page it came from."""
    course = draft_for(request.user, slug, edit=True)
    verb = "leave" if "leave" in request.POST else "show"
    word = request.POST.get(verb, "")
    uid, _colon, mark = word.partition(":")
    problem = ""
    try:
        if verb == "leave":
            leave(course=course, checked=check_draft(course), uid=uid, mark=mark, actor=request.user)
        else:
            show_again(course=course, uid=uid, mark=mark)
    except Conflict as refused:
        problem = str(refused)
    just_left = word if verb == "leave" and not problem else ""
    if request.htmx:
        return _piece(request, course, just_left, problem)
    if problem:
        messages.error(request, problem)
    elif verb == "show":
        messages.success(request, _("The hint is shown again."))
    return HttpResponseRedirect(_back(request, course, just_left))


def _back(request: HttpRequest, course: Course, just_left: str) -> str:
    """The page that the form stood on; it offers to undo what was just left."""
    uid, language = request.POST.get("lesson", ""), request.POST.get("language", "")
    if uid:
        text = text_for(course, uid, language)
        here = reverse("courses:author_lesson", args=[course.slug, text.lesson.uid])
        return f"{here}?language={text.language}&left={just_left}#hints"
    return f"{reverse('courses:author_course', args=[course.slug])}?check=1&left={just_left}#before"


def _piece(request: HttpRequest, course: Course, just_left: str, problem: str) -> HttpResponse:
    """The list that the form stood in, as it is now. A hint that was gone already is answered in it: nothing is lost."""
    more = {
        "may_edit": True,
        "just_left": just_left,
        "hint_problem": problem,
        "hint_acted": True,
        "saved_at": clock.now(),
    }
    if uid := request.POST.get("lesson", ""):
        text = text_for(course, uid, request.POST.get("language", ""))
        context = {"course": course, "text": text, **hint_context(text)}
        return render(request, "courses/author/lesson_hints.html", {**context, **more})
    return render(request, "courses/author/outline_check.html", {**check_context(course), **more})
