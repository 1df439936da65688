"""Author pages: one case of a practice lesson, by form or as text, with a look at it and a run through it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError
from courses.access import draft_for
from courses.models import Course, LessonText
from courses.views.author import author_page
from courses.views.doors import course_door
from quizzes.case_access import practice_text
from quizzes.engines.registry import Engine, Fault, engines
from quizzes.forms.case import (
    CaseShape,
    Written,
    case_text,
    change_lists,
    draw_case,
    kept_case,
    new_case,
    read_case,
    read_text,
    said_by_line,
    tidied_lists,
    without_ids,
)
from quizzes.services import case_drafting
from quizzes.services.practising import try_out
from quizzes.views.case_look import look_at


@dataclass
class Desk:
    """An author at one case: where it belongs, what it was, and what is wrong with what was sent."""

    request: HttpRequest
    course: Course
    text: LessonText
    engine: Engine
    uid: str
    saved: dict[str, Any] | None
    seen: str = ""
    faults: Sequence[Fault] = ()
    problem: str = ""
    status: int = 200
    focus: str = ""
    theirs: str = ""
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def shape(self) -> CaseShape:
        return CaseShape.of(self.engine)

    def refused(self, problem: DomainError) -> None:
        """Keep what ``problem`` says; of a conflict both texts, so that saving again is done knowingly."""
        self.faults, self.problem, self.status = list(problem.fields.items()), problem.message, problem.status
        if isinstance(problem, case_drafting.CaseChanged):
            self.seen = case_drafting.digest(problem.theirs)
            self.theirs = case_text(problem.theirs) if problem.theirs else ""

    def address(self, name: str) -> str:
        """The page ``name`` of this case, in its language."""
        where = [self.course.slug, self.text.lesson.uid]
        path = reverse(f"quizzes_author:{name}", args=[*where, *([self.uid] if self.uid else [])])
        return f"{path}?language={self.text.language}"


def desk_for(request: HttpRequest, slug: str, uid: str, case: str, *, edit: bool = False) -> Desk:
    """The case ``case`` of a lesson's draft, a new one when that is empty. Raises ``Http404``, ``PermissionDenied``."""
    course = draft_for(request.user, slug, edit=edit)
    text = practice_text(course, uid, request.GET.get("language", ""))
    engine = engines.get(text.content.get("engine", ""))
    saved = case_drafting.case_of(text.content, case) if case else None
    if engine is None or (case and saved is None and request.method == "GET"):
        raise Http404
    return Desk(request, course, text, engine, case, saved, seen=case_drafting.digest(saved))


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def new(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """A new case by form."""
    desk = desk_for(request, slug, uid, "", edit=True)
    if request.method == "GET":
        return form_page(desk, kept_case(desk.shape, new_case(desk.shape)))
    return _answer_form(desk)


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def case(request: HttpRequest, slug: str, uid: str, case: str) -> HttpResponse:
    """A case by form: reviewers read it, owners and editors save it."""
    desk = desk_for(request, slug, uid, case, edit=request.method == "POST")
    if request.method == "GET":
        return form_page(desk, kept_case(desk.shape, desk.saved or {}))
    return _answer_form(desk)


def _answer_form(desk: Desk) -> HttpResponse:
    """Redraw after a button of a list; else save, or say what is wrong."""
    data = desk.request.POST
    wanted, desk.seen = data.get("act", "save"), data.get("seen", "")
    written = read_case(desk.shape, data, desk.saved or {})
    if ":" in wanted:
        desk.focus = change_lists(desk.shape, written.case, wanted)
        return form_page(desk, written)
    written.case = tidied_lists(desk.shape, written.case)
    if written.faults:
        desk.status, desk.problem = 422, _("The case was not saved.")
        return form_page(desk, written)
    return _save(desk, without_ids(desk.shape, written.case), wanted) or form_page(desk, written)


def _save(desk: Desk, case: dict[str, Any], wanted: str) -> HttpResponse | None:
    """Save and go on where the button says; None when it was refused."""
    try:
        saved = case_drafting.save_case(
            course=desk.course, text=desk.text, was=desk.uid, seen=desk.seen, case=case, actor=desk.request.user
        )
    except DomainError as problem:
        desk.refused(problem)
        return None
    desk.uid, desk.saved = saved["uid"], saved
    if wanted == "play":
        return _play(desk)
    messages.success(desk.request, _("Saved. Learners see it when the next edition is published."))
    return redirect(desk.address("case_text" if wanted == "text" else "case"))


def form_page(desk: Desk, written: Written) -> HttpResponse:
    """The form, with how the case looks beside it."""
    page = draw_case(desk.shape, written, desk.faults)
    looked = without_ids(desk.shape, tidied_lists(desk.shape, dict(written.case)))
    context = {
        "desk": desk,
        "page": page,
        "case": written.case,
        "look": look_at(desk.engine, {"uid": desk.uid or "new", **looked}),
        "look_url": desk.address("case_look" if desk.uid else "case_new_look"),
    }
    return _render(desk, "quizzes/author/case.html", context)


def _render(desk: Desk, template: str, context: Mapping[str, Any]) -> HttpResponse:
    shared = {
        "text": desk.text,
        "engine": desk.engine,
        "lesson_url": f"{reverse('quizzes_author:practice', args=[desk.course.slug, desk.text.lesson.uid])}"
        f"?language={desk.text.language}",
        "form_url": desk.address("case") if desk.uid else desk.address("case_new"),
        "text_url": desk.address("case_text") if desk.uid else "",
        "play_url": desk.address("case_play") if desk.saved else "",
        "share_url": desk.address("case_share") if desk.saved else "",
    }
    return author_page(
        desk.request, "outline", desk.course, {**shared, **context}, status=desk.status, template=template
    )


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def as_text(request: HttpRequest, slug: str, uid: str, case: str) -> HttpResponse:
    """A case as YAML: everything in it, its uid too."""
    desk = desk_for(request, slug, uid, case, edit=request.method == "POST")
    if request.method == "GET":
        return _text_page(desk, case_text(desk.saved or {}), [])
    source = request.POST.get("source", "").replace("\r\n", "\n")
    desk.seen = request.POST.get("seen", "")
    written, document, said = read_text(source, uid=case)
    if said:
        desk.status, desk.problem = 422, _("The case was not saved.")
        return _text_page(desk, source, said)
    answer = _save(desk, written, "text")
    return answer or _text_page(desk, source, said_by_line(document, desk.faults))


def _text_page(desk: Desk, source: str, said: Sequence[str]) -> HttpResponse:
    context = {"desk": desk, "source": source, "said": said, "case": desk.saved or {}}
    return _render(desk, "quizzes/author/case_text.html", context)


@require_POST
def look(request: HttpRequest, slug: str, uid: str, case: str = "") -> HttpResponse:
    """What is being written, as learners would meet it. Nothing is kept.

    The page asks while somebody types: who was signed out meanwhile is not led away from what they wrote.
    """
    if request.htmx and not request.user.is_authenticated:
        return HttpResponse(status=401)
    return _look(request, slug, uid, case)


@login_required
@course_door
def _look(request: HttpRequest, slug: str, uid: str, case: str) -> HttpResponse:
    desk = desk_for(request, slug, uid, case)
    written = read_case(desk.shape, request.POST, desk.saved or {})
    desk.seen = request.POST.get("seen", "")
    if not request.htmx:
        return form_page(desk, written)
    looked = without_ids(desk.shape, tidied_lists(desk.shape, written.case))
    context = {"look": look_at(desk.engine, {"uid": case or "new", **looked}), "engine": desk.engine}
    return render(request, "quizzes/author/case_look.html", context)


@require_POST
@login_required
@course_door
def play(request: HttpRequest, slug: str, uid: str, case: str) -> HttpResponse:
    """Play the saved case as a trainee; such a run is never counted."""
    desk = desk_for(request, slug, uid, case)
    if desk.saved is None:
        raise Http404
    return _play(desk)


def _play(desk: Desk) -> HttpResponse:
    case = desk.saved or {}
    if faults := case_drafting.case_faults(desk.engine, case):
        messages.error(desk.request, _("It cannot be played yet: %(why)s") % {"why": faults[0][1]})
        return redirect(desk.address("case"))
    subject = f"{desk.text.pk}/{desk.uid}"
    run = try_out(author=desk.request.user, engine=desk.engine.name, content=case, subject=subject)
    return redirect("quizzes:practice_run", run.pk)
