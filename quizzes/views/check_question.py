"""Author pages: the form of a check question, put into a lesson's text or written anew, in either format."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from courses import block_writing, bodies
from courses.access import draft_for
from courses.folder.writing import dump
from courses.models import Course, LessonText
from courses.registry import blocks
from courses.services.rewriting import write_block
from courses.views.author import author_page
from courses.views.author_lesson import text_for
from courses.views.doors import course_door
from courses.yaml_lines import load_yaml
from quizzes.forms.question import read
from quizzes.forms.question_drawing import List, control_id, draw
from quizzes.forms.question_rows import act, blank, without_blanks
from quizzes.registry import Fault, QuestionType, types
from quizzes.soundness import shape_faults

BLOCK = "check"
OFFERED = ("single", "multi", "tf", "text")
YAML_MOST = 20_000


@dataclass
class Desk:
    """A check question in the form: ``number`` says which of the lesson's it is, None a new one."""

    course: Course
    text: LessonText
    kind: QuestionType
    base: dict[str, Any]
    content: dict[str, Any]
    number: int | None = None
    version: int = 0
    faults: Sequence[Fault] = ()
    problem: str = ""
    status: int = 200
    focus: str = ""
    lessons: Sequence[tuple[str, str]] = field(default_factory=list)

    @property
    def lesson_url(self) -> str:
        page = reverse("courses:author_lesson", args=[self.course.slug, self.text.lesson.uid])
        return f"{page}?language={self.text.language}"

    @property
    def was(self) -> str:
        """The question as it was before this form: what no field shows is kept from it."""
        return dump(self.base) if self.base else ""


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def check(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """The form. By script it gives the question as YAML, which the editor puts where the author stands; without, it
    writes it into the lesson itself."""
    course = draft_for(request.user, slug, edit=True)
    text = text_for(course, uid, request.GET.get("language", ""))
    desk = _desk(request, course, text)
    if request.method == "GET" or request.POST.get("act") == "open":
        if request.POST.get("stem", "").strip():  # another kind was chosen; what was asked stays
            desk.content["stem"] = request.POST["stem"]
        return _page(request, desk)
    wanted = request.POST.get("act", "keep")
    if wanted == "remove":
        return _write(request, desk, None)
    desk.content = read(desk.kind, request.POST, desk.base)
    if ":" in wanted:
        place = act(desk.kind, desk.content, wanted)
        desk.focus = control_id(place) if place else ""
        return _page(request, desk)
    desk.content = without_blanks(desk.kind, desk.content)
    desk.content.setdefault("uid", _new_uid(uid))
    desk.faults = shape_faults(desk.content) or blocks[BLOCK].faults(desk.content)
    if desk.faults:
        desk.status, desk.problem = 422, _("Something needs fixing")
        return _page(request, desk)
    yaml = dump(_in_order(desk.content))
    if "give" in request.POST:
        return JsonResponse({"yaml": yaml, "words": str(desk.content["stem"])})
    return _write(request, desk, yaml)


def _desk(request: HttpRequest, course: Course, text: LessonText) -> Desk:
    """What the form is about. Raises ``Http404`` for a question that is not there."""
    number, said = request.GET.get("at", ""), request.POST.get("was", "")[:YAML_MOST]
    at = int(number) if number.isdecimal() and len(number) < 4 else None
    if request.method == "GET" and at is not None:
        form = bodies.format_of(text.content)
        said = block_writing.block_at(str(text.content.get("body", "")), form, BLOCK, at) or ""
        if not said:
            raise Http404
    value = load_yaml(said).value if said else None
    base = value if isinstance(value, dict) and not shape_faults(value) else {}
    name = str(base.get("type") or request.POST.get("kind") or request.GET.get("kind") or OFFERED[0])
    if name not in types or types[name].manual:
        raise Http404
    version = request.POST.get("version", "")
    return Desk(
        course,
        text,
        types[name],
        base,
        dict(base) or blank(types[name]),
        number=at,
        version=int(version) if version.isdecimal() and len(version) < 10 else text.version,
        lessons=_lessons(course, text.language),
    )


def _lessons(course: Course, language: str) -> list[tuple[str, str]]:
    rows = LessonText.objects.filter(lesson__in=course.lessons.all(), language=language)
    ordered = rows.order_by("lesson__module__position", "lesson__position")
    return list(ordered.values_list("lesson__uid", "title"))


def _new_uid(lesson: str) -> str:
    """A name for the question that no other of the course is likely to have."""
    return f"{lesson[:30].rstrip('-')}-{secrets.token_hex(3)}"


def _in_order(content: dict[str, Any]) -> dict[str, Any]:
    first = [key for key in ("uid", "type", "stem") if key in content]
    return {key: content[key] for key in [*first, *(each for each in content if each not in first)]}


def _write(request: HttpRequest, desk: Desk, yaml: str | None) -> HttpResponse:
    try:
        write_block(text=desk.text, version=desk.version, name=BLOCK, yaml=yaml, number=desk.number, actor=request.user)
    except DomainError as problem:
        desk.problem, desk.status = problem.message, problem.status
        desk.version = LessonText.objects.values_list("version", flat=True).get(pk=desk.text.pk)
        return _page(request, desk)
    gone = _("The check question is taken out.")
    messages.success(request, gone if yaml is None else _("The check question stands in the lesson."))
    return redirect(desk.lesson_url)


def _without_shares(rows: List) -> List:
    """Nothing is earned here, so nobody is asked for a share; one that is there stays."""
    items = [
        replace(row, controls=[each for each in row.controls if each.field.name != "share" or each.value])
        for row in rows.items
    ]
    return replace(rows, items=items)


def _page(request: HttpRequest, desk: Desk) -> HttpResponse:
    drawn = draw(desk.kind, desk.content, faults=desk.faults, lessons=desk.lessons)
    drawn = replace(drawn, lists=[_without_shares(each) for each in drawn.lists])
    context = {
        "desk": desk,
        "text": desk.text,
        "page": drawn,
        "kind": desk.kind,
        "offered": [(name, types[name].label) for name in OFFERED],
        "course": desk.course,
        "here": request.path,
    }
    if "give" in request.POST or "give" in request.GET:
        return render(request, "quizzes/author/check_form.html", context, status=desk.status)
    return author_page(
        request, "lesson", desk.course, context, status=desk.status, template="quizzes/author/check.html"
    )
