"""Author pages: a draft's outline, what its buttons do, what is archived.

The page itself reads no lesson's content: 200 bodies of Markdown at each request would make it slow. What is wrong with
the draft comes as a piece of its own (``check``), loaded when the page is there; without scripts it is a link.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import clock
from core.errors import DomainError
from courses.access import draft_for, may_edit
from courses.forms_outline import LessonAddForm, LessonNameForm, PartForm, WaitingForm
from courses.models import Course
from courses.registry import kinds
from courses.selectors import drafting
from courses.selectors.drafting import DraftLesson, DraftPart
from courses.services.outline_check import Checked, check_draft
from courses.views.author import author_page
from courses.views.checklist import checklist_of, lesson_url
from courses.views.doors import course_door
from courses.views.outline_acts import ACTS, BadForm, Said, keep_said, others_of, taken_said

PAGE = 50
WORDS_MAX = 100


@require_GET
@login_required
@course_door
def outline(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft's outline. ``rename``, ``after``, ``add`` or ``add-part`` opens a form in it; ``check=1`` says what is wrong."""
    course = draft_for(request.user, slug)
    said = taken_said(request, course)
    return _board(request, course, said=said, checked="check" in request.GET)


def _board(
    request: HttpRequest,
    course: Course,
    *,
    said: Said | None = None,
    problem: str = "",
    editing: Mapping[str, Any] | None = None,
    checked: bool = False,
    status: int = 200,
) -> HttpResponse:
    parts = drafting.draft_outline(course)
    found = check_draft(course) if checked else None
    acted = request.method == "POST"
    titles = {lesson.uid: lesson.title for part in parts for lesson in part.lessons}
    context = {
        "parts": [_part(course, part, found, titles) for part in parts],
        "lesson_count": sum(len(part.lessons) for part in parts),
        "minutes": sum(part.minutes for part in parts),
        "languages": course.languages if len(course.languages) > 1 else (),
        "editing": editing or _asked(request, course, parts),
        "said": said,
        "problem": problem,
        "acted": acted,
        "changed_uid": request.POST.get("act", "").partition(":")[2],
        "saved_at": clock.now() if acted and not problem else None,
        "checked": found,
        "checklist": checklist_of(course, parts, found) if found else None,
        "hints_here": True,
        "just_left": request.GET.get("left", ""),
        "learners": course.enrolments.live().opened().count() if checked else 0,
    }
    piece = request.htmx and not (request.htmx.boosted or request.htmx.history_restore_request)
    template = "courses/author/outline_piece.html" if piece else ""
    response = author_page(request, "outline", course, context, status=status, template=template)
    if piece and acted:
        response["HX-Trigger-After-Settle"] = "outline:changed"
    patch_vary_headers(response, ["HX-Request"])
    return response


def _part(course: Course, part: DraftPart, found: Checked | None, titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "uid": part.uid,
        "number": part.number,
        "title": part.title,
        "minutes": part.minutes,
        "lessons": [_row(course, lesson, found, titles) for lesson in part.lessons],
    }


def _row(course: Course, lesson: DraftLesson, found: Checked | None, titles: Mapping[str, str]) -> dict[str, Any]:
    kind = kinds.get(lesson.kind)
    return {
        "uid": lesson.uid,
        "title": lesson.title,
        "minutes": lesson.minutes,
        "ready": lesson.ready,
        "languages": lesson.languages,
        "after": [titles.get(uid, uid) for uid in lesson.after],
        "icon": kind.icon if kind else "warn",
        "summary": (found.summaries.get(lesson.uid) if found else "") or (kind.label if kind else lesson.kind),
        "faults": found.faults.get(lesson.uid, ()) if found else (),
        "hints": len(found.advice.findings.get(lesson.uid, ())) if found else 0,
        "checked": found is not None,
        "url": lesson_url(course, lesson),
    }


def _asked(request: HttpRequest, course: Course, parts: list[DraftPart]) -> dict[str, Any]:
    """The form that the address opens: ``what`` it is about, the ``uid`` of part or lesson, the ``form``."""
    what, _colon, uid = request.GET.get("rename", "").partition(":")
    rows = {("part", part.uid): part for part in parts}
    rows |= {("lesson", each.uid): each for part in parts for each in part.lessons}
    row = rows.get((what, uid))
    if isinstance(row, DraftLesson):
        initial = {"title": row.title, "minutes": row.minutes, "version": row.version}
        return {"what": "lesson", "uid": uid, "form": LessonNameForm(initial=initial)}
    waits = rows.get(("lesson", request.GET.get("after", "")))
    if isinstance(waits, DraftLesson):
        form = WaitingForm(initial={"after": waits.after}, others=others_of(parts, waits.uid))
        return {"what": "after", "uid": waits.uid, "form": form}
    if isinstance(row, DraftPart):
        return {"what": "part", "uid": uid, "form": PartForm(initial={"title": row.title, "version": row.version})}
    if ("part", request.GET.get("add", "")) in rows:
        return {"what": "add", "uid": request.GET["add"], "form": LessonAddForm()}
    if "add-part" in request.GET or not parts:
        return {"what": "add-part", "form": PartForm()}
    return {}


@require_POST
@login_required
@course_door
def act(request: HttpRequest, slug: str) -> HttpResponse:
    """One change of the outline, saved at once: ``act`` is a verb and the uid that it is about, as ``lesson-up:uid``."""
    course = draft_for(request.user, slug, edit=True)
    verb, _colon, uid = request.POST.get("act", "").partition(":")
    try:
        if verb not in ACTS:
            return _refused(request, course, _("Nothing was chosen."), 422)
        said = ACTS[verb](request, course, uid)
    except BadForm as bad:
        return _board(request, course, problem=bad.said, editing=bad.editing, status=bad.status)
    except DomainError as problem:
        return _refused(request, course, str(problem), problem.status)
    if request.htmx:
        return _board(request, course, said=said)
    keep_said(request, course, said)
    back = reverse("courses:author_archived" if "archived" in request.POST else "courses:author_course", args=[slug])
    return HttpResponseRedirect(f"{back}#{said.focus}" if said.focus else back)


def _refused(request: HttpRequest, course: Course, sentence: str, status: int) -> HttpResponse:
    """The outline as it is now, with what forbade the change. Whoever was faster is seen in it."""
    return _board(request, course, problem=sentence, status=status)


@require_GET
@login_required
@course_door
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """What is wrong with the draft, as a piece that fills the outline; asked for as a page, the outline with it."""
    course = draft_for(request.user, slug)
    if not request.htmx:
        return HttpResponseRedirect(f"{reverse('courses:author_course', args=[slug])}?check=1")
    context = check_context(course) | {"may_edit": may_edit(request.user, course)}
    return render(request, "courses/author/outline_check.html", context)


def check_context(course: Course) -> dict[str, Any]:
    """What is wrong with the draft as it stands, for the piece of the outline that says so."""
    found = check_draft(course)
    parts = drafting.draft_outline(course)
    titles = {lesson.uid: lesson.title for part in parts for lesson in part.lessons}
    return {
        "course": course,
        "hints_here": True,
        "checked": found,
        "checklist": checklist_of(course, parts, found),
        "rows": [_row(course, lesson, found, titles) for part in parts for lesson in part.lessons],
        "languages": course.languages if len(course.languages) > 1 else (),
        "learners": course.enrolments.live().opened().count(),
    }


@require_GET
@login_required
@course_door
def archived(request: HttpRequest, slug: str) -> HttpResponse:
    """Parts and lessons that were taken out of the draft, with search; owners and editors bring them back."""
    course = draft_for(request.user, slug)
    words = " ".join(request.GET.get("q", "").split())[:WORDS_MAX]
    if said := taken_said(request, course):
        messages.success(request, said.words)
    context = {
        "words": words,
        "query": f"q={words}&" if words else "",
        "gone_parts": drafting.archived_parts(course, words=words)[:PAGE],
        "page": Paginator(drafting.archived_lessons(course, words=words), PAGE).get_page(request.GET.get("page")),
    }
    return author_page(request, "archived", course, context)
